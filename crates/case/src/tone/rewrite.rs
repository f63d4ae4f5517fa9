//! Calm sentences with slots, for what a message should have said (domain §6.3).

use std::collections::BTreeMap;

use super::table::{RewritingPattern, TABLE};

/// Values of slots by name, already written out: amounts in yuan, times with date, hour and zone.
pub type Slots = BTreeMap<String, String>;

/// The ids of all rewriting patterns, in the order of the table.
pub fn rewriting_patterns() -> impl Iterator<Item = &'static str> {
    TABLE.rewriting.pattern.iter().map(|row| row.id.as_str())
}

/// Fills a pattern; a slot without a value shows as `【到期时间】`, so that nobody sends it unseen (§6.3).
///
/// `None` for an unknown pattern. An optional slot without a value is left out. Values are taken as they are
/// and not searched for slots again. [`missing_slots`] says what is still open.
#[must_use]
pub fn rewrite(pattern: &str, slots: &Slots) -> Option<String> {
    let row = pattern_row(pattern)?;
    let mut out = String::with_capacity(row.text.len() * 2);
    for piece in pieces(&row.text) {
        match piece {
            Piece::Words(words) => out.push_str(words),
            Piece::Slot(name) => out.push_str(&value(name, slots)),
        }
    }
    Some(out)
}

/// The slots that a pattern wants and `slots` lacks, optional ones not counted; `None` for an unknown pattern.
#[must_use]
pub fn missing_slots(pattern: &str, slots: &Slots) -> Option<Vec<&'static str>> {
    let row = pattern_row(pattern)?;
    let missing = |piece| match piece {
        Piece::Slot(name) if !slots.contains_key(name) && !is_optional(name) => Some(name),
        _ => None,
    };
    Some(pieces(&row.text).into_iter().filter_map(missing).collect())
}

fn pattern_row(id: &str) -> Option<&'static RewritingPattern> {
    TABLE.rewriting.pattern.iter().find(|row| row.id == id)
}

fn is_optional(name: &str) -> bool {
    TABLE.rewriting.optional.iter().any(|optional| optional == name)
}

fn value(name: &str, slots: &Slots) -> String {
    match slots.get(name) {
        Some(value) => value.clone(),
        None if is_optional(name) => String::new(),
        None => format!("【{}】", TABLE.rewriting.slots.get(name).map_or(name, String::as_str)),
    }
}

enum Piece<'t> {
    Words(&'t str),
    Slot(&'t str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for part in text.split('{') {
        match part.split_once('}') {
            Some((slot, words)) => pieces.extend([Piece::Slot(slot), Piece::Words(words)]),
            None => pieces.push(Piece::Words(part)),
        }
    }
    pieces
}
