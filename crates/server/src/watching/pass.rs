//! A pass: all pages that are due are looked at, one for each host, and what is new is kept in one commit.
//!
//! Nothing waits in a pass: a look that must be confirmed is due again after the gap, and the next pass takes it. What is
//! remembered is written after the vault was: should we crash between, the page is looked at again, and a version that is
//! there already is not fixed twice.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt as _;
use futures_util::stream;
use jiff::{SignedDuration, Timestamp};
use sigu_capture::readable::PROFILE;
use sigu_case::ItemId;
use sigu_case::page::{PageChange, PageLabel, declared, fit};
use sigu_case::report::PageWatched;
use sigu_case::watch::{Comparison, Weight};
use sigu_evidence::ContentId;
use sigu_vault::{Error, JobBook, JobId, JobLine, PageSummary, Vault};
use url::Url;

use super::eyes::Eyes;
use super::fetch::{Fetched, fetch};
use super::judge::{Verdict, judge};
use super::keep::{Found, keep};
use super::memory::{Memory, Trouble};
use super::pace::{Manner, Pace};
use crate::receiver::App;

/// The kind of job in the book.
pub(super) const KIND: &str = "page";
/// The word of a page that is watched.
const STATE: &str = "watching";

/// Which pages a pass looks at.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// Those that are due.
    Due,
    /// These, due or not.
    Now(&'a [PageLabel]),
}

/// What came of a look at one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is as it was.
    Unchanged,
    /// The first version was fixed.
    First {
        /// Its leaf.
        item: ItemId,
    },
    /// It differs; another look will tell whether it stays so.
    Suspected,
    /// It changed, and the new version was fixed.
    Changed {
        /// Its leaf.
        item: ItemId,
        /// The version before.
        before: Option<ItemId>,
        /// What changed.
        found: Box<Comparison>,
    },
    /// There is nothing to compare.
    Failed(Trouble),
}

/// One page that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// Which.
    pub page: PageLabel,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a pass.
#[derive(Debug, Clone, Default)]
pub struct Passed {
    /// The pages that were looked at.
    pub pages: Vec<Looked>,
    /// When there is something to do again; `None` where no page is watched.
    pub next: Option<Timestamp>,
}

/// A page that is watched, with what is remembered of it.
pub(super) struct Job {
    pub(super) watched: PageWatched,
    pub(super) id: JobId,
    pub(super) memory: Memory,
    pub(super) due: Option<Timestamp>,
    host: String,
}

/// Looks at all pages that are due, or at those that are wanted.
///
/// # Errors
/// Refuses while the vault is locked; damage and faults of the vault and of the job book. That a page does not answer is
/// no error.
pub async fn pass(app: &App, eyes: &Eyes, manner: Manner, wanted: Wanted<'_>) -> Result<Passed, Error> {
    let now = (app.now)();
    let own: Option<Vec<PageLabel>> = match wanted {
        Wanted::Due => None,
        Wanted::Now(pages) => Some(pages.to_vec()),
    };
    let state = app.clone();
    let jobs = on_vault(app, move |vault| jobs(vault, &JobBook::open(&state.places)?)).await?;
    let mut hosts = last_looks(&jobs);
    let (picked, rest) = pick(jobs, own.as_deref(), &hosts, manner, now);
    for job in &picked {
        hosts.insert(job.host.clone(), now);
    }
    let mut next = rest.iter().map(|job| due_of(job, &hosts, manner)).min();
    if picked.is_empty() {
        return Ok(Passed { pages: Vec::new(), next });
    }
    let looks = stream::iter(picked).map(|job| async move {
        let fetched = fetch(eyes, &job.watched, &job.memory).await;
        (job, fetched)
    });
    let fetched: Vec<(Job, Fetched)> = looks.buffer_unordered(manner.at_once.max(1)).collect().await;
    let (at, state) = ((app.now)(), app.clone());
    let (pages, lines) = on_vault(app, move |vault| {
        let (pages, lines) = settle(vault, fetched, manner, at)?;
        JobBook::open(&state.places)?.put_all(KIND, &lines)?;
        Ok((pages, lines))
    })
    .await?;
    next = next.into_iter().chain(lines.into_iter().filter_map(|line| line.due)).min();
    Ok(Passed { pages, next })
}

