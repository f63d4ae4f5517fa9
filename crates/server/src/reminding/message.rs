//! What leaves in a reminder, and nothing else: the label of an order, the name of a clock, its due time, what to do.
//!
//! No merchant, amount, goods, account or text is known here: a message is made from clocks alone.

use jiff::Timestamp;
use serde::Serialize;
use sigu_case::clock::ClockKind;
use sigu_case::remind::{ClockName, Reminder};
use sigu_documents::times;
use sigu_evidence::mask_text;

use super::settings::{Say, Settings};
use crate::told::{clock_key, clock_name};
use crate::words::Words;

/// The longest text, in bytes: robots take two thousand at most.
const MAX_TEXT_BYTES: usize = 1_800;

/// A message: what is sent, whatever the form of the channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// One line.
    pub title: String,
    /// The text.
    pub text: String,
    /// The clocks; none where the user wants nothing said of them.
    pub clocks: Vec<Said>,
    /// How many clocks it is about.
    pub count: usize,
    /// Whether all of it comes late.
    pub late: bool,
    /// Whether it may have been sent before.
    pub repeated: bool,
    /// When it was made.
    pub at: Timestamp,
}

/// A clock as a message names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The label of the order, masked.
    pub order: String,
    /// The clock: its code, such as `appeal_seed`.
    pub clock: &'static str,
    /// Its name in words.
    pub name: String,
    /// When it is due, with the offset of China.
    pub due_at: String,
    /// What to do, or what follows.
    pub next: String,
    /// Whether it is over.
    pub over: bool,
    /// Whether this should have been told before.
    pub late: bool,
}

/// A reminder that is to be told.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// Which.
    pub reminder: &'a Reminder,
    /// Whether its time is past.
    pub late: bool,
}

impl Message {
    /// Says reminders, each clock once.
    pub fn of(
        told: &[Telling<'_>],
        settings: &Settings,
        words: &Words,
        now: Timestamp,
        repeated: bool,
    ) -> Self {
        let mut clocks: Vec<(&ClockName, bool)> = Vec::new();
        for one in told {
            match clocks.iter_mut().find(|(known, _)| *known == &one.reminder.clock) {
                // On time once is on time.
                Some((_, late)) => *late &= one.late,
                None => clocks.push((&one.reminder.clock, one.late)),
            }
        }
        clocks.sort_by_key(|(clock, late)| (*late, clock.due_at));
        let said: Vec<Said> = clocks.iter().map(|(clock, late)| said(clock, *late, words, now)).collect();
        let count = said.len();
        let late = told.iter().all(|one| one.late);
        let mut lines: Vec<String> = repeated.then(|| words.word("remind-repeated")).into_iter().collect();
        let title = match settings.say {
            Say::Nothing => {
                lines.push(words.say("remind-nothing", &[("count", count.to_string())]));
                words.word("remind-title")
            }
            Say::Label => {
                lines.extend(listed(&clocks, &said, words, now));
                match said.as_slice() {
                    [one] => words.say("remind-title-one", &[("clock", one.name.clone())]),
                    _ => words.say("remind-title-many", &[("count", count.to_string())]),
                }
            }
        };
        let clocks = if settings.say == Say::Label { said } else { Vec::new() };
        Self { title, text: lines.join("\n"), clocks, count, late, repeated, at: now }
    }

    /// The message that shows that a channel works.
    pub fn test(words: &Words, now: Timestamp) -> Self {
        let text = words.say("remind-test-text", &[("at", wall(now, words))]);
        let (title, clocks) = (words.word("remind-test-title"), Vec::new());
        Self { title, text, clocks, count: 0, late: false, repeated: false, at: now }
    }
}

/// The lines, as many as fit.
fn listed(clocks: &[(&ClockName, bool)], said: &[Said], words: &Words, now: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    let mut bytes = 0;
    let mut was_late = false;
    for (shown, ((clock, late), said)) in clocks.iter().zip(said).enumerate() {
        let line = line(clock, said, words, now);
        bytes += line.len() + 1;
        if bytes > MAX_TEXT_BYTES && shown > 0 {
            lines.push(words.say("remind-more", &[("count", (clocks.len() - shown).to_string())]));
            break;
        }
        if *late && !was_late {
            was_late = true;
            lines.push(words.word("remind-late-head"));
        }
        lines.push(line);
    }
    lines
}

fn line(clock: &ClockName, said: &Said, words: &Words, now: Timestamp) -> String {
    let left = words.span(clock.due_at.duration_since(now).as_secs().max(0));
    let values = [
        ("order", said.order.clone()),
        ("clock", said.name.clone()),
        ("due", wall(clock.due_at, words)),
        ("left", left),
        ("next", said.next.clone()),
    ];
    let key = match (said.over, clock.kind) {
        (true, ClockKind::FollowUp) => "remind-line-follow-up",
        (true, kind) if kind.is_own() => "remind-line-over",
        (true, _) => "remind-line-theirs",
        (false, _) => "remind-line-ahead",
    };
    words.say(key, &values)
}

fn said(clock: &ClockName, late: bool, words: &Words, now: Timestamp) -> Said {
    let over = now >= clock.due_at;
    Said {
        order: mask_text(clock.order.as_str()),
        clock: clock.kind.code(),
        name: clock_name(clock.kind, words),
        due_at: offset(clock.due_at),
        next: next(clock.kind, over, words),
        over,
        late,
    }
}

/// What to do before a clock is over, or what follows after.
pub(super) fn next(kind: ClockKind, over: bool, words: &Words) -> String {
    match (kind, over) {
        // The command line's advice is no words for a phone.
        (ClockKind::FollowUp, _) => words.word("remind-follow-up-step"),
        (kind, true) => words.word(&format!("clock-after-{}", clock_key(kind))),
        (kind, false) => words.word(&format!("clock-stop-{}", clock_key(kind))),
    }
}

/// A wall time with its zone in words.
pub(super) fn wall(at: Timestamp, words: &Words) -> String {
    words.say("remind-wall", &[("at", times::minute(at))])
}

/// `2026-11-25T14:05:00+08:00`.
fn offset(at: Timestamp) -> String {
    at.display_with_offset(jiff::tz::offset(8)).to_string()
}
