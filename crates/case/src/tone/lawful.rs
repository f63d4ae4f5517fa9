//! Lawful notices: an official channel near a lawful act (domain §6.2).
//!
//! They are notes and never labels, however sternly they are worded.

use super::fold::{Folded, ViewKind};
use super::scan::{Found, Meaning};
use super::table::TABLE;

/// The lawful notices of a text, one for each mention of a channel.
pub(super) fn notices(folded: &Folded<'_>) -> Vec<Found> {
    let view = folded.view(ViewKind::Words);
    let mut found = Vec::new();
    for (id, pattern) in &TABLE.lawful.channels {
        let spans = pattern.find_iter(&view.text).filter_map(|hit| view.sources(&hit.range()));
        found.extend(spans.map(|chars| Found {
            chars,
            severity: 0,
            meaning: Meaning::Note { tag: "lawful_notice", by: id },
        }));
    }
    found
}
