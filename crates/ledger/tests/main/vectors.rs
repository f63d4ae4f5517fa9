//! Walks `vectors/`: every good file is accepted, every bad one refused for the reason expected.
//!
//! The tables name each bad file; a file without a line, or a line without a file, fails the test.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use sigu_ledger::{
    Hash, Leaf, Note, SignedCheckpoint, TlogProof, VerifyingKey, leaf_hash, root_at, tree_root,
    verify_consistency, verify_inclusion,
};

use crate::store::large;

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors").join(name)
}

fn read(folder_name: &str, file: &str) -> Vec<u8> {
    fs::read(folder(folder_name).join(file)).unwrap()
}

fn read_key(folder_name: &str, file: &str) -> VerifyingKey {
    let text = String::from_utf8(read(folder_name, file)).unwrap();
    text.parse().unwrap()
}

/// Runs `check` over the good and bad files of one ending; a bad one's message must hold the text
/// that `defects` gives for its name.
fn walk(
    folder_name: &str,
    ending: &str,
    defects: &[(&str, &str)],
    check: impl Fn(&str, &[u8]) -> Result<(), String>,
) {
    let mut expected: BTreeMap<&str, &str> = defects.iter().copied().collect();
    assert_eq!(expected.len(), defects.len(), "a defect is listed twice");
    let mut good = 0;
    for entry in fs::read_dir(folder(folder_name)).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let Some(stem) = file.strip_suffix(ending) else { continue };
        let outcome = check(stem, &read(folder_name, &file));
        if let Some(defect) = stem.strip_prefix("bad-") {
            let message = expected.remove(defect).unwrap_or_else(|| panic!("{file} is not in the table"));
            let error = outcome.expect_err(&file);
            assert!(error.contains(message), "{file} fails with {error:?} instead of {message:?}");
        } else if stem.starts_with("good-") {
            assert_eq!(outcome, Ok(()), "{file}");
            good += 1;
        }
    }
    assert!(expected.is_empty(), "no file for {expected:?}");
    assert!(good > 0, "{folder_name} has no good files");
}

