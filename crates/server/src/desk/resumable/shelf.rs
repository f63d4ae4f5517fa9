//! Uploads that are under way, in the state folder: each piece sealed to the vault key and durable before it
//! is acknowledged. At rest neither name nor content of a file can be read.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sigu_evidence::{Identity, open_bytes, seal_bytes};
use sigu_vault::{Error, os_entropy};
use zeroize::Zeroizing;

use crate::keep;
use crate::receiver::App;
use crate::tokens::hex;

/// How long an upload waits for its next piece.
pub(super) const WAITS: SignedDuration = SignedDuration::from_hours(24);
/// Most pieces of one file.
const MAX_PIECES: usize = 16 << 10;

const ABOUT: &str = "about.age";
const BEGUN: &str = "begun.age";
const DONE: &str = "done.age";

/// What was said of a file before its bytes come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct About {
    /// By which door it comes; another door does not see it.
    pub(super) door: String,
    pub(super) order: String,
    /// The slot's code; `None` leaves it to what the file is.
    pub(super) slot: Option<String>,
    pub(super) note: Option<String>,
    pub(super) formed_at: Option<Timestamp>,
    pub(super) secret: bool,
    pub(super) name: String,
    pub(super) size: u64,
    /// When the file was last changed, as the browser says it.
    pub(super) modified_at: Option<Timestamp>,
}

/// All uploads of a vault.
pub(super) struct Shelf {
    folder: PathBuf,
    identity: Identity,
    now: Timestamp,
}

/// One upload.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) about: About,
    folder: PathBuf,
    identity: Identity,
    now: Timestamp,
}

impl Shelf {
    /// The shelf of an app whose vault key is at hand.
    pub(super) fn of(app: &App) -> Result<Self, Error> {
        let identity = app.identity.get()?;
        Ok(Self { folder: app.places.state.join("uploads"), identity, now: (app.now)() })
    }

    /// Finds an upload; an id that is none of ours names nothing.
    pub(super) fn find(&self, id: &str) -> io::Result<Option<Kept>> {
        // It becomes the name of a folder.
        if id.len() != 32 || !id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Ok(None);
        }
        let folder = self.folder.join(id);
        let about = sealed::<About>(&folder.join(ABOUT), &self.identity)?;
        let (identity, now) = (self.identity.clone(), self.now);
        Ok(about.map(|about| Kept { id: id.to_owned(), about, folder, identity, now }))
    }

    /// All that are not finished.
    pub(super) fn open(&self) -> io::Result<Vec<Kept>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        // One that cannot be read is of no use and goes with the next sweep.
        let kept = names.filter_map(|name| self.find(&name).ok().flatten());
        Ok(kept.filter(|one| !one.folder.join(DONE).exists()).collect())
    }

    /// Begins an upload.
    pub(super) fn begin(&self, about: About) -> io::Result<Kept> {
        let mut random = [0; 16];
        os_entropy(&mut random);
        let id = hex(&random);
        let folder = self.folder.join(&id);
        keep::folder(&folder)?;
        let kept = Kept { id, about, folder, identity: self.identity.clone(), now: self.now };
        kept.write(ABOUT, &kept.about)?;
        kept.touch()?;
        Ok(kept)
    }

    /// Holds all uploads while one is begun or old ones go.
    pub(super) fn lock(&self) -> io::Result<File> {
        keep::folder(&self.folder)?;
        keep::lock(&self.folder.with_extension("lock"))
    }

    /// Removes what nobody went on with; finished ones are remembered as long. The lock must be held.
    pub(super) fn sweep(&self) -> io::Result<()> {
        for folder in std::fs::read_dir(&self.folder)?.flatten().map(|entry| entry.path()) {
            if !self.is_old(&folder) {
                continue;
            }
            // A piece that came this moment is under the same lock.
            let _lock = keep::lock(&folder.join("lock"))?;
            if self.is_old(&folder) {
                std::fs::remove_dir_all(&folder)?;
            }
        }
        Ok(())
    }

    /// Whether nothing came for too long; one that was never begun whole counts as old.
    fn is_old(&self, folder: &Path) -> bool {
        let touched = std::fs::metadata(folder.join(ABOUT)).and_then(|known| known.modified());
        let since = touched.ok().and_then(|at| Timestamp::try_from(at).ok());
        since.is_none_or(|since| self.now.duration_since(since) > WAITS)
    }
}

impl Kept {
    /// Holds the upload until the answer is dropped: one request at a time changes it, of any process.
    pub(super) fn lock(&self) -> io::Result<File> {
        keep::lock(&self.folder.join("lock"))
    }

    /// What is said of it now; what has come stays.
    pub(super) fn say(&mut self, about: About) -> io::Result<()> {
        if self.about != about {
            self.write(ABOUT, &about)?;
            self.about = about;
        }
        self.touch()
    }

