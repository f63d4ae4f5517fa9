//! Hashes of ranges of leaves, computed from stored tiles (RFC 6962 §2.1, C2SP tlog-tiles).
//!
//! It reads a tile only as far as the asked size needs, so a tile that has grown since still gives
//! the old answer. It is not a check of the tiles: a damaged one gives a hash that fits no root.

use std::collections::BTreeMap;

use crate::hash::Hash;
use crate::tile::{TILE_WIDTH, TileId};
use crate::tree::{join, tree_root};

/// Says why a proof or a root could not be computed; `E` is the error of the store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E> {
    /// The leaf is not in a tree of that size.
    #[error("leaf {index} is not in a tree of {size} leaves")]
    IndexOutOfRange {
        /// The leaf asked for.
        index: u64,
        /// The size asked for.
        size: u64,
    },
    /// A consistency proof needs 0 < old <= new.
    #[error("there is no consistency proof from {old} to {new} leaves")]
    Sizes {
        /// The earlier size.
        old: u64,
        /// The later size.
        new: u64,
    },
    /// The tile holds fewer hashes than the size demands, or more than a tile can.
    #[error("tile {} {} holds {found} hashes where {needed} to 256 are needed", .tile.level, .tile.index)]
    Width {
        /// The tile that was read.
        tile: TileId,
        /// How many hashes are needed at least.
        needed: usize,
        /// How many it held.
        found: usize,
    },
    /// The store failed to read the tile.
    #[error("a tile could not be read")]
    Read(#[source] E),
}

/// Reads tiles through a closure, each at most once.
pub(crate) struct Ranges<'a, E> {
    read: &'a mut dyn FnMut(TileId) -> Result<Vec<Hash>, E>,
    tiles: BTreeMap<TileId, Vec<Hash>>,
}

impl<'a, E> Ranges<'a, E> {
    pub(crate) fn new(read: &'a mut dyn FnMut(TileId) -> Result<Vec<Hash>, E>) -> Self {
        Self { read, tiles: BTreeMap::new() }
    }

    /// Computes the tree hash over the leaves `start..end`.
    ///
    /// The caller knows that the range is not empty and that `start` is a multiple of the smallest
    /// power of two that covers its length: such ranges, and only they, are subtrees of the tree.
    pub(crate) fn hash(&mut self, start: u64, end: u64) -> Result<Hash, ProveError<E>> {
        let mut subtrees = Vec::new();
        let mut at = start;
        while at < end {
            let height = (end - at).ilog2();
            subtrees.push(self.perfect(height, at >> height)?);
            at += 1 << height;
        }
        Ok(join(subtrees.into_iter()).expect("every caller passes start < end"))
    }

    /// Computes the root of the perfect subtree of `2^height` leaves at `index` of its height.
    fn perfect(&mut self, height: u32, index: u64) -> Result<Hash, ProveError<E>> {
        let width = 1usize << (height % 8);
        let (tile, place) = TileId::containing((height / 8) as u8, index << (height % 8));
        let hashes = self.tile(tile, place + width)?;
        Ok(tree_root(&hashes[place..place + width]))
    }

    fn tile(&mut self, tile: TileId, needed: usize) -> Result<&[Hash], ProveError<E>> {
        if !self.tiles.contains_key(&tile) {
            let hashes = (self.read)(tile).map_err(ProveError::Read)?;
            self.tiles.insert(tile, hashes);
        }
        let hashes = &self.tiles[&tile];
        if !(needed..=TILE_WIDTH).contains(&hashes.len()) {
            return Err(ProveError::Width { tile, needed, found: hashes.len() });
        }
        Ok(hashes)
    }
}
