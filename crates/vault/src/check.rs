//! `check`: compares everything that is stored with everything it must agree with, and names what does not.
//!
//! Reads only. Damage is an answer here, not an error; an error means the check itself could not be made.

mod content;
mod folder;
mod history;
mod outside;

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use sigu_evidence::Identity;

use crate::disk::Disk;
use crate::error::{Damage, Error, Fault, Refusal, Result};
use crate::keys::Keys;
use crate::layout::Layout;
use crate::seal;
use crate::settings::Settings;
use crate::vault::{Places, Progress, Stop, Vault};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing is wrong with what is stored.
    Notice,
    /// Something is not as it must be.
    Damage,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal $severity:ident,)*) => {
        /// What a check can find.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum FindingCode {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl FindingCode {
            /// All codes, so that a test can see that each has words in both languages.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Returns the code as text.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// Returns how bad it is.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),* }
            }
        }
    };
}

codes! {
    /// A file or folder that no vault has.
    UnexpectedFile = "unexpected-file" Damage,
    /// Left by an interrupted command; never acknowledged, swept by the next one.
    Leftover = "leftover" Notice,
    /// A file every vault has is missing.
    FileMissing = "file-missing" Damage,
    /// A file is not what its writer writes.
    FileDamaged = "file-damaged" Damage,
    /// The database is not the one that was sealed.
    SealBroken = "seal-broken" Damage,
    /// The last writer did not close; the log was compared all the same.
    NotClosed = "not-closed" Notice,
    /// The database cannot be read as one.
    DatabaseDamaged = "database-damaged" Damage,
    /// A leaf is missing, cannot be read, or is out of place.
    LeafDamaged = "leaf-damaged" Damage,
    /// Disclosures cannot be unsealed or do not belong to their leaf.
    DisclosuresDamaged = "disclosures-damaged" Damage,
    /// A tile differs from the tree of the leaves.
    TileDamaged = "tile-damaged" Damage,
    /// A checkpoint's signature or root is wrong, or it is missing.
    CheckpointDamaged = "checkpoint-damaged" Damage,
    /// The log's key is not the one of its genesis leaf.
    LogKeyWrong = "log-key-wrong" Damage,
    /// Projections differ from the log; `rebuild` makes them again.
    ProjectionDiffers = "projection-differs" Damage,
    /// A content named by a leaf is missing.
    BlobMissing = "blob-missing" Damage,
    /// A content has the wrong size or is not what its leaf names.
    BlobDamaged = "blob-damaged" Damage,
    /// A content that no leaf names: left by an interrupted command.
    BlobUnreferenced = "blob-unreferenced" Notice,
    /// An erasure was logged, its file is yet to be removed; the next writer does it.
    ErasureUnfinished = "erasure-unfinished" Notice,
    /// The vault holds less than this machine signed.
    OlderThanSigned = "older-than-signed" Damage,
    /// The vault holds another history than the one this machine signed.
    OtherHistory = "other-history" Damage,
    /// A witness saw more of the log than the vault holds, or another history.
    SeenOtherwise = "seen-otherwise" Damage,
    /// An outsider's answer is missing, or not what its leaf commits to.
    ProofDamaged = "proof-damaged" Damage,
    /// A round of drand that leaves name is missing, or is none.
    RoundDamaged = "round-damaged" Damage,
    /// A leaf claims a time before something it holds could be known: the device's clock was behind.
    ClockBehind = "clock-behind" Notice,
    /// This machine never wrote this log.
    NotWrittenHere = "not-written-here" Notice,
    /// The device's clock went back between two leaves.
    ClockWentBack = "clock-went-back" Notice,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckFinding {
    /// What.
    pub code: FindingCode,
    /// How bad.
    pub severity: Severity,
    /// Where: a file, a leaf, a tile.
    pub place: String,
    /// More, for people who mend it.
    pub detail: Option<String>,
}

/// What a check did and found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// What was found, in the order it was looked at.
    pub findings: Vec<CheckFinding>,
    /// Leaves compared.
    pub leaves: u64,
    /// Checkpoints whose signature and root were compared.
    pub checkpoints: u64,
    /// Contents that are there with the right size.
    pub blobs: u64,
    /// Contents read whole and compared.
    pub blobs_read: u64,
    /// Whether the database at rest equals its seal.
    pub sealed: bool,
}

