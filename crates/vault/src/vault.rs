//! An open vault: what every operation shares. Keys and the database never leave it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sigu_evidence::{Identity, RowKey};

use crate::disk::Disk;
use crate::error::{Refusal, Result};
use crate::guard::Guard;
use crate::keys::Keys;
use crate::layout::Layout;
use crate::outside::Rounds;
use crate::seal::{self, Seal};
use crate::settings::Settings;
use crate::store::Store;
use crate::{lock, rows};

/// Where a vault lies and where this machine remembers what it signed.
#[derive(Debug, Clone)]
pub struct Places {
    /// The vault's folder.
    pub vault: PathBuf,
    /// A folder outside it, on this machine, for the rollback guard.
    pub state: PathBuf,
}

/// How far a long operation is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes done since the last call.
    pub bytes: u64,
    /// Files done since the last call.
    pub files: u64,
}

/// A word to a long operation that it is to end. Shared: whoever holds a copy may say it.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks the operation to end; it does at the next place where nothing is half done.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Returns whether it was asked.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn heed(&self) -> Result<()> {
        if self.is_asked() { Err(Refusal::Stopped.into()) } else { Ok(()) }
    }
}

/// An open vault.
#[derive(Debug)]
pub struct Vault {
    pub(crate) layout: Layout,
    pub(crate) disk: Disk,
    pub(crate) guard: Guard,
    pub(crate) rounds: Rounds,
    pub(crate) keys: Keys,
    pub(crate) settings: Settings,
    pub(crate) stop: Stop,
    /// `None` only while closing: the database is closed before it is sealed.
    store: Option<Store>,
    /// Whether this process wrote, so that closing seals the database again.
    wrote: AtomicBool,
}

impl Vault {
    /// Opens a vault with its vault key (or recovery key). Reads only; the first write checks the seal.
    ///
    /// # Errors
    /// Refuses a folder without a vault and a key of another vault; reports damage by file.
    pub fn open(places: &Places, identity: &Identity, disk: Disk) -> Result<Self> {
        let layout = Layout::new(&places.vault);
        if !layout.settings().exists() && !layout.database().exists() {
            return Err(Refusal::NoVault(places.vault.clone()).into());
        }
        let keys = Keys::load(&layout, identity)?;
        let settings = Settings::load(&layout, &keys.row)?;
        let store = Store::open(&layout.database())?;
        Ok(Self::assemble(layout, &places.state, disk, keys, settings, store))
    }

    pub(crate) fn assemble(
        layout: Layout,
        state: &Path,
        disk: Disk,
        keys: Keys,
        settings: Settings,
        store: Store,
    ) -> Self {
        let (store, wrote) = (Some(store), AtomicBool::new(false));
        let (guard, rounds) = (Guard::new(state), Rounds::new(state));
        Self { layout, disk, guard, rounds, keys, settings, stop: Stop::default(), store, wrote }
    }

    /// The same vault, whose long operations end when `stop` is asked: check, backup, export.
    #[must_use]
    pub fn until(mut self, stop: &Stop) -> Self {
        self.stop = stop.clone();
        self
    }

    /// Returns the vault's folder.
    pub fn folder(&self) -> &Path {
        self.layout.root()
    }

    /// Returns the public half of the recovery key.
    pub fn recovery_recipient(&self) -> String {
        self.settings.recovery.to_string()
    }

    pub(crate) fn store(&self) -> &Store {
        self.store.as_ref().expect("the store is there until the vault closes")
    }

    /// The key that seals rows, for work on the database's thread.
    pub(crate) fn row_key(&self) -> RowKey {
        RowKey::from_bytes(*self.keys.row.as_bytes())
    }

    /// Takes the write lock and makes sure the database at rest was not changed since the last writer.
    ///
    /// From here until the vault closes the seal says `open`.
    pub(crate) fn begin_write(&self) -> Result<lock::WriteLock> {
        let lock = lock::write_lock(&self.layout.lock())?;
        if seal::verify(&self.layout, &self.keys.row)? {
            Seal::Open.store(&self.layout, &self.keys.row, &self.disk)?;
        }
        self.wrote.store(true, Ordering::Relaxed);
        self.make_room()?;
        self.finish_removals()?;
        Ok(lock)
    }

    /// Returns the logs of the vault, oldest first, as (number, vkey, fingerprint, leaves).
    pub fn logs(&self) -> Result<Vec<(u32, String, String, u64)>> {
        let logs = self.store().call(|connection| rows::logs(connection))?;
        Ok(logs
            .into_iter()
            .map(|log| (log.log, log.key.to_string(), log.key.fingerprint(), log.size))
            .collect())
    }

    /// Returns where the newest log stands: how many leaves it has, and its root in lower-case hex (RFC 6962 §2.1).
    ///
    /// # Errors
    /// Damage in the tiles, or a log this machine signed otherwise.
    pub fn standing(&self) -> Result<(u64, String)> {
        let head = self.head()?;
        let root = head.edge.root().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok((head.log.size, root))
    }

    /// Closes the vault: folds the write-ahead log in and seals the database at rest.
    ///
    /// # Errors
    /// Fails when the seal cannot be written; nothing acknowledged is lost by that, the seal then stays open.
    pub fn close(mut self) -> Result<()> {
        self.finish()
    }

    fn finish(&mut self) -> Result<()> {
        let Some(store) = self.store.take() else { return Ok(()) };
        if !self.wrote.load(Ordering::Relaxed) {
            return Ok(());
        }
        let _lock = lock::write_lock(&self.layout.lock())?;
        let folded = store.fold()?;
        drop(store);
        // Another process still has the database open: it, or the next writer, will seal.
        if !folded || self.layout.root().join("vault.db-wal").exists() {
            return Ok(());
        }
        if Seal::load(&self.layout, &self.keys.row)? == Seal::Open {
            let digest = seal::digest_of(&self.layout.database())?;
            Seal::Closed(digest).store(&self.layout, &self.keys.row, &self.disk)?;
        }
        Ok(())
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        // A vault dropped without `close` after an error: sealing is worth a try, its failure changes nothing.
        let _ = self.finish();
    }
}
