//! A log that others see: leaves of a made-up history, checkpoints of every size, proofs between them.

use sigu_ledger::{
    Checkpoint, Hash, SignedCheckpoint, SigningKey, TILE_WIDTH, TileId, consistency_proof, leaf_hash,
    tree_root,
};
use sigu_server::outside::ask::Proven;

/// One history of 256 leaves.
pub(crate) struct Log {
    pub(crate) key: SigningKey,
    leaves: Vec<Hash>,
}

impl Log {
    /// The log of this number, in one of its histories.
    pub(crate) fn new(number: u8, history: u8) -> Self {
        let key = SigningKey::from_seed(&format!("sigu/v1/log{number}"), [number; 32]).unwrap();
        let leaf = |i: usize| leaf_hash(&[history, i as u8]);
        Self { key, leaves: (0..TILE_WIDTH).map(leaf).collect() }
    }

    pub(crate) fn vkey(&self) -> String {
        self.key.verifying_key().to_string()
    }

    pub(crate) fn signed(&self, size: u64) -> SignedCheckpoint {
        let root = self.root(size);
        Checkpoint { origin: self.key.name().to_owned(), size, root }.sign(&self.key).unwrap()
    }

    pub(crate) fn root(&self, size: u64) -> Hash {
        tree_root(&self.leaves[..size as usize])
    }

    /// The proof from one size to a later one.
    pub(crate) fn proven(&self, from: u64, to: u64) -> Proven {
        let mut tile = |_: TileId| Ok::<_, ()>(self.leaves.clone());
        let proof = if from == to { Vec::new() } else { consistency_proof(from, to, &mut tile).unwrap() };
        Proven { root: self.root(from), proof }
    }
}
