//! Dates to come back on that the engine suggests: how one is named, and how it becomes a report.

use jiff::Timestamp;
use sigu_case::follow_up::{Suggestion, follow_ups};
use sigu_case::report::{FollowUpSet, Report};
use sigu_case::{OrderId, View};

use crate::words::Words;

/// Returns what a suggestion is asked for by: what it is about, and the day.
pub fn key(one: &Suggestion) -> String {
    format!("{}.{}", one.reason.code(), one.day)
}

/// Finds the suggestion of that key among those that are made now.
pub fn pick(view: &View<'_>, key: &str) -> Option<Suggestion> {
    follow_ups(view).into_iter().find(|one| self::key(one) == key)
}

/// Makes the report that sets it, with its words as the note.
pub fn report(order: &OrderId, one: &Suggestion, now: Timestamp, words: &Words) -> Report {
    FollowUpSet {
        at: now,
        order: order.clone(),
        kind: one.kind,
        due_at: one.due_at,
        note: Some(words.pick(&one.text).to_owned()),
    }
    .into()
}
