//! Tells open pages that there is something new: the log grew, by whomever, or the phone did something.
//!
//! Once a second each open page costs a look at two files; the vault is opened only when one of them changed.

use std::convert::Infallible;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use axum::extract::{Query, State};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream;
use serde::Deserialize;
use sigu_vault::Error;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::Desk;
use crate::receiver::App;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Size and time of the database and of what is not folded into it yet.
type Files = [Option<(u64, Option<SystemTime>)>; 2];

/// What stands between where the log stands but for proofs of outsiders, and where it stands with them.
const PROOFS: char = '+';

/// What pages compare themselves with.
#[derive(Default)]
pub(crate) struct Live {
    /// The files as they were, and where the log stood then.
    seen: Mutex<Option<(Files, Standing)>>,
    /// Counts what happens beside the log: a phone comes, its link ends.
    beside: AtomicU64,
}

/// Where the log stands.
#[derive(Clone, Default)]
struct Standing {
    /// But for proofs of outsiders, which come by themselves and change few pages: what counts is what they are about.
    log: String,
    /// With them.
    proofs: String,
}

/// Returns what a page stands for that shows no proofs of outsiders, by what stands for the present state.
pub(super) fn but_for_proofs(stamp: &str) -> &str {
    stamp.split(PROOFS).next().unwrap_or_default()
}

impl Live {
    /// Something happened that is not in the log.
    pub(crate) fn beat(&self) {
        self.beside.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns what stands for the present state; opens the vault only if its files changed. Where the vault
    /// does not open, it is the state before: a page that is reloaded tells why.
    pub(super) fn stamp(&self, app: &App) -> String {
        if app.identity.is_locked() {
            return "locked".to_owned();
        }
        let Standing { log, proofs } = self.look(app);
        format!("{log}-{}{PROOFS}{proofs}", self.beside.load(Ordering::Relaxed))
    }

    /// Returns where the log stands but for proofs of outsiders; the vault is opened only if its files changed.
    pub(super) fn standing(&self, app: &App) -> String {
        self.look(app).log
    }

    fn look(&self, app: &App) -> Standing {
        let files = files(&app.places.vault);
        let mut standing = None;
        let mut before = Standing::default();
        if let Some((own, known)) = self.seen().as_ref() {
            before.clone_from(known);
            standing = (*own == files).then(|| known.clone());
        }
        standing.unwrap_or_else(|| {
            // The files were looked at before the log is read: what comes between is seen by the next look.
            let read =
                app.with_vault(|vault| Ok::<_, Error>((vault.attestable()?, vault.newest_attestable()?)));
            let known = read.map_or(before, |(seen, newest)| {
                let root = seen.signed.checkpoint().root.to_string();
                let log = format!("{}-{}", seen.size(), root.get(..8).unwrap_or_default());
                Standing { log, proofs: newest.size().to_string() }
            });
            *self.seen() = Some((files, known.clone()));
            known
        })
    }

    fn seen(&self) -> MutexGuard<'_, Option<(Files, Standing)>> {
        // It is replaced whole: a thread that panicked left it as it was.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn files(vault: &Path) -> Files {
    ["vault.db", "vault.db-wal"].map(|name| {
        let known = std::fs::metadata(vault.join(name)).ok()?;
        // An empty one comes and goes with readers.
        (known.len() > 0).then(|| (known.len(), known.modified().ok()))
    })
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// What the page stands for.
    #[serde(default)]
    at: String,
}

/// A page that waits.
struct Waiting {
    desk: Arc<Desk>,
    ended: watch::Receiver<bool>,
    tick: Interval,
    at: String,
}

/// Answers with a stream: an event whenever there is something new since `at`. It ends with the desk.
pub(super) async fn events(State(desk): State<Arc<Desk>>, Query(asked): Query<Asked>) -> impl IntoResponse {
    let mut tick = interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let waiting = Waiting { ended: desk.ended.subscribe(), desk, tick, at: asked.at };
    let events = stream::unfold(waiting, |mut waiting: Waiting| async move {
        let stamp = waiting.news().await?;
        waiting.at.clone_from(&stamp);
        Some((Ok::<_, Infallible>(Event::default().event("new").data(stamp)), waiting))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

impl Waiting {
    async fn news(&mut self) -> Option<String> {
        loop {
            if *self.ended.borrow() {
                return None;
            }
            tokio::select! {
                _ = self.ended.changed() => return None,
                _ = self.tick.tick() => {}
            }
            let desk = self.desk.clone();
            let stamp = tokio::task::spawn_blocking(move || desk.live.stamp(&desk.app)).await.ok()?;
            let stamp = if self.at.contains(PROOFS) { stamp.as_str() } else { but_for_proofs(&stamp) };
            if stamp != self.at {
                return Some(stamp.to_owned());
            }
        }
    }
}
