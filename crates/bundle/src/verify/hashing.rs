//! Reading every file once: SHA-256 and CRC-32 in one pass, files spread over threads, the largest first.
//!
//! A large file is read by a second thread while it is hashed, so that one huge member costs no more than its
//! SHA-256. Memory is a few buffers a thread.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use sigu_evidence::{ContentHasher, ContentId};

use super::package::{Package, Source};
use super::tally::Tally;
use super::{Progress, VerifyFault};
use crate::FindingCode;

const BUFFER_BYTES: usize = 1 << 20;
/// From this size on, reading ahead pays for its thread.
const AHEAD_FROM_BYTES: u64 = 4 << 20;
const AHEAD_BUFFERS: usize = 3;
/// With [`AHEAD_BUFFERS`] this keeps all buffers together below 32 MiB.
const MAX_THREADS: usize = 8;

/// What one reading of a file gave.
struct Measured {
    index: usize,
    sha256: ContentId,
    crc32: u32,
    size: u64,
}

/// Hashes all files and compares their CRC-32; gives the digests in the order of the files.
pub(super) fn hash_all(
    package: &Package,
    progress: &(dyn Fn(Progress) + Sync),
    tally: &mut Tally,
) -> Result<Vec<ContentId>, VerifyFault> {
    let mut digests = vec![ContentId::of(b""); package.files.len()];
    let mut wrong = Vec::new();
    for measured in measure_all(package, progress)? {
        let file = &package.files[measured.index];
        if measured.size != file.size {
            return Err(VerifyFault::Changed(file.path.clone()));
        }
        if file.place.is_some_and(|(_, crc32)| crc32 != measured.crc32) {
            wrong.push(measured.index);
        }
        digests[measured.index] = measured.sha256;
    }
    wrong.sort_unstable();
    for index in wrong {
        tally.fail(FindingCode::ZipChecksum, &package.files[index].path);
    }
    Ok(digests)
}

fn measure_all(package: &Package, progress: &(dyn Fn(Progress) + Sync)) -> io::Result<Vec<Measured>> {
    let mut order: Vec<usize> = (0..package.files.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(package.files[*index].size));
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (done, total) = (AtomicU64::new(0), package.total_bytes());
    let tick = |bytes: u64| {
        let done = done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        progress(Progress { done, total });
    };
    let work = || {
        let (mut source, mut results) = (Source::new(package), Vec::new());
        while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            match measure(&mut source, *index, package.files[*index].size, &tick) {
                Ok(measured) => results.push(measured),
                Err(fault) => {
                    stop.store(true, Ordering::Relaxed);
                    return Err(fault);
                }
            }
        }
        Ok(results)
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = if total < AHEAD_FROM_BYTES { 1 } else { cores.min(MAX_THREADS).min(order.len()) };
    let mut all = Vec::with_capacity(order.len());
    thread::scope(|scope| {
        // This thread works too: a small package needs no other.
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        all.extend(work()?);
        for other in others {
            all.extend(other.join().expect("a worker does not panic")?);
        }
        Ok(all)
    })
}

fn measure(source: &mut Source<'_>, index: usize, size: u64, tick: &dyn Fn(u64)) -> io::Result<Measured> {
    let file = source.open(index)?;
    let measured =
        if size < AHEAD_FROM_BYTES { measure_here(file, size, tick) } else { measure_ahead(file, tick) };
    let (sha256, size, crc32) = measured?;
    Ok(Measured { index, sha256, crc32, size })
}

fn measure_here(mut source: impl Read, size: u64, tick: &dyn Fn(u64)) -> io::Result<(ContentId, u64, u32)> {
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1);
    source.read_to_end(&mut bytes)?;
    let mut hasher = ContentHasher::new();
    hasher.update(&bytes);
    tick(bytes.len() as u64);
    let (sha256, size) = hasher.finish();
    Ok((sha256, size, crc32fast::hash(&bytes)))
}

/// Reads and takes the CRC-32 in a thread of its own, and the SHA-256 in this one.
fn measure_ahead(mut source: impl Read + Send, tick: &dyn Fn(u64)) -> io::Result<(ContentId, u64, u32)> {
    let (full_sender, full) = mpsc::sync_channel::<(Vec<u8>, usize)>(AHEAD_BUFFERS);
    let (empty_sender, empty) = mpsc::channel::<Vec<u8>>();
    for _ in 0..AHEAD_BUFFERS {
        empty_sender.send(vec![0; BUFFER_BYTES]).expect("the receiver is held here");
    }
    thread::scope(|scope| {
        let reading = scope.spawn(move || -> io::Result<u32> {
            let mut crc32 = crc32fast::Hasher::new();
            while let Ok(mut buffer) = empty.recv() {
                let filled = fill(&mut source, &mut buffer)?;
                crc32.update(&buffer[..filled]);
                if filled == 0 || full_sender.send((buffer, filled)).is_err() {
                    break;
                }
            }
            Ok(crc32.finalize())
        });
        let mut hasher = ContentHasher::new();
        for (buffer, filled) in full {
            hasher.update(&buffer[..filled]);
            tick(filled as u64);
            // The reading side may have ended already; then the buffer is not needed any more.
            let _ = empty_sender.send(buffer);
        }
        let crc32 = reading.join().expect("the reading thread does not panic")?;
        let (sha256, size) = hasher.finish();
        Ok((sha256, size, crc32))
    })
}

/// Fills the buffer as far as the source goes.
fn fill(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(filled)
}
