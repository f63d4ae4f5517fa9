//! Runs the rules of the table over the views of a text.

use std::ops::Range;

use super::fold::{Folded, View, ViewKind};
use super::guard::{Place, Shelter};
use super::table::{Rule, TABLE};
use super::verdict::Context;

/// Something found, before the venue is asked.
pub(super) struct Found {
    /// The original characters.
    pub(super) chars: Range<usize>,
    /// The severity after checks.
    pub(super) severity: u8,
    pub(super) meaning: Meaning,
}

/// What was found.
pub(super) enum Meaning {
    /// A rule's hit or note.
    Rule(&'static Rule),
    /// Something worth a note: a guard that held, an official channel.
    Note { tag: &'static str, by: &'static str },
}

/// Everything the rules find, in no order.
pub(super) fn all(folded: &Folded<'_>, context: &Context<'_>) -> Vec<Found> {
    by(folded, context, |_| true)
}

/// Everything that those rules find which `wanted` picks.
pub(super) fn by(folded: &Folded<'_>, context: &Context<'_>, wanted: impl Fn(&Rule) -> bool) -> Vec<Found> {
    let shelter = Shelter::new(folded, context, &TABLE.fold);
    let scan = Scan { folded, context, shelter };
    let applies = |rule: &&Rule| rule.directions.contains(&context.direction) && wanted(rule);
    let mut found = Vec::new();
    for rule in TABLE.rules.iter().filter(applies) {
        scan.patterns(rule, &mut found);
        scan.finder(rule, &mut found);
    }
    found
}

struct Scan<'a> {
    folded: &'a Folded<'a>,
    context: &'a Context<'a>,
    shelter: Shelter,
}

impl Scan<'_> {
    fn patterns(&self, rule: &'static Rule, found: &mut Vec<Found>) {
        for &kind in &rule.views {
            let view = self.folded.view(kind);
            for hit in rule.patterns.iter().flat_map(|pattern| pattern.find_iter(&view.text)) {
                let Some(chars) = view.sources(&hit.range()) else { continue };
                let place = Place { text: &view.text, bytes: hit.range(), chars };
                let severity = match rule.check {
                    Some(check) => check.severity(hit.as_str(), rule.severity),
                    None => Some(rule.severity),
                };
                let touched = rule.whole && self.touched(kind, view, &place);
                if let Some(severity) = severity.filter(|_| !touched && !is_excepted(rule, &place)) {
                    self.judge(rule, &place, severity, found);
                }
            }
        }
    }

    fn finder(&self, rule: &'static Rule, found: &mut Vec<Found>) {
        let Some(finder) = rule.finder else { return };
        for chars in finder.find(self.folded, self.context) {
            let span = self.folded.span(&chars);
            let bytes = span.start_byte..span.end_byte;
            let place = Place { text: self.folded.text(), bytes, chars };
            self.judge(rule, &place, rule.severity, found);
        }
    }

    /// A hit, or the notes of the guards that protect it.
    fn judge(&self, rule: &'static Rule, place: &Place<'_>, severity: u8, found: &mut Vec<Found>) {
        let protect = |shield| self.shelter.protects(shield, place, self.context.direction);
        let notes: Vec<_> = rule.shields.iter().filter_map(protect).collect();
        let chars = || place.chars.clone();
        if notes.is_empty() {
            found.push(Found { chars: chars(), severity, meaning: Meaning::Rule(rule) });
        }
        let note = |(tag, by)| Found { chars: chars(), severity: 0, meaning: Meaning::Note { tag, by } };
        found.extend(notes.into_iter().map(note));
    }

    /// Blanks are gone from the words, so there the original says what touches a hit.
    fn touched(&self, kind: ViewKind, view: &View, place: &Place<'_>) -> bool {
        if kind == ViewKind::Words {
            return self.folded.touched(&place.chars);
        }
        let sign = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        sign(view.text[..place.bytes.start].chars().next_back())
            || sign(view.text[place.bytes.end..].chars().next())
    }
}

/// Whether the hit overlaps a word that the rule does not mean.
fn is_excepted(rule: &Rule, place: &Place<'_>) -> bool {
    rule.except.iter().any(|word| {
        let from = floor(place.text, place.bytes.start.saturating_sub(word.len()));
        let to = floor(place.text, place.bytes.end + word.len());
        place.text[from..to].match_indices(word.as_str()).any(|(at, word)| {
            let (start, end) = (from + at, from + at + word.len());
            start < place.bytes.end && place.bytes.start < end
        })
    })
}

fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}
