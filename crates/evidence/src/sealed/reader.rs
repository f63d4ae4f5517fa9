//! Opening as a [`Read`] adapter: an age v1 file goes in, checked content comes out.
//!
//! Gives out a chunk only after its tag was checked, but a file can still turn out damaged further on:
//! content counts only once the end was reached without an error.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};

use zeroize::{Zeroize, Zeroizing};

use super::SealedError;
use super::header::{FILE_NONCE_BYTES, MAX_HEADER_BYTES};
use super::payload::{CHUNK_BYTES, Opener, TAG_BYTES};
use crate::keys::Identity;

const WHOLE_CHUNK: usize = CHUNK_BYTES + TAG_BYTES;
const HEADER_STEP: usize = 1024;

/// Reads the content of a sealed file; a damaged or shortened file ends in an error, never in an early end.
///
/// Defects are [`io::ErrorKind::InvalidData`] around a [`SealedError`]; errors of the inner reader pass
/// through and may be retried. After a defect every further read reports it again.
pub struct OpenReader<R: Read> {
    inner: R,
    opener: Opener,
    ahead: Vec<u8>,
    plain: Zeroizing<Vec<u8>>,
    given: usize,
    next_index: u64,
    /// Where the next chunk begins, in sealed bytes from the first one. The last chunk may be shorter than the others.
    passed: u64,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    Open,
    Ended,
    Defective(SealedError),
}

impl<R: Read> OpenReader<R> {
    /// Reads header and nonce from `inner` and finds the identity that opens them.
    pub fn new(mut inner: R, identities: &[&Identity]) -> io::Result<Self> {
        let mut ahead = Vec::with_capacity(WHOLE_CHUNK + 1);
        let opener = loop {
            let goal = (ahead.len() + HEADER_STEP).min(MAX_HEADER_BYTES + FILE_NONCE_BYTES);
            let grown = goal > ahead.len() && fill(&mut inner, &mut ahead, goal)?;
            match Opener::open_header(&ahead, identities) {
                Ok((opener, used)) => {
                    ahead.drain(..used);
                    break opener;
                }
                Err(SealedError::HeaderTruncated | SealedError::NonceTruncated) if grown => {}
                Err(defect) => return Err(invalid(defect)),
            }
        };
        let plain = Zeroizing::new(Vec::with_capacity(WHOLE_CHUNK));
        Ok(Self { inner, opener, ahead, plain, given: 0, next_index: 0, passed: 0, state: State::Open })
    }

    /// Opens the next chunk into `plain`; one byte is read beyond it to learn whether it is the last.
    fn advance(&mut self) -> io::Result<()> {
        let more = fill(&mut self.inner, &mut self.ahead, WHOLE_CHUNK + 1)?;
        self.plain.as_mut_slice().zeroize();
        self.plain.clear();
        self.given = 0;
        let chunk = &self.ahead[..self.ahead.len().min(WHOLE_CHUNK)];
        let opened = if chunk.is_empty() {
            Err(SealedError::MissingFinalChunk)
        } else {
            self.opener.open_chunk(self.next_index, !more, chunk, &mut self.plain)
        };
        match opened {
            Ok(()) => {
                let used = chunk.len();
                self.ahead.drain(..used);
                self.next_index += 1;
                self.passed += used as u64;
                self.state = if more { State::Open } else { State::Ended };
                Ok(())
            }
            Err(defect) => {
                self.state = State::Defective(defect);
                Err(invalid(defect))
            }
        }
    }
}

impl<R: Read + Seek> OpenReader<R> {
    /// Goes to a byte of the content, so that the next read begins there: only the chunk it lies in is read, not those
    /// before it. Every chunk is authenticated together with its place, so what is read is right wherever it begins;
    /// what was passed over says nothing about whether it is whole. A place beyond the end reads as damage.
    ///
    /// # Errors
    /// Fails with the inner reader.
    pub fn go_to(&mut self, place: u64) -> io::Result<()> {
        let index = place / CHUNK_BYTES as u64;
        // The inner reader stands behind what was read ahead of the chunk that comes next.
        let next = self.inner.stream_position()? - self.ahead.len() as u64;
        let first = next - self.passed;
        self.passed = index.saturating_mul(WHOLE_CHUNK as u64);
        self.inner.seek(SeekFrom::Start(first.saturating_add(self.passed)))?;
        self.ahead.clear();
        self.plain.as_mut_slice().zeroize();
        self.plain.clear();
        (self.given, self.next_index, self.state) = (0, index, State::Open);
        let within = usize::try_from(place % CHUNK_BYTES as u64).expect("less than a chunk");
        if within > 0 {
            self.advance()?;
            self.given = within.min(self.plain.len());
        }
        Ok(())
    }
}

