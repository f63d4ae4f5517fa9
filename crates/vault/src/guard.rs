//! The rollback guard: the last checkpoint each log had signed on this machine, kept outside the vault.
//!
//! A log must not sign a checkpoint inconsistent with one it signed before. Putting an old copy back and going on
//! would do just that. The guard is the signed note itself, so it needs no other authentication. It is written after
//! the commit: it may lag behind the vault, and then must be a prefix of it; it is never ahead.

use std::path::{Path, PathBuf};

use sigu_evidence::ContentId;
use sigu_ledger::{Checkpoint, SignedCheckpoint, VerifyingKey};

use crate::disk::Disk;
use crate::error::{Damage, Fault, Result};

/// Where this machine remembers what it signed.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    folder: PathBuf,
}

impl Guard {
    pub(crate) fn new(state: &Path) -> Self {
        Self { folder: state.join("heads") }
    }

    fn path(&self, key: &VerifyingKey) -> PathBuf {
        self.folder.join(format!("{}.note", ContentId::of(key.name().as_bytes())))
    }

    /// Returns the last checkpoint signed here; `None` if this machine never wrote the log.
    pub(crate) fn last(&self, key: &VerifyingKey) -> Result<Option<Checkpoint>> {
        let path = self.path(key);
        let note = match std::fs::read(&path) {
            Ok(note) => note,
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Fault::io("read", &path, source).into()),
        };
        let signed = SignedCheckpoint::verify(&note, key).map_err(|error| Damage::file(&path, error))?;
        Ok(Some(signed.checkpoint().clone()))
    }

    /// Remembers a checkpoint durably.
    pub(crate) fn remember(&self, key: &VerifyingKey, note: &str, disk: &Disk) -> Result<()> {
        if !self.folder.is_dir() {
            disk.create_folder(&self.folder)?;
        }
        Ok(disk.replace(&self.path(key), note.as_bytes())?)
    }
}
