//! Where things lie in a vault's folder. Nothing else may lie there; `check` names what does.

use std::path::{Path, PathBuf};

use sigu_evidence::BlobName;

/// The paths of one vault.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What the vault is: format, recipients, creation; authenticated.
    pub(crate) fn settings(&self) -> PathBuf {
        self.root.join("vault.json")
    }

    /// The vault key, plain, under a passphrase, or a pointer to the system's key store.
    pub(crate) fn key(&self) -> PathBuf {
        self.root.join("key")
    }

    /// All other keys, an age file for the vault key and the recovery key.
    pub(crate) fn keys(&self) -> PathBuf {
        self.root.join("keys.age")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.root.join("vault.db")
    }

    /// The digest of the database at rest.
    pub(crate) fn seal(&self) -> PathBuf {
        self.root.join("vault.seal")
    }

    /// Held while the log is written.
    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub(crate) fn blobs(&self) -> PathBuf {
        self.root.join("blobs")
    }

    pub(crate) fn blob(&self, name: &BlobName) -> PathBuf {
        self.blobs().join(name.relative_path())
    }

    /// Half-written files; whatever lies here was never acknowledged.
    pub(crate) fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    /// Names that may stand in the root; the last two are SQLite's while it is open.
    pub(crate) const NAMES: [&'static str; 10] = [
        "vault.json",
        "key",
        "keys.age",
        "vault.db",
        "vault.seal",
        "lock",
        "blobs",
        "incoming",
        "vault.db-wal",
        "vault.db-shm",
    ];
}
