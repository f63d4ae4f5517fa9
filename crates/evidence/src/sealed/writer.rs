//! Sealing as a [`Write`] adapter: content goes in, an age v1 file comes out of the other side.
//!
//! Opens no file and syncs nothing; durability is the inner writer's matter.

use std::fmt;
use std::io::{self, Write};

use zeroize::Zeroizing;

use super::payload::{CHUNK_BYTES, Sealer, TAG_BYTES};
use crate::entropy::Entropy;
use crate::keys::Recipient;

/// Seals what is written to it; the file is complete only after [`finish`](Self::finish).
///
/// Dropped without `finish`, it leaves a file without a last chunk, which every reader refuses: a crash
/// cannot make a short file look whole. After an error of the inner writer it stays failed.
pub struct SealWriter<W: Write> {
    inner: W,
    sealer: Sealer,
    plain: Zeroizing<Vec<u8>>,
    sealed: Vec<u8>,
    next_index: u64,
    failed: bool,
}

impl<W: Write> SealWriter<W> {
    /// Writes header and nonce to `inner`; fails as `inner` does.
    ///
    /// # Panics
    /// As [`Sealer::new`], if there are no recipients or too many.
    pub fn new(mut inner: W, recipients: &[Recipient], entropy: &mut Entropy<'_>) -> io::Result<Self> {
        let (sealer, start) = Sealer::new(recipients, entropy);
        inner.write_all(&start)?;
        let plain = Zeroizing::new(Vec::with_capacity(CHUNK_BYTES));
        let sealed = Vec::with_capacity(CHUNK_BYTES + TAG_BYTES);
        Ok(Self { inner, sealer, plain, sealed, next_index: 0, failed: false })
    }

    /// Writes the last chunk and returns the inner writer, which it does not flush.
    pub fn finish(mut self) -> io::Result<W> {
        self.emit(true)?;
        Ok(self.inner)
    }

    fn emit(&mut self, last: bool) -> io::Result<()> {
        if self.failed {
            return Err(io::Error::other("sealing failed before; the file is incomplete"));
        }
        self.sealed.clear();
        self.sealer.seal_chunk(self.next_index, last, &self.plain, &mut self.sealed);
        self.failed = true;
        self.inner.write_all(&self.sealed)?;
        self.failed = false;
        self.next_index += 1;
        self.plain.clear();
        Ok(())
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits for one more byte, as only then it is known not to be the last.
        if self.plain.len() == CHUNK_BYTES && !bytes.is_empty() {
            self.emit(false)?;
        }
        let taken = bytes.len().min(CHUNK_BYTES - self.plain.len());
        self.plain.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    /// Flushes the inner writer; content short of a full chunk stays here until it is sealed.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write> fmt::Debug for SealWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealWriter").field("next_index", &self.next_index).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SealedError, open_bytes, seal_bytes};
    use super::*;
    use crate::entropy::repeatable;
    use crate::keys::Identity;

    #[test]
    fn pieces_seal_to_the_same_file_as_the_whole() {
        let key = Identity::generate(&mut repeatable(1));
        let content: Vec<u8> = (0..CHUNK_BYTES * 2 + 5).map(|n| (n % 251) as u8).collect();
        for length in [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, CHUNK_BYTES * 2, content.len()] {
            let mut writer = SealWriter::new(Vec::new(), &[key.recipient()], &mut repeatable(2)).unwrap();
            for piece in content[..length].chunks(40_000) {
                writer.write_all(piece).unwrap();
            }
            let whole = seal_bytes(&content[..length], &[key.recipient()], &mut repeatable(2));
            assert_eq!(writer.finish().unwrap(), whole, "{length}");
        }
    }

    #[test]
    fn without_finish_the_file_is_refused() {
        let key = Identity::generate(&mut repeatable(1));
        let mut out = Vec::new();
        let mut writer = SealWriter::new(&mut out, &[key.recipient()], &mut repeatable(2)).unwrap();
        writer.write_all(&[1; CHUNK_BYTES + 1]).unwrap();
        drop(writer);
        assert_eq!(open_bytes(&out, &[&key]), Err(SealedError::MissingFinalChunk));
    }

    #[test]
    fn a_failed_writer_stays_failed() {
        struct Full(usize);
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let key = Identity::generate(&mut repeatable(1));
        let mut writer = SealWriter::new(Full(1000), &[key.recipient()], &mut repeatable(2)).unwrap();
        assert!(writer.write_all(&[1; CHUNK_BYTES + 1]).is_err());
        assert!(writer.write_all(b"x").is_err());
        assert!(writer.finish().is_err());
    }
}
