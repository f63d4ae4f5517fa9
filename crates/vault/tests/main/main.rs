//! The one test binary of the crate: what was acknowledged stays, what was touched is named, what is unsure is refused.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests write scratch files that need no durability")]

mod book;
mod contract;
mod erasure;
mod export;
mod faults;
mod flips;
mod outside;
mod pages;
mod restore;
mod rollback;
mod search;
mod sheet;
mod support;
