//! Taking files in: read once, hashed and sealed at the same time, durable before any leaf names them.
//!
//! A big file goes through three threads (read and hash · seal · write); many small files go one to a thread. Memory
//! stays the same whatever the size: a few buffers of 1 MiB.
#![allow(clippy::disallowed_methods, reason = "asks how many threads the machine runs")]

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};

use jiff::Timestamp;
use sigu_evidence::{CHUNK_BYTES, ContentHasher, ContentId, Recipient, Sealer, TAG_BYTES};
use zeroize::Zeroizing;

use crate::disk::{Disk, Op};
use crate::error::{Fault, Result};
use crate::lock::IngestLock;
use crate::os_entropy;
use crate::vault::{Progress, Vault};

/// Where content comes from.
#[derive(Debug)]
pub enum Source {
    /// A regular file.
    File(PathBuf),
    /// Bytes already read, such as a text typed in; wiped by the caller.
    Bytes(Vec<u8>),
    /// A stream of unknown length, such as standard input.
    Stream(StreamSource),
}

/// A reader that can be sent to another thread.
pub struct StreamSource(pub Box<dyn Read + Send>);

impl std::fmt::Debug for StreamSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StreamSource")
    }
}

/// Content that is durable in the vault, but not yet named by any leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingested {
    /// Its id.
    pub content: ContentId,
    /// Its size in bytes.
    pub size: u64,
    /// When the file was last changed, where it was a file.
    pub modified_at: Option<Timestamp>,
    /// Whether its beginning reads as UTF-8 text.
    pub text: bool,
    /// All of it where it has at most [`SHORT`] bytes, to see whether it is a card secret.
    pub short: Option<ShortContent>,
}

/// The longest content, in bytes, that is handed back for a look: 4 KiB.
pub const SHORT: usize = 4 << 10;

/// Content of at most [`SHORT`] bytes: never printed, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct ShortContent(Zeroizing<Vec<u8>>);

impl ShortContent {
    /// Returns its text without blanks around it, where it is UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok().map(str::trim)
    }
}

impl std::fmt::Debug for ShortContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ShortContent({} bytes)", self.0.len())
    }
}

