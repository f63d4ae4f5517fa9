//! What the engines say, in words: the sentences that commands and pages have in common.

use jiff::Timestamp;
use sigu_case::clock::{ClockKind, ClockSource, Due};
use sigu_evidence::FieldValue;

use crate::words::Words;

/// Returns a clock's code as message keys write it.
pub fn clock_key(kind: ClockKind) -> String {
    kind.code().replace('_', "-")
}

/// Says what a clock counts.
pub fn clock_name(kind: ClockKind, words: &Words) -> String {
    words.word(&format!("clock-{}", clock_key(kind)))
}

/// Says when a clock is due; `show` writes an instant.
pub fn clock_due(due: Due, words: &Words, show: impl Fn(Timestamp) -> String) -> String {
    match due {
        Due::At { at } => show(at),
        Due::Day { planning, legal } if planning == legal => planning.to_string(),
        Due::Day { planning, legal } => {
            words.say("clock-two-days", &[("planning", planning.to_string()), ("legal", legal.to_string())])
        }
        Due::NotPublished { year } => words.say("clock-not-published", &[("year", year.to_string())]),
    }
}

/// Says whose number a clock's length is.
pub fn clock_source(source: &ClockSource, words: &Words) -> String {
    match source {
        ClockSource::Default { id } => words.say("clock-source-default", &[("id", id.clone())]),
        ClockSource::Profile { id, unverified: true, .. } => {
            words.say("clock-source-profile-unverified", &[("id", id.clone())])
        }
        ClockSource::Profile { id, .. } => words.say("clock-source-profile", &[("id", id.clone())]),
        ClockSource::Statute { id } => id.to_string(),
        ClockSource::Said => words.word("clock-source-said"),
    }
}

/// Writes the value of a field of the log.
pub fn field_value(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Int(number) => number.to_string(),
        FieldValue::Flag(flag) => flag.to_string(),
        FieldValue::List(list) => list.join(", "),
    }
}
