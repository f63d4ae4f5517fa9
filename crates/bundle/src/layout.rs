//! A finished plan of a bundle, and writing it.

use std::io::{self, Read, Write};

use sigu_evidence::{ContentHasher, ContentId};

use crate::zip::zip_bytes;
use crate::{Body, Entry, ItemId, ZipWriter};

const BUFFER_BYTES: usize = 1 << 20;

/// Every file of a bundle, in the order in which it is written.
#[derive(Clone, Debug)]
pub struct Layout {
    name: String,
    entries: Vec<Entry>,
}

/// Why writing a bundle stopped. What was written so far is not a bundle.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The content of an item could not be opened or read.
    #[error("cannot read the content of {position}")]
    Item {
        /// Which item.
        position: ItemId,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// The content of an item no longer has the size, CRC-32 and SHA-256 that were announced, and logged.
    #[error("the content of {0} is not the one that was announced")]
    ItemChanged(ItemId),
    /// The bundle could not be written.
    #[error("cannot write the package")]
    Write(#[source] io::Error),
}

impl Layout {
    pub(crate) fn new(name: String, entries: Vec<Entry>) -> Self {
        Self { name, entries }
    }

    /// The name of the top folder, which the file carries with `.zip`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The files, in order of their paths.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The exact size of the ZIP that [`Layout::write`] makes.
    pub fn total_bytes(&self) -> u64 {
        let names: Vec<String> = self.entries.iter().map(|e| self.full_path(e)).collect();
        zip_bytes(names.iter().map(String::as_str).zip(self.entries.iter().map(|e| e.size)))
    }

    /// Writes the ZIP to `out` and gives `out` back; the same layout gives the same bytes.
    ///
    /// `open_item` is asked once for each item, in order. `progress` hears how many bytes of content were written
    /// since it was last called. Nothing is synced to disk here.
    pub fn write<W: Write>(
        &self,
        out: W,
        open_item: &mut dyn FnMut(ItemId) -> io::Result<Box<dyn Read>>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<W, WriteError> {
        let mut zip = ZipWriter::new(out);
        for entry in &self.entries {
            zip.begin(&self.full_path(entry), entry.size, entry.crc32).map_err(WriteError::Write)?;
            match &entry.body {
                Body::Bytes(bytes) => {
                    zip.write_all(bytes).map_err(WriteError::Write)?;
                    progress(entry.size);
                }
                Body::Item(position) => {
                    let item = open_item(*position)
                        .map_err(|source| WriteError::Item { position: *position, source })?;
                    write_item(&mut zip, entry, *position, item, progress)?;
                }
            }
        }
        zip.finish().map_err(WriteError::Write)
    }

    fn full_path(&self, entry: &Entry) -> String {
        format!("{}/{}", self.name, entry.path)
    }
}

/// Streams one item and measures it on the way; one byte more than announced is noticed before it is written.
fn write_item<W: Write>(
    zip: &mut ZipWriter<W>,
    entry: &Entry,
    position: ItemId,
    mut item: Box<dyn Read>,
    progress: &mut dyn FnMut(u64),
) -> Result<(), WriteError> {
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut measure = Measure::default();
    loop {
        let read = match item.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
            Err(source) => return Err(WriteError::Item { position, source }),
        };
        measure.update(&buffer[..read]);
        if measure.size > entry.size {
            return Err(WriteError::ItemChanged(position));
        }
        zip.write_all(&buffer[..read]).map_err(WriteError::Write)?;
        progress(read as u64);
    }
    if measure.finish() == (entry.size, entry.crc32, entry.sha256) {
        Ok(())
    } else {
        Err(WriteError::ItemChanged(position))
    }
}

/// Size, CRC-32 and SHA-256 of a stream, in one pass.
#[derive(Default)]
struct Measure {
    size: u64,
    crc32: crc32fast::Hasher,
    sha256: ContentHasher,
}

impl Measure {
    fn update(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.crc32.update(bytes);
        self.sha256.update(bytes);
    }

    fn finish(self) -> (u64, u32, ContentId) {
        (self.size, self.crc32.finalize(), self.sha256.finish().0)
    }
}
