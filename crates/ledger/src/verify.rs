//! Checking of inclusion and consistency proofs: the half a stranger runs (RFC 9162 §2.1.3.2, §2.1.4.2).
//!
//! It says nothing about who vouches for a root; that is the checkpoint's signature. The number of
//! hashes is fixed by the sizes, so a proof with one too many is refused like one too few.

use crate::hash::{Hash, node_hash};

/// Says why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf index is not below the tree size.
    #[error("leaf {index} is not in a tree of {size} leaves")]
    IndexOutOfRange {
        /// The index claimed.
        index: u64,
        /// The size claimed.
        size: u64,
    },
    /// Every tree is consistent with the empty one; such a proof would prove nothing.
    #[error("a consistency proof from an empty tree proves nothing")]
    FromEmpty,
    /// The later tree is smaller than the earlier one.
    #[error("the later tree has {new} leaves, the earlier one {old}")]
    Shrunk {
        /// The earlier size.
        old: u64,
        /// The later size.
        new: u64,
    },
    /// The proof ends before it reaches the root.
    #[error("the proof has too few hashes")]
    TooShort,
    /// The proof goes on after it has reached the root.
    #[error("the proof has leftover hashes")]
    Leftover,
    /// The proof leads to another root than the one given (for consistency: the later root).
    #[error("the proof leads to another root")]
    RootMismatch,
    /// A consistency proof leads to another earlier root than the one given.
    #[error("the proof leads to another earlier root")]
    OldRootMismatch,
}

/// Checks that the leaf with hash `leaf` is number `index` of the tree of `size` leaves with `root`.
///
/// RFC 9162 §2.1.3.2. The caller computes `leaf` from the stored bytes, never from a re-encoding.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::IndexOutOfRange { index, size });
    }
    let mut walk = Walk { node: index, last: size - 1 };
    let mut hash = *leaf;
    for sibling in proof {
        hash = match walk.step()? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    walk.finish()?;
    if hash == *root { Ok(()) } else { Err(ProofError::RootMismatch) }
}

/// Checks that the tree of `old` leaves is a prefix of the tree of `new` leaves.
///
/// RFC 9162 §2.1.4.2. Equal sizes need equal roots and an empty proof; `old` = 0 is refused.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old == 0 {
        return Err(ProofError::FromEmpty);
    }
    if old > new {
        return Err(ProofError::Shrunk { old, new });
    }
    if old == new {
        return verify_same(old_root, new_root, proof);
    }
    let mut walk = Walk { node: old - 1, last: new - 1 };
    walk.skip_right_edges();
    // Where the old tree is a perfect subtree of the new one, its root opens the proof unsaid.
    let (first, rest) = if old.is_power_of_two() {
        (*old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(ProofError::TooShort)?;
        (*first, rest)
    };
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in rest {
        match walk.step()? {
            Side::Left => {
                old_hash = node_hash(sibling, &old_hash);
                new_hash = node_hash(sibling, &new_hash);
            }
            Side::Right => new_hash = node_hash(&new_hash, sibling),
        }
    }
    walk.finish()?;
    if old_hash != *old_root {
        return Err(ProofError::OldRootMismatch);
    }
    if new_hash == *new_root { Ok(()) } else { Err(ProofError::RootMismatch) }
}

fn verify_same(old_root: &Hash, new_root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if !proof.is_empty() {
        return Err(ProofError::Leftover);
    }
    if old_root == new_root { Ok(()) } else { Err(ProofError::RootMismatch) }
}

/// The walk from a node up to the root: its number and that of the last node, at the same height.
struct Walk {
    node: u64,
    last: u64,
}

/// On which side of the node its sibling in the proof stands.
enum Side {
    Left,
    Right,
}

impl Walk {
    /// Goes up to the height of the next sibling and says on which side it stands.
    fn step(&mut self) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::Leftover);
        }
        let left = self.node & 1 == 1 || self.node == self.last;
        if left {
            // The last node without a right sibling is passed up unchanged until it has a left one.
            while self.node & 1 == 0 && self.node != 0 {
                self.up();
            }
        }
        self.up();
        Ok(if left { Side::Left } else { Side::Right })
    }

    fn skip_right_edges(&mut self) {
        while self.node & 1 == 1 {
            self.up();
        }
    }

    fn up(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    fn finish(&self) -> Result<(), ProofError> {
        if self.last == 0 { Ok(()) } else { Err(ProofError::TooShort) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::{empty_root, leaf_hash};
    use crate::tree::tree_root;

    #[test]
    fn two_leaves() {
        let leaves = [leaf_hash(b"a"), leaf_hash(b"b")];
        let root = tree_root(&leaves);
        let check = |index, size, proof: &[Hash]| verify_inclusion(&leaves[1], index, size, proof, &root);
        assert_eq!(check(1, 2, &leaves[..1]), Ok(()));
        assert_eq!(check(0, 2, &leaves[..1]), Err(ProofError::RootMismatch));
        assert_eq!(check(1, 2, &[]), Err(ProofError::TooShort));
        assert_eq!(check(1, 2, &[leaves[0], leaves[0]]), Err(ProofError::Leftover));
        assert_eq!(check(2, 2, &leaves[..1]), Err(ProofError::IndexOutOfRange { index: 2, size: 2 }));
        assert_eq!(check(0, 0, &[]), Err(ProofError::IndexOutOfRange { index: 0, size: 0 }));
    }

    #[test]
    fn consistency_edges() {
        let leaves = [leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")];
        let (two, three) = (tree_root(&leaves[..2]), tree_root(&leaves));
        let check =
            |old, new, from: &Hash, to: &Hash, proof: &[Hash]| verify_consistency(old, new, from, to, proof);
        assert_eq!(check(2, 3, &two, &three, &leaves[2..]), Ok(()));
        assert_eq!(check(3, 3, &three, &three, &[]), Ok(()));
        assert_eq!(check(3, 3, &three, &two, &[]), Err(ProofError::RootMismatch));
        assert_eq!(check(3, 3, &three, &three, &leaves[..1]), Err(ProofError::Leftover));
        assert_eq!(check(0, 3, &empty_root(), &three, &[]), Err(ProofError::FromEmpty));
        assert_eq!(check(3, 2, &three, &two, &[]), Err(ProofError::Shrunk { old: 3, new: 2 }));
        assert_eq!(check(2, 3, &two, &three, &[]), Err(ProofError::TooShort));
        assert_eq!(check(2, 3, &two, &two, &leaves[2..]), Err(ProofError::RootMismatch));
    }
}
