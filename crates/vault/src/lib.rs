//! The join: the only write path, local storage, projections, check, backup and export.
//!
//! A vault is a folder: age files under `blobs/`, one SQLite database, keys. Everything that happened is a leaf of
//! an append-only log; everything else in the database follows from it. `append` is the only place that writes the log.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod append;
mod backup;
mod blobs;
mod book;
mod check;
mod create;
mod disclose;
mod disk;
mod entropy;
mod erase;
mod error;
mod export;
mod guard;
mod ingest;
mod keys;
mod layout;
mod lock;
mod log;
mod outside;
mod projection;
mod rows;
mod seal;
mod search;
mod settings;
mod sheet;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod vault;

pub use backup::{BackupOutcome, RestoreOutcome, adopt, backup, restore};
pub use book::{JobBook, JobClaim, JobId, JobLine};
pub use check::{CheckFinding, CheckOptions, CheckReport, FindingCode, Severity, check, check_until};
pub use create::{NewVault, create};
pub use disclose::MAX_DISCLOSED_CONTENT;
pub use disk::{Disk, Op};
pub use entropy::os_entropy;
pub use erase::Erasure;
pub use error::{Damage, Error, Fault, Refusal, Result};
pub use export::{ExportPlan, ExportSummary, IndexItem, IndexPages, Withhold};
pub use ingest::{Ingested, SHORT, ShortContent, Source, SourceFault, StreamSource};
pub use keys::{KeyFile, read_key_file, replace_recovery, write_key_file};
pub use log::LogEntry;
pub use outside::{Alarm, AlarmSign, Answer, Attestable, NewProof, Proof, ProofFiles, Said};
pub use projection::pages::{PageChanged, PageLast, PageSummary, PageVersion};
pub use projection::{Agenda, OrderSummary};
pub use search::{Found, Hit};
pub use sheet::{Line, Sheet};
pub use vault::{Places, Progress, Stop, Vault};
