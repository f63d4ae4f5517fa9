//! How it stands with each watched page: when it was looked at, what keeps it from being compared, how many versions
//! there are.

use jiff::Timestamp;
use serde::Serialize;
use sigu_case::page::{PageLabel, declared};
use sigu_case::report::PageWatched;
use sigu_vault::{Error, JobBook, PageSummary, Vault};
use utoipa::ToSchema;

use super::memory::Memory;
use super::pass::jobs;

/// In one word how a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageState {
    /// It was not looked at yet.
    New,
    /// It could be read last time.
    Fine,
    /// It differs, and another look is to confirm it.
    Checking,
    /// Something keeps it from being compared, not yet for long.
    Missed,
    /// Something has kept it from being compared for several looks.
    Trouble,
    /// It is not watched any more.
    Stopped,
}

impl PageState {
    /// The end of its messages.
    pub const fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Fine => "fine",
            Self::Checking => "checking",
            Self::Missed => "missed",
            Self::Trouble => "trouble",
            Self::Stopped => "stopped",
        }
    }
}

/// How it stands with one page.
#[derive(Debug, Clone)]
pub struct PageStanding {
    /// What was declared of it.
    pub watched: PageWatched,
    /// In one word.
    pub state: PageState,
    /// When it was looked at last.
    pub looked_at: Option<Timestamp>,
    /// When it was read last.
    pub read_at: Option<Timestamp>,
    /// When it is looked at again; at once where nothing is said and it is watched.
    pub next: Option<Timestamp>,
    /// What keeps it from being compared.
    pub trouble: Option<super::Trouble>,
    /// What the log has of its versions.
    pub versions: Option<PageSummary>,
}

/// Returns how it stands with every page that was ever declared, those that are watched first, by name.
///
/// # Errors
/// Damage and faults of the vault and of the job book.
pub fn standing(vault: &Vault, book: &JobBook) -> Result<Vec<PageStanding>, Error> {
    let house = vault.house()?;
    let mut pages = vault.pages()?;
    let jobs = jobs(vault, book)?;
    let mut take = |page: &PageLabel| {
        let place = pages.iter().position(|one| one.page == *page)?;
        Some(pages.swap_remove(place))
    };
    let one = |(_, watched): (_, &PageWatched)| {
        let job = jobs.iter().find(|job| job.watched.page == watched.page);
        let memory = job.map(|job| &job.memory);
        PageStanding {
            watched: watched.clone(),
            state: state(watched, memory),
            looked_at: memory.and_then(|memory| memory.looked_at),
            read_at: memory.and_then(|memory| memory.read_at),
            next: job.and_then(|job| job.due),
            trouble: memory.and_then(|memory| memory.trouble.clone()),
            versions: take(&watched.page),
        }
    };
    let mut all: Vec<PageStanding> = declared(house.house()).into_values().map(one).collect();
    all.sort_by_key(|one| !one.watched.watched);
    Ok(all)
}

fn state(watched: &PageWatched, memory: Option<&Memory>) -> PageState {
    let Some(memory) = memory.filter(|_| watched.watched) else { return PageState::Stopped };
    match (&memory.trouble, memory.looked_at) {
        (_, None) => PageState::New,
        (Some(trouble), _) if trouble.is_told() => PageState::Trouble,
        (Some(_), _) => PageState::Missed,
        _ if memory.suspect.is_some() => PageState::Checking,
        _ => PageState::Fine,
    }
}
