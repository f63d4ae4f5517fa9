//! `vault.seal`: the digest of the database at rest.
//!
//! SQLite pages have bytes that no row owns; nothing in the log speaks of them. So that *every* byte at rest is
//! accounted for, the last writer folds the write-ahead log into the database and writes down its SHA-256, and the
//! next writer checks it before the first change. While a writer is at work, and after a crash, the file says `open`;
//! then the database is judged by the log alone.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sigu_evidence::{ContentHasher, ContentId, RowKey};

use crate::disk::Disk;
use crate::error::{Damage, Fault, Result};
use crate::keys::{hex, parse_hex, read_text};
use crate::layout::Layout;

const LABEL: &str = "seal";
const OPEN: &str = "open";

/// What `vault.seal` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seal {
    /// A writer is at work, or the last one did not close.
    Open,
    /// The database has this digest.
    Closed(ContentId),
}

impl Seal {
    /// Reads and authenticates the file.
    pub(crate) fn load(layout: &Layout, row: &RowKey) -> Result<Self> {
        let path = layout.seal();
        let text = read_text(&path)?;
        let bad = || Damage::file(&path, "not a seal of this vault");
        let (state, mac) = text.strip_suffix('\n').and_then(|text| text.split_once(' ')).ok_or_else(bad)?;
        let mac: [u8; 32] = parse_hex(mac).ok_or_else(bad)?;
        if !row.verify_mac(LABEL, state.as_bytes(), &mac) {
            return Err(bad().into());
        }
        if state == OPEN { Ok(Self::Open) } else { Ok(Self::Closed(state.parse().map_err(|_| bad())?)) }
    }

    /// Writes the file durably.
    pub(crate) fn store(self, layout: &Layout, row: &RowKey, disk: &Disk) -> Result<()> {
        let state = match self {
            Self::Open => OPEN.to_owned(),
            Self::Closed(digest) => digest.to_string(),
        };
        let mac = row.mac(LABEL, state.as_bytes());
        Ok(disk.replace(&layout.seal(), format!("{state} {}\n", hex(&mac)).as_bytes())?)
    }
}

/// Compares the database with its seal; `Ok(false)` when the seal is open.
pub(crate) fn verify(layout: &Layout, row: &RowKey) -> Result<bool> {
    match Seal::load(layout, row)? {
        Seal::Open => Ok(false),
        Seal::Closed(digest) if digest_of(&layout.database())? == digest && !pending(layout) => Ok(true),
        Seal::Closed(_) => Err(Damage::Seal(layout.database()).into()),
    }
}

/// Returns whether a write-ahead log with anything in it lies beside the database.
fn pending(layout: &Layout) -> bool {
    let wal = layout.root().join("vault.db-wal");
    std::fs::metadata(wal).is_ok_and(|metadata| metadata.len() > 0)
}

/// Computes the SHA-256 of a file.
pub(crate) fn digest_of(path: &Path) -> Result<ContentId> {
    let fault = |source| Fault::io("read", path, source);
    let mut file = File::open(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => crate::Error::from(Damage::Missing(path.to_owned())),
        _ => fault(source).into(),
    })?;
    let mut hasher = ContentHasher::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer).map_err(fault)? {
            0 => return Ok(hasher.finish().0),
            count => hasher.update(&buffer[..count]),
        }
    }
}
