//! Walks `vectors/cosignature`, and lets a log and a witness speak with each other over bytes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use sigu_attestation::witness::{
    AddCheckpoint, CosignatureError, CosignerKey, CosigningKey, Decision, ForkSign, Judgement, Policy,
    Refusal, Seen, Submission, cosign, decide, judge_answer, verify_cosignatures,
};
use sigu_ledger::{
    Checkpoint, Hash, SignedCheckpoint, SigningKey, TILE_WIDTH, TileId, VerifyingKey, consistency_proof,
    leaf_hash, tree_root,
};

use crate::files::{read, walk};

fn text(file: &str) -> String {
    String::from_utf8(read("cosignature", file)).unwrap()
}

fn witness_key() -> CosignerKey {
    text("witness.vkey").parse().unwrap()
}

fn at() -> Timestamp {
    Timestamp::from_second(1_795_334_401).unwrap()
}

/// The checkpoint the vectors cosign.
fn checkpoint() -> Checkpoint {
    let note = text("checkpoint.note");
    let body = note.split_once("\n\n").unwrap().0;
    Checkpoint::parse_text(&format!("{body}\n")).unwrap()
}

#[test]
fn cosignatures() {
    let defects = [
        ("only-strangers", "nobody known"),
        ("empty", "nobody known"),
        ("other-checkpoint", "does not hold"),
        ("changed-time", "does not hold"),
        ("signed-as-a-log", "does not hold"),
        ("without-time", "does not hold"),
        ("good-then-bad", "does not hold"),
        ("time-zero", "no usable time"),
        ("time-above-2-63", "no usable time"),
        ("time-beyond-year-9999", "no usable time"),
        ("blank-line", "blank line"),
        ("whole-note", "blank line"),
        ("crlf", "control character"),
        ("ascii-dash", "signature line 1 is malformed"),
    ];
    walk("cosignature", ".cosig", &defects, |_, bytes| {
        let lines = String::from_utf8(bytes.to_vec()).unwrap();
        let verified = verify_cosignatures(&lines, &checkpoint(), &[witness_key()]);
        let verified = verified.map_err(|error| error.to_string())?;
        let first = verified.first().ok_or("nobody known")?;
        assert_eq!((first.cosigner(), first.at(), first.checkpoint()), (&witness_key(), at(), &checkpoint()));
        Ok(())
    });
}

#[test]
fn what_is_signed_here_is_what_others_sign() {
    let key = CosigningKey::from_seed("witness.example/w1", &[4; 32]).unwrap();
    assert_eq!(key.cosigner_key(), witness_key());
    assert_eq!(cosign(&checkpoint(), &key, at()), Some(text("good-one.cosig")));
    for early in [Timestamp::UNIX_EPOCH, Timestamp::MIN] {
        assert_eq!(cosign(&checkpoint(), &key, early), None);
    }
}

#[test]
fn policies() {
    let defects = [
        ("no-quorum", "no quorum line"),
        ("two-quorums", "line 2: a second quorum line"),
        ("unknown-quorum", "line 1: a name that no earlier line defines"),
        ("unknown-member", "line 4: a name that no earlier line defines"),
        ("later-member", "line 1: a name that no earlier line defines"),
        ("member-of-two-groups", "line 5: a name that is already in a group"),
        ("member-twice", "line 4: a name that is already in a group"),
        ("threshold-zero", "line 4: not all, any or a number"),
        ("threshold-above-members", "line 4: not all, any or a number"),
        ("threshold-leading-zero", "line 4: not all, any or a number"),
        ("empty-group", "line 4: too few or too many words"),
        ("name-taken", "line 4: the name is taken"),
        ("name-none", "line 1: the name is taken"),
        ("duplicate-witness", "line 4: the same key"),
        ("duplicate-log", "line 2: the same key"),
        ("log-key-as-witness", "line 1: not a verifier key"),
        ("witness-key-as-log", "line 1: not a verifier key"),
        ("keyword", "line 1: not log, witness, group or quorum"),
        ("carriage-return", "tabs and newlines only"),
        ("missing-final-newline", "does not end in a newline"),
    ];
    walk("cosignature", ".policy", &defects, |_, bytes| {
        Policy::parse(bytes).map(drop).map_err(|error| error.to_string())
    });
}

