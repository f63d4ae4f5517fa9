//! Watching pages: rules, after-sale terms, announcements, shops, products. Each is looked at from time to time, and a
//! version that differs is fixed (S50, S51).
//!
//! In reading order: [`pass`] looks at what is due; `fetch` is one look, by [`Eyes`]; `judge` says what it means; `keep` makes evidence
//! of it; `memory` is what is remembered between two looks; [`standing`] says how it stands; [`tasks`] what a change asks for.
//! What a page says and how two texts differ is decided elsewhere: `sigu_capture::readable`, `sigu_case::watch`.

mod eyes;
mod fetch;
mod judge;
mod keep;
mod memory;
mod pace;
mod pass;
pub mod said;
mod standing;
mod tasks;

pub use eyes::Eyes;
pub use fetch::check_recipe;
pub use memory::{TOLD_AFTER, Trouble, TroubleKind};
pub use pace::Manner;
pub use pass::{Looked, Outcome, Passed, Wanted, pass};
pub use standing::{PageStanding, PageState, standing};
pub use tasks::{WatchTask, tasks};
