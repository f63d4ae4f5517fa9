//! What a look means: unchanged, to be seen again, changed, or nothing to compare. It knows no net and no vault.
//!
//! A difference counts when another look right after shows it too; what two such looks do not have in common flickers,
//! and is passed over from then on. A difference of wording only has to last some hours besides.

use jiff::{SignedDuration, Timestamp};
use sigu_case::watch::{ClauseChange, Comparison, Noise, Weight, compare};
use sigu_evidence::ContentId;

use super::memory::{Memory, Suspect, TroubleKind};
use super::pace::Pace;

/// Looks after the first version, to learn what flickers.
const SETTLING: u32 = 2;
/// Two looks are right after each other if no more lies between them; an edit in between would be taken for a flicker.
const AT_ONCE: SignedDuration = SignedDuration::from_mins(10);
/// How long a difference of wording has to last.
const LASTING: SignedDuration = SignedDuration::from_hours(3);
/// In so many looks in a row two readings at once differ in substance: the page is never twice the same.
const RESTLESS: u32 = 3;
/// So many looks in a row are taken to find two that agree; then the page is left alone until it is due.
const TRIES: u32 = 3;
/// What is taken for a flicker and stays the same for so many looks in a row, and so long, is an edit all the same.
const STAYS: (u32, SignedDuration) = (12, SignedDuration::from_hours(3 * 24));

/// What a look gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Look {
    /// The server says it is unchanged, or the bytes are the same.
    Same,
    /// Its text.
    Read(String),
    /// Nothing to compare.
    Failed {
        /// What kind of trouble it is.
        kind: TroubleKind,
        /// Why, as a code.
        why: &'static str,
        /// A status, an address, a selector.
        detail: String,
        /// How long the server asks to wait.
        wait: Option<SignedDuration>,
    },
}

/// What a look means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is as it was.
    Unchanged,
    /// The first version.
    First,
    /// It differs; another look will tell.
    Suspected,
    /// It differed for a moment.
    Flickered,
    /// It changed.
    Changed(Box<Comparison>),
    /// There is nothing to compare.
    Failed,
}

/// Judges a look against the newest version and what is remembered; gives the verdict and when to look again.
pub(super) fn judge(
    memory: &mut Memory,
    newest: Option<&str>,
    look: &Look,
    pace: &Pace,
    at: Timestamp,
) -> (Verdict, SignedDuration) {
    let close = memory.looked_at.is_some_and(|last| at.duration_since(last) <= AT_ONCE);
    memory.looked_at = Some(at);
    let verdict = match look {
        Look::Failed { kind, why, detail, wait } => {
            memory.fails(*kind, why, detail, at);
            let own = if *kind == TroubleKind::Unreachable { memory.wait(pace.every) } else { pace.every };
            return (Verdict::Failed, own.max(wait.unwrap_or_default()));
        }
        Look::Same => unchanged(memory),
        Look::Read(text) => match newest {
            None => {
                memory.settling = SETTLING;
                Verdict::First
            }
            Some(newest) => differs(memory, newest, text, close, at),
        },
    };
    memory.read_at = Some(at);
    // Noise is told only while it lasts; whatever else kept the page from being read is over.
    memory.trouble.take_if(|trouble| trouble.kind != TroubleKind::Noisy || memory.restless == 0);
    if memory.restless >= RESTLESS {
        memory.fails(TroubleKind::Noisy, "differs", "", at);
    }
    let next = next(memory, &verdict, pace);
    (verdict, next)
}

fn unchanged(memory: &mut Memory) -> Verdict {
    memory.suspect = None;
    memory.settling = memory.settling.saturating_sub(1);
    memory.restless = 0;
    Verdict::Unchanged
}