    /// How many bytes have come, without a gap.
    pub(super) fn offset(&self) -> io::Result<u64> {
        if self.folder.join(DONE).exists() {
            return Ok(self.about.size);
        }
        Ok(self.pieces()?.last().map_or(0, |piece| piece.start + piece.length))
    }

    /// Keeps a piece; it is durable when this returns. `Ok(false)` where there are too many.
    pub(super) fn keep(&self, start: u64, plain: &[u8]) -> io::Result<bool> {
        if self.pieces()?.len() >= MAX_PIECES {
            return Ok(false);
        }
        let name = format!("{start:016x}-{:08x}.piece", plain.len());
        let sealed = seal_bytes(plain, &[self.identity.recipient()], &mut os_entropy);
        keep::replace(&self.folder.join(name), &sealed)?;
        self.touch()?;
        Ok(true)
    }

    /// Its content from the first byte to the last, opened piece by piece.
    pub(super) fn content(&self) -> io::Result<Whole> {
        let files = self.pieces()?.into_iter().map(|piece| (self.folder.join(piece.name), piece.length));
        let files = files.collect::<Vec<_>>().into_iter();
        Ok(Whole { files, identity: self.identity.clone(), now: Zeroizing::default(), at: 0 })
    }

    /// Notes that it is being fixed, and how long the log was before; gives what was noted first.
    pub(super) fn begun(&self, leaves: u64) -> io::Result<(u64, bool)> {
        if let Some(before) = sealed(&self.folder.join(BEGUN), &self.identity)? {
            return Ok((before, true));
        }
        self.write(BEGUN, &leaves)?;
        Ok((leaves, false))
    }

    /// What was answered when it was fixed.
    pub(super) fn done<T: DeserializeOwned>(&self) -> io::Result<Option<T>> {
        sealed(&self.folder.join(DONE), &self.identity)
    }

    /// Notes the answer and removes the pieces: the vault has them now.
    pub(super) fn end(&self, answer: &impl Serialize) -> io::Result<()> {
        self.write(DONE, answer)?;
        for piece in self.pieces()? {
            // What cannot be removed is only in the way until the sweep.
            let _ = std::fs::remove_file(self.folder.join(piece.name));
        }
        Ok(())
    }

    /// Removes it with all that came.
    pub(super) fn remove(&self) -> io::Result<()> {
        std::fs::remove_dir_all(&self.folder)
    }

    /// The pieces that follow one another from the beginning.
    fn pieces(&self) -> io::Result<Vec<Piece>> {
        let names = std::fs::read_dir(&self.folder)?.flatten().map(|entry| entry.file_name());
        let mut all: Vec<Piece> = names.filter_map(|name| Piece::named(name.to_str()?)).collect();
        all.sort_by_key(|piece| piece.start);
        let mut next = 0;
        all.retain(|piece| {
            let fits = piece.start == next;
            next += if fits { piece.length } else { 0 };
            fits
        });
        Ok(all)
    }

    fn write(&self, name: &str, value: &impl Serialize) -> io::Result<()> {
        let plain = Zeroizing::new(serde_json::to_vec(value).map_err(io::Error::other)?);
        let sealed = seal_bytes(&plain, &[self.identity.recipient()], &mut os_entropy);
        keep::replace(&self.folder.join(name), &sealed)
    }

    /// Says by our own clock that it is still wanted.
    fn touch(&self) -> io::Result<()> {
        File::options().append(true).open(self.folder.join(ABOUT))?.set_modified(SystemTime::from(self.now))
    }
}

/// A piece by the name of its file: where it begins and how long it is.
struct Piece {
    start: u64,
    length: u64,
    name: String,
}

impl Piece {
    fn named(name: &str) -> Option<Self> {
        let (start, length) = name.strip_suffix(".piece")?.split_once('-')?;
        let number = |text: &str| u64::from_str_radix(text, 16).ok();
        Some(Self { start: number(start)?, length: number(length)?, name: name.to_owned() })
    }
}

fn sealed<T: DeserializeOwned>(path: &Path, identity: &Identity) -> io::Result<Option<T>> {
    let Some(bytes) = keep::read(path)? else { return Ok(None) };
    let plain = open_bytes(&bytes, &[identity]).map_err(invalid)?;
    serde_json::from_slice(&plain).map(Some).map_err(invalid)
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// All pieces one after the other; one lies open in memory at a time.
pub(super) struct Whole {
    files: std::vec::IntoIter<(PathBuf, u64)>,
    identity: Identity,
    now: Zeroizing<Vec<u8>>,
    at: usize,
}

impl Read for Whole {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.now.len() {
            let Some((path, length)) = self.files.next() else { return Ok(0) };
            let sealed = keep::read(&path)?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
            self.now = open_bytes(&sealed, &[&self.identity]).map_err(invalid)?;
            self.at = 0;
            if self.now.len() as u64 != length {
                return Err(invalid("a piece is not as long as its name says"));
            }
        }
        let count = out.len().min(self.now.len() - self.at);
        out[..count].copy_from_slice(&self.now[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}
