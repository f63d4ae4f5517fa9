//! The one test binary of `sigu-case`: tables of what is refused, due, complete and stored, and properties of replay.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod archive;
mod calendar;
mod claim;
mod clocks;
mod completeness;
mod decide;
mod erasure;
mod history;
mod ladder;
mod law;
mod made;
mod platform;
mod properties;
mod recognise;
mod reports;
mod scenario;
mod tone;
mod wire;