fn differs(memory: &mut Memory, newest: &str, text: &str, close: bool, at: Timestamp) -> Verdict {
    if memory.settling > 0 {
        memory.settling = if close { memory.settling - 1 } else { 0 };
        if close && compare(newest, text, &memory.noise).weight < Weight::Substance {
            // Right after the first version other words are hardly an edit; other terms may be one.
            memory.noise.learn(newest, text);
        }
    }
    let before = memory.suspect.take();
    if let Some(before) = before.as_ref().filter(|before| close && before.text != text) {
        learn(memory, newest, &before.text, text);
    }
    let found = compare(newest, text, &memory.noise);
    if found.weight <= Weight::Noise {
        return passing(memory, newest, text, before.is_some(), found.weight, at);
    }
    memory.lasting = None;
    let Some(before) = before else {
        memory.suspect = Some(Suspect { text: text.to_owned(), at, looks: 1, tries: 0 });
        return Verdict::Suspected;
    };
    let found = common(memory, newest, &before, found);
    if found.weight <= Weight::Noise {
        if before.tries + 1 >= TRIES {
            // No two of them agree: there is no version to fix. A page that is so for long is called noisy.
            memory.restless += 1;
            return Verdict::Flickered;
        }
        memory.suspect = Some(Suspect { text: text.to_owned(), at, looks: 1, tries: before.tries + 1 });
        return Verdict::Suspected;
    }
    if found.weight < Weight::Substance && at.duration_since(before.at) < LASTING {
        memory.suspect = Some(Suspect { looks: before.looks + 1, ..before });
        return Verdict::Suspected;
    }
    if close && before.text != text {
        // They agree in the edit: what they do not have in common flickers.
        memory.noise.learn(&before.text, text);
    }
    confirmed(memory, newest, text);
    Verdict::Changed(Box::new(found))
}

/// Learns from two readings at once. What could be an edit on its way through many servers is learned only when the same
/// variant flickers again.
fn learn(memory: &mut Memory, newest: &str, first: &str, second: &str) {
    let variant = if compare(newest, second, &memory.noise).weight <= Weight::Noise { first } else { second };
    let known = memory.flickered.take().is_some_and(|known| {
        known == variant || compare(&known, variant, &memory.noise).weight <= Weight::Noise
    });
    if known || compare(first, second, &memory.noise).weight < Weight::Substance {
        memory.noise.learn(first, second);
    } else {
        memory.flickered = Some(variant.to_owned());
    }
}

/// A reading that differs by nothing, or by what flickers; the latter is an edit all the same once it stays.
fn passing(
    memory: &mut Memory,
    newest: &str,
    text: &str,
    suspected: bool,
    weight: Weight,
    at: Timestamp,
) -> Verdict {
    memory.restless = if suspected { memory.restless + 1 } else { 0 };
    let digest = ContentId::of(text.as_bytes()).to_string();
    let lasting = memory.lasting.take().filter(|lasting| lasting.text == digest && weight == Weight::Noise);
    let lasting = lasting.map_or(Suspect { text: digest, at, looks: 1, tries: 0 }, |lasting| Suspect {
        looks: lasting.looks + 1,
        ..lasting
    });
    let stays = lasting.looks >= STAYS.0 && at.duration_since(lasting.at) >= STAYS.1;
    if stays {
        let found = compare(newest, text, &Noise::default());
        confirmed(memory, newest, text);
        return Verdict::Changed(Box::new(found));
    }
    memory.lasting = (weight == Weight::Noise).then_some(lasting);
    if suspected { Verdict::Flickered } else { Verdict::Unchanged }
}

/// What a second reading changes as the first did; the rest flickers.
fn common(memory: &Memory, newest: &str, before: &Suspect, mut found: Comparison) -> Comparison {
    let first = compare(newest, &before.text, &memory.noise);
    let same = |one: &ClauseChange, other: &ClauseChange| (&one.old, &one.new) == (&other.old, &other.new);
    found.clauses.retain(|one| first.clauses.iter().any(|other| same(one, other)));
    found.weight = found.clauses.iter().map(|one| one.weight).max().unwrap_or(Weight::None);
    found
}

fn confirmed(memory: &mut Memory, newest: &str, text: &str) {
    memory.restless = 0;
    memory.settling = 0;
    let digest = ContentId::of(text.as_bytes()).to_string();
    if memory.previous.as_deref() == Some(&digest) {
        memory.noise.came_back(newest, text);
    }
    memory.previous = Some(ContentId::of(newest.as_bytes()).to_string());
}

fn next(memory: &Memory, verdict: &Verdict, pace: &Pace) -> SignedDuration {
    match (verdict, &memory.suspect) {
        (Verdict::First, _) => pace.gap,
        (Verdict::Suspected, Some(suspect)) if suspect.looks == 1 => pace.gap,
        (Verdict::Suspected, _) => LASTING.min(pace.every),
        _ if memory.settling > 0 => pace.gap,
        _ => pace.every,
    }
}
