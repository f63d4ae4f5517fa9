//! `attestation`: what outsiders say about time and history, as pure functions over bytes.
//!
//! It builds requests and judges replies of timestamp services (RFC 3161), OpenTimestamps calendars, drand
//! and witnesses (C2SP tlog-cosignature and tlog-witness), and says between which instants a leaf came to be.
//! It sends nothing, asks no clock and draws no randomness: the transport, the nonce and the instant are
//! handed in.
//!
//! It does not keep replies, and does not decide whom to trust: roots, keys and policies are the caller's.
//! What a stored proof is, and where it lies in a package, is in `docs/formats/attestation.md`.

pub mod beacon;
pub mod bracket;
mod claimed_text;
pub mod drand;
mod hex;
pub mod opentimestamps;
pub mod rfc3161;
pub mod stored;
pub mod witness;
