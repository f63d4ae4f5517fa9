//! Witnesses: somebody else who sees that a log only grows, and says when he saw it (C2SP tlog-cosignature,
//! tlog-witness and tlog-policy).
//!
//! Both sides are here: the log that asks, and the witness that answers; both as functions over bytes. No
//! connection is opened and nothing is stored. Keys are Ed25519 (type 0x04); the post-quantum type is not
//! known here, and its lines are passed over like those of strangers.

mod answer;
mod cosignature;
mod decision;
mod key;
mod policy;
mod request;

pub use answer::{ForkSign, Judgement, Refusal, Submission, judge_answer};
pub use cosignature::{CosignatureError, VerifiedCosignature, cosign, verify_cosignatures};
pub use decision::{Accepted, Decision, Seen, decide};
pub use key::{CosignerKey, CosignerKeyError, CosigningKey};
pub use policy::{Policy, PolicyError, PolicyLineError};
pub use request::{AddCheckpoint, AddCheckpointError, MAX_REQUEST_PROOF_HASHES};
