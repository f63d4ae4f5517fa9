//! When outsiders were asked from this machine and what came of it: in the state folder, not in the vault, for it is about
//! this machine's network and no evidence. Lost, it costs a request too many.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::reason::Reason;
use crate::keep;

const FILE: &str = "outsiders.json";

/// How long to wait after the first, second, … failure; the last is for all that follow.
const WAITS: [SignedDuration; 7] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(30),
    SignedDuration::from_mins(2),
    SignedDuration::from_mins(10),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(6),
    SignedDuration::from_hours(24),
];

/// What was last tried with one outsider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it was asked last.
    pub last: Timestamp,
    /// Failures in a row.
    pub failures: u32,
    /// Not to be asked before, unless the user wants it.
    pub next: Timestamp,
    /// Why the last attempt failed; nothing after a good one.
    pub why: Option<Reason>,
}

/// What this machine remembers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// By outsider; see [`super::plan`] for the keys.
    attempts: BTreeMap<String, Attempt>,
    /// When each host was asked last.
    hosts: BTreeMap<String, Timestamp>,
}

impl Memory {
    /// Reads what is remembered; what cannot be read was never there.
    pub fn read(state: &Path) -> Self {
        let bytes = keep::read(&state.join(FILE)).ok().flatten();
        let mut memory: Self =
            bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        // A later version may have reasons that have no words here.
        let known = |why: &Reason| Reason::CODES.contains(&why.code.as_str());
        memory.attempts.retain(|_, attempt| attempt.why.as_ref().is_none_or(known));
        memory
    }

    /// Writes it durably.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn write(&self, state: &Path) -> std::io::Result<()> {
        let text = serde_json::to_vec(self).expect("times and texts always serialise");
        keep::folder(state)?;
        keep::replace(&state.join(FILE), &text)
    }

    /// Returns the last attempt with an outsider.
    pub fn attempt(&self, key: &str) -> Option<&Attempt> {
        self.attempts.get(key)
    }

    /// Returns when the host was asked last.
    pub(super) fn host(&self, host: &str) -> Option<Timestamp> {
        self.hosts.get(host).copied()
    }

    /// Writes down that an outsider is about to be asked: whatever happens now, it is not asked again at once.
    pub(super) fn begins(&mut self, key: &str, host: &str, now: Timestamp) {
        self.hosts.insert(host.to_owned(), now);
        let known = self.attempts.get(key);
        let (failures, why) = (known.map_or(0, |one| one.failures), known.and_then(|one| one.why.clone()));
        let next = now.saturating_add(WAITS[0]).unwrap_or(now);
        self.attempts.insert(key.to_owned(), Attempt { last: now, failures, next, why });
    }

    /// Writes down an answer; it is due again as the log says, but not before `next`.
    pub(super) fn answered(&mut self, key: &str, now: Timestamp, next: Timestamp) {
        self.attempts.insert(key.to_owned(), Attempt { last: now, failures: 0, next, why: None });
    }

    /// Writes down a failure. `jitter` is 0 to 255, so that not everybody comes back at the same instant.
    pub(super) fn failed(&mut self, key: &str, now: Timestamp, why: Reason, jitter: u8) {
        let failures = self.attempts.get(key).map_or(0, |one| one.failures).saturating_add(1);
        let last = WAITS.len() - 1;
        let place = usize::try_from(failures - 1).unwrap_or(last).min(last);
        // What only a change mends is asked for once a day all the same: the change may be the service's.
        let wait = if why.needs_change() { WAITS[last] } else { WAITS[place] };
        let next = now.saturating_add(spread(wait, jitter)).unwrap_or(now);
        self.attempts.insert(key.to_owned(), Attempt { last: now, failures, next, why: Some(why) });
    }

    /// Forgets failures: the user changed who is asked.
    pub fn forgive(&mut self) {
        self.attempts.retain(|_, attempt| attempt.failures == 0);
    }
}

/// Four to six fifths of a wait.
fn spread(wait: SignedDuration, jitter: u8) -> SignedDuration {
    let millis = wait.as_millis();
    SignedDuration::from_millis(
        i64::try_from(millis * 4 / 5 + millis * 2 / 5 * i128::from(jitter) / 255).unwrap_or(i64::MAX),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn waits_grow_to_a_day_and_stay_there() {
        let mut memory = Memory::default();
        let mut waits = Vec::new();
        for _ in 0..9 {
            memory.begins("a", "h", at(0));
            memory.failed("a", at(0), Reason::code("unreachable"), 0);
            waits.push(memory.attempt("a").unwrap().next.as_second());
        }
        assert_eq!(waits, [4, 24, 96, 480, 2880, 17280, 69120, 69120, 69120], "four fifths of each");
        memory.failed("a", at(0), Reason::code("unreachable"), 255);
        assert_eq!(memory.attempt("a").unwrap().next, at(103_680), "and six fifths at most");
        memory.answered("a", at(7), at(7));
        assert_eq!(memory.attempt("a").map(|one| (one.failures, one.why.clone())), Some((0, None)));
        memory.failed("a", at(0), Reason::change("chain"), 0);
        assert_eq!(memory.attempt("a").unwrap().next, at(69_120), "only a change mends it");
        memory.forgive();
        assert_eq!(memory.attempt("a"), None);
        assert_eq!(memory.host("h"), Some(at(0)), "a pause is kept all the same");
    }

    #[test]
    fn it_is_kept_and_what_is_none_is_nothing() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Memory::read(dir.path()), Memory::default());
        let mut memory = Memory::default();
        memory.failed("a", at(5), Reason::code("status").with("503"), 9);
        memory.begins("b", "h", at(6));
        memory.write(dir.path()).unwrap();
        assert_eq!(Memory::read(dir.path()), memory);
        memory.failed("c", at(5), Reason::code("from-a-later-version"), 9);
        memory.write(dir.path()).unwrap();
        assert_eq!(Memory::read(dir.path()).attempt("c"), None);
        assert!(Memory::read(dir.path()).attempt("a").is_some());
        keep::replace(&dir.path().join(FILE), b"{\"attempts\":7}").unwrap();
        assert_eq!(Memory::read(dir.path()), Memory::default());
    }
}
