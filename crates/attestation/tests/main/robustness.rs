//! Parsers: no bytes whatever make them panic, and changed vectors are refused or say the same.

use std::sync::LazyLock;

use jiff::Timestamp;
use proptest::prelude::*;
use sigu_attestation::drand::{round_at, time_of, verify_answer};
use sigu_attestation::opentimestamps::{BlockHeader, Proof};
use sigu_attestation::rfc3161::{Oid, Request, Trust, verify_reply, verify_token};
use sigu_attestation::witness::{
    AddCheckpoint, CosignerKey, CosigningKey, Policy, Submission, decide, judge_answer, verify_cosignatures,
};
use sigu_ledger::{Checkpoint, Hash, VerifyingKey};

use crate::files::{read, stems};
use crate::tokens::{request, trust};

static REQUEST: LazyLock<Request> = LazyLock::new(request);
static TRUST: LazyLock<Trust> = LazyLock::new(trust);

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: "sigu/v1/mfrggzdfmztwq2lk".to_owned(), size: 5, root: Hash::from_bytes([7; 32]) }
}

/// Puts foreign bytes before everything that reads any.
fn read_everything(bytes: &[u8]) {
    let _ = verify_reply(bytes, &REQUEST, &TRUST);
    let _ = verify_token(bytes, &REQUEST, &TRUST);
    let _ = Request::parse(bytes);
    let _ = Trust::from_pem(bytes);
    let _ = Trust::from_der(vec![bytes.to_vec()]);
    let _ = verify_answer(bytes, None);
    let _ = BlockHeader::parse(bytes);
    if let Ok(proof) = Proof::parse(bytes) {
        let _ = (proof.attested(), proof.describe());
        assert_eq!(Proof::parse(&proof.to_bytes()), Ok(proof));
    }
    let _ = Proof::begin([7; 32], [1; 16], &[bytes]);
    let _ = Policy::parse(bytes);
    let _ = AddCheckpoint::parse(bytes);
    let key = CosigningKey::from_seed("w", &[4; 32]).unwrap();
    let log: VerifyingKey = String::from_utf8(read("checkpoint", "key.vkey")).unwrap().parse().unwrap();
    let _ = decide(bytes, &[log], |_| None, &key, Timestamp::UNIX_EPOCH);
    let sent = Submission { checkpoint: &checkpoint(), old: 3, largest_signed: 9 };
    for status in [200, 409, 500] {
        let _ = judge_answer(&sent, &[key.cosigner_key()], status, bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    let _ = verify_cosignatures(&text, &checkpoint(), &[key.cosigner_key()]);
    let _ = text.parse::<CosignerKey>();
    let _ = text.parse::<Oid>();
}

/// One vector of each kind, to be spoiled.
const KINDS: [(&str, &str); 8] = [
    ("rfc3161", "good-middle-certificate.tsr"),
    ("rfc3161", "good-open-lengths.tsr"),
    ("rfc3161", "good-rsa-pss.tsr"),
    ("rfc3161", "root.pem"),
    ("opentimestamps", "good-example-osdsp.ots"),
    ("drand", "good-round-123.json"),
    ("cosignature", "good-two-levels.policy"),
    ("cosignature", "good-among-strangers.cosig"),
];

proptest! {
    #[test]
    fn no_bytes_make_a_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_everything(&bytes);
    }

    #[test]
    fn no_spoiled_vector_makes_a_parser_panic(
        kind in 0..KINDS.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        whole: bool,
    ) {
        let (folder, file) = KINDS[kind];
        let mut bytes = read(folder, file);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        read_everything(&bytes);
    }

    #[test]
    fn rounds_and_instants_agree(round in 1..1u64 << 36) {
        let at = time_of(round).unwrap();
        prop_assert_eq!(round_at(at), Some(round));
        let before = at.checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap();
        prop_assert_eq!(round_at(before).unwrap_or(0), round - 1);
    }

    #[test]
    fn requests_come_back(entropy: [u8; 8], digest: [u8; 32]) {
        let imprint = sigu_attestation::rfc3161::Imprint::from_sha256(digest);
        let request = Request::new(imprint, entropy);
        prop_assert_eq!(Request::parse(&request.to_der()), Ok(request));
    }
}

#[test]
fn every_vector_before_every_parser() {
    for (folder, ending) in [
        ("rfc3161", ".tsr"),
        ("rfc3161", ".tsq"),
        ("opentimestamps", ".ots"),
        ("drand", ".json"),
        ("cosignature", ".policy"),
        ("cosignature", ".cosig"),
    ] {
        for stem in stems(folder, ending) {
            read_everything(&read(folder, &format!("{stem}{ending}")));
        }
    }
}
