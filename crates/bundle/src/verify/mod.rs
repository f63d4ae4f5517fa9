//! Checking a package: every rule of the format, each failure named, nothing believed that is not shown.
//!
//! Contents are read once, in parallel, and hashed. Everything else works on digests and on the small files outside
//! `data/`, which are read again one by one and must still have the digest of the first reading; so memory does
//! not grow with the contents.

mod copies;
mod export;
mod folder;
mod hashing;
mod items;
mod leaves;
mod lists;
mod logs;
mod outside;
mod package;
mod papers;
mod structure;
mod tally;

use std::io;
use std::path::Path;

use sigu_ledger::VerifyingKey;

use crate::{Grade, LateDisclosure, Limits, LinkState, NotProved, OutsideTime, Report, Trusted};
use hashing::hash_all;
use leaves::LeafFacts;
use logs::LogFacts;
use package::Package;
use tally::Tally;

/// What the caller brings to a verification.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// How much to read before refusing.
    pub limits: Limits,
    /// The key the reader already knows: its fingerprint (64 hex digits, any case) or its vkey.
    pub root: Option<String>,
    /// What the exporter disclosed after the package.
    pub disclosures: Vec<LateDisclosure>,
    /// Whom the reader believes about time and history.
    pub trusted: Trusted,
}

/// How far the reading is, in bytes of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes hashed so far.
    pub done: u64,
    /// Bytes to hash in all.
    pub total: u64,
}

/// Why a package could not be judged at all; says nothing about the package.
#[derive(Debug, thiserror::Error)]
pub enum VerifyFault {
    /// The file is sealed for a recipient: it is an age file and must be opened first.
    #[error("the package is sealed; open it first")]
    Sealed,
    /// The expected key is neither a fingerprint nor a vkey.
    #[error("the expected key is neither 64 hex digits nor a vkey")]
    ExpectedKey,
    /// The path is neither a file nor a folder.
    #[error("neither a file nor a folder")]
    NotAPackage,
    /// A file changed while it was being verified.
    #[error("{0} changed while it was read")]
    Changed(String),
    /// Something could not be read.
    #[error("cannot read the package")]
    Read(#[from] io::Error),
}

/// Verifies a bundle, as a ZIP or as an unpacked folder.
///
/// Blocks until all is read; `progress` is called from several threads. Whatever is wrong with the package is in the
/// report; an `Err` means that it could not be judged. An unpacked folder is judged by the same rules, except those
/// about the ZIP itself and the name of the top folder.
pub fn verify(
    path: &Path,
    options: &VerifyOptions,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Report, VerifyFault> {
    let expected = options.root.as_deref().map(expected_fingerprint).transpose()?;
    let mut tally = Tally::default();
    let Some(package) = Package::open(path, &options.limits, &mut tally)? else {
        return Ok(report(tally, Vec::new(), Vec::new(), None, 0, 0));
    };
    let digests = hash_all(&package, progress, &mut tally)?;
    let reader = package::Reader::new(&package, &digests, &options.limits);
    let bag_date = structure::check(&reader, &mut tally)?;
    lists::check(&reader, &mut tally)?;
    let mut logs = logs::read(&reader, expected.as_deref(), &mut tally)?;
    let late = leaves::LateByLeaf::new(&options.disclosures, &logs, &mut tally);
    let leaves = leaves::read(&reader, &logs, &late, &mut tally)?;
    logs::check_beginnings(&mut logs, &leaves, &mut tally);
    let export = export::check(&reader, &leaves, bag_date.as_deref(), &mut tally)?;
    if let (Some(at), Some(_)) = (export, &expected) {
        logs::check_expected(&logs, at, &mut tally);
    }
    let mut items = items::check(&reader, leaves, export, &mut tally);
    let outside = outside::read(&reader, &logs, &options.trusted, &mut tally)?;
    let coverage = outside::brackets(&outside, &logs, &mut items, export);
    let (files, bytes) = (package.files.len() as u64, package.total_bytes());
    let mut report = report(tally, logs, items, export, files, bytes);
    for log in &mut report.logs {
        log.stamps = outside.stamps_of(log.number);
    }
    report.rounds = outside.rounds();
    report.outside_time = coverage.outside_time;
    report.grade = grade(&report);
    if report.grade != Grade::Altered {
        report.not_proved.retain(|what| !coverage.shown.contains(what));
    }
    Ok(report)
}

/// Normalises what the reader knows of the key to its fingerprint.
fn expected_fingerprint(text: &str) -> Result<String, VerifyFault> {
    let text = text.trim();
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(text.to_ascii_lowercase());
    }
    VerifyingKey::parse(text).map(|key| key.fingerprint()).map_err(|_| VerifyFault::ExpectedKey)
}

fn report(
    tally: Tally,
    logs: Vec<LogFacts>,
    items: Vec<crate::ItemReport>,
    export: Option<crate::ItemId>,
    files: u64,
    bytes: u64,
) -> Report {
    let (findings, checks) = tally.finish();
    Report {
        grade: Grade::Altered,
        findings,
        logs: logs.into_iter().map(LogFacts::into_report).collect(),
        papers: papers::check(&items),
        copies: copies::check(&items),
        items,
        checks,
        outside_time: OutsideTime::None,
        rounds: Vec::new(),
        not_proved: NotProved::ALL.to_vec(),
        export,
        files,
        bytes,
    }
}

/// The verdict. A key counts as confirmed for logs that a confirmed log continues without a gap.
fn grade(report: &Report) -> Grade {
    if !report.findings.is_empty() {
        return Grade::Altered;
    }
    let mut vouched: Vec<&str> = Vec::new();
    for log in report.logs.iter().rev() {
        if log.key_confirmed {
            vouched.push(&log.origin);
        }
        let joined = log.continues.as_ref().filter(|link| link.state == LinkState::Joined);
        if let Some(link) = joined.filter(|_| vouched.contains(&log.origin.as_str())) {
            vouched.push(&link.origin);
        }
    }
    let all = !report.logs.is_empty() && report.logs.iter().all(|log| vouched.contains(&log.origin.as_str()));
    if all { Grade::KeyConfirmed } else { Grade::Consistent }
}
