//! Long work on the whole vault: one at a time, it goes on when nobody looks, and it can be stopped.

mod begun;

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sigu_vault::{BackupOutcome, CheckReport, Disk, Error, Places, Progress, Refusal, Stop, Vault};
use tokio::sync::watch;

use crate::receiver::App;
use crate::refusing::{Said, said};

/// How long a page waits for work that is nearly done, so that small vaults show no progress at all.
const NEARLY: Duration = Duration::from_millis(600);
/// What a folder with a package is called; one that stays behind after a crash is swept by its name.
const PACKAGE: &str = "export-";

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Check,
    Backup,
    Export,
}

impl Kind {
    /// The end of its messages.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Backup => "backup",
            Self::Export => "export",
        }
    }
}

/// A package that waits to be fetched; its folder goes with it.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) folder: PathBuf,
    pub(super) file: PathBuf,
    pub(super) bytes: u64,
}

impl Drop for Package {
    fn drop(&mut self) {
        // What stays behind is swept when the desk opens next.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// How work ended.
#[derive(Debug)]
pub(super) enum Ended {
    Checked {
        report: CheckReport,
        contents: bool,
    },
    BackedUp(BackupOutcome),
    Packed(Package),
    /// Backup that was refused or failed, with the folder that was typed.
    NoBackup {
        typed: String,
        why: Said,
    },
    Stopped,
    Failed(Said),
    /// A fault of ours.
    Broke,
}

/// One long work.
pub(super) struct Work {
    pub(super) id: String,
    pub(super) kind: Kind,
    done: AtomicU64,
    files: AtomicU64,
    /// Bytes in all; 0 while unknown.
    total: AtomicU64,
    stop: Stop,
    ended: Mutex<Option<Ended>>,
    over: watch::Sender<bool>,
}

impl Work {
    /// What the vault tells of its progress.
    pub(super) fn went_on(&self, progress: Progress) {
        self.done.fetch_add(progress.bytes, Ordering::Relaxed);
        self.files.fetch_add(progress.files, Ordering::Relaxed);
    }

    /// Says how much there is to do: all contents.
    pub(super) fn expect_contents(&self, places: &Places) {
        let shards = fs::read_dir(places.vault.join("blobs")).into_iter().flatten().flatten();
        let files = shards.flat_map(|shard| fs::read_dir(shard.path()).into_iter().flatten().flatten());
        let sizes = files.filter_map(|file| file.metadata().ok().map(|meta| meta.len()));
        self.total.store(sizes.sum(), Ordering::Relaxed);
    }

    /// Bytes done, bytes in all, files done.
    pub(super) fn standing(&self) -> (u64, u64, u64) {
        let read = |number: &AtomicU64| number.load(Ordering::Relaxed);
        (read(&self.done), read(&self.total), read(&self.files))
    }

    pub(super) const fn stop(&self) -> &Stop {
        &self.stop
    }

    /// How it ended; `None` while it goes on.
    pub(super) fn ended(&self) -> MutexGuard<'_, Option<Ended>> {
        // It is set once, whole.
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits a moment for the end.
    pub(super) async fn nearly(&self) {
        let mut over = self.over.subscribe();
        // Both mean: show what there is.
        let _ = tokio::time::timeout(NEARLY, over.wait_for(|over| *over)).await;
    }

    fn end(&self, ended: Ended) {
        self.ended().get_or_insert(ended);
        self.over.send_replace(true);
    }
}

/// Ends work that ends otherwise than by an answer.
struct Ending(Arc<Work>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.end(Ended::Broke);
    }
}

/// The long work of one desk.
pub(super) struct Works(Mutex<Option<Arc<Work>>>);

impl Works {
    /// Sweeps what a crash left behind.
    pub(super) fn new(places: &Places) -> Self {
        for entry in fs::read_dir(&places.state).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(PACKAGE) {
                // It is tried again next time.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        Self(Mutex::new(None))
    }

    fn own(&self) -> MutexGuard<'_, Option<Arc<Work>>> {
        // It is replaced whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins work beside the pages; gives its id, or that of the one which goes on already.
    pub(super) fn begin(
        &self,
        kind: Kind,
        run: impl FnOnce(&Work) -> Result<Ended, Error> + Send + 'static,
    ) -> String {
        let mut own = self.own();
        if let Some(going) = own.as_ref().filter(|work| work.ended().is_none()) {
            return going.id.clone();
        }
        let work = Arc::new(Work {
            id: super::secret()[..16].to_owned(),
            kind,
            done: AtomicU64::new(0),
            files: AtomicU64::new(0),
            total: AtomicU64::new(0),
            stop: Stop::default(),
            ended: Mutex::new(None),
            over: watch::channel(false).0,
        });
        *own = Some(work.clone());
        let (id, ending) = (work.id.clone(), Ending(work.clone()));
        // Nobody waits for it: it tells its end itself.
        drop(tokio::task::spawn_blocking(move || {
            let ended = run(&work).unwrap_or_else(|error| match error {
                Error::Refused(Refusal::Stopped) => Ended::Stopped,
                other => Ended::Failed(said(&other)),
            });
            work.end(ended);
            drop(ending);
        }));
        id
    }

    /// The work of this id, if it is the newest.
    pub(super) fn of(&self, id: &str) -> Option<Arc<Work>> {
        self.own().clone().filter(|work| work.id == id)
    }

    /// The work that goes on now.
    pub(super) fn going(&self) -> Option<Arc<Work>> {
        self.own().clone().filter(|work| work.ended().is_none())
    }

    /// Forgets work that is over, and its package with it.
    pub(super) fn put_away(&self) {
        self.own().take_if(|work| work.ended().is_some());
    }

    /// Asks what goes on to end: the desk closes.
    pub(super) fn close(&self) {
        self.put_away();
        if let Some(work) = self.going() {
            work.stop.ask();
        }
    }
}

/// Opens the vault for long work, which keeps a key of its own: the desk may lock meanwhile.
pub(super) fn with_vault<T>(
    app: &App,
    identity: &sigu_evidence::Identity,
    stop: &Stop,
    work: impl FnOnce(&Vault) -> Result<T, Error>,
) -> Result<T, Error> {
    let vault = Vault::open(&app.places, identity, Disk::default())?.until(stop);
    let done = work(&vault);
    let closed = vault.close();
    let done = done?;
    closed?;
    Ok(done)
}

/// A new folder for a package in the state folder.
pub(super) fn package_folder(places: &Places) -> PathBuf {
    places.state.join(format!("{PACKAGE}{}", &super::secret()[..16]))
}
