//! Durable file operations, and the one seam where tests make them fail.
//!
//! A file is durable when its bytes and the folder entry that names it are. For one file: write to `incoming/`,
//! fsync, rename, fsync of the folder. For many: write all, one `syncfs`, rename all, one `syncfs`; the cost of a commit is
//! then paid once for a command, not once for a file.
#![allow(clippy::disallowed_methods, reason = "this is the durable module the house rule points to")]

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::Fault;

/// A durable operation, as fault plans name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Op {
    /// Creating a file.
    Create,
    /// Writing bytes.
    Write,
    /// Making a file's bytes durable.
    SyncFile,
    /// Renaming into place.
    Rename,
    /// Making a folder's entries durable.
    SyncFolder,
    /// Making a whole file system durable.
    SyncAll,
    /// Removing a file.
    Remove,
    /// Committing the database transaction.
    Commit,
}

impl Op {
    const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Write => "write",
            Self::SyncFile | Self::SyncFolder | Self::SyncAll => "sync",
            Self::Rename => "rename",
            Self::Remove => "remove",
            Self::Commit => "commit",
        }
    }
}

/// The file system as the vault uses it.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    #[cfg(feature = "testing")]
    pub(crate) faults: Option<std::sync::Arc<crate::testing::FaultPlan>>,
}

/// From this many files on, one flush of the file system is cheaper than one per file.
const BATCH: usize = 8;

impl Disk {
    /// Runs an operation, or fails in its place as the fault plan says.
    pub(crate) fn run<T>(
        &self,
        op: Op,
        path: &Path,
        act: impl FnOnce() -> io::Result<T>,
    ) -> Result<T, Fault> {
        #[cfg(feature = "testing")]
        if let Some(plan) = &self.faults {
            return plan.run(op, act).map_err(|source| Fault::io(op.name(), path, source));
        }
        act().map_err(|source| Fault::io(op.name(), path, source))
    }

    /// Creates a file that must not exist, readable by its owner alone.
    pub(crate) fn create_new(&self, path: &Path) -> Result<File, Fault> {
        self.run(Op::Create, path, || {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(path)
        })
    }

    pub(crate) fn write_all(&self, file: &mut File, path: &Path, bytes: &[u8]) -> Result<(), Fault> {
        self.run(Op::Write, path, || file.write_all(bytes))
    }

    pub(crate) fn sync_file(&self, file: &File, path: &Path) -> Result<(), Fault> {
        self.run(Op::SyncFile, path, || file.sync_all())
    }

    pub(crate) fn rename(&self, from: &Path, to: &Path) -> Result<(), Fault> {
        self.run(Op::Rename, to, || std::fs::rename(from, to))
    }

    pub(crate) fn sync_folder(&self, folder: &Path) -> Result<(), Fault> {
        self.run(
            Op::SyncFolder,
            folder,
            || {
                if cfg!(windows) { Ok(()) } else { File::open(folder)?.sync_all() }
            },
        )
    }

    pub(crate) fn remove(&self, path: &Path) -> Result<(), Fault> {
        self.run(Op::Remove, path, || std::fs::remove_file(path))
    }

    /// Creates a folder and those above it, readable by its owner alone.
    pub(crate) fn create_folder(&self, path: &Path) -> Result<(), Fault> {
        self.run(Op::Create, path, || {
            let mut builder = std::fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(path)
        })
    }

    /// Replaces a small file durably: after a crash the old bytes or the new are there, never a mixture.
    pub(crate) fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), Fault> {
        let folder = parent(path);
        let mut tail = [0; 6];
        crate::os_entropy(&mut tail);
        let tail: String = tail.iter().map(|byte| format!("{byte:02x}")).collect();
        let temporary = folder.join(format!(".new-{tail}"));
        let written = self.write_new(&temporary, bytes).and_then(|()| self.rename(&temporary, path));
        if let Err(fault) = written {
            // Best effort: the file was never acknowledged, and `check` names what stays behind.
            let _ = std::fs::remove_file(&temporary);
            return Err(fault);
        }
        self.sync_folder(folder)
    }

    /// Writes a file that must not exist and makes its bytes durable (not yet its name).
    pub(crate) fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<(), Fault> {
        let mut file = self.create_new(path)?;
        self.write_all(&mut file, path, bytes)?;
        self.sync_file(&file, path)
    }

    /// Moves written but not yet durable files into place; when it returns, bytes and names are durable.
    ///
    /// If we crash before the renames, only `incoming/` has something; between them, some blobs stand that no leaf
    /// names: harmless, and named by `check`.
    pub(crate) fn settle(&self, moves: &[(PathBuf, PathBuf)]) -> Result<(), Fault> {
        if moves.is_empty() {
            return Ok(());
        }
        let folders: BTreeSet<&Path> = moves.iter().map(|(_, to)| parent(to)).collect();
        for folder in &folders {
            self.create_folder(folder)?;
        }
        self.sync_moved(moves.iter().map(|(from, _)| from.as_path()), moves.len())?;
        for (from, to) in moves {
            self.rename(from, to)?;
        }
        if moves.len() >= BATCH && cfg!(target_os = "linux") {
            return self.sync_file_system(parent(&moves[0].1));
        }
        for folder in folders {
            self.sync_folder(folder)?;
            self.sync_folder(parent(folder))?;
        }
        Ok(())
    }

    fn sync_moved<'a>(&self, files: impl Iterator<Item = &'a Path>, count: usize) -> Result<(), Fault> {
        let mut files = files.peekable();
        if count >= BATCH && cfg!(target_os = "linux") {
            return files.peek().map_or(Ok(()), |first| self.sync_file_system(parent(first)));
        }
        for path in files {
            let file = OpenOptions::new()
                .write(true)
                .open(path)
                .map_err(|source| Fault::io("open", path, source))?;
            self.sync_file(&file, path)?;
        }
        Ok(())
    }

    #[cfg(target_os = "linux")]
    fn sync_file_system(&self, folder: &Path) -> Result<(), Fault> {
        self.run(Op::SyncAll, folder, || Ok(rustix::fs::syncfs(File::open(folder)?)?))
    }

    #[cfg(not(target_os = "linux"))]
    fn sync_file_system(&self, folder: &Path) -> Result<(), Fault> {
        self.sync_folder(folder)
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
