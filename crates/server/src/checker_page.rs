//! The page for strangers, as it goes into every package: `checker/`, built by `scripts/need.sh build` before the program.
//!
//! It shares no code with what is compiled here. How it is compared: its SHA-256 stands beside the log's fingerprint.

use sha2::{Digest as _, Sha256};

use crate::tokens::hex;

/// The whole page.
pub const PAGE: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../checker/dist/sigu-checker.html"));

/// Returns its SHA-256 in lower-case hex.
pub fn digest() -> String {
    hex(&Sha256::digest(PAGE))
}
