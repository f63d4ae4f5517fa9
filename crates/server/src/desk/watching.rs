//! Watched pages are looked at beside the pages of the desk: when one is due, and at once when somebody wants it.
//!
//! While the desk is locked or offline, nothing is looked at; what fell due meanwhile is looked at once, afterwards. Between
//! two passes the vault stays closed: it is opened when a page is due, or when the log grew, which may mean a new page.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sigu_capture::browser::Launch;
use sigu_case::page::PageLabel;
use sigu_vault::{Error, JobBook, Vault};
use tokio::time::{MissedTickBehavior, interval};

use super::Desk;
use crate::background::BackgroundLine;
use crate::watching::{Eyes, Manner, Outcome, PageStanding, Passed, Wanted, pass, standing};
use crate::words::Words;

/// How often it is looked whether something is due.
const LOOK: Duration = Duration::from_secs(1);
/// When it is looked again after the vault did not answer.
const LATER: SignedDuration = SignedDuration::from_mins(1);
/// How often a page that somebody wants to see now is looked at until it has an answer.
const TRIES: usize = 4;

/// Looking at watched pages, of one desk.
#[derive(Default)]
pub(super) struct Watching {
    /// Two never look at the same time.
    turn: tokio::sync::Mutex<()>,
    /// The evidence browser, for pages that only a browser can read.
    browser: Option<Launch>,
}

impl Desk {
    /// The same desk with a browser to look at pages that only a browser can read; it is started without a window.
    #[must_use]
    pub fn with_browser(mut self, launch: Launch) -> Self {
        self.watching.browser = Some(launch);
        self
    }

    /// By what this desk looks; `None` for one that is offline.
    fn eyes(&self) -> Option<Eyes> {
        let eyes = Eyes::new(self.asking.net.clone()?);
        Some(match self.watching.browser.clone() {
            Some(launch) => eyes.with_browser(launch),
            None => eyes,
        })
    }
}

impl Desk {
    /// How it stands with looking at watched pages.
    pub(crate) fn watching_line(&self, vault: Option<&Vault>, words: &Words) -> BackgroundLine {
        let read = |vault: &Vault| standing(vault, &JobBook::open(&self.app.places)?);
        let pages: Option<Vec<PageStanding>> = vault.and_then(|vault| read(vault).ok());
        let watched: Vec<&PageStanding> = pages.iter().flatten().filter(|one| one.watched.watched).collect();
        let state = match (&self.asking.net, &pages) {
            (None, _) => "background-offline",
            (Some(_), None) if self.app.identity.is_locked() => "background-locked",
            (Some(_), None) => "background-fault",
            (Some(_), Some(_)) if watched.is_empty() => "background-no-pages",
            (Some(_), Some(_)) => "background-on",
        };
        let last = watched.iter().filter_map(|one| one.looked_at).max();
        let next = watched.iter().filter_map(|one| one.next).min().filter(|_| self.asking.net.is_some());
        BackgroundLine { name: words.word("background-pages"), state: words.word(state), last, next }
    }
}

/// Looks at pages as long as the desk is open.
pub(super) async fn go_on(desk: Arc<Desk>) {
    if desk.asking.net.is_none() {
        return;
    }
    let mut tick = interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut standing, mut next) = (String::new(), Some(Timestamp::MIN));
    loop {
        tick.tick().await;
        if desk.app.identity.is_locked() {
            continue;
        }
        let own = desk.clone();
        let looked = tokio::task::spawn_blocking(move || own.live.standing(&own.app)).await;
        let Ok(seen) = looked else { return };
        let now = (desk.app.now)();
        if seen == standing && next.is_none_or(|next| now < next) {
            continue;
        }
        standing = seen;
        next = match once(&desk, Wanted::Due).await {
            Some(Ok(passed)) => passed.next,
            // What cannot be read or kept now is looked at again later; the pages tell why.
            Some(Err(_)) => Some(now.saturating_add(LATER).unwrap_or(now)),
            None => return,
        };
    }
}

/// One pass; `None` for a desk that is offline.
async fn once(desk: &Desk, wanted: Wanted<'_>) -> Option<Result<Passed, Error>> {
    let eyes = desk.eyes()?;
    let _turn = desk.watching.turn.lock().await;
    let passed = pass(&desk.app, &eyes, Manner::default(), wanted).await;
    if passed.as_ref().is_ok_and(|passed| !passed.pages.is_empty()) {
        desk.live.beat();
    }
    Some(passed)
}

/// Looks at pages now, until each has an answer or its host is to be left alone for longer; goes on when nobody waits for
/// it any more. `None` for a desk that is offline.
pub(super) async fn look_now(desk: &Arc<Desk>, pages: Vec<PageLabel>) -> Option<Result<Passed, Error>> {
    desk.asking.net.as_ref()?;
    let own = desk.clone();
    let looking = tokio::spawn(async move {
        let (mut open, mut all) = (pages, Passed::default());
        for _ in 0..TRIES {
            match once(&own, Wanted::Now(&open)).await? {
                Err(error) => return Some(Err(error)),
                Ok(passed) => {
                    all.next = passed.next;
                    for one in passed.pages {
                        if one.outcome != Outcome::Suspected {
                            open.retain(|page| *page != one.page);
                        }
                        all.pages.retain(|before| before.page != one.page);
                        all.pages.push(one);
                    }
                }
            }
            if open.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::try_from(Manner::default().gap).unwrap_or_default()).await;
        }
        Some(Ok(all))
    });
    looking.await.ok().flatten()
}
