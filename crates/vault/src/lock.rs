//! One writer at a time, across processes; and who may sweep `incoming/`.
#![allow(clippy::disallowed_methods, reason = "lock files hold no bytes; a wait for a lock needs a clock")]

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::{Fault, Refusal, Result};

/// How long a writer waits for another before it says so.
const PATIENCE: Duration = Duration::from_secs(30);

/// Held while the log is written; released when dropped or when the process dies.
#[derive(Debug)]
pub(crate) struct WriteLock {
    _file: File,
}

/// Waits for the write lock, at most [`PATIENCE`].
pub(crate) fn write_lock(path: &Path) -> Result<WriteLock> {
    let file = open(path)?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(WriteLock { _file: file }),
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(5))
            }
            Err(TryLockError::WouldBlock) => return Err(Refusal::Busy.into()),
            Err(TryLockError::Error(source)) => return Err(Fault::io("lock", path, source).into()),
        }
    }
}

/// Held while files are taken in; several processes may hold it at once.
#[derive(Debug)]
pub(crate) struct IngestLock {
    file: File,
}

impl IngestLock {
    /// Takes the shared lock; `sweep` runs first if nobody else is taking files in.
    pub(crate) fn take(path: &Path, sweep: impl FnOnce()) -> Result<Self> {
        let file = open(path)?;
        if file.try_lock().is_ok() {
            sweep();
            file.unlock().map_err(|source| Fault::io("unlock", path, source))?;
        }
        file.lock_shared().map_err(|source| Fault::io("lock", path, source))?;
        Ok(Self { file })
    }
}

impl Drop for IngestLock {
    fn drop(&mut self) {
        // The lock ends with the file in any case.
        let _ = self.file.unlock();
    }
}

fn open(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(path).map_err(|source| Fault::io("open", path, source))?)
}
