//! What a line of dialogue does: read from its words, until the user says otherwise.

use jiff::Timestamp;

use crate::{Direction, MessageDetail};

/// Reads what a line does and the time it sets.
pub fn detail(_direction: Direction, _text: &str, _said_at: Timestamp) -> MessageDetail {
    MessageDetail::default()
}

/// Tells whether delivered text delivers nothing (§2.6).
pub fn delivers_nothing(_text: &str) -> bool {
    false
}

/// Tells whether a line of the merchant's promises something of the goods.
pub fn promises(_text: &str) -> bool {
    false
}
