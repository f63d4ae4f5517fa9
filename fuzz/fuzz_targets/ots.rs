//! An OpenTimestamps proof that can be read is written so that it reads the same; a calendar's answer never panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sigu_attestation::opentimestamps::{BlockHeader, Proof};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(header) = BlockHeader::parse(bytes) {
        let _ = (header.confirms(&header.merkle_root()), header.latest(), header.zero_bits());
    }
    if let Ok(begun) = Proof::begin([7; 32], [1; 16], &[bytes]) {
        assert_eq!(Proof::parse(&begun.to_bytes()).as_ref(), Ok(&begun));
    }
    let Ok(mut proof) = Proof::parse(bytes) else { return };
    let _ = proof.describe();
    assert_eq!(Proof::parse(&proof.to_bytes()).as_ref(), Ok(&proof));
    if let Some(pending) = proof.pending().first() {
        let _ = proof.upgrade(&pending.commitment, bytes);
        assert!(Proof::parse(&proof.to_bytes()).is_ok());
    }
});
