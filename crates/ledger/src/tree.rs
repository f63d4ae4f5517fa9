//! The Merkle tree hash as RFC 6962 §2.1 writes it, and folding of perfect subtrees.
//!
//! It is not how a growing log computes its root (see `RightEdge`): it walks every leaf, and serves
//! as the reference the faster ways are tested against and as the fold inside one tile.

use crate::hash::{Hash, empty_root, node_hash};

/// Computes the root over all leaf hashes, splitting at the largest power of two below their number.
///
/// Takes time linear in the number of leaves; RFC 6962 §2.1.
pub fn tree_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(largest_power_below(leaves.len() as u64) as usize);
            node_hash(&tree_root(left), &tree_root(right))
        }
    }
}

/// Returns the largest power of two strictly below `n`; the caller knows that `n` is at least 2.
pub(crate) fn largest_power_below(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// Joins the roots of adjoining perfect subtrees, largest first, into the root over all of them.
///
/// Returns `None` if there are none.
pub(crate) fn join(subtrees: impl DoubleEndedIterator<Item = Hash>) -> Option<Hash> {
    subtrees.rev().reduce(|right, left| node_hash(&left, &right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;

    #[test]
    fn powers() {
        for (n, power) in [(2, 1), (3, 2), (4, 2), (5, 4), (256, 128), (257, 256), (u64::MAX, 1 << 63)] {
            assert_eq!(largest_power_below(n), power, "{n}");
        }
    }

    #[test]
    fn five_leaves_by_hand() {
        let h: Vec<_> = (0..5u8).map(|i| leaf_hash(&[i])).collect();
        let left = node_hash(&node_hash(&h[0], &h[1]), &node_hash(&h[2], &h[3]));
        assert_eq!(tree_root(&h), node_hash(&left, &h[4]));
        assert_eq!(join([left, h[4]].into_iter()), Some(tree_root(&h)));
    }
}