/// Why one source could not be taken in. The others are not affected.
#[derive(Debug, thiserror::Error)]
pub enum SourceFault {
    /// It could not be read.
    #[error("cannot be read: {0}")]
    Read(#[source] io::Error),
    /// It is not a regular file.
    #[error("is not a regular file")]
    NotAFile,
    /// It changed while it was read, so there is no one content to fix.
    #[error("changed while it was read")]
    Changed,
}

/// Bytes read at a time; whole chunks of the sealed form.
const PIECE: usize = 16 * CHUNK_BYTES;
/// Files of at least this size get the three-thread way.
const BIG: u64 = 4 << 20;
/// A sealed file in `incoming/`, not yet durable.
struct Written {
    path: PathBuf,
    ingested: Ingested,
}

impl Vault {
    /// Takes sources in. When it returns, every content answered with `Ok` is durable under its keyed name.
    ///
    /// # Errors
    /// `Err` as a whole only when the vault cannot be written; a source that cannot be read is answered on its own.
    pub fn ingest(
        &self,
        sources: Vec<Source>,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Vec<std::result::Result<Ingested, SourceFault>>> {
        // Damage is met before gigabytes are read, and no old erasure can take away what comes in now.
        drop(self.begin_write()?);
        let _lock = IngestLock::take(&self.layout.incoming().join(".lock"), || self.sweep())?;
        let intake = Intake {
            folder: self.layout.incoming(),
            recipients: self.settings.recipients(),
            disk: self.disk.clone(),
            progress,
        };
        let answers = intake.take_all(sources)?;
        let moves: Vec<(PathBuf, PathBuf)> = answers
            .iter()
            .flatten()
            .map(|written| {
                let name = self.keys.name.name(&written.ingested.content);
                (written.path.clone(), self.layout.blob(&name))
            })
            .collect();
        if let Err(fault) = self.disk.settle(&moves) {
            moves.iter().for_each(|(from, _)| drop(std::fs::remove_file(from)));
            return Err(fault.into());
        }
        Ok(answers.into_iter().map(|answer| answer.map(|written| written.ingested)).collect())
    }

    /// Removes what an interrupted process left in `incoming/`; nobody else is taking files in.
    fn sweep(&self) {
        let Ok(entries) = std::fs::read_dir(self.layout.incoming()) else { return };
        for entry in entries.flatten().filter(|entry| entry.file_name() != ".lock") {
            // What cannot be removed is named by `check`.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

struct Intake<'a> {
    folder: PathBuf,
    recipients: [Recipient; 2],
    disk: Disk,
    progress: &'a (dyn Fn(Progress) + Sync),
}

/// What went wrong with one source: its own fault, or the vault's.
enum Trouble {
    Source(SourceFault),
    Vault(Fault),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Vault(fault)
    }
}

type Answer = std::result::Result<Written, SourceFault>;

impl Intake<'_> {
    fn take_all(&self, sources: Vec<Source>) -> Result<Vec<Answer>> {
        let threads =
            std::thread::available_parallelism().map_or(1, |count| count.get()).min(sources.len()).max(1);
        let answers: Vec<Mutex<Option<std::result::Result<Written, Trouble>>>> =
            sources.iter().map(|_| Mutex::new(None)).collect();
        let queue: Vec<Mutex<Option<Source>>> =
            sources.into_iter().map(|source| Mutex::new(Some(source))).collect();
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(slot) = queue.get(index) else { break };
                        let source = slot.lock().ok().and_then(|mut slot| slot.take());
                        let answer = source.map(|source| self.take(source));
                        if let Ok(mut kept) = answers[index].lock() {
                            *kept = answer;
                        }
                    }
                });
            }
        });
        self.collect(answers)
    }

    fn collect(
        &self,
        answers: Vec<Mutex<Option<std::result::Result<Written, Trouble>>>>,
    ) -> Result<Vec<Answer>> {
        let mut collected = Vec::with_capacity(answers.len());
        let mut fault = None;
        for answer in answers {
            let answer = answer
                .into_inner()
                .ok()
                .flatten()
                .expect("every source is answered by the thread that took it");
            match answer {
                Ok(written) => collected.push(Ok(written)),
                Err(Trouble::Source(trouble)) => collected.push(Err(trouble)),
                Err(Trouble::Vault(trouble)) => fault = Some(trouble),
            }
        }
        let Some(fault) = fault else { return Ok(collected) };
        collected.iter().flatten().for_each(|written| drop(std::fs::remove_file(&written.path)));
        Err(fault.into())
    }

    fn take(&self, source: Source) -> std::result::Result<Written, Trouble> {
        let written = match source {
            Source::File(path) => self.take_file(&path),
            Source::Bytes(bytes) => self.pipe(&mut bytes.as_slice(), bytes.len() as u64),
            Source::Stream(mut stream) => self.pipe(&mut stream.0, u64::MAX),
        }?;
        (self.progress)(Progress { bytes: 0, files: 1 });
        Ok(written)
    }

    fn take_file(&self, path: &Path) -> std::result::Result<Written, Trouble> {
        let unreadable = |source| Trouble::Source(SourceFault::Read(source));
        let mut file = File::open(path).map_err(unreadable)?;
        let before = file.metadata().map_err(unreadable)?;
        if !before.is_file() {
            return Err(Trouble::Source(SourceFault::NotAFile));
        }
        let mut written = self.pipe(&mut file, before.len())?;
        let after = file.metadata().map_err(unreadable)?;
        let same = after.len() == before.len() && after.modified().ok() == before.modified().ok();
        if !same || written.ingested.size != after.len() {
            // Not acknowledged, and swept at the latest by the next intake.
            let _ = std::fs::remove_file(&written.path);
            return Err(Trouble::Source(SourceFault::Changed));
        }
        written.ingested.modified_at = after.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
        Ok(written)
    }

    /// Seals a stream into `incoming/`.
    fn pipe(&self, from: &mut (dyn Read + Send), expected: u64) -> std::result::Result<Written, Trouble> {
        let mut random = [0; 16];
        os_entropy(&mut random);
        let path = self.folder.join(crate::keys::hex(&random));
        let (sealer, header) = Sealer::new(&self.recipients, &mut os_entropy);
        let mut file = self.disk.create_new(&path)?;
        self.disk.write_all(&mut file, &path, &header)?;
        let mut out = Out { disk: &self.disk, file, path: &path };
        let ingested = if expected < BIG {
            self.one_thread(from, &sealer, &mut out)
        } else {
            self.three_threads(from, &sealer, &mut out)
        };
        match ingested {
            Ok(ingested) => Ok(Written { path, ingested }),
            Err(trouble) => {
                // Not acknowledged, and swept at the latest by the next intake.
                let _ = std::fs::remove_file(&path);
                Err(trouble)
            }
        }
    }

    fn one_thread(
        &self,
        from: &mut (dyn Read + Send),
        sealer: &Sealer,
        out: &mut Out<'_>,
    ) -> std::result::Result<Ingested, Trouble> {
        let mut look = Look::default();
        let mut pieces = Pieces::new(from);
        let mut index = 0;
        while let Some(piece) = pieces.next().map_err(|source| Trouble::Source(SourceFault::Read(source)))? {
            look.see(&piece.bytes);
            let sealed = seal_piece(sealer, &mut index, &piece);
            out.write(&sealed)?;
            (self.progress)(Progress { bytes: piece.bytes.len() as u64, files: 0 });
        }
        Ok(look.finish())
    }

    /// Reading and hashing here, sealing and writing on a thread each.
    fn three_threads(
        &self,
        from: &mut (dyn Read + Send),
        sealer: &Sealer,
        out: &mut Out<'_>,
    ) -> std::result::Result<Ingested, Trouble> {
        let (pieces_in, pieces_out) = mpsc::sync_channel::<std::sync::Arc<Piece>>(4);
        let (sealed_in, sealed_out) = mpsc::sync_channel::<Vec<u8>>(4);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut index = 0;
                for piece in pieces_out {
                    if sealed_in.send(seal_piece(sealer, &mut index, &piece)).is_err() {
                        return; // the writer failed and says why
                    }
                }
            });
            let writer =
                scope.spawn(move || sealed_out.into_iter().try_for_each(|sealed| out.write(&sealed)));
            let mut look = Look::default();
            let mut pieces = Pieces::new(from);
            let read = loop {
                match pieces.next() {
                    Ok(Some(piece)) => {
                        let piece = std::sync::Arc::new(piece);
                        if pieces_in.send(piece.clone()).is_err() {
                            break Ok(()); // the writer failed and says why
                        }
                        look.see(&piece.bytes);
                        (self.progress)(Progress { bytes: piece.bytes.len() as u64, files: 0 });
                    }
                    Ok(None) => break Ok(()),
                    Err(source) => break Err(Trouble::Source(SourceFault::Read(source))),
                }
            };
            drop(pieces_in);
            let wrote = writer.join().expect("the writer returns its failures");
            read.and(wrote.map_err(Trouble::Vault)).map(|()| look.finish())
        })
    }
}

