//! A store of tiles in memory, fed by a `RightEdge` the way a vault feeds its database.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use sigu_ledger::{Hash, RightEdge, TileId, leaf_hash};

/// Holds the latest content of every tile, as an upserting store does.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) tiles: BTreeMap<TileId, Vec<Hash>>,
}

impl Store {
    pub(crate) fn take(&mut self, edge: &mut RightEdge) {
        self.tiles.extend(edge.take_changed());
    }

    pub(crate) fn read(&self, id: TileId) -> Result<Vec<Hash>, TileId> {
        self.tiles.get(&id).cloned().ok_or(id)
    }
}

/// The hash of test leaf `i`: its number as 8 bytes, big endian.
pub(crate) fn leaf(i: u64) -> Hash {
    leaf_hash(&i.to_be_bytes())
}

/// A tree of `size` test leaves, all its tiles taken at the end.
pub(crate) fn tree(size: u64) -> (RightEdge, Store) {
    let (mut edge, mut store) = (RightEdge::new(), Store::default());
    (0..size).for_each(|i| edge.append(leaf(i)));
    store.take(&mut edge);
    (edge, store)
}

/// The size of the large tree that is built once for all tests.
pub(crate) const LARGE: u64 = 70_000;

/// Returns the leaves and tiles of the large tree.
pub(crate) fn large() -> &'static (Vec<Hash>, Store) {
    static TREE: OnceLock<(Vec<Hash>, Store)> = OnceLock::new();
    TREE.get_or_init(|| ((0..LARGE).map(leaf).collect(), tree(LARGE).1))
}
