//! Outsiders are asked beside the pages: soon after the log grew, again when it is time, at once when somebody wants it.
//!
//! Nobody waits for it. While the desk is locked, or the user does not want it, nobody is asked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sigu_vault::Vault;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::Desk;
use super::live::Live;
use crate::attesting::{Passed, Unread, pass};
use crate::background::BackgroundLine;
use crate::outside::net::Net;
use crate::words::Words;

/// How often it is looked whether the log grew: two files' times.
const LOOK: Duration = Duration::from_secs(1);
/// While somebody is at the desk, a round of drand is not much older than this.
const ROUND: SignedDuration = SignedDuration::from_secs(60);
/// Somebody is at the desk who was seen in this time.
const AT_WORK: SignedDuration = SignedDuration::from_mins(5);
/// When it is looked again after the vault did not answer, or nobody is to be asked.
const LATER: SignedDuration = SignedDuration::from_secs(60);

/// Asking outsiders, of one desk.
#[derive(Default)]
pub(super) struct Asking {
    /// The way out; a desk without one asks nobody.
    pub(super) net: Option<Net>,
    busy: AtomicBool,
    /// Two never ask at the same time.
    turn: tokio::sync::Mutex<()>,
    /// When it was last asked by itself, and when it will be next.
    times: Mutex<[Option<Timestamp>; 2]>,
}

impl Asking {
    /// Returns whether somebody is being asked at this moment.
    pub(super) fn is_busy(&self) -> bool {
        self.busy.load(Ordering::Relaxed)
    }

    fn times(&self) -> std::sync::MutexGuard<'_, [Option<Timestamp>; 2]> {
        // It is replaced whole: a thread that panicked left it as it was.
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// The same desk, which asks outsiders over this net.
    #[must_use]
    pub fn with_net(mut self, net: Net) -> Self {
        self.asking.net = Some(net);
        self
    }

    /// Returns whether outsiders are asked where the user said nothing: yes, for a vault of real evidence, if there is a net.
    pub(super) fn asks_by_default(&self) -> bool {
        self.asking.net.is_some() && self.guide.is_none()
    }

    /// How it stands with asking outsiders without being told to.
    pub(crate) fn asking_line(&self, vault: Option<&Vault>, words: &Words) -> BackgroundLine {
        let [last, next] = *self.asking.times();
        let wanted = vault.and_then(|vault| vault.asks_outsiders().ok());
        let wanted = wanted.map(|asks| asks.unwrap_or_else(|| self.asks_by_default()));
        let (state, next) = match (&self.asking.net, wanted) {
            (None, _) => ("background-offline", None),
            (Some(_), None) if self.app.identity.is_locked() => ("background-locked", None),
            (Some(_), None) => ("background-fault", next),
            (Some(_), Some(false)) => ("background-off", None),
            (Some(_), Some(true)) if self.asking.is_busy() => ("background-busy", next),
            (Some(_), Some(true)) => ("background-on", next),
        };
        BackgroundLine { name: words.word("background-outsiders"), state: words.word(state), last, next }
    }
}

/// Asks all that is due because somebody wants it now: waits after failures are passed over. `None` where there is no way
/// out. It goes on to its end whether or not who wanted it waits for that, so that no answer is lost.
pub(super) fn now(desk: &Arc<Desk>) -> Option<JoinHandle<Result<Passed, Unread>>> {
    let net = desk.asking.net.clone()?;
    let desk = desk.clone();
    Some(tokio::spawn(async move {
        let _turn = desk.asking.turn.lock().await;
        // Who wants it looks on: the page says that it goes on, and how it ended.
        let _busy = Busy::begin(&desk.asking.busy, &desk.live);
        pass(&desk.app, &net, true).await
    }))
}

/// Asks all that is due by itself.
async fn once(desk: &Desk, net: &Net) -> Result<Passed, Unread> {
    let _turn = desk.asking.turn.lock().await;
    pass(&desk.app, net, false).await
}

/// Somebody is being asked until this is dropped, however that comes about.
struct Busy<'a> {
    busy: &'a AtomicBool,
    live: &'a Live,
}

impl<'a> Busy<'a> {
    fn begin(busy: &'a AtomicBool, live: &'a Live) -> Self {
        busy.store(true, Ordering::Relaxed);
        live.beat();
        Self { busy, live }
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.busy.store(false, Ordering::Relaxed);
        self.live.beat();
    }
}

/// What the loop knows between two looks.
struct Seen {
    standing: String,
    asked: Timestamp,
    next: Timestamp,
}

/// Asks as long as the desk is open.
pub(super) async fn go_on(desk: Arc<Desk>) {
    let Some(net) = desk.asking.net.clone() else { return };
    let mut tick = interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = Seen { standing: String::new(), asked: Timestamp::MIN, next: Timestamp::MIN };
    loop {
        tick.tick().await;
        if desk.app.identity.is_locked() {
            continue;
        }
        let own = desk.clone();
        let looked = tokio::task::spawn_blocking(move || own.live.standing(&own.app)).await;
        let Ok(standing) = looked else { return };
        let now = (desk.app.now)();
        if !seen.is_over(&standing, now, &desk) {
            continue;
        }
        let later = now.saturating_add(LATER).unwrap_or(now);
        // What cannot be read or kept now is looked at again later; the pages tell why.
        let passed = if may_ask(&desk).await { once(&desk, &net).await.ok() } else { None };
        let asked = passed.is_some();
        seen = Seen { standing, asked: now, next: passed.and_then(|passed| passed.next).unwrap_or(later) };
        let mut times = desk.asking.times();
        *times = [if asked { Some(now) } else { times[0] }, Some(seen.next)];
    }
}

impl Seen {
    /// Whether it is time to ask: the log grew, somebody can be asked again, or somebody is at work and the round is old.
    fn is_over(&self, standing: &str, now: Timestamp, desk: &Desk) -> bool {
        let at_work = desk.lock.last_seen().is_some_and(|at| now.duration_since(at) < AT_WORK);
        standing != self.standing || now >= self.next || (at_work && now.duration_since(self.asked) >= ROUND)
    }
}

/// Whether the user wants outsiders to be asked; not where the vault does not answer.
async fn may_ask(desk: &Arc<Desk>) -> bool {
    let own = desk.clone();
    let asks = move || own.app.with_vault(|vault| vault.asks_outsiders());
    let asks = tokio::task::spawn_blocking(asks).await;
    asks.is_ok_and(|asks| asks.is_ok_and(|asks| asks.unwrap_or_else(|| desk.asks_by_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asked_is_busy_until_it_ended_or_was_broken_off() {
        let (busy, live) = (AtomicBool::new(false), Live::default());
        let asked = async {
            let _busy = Busy::begin(&busy, &live);
            std::future::pending::<()>().await;
        };
        let mut asked = Box::pin(asked);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(asked.as_mut().poll(&mut context).is_pending());
        assert!(busy.load(Ordering::Relaxed));
        drop(asked);
        assert!(!busy.load(Ordering::Relaxed));
    }
}