/// Works on the vault where waiting harms nobody.
async fn on_vault<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Vault) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let app = app.clone();
    let done = tokio::task::spawn_blocking(move || app.with_vault(work)).await;
    done.expect("work on the vault returns its failures")
}

/// The pages that are watched, with what the book has of them; lines of others go.
pub(super) fn jobs(vault: &Vault, book: &JobBook) -> Result<Vec<Job>, Error> {
    let house = vault.house()?;
    let mut lines: BTreeMap<JobId, JobLine> =
        book.lines(KIND)?.into_iter().map(|line| (line.id, line)).collect();
    let watched = declared(house.house()).into_values().filter(|(_, page)| page.watched);
    let jobs = watched.map(|(_, page)| {
        let id = vault.job_id(KIND, page.page.as_str());
        let line = lines.remove(&id);
        let note = line.as_ref().and_then(|line| vault.open_note(id, &line.note));
        let memory = Memory::of(page, note.as_ref().map(|note| note.as_slice()));
        let due = line.and_then(|line| line.due).filter(|_| memory.looked_at.is_some());
        Job { watched: page.clone(), id, memory, due, host: host_of(&page.url) }
    });
    let jobs = jobs.collect();
    for id in lines.into_keys() {
        book.forget(KIND, id)?;
    }
    Ok(jobs)
}

/// Host and port of an address; pages there are not looked at one right after the other.
fn host_of(url: &str) -> String {
    let url = Url::parse(url).ok();
    let host = url.as_ref().map(|url| (url.host_str().unwrap_or_default(), url.port_or_known_default()));
    host.map(|(host, port)| format!("{host}:{}", port.unwrap_or_default())).unwrap_or_default()
}

/// When each host was asked last.
fn last_looks(jobs: &[Job]) -> BTreeMap<String, Timestamp> {
    let mut hosts = BTreeMap::new();
    for job in jobs {
        let Some(at) = job.memory.looked_at else { continue };
        let last = hosts.entry(job.host.clone()).or_insert(at);
        *last = at.max(*last);
    }
    hosts
}

/// When a page may be looked at: when it is due, and its host was left alone for a while. A page never looked at is due.
fn due_of(job: &Job, hosts: &BTreeMap<String, Timestamp>, manner: Manner) -> Timestamp {
    rested(job, job.due, hosts, manner)
}

fn rested(
    job: &Job,
    due: Option<Timestamp>,
    hosts: &BTreeMap<String, Timestamp>,
    manner: Manner,
) -> Timestamp {
    let due = due.unwrap_or(Timestamp::MIN);
    hosts.get(&job.host).map_or(due, |last| due.max(last.saturating_add(manner.gap).unwrap_or(*last)))
}

/// Takes what is to be looked at now out of all: what waits longest first, one for each host where hosts are left alone.
fn pick(
    mut jobs: Vec<Job>,
    own: Option<&[PageLabel]>,
    hosts: &BTreeMap<String, Timestamp>,
    manner: Manner,
    now: Timestamp,
) -> (Vec<Job>, Vec<Job>) {
    jobs.sort_by_key(|job| job.due);
    let mut taken = BTreeSet::new();
    jobs.into_iter().partition(|job| {
        let wanted = match own {
            Some(pages) => pages.contains(&job.watched.page) && rested(job, None, hosts, manner) <= now,
            None => due_of(job, hosts, manner) <= now,
        };
        wanted && (manner.gap <= SignedDuration::ZERO || taken.insert(job.host.clone()))
    })
}