impl CheckReport {
    /// Returns whether nothing is damaged.
    pub fn clean(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity < Severity::Damage)
    }

    fn add(&mut self, code: FindingCode, place: impl ToString, detail: Option<String>) {
        self.findings.push(CheckFinding {
            code,
            severity: code.severity(),
            place: place.to_string(),
            detail,
        });
    }

    /// Turns damage met on the way into a finding; passes faults on.
    fn note<T>(&mut self, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Error::Damaged(damage)) => {
                self.add_damage(&damage);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    fn add_damage(&mut self, damage: &Damage) {
        match damage {
            Damage::Missing(path) => self.add(FindingCode::FileMissing, name(path), None),
            Damage::File { path, what } if name(path).starts_with("vault.db") => {
                self.add(FindingCode::DatabaseDamaged, name(path), Some(what.clone()));
            }
            Damage::File { path, what } => self.add(FindingCode::FileDamaged, name(path), Some(what.clone())),
            Damage::Seal(path) => self.add(FindingCode::SealBroken, name(path), None),
            Damage::Row { table, key, what } => {
                let code = match *table {
                    "tiles" => FindingCode::TileDamaged,
                    "checkpoints" => FindingCode::CheckpointDamaged,
                    "logs" => FindingCode::LogKeyWrong,
                    "leaves" => FindingCode::LeafDamaged,
                    "proofs" | "outside" => FindingCode::ProofDamaged,
                    "rounds" => FindingCode::RoundDamaged,
                    _ => FindingCode::ProjectionDiffers,
                };
                self.add(code, format!("{table} {key}"), Some(what.clone()));
            }
            Damage::Blob(item) => self.add(FindingCode::BlobDamaged, item, None),
        }
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// How thorough a check is.
#[derive(Debug, Clone, Copy, Default)]
pub struct CheckOptions {
    /// Whether every content is unsealed and hashed, not only looked for.
    pub read_data: bool,
}

/// Checks a vault. `identity` is its vault key or recovery key.
///
/// # Errors
/// Only when the check cannot be made: no vault here, the wrong key, a disk that does not answer.
pub fn check(
    places: &Places,
    identity: &Identity,
    options: CheckOptions,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<CheckReport> {
    check_until(places, identity, options, progress, &Stop::default())
}

/// As [`check`], and ends when `stop` is asked.
///
/// # Errors
/// As [`check`]; refuses to go on once `stop` was asked.
pub fn check_until(
    places: &Places,
    identity: &Identity,
    options: CheckOptions,
    progress: &(dyn Fn(Progress) + Sync),
    stop: &Stop,
) -> Result<CheckReport> {
    let layout = Layout::new(&places.vault);
    let mut report = CheckReport::default();
    folder::look(&layout, &mut report)?;
    let Some(keys) = report.note(Keys::load(&layout, identity))? else { return Ok(report) };
    report.note(Settings::load(&layout, &keys.row))?;
    match seal::verify(&layout, &keys.row) {
        Ok(true) => report.sealed = true,
        Ok(false) => report.add(FindingCode::NotClosed, "vault.db", None),
        Err(error) => drop(report.note::<()>(Err(error))?),
    }
    let broken = report.findings.iter().any(|finding| finding.code == FindingCode::SealBroken);
    let looked = Vault::open(places, identity, Disk::default()).and_then(|vault| {
        let vault = vault.until(stop);
        history::compare(&vault, &mut report)?;
        content::compare(&vault, options, &mut report, progress)
    });
    match looked {
        Ok(()) => {}
        // Not the sealed database: that it cannot be read, or calls itself something else, is one more finding.
        Err(error @ (Error::Fault(Fault::Db(_)) | Error::Refused(Refusal::UnknownFormat(_)))) if broken => {
            report.add(FindingCode::DatabaseDamaged, "vault.db", Some(error.to_string()));
        }
        Err(error) => drop(report.note::<()>(Err(error))?),
    }
    Ok(report)
}

/// The instant a leaf claims; used to see a clock that went back.
fn claimed(at: &str) -> Option<Timestamp> {
    at.parse().ok()
}
