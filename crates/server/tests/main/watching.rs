//! Watched pages, looked at over real sockets of this machine by a clock of the test's own.

mod browser;
mod cases;
mod faults;
mod house;
mod pages;
mod site;
mod year;

pub(crate) use house::{AT_ONCE, House, clock};