impl<R: Read> Read for OpenReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        if self.given == self.plain.len() {
            match self.state {
                State::Open => self.advance()?,
                State::Ended => return Ok(0),
                State::Defective(defect) => return Err(invalid(defect)),
            }
        }
        let part = &self.plain[self.given..];
        let taken = part.len().min(out.len());
        out[..taken].copy_from_slice(&part[..taken]);
        self.given += taken;
        Ok(taken)
    }
}

impl<R: Read> fmt::Debug for OpenReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenReader").field("next_index", &self.next_index).finish_non_exhaustive()
    }
}

/// Reads until `buffer` has `goal` bytes; false if the reader ended before. What was read stays on error.
fn fill(inner: &mut impl Read, buffer: &mut Vec<u8>, goal: usize) -> io::Result<bool> {
    let missing = goal.saturating_sub(buffer.len());
    inner.take(missing as u64).read_to_end(buffer)?;
    Ok(buffer.len() >= goal)
}

fn invalid(defect: SealedError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, defect)
}

#[cfg(test)]
mod tests {
    use super::super::seal_bytes;
    use super::*;
    use crate::entropy::repeatable;

    fn key() -> Identity {
        Identity::generate(&mut repeatable(1))
    }

    /// Gives one byte at a time, as a pipe may.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let one = out.len().min(1);
            Read::read(&mut self.0, &mut out[..one])
        }
    }

    #[test]
    fn content_around_chunk_borders_reads_back() {
        let recipients = [key().recipient(); 40];
        for length in [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, CHUNK_BYTES * 2] {
            let content = vec![7; length];
            let sealed = seal_bytes(&content, &recipients, &mut repeatable(2));
            let mut read = Vec::new();
            OpenReader::new(Drip(&sealed), &[&key()]).unwrap().read_to_end(&mut read).unwrap();
            assert_eq!(read, content, "{length}");
        }
    }

    #[test]
    fn reading_from_any_place_gives_what_reading_on_gives() {
        let length = CHUNK_BYTES * 3 + 5;
        let content: Vec<u8> = (0..length).map(|place| (place * 31 / 7) as u8).collect();
        let sealed = seal_bytes(&content, &[key().recipient()], &mut repeatable(2));
        let mut reader = OpenReader::new(io::Cursor::new(&sealed), &[&key()]).unwrap();
        let mut part = [0; 9];
        // Forth and back, around borders of chunks, after a partial read.
        for place in [0, CHUNK_BYTES * 2 - 3, 1, CHUNK_BYTES * 3, CHUNK_BYTES, CHUNK_BYTES - 9, length - 9] {
            reader.go_to(place as u64).unwrap();
            let mut wanted = &content[place..];
            let count = reader.by_ref().take(9).read_to_end(&mut Vec::new()).unwrap();
            assert_eq!(count, wanted.len().min(9), "{place}");
            reader.go_to(place as u64).unwrap();
            let count = wanted.len().min(9);
            reader.read_exact(&mut part[..count]).unwrap();
            wanted = &wanted[..count];
            assert_eq!(part[..count], *wanted, "{place}");
        }
        reader.go_to(7).unwrap();
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, content[7..]);
    }

    #[test]
    fn a_chunk_of_another_place_is_refused_wherever_reading_begins() {
        let content = vec![7; CHUNK_BYTES * 3];
        let mut sealed = seal_bytes(&content, &[key().recipient()], &mut repeatable(2));
        let head = sealed.len() - 3 * WHOLE_CHUNK;
        let (first, rest) = sealed[head..].split_at_mut(WHOLE_CHUNK);
        first.swap_with_slice(&mut rest[..WHOLE_CHUNK]);
        let mut reader = OpenReader::new(io::Cursor::new(&sealed), &[&key()]).unwrap();
        reader.go_to(2 * CHUNK_BYTES as u64).unwrap();
        assert_eq!(reader.read(&mut [0; 5]).unwrap(), 5, "the one that is in its place");
        reader.go_to(CHUNK_BYTES as u64).unwrap();
        assert!(reader.read(&mut [0; 5]).is_err());
        reader.go_to(9).unwrap_err();
    }

    #[test]
    fn a_shortened_file_never_just_ends() {
        let sealed = seal_bytes(&[7; CHUNK_BYTES + 1], &[key().recipient()], &mut repeatable(2));
        for kept in [sealed.len() - 1, sealed.len() - 17, sealed.len() - 18] {
            let mut reader = OpenReader::new(&sealed[..kept], &[&key()]).unwrap();
            let error = reader.read_to_end(&mut Vec::new()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
            assert!(reader.read(&mut [0; 9]).is_err(), "a defect stays");
        }
    }

    #[test]
    fn every_shortened_header_is_refused() {
        let sealed = seal_bytes(b"", &[key().recipient()], &mut repeatable(2));
        for kept in 0..sealed.len() - 16 {
            let error = OpenReader::new(&sealed[..kept], &[&key()]).map(|_| ()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{kept}");
        }
    }
}
