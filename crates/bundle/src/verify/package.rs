//! The package as a list of files, whether it is a ZIP or a folder, and reading them.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};
use std::path::{Path, PathBuf};

use sigu_attestation::drand::MAX_ANSWER_BYTES;
use sigu_evidence::ContentId;

use super::tally::Tally;
use super::{VerifyFault, folder};
use crate::path::{CONTENTS, MANIFEST, Role, TAG_MANIFEST, is_payload};
use crate::{Check, FindingCode, Limits, ZipIndex};

const MAX_ROUND_BYTES: u64 = MAX_ANSWER_BYTES as u64;
const AGE_MAGIC: &[u8] = b"age-encryption.org/v1";

/// One file of the package.
pub(super) struct PackedFile {
    /// The path below the top folder.
    pub(super) path: String,
    /// What the format knows it as, if it does.
    pub(super) role: Option<Role>,
    pub(super) size: u64,
    /// Where it begins in the ZIP, and its CRC-32; `None` in a folder.
    pub(super) place: Option<(u64, u32)>,
}

impl PackedFile {
    pub(super) fn new(path: String, size: u64, place: Option<(u64, u32)>) -> Self {
        Self { role: Role::of(&path), path, size, place }
    }
}

/// A package whose container is sound; its contents are still unread.
pub(super) struct Package {
    base: PathBuf,
    /// The name of the top folder, where the container carries it.
    pub(super) name: Option<String>,
    /// In order of the paths' bytes, no path twice.
    pub(super) files: Vec<PackedFile>,
}

impl Package {
    /// Opens a ZIP or a folder; `None` where the container is so wrong that nothing more can be said.
    pub(super) fn open(path: &Path, limits: &Limits, tally: &mut Tally) -> Result<Option<Self>, VerifyFault> {
        let kind = std::fs::metadata(path)?.file_type();
        if kind.is_dir() {
            let files = folder::scan(path, limits, tally)?;
            return Ok(Some(Self { base: path.to_owned(), name: None, files }));
        }
        if !kind.is_file() {
            return Err(VerifyFault::NotAPackage);
        }
        let mut file = File::open(path)?;
        if is_sealed(&mut file)? {
            return Err(VerifyFault::Sealed);
        }
        let members = match ZipIndex::open(&mut file, limits) {
            Ok(index) => index.into_members(),
            Err(defect) => {
                tally.add(defect.into_finding()?);
                return Ok(None);
            }
        };
        tally.cover(Check::Container, members.len() as u64);
        let Some(name) = top_folder(&members) else {
            tally.add(crate::Finding { code: FindingCode::TopFolder, path: None, detail: None });
            return Ok(None);
        };
        let skip = name.len() + 1;
        let files = members.into_iter().map(|mut member| {
            let path = member.name.split_off(skip);
            PackedFile::new(path, member.size, Some((member.offset, member.crc32)))
        });
        Ok(Some(Self { base: path.to_owned(), name: Some(name), files: files.collect() }))
    }

    /// The place of a path in [`Package::files`].
    pub(super) fn find(&self, path: &str) -> Option<usize> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()
    }

    pub(super) fn total_bytes(&self) -> u64 {
        self.files.iter().fold(0, |sum, file| sum.saturating_add(file.size))
    }

    /// Opens a file through a handle of its own.
    pub(super) fn open_file(&self, index: usize) -> io::Result<Take<File>> {
        let mut source = Source::new(self);
        let bytes = source.seek_to(index)?;
        let file = source.file.expect("seek_to has just opened it");
        Ok(file.take(bytes))
    }
}

/// Reads files of the package one after the other. Each thread has its own.
pub(super) struct Source<'a> {
    package: &'a Package,
    /// The ZIP, kept open; or the last file of the folder.
    file: Option<File>,
}

impl<'a> Source<'a> {
    pub(super) fn new(package: &'a Package) -> Self {
        Self { package, file: None }
    }

    /// Begins to read a file.
    pub(super) fn open(&mut self, index: usize) -> io::Result<Take<&File>> {
        let bytes = self.seek_to(index)?;
        Ok(self.file.as_ref().expect("seek_to has just opened it").take(bytes))
    }

