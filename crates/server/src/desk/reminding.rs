//! Reminders beside the pages: told when their time comes, and again planned when the log grew.
//!
//! It looks at the clock and at two files every few seconds: a machine that slept must not sleep on. While the desk is
//! locked it goes by the plan it made before. One that was opened locked has none, and says once that it must be unlocked.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sigu_vault::{Error, JobBook, Vault};
use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval};

use super::Desk;
use crate::background::BackgroundLine;
use crate::reminding::{Passed, Plan, Ways, pass, told};
use crate::words::Words;

/// How often the clock and the log are looked at.
const LOOK: Duration = Duration::from_secs(5);
/// When it is planned anew at the latest: another process may have changed the settings.
const ANEW: SignedDuration = SignedDuration::from_mins(10);
/// When it is tried again after the vault or the book did not answer.
const LATER: SignedDuration = SignedDuration::from_secs(60);
/// How long a desk that was opened locked waits for somebody before it says so.
const UNLOCKED: SignedDuration = SignedDuration::from_mins(2);

/// Reminders of one desk.
pub(super) struct Reminding {
    ways: Ways,
    /// What is gone by while the desk is locked.
    plan: Mutex<Option<Arc<Plan>>>,
    /// Something was set: it is planned anew.
    changed: Notify,
    /// Two passes of one desk do not run at the same time.
    turn: tokio::sync::Mutex<()>,
}

impl Default for Reminding {
    fn default() -> Self {
        let (plan, changed, turn) = Default::default();
        Self { ways: Ways::new(None), plan, changed, turn }
    }
}

impl Reminding {
    fn kept(&self) -> Option<Arc<Plan>> {
        // It is replaced whole: a thread that panicked left it as it was.
        self.plan.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, plan: Arc<Plan>) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = Some(plan);
    }
}

impl Desk {
    /// The same desk with another way to show something on the user's screen.
    #[must_use]
    pub fn with_desktop(mut self, desktop: fn(&str, &str) -> Result<(), String>) -> Self {
        self.reminding.ways.desktop = desktop;
        self
    }

    /// The ways out of this desk.
    pub(super) fn ways(&self) -> Ways {
        Ways { net: self.asking.net.clone(), ..self.reminding.ways.clone() }
    }

    /// Something was set or snoozed: it is planned anew soon.
    pub(super) fn reminders_changed(&self) {
        self.reminding.changed.notify_one();
    }
}

impl Desk {
    /// How it stands with reminders: told when they were, ahead by the plan that is gone by.
    pub(crate) fn reminding_line(&self, vault: Option<&Vault>, words: &Words) -> BackgroundLine {
        let plan = self.reminding.kept();
        let told = vault.and_then(|vault| told(vault, &JobBook::open(&self.app.places).ok()?).ok());
        let state = match &plan {
            _ if self.guide.is_some() => "background-practice",
            None if self.app.identity.is_locked() => "background-locked",
            Some(plan) if plan.settings.channels.is_empty() => "background-no-channel",
            _ => "background-on",
        };
        let ahead = plan.filter(|plan| !plan.settings.channels.is_empty() && self.guide.is_none());
        let next = ahead.and_then(|plan| plan.ahead((self.app.now)()).next().map(|reminder| reminder.at));
        let last = told.and_then(|told| told.first().map(|one| one.since));
        BackgroundLine { name: words.word("background-reminders"), state: words.word(state), last, next }
    }
}

/// Plans, if the vault is open, and tells what is due.
pub(super) async fn once(desk: &Arc<Desk>, eager: bool) -> Result<Passed, Error> {
    let _turn = desk.reminding.turn.lock().await;
    let now = (desk.app.now)();
    if !desk.app.identity.is_locked() {
        let own = desk.clone();
        let read = tokio::task::spawn_blocking(move || planned(&own, now)).await;
        desk.reminding.keep(read.expect("planning returns its failures")?);
    }
    match desk.reminding.kept() {
        Some(plan) => pass(&desk.app.places, &plan, &desk.ways(), &desk.words, now, eager).await,
        None => Ok(Passed::default()),
    }
}

fn planned(desk: &Desk, now: Timestamp) -> Result<Arc<Plan>, Error> {
    let at_hand = desk.app.identity.at_hand();
    desk.app.with_vault(|vault| {
        let (book, agendas) = (JobBook::open(&desk.app.places)?, at_hand.agendas(vault)?);
        Ok(Arc::new(Plan::read(vault, &book, agendas.lines(), now, crate::reminding::AHEAD)?))
    })
}

/// What the loop knows between two looks.
struct Seen {
    standing: String,
    at: Timestamp,
    next: Timestamp,
}

/// Tells as long as the desk is open; not on the desk of a practice vault.
pub(super) async fn go_on(desk: Arc<Desk>) {
    if desk.guide.is_some() {
        return;
    }
    let mut tick = interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = Seen { standing: String::new(), at: Timestamp::MIN, next: Timestamp::MIN };
    let mut waits = Some((desk.app.now)());
    loop {
        let changed = tokio::select! {
            _ = tick.tick() => false,
            () = desk.reminding.changed.notified() => true,
        };
        let now = (desk.app.now)();
        if desk.app.identity.is_locked() && desk.reminding.kept().is_none() {
            if waits.is_some_and(|since| now.duration_since(since) >= UNLOCKED) {
                waits = None;
                ask_to_unlock(&desk).await;
            }
            continue;
        }
        let own = desk.clone();
        let looked = tokio::task::spawn_blocking(move || own.live.standing(&own.app)).await;
        let Ok(standing) = looked else { return };
        // A clock that was set back makes everything anew.
        let due = now >= seen.next || now < seen.at || standing != seen.standing;
        if !changed && !due {
            seen.at = now;
            continue;
        }
        let wait = |span: SignedDuration| now.saturating_add(span).unwrap_or(now);
        let next = match once(&desk, false).await {
            Ok(passed) => passed.next.map_or(wait(ANEW), |next| next.min(wait(ANEW))),
            Err(_) => wait(LATER),
        };
        seen = Seen { standing, at: now, next };
    }
}

/// Says on the screen that the desk must be unlocked, if reminders were ever told from here.
async fn ask_to_unlock(desk: &Arc<Desk>) {
    let own = desk.clone();
    let asking = move || {
        let in_use = JobBook::open(&own.app.places).and_then(|book| crate::reminding::are_in_use(&book));
        if in_use.unwrap_or(false) {
            let words = &own.words;
            let show = own.reminding.ways.desktop;
            // Where there is no screen nobody can be asked.
            drop(show(&words.word("remind-unlock-title"), &words.word("remind-unlock-text")));
        }
    };
    drop(tokio::task::spawn_blocking(asking).await);
}
