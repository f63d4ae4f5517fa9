//! The lock: under a passphrase the desk forgets the key once nobody was at it for a while, and takes it back by the
//! passphrase. What a form brought to a locked desk waits here, in memory, and never in the page that is shown instead.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sigu_vault::Places;

use crate::held::Held;
use crate::keep;
use crate::keys::{self, Form};

/// The minutes without anyone that can be chosen; 0 is never.
pub(super) const IDLE: [u32; 4] = [5, 15, 60, 0];
const FILE: &str = "desk.json";
/// Forms that wait at most; the oldest goes.
const WAITING: usize = 8;

/// What is set for the desk on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Settings {
    idle_minutes: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { idle_minutes: 15 }
    }
}

/// A form that came while the desk was locked.
#[derive(Clone)]
pub(super) struct Waiting {
    id: String,
    /// Where it was sent to.
    pub(super) to: String,
    /// The page it stood on.
    pub(super) from: String,
    pub(super) pairs: Vec<(String, String)>,
    /// It came with files, which do not wait.
    pub(super) files: bool,
}

struct State {
    settings: Settings,
    /// When somebody was last at the desk.
    seen: Option<Timestamp>,
    waiting: Vec<Waiting>,
}

/// The lock of one desk.
pub(super) struct Lock {
    state: Mutex<State>,
    /// One passphrase is tried at a time: each costs a quarter of a second and 64 MiB on purpose.
    pub(super) one_at_a_time: tokio::sync::Mutex<()>,
}

impl Lock {
    pub(super) fn new(places: &Places) -> Self {
        // Settings that cannot be read are those nobody made.
        let read = keep::read(&places.state.join(FILE)).ok().flatten();
        let settings = read.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let state = State { settings, seen: None, waiting: Vec::new() };
        Self { state: Mutex::new(state), one_at_a_time: tokio::sync::Mutex::new(()) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is one assignment: a thread that panicked left a whole state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn idle_minutes(&self) -> u32 {
        self.state().settings.idle_minutes
    }

    /// Sets after how many minutes the desk locks, on this machine, for this and later desks.
    pub(super) fn set_idle(&self, places: &Places, idle_minutes: u32) -> std::io::Result<()> {
        let settings = Settings { idle_minutes };
        keep::folder(&places.state)?;
        let text = serde_json::to_vec(&settings).expect("numbers always serialise");
        keep::replace(&places.state.join(FILE), &text)?;
        self.state().settings = settings;
        Ok(())
    }

    /// When somebody was last at the desk.
    pub(super) fn last_seen(&self) -> Option<Timestamp> {
        self.state().seen
    }

    /// Somebody is at the desk.
    pub(super) fn seen(&self, now: Timestamp) {
        self.state().seen = Some(now);
    }

    /// Forgets the key where nobody was here for as long as was set. Only where a passphrase brings it back: what lies in
    /// a file in clear is not hidden by forgetting it.
    pub(super) fn lapse(&self, places: &Places, held: &Held, now: Timestamp) {
        let over = {
            let mut state = self.state();
            let seen = *state.seen.get_or_insert(now);
            if now < seen {
                // A clock that was put back starts the time anew.
                state.seen = Some(now);
            }
            let minutes = i64::from(state.settings.idle_minutes);
            minutes > 0 && now.duration_since(seen).as_secs() >= minutes * 60
        };
        if over && !held.is_locked() && asks(places) {
            held.forget();
        }
    }

    /// Keeps a form until the desk is unlocked; gives the name it is asked for by.
    pub(super) fn keep(&self, to: String, from: String, pairs: Vec<(String, String)>, files: bool) -> String {
        let id: String = super::secret()[..32].to_owned();
        let mut state = self.state();
        if state.waiting.len() == WAITING {
            state.waiting.remove(0);
        }
        state.waiting.push(Waiting { id: id.clone(), to, from, pairs, files });
        id
    }

    pub(super) fn waiting(&self, id: &str) -> Option<Waiting> {
        self.state().waiting.iter().find(|one| one.id == id).cloned()
    }

    pub(super) fn drop_waiting(&self, id: &str) {
        self.state().waiting.retain(|one| one.id != id);
    }
}

/// Whether a passphrase keeps the key, so that the desk can be locked.
pub(super) fn asks(places: &Places) -> bool {
    keys::form(places).is_ok_and(|form| form == Form::Passphrase)
}