#[test]
fn a_quorum_is_counted_as_written() {
    let policy = Policy::parse(&read("cosignature", "good-two-levels.policy")).unwrap();
    assert_eq!(policy.logs().count(), 1);
    assert!(policy.asks_for_witnesses());
    let keys: BTreeMap<&str, &CosignerKey> = policy.witnesses().map(|(name, key, _)| (name, key)).collect();
    assert_eq!(policy.witnesses().next().unwrap().2, Some("https://x1.example/"));
    let enough = |names: &[&str]| policy.is_satisfied_by(names.iter().map(|name| keys[name]));
    assert!(enough(&["X1", "X3", "Y2"]));
    assert!(enough(&["X1", "X2", "X3", "Y1", "Y2", "Y3"]));
    for few in [&["X1", "X2", "X3"][..], &["X1", "Y1", "Y2", "Y3"], &["X1", "X1", "Y1"], &[]] {
        assert!(!enough(few), "{few:?}");
    }
    let none = Policy::parse(b"quorum none\n").unwrap();
    assert!(!none.asks_for_witnesses() && none.is_satisfied_by([]));
}

#[test]
fn the_story_of_litewitness() {
    let story: Value = serde_json::from_slice(&read("cosignature", "story.json")).unwrap();
    let log: VerifyingKey = story["log"].as_str().unwrap().parse().unwrap();
    let key = CosigningKey::from_seed("witness.example/w1", &[4; 32]).unwrap();
    let mut seen = None;
    for step in story["steps"].as_array().unwrap() {
        let body = step["body"].as_str().unwrap();
        let decision = decide(body.as_bytes(), std::slice::from_ref(&log), |_| seen, &key, at());
        assert_eq!(u64::from(decision.status()), step["status"].as_u64().unwrap(), "{}", step["what"]);
        assert_eq!(decision.refusal().is_none(), decision.status() == 200);
        if let Decision::Accept(accepted) = decision {
            assert_eq!(accepted.before(), seen.unwrap_or_else(Seen::nothing));
            seen = Some(accepted.after());
            let signed = AddCheckpoint::parse(body.as_bytes()).unwrap().note;
            let signed = SignedCheckpoint::verify(signed.as_bytes(), &log).unwrap();
            let lines = accepted.into_answer();
            let found = verify_cosignatures(&lines, signed.checkpoint(), &[key.cosigner_key()]);
            assert_eq!(found.unwrap().len(), 1);
        }
    }
    assert_eq!(seen.unwrap().size, 5);
}

/// A log of up to one tile of leaves, numbered or of another history.
struct Log {
    key: SigningKey,
    leaves: Vec<Hash>,
}

impl Log {
    fn new(history: u8) -> Self {
        let key = SigningKey::from_seed("sigu/v1/mfrggzdfmztwq2lk", [1; 32]).unwrap();
        Self { key, leaves: (0..TILE_WIDTH as u16).map(|i| leaf_hash(&[history, i as u8])).collect() }
    }

    fn signed(&self, size: u64) -> SignedCheckpoint {
        let root = tree_root(&self.leaves[..size as usize]);
        Checkpoint { origin: self.key.name().to_owned(), size, root }.sign(&self.key).unwrap()
    }

    fn request(&self, old: u64, size: u64) -> AddCheckpoint {
        let mut tile = |_: TileId| Ok::<_, ()>(self.leaves.clone());
        let needs_none = old == 0 || old >= size;
        let proof = if needs_none { vec![] } else { consistency_proof(old, size, &mut tile).unwrap() };
        AddCheckpoint { old, proof, note: self.signed(size).note().to_owned() }
    }
}

/// A witness that keeps what it saw.
struct Witness {
    key: CosigningKey,
    seen: RefCell<Option<Seen>>,
}

impl Witness {
    fn new() -> Self {
        let key = CosigningKey::from_seed("witness.example/w1", &[4; 32]).unwrap();
        Self { key, seen: RefCell::new(None) }
    }

