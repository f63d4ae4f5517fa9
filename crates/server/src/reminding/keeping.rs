//! What the job book keeps of reminders: which was told where and when, what is snoozed, which channel fails.
//!
//! A line is named by a keyed code and says one word of how it stands. Which clock it is about is sealed when it is
//! planned, so that lines can be written while the vault is locked. Before the instant stands the instant, in clear.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sigu_case::clock::ClockKind;
use sigu_case::remind::{ClockName, Reminder};
use sigu_vault::{Error, JobBook, JobClaim, JobId, JobLine, Vault};

use super::send::NotSent;

pub(super) const REMINDER: &str = "reminder";
const SNOOZE: &str = "snooze";
const CHANNEL: &str = "channel";

/// A claim that is older was made by a process that died: longer than any channel may take.
const STALE: SignedDuration = SignedDuration::from_mins(5);

/// How long a channel is left alone after the first, second, … failure; the last is for all that follow.
const WAITS: [SignedDuration; 5] = [
    SignedDuration::from_secs(30),
    SignedDuration::from_mins(2),
    SignedDuration::from_mins(10),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(1),
];

/// How a reminder stands on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ToldState {
    /// It is being told, or whoever told it died meanwhile.
    Claimed,
    /// It was sent, and nobody knows whether it was taken: it is told again.
    Unsure,
    /// It was told in time.
    Told,
    /// It was told late.
    ToldLate,
}

impl ToldState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Claimed, Self::Unsure, Self::Told, Self::ToldLate];

    /// Returns its word in the book.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Unsure => "unsure",
            Self::Told => "told",
            Self::ToldLate => "told_late",
        }
    }

    fn of(line: &JobLine) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == line.state)
    }
}

/// What is sealed of a reminder.
#[derive(Serialize, Deserialize)]
struct Sealed {
    channel: u32,
    order: String,
    clock: ClockKind,
    started_at: Timestamp,
    due_at: Timestamp,
    distance: String,
    at: Timestamp,
}

/// A reminder on a channel, ready to be written down.
#[derive(Debug, Clone)]
pub(super) struct Job {
    id: JobId,
    sealed: Vec<u8>,
}

impl Job {
    /// Names and seals a reminder for a channel; needs the key of the vault, what follows does not.
    pub(super) fn of(vault: &Vault, channel: u32, reminder: &Reminder) -> Self {
        let id = vault.job_id(REMINDER, &format!("{channel} {}", reminder.name()));
        let clock = &reminder.clock;
        let plain = Sealed {
            channel,
            order: clock.order.to_string(),
            clock: clock.kind,
            started_at: clock.started_at,
            due_at: clock.due_at,
            distance: reminder.distance.to_string(),
            at: reminder.at,
        };
        let plain = serde_json::to_vec(&plain).expect("words, numbers and times always serialise");
        Self { id, sealed: vault.seal_note(id, &plain) }
    }

    fn line(&self, state: ToldState, when: Timestamp, at: Option<Timestamp>) -> JobLine {
        let note = [when.to_string().as_bytes(), b"\n", &self.sealed].concat();
        JobLine { id: self.id, due: at, state: state.code().to_owned(), note }
    }

    /// Says whether it is to be told now.
    pub(super) fn stands(&self, book: &JobBook, at: Timestamp, now: Timestamp) -> Result<ToTell, Error> {
        let own = self.line(ToldState::Claimed, now, Some(at));
        let seen = book.line(REMINDER, self.id)?;
        let state = seen.as_ref().and_then(ToldState::of);
        let since = seen.as_ref().and_then(|seen| split(&seen.note)).map_or(Timestamp::MIN, |(when, _)| when);
        // A clock that was set back makes a claim of later: nobody knows who made it.
        let fresh = now.duration_since(since).abs() < STALE;
        Ok(match state {
            Some(ToldState::Told | ToldState::ToldLate) => ToTell::Done,
            Some(ToldState::Claimed) if fresh => {
                ToTell::Others(since.saturating_add(STALE).unwrap_or(Timestamp::MAX))
            }
            _ => ToTell::Open(JobClaim { seen, own }),
        })
    }

    /// Writes down that it was told.
    pub(super) fn told(&self, book: &JobBook, late: bool, now: Timestamp) -> Result<(), Error> {
        let state = if late { ToldState::ToldLate } else { ToldState::Told };
        book.put(REMINDER, &self.line(state, now, None))
    }

    /// Writes down that it was not told; `unsure` where it may have been.
    pub(super) fn not_told(
        &self,
        book: &JobBook,
        at: Timestamp,
        unsure: bool,
        now: Timestamp,
    ) -> Result<(), Error> {
        match unsure {
            true => book.put(REMINDER, &self.line(ToldState::Unsure, now, Some(at))),
            false => book.forget(REMINDER, self.id),
        }
    }
}

/// Whether a reminder is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ToTell {
    /// It is, by whoever claims it with this; what was seen before says that it may have been told.
    Open(JobClaim),
    /// It was told.
    Done,
    /// Another process has it; to be looked at again at this instant.
    Others(Timestamp),
}

/// The instant and what is sealed.
fn split(note: &[u8]) -> Option<(Timestamp, &[u8])> {
    let end = note.iter().position(|byte| *byte == b'\n')?;
    let when = std::str::from_utf8(&note[..end]).ok()?.parse().ok()?;
    Some((when, &note[end + 1..]))
}

