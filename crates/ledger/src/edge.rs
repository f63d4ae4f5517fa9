//! The right edge of a growing tree: all that a writer must hold to append and to know its root.
//!
//! Per level it keeps the hashes of the unfinished tile, at most 255, so its memory does not grow
//! with the log. It is not a store: the changed tiles are handed out, and whoever takes them makes
//! them durable in the same transaction as the leaves. C2SP tlog-tiles; RFC 6962 §2.1.

use crate::hash::{Hash, empty_root};
use crate::tile::{LEVELS, TILE_WIDTH, TileId, tile_width};
use crate::tree::{join, tree_root};

/// The most leaves a log can have: `seq` stays an exact integer in JSON (0..=2^53-1).
pub const MAX_TREE_SIZE: u64 = 1 << 53;

/// Says why the right edge could not be loaded; `E` is the error of the store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError<E> {
    /// The size is above `MAX_TREE_SIZE`.
    #[error("a tree of {size} leaves is larger than this format allows")]
    TooLarge {
        /// The size asked for.
        size: u64,
    },
    /// The tile is not as wide as the size demands; the store is damaged or the size is not its own.
    #[error("tile {} {} holds {found} hashes where the size demands {expected}", .tile.level, .tile.index)]
    Width {
        /// The tile that was read.
        tile: TileId,
        /// How many hashes it must hold.
        expected: usize,
        /// How many it held.
        found: usize,
    },
    /// The store failed to read the tile.
    #[error("a tile could not be read")]
    Read(#[source] E),
}

/// Holds the unfinished tiles of a tree, one per level, and appends leaves to it.
#[derive(Clone, Debug, Default)]
pub struct RightEdge {
    size: u64,
    levels: Vec<Level>,
    finished: Vec<(TileId, Vec<Hash>)>,
}

#[derive(Clone, Debug, Default)]
struct Level {
    index: u64,
    hashes: Vec<Hash>,
    changed: bool,
}

impl RightEdge {
    /// Starts an empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Loads the edge of a tree of `size` leaves, reading its one partial tile at each level.
    ///
    /// `read` is called only for tiles that exist and are partial at that size; a tile of any other
    /// width is refused. The root is not checked: compare it with the last signed checkpoint.
    pub fn load<E>(
        size: u64,
        read: &mut dyn FnMut(TileId) -> Result<Vec<Hash>, E>,
    ) -> Result<Self, LoadError<E>> {
        if size > MAX_TREE_SIZE {
            return Err(LoadError::TooLarge { size });
        }
        let mut levels = Vec::new();
        for level in (0..LEVELS).take_while(|level| size >> (8 * u32::from(*level)) > 0) {
            let index = (size >> (8 * u32::from(level))) / TILE_WIDTH as u64;
            let tile = TileId { level, index };
            let expected = usize::from(tile_width(tile, size));
            let hashes = if expected == 0 { Vec::new() } else { read(tile).map_err(LoadError::Read)? };
            if hashes.len() != expected {
                return Err(LoadError::Width { tile, expected, found: hashes.len() });
            }
            levels.push(Level { index, hashes, changed: false });
        }
        Ok(Self { size, levels, finished: Vec::new() })
    }

    /// Appends one leaf hash; it becomes leaf number `size()` as it was before the call.
    ///
    /// Finished tiles are kept in memory (8 KiB per 256 leaves) until `take_changed` is called.
    pub fn append(&mut self, leaf: Hash) {
        // `load` bounds the size by 2^53 and a machine cannot append 2^63 times.
        self.size += 1;
        let mut carried = Some(leaf);
        let mut level = 0;
        while let Some(hash) = carried {
            if level == self.levels.len() {
                self.levels.push(Level::default());
            }
            carried = self.levels[level].push(hash, level as u8, &mut self.finished);
            level += 1;
        }
    }

