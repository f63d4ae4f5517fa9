//! The one test binary of the crate: what is written verifies, and nothing that was touched does.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests write scratch files that need no durability")]

mod built;
mod checker;
mod flips;
mod folders;
mod hostile_zip;
mod interop;
mod late;
mod mutations;
mod recipe;
mod roundtrip;
mod stamped;
mod stamped_draft;
mod stock_tools;
mod vectors;