/// A reminder as the book has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The number of the channel.
    pub channel: u32,
    /// The label of the order.
    pub order: String,
    /// What was counted.
    pub clock: ClockKind,
    /// When it was due.
    pub due_at: Timestamp,
    /// How far from that.
    pub distance: String,
    /// When it was to be told.
    pub at: Timestamp,
    /// How it stands.
    pub state: ToldState,
    /// Since when.
    pub since: Timestamp,
}

/// Returns what was told on this machine, newest first. What cannot be opened with this vault's key is left out.
///
/// # Errors
/// A fault of the disk.
pub fn told(vault: &Vault, book: &JobBook) -> Result<Vec<Kept>, Error> {
    let mut all: Vec<Kept> = book.lines(REMINDER)?.iter().filter_map(|line| kept(vault, line)).collect();
    all.sort_by(|one, other| (other.since, &other.order, other.at).cmp(&(one.since, &one.order, one.at)));
    Ok(all)
}

fn kept(vault: &Vault, line: &JobLine) -> Option<Kept> {
    let (since, sealed) = split(&line.note)?;
    let plain: Sealed = serde_json::from_slice(&vault.open_note(line.id, sealed)?).ok()?;
    let (channel, order, clock) = (plain.channel, plain.order, plain.clock);
    let (due_at, distance, at) = (plain.due_at, plain.distance, plain.at);
    Some(Kept { channel, order, clock, due_at, distance, at, state: ToldState::of(line)?, since })
}

#[derive(Serialize, Deserialize)]
struct SealedClock {
    order: String,
    clock: ClockKind,
    started_at: Timestamp,
    due_at: Timestamp,
}

/// Tells a clock not to be told of until an instant; `None` takes that back.
///
/// # Errors
/// A fault of the disk.
pub fn snooze(
    vault: &Vault,
    book: &JobBook,
    clock: &ClockName,
    until: Option<Timestamp>,
) -> Result<(), Error> {
    let id = vault.job_id(SNOOZE, &clock.to_string());
    let Some(until) = until else { return book.forget(SNOOZE, id) };
    let plain = SealedClock {
        order: clock.order.to_string(),
        clock: clock.kind,
        started_at: clock.started_at,
        due_at: clock.due_at,
    };
    let plain = serde_json::to_vec(&plain).expect("words and times always serialise");
    let note = vault.seal_note(id, &plain);
    book.put(SNOOZE, &JobLine { id, due: Some(until), state: "snoozed".to_owned(), note })
}

/// Which clocks are snoozed until when.
pub(super) fn snoozed(vault: &Vault, book: &JobBook) -> Result<BTreeMap<ClockName, Timestamp>, Error> {
    let one = |line: JobLine| {
        let plain: SealedClock = serde_json::from_slice(&vault.open_note(line.id, &line.note)?).ok()?;
        let (kind, started_at, due_at) = (plain.clock, plain.started_at, plain.due_at);
        Some((ClockName { order: plain.order.parse().ok()?, kind, started_at, due_at }, line.due?))
    };
    Ok(book.lines(SNOOZE)?.into_iter().filter_map(one).collect())
}

/// How a channel stands on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Failures in a row; none after a good one.
    pub failures: usize,
    /// Why the last failed: the end of the message `remind-why-…`; empty for a good one.
    pub code: String,
    /// When that was.
    pub at: Timestamp,
    /// Not to be tried before.
    pub next: Option<Timestamp>,
}

/// The code of a channel's line.
pub(super) fn channel_job(vault: &Vault, channel: u32) -> JobId {
    vault.job_id(CHANNEL, &channel.to_string())
}

/// How a channel stands; `None` where it was never tried.
pub(super) fn standing(book: &JobBook, id: JobId) -> Result<Option<Standing>, Error> {
    let Some(line) = book.line(CHANNEL, id)? else { return Ok(None) };
    let text = String::from_utf8_lossy(&line.note).into_owned();
    let mut words = text.split(' ');
    let at = words.next().and_then(|at| at.parse().ok());
    let failures = words.next().and_then(|number| number.parse().ok());
    let code = words.next().unwrap_or_default().to_owned();
    Ok(at.zip(failures).map(|(at, failures)| Standing { failures, code, at, next: line.due }))
}

/// Writes down what came of trying a channel: only when and by which code, for that is not sealed.
pub(super) fn tried(
    book: &JobBook,
    id: JobId,
    failed: Option<&NotSent>,
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let (state, failures, code, next) = match failed {
        None => ("good", 0, "", None),
        Some(why) => {
            let failures = standing(book, id)?.map_or(0, |before| before.failures).saturating_add(1);
            let last = WAITS.len() - 1;
            let wait = if why.change { WAITS[last] } else { WAITS[(failures - 1).min(last)] };
            ("failed", failures, why.code.as_str(), Some(now.saturating_add(wait).unwrap_or(now)))
        }
    };
    let note = format!("{now} {failures} {code}").into_bytes();
    book.put(CHANNEL, &JobLine { id, due: next, state: state.to_owned(), note })?;
    Ok(next)
}

/// Until when a channel is left alone; a clock that was set back does not make it longer than the longest wait.
pub(super) fn left_alone(book: &JobBook, id: JobId, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    let longest = WAITS[WAITS.len() - 1];
    let next = standing(book, id)?.and_then(|standing| standing.next);
    Ok(next.filter(|next| *next > now && next.duration_since(now) <= longest))
}

/// Whether reminders were ever told from this machine; needs no key.
pub(crate) fn are_in_use(book: &JobBook) -> Result<bool, Error> {
    Ok(!book.lines(CHANNEL)?.is_empty())
}
