//! OpenTimestamps: a digest is hashed with others, upwards, into the Merkle root of a Bitcoin block.
//!
//! Proofs (`.ots`) are read, written, merged and followed; nothing is sent. A calendar's promise ("pending")
//! proves nothing yet. A path into a block proves that what was stamped is older than the block, if the block
//! is Bitcoin's: its header is handed in, and whether it is in the chain is for somebody with a node, or with
//! time to look it up. The format is that of opentimestamps-client 0.7; limits are its limits, and the file
//! has at most 64 KiB.

mod attestation;
mod header;
mod op;
mod proof;
mod timestamp;
mod wire;

pub use attestation::Attestation;
pub use header::{BlockHeader, HeaderError};
pub use op::{FileDigest, Op};
pub use proof::{Attested, MAX_CALENDAR_ANSWER_BYTES, MAX_PROOF_BYTES, Pending, Proof};
pub use wire::OtsError;
