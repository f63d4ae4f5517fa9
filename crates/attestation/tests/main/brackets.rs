//! What tokens, blocks, witnesses and beacons say together of a leaf.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use sigu_attestation::beacon::Beacon;
use sigu_attestation::bracket::{
    Bound, Bracket, Grade, Source, Stamp, StampError, TieError, TiedStamp, bracket, not_before_by_round,
    not_before_by_token,
};
use sigu_attestation::drand::verify_answer;
use sigu_attestation::opentimestamps::{BlockHeader, HeaderError, Proof};
use sigu_attestation::rfc3161::{VerifiedToken, verify_reply};
use sigu_attestation::witness::{CosigningKey, VerifiedCosignature, cosign, verify_cosignatures};
use sigu_ledger::{
    Checkpoint, Hash, ProofError, SignedCheckpoint, SigningKey, TileId, VerifyingKey, consistency_proof,
    leaf_hash, tree_root,
};

use crate::files::read;
use crate::tokens::{request, trust};

fn text(folder: &str, file: &str) -> String {
    String::from_utf8(read(folder, file)).unwrap()
}

/// The checkpoint that tokens and proofs of the vectors are about: five leaves.
fn stamped() -> SignedCheckpoint {
    let key: VerifyingKey = text("checkpoint", "key.vkey").parse().unwrap();
    SignedCheckpoint::verify(&read("rfc3161", "stamped.note"), &key).unwrap()
}

