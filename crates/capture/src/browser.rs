//! The user's browser: found, started in a profile of its own, or attached to.

mod attach;
mod find;
mod fonts;
mod launch;

pub use attach::attach;
pub use find::{Installed, find};
pub use launch::{Browser, Launch, LaunchError};
