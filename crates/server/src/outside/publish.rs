//! A log laid out as static files (C2SP tlog-tiles), in a folder or behind S3: `checkpoint`, `tile/<L>/<N>[.p/<W>]` and
//! `tile/entries/<N>[.p/<W>]`.
//!
//! Anybody can then follow the log and compare it with what they were shown. What is published are leaves, which hold
//! salted digests and no value, but also how many entries there are and when they were made.
//!
//! Files but the checkpoint are made once and never changed; the checkpoint goes last, so that whoever reads it finds all
//! that it is about. A log that was put back or has a second history is noticed here as by a witness. One program
//! publishes to one place at a time.

mod shelf;

use std::collections::VecDeque;

use futures_util::future::{BoxFuture, join_all};
use sigu_ledger::{
    Hash, MAX_LEAF_BYTES, SignedCheckpoint, TileId, VerifyingKey, encode_tile, entries_path, leaf_hash,
    tile_width, tiles_of,
};

pub use shelf::Shelf;

/// How many files are written at once.
const AT_ONCE: usize = 16;
const CHECKPOINT: &str = "checkpoint";

/// Reads the log that is published; each answers with words where the vault cannot.
pub struct Source<'a> {
    /// The first hashes of a tile, as many as asked.
    #[allow(clippy::type_complexity, reason = "three closures instead of a trait with one implementor")]
    pub tile: Box<dyn FnMut(TileId, u16) -> BoxFuture<'a, Result<Vec<Hash>, String>> + Send + 'a>,
    /// The leaves `index·256` and following, as many as asked, byte for byte.
    #[allow(clippy::type_complexity, reason = "as above")]
    pub entries: Box<dyn FnMut(u64, u16) -> BoxFuture<'a, Result<Vec<Vec<u8>>, String>> + Send + 'a>,
    /// The root of the log when it had so many leaves.
    pub root: Box<dyn FnMut(u64) -> BoxFuture<'a, Result<Hash, String>> + Send + 'a>,
}

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Source")
    }
}

/// Says what was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// The size that was there before; 0 if nothing.
    pub before: u64,
    /// How many files were made, the checkpoint not counted.
    pub made: usize,
}

/// Says why nothing was published, or not all. The checkpoint is the old one then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// Refused: not an address `s3://bucket/prefix`.
    #[error("not an address of the form s3://bucket/prefix")]
    Address,
    /// Refused: a setting of the bucket that is not known.
    #[error("{0} is not a setting of a bucket")]
    Setting(String),
    /// **Alarm.** More is published than is signed here: this log was put back. Stop signing.
    #[error("{size} entries are published already: this log was put back")]
    Ahead {
        /// What is published.
        size: u64,
    },
    /// **Alarm.** Another history is published under the key of this log. Stop signing.
    #[error("another history of {size} entries is published")]
    Fork {
        /// What is published.
        size: u64,
    },
    /// Refused: the checkpoint there is none of this log.
    #[error("the checkpoint that is published is not of this log")]
    Foreign,
    /// A file that never changes is there with other bytes.
    #[error("{path} is published with other bytes")]
    Differs {
        /// Its path.
        path: String,
    },
    /// The vault cannot give what is published, or gives what does not fit its own checkpoint.
    #[error("the log cannot be read: {0}")]
    Source(String),
    /// The folder or the bucket failed.
    #[error("cannot be published: {0}")]
    Store(String),
}

/// Publishes a signed checkpoint with all it is about; what is there already is not read again.
///
/// `log` is the key under which the published checkpoint must be signed; `cosignatures` are signature lines of witnesses,
/// or empty.
///
/// # Errors
/// Says why not. Files that were made before the failure stay, and are taken as they are the next time.
pub async fn publish(
    shelf: &Shelf,
    log: &VerifyingKey,
    signed: &SignedCheckpoint,
    cosignatures: &str,
    source: &mut Source<'_>,
) -> Result<Published, PublishError> {
    let new = signed.checkpoint();
    let before = compare(shelf, log, signed, source).await?;
    let mut made = 0;
    let mut files = VecDeque::new();
    for (id, width) in tiles_of(new.size).filter(|(id, width)| tile_width(*id, before) != *width) {
        let hashes = (source.tile)(id, width).await.map_err(PublishError::Source)?;
        if hashes.len() != usize::from(width) {
            return Err(PublishError::Source(format!("{} is short", id.path(width))));
        }
        if id.level == 0 {
            let bytes = bundle(source, id.index, &hashes).await?;
            files.push_back((entries_path(id.index, width), bytes));
        }
        files.push_back((id.path(width), encode_tile(&hashes)));
        if files.len() >= AT_ONCE {
            made += write(shelf, &mut files).await?;
        }
    }
    made += write(shelf, &mut files).await?;
    let note = signed.note().to_owned() + cosignatures;
    shelf.replace(CHECKPOINT, note.into_bytes()).await?;
    Ok(Published { before, made })
}

/// Compares with what is published, and the log with its own checkpoint; gives the size that is there.
async fn compare(
    shelf: &Shelf,
    log: &VerifyingKey,
    signed: &SignedCheckpoint,
    source: &mut Source<'_>,
) -> Result<u64, PublishError> {
    let new = signed.checkpoint();
    if (source.root)(new.size).await.map_err(PublishError::Source)? != new.root {
        return Err(PublishError::Source("its root is not that of its checkpoint".to_owned()));
    }
    let Some(there) = shelf.read(CHECKPOINT).await? else { return Ok(0) };
    let there = SignedCheckpoint::verify(&there, log).map_err(|_| PublishError::Foreign)?;
    let there = there.checkpoint();
    if there.size > new.size {
        return Err(PublishError::Ahead { size: there.size });
    }
    if (source.root)(there.size).await.map_err(PublishError::Source)? != there.root {
        return Err(PublishError::Fork { size: there.size });
    }
    Ok(there.size)
}

/// The leaves of one tile, each with its length (C2SP tlog-tiles, "Log Entries"). What does not hash to the tile is not
/// published.
async fn bundle(source: &mut Source<'_>, index: u64, hashes: &[Hash]) -> Result<Vec<u8>, PublishError> {
    let width = u16::try_from(hashes.len()).unwrap_or(u16::MAX);
    let leaves = (source.entries)(index, width).await.map_err(PublishError::Source)?;
    let right = leaves.len() == hashes.len()
        && leaves.iter().zip(hashes).all(|(leaf, hash)| leaf_hash(leaf) == *hash);
    let mut bytes = Vec::new();
    for leaf in &leaves {
        let length = u16::try_from(leaf.len()).ok().filter(|_| right && leaf.len() <= MAX_LEAF_BYTES);
        let length =
            length.ok_or_else(|| PublishError::Source(format!("leaves of tile {index} do not fit")))?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(leaf);
    }
    if right { Ok(bytes) } else { Err(PublishError::Source(format!("leaves of tile {index} do not fit"))) }
}

async fn write(shelf: &Shelf, files: &mut VecDeque<(String, Vec<u8>)>) -> Result<usize, PublishError> {
    let writing = files.drain(..).map(|(path, bytes)| shelf.create(path, bytes));
    let done = join_all(writing).await.into_iter().collect::<Result<Vec<bool>, _>>()?;
    Ok(done.into_iter().filter(|made| *made).count())
}
