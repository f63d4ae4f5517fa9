//! A ZIP written front to back, without seeking, to anything that takes bytes.

use std::io::{self, Write};

use super::header::{self, Facts};

/// Writes the container as a stream.
///
/// Size and CRC-32 of a member are said before its bytes; the caller then writes exactly that many through
/// [`ZipWriter::write_all`]. Whether they have that checksum is the caller's duty
/// ([`crate::Layout::write`] checks it). The caller also keeps the order of names.
pub struct ZipWriter<W: Write> {
    out: W,
    offset: u64,
    owed: u64,
    directory: Vec<u8>,
    count: u64,
}

impl<W: Write> ZipWriter<W> {
    /// Begins an empty container at the present place of `out`.
    pub fn new(out: W) -> Self {
        Self { out, offset: 0, owed: 0, directory: Vec::new(), count: 0 }
    }

    /// Begins the next member: its bytes follow by [`ZipWriter::write_all`].
    ///
    /// Fails with `InvalidInput` while bytes of the member before are still owed.
    pub fn begin(&mut self, name: &str, size: u64, crc32: u32) -> io::Result<()> {
        if self.owed > 0 || name.len() > usize::from(u16::MAX) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let facts = Facts { name, size, crc32, offset: self.offset };
        let local = header::local(&facts);
        self.out.write_all(&local)?;
        self.directory.extend_from_slice(&header::central(&facts));
        self.offset += local.len() as u64;
        self.owed = size;
        self.count += 1;
        Ok(())
    }

    /// Writes bytes of the current member; fails with `InvalidInput` beyond its announced size.
    pub fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let len = bytes.len() as u64;
        if len > self.owed {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        self.out.write_all(bytes)?;
        self.owed -= len;
        self.offset += len;
        Ok(())
    }

    /// Writes the central directory and gives the stream back; nothing is synced here.
    pub fn finish(mut self) -> io::Result<W> {
        if self.owed > 0 {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        self.out.write_all(&self.directory)?;
        self.out.write_all(&header::end(self.count, self.directory.len() as u64, self.offset))?;
        self.out.flush()?;
        Ok(self.out)
    }
}
