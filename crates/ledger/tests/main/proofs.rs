//! The tree, its tiles and its proofs against the definition of RFC 6962.

use proptest::prelude::*;
use sigu_ledger::{
    Hash, ProofError, RightEdge, consistency_proof, empty_root, inclusion_proof, root_at, tile_width,
    tiles_of, tree_root, verify_consistency, verify_inclusion,
};

use crate::store::{LARGE, Store, large, leaf, tree};

#[test]
fn every_size_to_600_agrees_with_the_definition() {
    let leaves: Vec<Hash> = (0..600).map(leaf).collect();
    let (mut edge, mut store) = (RightEdge::new(), Store::default());
    let (_, wide) = tree(600);
    for size in 0..=600u64 {
        let root = tree_root(&leaves[..size as usize]);
        assert_eq!(edge.root(), root, "{size}");
        assert_eq!(root_at(size, &mut |id| store.read(id)), Ok(root), "{size}");
        assert_eq!(root_at(size, &mut |id| wide.read(id)), Ok(root), "{size} from wider tiles");
        let loaded = RightEdge::load(size, &mut |id| store.read(id)).unwrap();
        assert_eq!((loaded.size(), loaded.root()), (size, root));
        if size < 600 {
            edge.append(leaves[size as usize]);
            store.take(&mut edge);
        }
    }
}

#[test]
fn the_store_holds_exactly_the_tiles_of_tlog_tiles() {
    let (leaves, store) = large();
    let held: Vec<_> = store.tiles.iter().map(|(id, hashes)| (*id, hashes.len() as u16)).collect();
    assert_eq!(held, tiles_of(LARGE).collect::<Vec<_>>());
    for (id, hashes) in &store.tiles {
        assert_eq!(usize::from(tile_width(*id, LARGE)), hashes.len());
        let span = 256usize.pow(id.level.into());
        for (i, hash) in hashes.iter().enumerate() {
            let start = (id.index as usize * 256 + i) * span;
            assert_eq!(*hash, tree_root(&leaves[start..start + span]), "{id:?} {i}");
        }
    }
}

#[test]
fn all_pairs_to_70_verify() {
    let leaves: Vec<Hash> = (0..70).map(leaf).collect();
    let (_, store) = tree(70);
    for size in 1..=70u64 {
        let root = tree_root(&leaves[..size as usize]);
        for index in 0..size {
            let proof = inclusion_proof(index, size, &mut |id| store.read(id)).unwrap();
            assert_eq!(verify_inclusion(&leaf(index), index, size, &proof, &root), Ok(()));
        }
        for old in 1..=size {
            let old_root = tree_root(&leaves[..old as usize]);
            let proof = consistency_proof(old, size, &mut |id| store.read(id)).unwrap();
            assert_eq!(verify_consistency(old, size, &old_root, &root, &proof), Ok(()));
        }
    }
}

#[test]
fn no_proof_verifies_at_another_place() {
    let leaves: Vec<Hash> = (0..20).map(leaf).collect();
    let (_, store) = tree(20);
    let root = tree_root(&leaves);
    for index in 0..20 {
        let proof = inclusion_proof(index, 20, &mut |id| store.read(id)).unwrap();
        for other in (0..25).filter(|other| *other != index) {
            assert!(verify_inclusion(&leaf(index), other, 20, &proof, &root).is_err(), "{index} as {other}");
        }
        let longer = [&proof[..], &[empty_root()]].concat();
        assert_eq!(verify_inclusion(&leaf(index), index, 20, &longer, &root), Err(ProofError::Leftover));
    }
}

/// Flips one bit of one of the hashes.
fn flip(hashes: &mut [Hash], which: usize, bit: usize) {
    let hash = &mut hashes[which];
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8 % 32] ^= 1 << (bit % 8);
    *hash = Hash::from_bytes(bytes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_loaded_edge_grows_like_the_whole(size in 0..LARGE, more in 0..600u64) {
        let (leaves, _) = large();
        let (edge, mut store) = tree(size);
        let mut loaded = RightEdge::load(size, &mut |id| store.read(id)).unwrap();
        prop_assert_eq!(loaded.root(), edge.root());
        prop_assert_eq!(loaded.take_changed().len(), 0);
        let end = LARGE.min(size + more);
        (size..end).for_each(|i| loaded.append(leaf(i)));
        store.take(&mut loaded);
        prop_assert_eq!(loaded.root(), tree_root(&leaves[..end as usize]));
        prop_assert_eq!(store.tiles, tree(end).1.tiles);
    }

    #[test]
    fn old_roots_come_from_wider_tiles(size in 0..=LARGE) {
        let (leaves, store) = large();
        prop_assert_eq!(root_at(size, &mut |id| store.read(id)), Ok(tree_root(&leaves[..size as usize])));
    }

    #[test]
    fn inclusion_holds_until_a_bit_flips(
        (index, size) in (1..=LARGE).prop_flat_map(|size| (0..size, Just(size))),
        which in any::<prop::sample::Index>(),
        bit in 0..256usize,
    ) {
        let (leaves, store) = large();
        let proof = inclusion_proof(index, size, &mut |id| store.read(id)).unwrap();
        // Leaf, root, then the proof: one list, so that any of them may be hit.
        let mut hashes = vec![leaf(index), tree_root(&leaves[..size as usize])];
        hashes.extend(&proof);
        let check = |h: &[Hash]| verify_inclusion(&h[0], index, size, &h[2..], &h[1]);
        prop_assert_eq!(check(&hashes), Ok(()));
        let which = which.index(hashes.len());
        flip(&mut hashes, which, bit);
        prop_assert_eq!(check(&hashes), Err(ProofError::RootMismatch));
    }

    #[test]
    fn consistency_holds_until_a_bit_flips(
        (old, new) in (2..=LARGE).prop_flat_map(|new| (1..new, Just(new))),
        which in any::<prop::sample::Index>(),
        bit in 0..256usize,
    ) {
        let (leaves, store) = large();
        let proof = consistency_proof(old, new, &mut |id| store.read(id)).unwrap();
        let mut hashes = vec![tree_root(&leaves[..old as usize]), tree_root(&leaves[..new as usize])];
        hashes.extend(&proof);
        let check = |h: &[Hash]| verify_consistency(old, new, &h[0], &h[1], &h[2..]);
        prop_assert_eq!(check(&hashes), Ok(()));
        let which = which.index(hashes.len());
        flip(&mut hashes, which, bit);
        prop_assert!(check(&hashes).is_err());
    }
}
