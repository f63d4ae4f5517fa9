//! The unpacked form: plain files in plain folders, and nothing else.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

use super::package::PackedFile;
use super::tally::Tally;
use crate::path::is_plain;
use crate::{Check, FindingCode, Limits};

/// Lists the files below `root`, in order of their paths; what is not a plain file becomes a finding.
///
/// Links are never followed. Stops at the limits, which is a finding too.
pub(super) fn scan(root: &Path, limits: &Limits, tally: &mut Tally) -> io::Result<Vec<PackedFile>> {
    let mut scan = Scan { limits, tally, files: Vec::new(), total: 0, entries: 0 };
    // Folders still to be read, by their path below the root.
    let mut open = vec![String::new()];
    while let Some(folder) = open.pop() {
        scan.read_folder(root, &folder, &mut open)?;
    }
    let mut files = scan.files;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    tally.cover(Check::Container, files.len() as u64);
    Ok(files)
}

struct Scan<'a> {
    limits: &'a Limits,
    tally: &'a mut Tally,
    files: Vec<PackedFile>,
    total: u64,
    entries: u64,
}

impl Scan<'_> {
    fn read_folder(&mut self, root: &Path, folder: &str, open: &mut Vec<String>) -> io::Result<()> {
        let mut empty = true;
        for entry in fs::read_dir(root.join(folder))? {
            let entry = entry?;
            empty = false;
            self.entries += 1;
            if self.entries > self.limits.members.saturating_mul(2) {
                self.tally.fail(FindingCode::TooManyFiles, folder);
                open.clear();
                return Ok(());
            }
            if let Some(path) = self.path_of(folder, &entry.file_name()) {
                self.take(path, &entry.metadata()?, open);
            }
        }
        if empty {
            self.tally.fail(FindingCode::EmptyFolder, folder);
        }
        Ok(())
    }

    /// The path of an entry below the root, if it is one the format allows.
    fn path_of(&mut self, folder: &str, name: &OsStr) -> Option<String> {
        let shown = name.to_string_lossy();
        let path = if folder.is_empty() { shown.into_owned() } else { format!("{folder}/{shown}") };
        if name.to_str().is_none() || !is_plain(&path) {
            self.tally.fail(FindingCode::UnsafePath, path);
            return None;
        }
        if path.len() > self.limits.path_bytes {
            self.tally.fail(FindingCode::PathTooLong, path);
            return None;
        }
        Some(path)
    }

    /// `metadata` is that of the entry itself, not of what a link points to.
    fn take(&mut self, path: String, metadata: &fs::Metadata, open: &mut Vec<String>) {
        let kind = metadata.file_type();
        if kind.is_dir() {
            open.push(path);
        } else if !kind.is_file() {
            self.tally.fail(FindingCode::SpecialFile, path);
        } else if self.files.len() as u64 >= self.limits.members {
            self.tally.fail(FindingCode::TooManyFiles, path);
        } else if self.total.saturating_add(metadata.len()) > self.limits.total_bytes {
            self.tally.fail(FindingCode::TooLarge, path);
        } else {
            self.total += metadata.len();
            self.files.push(PackedFile::new(path, metadata.len(), None));
        }
    }
}
