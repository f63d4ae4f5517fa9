//! A proof file that can be read is written back as the same bytes; verifying it never panics.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sigu_ledger::{TlogProof, VerifyingKey, leaf_hash};

/// The key of the vectors: the seeds hold proofs that verify.
static KEY: LazyLock<VerifyingKey> = LazyLock::new(|| {
    VerifyingKey::parse("sigu/v1/mfrggzdfmztwq2lk+8b0d14da+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4")
        .expect("the key of the vectors")
});

/// The leaf the proofs of the vectors are about.
const LEAF: &[u8] = include_bytes!("../../vectors/tlog-proof/leaf.json");

fuzz_target!(|bytes: &[u8]| {
    let Ok(proof) = TlogProof::parse(bytes) else { return };
    assert_eq!(proof.to_text().as_bytes(), bytes);
    if let Ok(signed) = proof.verify(&leaf_hash(LEAF), &KEY) {
        assert_eq!(signed.note(), proof.checkpoint_note);
        assert!(proof.index < signed.checkpoint().size);
    }
});