/// The file being written.
struct Out<'a> {
    disk: &'a Disk,
    file: File,
    path: &'a Path,
}

impl Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::result::Result<(), Fault> {
        let file = &mut self.file;
        self.disk.run(Op::Write, self.path, || io::Write::write_all(file, bytes))
    }
}

/// A run of whole chunks; only the last may end with a short one.
struct Piece {
    bytes: Vec<u8>,
    last: bool,
}

/// Splits a stream into pieces and knows the last one when it hands it out.
struct Pieces<'a> {
    from: &'a mut (dyn Read + Send),
    ahead: Option<Vec<u8>>,
    done: bool,
}

impl<'a> Pieces<'a> {
    fn new(from: &'a mut (dyn Read + Send)) -> Self {
        Self { from, ahead: None, done: false }
    }

    fn next(&mut self) -> io::Result<Option<Piece>> {
        if self.done {
            return Ok(None);
        }
        let bytes = match self.ahead.take() {
            Some(bytes) => bytes,
            None => self.fill()?,
        };
        let ahead = if bytes.len() == PIECE { self.fill()? } else { Vec::new() };
        self.done = ahead.is_empty();
        self.ahead = (!self.done).then_some(ahead);
        Ok(Some(Piece { bytes, last: self.done }))
    }

    fn fill(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        (&mut self.from).take(PIECE as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

fn seal_piece(sealer: &Sealer, index: &mut u64, piece: &Piece) -> Vec<u8> {
    let chunks = piece.bytes.len().div_ceil(CHUNK_BYTES).max(1);
    let mut sealed = Vec::with_capacity(piece.bytes.len() + chunks * TAG_BYTES);
    for place in 0..chunks {
        let from = place * CHUNK_BYTES;
        let to = (from + CHUNK_BYTES).min(piece.bytes.len());
        sealer.seal_chunk(*index, piece.last && place + 1 == chunks, &piece.bytes[from..to], &mut sealed);
        *index += 1;
    }
    sealed
}

/// Hash, size and beginning of what goes by.
#[derive(Default)]
struct Look {
    hasher: ContentHasher,
    head: Zeroizing<Vec<u8>>,
}

impl Look {
    fn see(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        // The first piece is longer than that or the last, so the buffer never grows and leaves no copy behind.
        let wanted = (SHORT - self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..wanted]);
    }

    fn finish(self) -> Ingested {
        let (content, size) = self.hasher.finish();
        let text = is_text(&self.head);
        let short = (size <= SHORT as u64).then_some(ShortContent(self.head));
        Ingested { content, size, modified_at: None, text, short }
    }
}

/// UTF-8 without NUL; a character cut off at the end is no objection.
fn is_text(head: &[u8]) -> bool {
    let whole = std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
    whole && !head.contains(&0)
}
