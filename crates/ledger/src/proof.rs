//! Making of inclusion and consistency proofs and of old roots, from stored tiles.
//!
//! It is the prover's half; nothing here is trusted by a verifier (see `verify`). The tiles may be
//! wider than the asked size needs. RFC 9162 §2.1.3.1 (PATH) and §2.1.4.1 (SUBPROOF).

use crate::hash::{Hash, empty_root};
use crate::range::{ProveError, Ranges};
use crate::tile::TileId;
use crate::tree::largest_power_below;

/// Computes the proof that leaf `index` is in the tree of the first `size` leaves.
///
/// The hashes run from the leaf's sibling up to the root's child (RFC 9162 §2.1.3.1). `read` gives
/// what the store holds for a tile now; each tile is read once, about one per 8 levels of the tree.
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    read: &mut dyn FnMut(TileId) -> Result<Vec<Hash>, E>,
) -> Result<Vec<Hash>, ProveError<E>> {
    if index >= size {
        return Err(ProveError::IndexOutOfRange { index, size });
    }
    let mut ranges = Ranges::new(read);
    let mut proof = Vec::new();
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let middle = start + largest_power_below(end - start);
        if index < middle {
            proof.push(ranges.hash(middle, end)?);
            end = middle;
        } else {
            proof.push(ranges.hash(start, middle)?);
            start = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Computes the proof that the tree of the first `old` leaves is a prefix of that of the first `new`.
///
/// Needs 0 < old <= new; for equal sizes the proof is empty (RFC 9162 §2.1.4.1).
pub fn consistency_proof<E>(
    old: u64,
    new: u64,
    read: &mut dyn FnMut(TileId) -> Result<Vec<Hash>, E>,
) -> Result<Vec<Hash>, ProveError<E>> {
    if old == 0 || old > new {
        return Err(ProveError::Sizes { old, new });
    }
    let mut ranges = Ranges::new(read);
    let mut proof = Vec::new();
    let (mut start, mut end) = (0, new);
    // Walk down to the subtree that ends where the old tree ended, noting what is passed by.
    while end != old {
        let middle = start + largest_power_below(end - start);
        if old <= middle {
            proof.push(ranges.hash(middle, end)?);
            end = middle;
        } else {
            proof.push(ranges.hash(start, middle)?);
            start = middle;
        }
    }
    // If that subtree is the whole old tree, the verifier has its hash already.
    if start != 0 {
        proof.push(ranges.hash(start, end)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Computes the root of the tree of the first `size` leaves, for comparison with a signed checkpoint.
pub fn root_at<E>(
    size: u64,
    read: &mut dyn FnMut(TileId) -> Result<Vec<Hash>, E>,
) -> Result<Hash, ProveError<E>> {
    if size == 0 {
        return Ok(empty_root());
    }
    Ranges::new(read).hash(0, size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;

    fn eight(id: TileId) -> Result<Vec<Hash>, &'static str> {
        if id != (TileId { level: 0, index: 0 }) {
            return Err("no such tile");
        }
        Ok((0..8u8).map(|i| leaf_hash(&[i])).collect())
    }

    #[test]
    fn refusals() {
        let out = ProveError::IndexOutOfRange { index: 8, size: 8 };
        assert_eq!(inclusion_proof(8, 8, &mut eight), Err(out));
        for (old, new) in [(0, 0), (0, 8), (8, 7)] {
            assert_eq!(consistency_proof(old, new, &mut eight), Err(ProveError::Sizes { old, new }));
        }
        let tile = TileId { level: 0, index: 0 };
        assert_eq!(root_at(12, &mut eight), Err(ProveError::Width { tile, needed: 12, found: 8 }));
        assert_eq!(root_at(1 << 60, &mut eight), Err(ProveError::Read("no such tile")));
        let mut wide = |_| Ok::<_, ()>(vec![empty_root(); 257]);
        assert_eq!(root_at(8, &mut wide), Err(ProveError::Width { tile, needed: 8, found: 257 }));
    }

    #[test]
    fn shapes() {
        let count = |old, new| consistency_proof(old, new, &mut eight).map(|proof| proof.len());
        assert_eq!((count(8, 8), count(1, 8), count(6, 8), count(4, 8)), (Ok(0), Ok(3), Ok(3), Ok(1)));
        assert_eq!(inclusion_proof(0, 1, &mut eight), Ok(vec![]));
        assert_eq!(root_at(0, &mut eight), Ok(empty_root()));
    }
}
