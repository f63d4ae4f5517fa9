//! Walks `vectors/drand`, and ties leaves to rounds and tokens.

use sigu_attestation::beacon::{Beacon, BeaconError};
use sigu_attestation::drand::{DrandError, VerifiedRound, time_of, verify_answer};
use sigu_attestation::rfc3161::verify_reply;
use sigu_ledger::Leaf;

use crate::files::{read, walk};
use crate::tokens::{request, trust};

#[test]
fn answers_of_relays() {
    let defects = [
        ("another-round", "signature does not hold"),
        ("changed-signature", "signature"),
        ("round-zero", "not from 1 to 2^53-1"),
        ("round-above-2-53", "not from 1 to 2^53-1"),
        ("round-text", "not an answer"),
        ("round-twice", "not an answer"),
        ("not-json", "not an answer"),
        ("no-signature", "not an answer"),
        ("short-signature", "not a point of the group"),
        ("upper-case-signature", "not a point of the group"),
        ("infinity", "not a point of the group"),
        ("not-in-the-subgroup", "not a point of the group"),
        ("other-randomness", "not that of the signature"),
    ];
    walk("drand", ".json", &defects, |_, bytes| {
        let round = verify_answer(bytes, None).map_err(|error| error.to_string())?;
        assert_eq!(round.round(), 123);
        assert_eq!(
            round.randomness().to_string(),
            "fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc"
        );
        Ok(())
    });
}

fn round_123() -> VerifiedRound {
    verify_answer(&read("drand", "good-round-123.json"), Some(123)).unwrap()
}

#[test]
fn a_round_is_the_one_that_was_asked_for() {
    let asked = verify_answer(&read("drand", "good-round-123.json"), Some(124));
    assert_eq!(asked, Err(DrandError::OtherRound { asked: 124, found: 123 }));
    assert_eq!(VerifiedRound::verify(124, *round_123().signature()), Err(DrandError::Signature));
    let kept = round_123().to_json();
    assert_eq!(kept.as_bytes(), read("drand", "good-without-randomness.json"));
    assert_eq!(verify_answer(kept.as_bytes(), None), Ok(round_123()));
    assert_eq!(verify_answer(&[b' '; 5000], None), Err(DrandError::Form));
}

#[test]
fn a_leaf_is_tied_to_what_it_names() {
    let bytes = read("leaf", "good-beacon.json");
    let beacon = Beacon::from_not_before(&Leaf::parse(&bytes).unwrap().not_before.unwrap()).unwrap();
    assert_eq!(beacon, Beacon::of_round(&round_123()));
    assert_eq!(beacon.shown_by_round(&round_123()), Ok(time_of(123).unwrap()));

    let token = |file: &str| verify_reply(&read("rfc3161", file), &request(), &trust()).unwrap();
    let (first, second) = (token("good-fraction-of-three-digits.tsr"), token("good-whole-seconds.tsr"));
    let by_token = Beacon::of_token(&first).unwrap();
    let leaf = Leaf {
        kind: "evidence.fixed".to_owned(),
        seq: 7,
        at: "2026-11-22T08:00:05.000Z".to_owned(),
        nonce: [7; 16],
        sd: vec![],
        not_before: Some(by_token.to_not_before()),
    };
    let stored = Leaf::parse(&leaf.encode().unwrap()).unwrap().not_before.unwrap();
    let read_back = Beacon::from_not_before(&stored).unwrap();
    assert_eq!(read_back.shown_by_token(&first), Ok(first.earliest()));
    assert_eq!(read_back.shown_by_token(&second), Err(BeaconError::Mismatch));
    assert_eq!(read_back.shown_by_round(&round_123()), Err(BeaconError::Mismatch));
    assert_eq!(beacon.shown_by_token(&first), Err(BeaconError::Mismatch));
}
