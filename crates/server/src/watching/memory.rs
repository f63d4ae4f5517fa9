//! What is remembered of a watched page between two looks: sealed, in the job book. Lost, it costs a look too many; what
//! was seen is in the log.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sigu_case::report::PageWatched;
use sigu_case::watch::Noise;
use sigu_evidence::ContentId;

/// How many looks in a row a trouble lasts before it is told.
pub const TOLD_AFTER: u32 = 3;

/// How long to wait after the first, second, … look that did not reach the page; the last is for all that follow.
const WAITS: [SignedDuration; 5] = [
    SignedDuration::from_mins(15),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(4),
    SignedDuration::from_hours(12),
    SignedDuration::from_hours(24),
];

/// What keeps a page from being compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// It does not answer, or not now.
    Unreachable,
    /// It answers, and there is nothing to compare in it.
    Unextractable,
    /// It is never twice the same.
    Noisy,
}

impl TroubleKind {
    /// Returns the name, as messages and JSON have it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Unextractable => "unextractable",
            Self::Noisy => "noisy",
        }
    }
}

/// A trouble that lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What kind.
    pub kind: TroubleKind,
    /// Why: a code, such as `captcha`.
    pub why: String,
    /// A status, an address, a selector; may be empty.
    pub detail: String,
    /// Since when.
    pub since: Timestamp,
    /// Looks in a row.
    pub times: u32,
}

impl Trouble {
    /// Returns whether it lasted long enough to be told.
    pub const fn is_told(&self) -> bool {
        self.times >= TOLD_AFTER
    }
}

/// A reading that differs from the newest version, until another look says the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Suspect {
    /// Its text.
    pub(super) text: String,
    /// When it was seen.
    pub(super) at: Timestamp,
    /// How many looks said the same.
    pub(super) looks: u32,
    /// How many readings before it did not agree with each other.
    pub(super) tries: u32,
}

/// What is remembered of one page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    /// SHA-256 of address and recipe: of another page nothing is remembered.
    of: String,
    /// When it was looked at last, whatever came of it.
    pub(super) looked_at: Option<Timestamp>,
    /// When its text was read last, or it said that it is unchanged.
    pub(super) read_at: Option<Timestamp>,
    pub(super) etag: Option<String>,
    pub(super) modified: Option<String>,
    /// SHA-256 of the bytes that were read last.
    pub(super) body: Option<String>,
    /// SHA-256 of the text of the version before the newest.
    pub(super) previous: Option<String>,
    pub(super) suspect: Option<Suspect>,
    /// A reading, by its digest, that differs from the newest version by what flickers only, and since when.
    pub(super) lasting: Option<Suspect>,
    /// A variant that flickered once.
    pub(super) flickered: Option<String>,
    /// How many looks right after the first are still to be taken, to learn what flickers.
    pub(super) settling: u32,
    pub(super) noise: Noise,
    /// What keeps it from being compared.
    pub(super) trouble: Option<Trouble>,
    /// In how many looks in a row two readings at once differed.
    pub(super) restless: u32,
}

impl Memory {
    /// What was noted, if it is of this page as it is declared now; else nothing.
    pub(super) fn of(page: &PageWatched, noted: Option<&[u8]>) -> Self {
        let of = identity(page);
        let noted = noted.and_then(|bytes| serde_json::from_slice::<Self>(bytes).ok());
        noted.filter(|noted| noted.of == of).unwrap_or_else(|| Self { of, ..Self::default() })
    }

    pub(super) fn to_note(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("what is remembered always serialises")
    }

    /// What the next look asks with; nothing while a reading waits to be confirmed, which needs the bytes.
    pub(super) fn validators(&self) -> (Option<&str>, Option<&str>) {
        if self.waits() {
            return (None, None);
        }
        (self.etag.as_deref(), self.modified.as_deref())
    }

    /// The bytes that need not be read again.
    pub(super) fn body(&self) -> Option<&String> {
        self.body.as_ref().filter(|_| !self.waits())
    }

    /// Whether readings are compared with each other, so that the same again says something.
    const fn waits(&self) -> bool {
        self.suspect.is_some() || self.lasting.is_some() || self.settling > 0
    }

    /// Notes a look that gave nothing to compare.
    pub(super) fn fails(&mut self, kind: TroubleKind, why: &str, detail: &str, at: Timestamp) -> &Trouble {
        let (since, times) = match &self.trouble {
            Some(before) if before.kind == kind => (before.since, before.times + 1),
            _ => (at, 1),
        };
        self.trouble.insert(Trouble { kind, why: why.to_owned(), detail: detail.to_owned(), since, times })
    }

    /// How long to wait after a look that did not reach the page.
    pub(super) fn wait(&self, every: SignedDuration) -> SignedDuration {
        let times = self.trouble.as_ref().map_or(1, |trouble| trouble.times.max(1));
        let place = usize::try_from(times - 1).unwrap_or(usize::MAX).min(WAITS.len() - 1);
        WAITS[place].min(every)
    }
}

fn identity(page: &PageWatched) -> String {
    let recipe = [&page.select, &page.remove, &page.mask].map(|lines| lines.join("\n"));
    ContentId::of(format!("{}\n\n{}", page.url, recipe.join("\n\n")).as_bytes()).to_string()
}
