//! `ledger`: the append-only log of a vault, as pure functions over bytes and hashes.
//!
//! It holds the leaf (canonical JSON, RFC 8785), the Merkle tree (RFC 6962) and its tiles (C2SP
//! tlog-tiles), inclusion and consistency proofs (RFC 9162), signed-note checkpoints (C2SP
//! signed-note and tlog-checkpoint) and tlog-proof files (C2SP tlog-proof).
//!
//! It is not a store: it reads and writes no file, asks no clock and draws no randomness. Tiles are
//! read through a closure, times and seeds are arguments. It knows neither cases nor packages.
//!
//! The byte formats are specified in `docs/formats/leaf.md` and `docs/formats/checkpoint.md`; the
//! good and bad examples lie in `vectors/`.

mod checkpoint;
mod edge;
mod hash;
mod key;
mod leaf;
mod leaf_rules;
mod note;
mod proof;
mod range;
mod text;
mod tile;
mod tlog_proof;
mod tree;
mod verify;

pub use checkpoint::{
    Checkpoint, CheckpointError, CheckpointSignError, CheckpointTextError, SignedCheckpoint,
};
pub use edge::{LoadError, MAX_TREE_SIZE, RightEdge};
pub use hash::{Hash, HashParseError, empty_root, leaf_hash, node_hash};
pub use key::{KeyParseError, NameError, SignError, SigningKey, VerifyingKey};
pub use leaf::{Leaf, LeafError, MAX_LEAF_BYTES, MAX_SAFE_INTEGER, NotBefore};
pub use note::{
    MAX_NOTE_BYTES, MAX_NOTE_SIGNATURES, Note, NoteError, NoteSignature, NoteVerifyError, VerifiedNote,
};
pub use proof::{consistency_proof, inclusion_proof, root_at};
pub use range::ProveError;
pub use tile::{TILE_WIDTH, TileError, TileId, decode_tile, encode_tile, entries_path, tile_width, tiles_of};
pub use tlog_proof::{MAX_PROOF_HASHES, TlogProof, TlogProofError, TlogProofVerifyError};
pub use tree::tree_root;
pub use verify::{ProofError, verify_consistency, verify_inclusion};
