//! CASE: orders, exhibits, the four fixations and their clocks, as pure functions over events.
//!
//! [`decide`] turns a command into events or a [`Refusal`]; [`State::apply`] folds events into a state; everything
//! shown to a user (what is missing, what is late, what is due) is computed from the state and an instant.
//! There is no I/O and no clock here, and nothing that can be computed is stored. Requirements S1–S24 are the
//! first slice; the numbers stand at the items they bind.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod advice;
pub mod appeal;
mod archive;
pub mod basis;
pub mod bilingual;
pub mod calendar;
pub mod catalogue;
pub mod category;
pub mod claim;
pub mod clock;
mod coded;
mod command;
mod completeness;
pub mod confidence;
mod decide;
mod described;
pub mod diagnosis;
pub mod dialogue;
pub mod dossier;
mod event;
mod exhibit;
pub mod flag;
pub mod follow_up;
pub mod history;
pub mod ladder;
pub mod law;
pub mod letter;
pub mod merit;
mod message;
pub mod next;
mod order;
pub mod page;
pub mod parameters;
pub mod pitfall;
pub mod platform;
pub mod purchase_check;
pub mod readiness;
pub mod recognise;
pub mod remedy;
pub mod remind;
pub mod report;
pub mod review;
pub mod route;
pub mod scenario;
pub mod search;
mod state;
pub mod step;
pub mod strategy;
pub mod strength;
pub mod subslots;
pub mod timeline;
pub mod tone;
mod view;
pub mod watch;
pub mod wire;
pub mod year;

pub use archive::{ArchiveClock, Lateness};
pub use coded::Coded;
pub use command::{Command, MAX_NOTE_CHARS, MAX_TEXT_CHARS};
pub use completeness::{Completeness, FactGap, Fixation, Need, NeedState};
pub use decide::{Refusal, decide};
pub use event::{Event, Recorded};
pub use exhibit::{Exhibit, ExhibitContent, FixationKind, Slot};
pub use message::{Channel, Direction, Message, MessageDetail};
pub use order::{GoodsKind, Order, OrderFacts, OrderId, OrderIdError};
pub use sigu_evidence::ItemId;
pub use state::{ERASABLE_FIELDS, State, Unplaced};
pub use view::{House, View};
