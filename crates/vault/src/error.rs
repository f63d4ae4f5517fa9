//! The four things that are never mixed: refusal, fault and damage are values here; a bug is a panic.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// Short for a result with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Why an operation on the vault did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The vault or the case says no; nothing was changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The world failed; nothing was acknowledged.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Stored bytes are not what they must be; nothing more is written.
    #[error(transparent)]
    Damaged(#[from] Damage),
}

/// Why the vault says no.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The case says no.
    #[error(transparent)]
    Case(#[from] sigu_case::Refusal),
    /// There is no vault in this folder.
    #[error("no vault in {0}")]
    NoVault(PathBuf),
    /// The folder holds something already.
    #[error("{0} is not empty")]
    NotEmpty(PathBuf),
    /// The vault was written by a later version.
    #[error("vault format {0} is not known to this version")]
    UnknownFormat(String),
    /// The passphrase does not open the key.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The key is not at hand: the app forgot it until somebody unlocks.
    #[error("the vault is locked")]
    Locked,
    /// A long operation was asked to end before it was done.
    #[error("stopped before it was done")]
    Stopped,
    /// The key does not open this vault.
    #[error("the key does not belong to this vault")]
    WrongKey,
    /// This machine signed more than the vault holds: an older copy was put back.
    #[error("log {log} has {held} leaves, but {signed} were signed on this machine")]
    OlderThanSigned {
        /// The log.
        log: u32,
        /// Leaves in the vault.
        held: u64,
        /// Leaves under the last checkpoint signed on this machine.
        signed: u64,
    },
    /// The vault holds another history than the one this machine signed.
    #[error("log {log} differs from the history signed on this machine at size {signed}")]
    OtherHistory {
        /// The log.
        log: u32,
        /// Leaves under the last checkpoint signed on this machine.
        signed: u64,
    },
    /// This machine has never written this log: it may go on elsewhere.
    #[error("log {log} was not written on this machine")]
    NotWrittenHere {
        /// The log.
        log: u32,
    },
    /// A witness saw more of the log than this vault holds, or another history.
    #[error("witness {} saw log {} otherwise", .0.witness, .0.log)]
    SeenOtherwise(Box<crate::Alarm>),
    /// What an outsider answered is not about the checkpoint it is said to be about.
    #[error("the answer of {source_name} is not about size {size} of log {log}")]
    ForeignProof {
        /// Who was asked.
        source_name: String,
        /// The log.
        log: u32,
        /// The size of the checkpoint.
        size: u64,
    },
    /// The log had no checkpoint of that size.
    #[error("log {log} has no checkpoint at size {size}")]
    NoCheckpoint {
        /// The log.
        log: u32,
        /// The size.
        size: u64,
    },
    /// Another process is writing.
    #[error("another process is writing to the vault")]
    Busy,
    /// No such item.
    #[error("no item {0}")]
    UnknownItem(sigu_case::ItemId),
    /// An item has no such field, or it is erased.
    #[error("item {item} has no field {field}")]
    UnknownField {
        /// The item.
        item: sigu_case::ItemId,
        /// The field.
        field: String,
    },
    /// The content is too large to be disclosed in a file of its own.
    #[error("content of {item} has {size} bytes")]
    ContentTooLarge {
        /// The item.
        item: sigu_case::ItemId,
        /// Its size in bytes.
        size: u64,
    },
    /// Nothing of the order could be exported.
    #[error("order {0} has nothing to export")]
    NothingToExport(sigu_case::OrderId),
    /// There is something at the place to write to.
    #[error("{0} exists already")]
    Exists(PathBuf),
    /// The folder is not a complete backup.
    #[error("{0} is not a complete backup")]
    NoBackup(PathBuf),
    /// The place lies inside the vault.
    #[error("{0} lies inside the vault")]
    InsideVault(PathBuf),
    /// A value that no leaf can hold, such as a file name with control characters.
    #[error("{0}")]
    Entry(String),
    /// Facts in a command's leaf would exceed the size of a leaf.
    #[error("the entry is too large")]
    EntryTooLarge,
    /// The device's clock shows a time that cannot be written.
    #[error("the clock shows {0}, which cannot be written")]
    ImpossibleClock(Timestamp),
}

/// What failed in the world.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A file operation.
    #[error("{op} {path}: {source}")]
    Io {
        /// The operation.
        op: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The database.
    #[error("database: {0}")]
    Db(#[from] rusqlite::Error),
    /// Writing the package failed.
    #[error("writing the package: {0}")]
    Package(String),
    /// The commit failed and it cannot be found out whether it happened.
    #[error("the outcome of the commit is unknown; open the vault again and look")]
    OutcomeUnknown,
}

impl Fault {
    /// Builds the fault of a file operation.
    pub fn io(op: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { op, path: path.to_owned(), source }
    }
}

/// What is not as it must be.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// A file of the vault is missing.
    #[error("{0} is missing")]
    Missing(PathBuf),
    /// A file is not what its writer writes.
    #[error("{path}: {what}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The database at rest is not the one that was sealed.
    #[error("{0} is not as it was sealed")]
    Seal(PathBuf),
    /// A row of the database contradicts the log or cannot be unsealed.
    #[error("{table} {key}: {what}")]
    Row {
        /// The table.
        table: &'static str,
        /// The row.
        key: String,
        /// What is wrong.
        what: String,
    },
    /// A blob is not the content its leaf names.
    #[error("content of {0} is damaged or missing")]
    Blob(sigu_case::ItemId),
}

impl Damage {
    /// Builds the damage of a row.
    pub fn row(table: &'static str, key: impl ToString, what: impl ToString) -> Self {
        Self::Row { table, key: key.to_string(), what: what.to_string() }
    }

    /// Builds the damage of a file.
    pub fn file(path: &Path, what: impl ToString) -> Self {
        Self::File { path: path.to_owned(), what: what.to_string() }
    }
}

macro_rules! through {
    ($($inner:ty => $outer:ident),*) => { $(
        impl From<$inner> for Error {
            fn from(inner: $inner) -> Self { Self::$outer(inner.into()) }
        }
    )* };
}
through!(rusqlite::Error => Fault, sigu_case::Refusal => Refused);
