//! Answers as JSON: what commands print with `--json` and what the API answers, from one place.
//!
//! Each answer is a type whose fields are named as they are written; what the engines say keeps the form it has in
//! `sigu-case`, and [`shapes`] describes that form.

mod house;
mod made;
mod order;
mod outside;
mod remind;
pub mod shapes;
mod talk;
mod watch;

use serde::Serialize;
use serde_json::Value;
use sigu_evidence::mask_text;

pub use house::{
    Found, Head, Ladder, Law, Laws, Log, Merchant, MerchantCheck, Merchants, MonthReview, OpenedFirst,
    Profile, Profiles, Rules,
};
pub use made::{File, Fixed, Marked, Missing, NotFixed, Paper, PaperLacking, PaperMade, PaperReady, Papers};
pub use order::{Advised, Clock, Due, Entries, Evidence, Item, OrderPage, OrderShown, Orders, Step, Steps};
pub use outside::{Between, Outsider, OutsiderKind, OutsiderState, Outsiders, Word};
pub use remind::{Calendar, ChannelShown, Planned, PutOff, Reminders, Tested, ToldOf};
pub use talk::{Filed, Letter, LookedOver, Noted, Recognised, Said, Statement, Talk};
pub use watch::{Page, PageShown, Pages, VersionShown};

/// An answer as a value.
///
/// # Panics
/// Never: every answer has names for keys, and numbers JSON can hold.
pub fn json(answer: &impl Serialize) -> Value {
    serde_json::to_value(answer).expect("an answer always serialises")
}

/// Masks what stands in free words under these keys: whoever wrote a card secret into a title did not ask for it to be
/// shown.
fn masked(value: &mut Value, keys: &[&str]) {
    for key in keys {
        if let Some(Value::String(text)) = value.get_mut(key) {
            *text = mask_text(text);
        }
    }
}
