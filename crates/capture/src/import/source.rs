//! Bytes of a file read by seeking, in bounded pieces.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// A file that is looked at; a failure to read is remembered and told once.
pub(super) struct Source<'a, R> {
    inner: &'a mut R,
    /// Where the same bytes lie, for programs that need a file.
    pub(super) path: Option<&'a Path>,
    pub(super) len: u64,
    pub(super) failed: Option<io::ErrorKind>,
}

impl<'a, R: Read + Seek> Source<'a, R> {
    pub(super) fn new(inner: &'a mut R, path: Option<&'a Path>) -> Self {
        let (len, failed) = match inner.seek(SeekFrom::End(0)) {
            Ok(len) => (len, None),
            Err(error) => (0, Some(error.kind())),
        };
        Self { inner, path, len, failed }
    }

    /// At most `most` bytes from `at`; fewer at the end or when reading fails.
    pub(super) fn read(&mut self, at: u64, most: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        let most = most.min(self.len.saturating_sub(at));
        let done = self
            .inner
            .seek(SeekFrom::Start(at))
            .and_then(|_| (&mut *self.inner).take(most).read_to_end(&mut bytes));
        if let Err(error) = done {
            self.failed = Some(error.kind());
        }
        bytes
    }

    /// A reader from the start that ends after `most` bytes.
    pub(super) fn reader(&mut self, most: u64) -> io::Take<&mut R> {
        if let Err(error) = self.inner.seek(SeekFrom::Start(0)) {
            self.failed = Some(error.kind());
        }
        (&mut *self.inner).take(most)
    }
}