    fn answer(&self, log: &Log, request: &AddCheckpoint) -> (u16, String) {
        let logs = [log.key.verifying_key()];
        let decision = decide(request.to_body().as_bytes(), &logs, |_| *self.seen.borrow(), &self.key, at());
        let status = decision.status();
        match decision {
            Decision::Accept(accepted) => {
                *self.seen.borrow_mut() = Some(accepted.after());
                (status, accepted.into_answer())
            }
            refused => (status, refused.refusal().unwrap().1),
        }
    }

    fn ask(&self, log: &Log, old: u64, size: u64, largest_signed: u64) -> Judgement {
        let (status, body) = self.answer(log, &log.request(old, size));
        let checkpoint = log.signed(size).checkpoint().clone();
        let sent = Submission { checkpoint: &checkpoint, old, largest_signed };
        judge_answer(&sent, &[self.key.cosigner_key()], status, body.as_bytes())
    }
}

#[test]
fn a_log_and_its_witness() {
    let (log, witness) = (Log::new(0), Witness::new());
    assert!(matches!(witness.ask(&log, 0, 0, 0), Judgement::Cosigned(_)));
    assert!(matches!(witness.ask(&log, 0, 7, 7), Judgement::Cosigned(_)));
    assert_eq!(witness.ask(&log, 0, 9, 9), Judgement::Retry { from: 7 });
    let Judgement::Cosigned(found) = witness.ask(&log, 7, 9, 9) else { panic!() };
    assert_eq!((found[0].at(), found[0].checkpoint().size), (at(), 9));
    // A request that waited while a later checkpoint went through is no alarm.
    assert_eq!(witness.ask(&log, 7, 8, 9), Judgement::Retry { from: 9 });
}

#[test]
fn a_log_that_was_put_back_is_told() {
    let (log, witness) = (Log::new(0), Witness::new());
    assert!(matches!(witness.ask(&log, 0, 200, 200), Judgement::Cosigned(_)));
    assert_eq!(witness.ask(&log, 100, 150, 150), Judgement::RolledBack { size: 200 });
}

#[test]
fn two_histories_are_told_apart() {
    let (log, other, witness) = (Log::new(0), Log::new(1), Witness::new());
    assert!(matches!(witness.ask(&log, 0, 20, 20), Judgement::Cosigned(_)));
    assert_eq!(witness.ask(&other, 20, 20, 20), Judgement::Fork(ForkSign::OtherRoot));
    assert_eq!(witness.ask(&other, 20, 30, 30), Judgement::Fork(ForkSign::ProofRefused));
    // Neither moved what the witness saw.
    assert!(matches!(witness.ask(&log, 20, 30, 30), Judgement::Cosigned(_)));
}

#[test]
fn every_answer_means_something() {
    let log = Log::new(0);
    let checkpoint = log.signed(9).checkpoint().clone();
    let sent = Submission { checkpoint: &checkpoint, old: 7, largest_signed: 12 };
    let judge = |status: u16, body: &[u8]| judge_answer(&sent, &[witness_key()], status, body);
    let cases: [(u16, &[u8], Judgement); 16] = [
        (400, b"", Judgement::Refused(Refusal::BadRequest)),
        (403, b"", Judgement::Refused(Refusal::OtherKey)),
        (404, b"", Judgement::Refused(Refusal::UnknownLog)),
        (409, b"8\n", Judgement::Retry { from: 8 }),
        (409, b"0\n", Judgement::Retry { from: 0 }),
        (409, b"12\n", Judgement::Retry { from: 12 }),
        (409, b"13\n", Judgement::RolledBack { size: 13 }),
        (409, b"7\n", Judgement::Garbage),
        (409, b"", Judgement::Garbage),
        (409, b"08\n", Judgement::Garbage),
        (422, b"", Judgement::Fork(ForkSign::ProofRefused)),
        (429, b"", Judgement::Unavailable { status: 429 }),
        (503, b"", Judgement::Unavailable { status: 503 }),
        (200, b"<html>", Judgement::Garbage),
        (200, b"", Judgement::Garbage),
        (302, b"", Judgement::Garbage),
    ];
    for (status, body, expected) in cases {
        assert_eq!(judge(status, body), expected, "{status} {body:?}");
    }
    let foreign = text("good-one.cosig");
    let outcome = judge(200, foreign.as_bytes());
    assert_eq!(outcome, Judgement::BadCosignature(CosignatureError::BadSignature));
}