fn message(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[test]
fn leaves() {
    let defects = [
        ("duplicate-key", "duplicate field `seq`"),
        ("duplicate-version", "duplicate field `v`"),
        ("float-seq", "floating point `350.0`, expected u64"),
        ("exponent-seq", "floating point `350.0`, expected u64"),
        ("negative-seq", "integer `-1`, expected u64"),
        ("string-seq", "string \"350\", expected u64"),
        ("seq-over-2-53", "seq is above 2^53-1"),
        ("seq-over-2-64", "expected u64"),
        ("leading-zero-seq", "invalid number"),
        ("unknown-version", "unknown version 2"),
        ("unknown-version-with-new-key", "unknown version 2"),
        ("version-zero", "unknown version 0"),
        ("unknown-key", "unknown field `note`"),
        ("unknown-beacon-key", "unknown field `sig`"),
        ("missing-nonce", "missing field `nonce`"),
        ("missing-version", "missing field `v`"),
        ("unsorted-sd", "digest 1 is out of order"),
        ("duplicate-sd", "digest 1 is a duplicate"),
        ("short-digest", "digest 0 is not the base64url"),
        ("digest-with-unused-bits", "digest 0 is not the base64url"),
        ("other-sd-alg", "_sd_alg is not sha-256"),
        ("whitespace", "not the canonical form"),
        ("wrong-key-order", "not the canonical form"),
        ("wrong-beacon-key-order", "not the canonical form"),
        ("at-without-millis", "at is not an instant"),
        ("at-with-micros", "at is not an instant"),
        ("at-with-offset", "at is not an instant"),
        ("at-not-a-day", "at is not an instant"),
        ("at-leap-second", "at is not an instant"),
        ("short-nonce", "nonce is not the base64url"),
        ("padded-base64", "nonce is not the base64url"),
        ("standard-base64-nonce", "nonce is not the base64url"),
        ("null-kind", "invalid type: null, expected a string"),
        ("null-beacon", "not the canonical form"),
        ("upper-case-kind", "kind is not lower-case"),
        ("long-kind", "kind is not lower-case"),
        ("upper-case-beacon", "64 lower-case hex digits"),
        ("short-beacon", "64 lower-case hex digits"),
        ("beacon-round-over-2-53", "nb.round is above 2^53-1"),
        ("escaped-unicode-noncanonical", "not the canonical form"),
        ("array-form", "not the canonical form"),
        ("trailing-newline", "not the canonical form"),
        ("trailing-bytes", "trailing characters"),
        ("truncated", "EOF while parsing"),
        ("empty", "EOF while parsing"),
        ("bom", "expected value at line 1 column 1"),
        ("invalid-utf8", "not UTF-8"),
        ("too-large", "more than 8192"),
    ];
    walk("leaf", ".json", &defects, |_, bytes| {
        let leaf = Leaf::parse(bytes).map_err(message)?;
        assert_eq!(leaf.encode().map_err(message)?, bytes);
        Ok(())
    });
}

#[test]
fn notes() {
    let defects = [
        ("known-key-bad-signature", "signature of the expected key does not hold"),
        ("good-then-bad-signature-of-the-known-key", "signature of the expected key does not hold"),
        ("short-signature", "signature of the expected key does not hold"),
        ("only-unknown-keys", "not signed by the expected key"),
        ("no-blank-line", "no blank line"),
        ("no-signature", "carries no signature"),
        ("ascii-dash-instead-of-em-dash", "signature line 1 is malformed"),
        ("en-dash-instead-of-em-dash", "signature line 1 is malformed"),
        ("two-spaces", "signature line 1 is malformed"),
        ("missing-final-newline", "does not end in a newline"),
        ("crlf", "control character"),
        ("tab-in-text", "control character"),
        ("plus-in-name", "signature line 1 is malformed"),
        ("signature-without-padding", "signature line 1 is malformed"),
        ("key-id-without-signature", "signature line 1 is malformed"),
        ("blank-line-between-signatures", "not signed by the expected key"),
        ("too-many-signatures", "more than 100 signatures"),
        ("too-large", "larger than 64 KiB"),
        ("invalid-utf8", "not UTF-8"),
        ("empty", "does not end in a newline"),
    ];
    walk("note", ".note", &defects, |stem, bytes| {
        let own = format!("{stem}.vkey");
        let key = if folder("note").join(&own).exists() { own } else { "key.vkey".to_owned() };
        let note = Note::parse(bytes).map_err(message)?;
        note.verify(&read_key("note", &key)).map(drop).map_err(message)
    });
}

#[test]
fn keys() {
    let defects = [
        ("wrong-key-id", "does not belong to this name and key"),
        ("cosignature-type", "not Ed25519"),
        ("short-key", "not an Ed25519 public key"),
        ("two-parts", "the form name+id+key"),
        ("space-in-name", "must not be empty or hold spaces"),
    ];
    walk("note", ".vkey", &defects, |_, bytes| {
        let text = std::str::from_utf8(bytes).unwrap();
        let key: VerifyingKey = text.parse().map_err(message)?;
        assert_eq!(key.to_string(), text);
        Ok(())
    });
}

#[test]
fn checkpoints() {
    let defects = [
        ("leading-zero-size", "decimal number without leading zeros"),
        ("negative-size", "decimal number without leading zeros"),
        ("hex-size", "decimal number without leading zeros"),
        ("size-over-2-64", "decimal number without leading zeros"),
        ("empty-size", "decimal number without leading zeros"),
        ("extension-line", "exactly three lines"),
        ("missing-root", "exactly three lines"),
        ("truncated-root", "canonical base64 of 32 bytes"),
        ("unpadded-root", "canonical base64 of 32 bytes"),
        ("hex-root", "canonical base64 of 32 bytes"),
        ("empty-origin", "the origin is empty"),
        ("other-origin", "origin of the checkpoint is not the name of the key"),
        ("other-log", "not signed by the expected key"),
        ("changed-size", "signature of the expected key does not hold"),
        ("missing-final-newline", "does not end in a newline"),
        ("no-blank-line", "no blank line"),
        ("ascii-dash-instead-of-em-dash", "signature line 1 is malformed"),
    ];
    let key = read_key("checkpoint", "key.vkey");
    walk("checkpoint", ".note", &defects, |_, bytes| {
        let signed = SignedCheckpoint::verify(bytes, &key).map_err(message)?;
        assert_eq!(signed.note().as_bytes(), bytes);
        Ok(())
    });
}

#[test]
fn proof_files() {
    let defects = [
        ("leftover-hash", "leftover hashes"),
        ("missing-hash", "too few hashes"),
        ("swapped-hashes", "another root"),
        ("other-leaf", "another root"),
        ("other-index", "another root"),
        ("index-out-of-range", "leaf 7 is not in a tree of 7 leaves"),
        ("leading-zero-index", "index line"),
        ("missing-index", "index line"),
        ("index-before-extra", "hash line 1"),
        ("second-version", "first line"),
        ("crlf", "first line"),
        ("extra-without-padding", "extra line"),
        ("truncated-hash", "hash line 1"),
        ("too-many-hashes", "more than 63 hashes"),
        ("no-blank-line", "hash line 4"),
        ("two-blank-lines", "signature of the expected key does not hold"),
        ("missing-final-newline", "does not end in a newline"),
        ("changed-root", "signature of the expected key does not hold"),
        ("other-origin", "origin of the checkpoint is not the name of the key"),
        ("unsigned", "no blank line between text and signatures"),
    ];
    let key = read_key("tlog-proof", "key.vkey");
    let leaf = leaf_hash(&read("tlog-proof", "leaf.json"));
    walk("tlog-proof", ".tlog-proof", &defects, |_, bytes| {
        let proof = TlogProof::parse(bytes).map_err(message)?;
        assert_eq!(proof.to_text().as_bytes(), bytes);
        proof.verify(&leaf, &key).map(drop).map_err(message)
    });
}

fn hash(value: &Value) -> Hash {
    value.as_str().unwrap().parse().unwrap()
}

fn hashes(value: &Value) -> Vec<Hash> {
    value.as_array().unwrap().iter().map(hash).collect()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn check_merkle(file: &Value) -> Result<(), String> {
    if let Some(v) = file.get("inclusion") {
        let proof = hashes(&v["proof"]);
        let (index, size) = (number(&v["index"]), number(&v["size"]));
        return verify_inclusion(&hash(&v["leaf"]), index, size, &proof, &hash(&v["root"])).map_err(message);
    }
    if let Some(v) = file.get("consistency") {
        let (old, new) = (number(&v["old"]), number(&v["new"]));
        let (from, to) = (hash(&v["old_root"]), hash(&v["new_root"]));
        return verify_consistency(old, new, &from, &to, &hashes(&v["proof"])).map_err(message);
    }
    // Lists of roots: checked by their own tests.
    file.get("roots").map(drop).ok_or_else(|| "neither proof nor roots".to_owned())
}

#[test]
fn merkle_proofs() {
    let defects = [
        ("inclusion-leftover-hash", "leftover hashes"),
        ("inclusion-missing-hash", "too few hashes"),
        ("inclusion-swapped-hashes", "another root"),
        ("inclusion-other-index", "another root"),
        ("inclusion-index-is-size", "leaf 8 is not in a tree of 8 leaves"),
        ("inclusion-empty-tree", "leaf 0 is not in a tree of 0 leaves"),
        ("inclusion-other-root", "another root"),
        ("inclusion-inner-node-as-leaf", "too few hashes"),
        ("consistency-from-zero", "from an empty tree"),
        ("consistency-shrunk", "the later tree has 6 leaves"),
        ("consistency-leftover-hash", "leftover hashes"),
        ("consistency-missing-hash", "too few hashes"),
        ("consistency-empty-proof", "too few hashes"),
        ("consistency-same-size-with-proof", "leftover hashes"),
        ("consistency-same-size-other-root", "another root"),
        ("consistency-other-old-root", "another earlier root"),
        ("consistency-other-new-root", "another root"),
    ];
    walk("merkle", ".json", &defects, |_, bytes| check_merkle(&serde_json::from_slice(bytes).unwrap()));
}

#[test]
fn the_roots_of_the_rfc_6962_tests() {
    let file: Value = serde_json::from_slice(&read("merkle", "good-rfc6962-roots.json")).unwrap();
    let unhex = |text: &str| -> Vec<u8> {
        (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
    };
    let leaves = file["leaves"].as_array().unwrap().iter();
    let leaves: Vec<Hash> = leaves.map(|leaf| leaf_hash(&unhex(leaf.as_str().unwrap()))).collect();
    for (size, root) in hashes(&file["roots"]).iter().enumerate() {
        assert_eq!(tree_root(&leaves[..size]), *root, "{size}");
    }
}

#[test]
fn the_roots_of_large_trees() {
    let file: Value = serde_json::from_slice(&read("merkle", "good-large-roots.json")).unwrap();
    let (_, store) = large();
    for (size, root) in file["roots"].as_object().unwrap() {
        let size = size.parse().unwrap();
        assert_eq!(root_at(size, &mut |id| store.read(id)), Ok(hash(root)), "{size}");
    }
}
