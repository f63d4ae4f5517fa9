//! Walks `vectors/opentimestamps`, and compares with what `ots` and the reference library make of the same
//! bytes.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use sha2::{Digest as _, Sha256};
use sigu_attestation::opentimestamps::{Attestation, BlockHeader, HeaderError, OtsError, Proof};

use crate::files::{folder, read, walk};

const FOLDER: &str = "opentimestamps";

fn proof(stem: &str) -> Proof {
    Proof::parse(&read(FOLDER, &format!("{stem}.ots"))).unwrap()
}

#[test]
fn proof_files() {
    let defects = [
        ("empty", "not an OpenTimestamps proof"),
        ("changed-magic", "not an OpenTimestamps proof"),
        ("major-version-2", "unknown version 2"),
        ("file-digest-of-unknown-kind", "digest of the file is of an unknown kind"),
        ("truncated", "ends too early"),
        ("nothing-after-the-digest", "ends too early"),
        ("fork-without-second", "ends too early"),
        ("trailing-byte", "bytes after the end"),
        ("unknown-step", "unknown step 0x09"),
        ("keccak256-step", "unknown step 0x67"),
        ("empty-argument", "empty argument"),
        ("long-argument", "more than 4096 bytes"),
        ("long-message", "more than 4096 bytes"),
        ("deep", "more than 256 steps"),
        ("number-above-2-64", "malformed attestation"),
        ("height-with-more-bytes", "malformed attestation"),
        ("address-with-a-space", "malformed attestation"),
        ("address-of-1001-bytes", "malformed attestation"),
        ("payload-of-8193-bytes", "malformed attestation"),
        ("too-large", "larger than any proof"),
    ];
    walk(FOLDER, ".ots", &defects, |stem, bytes| {
        let proof = Proof::parse(bytes).map_err(|error| error.to_string())?;
        assert_eq!(Proof::parse(&proof.to_bytes()).as_ref(), Ok(&proof));
        // One example was written by another program, in another order.
        assert!(
            proof.to_bytes() == bytes || stem == "good-example-ripemd160",
            "{stem} is written differently"
        );
        Ok(())
    });
}

/// What `ots info` prints of each file, `None` where it refuses.
fn told_by_ots() -> BTreeMap<String, Option<String>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = here.join("../../.venv-stamps/bin/python");
    let output = Command::new(&python)
        .arg(here.join("tests/describe_by_ots.py"))
        .arg(folder(FOLDER))
        .output()
        .unwrap_or_else(|error| panic!("scripts/need.sh test makes {}: {error}", python.display()));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Without its remarks on transactions and without the words of unknown attestations.
fn comparable(told: &str) -> String {
    let kept = told.lines().filter(|line| !line.contains("Transaction id") && !line.trim().is_empty());
    let line = |line: &str| match line.split_once("UnknownAttestation(") {
        Some((before, _)) => format!("{before}UnknownAttestation\n"),
        None => format!("{line}\n"),
    };
    kept.map(line).collect()
}

/// What `ots` reads and is refused here: it knows one more step, numbers without end and files without end.
const OTS_READS: &[&str] = &["bad-keccak256-step", "bad-number-above-2-64"];

#[test]
fn ots_says_the_same_of_every_file() {
    for (stem, theirs) in told_by_ots() {
        let ours = Proof::parse(&read(FOLDER, &format!("{stem}.ots")));
        let read_by_ots_only = OTS_READS.contains(&stem.as_str());
        assert_eq!(ours.is_ok() || read_by_ots_only, theirs.is_some(), "{stem}: {ours:?}");
        if let (Ok(proof), Some(theirs)) = (ours, theirs) {
            let theirs = comparable(&theirs);
            let (head, tree) = theirs.split_once("Timestamp:\n").unwrap();
            let digest: String = proof.digest().iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(head.trim_end().ends_with(&digest), "{head}");
            assert_eq!(comparable(&proof.describe()), tree, "{stem}");
        }
    }
}

#[test]
fn a_proof_is_begun_and_upgraded_as_the_reference_does_it() {
    let data = read(FOLDER, "stamped.note");
    let digest: [u8; 32] = Sha256::digest(&data).into();
    let nonce: [u8; 16] = std::array::from_fn(|i| i as u8);
    let answers = [read(FOLDER, "calendar-alice.answer"), read(FOLDER, "calendar-bob.answer")];
    let mut proof = Proof::begin(digest, nonce, &[&answers[1], &answers[0]]).unwrap();
    assert_eq!(proof.to_bytes(), read(FOLDER, "good-pending.ots"));
    assert!(proof.is_about(&data) && !proof.is_about(b"something else"));
    assert!(proof.bitcoin_roots().is_empty());

    let pending = proof.pending();
    let alice = pending.iter().find(|one| one.uri == "https://alice.calendar.example").unwrap();
    let upgrade = read(FOLDER, "calendar-alice.upgrade");
    assert_eq!(proof.upgrade(&alice.commitment, &upgrade), Ok(true));
    assert_eq!(proof.to_bytes(), read(FOLDER, "good-attested.ots"));
    assert_eq!(proof.upgrade(&alice.commitment, &upgrade), Ok(false));
    assert_eq!(proof.pending().len(), 2, "what was pending is kept");
    assert_eq!(proof.upgrade(&[7; 32], &upgrade), Err(OtsError::NotInProof));

    let [(height, root)] = proof.bitcoin_roots()[..] else { panic!() };
    let header = BlockHeader::parse(&read(FOLDER, "block.header")).unwrap();
    assert_eq!((height, header.confirms(&root)), (920_000, Ok(())));
    assert_eq!(header.time().to_string(), "2026-11-23T08:00:00Z");
    assert!(header.zero_bits() < 60, "and no block of Bitcoin");
    assert_eq!(header.confirms(&[0; 32]), Err(HeaderError::OtherRoot));
}

#[test]
fn answers_that_are_none() {
    let (digest, nonce) = ([7; 32], [1; 16]);
    let answer = read(FOLDER, "calendar-alice.answer");
    let begin = |answers: &[&[u8]]| Proof::begin(digest, nonce, answers).map(drop);
    assert_eq!(begin(&[]), Err(OtsError::Truncated));
    assert_eq!(begin(&[b""]), Err(OtsError::Truncated));
    assert_eq!(begin(&[&answer, b"<html>"]), Err(OtsError::UnknownOp(b'<')));
    assert_eq!(begin(&[&[&answer[..], &[0]].concat()]), Err(OtsError::TrailingBytes));
    assert_eq!(begin(&[&[0; 10_001]]), Err(OtsError::TooLarge));
    let deep = [&[8; 254][..], &answer].concat();
    assert_eq!(begin(&[&deep]), Err(OtsError::Depth));
}

#[test]
fn the_example_of_the_project_leads_into_its_block() {
    let hello = proof("good-example-hello-world");
    assert!(hello.is_about(&read(FOLDER, "hello-world.txt")));
    let [(height, mut root)] = hello.bitcoin_roots()[..] else { panic!() };
    root.reverse();
    let shown: String = root.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(height, 358_391);
    assert_eq!(shown, "8a1b66ecb7cbd07d8139a7e7d7f2c41aab1f5009b8364aaf61d03ad245e47e00");
    let unknown = proof("good-example-unknown-notary").attested();
    assert!(matches!(unknown[0].attestation, Attestation::Unknown { .. }));
    assert!(!proof("good-example-of-another-file").is_about(&read(FOLDER, "hello-world.txt")));
}