    /// Returns the number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Computes the root of the tree as it stands; at most 255 node hashes per level.
    pub fn root(&self) -> Hash {
        let subtrees: Vec<Hash> =
            self.levels.iter().rev().flat_map(|level| perfect_subtrees(&level.hashes)).collect();
        join(subtrees.into_iter()).unwrap_or_else(empty_root)
    }

    /// Takes every tile whose content changed since the last call, ordered by `TileId`.
    ///
    /// A finished tile appears once, with 256 hashes; an unfinished one with what it holds now, to be
    /// written over its narrower self. After `load`, nothing has changed.
    pub fn take_changed(&mut self) -> Vec<(TileId, Vec<Hash>)> {
        let mut tiles = std::mem::take(&mut self.finished);
        for (level, state) in self.levels.iter_mut().enumerate() {
            if std::mem::take(&mut state.changed) {
                tiles.push((TileId { level: level as u8, index: state.index }, state.hashes.clone()));
            }
        }
        tiles.sort_unstable_by_key(|(id, _)| *id);
        tiles
    }
}

impl Level {
    /// Adds a hash; if that fills the tile, stores it as finished and returns its root for the next level.
    fn push(&mut self, hash: Hash, level: u8, finished: &mut Vec<(TileId, Vec<Hash>)>) -> Option<Hash> {
        if self.hashes.capacity() < TILE_WIDTH {
            self.hashes.reserve_exact(TILE_WIDTH - self.hashes.len());
        }
        self.hashes.push(hash);
        self.changed = self.hashes.len() < TILE_WIDTH;
        if self.changed {
            return None;
        }
        let root = tree_root(&self.hashes);
        finished.push((TileId { level, index: self.index }, std::mem::take(&mut self.hashes)));
        self.index += 1;
        Some(root)
    }
}

/// Splits the hashes of a partial tile into the roots of its perfect subtrees, largest first.
fn perfect_subtrees(hashes: &[Hash]) -> impl Iterator<Item = Hash> + '_ {
    let mut rest = hashes;
    std::iter::from_fn(move || {
        let width = 1usize << rest.len().checked_ilog2()?;
        let (perfect, after) = rest.split_at(width);
        rest = after;
        Some(tree_root(perfect))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;

    fn leaf(i: u64) -> Hash {
        leaf_hash(&i.to_be_bytes())
    }

    #[test]
    fn changed_tiles_come_once() {
        let mut edge = RightEdge::new();
        assert!(edge.take_changed().is_empty());
        (0..300).for_each(|i| edge.append(leaf(i)));
        let widths = |tiles: Vec<(TileId, Vec<Hash>)>| -> Vec<_> {
            tiles.into_iter().map(|(id, hashes)| (id.level, id.index, hashes.len())).collect()
        };
        assert_eq!(widths(edge.take_changed()), [(0, 0, 256), (0, 1, 44), (1, 0, 1)]);
        assert!(edge.take_changed().is_empty());
        edge.append(leaf(300));
        assert_eq!(widths(edge.take_changed()), [(0, 1, 45)]);
        (301..512).for_each(|i| edge.append(leaf(i)));
        assert_eq!(widths(edge.take_changed()), [(0, 1, 256), (1, 0, 2)]);
    }

    #[test]
    fn load_refuses_a_wrong_width() {
        let tile = TileId { level: 0, index: 1 };
        for found in [0, 43, 45, 256] {
            let loaded = RightEdge::load(300, &mut |id| {
                Ok::<_, ()>(vec![leaf(0); if id.level == 0 { found } else { 1 }])
            });
            assert_eq!(loaded.unwrap_err(), LoadError::Width { tile, expected: 44, found });
        }
        let failed = RightEdge::load(300, &mut |_| Err::<Vec<Hash>, _>("disk"));
        assert_eq!(failed.unwrap_err(), LoadError::Read("disk"));
        let size = MAX_TREE_SIZE + 1;
        let large = RightEdge::load(size, &mut |_| Ok::<_, ()>(vec![]));
        assert_eq!(large.unwrap_err(), LoadError::TooLarge { size });
    }
}