/// What the book is to say, and what came of each look.
fn settle(
    vault: &Vault,
    fetched: Vec<(Job, Fetched)>,
    manner: Manner,
    at: Timestamp,
) -> Result<(Vec<Looked>, Vec<JobLine>), Error> {
    let pages: BTreeMap<PageLabel, PageSummary> =
        vault.pages()?.into_iter().map(|page| (page.page.clone(), page)).collect();
    let mut judged = Vec::new();
    for (mut job, fetched) in fetched {
        let last = pages.get(&job.watched.page).and_then(|page| page.last.as_ref());
        let newest = match (&fetched.whole, last) {
            (Some(whole), Some(last)) => newest(vault, &whole.text, last.item, &last.text_sha256)?,
            _ => None,
        };
        let pace = Pace::of(&job.watched, manner);
        let (verdict, wait) = judge(&mut job.memory, newest.as_deref(), &fetched.look, &pace, at);
        remember(&mut job.memory, &verdict, &fetched);
        judged.push((job, fetched, verdict, wait, last.map(|last| last.item)));
    }
    let mut found = Vec::new();
    let mut outcomes = Vec::new();
    let mut lines = Vec::new();
    for (job, fetched, verdict, wait, before) in judged {
        let note = vault.seal_note(job.id, &job.memory.to_note());
        let due = at.saturating_add(wait).unwrap_or(Timestamp::MAX);
        lines.push(JobLine { id: job.id, due: Some(due), state: STATE.to_owned(), note });
        outcomes.push((job.watched.page.clone(), told(&job.memory, &verdict), verdict.clone(), before));
        if let (Some(whole), Some((change, before))) = (fetched.whole, new_version(&verdict, before)) {
            let found_of = Found { watched: job.watched, whole, seen_at: at, before, change };
            found.push(found_of);
        }
    }
    let mut items = keep(vault, &mut found, at)?.into_iter();
    let pages = outcomes.into_iter().map(|(page, plain, verdict, before)| {
        let outcome = match (plain, verdict) {
            (Some(outcome), _) => outcome,
            (None, verdict) => match (items.next().flatten(), verdict) {
                (Some(item), Verdict::Changed(found)) => Outcome::Changed { item, before, found },
                (Some(item), _) => Outcome::First { item },
                (None, _) => Outcome::Unchanged,
            },
        };
        Looked { page, outcome }
    });
    Ok((pages.collect(), lines))
}

/// The text of the newest version: the one that was read, where their digests agree; none of another profile.
fn newest(vault: &Vault, text: &str, item: ItemId, digest: &str) -> Result<Option<String>, Error> {
    if ContentId::of(text.as_bytes()).to_string() == digest {
        return Ok(Some(fit(text).0.to_owned()));
    }
    let version = vault.page_version(item)?.map(|version| version.fixed);
    let own = version.filter(|version| version.profile.as_deref() == Some(PROFILE));
    Ok(own.and_then(|version| version.text))
}

/// What the next look asks with, once this one is settled.
fn remember(memory: &mut Memory, verdict: &Verdict, fetched: &Fetched) {
    if matches!(verdict, Verdict::Suspected | Verdict::Failed) {
        return;
    }
    let (etag, modified) = fetched.validators.clone();
    if let Some(whole) = &fetched.whole {
        memory.body = Some(ContentId::of(&whole.body).to_string());
        (memory.etag, memory.modified) = (etag, modified);
    } else {
        memory.etag = etag.or(memory.etag.take());
        memory.modified = modified.or(memory.modified.take());
    }
}

/// What is told of a verdict that fixes nothing.
fn told(memory: &Memory, verdict: &Verdict) -> Option<Outcome> {
    match verdict {
        Verdict::Unchanged | Verdict::Flickered => Some(Outcome::Unchanged),
        Verdict::Suspected => Some(Outcome::Suspected),
        Verdict::Failed => memory.trouble.clone().map(Outcome::Failed),
        Verdict::First | Verdict::Changed(_) => None,
    }
}

type New = (Option<(PageChange, Comparison)>, Option<ItemId>);

/// How a new version differs, and from which.
fn new_version(verdict: &Verdict, before: Option<ItemId>) -> Option<New> {
    match verdict {
        Verdict::First => Some((None, None)),
        Verdict::Changed(found) => {
            let change =
                if found.weight == Weight::Substance { PageChange::Substance } else { PageChange::Wording };
            Some((Some((change, (**found).clone())), before))
        }
        _ => None,
    }
}