fn token(file: &str) -> VerifiedToken {
    verify_reply(&read("rfc3161", file), &request(), &trust()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn seen_by(seed: u8, checkpoint: &Checkpoint, when: &str) -> VerifiedCosignature {
    let key = CosigningKey::from_seed(&format!("witness.example/w{seed}"), &[seed; 32]).unwrap();
    let line = cosign(checkpoint, &key, at(when)).unwrap();
    verify_cosignatures(&line, checkpoint, &[key.cosigner_key()]).unwrap().remove(0)
}

fn tied(stamp: Stamp) -> TiedStamp {
    let to = stamp.checkpoint().clone();
    stamp.tie(&to, &[]).unwrap()
}

#[test]
fn everything_together() {
    let signed = stamped();
    let checkpoint = signed.checkpoint();
    let proof = Proof::parse(&read("opentimestamps", "good-attested.ots")).unwrap();
    let header = BlockHeader::parse(&read("opentimestamps", "block.header")).unwrap();
    let stamps = [
        tied(Stamp::by_block(&signed, &proof, &header).unwrap()),
        tied(Stamp::by_token(&signed, &token("good-whole-seconds.tsr")).unwrap()),
        tied(Stamp::by_token(&signed, &token("good-fraction-of-three-digits.tsr")).unwrap()),
        tied(Stamp::by_cosignature(&seen_by(4, checkpoint, "2026-11-22T07:59:59Z"))),
    ];
    let beacon = token("good-certificate-expired-since.tsr");
    let nb = Beacon::of_token(&beacon).unwrap().to_not_before();
    let lower = not_before_by_token(&nb, &beacon).unwrap();
    let all = bracket(checkpoint, 4, Some(lower), &stamps);
    let instants: Vec<String> = all.not_after.iter().map(|bound| bound.at.to_string()).collect();
    let expected =
        ["2026-11-22T07:59:59Z", "2026-11-22T08:00:00Z", "2026-11-22T08:00:01.623Z", "2026-11-23T10:00:00Z"];
    assert_eq!(instants, expected);
    assert_eq!(all.not_before.as_ref().unwrap().at, at("2025-06-01T11:59:59Z"));
    assert_eq!(all.not_after_by(Grade::Service).unwrap().at, at("2026-11-22T08:00:00Z"));
    assert_eq!(all.not_after_by(Grade::Block).unwrap().by, Source::Block { height: 920_000 });
    assert_eq!(all.voices(), 3, "two tokens under one root are one voice");
    assert!(!all.is_contradictory());
    assert_eq!(all.width(), Some(at(expected[0]).duration_since(at("2025-06-01T11:59:59Z"))));
    // The sixth leaf is in none of these trees.
    assert_eq!(bracket(checkpoint, 5, None, &stamps), Bracket { not_before: None, not_after: vec![] });
}

#[test]
fn a_proof_of_something_else_is_no_stamp() {
    let key = SigningKey::from_seed("sigu/v1/mfrggzdfmztwq2lk", [1; 32]).unwrap();
    let other = Checkpoint { origin: key.name().to_owned(), size: 5, root: Hash::from_bytes([7; 32]) };
    let other = other.sign(&key).unwrap();
    let proof = Proof::parse(&read("opentimestamps", "good-attested.ots")).unwrap();
    let pending = Proof::parse(&read("opentimestamps", "good-pending.ots")).unwrap();
    let header = BlockHeader::parse(&read("opentimestamps", "block.header")).unwrap();
    let token = token("good-whole-seconds.tsr");
    assert_eq!(Stamp::by_token(&other, &token), Err(StampError::OtherBytes));
    assert_eq!(Stamp::by_block(&other, &proof, &header), Err(StampError::OtherBytes));
    let unknown = StampError::Header(HeaderError::OtherRoot);
    assert_eq!(Stamp::by_block(&stamped(), &pending, &header), Err(unknown));
    let mut lazy = *header.as_bytes();
    lazy[75] = 0x10;
    let lazy = BlockHeader::parse(&lazy).unwrap();
    assert_eq!(Stamp::by_block(&stamped(), &proof, &lazy), Err(StampError::Header(HeaderError::Work)));
    assert_eq!(Sha256::digest(stamped().note()).as_slice(), proof.digest());
}

#[test]
fn a_stamp_counts_where_its_tree_leads() {
    let leaves: Vec<Hash> = (0..9u8).map(|i| leaf_hash(&[i])).collect();
    let checkpoint = |origin: &str, size: usize| Checkpoint {
        origin: origin.to_owned(),
        size: size as u64,
        root: tree_root(&leaves[..size]),
    };
    let (early, late) = (checkpoint("a", 6), checkpoint("a", 9));
    let proof = consistency_proof(6, 9, &mut |_: TileId| Ok::<_, ()>(leaves.clone())).unwrap();
    let stamp = Stamp::by_cosignature(&seen_by(4, &early, "2026-11-22T08:00:00Z"));
    let tied = stamp.clone().tie(&late, &proof).unwrap();
    assert_eq!(bracket(&late, 5, None, std::slice::from_ref(&tied)).not_after.len(), 1);
    assert_eq!(bracket(&late, 6, None, std::slice::from_ref(&tied)).not_after.len(), 0);
    assert_eq!(bracket(&early, 5, None, &[tied]).not_after.len(), 0, "tied to another checkpoint");

    assert_eq!(stamp.clone().tie(&checkpoint("b", 9), &proof), Err(TieError::OtherLog));
    let forked = Checkpoint { root: Hash::from_bytes([7; 32]), ..late.clone() };
    assert_eq!(stamp.clone().tie(&forked, &proof), Err(TieError::Proof(ProofError::RootMismatch)));
    assert_eq!(stamp.tie(&late, &[]), Err(TieError::Proof(ProofError::TooShort)));
}

#[test]
fn a_leaf_older_than_its_beacon_is_a_contradiction() {
    let signed = stamped();
    let round = verify_answer(&read("drand", "good-round-123.json"), None).unwrap();
    let nb = Beacon::of_round(&round).to_not_before();
    let lower = not_before_by_round(&nb, &round).unwrap();
    assert_eq!(lower.by, Source::Drand { round: 123 });
    assert_eq!(lower.by.grade(), None);
    let early = tied(Stamp::by_cosignature(&seen_by(4, signed.checkpoint(), "2020-01-01T00:00:00Z")));
    let wrong = bracket(signed.checkpoint(), 0, Some(lower.clone()), &[early]);
    assert!(wrong.is_contradictory() && wrong.width().unwrap() < SignedDuration::ZERO);
    let open = bracket(signed.checkpoint(), 0, Some(Bound { ..lower }), &[]);
    assert!(open.width().is_none() && !open.is_contradictory() && open.voices() == 0);
}
