//! Tone of a message: what must not be said, what only looks like it, and how to say it instead (domain §6).
//!
//! [`check`] labels a text with spans in the original, [`style`] looks over an outgoing draft, and
//! [`rewrite`] fills a calm sentence. Words, exceptions, channels and sentences stand in `data/tone.toml`; the code knows
//! only patterns, windows, quotes and checksums.

mod digits;
mod fold;
mod guard;
mod lawful;
mod rewrite;
mod scan;
mod secrets;
mod style;
mod table;
mod verdict;

pub use rewrite::{Slots, missing_slots, rewrite, rewriting_patterns};
pub use style::{StyleFinding, style};
pub use verdict::{Context, Hit, Label, Note, Span, Venue, Verdict};

use crate::Direction;
use fold::Folded;
use scan::{Found, Meaning};
use table::{TABLE, VenueRow};

/// Labels a text for its direction and venue; any text is fine (S25, S36).
///
/// A text that begins with a bracketed note such as `（提交 12315）` counts as going there when the context says
/// merchant chat; [`Verdict::venue_from_text`] tells. Personal data that the venue may have becomes a note.
#[must_use]
pub fn check(text: &str, context: &Context<'_>) -> Verdict {
    let folded = Folded::new(text, &TABLE.fold);
    let (venue, venue_from_text) = venue_of(&folded, context.venue);
    let row = TABLE.venue(venue);
    let mut found = scan::all(&folded, context);
    found.extend(lawful::notices(&folded));
    let (mut hits, mut notes) = (Vec::new(), Vec::new());
    for one in found {
        sort_in(&folded, row, one, &mut hits, &mut notes);
    }
    let hits = without_overlaps(hits);
    notes.sort_by(|a: &Note, b| (a.span.start_byte, a.tag).cmp(&(b.span.start_byte, b.tag)));
    notes.dedup();
    let labels = labels_of(&hits, context.direction);
    let severity = hits.iter().map(|hit| hit.severity).max().unwrap_or(0);
    Verdict { primary: labels[0], labels, severity, hits, notes, venue, venue_from_text }
}

/// What a message does about leaving the platform (S36).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invitation {
    /// It invites to leave.
    Made,
    /// It declines to.
    Declined,
}

/// Tells whether a text invites to leave the platform or declines to; as [`check`] would, without its other rules.
#[must_use]
pub fn invitation(text: &str, context: &Context<'_>) -> Option<Invitation> {
    let folded = Folded::new(text, &TABLE.fold);
    let found = scan::by(&folded, context, |rule| rule.label == Some(Label::OffPlatform));
    let made = found.iter().any(|one| matches!(one.meaning, Meaning::Rule(rule) if rule.label.is_some()));
    let declined = found.iter().any(|one| matches!(one.meaning, Meaning::Note { tag: "refusal", .. }));
    if made { Some(Invitation::Made) } else { declined.then_some(Invitation::Declined) }
}

/// The English and the Chinese sentence for a hit's reason code, and the provisions it rests on.
///
/// `None` for a code that no hit carries.
#[must_use]
pub fn reason(code: &str) -> Option<Reason> {
    let row = TABLE.reasons.iter().find(|row| row.code == code)?;
    Some(Reason { zh: &row.zh, en: &row.en, basis: &row.basis })
}

/// Why something is a hit, for the user to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Reason {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
    /// Requirement numbers and statute ids of the domain.
    pub basis: &'static [String],
}

/// Who needs which personal data (domain §6.2): data the venue may have is noted, not labelled.
fn sort_in(folded: &Folded<'_>, venue: &VenueRow, one: Found, hits: &mut Vec<Hit>, notes: &mut Vec<Note>) {
    let span = folded.span(&one.chars);
    match one.meaning {
        Meaning::Note { tag, by } => notes.push(Note { tag, rule: by, span }),
        Meaning::Rule(rule) => match rule.label {
            Some(_) if rule.info.as_ref().is_some_and(|info| venue.allows.contains(info)) => {
                notes.push(Note { tag: "allowed_here", rule: &rule.id, span });
            }
            Some(label) => hits.push(Hit {
                label,
                rule: &rule.id,
                span,
                severity: one.severity,
                reason: &rule.reason,
                rewrite: rule.rewrite.as_deref(),
            }),
            None => notes.push(Note { tag: rule.tag.as_deref().unwrap_or("note"), rule: &rule.id, span }),
        },
    }
}

/// Of hits with the same label that overlap, keeps the graver, then the longer one.
fn without_overlaps(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| {
        (
            hit.label,
            hit.span.start_byte,
            std::cmp::Reverse(hit.severity),
            std::cmp::Reverse(hit.span.end_byte),
        )
    });
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match kept.last_mut() {
            Some(last) if last.label == hit.label && last.span.end_byte > hit.span.start_byte => {
                let weight = |hit: &Hit| (hit.severity, hit.span.end_byte - hit.span.start_byte);
                if weight(&hit) > weight(last) {
                    *last = hit;
                }
            }
            _ => kept.push(hit),
        }
    }
    kept.sort_by_key(|hit| (hit.span.start_byte, hit.label));
    kept
}

/// The labels that occur, the primary one first (domain §6.1).
fn labels_of(hits: &[Hit], direction: Direction) -> Vec<Label> {
    let mut labels: Vec<Label> = Label::by_priority(direction).to_vec();
    labels.retain(|label| hits.iter().any(|hit| hit.label == *label));
    if labels.is_empty() { vec![Label::Ok] } else { labels }
}

fn venue_of(folded: &Folded<'_>, given: Venue) -> (Venue, bool) {
    let head = |row: &&VenueRow| row.head.as_ref().is_some_and(|head| head.is_match(folded.first_line()));
    match TABLE.venues.iter().find(head) {
        Some(row) if given == Venue::MerchantChat => (row.id, true),
        _ => (given, false),
    }
}
