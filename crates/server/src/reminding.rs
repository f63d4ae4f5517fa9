//! Reminding the user of clocks: who is told, what is said, that each is told once, and a calendar to subscribe to.
//!
//! In reading order: [`settings`] says how the user wants it, [`channel`] where to. [`plan`] reads the vault: which reminders
//! there are, from `sigu_case::remind`. [`pass`] tells those whose time has come, each on each channel once, and writes
//! that down in the job book (`keeping`). [`message`] is all that leaves; [`send`] brings it to a channel. [`calendar`] is
//! the same as RFC 5545. A plan holds no secret of a case, so that it can be gone by while the vault is locked.

pub mod calendar;
pub mod channel;
mod keeping;
pub mod message;
mod pass;
mod plan;
pub mod saying;
mod secret;
pub mod send;
pub mod settings;

pub use channel::{Channel, ChannelKind};
pub(crate) use keeping::are_in_use;
pub use keeping::{Kept, Standing, ToldState, snooze, told};
pub use pass::{Passed, TellFailed, Told, pass, test};
pub use plan::{AHEAD, Due, NotPutOff, Plan, put_off, running_clock};
pub use secret::Secret;
pub use send::{NotSent, Ways};
pub use settings::{Say, Settings};