    /// Puts the handle at the first byte of a file; answers how many bytes to read.
    fn seek_to(&mut self, index: usize) -> io::Result<u64> {
        let packed = &self.package.files[index];
        let Some((offset, _)) = packed.place else {
            self.file = Some(File::open(self.package.base.join(&packed.path))?);
            // One byte more is asked for, so that a file that grew is noticed.
            return Ok(packed.size.saturating_add(1));
        };
        if self.file.is_none() {
            self.file = Some(File::open(&self.package.base)?);
        }
        self.file.as_ref().expect("just opened").seek(SeekFrom::Start(offset))?;
        Ok(packed.size)
    }
}

fn is_sealed(file: &mut File) -> io::Result<bool> {
    let mut head = Vec::new();
    file.take(AGE_MAGIC.len() as u64).read_to_end(&mut head)?;
    Ok(head == AGE_MAGIC)
}

/// The one top folder below which all members are.
fn top_folder(members: &[crate::Member]) -> Option<String> {
    let (top, _) = members.first()?.name.split_once('/')?;
    let inside = |name: &str| name.strip_prefix(top).is_some_and(|rest| rest.starts_with('/'));
    members.iter().all(|member| inside(&member.name)).then(|| top.to_owned())
}

/// Reads small files a second time, each only as it was when it was hashed.
pub(super) struct Reader<'a> {
    pub(super) package: &'a Package,
    pub(super) digests: &'a [ContentId],
    limits: &'a Limits,
    source: RefCell<Source<'a>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(package: &'a Package, digests: &'a [ContentId], limits: &'a Limits) -> Self {
        Self { package, digests, limits, source: RefCell::new(Source::new(package)) }
    }

    /// Whether a file is too large for what it is. Contents may have any size.
    pub(super) fn is_too_large(&self, index: usize) -> bool {
        let file = &self.package.files[index];
        let small = self.limits.small_bytes;
        let limit = match file.path.as_str() {
            MANIFEST | TAG_MANIFEST | CONTENTS => self.limits.list_bytes,
            path if is_payload(path) => return false,
            _ => match file.role {
                Some(Role::CheckerPage) => self.limits.page_bytes,
                Some(Role::Stamped(_, stamped)) => stamped.most_bytes().unwrap_or(small).min(small),
                Some(Role::Round(_)) => small.min(MAX_ROUND_BYTES),
                _ => small,
            },
        };
        file.size > limit
    }

    /// The bytes of a small file; `None` for one that is too large, which has its finding already.
    pub(super) fn bytes(&self, index: usize) -> Result<Option<Vec<u8>>, VerifyFault> {
        if self.is_too_large(index) {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(self.small_capacity(index));
        self.source.borrow_mut().open(index)?.read_to_end(&mut bytes)?;
        if ContentId::of(&bytes) == self.digests[index] {
            Ok(Some(bytes))
        } else {
            Err(VerifyFault::Changed(self.package.files[index].path.clone()))
        }
    }

    /// Room for a small file, so that it takes one read.
    fn small_capacity(&self, index: usize) -> usize {
        usize::try_from(self.package.files[index].size.min(self.limits.small_bytes)).unwrap_or_default() + 1
    }

    /// The text of a small file; `None` also where it is not UTF-8.
    pub(super) fn text(&self, index: usize) -> Result<Option<String>, VerifyFault> {
        Ok(self.bytes(index)?.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// A list, to be read line by line; `None` for one that is too large.
    pub(super) fn lines(&self, index: usize) -> io::Result<Option<BufReader<Take<File>>>> {
        if self.is_too_large(index) {
            return Ok(None);
        }
        Ok(Some(BufReader::with_capacity(1 << 16, self.package.open_file(index)?)))
    }

    /// The files with their digests, in order of their paths.
    pub(super) fn hashed(&self) -> impl Iterator<Item = (&'a str, ContentId)> {
        self.package.files.iter().map(|file| file.path.as_str()).zip(self.digests.iter().copied())
    }
}
