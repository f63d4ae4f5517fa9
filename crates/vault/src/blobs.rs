//! Reading blobs back: each is an age file; what comes out is compared with what the log says.

use std::fs::File;
use std::io::{self, Read};

use sigu_case::ItemId;
use sigu_evidence::{BlobName, ContentHasher, ContentId, Identity, ItemManifest, OpenReader};

use crate::error::{Damage, Fault, Result};
use crate::layout::Layout;
use crate::vault::{Stop, Vault};

/// A blob's plain bytes, as a stream that fails on the first byte that is not authentic.
pub(crate) type BlobReader = OpenReader<File>;

/// Opens a blob.
pub(crate) fn open(layout: &Layout, name: &BlobName, identity: &Identity) -> io::Result<BlobReader> {
    OpenReader::new(File::open(layout.blob(name))?, &[identity])
}

/// What a whole blob turned out to be.
pub(crate) struct Read1 {
    pub(crate) content: ContentId,
    pub(crate) size: u64,
    pub(crate) crc32: u32,
}

/// Reads a blob to its end, or until `stop` is asked. `progress` gets the bytes as they come.
fn read_whole(mut reader: BlobReader, progress: &dyn Fn(u64), stop: &Stop) -> io::Result<Read1> {
    let mut hasher = ContentHasher::new();
    let mut crc = crc32fast::Hasher::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        if stop.is_asked() {
            return Err(io::Error::other("stopped"));
        }
        let count = reader.read(&mut buffer)?;
        if count == 0 {
            let (content, size) = hasher.finish();
            return Ok(Read1 { content, size, crc32: crc.finalize() });
        }
        hasher.update(&buffer[..count]);
        crc.update(&buffer[..count]);
        progress(count as u64);
    }
}

impl Vault {
    /// Reads an item's content through a check against its manifest; `None` progress costs nothing.
    pub(crate) fn verify_blob(
        &self,
        item: ItemId,
        manifest: &ItemManifest,
        progress: &dyn Fn(u64),
    ) -> Result<Read1> {
        let name = self.keys.name.name(&manifest.content);
        let read = open(&self.layout, &name, &self.keys.vault)
            .and_then(|reader| read_whole(reader, progress, &self.stop));
        // Whatever was read of it so far says nothing.
        self.stop.heed()?;
        match read {
            Ok(read) if read.content == manifest.content && read.size == manifest.size => Ok(read),
            Ok(_) => Err(Damage::Blob(item).into()),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
                ) =>
            {
                Err(Damage::Blob(item).into())
            }
            Err(source) => Err(Fault::io("read", &self.layout.blob(&name), source).into()),
        }
    }
}

/// How many threads to read with.
#[allow(clippy::disallowed_methods, reason = "asks how many threads the machine runs")]
pub(crate) fn threads(files: usize) -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get()).min(files).max(1)
}
