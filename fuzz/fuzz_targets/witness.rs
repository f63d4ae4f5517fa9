//! Requests to a witness, its answers, cosignature lines, policies and keys: read or refused, and written back as read.
#![no_main]

use std::sync::LazyLock;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use sigu_attestation::witness::{
    AddCheckpoint, CosignerKey, CosigningKey, Decision, Policy, Submission, decide, judge_answer, verify_cosignatures,
};
use sigu_ledger::{SignedCheckpoint, VerifyingKey};

/// The log and the witness of the vectors.
static LOG: LazyLock<VerifyingKey> = LazyLock::new(|| {
    include_str!("../../vectors/checkpoint/key.vkey").parse().expect("the log of the vectors")
});
static SIGNED: LazyLock<SignedCheckpoint> = LazyLock::new(|| {
    let note = include_bytes!("../../vectors/cosignature/checkpoint.note");
    SignedCheckpoint::verify(note, &LOG).expect("the checkpoint of the vectors")
});
static KEY: LazyLock<CosigningKey> =
    LazyLock::new(|| CosigningKey::from_seed("witness.example/w1", &[4; 32]).expect("a good name"));

fuzz_target!(|bytes: &[u8]| {
    let known = [KEY.cosigner_key()];
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(request.to_body().as_bytes(), bytes);
    }
    let at = Timestamp::from_second(1_795_334_401).expect("an instant");
    if let Decision::Accept(accepted) = decide(bytes, std::slice::from_ref(&LOG), |_| None, &KEY, at) {
        assert!(accepted.before().size <= accepted.after().size);
    }
    let sent = Submission { checkpoint: SIGNED.checkpoint(), old: 3, largest_signed: 9 };
    for status in [200, 409] {
        let _ = judge_answer(&sent, &known, status, bytes);
    }
    if let Ok(policy) = Policy::parse(bytes) {
        let all: Vec<&CosignerKey> = policy.witnesses().map(|(_, key, _)| key).collect();
        assert!(policy.is_satisfied_by(all), "all witnesses are always enough");
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = verify_cosignatures(text, SIGNED.checkpoint(), &known);
    if let Ok(key) = text.parse::<CosignerKey>() {
        assert_eq!(key.to_string(), text);
    }
});
