//! One file of a bundle that is being written: its path, its bytes or where they come from, its digests.

use sigu_evidence::ContentId;

use crate::{ItemId, path};

/// A file of the bundle, below the top folder.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The path below the top folder.
    pub path: String,
    /// The bytes, or where to get them.
    pub body: Body,
    /// How many bytes there are.
    pub size: u64,
    /// Their CRC-32.
    pub crc32: u32,
    /// Their SHA-256.
    pub sha256: ContentId,
}

/// Where the bytes of an [`Entry`] come from.
#[derive(Clone, Debug)]
pub enum Body {
    /// From here.
    Bytes(Vec<u8>),
    /// From the content of the item at this position, opened when it is written.
    Item(ItemId),
}

impl Entry {
    /// Makes an entry of bytes in memory, and measures them.
    pub fn bytes(path: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self {
            path: path.into(),
            size: bytes.len() as u64,
            crc32: crc32fast::hash(&bytes),
            sha256: ContentId::of(&bytes),
            body: Body::Bytes(bytes),
        }
    }

    /// Makes the entry of an item's content, measured by the caller; [`crate::Layout::write`] checks the measures.
    ///
    /// `ext` is `[a-z0-9]{1,8}`; [`crate::Draft::new`] refuses another.
    pub fn item(position: ItemId, ext: &str, size: u64, crc32: u32, sha256: ContentId) -> Self {
        Self { path: path::item(position, ext), body: Body::Item(position), size, crc32, sha256 }
    }
}
