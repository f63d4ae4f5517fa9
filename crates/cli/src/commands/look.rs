//! What files that were just fixed say of themselves: kind, times, and what to know before relying on them.
//!
//! The evidence is durable before anything is looked at, and a look changes nothing: neither the bytes nor what the
//! case knows. A time a file claims is told, never taken over.

mod words;

use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sigu_capture::archive::{self, Limits, Report};
use sigu_capture::import::codes::finding;
use sigu_capture::import::{Kind, Looked, Severity, Tools, look};
use sigu_evidence::{ItemManifest, mask_text};

use crate::clock;

pub(super) use words::lines;

/// Of more files than this only the first [`FIRST`] are looked at.
const MANY: usize = 2_000;
const FIRST: usize = 200;
/// Looking may always take this long; beyond it, as long as fixing took.
const PATIENCE: SignedDuration = SignedDuration::from_secs(10);
/// A larger web archive is not checked while fixing, in bytes.
const MAX_ARCHIVE: u64 = 1 << 30;

/// What a look at one file gave.
pub(super) struct Seen {
    looked: Looked,
    archive: Option<Checked>,
    /// The file is a card secret: nothing it says in words is shown.
    secret: bool,
}

/// What a check of a web archive gave.
enum Checked {
    Report(Report),
    TooLarge,
}

/// What looks at many files gave, in the order asked; `None` for what was not looked at.
pub(super) struct Sights {
    pub(super) each: Vec<Option<Seen>>,
    /// Files looked at, and files left out because there are too many or time is up.
    pub(super) looked: usize,
    pub(super) left_out: usize,
}

/// Looks at files that were fixed from `began` on. Standard input, which has no path, is passed over.
pub(super) fn all<'a>(
    files: impl ExactSizeIterator<Item = (Option<&'a PathBuf>, &'a ItemManifest)>,
    began: Timestamp,
) -> Sights {
    let now = clock::now();
    let until = now.saturating_add(now.duration_since(began).max(PATIENCE)).unwrap_or(now);
    let most = if files.len() > MANY { FIRST } else { MANY };
    let tools = tools();
    let mut sights = Sights { each: Vec::new(), looked: 0, left_out: 0 };
    for (path, manifest) in files {
        let seen = match path {
            Some(_) if sights.looked >= most || clock::now() > until => {
                sights.left_out += 1;
                None
            }
            Some(path) => one(path, manifest, &tools, now),
            None => None,
        };
        sights.looked += usize::from(seen.is_some());
        sights.each.push(seen);
    }
    sights
}

/// The programs that help, from the search path.
#[allow(clippy::disallowed_methods, reason = "the edge reads the search path")]
pub(super) fn tools() -> Tools {
    Tools::find(&std::env::var_os("PATH").unwrap_or_default())
}

/// Looks at one file if it is still the one that was fixed.
fn one(path: &Path, manifest: &ItemManifest, tools: &Tools, now: Timestamp) -> Option<Seen> {
    let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let modified = metadata.modified().ok().and_then(|at| Timestamp::try_from(at).ok());
    let modified = modified.map(|at| format!("{at:.3}"));
    if metadata.len() != manifest.size || modified != manifest.modified_at {
        return None;
    }
    let mut file = File::open(path).ok()?;
    let mut looked = look(manifest.file_name.as_deref(), &mut file, Some(path), tools, now);
    let archive = matches!(looked.kind, Kind::Wacz | Kind::Warc).then(|| check(file, manifest.size));
    if let Some(Checked::Report(_)) = archive {
        looked.findings.retain(|found| found.code != finding::TO_VERIFY);
    }
    Some(Seen { looked, archive, secret: manifest.secret })
}

fn check(file: File, size: u64) -> Checked {
    if size > MAX_ARCHIVE {
        return Checked::TooLarge;
    }
    Checked::Report(archive::check(file, &Limits::default()))
}

impl Seen {
    /// Returns whether anything about the file is doubtful, broken or missing.
    pub(super) fn is_doubtful(&self) -> bool {
        let wrong = matches!(&self.archive, Some(Checked::Report(report)) if !report.is_clean());
        wrong || self.looked.findings.iter().any(|found| found.severity >= Severity::Doubt)
    }

    /// Returns whether the file claims a time.
    pub(super) fn claims_a_time(&self) -> bool {
        !self.looked.formed_at.is_empty()
    }

    /// All that was seen; of a secret only what holds none of its words.
    pub(super) fn to_json(&self) -> Value {
        let finding = |found: &sigu_capture::import::Finding| {
            let detail = if self.secret { String::new() } else { mask_text(&found.detail) };
            json!({ "code": found.code, "severity": found.severity, "detail": detail })
        };
        json!({
            "kind": self.looked.kind,
            "media_type": self.looked.media_type,
            "formed_at": self.looked.formed_at,
            "facts": if self.secret { &[] } else { self.looked.facts.as_slice() },
            "findings": self.looked.findings.iter().map(finding).collect::<Vec<Value>>(),
            "archive": self.archive.as_ref().map(Checked::to_json),
        })
    }
}

impl Checked {
    /// How far the archive can be relied on, in one word.
    fn grade(&self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::Report(report) if report.is_clean() => "intact",
            Self::Report(report) if report.is_sound() => "weak",
            Self::Report(_) => "broken",
        }
    }

    fn to_json(&self) -> Value {
        let mut value = match self {
            Self::Report(report) => json!(report),
            Self::TooLarge => json!({}),
        };
        value["grade"] = json!(self.grade());
        value
    }
}
