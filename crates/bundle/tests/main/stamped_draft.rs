//! Laying out outside proofs: the writer makes what others made by hand, and refuses what no verifier takes.

use std::io::{Cursor, Read};

use sigu_attestation::stored::read_consistency;
use sigu_bundle::{
    BagInfo, Body, Draft, DraftError, Entry, Grade, ItemId, LeafPart, LogPart, LogSeal, OutsideParts,
    OutsideTime, RoundPart, ServicePart, StampId, StampPart, VerifyOptions,
};
use sigu_evidence::{ContentId, Disclosure};
use sigu_ledger::{TlogProof, VerifyingKey};

use crate::built::{Log, files_of, get, verify_bytes, verify_bytes_with};
use crate::stamped::{read, trusted};

type Files = Vec<(String, Vec<u8>)>;

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(get(files, path).unwrap_or_else(|| panic!("{path}"))).unwrap()
}

fn leaf(files: &Files, log: u32, seq: u64) -> LeafPart {
    let lines = text(files, &format!("trust/logs/{log}/disclosures/{seq}.txt"));
    LeafPart {
        bytes: get(files, &format!("trust/logs/{log}/leaves/{seq}.json")).unwrap(),
        disclosures: lines.lines().map(|line| Disclosure::parse(line).unwrap()).collect(),
    }
}

fn log(files: &Files, number: u32, sizes: std::ops::Range<u64>) -> LogPart {
    let key = VerifyingKey::parse(text(files, &format!("trust/logs/{number}/log.vkey")).trim_end()).unwrap();
    LogPart { number, key, leaves: sizes.map(|seq| (seq, leaf(files, number, seq))).collect() }
}

fn seal(files: &Files, number: u32, sizes: std::ops::Range<u64>, stamps: &[u64]) -> LogSeal {
    let proof = |seq: u64| {
        let bytes = get(files, &format!("trust/logs/{number}/proofs/{seq}.tlog-proof")).unwrap();
        (seq, TlogProof::parse(&bytes).unwrap().hashes)
    };
    let tie = |size: &u64| {
        let bytes = get(files, &format!("trust/logs/{number}/stamped/{size}/consistency.txt")).unwrap();
        (*size, read_consistency(&bytes).unwrap())
    };
    LogSeal {
        number,
        checkpoint_note: text(files, &format!("trust/logs/{number}/checkpoint.note")),
        proofs: sizes.map(proof).collect(),
        consistency: stamps.iter().map(tie).collect(),
    }
}

fn stamp(files: &Files, log: u32, size: u64, services: &[&str]) -> StampPart {
    let of = StampId { log, size };
    let folder = format!("trust/logs/{log}/stamped/{size}");
    let one = |name: &str| get(files, &format!("{folder}/{name}"));
    let service = |name: &&str| ServicePart {
        name: name.parse().unwrap(),
        request: one(&format!("{name}.tsq")).unwrap(),
        reply: one(&format!("{name}.tsr")).unwrap(),
        chain_pem: one(&format!("{name}.chain.pem")).map(|pem| String::from_utf8(pem).unwrap()),
    };
    StampPart {
        of,
        note: text(files, &format!("{folder}/checkpoint.note")),
        services: services.iter().map(service).collect(),
        ots: one("checkpoint.ots"),
        header: one("checkpoint.header"),
        cosignatures: one("witness.cosig").map(|lines| String::from_utf8(lines).unwrap()),
    }
}

/// The parts of `good-stamped.zip`, taken out of it.
fn parts(files: &Files) -> OutsideParts {
    let stamps = vec![
        stamp(files, 2, 4, &["beta-1", "alpha"]),
        stamp(files, 1, 4, &["alpha"]),
        stamp(files, 2, 2, &["alpha"]),
    ];
    let rounds = vec![RoundPart { round: 123, json: get(files, "trust/beacons/quicknet-123.json").unwrap() }];
    OutsideParts { stamps, rounds, checker_page: None }
}

fn draft(files: &Files, outside: OutsideParts) -> Result<Draft, DraftError> {
    let bag = BagInfo { date: "2026-11-23".into(), external_identifier: "A-1".into() };
    let item = |path: &str, at: ItemId| {
        let bytes = get(files, path).unwrap();
        let (_, ext) = path.rsplit_once('.').unwrap();
        Entry::item(at, ext, bytes.len() as u64, crc32fast::hash(&bytes), ContentId::of(&bytes))
    };
    let items =
        vec![item("data/items/1-2.txt", ItemId::new(1, 2)), item("data/items/2-1.png", ItemId::new(2, 1))];
    let logs = vec![log(files, 1, 0..4), log(files, 2, 0..4)];
    Draft::new(bag, b"<!doctype html>\n".to_vec(), b"[]\n".to_vec(), items, logs, outside)
}

#[test]
fn the_writer_lays_out_what_others_laid_out_by_hand() {
    let files = files_of(&read("good-stamped.zip"));
    let made = draft(&files, parts(&files)).unwrap();
    let seals = vec![seal(&files, 1, 0..4, &[4]), seal(&files, 2, 0..5, &[2, 4])];
    let export = (ItemId::new(2, 4), leaf(&files, 2, 4));
    let layout = made.finish("sigu-20261123-2-4", export, seals).unwrap();
    let paths = |path: &str| !path.starts_with("trust/logs/");
    assert!(layout.entries().iter().map(|one| &one.path).eq(files.iter().map(|(path, _)| path)));
    // The recipe may have changed since the vector was made, and with it the lists.
    let lists = ["VERIFY.md", "check-inclusion.sh", "contents.txt", "manifest-sha256.txt"];
    let mut compared = 0;
    for (entry, (path, bytes)) in layout.entries().iter().zip(&files) {
        if let Body::Bytes(made) = &entry.body
            && !lists.iter().any(|list| path.ends_with(list) && paths(path))
        {
            assert_eq!(made, bytes, "{path}");
            compared += 1;
        }
    }
    assert!(compared > 40);
}

#[test]
fn what_no_verifier_takes_is_not_laid_out() {
    let files = files_of(&read("good-stamped.zip"));
    let of = StampId { log: 2, size: 4 };
    let refused = |change: &dyn Fn(&mut OutsideParts)| {
        let mut outside = parts(&files);
        change(&mut outside);
        draft(&files, outside).map(|_| ()).unwrap_err()
    };
    let proof = |name: &str| DraftError::Proof(format!("trust/logs/2/stamped/4/{name}"));
    assert_eq!(refused(&|all| all.stamps[0].of.size = 3), DraftError::Stamp(StampId { log: 2, size: 3 }));
    assert_eq!(refused(&|all| all.stamps[0].of.log = 3), DraftError::Stamp(StampId { log: 3, size: 4 }));
    assert_eq!(refused(&|all| all.stamps[0].note.push('\n')), DraftError::Stamp(of));
    assert_eq!(refused(&|all| all.stamps.push(all.stamps[0].clone())), DraftError::Stamp(of));
    let bare = |all: &mut OutsideParts| {
        let one = &mut all.stamps[0];
        (one.services, one.ots, one.header, one.cosignatures) = (vec![], None, None, None);
    };
    assert_eq!(refused(&bare), DraftError::Stamp(of));
    assert_eq!(refused(&|all| all.stamps[0].services[1].request = vec![0]), proof("alpha.tsq"));
    assert_eq!(refused(&|all| all.stamps[0].services[1].reply.clear()), proof("alpha.tsr"));
    assert_eq!(refused(&|all| all.stamps[0].services[0].reply = vec![0; 65_537]), proof("beta-1.tsr"));
    let twice = |all: &mut OutsideParts| {
        let one = all.stamps[0].services[0].clone();
        all.stamps[0].services.push(one);
    };
    assert_eq!(refused(&twice), proof("beta-1.tsq"));
    assert_eq!(refused(&|all| all.stamps[0].ots = Some(b"x".to_vec())), proof("checkpoint.ots"));
    assert_eq!(refused(&|all| all.stamps[0].header = Some(vec![0; 81])), proof("checkpoint.header"));
    assert_eq!(refused(&|all| all.stamps[0].ots = None), proof("checkpoint.header"));
    assert_eq!(refused(&|all| all.stamps[0].cosignatures = Some("x\n".into())), proof("witness.cosig"));
    assert_eq!(refused(&|all| all.rounds[0].round = 124), DraftError::Round(124));
    assert_eq!(refused(&|all| all.rounds.push(all.rounds[0].clone())), DraftError::Round(123));
    assert_eq!(refused(&|all| all.checker_page = Some(vec![])), DraftError::CheckerPage);
    assert_eq!(refused(&|all| all.checker_page = Some(vec![0; (4 << 20) + 1])), DraftError::CheckerPage);
    let many = |all: &mut OutsideParts| {
        let one = all.stamps[0].services[0].clone();
        let named = |n: usize| ServicePart { name: format!("s{n}").parse().unwrap(), ..one.clone() };
        all.stamps[0].services = (0..17).map(named).collect();
    };
    assert_eq!(refused(&many), DraftError::TooManyProofs);
    let export = || (ItemId::new(2, 4), leaf(&files, 2, 4));
    for sizes in [&[2][..], &[2, 3, 4]] {
        let mut last = seal(&files, 2, 0..5, &[2, 4]);
        last.consistency = sizes.iter().map(|size| (*size, Vec::new())).collect();
        let seals = vec![seal(&files, 1, 0..4, &[4]), last];
        let made = draft(&files, parts(&files)).unwrap().finish("sigu-20261123-2-4", export(), seals);
        assert_eq!(made.map(|_| ()), Err(DraftError::Consistency(2)));
    }
}

/// A log that was cosigned after every leaf; as many stamps as a package may hold less a few.
#[test]
fn fifty_stamps_and_a_page_are_verified() {
    use sigu_attestation::witness::{CosigningKey, Policy, cosign};
    use sigu_bundle::Trusted;
    let witness = CosigningKey::from_seed("witness.example/w1", &[7; 32]).unwrap();
    let mut log = Log::new(1, "sigu/v1/a", None);
    let mut outside =
        OutsideParts { checker_page: Some(b"<!doctype html>".repeat(100_000)), ..Default::default() };
    for _ in 0..50 {
        log.push("order.opened", &[("order", "A-1".into())]);
        let note = log.note();
        let size = log.leaves.len() as u64;
        let (_, checkpoint) = log.checkpoint();
        let line = cosign(&checkpoint, &witness, jiff::Timestamp::from_second(1_795_478_400).unwrap());
        outside.stamps.push(StampPart {
            of: StampId { log: 1, size },
            note,
            services: Vec::new(),
            ots: None,
            header: None,
            cosignatures: line,
        });
    }
    let bag = BagInfo { date: "2026-11-23".into(), external_identifier: "A-1".into() };
    let part = log.part(&[]);
    let draft = Draft::new(bag, b"x".to_vec(), b"[]\n".to_vec(), Vec::new(), vec![part], outside).unwrap();
    let withheld = sigu_evidence::FieldValue::List(Vec::new());
    let fields = [
        ("export.contents_sha256", draft.contents_sha256().to_string().into()),
        ("export.withheld", withheld),
    ];
    let at = log.push("export.made", &fields);
    let leaf = log.leaves.last().unwrap().clone();
    let mut seal = log.seal(&[]);
    let (hashes, _) = log.checkpoint();
    seal.consistency = (2..=51).map(|old| (old, consistency(&hashes, old as usize, true))).collect();
    let layout = draft.finish(&format!("sigu-20261123-{at}"), (at, leaf), vec![seal]).unwrap();
    let mut none = |_| -> std::io::Result<Box<dyn Read>> { Ok(Box::new(Cursor::new(Vec::new()))) };
    let zip = layout.write(Vec::new(), &mut none, &mut |_| {}).unwrap();
    let report = verify_bytes(&zip);
    assert_eq!((report.grade, report.outside_time), (Grade::Consistent, OutsideTime::None));
    let policy = format!("witness w1 {}\nquorum w1\n", witness.cosigner_key());
    let policy = Some(Policy::parse(policy.as_bytes()).unwrap());
    let options = VerifyOptions { trusted: Trusted { policy, ..trusted() }, ..Default::default() };
    let report = verify_bytes_with(&zip, &options);
    assert_eq!(report.outside_time, OutsideTime::Shown { voices: 1 });
    assert_eq!(report.items[1].bracket.not_after.len(), 50);
    assert_eq!(report.items[50].bracket.not_after.len(), 1);
    assert_eq!(report.items[51].bracket.not_after.len(), 0);
}

/// RFC 9162 §2.1.4.1, as it is written there.
fn consistency(leaves: &[sigu_ledger::Hash], old: usize, whole: bool) -> Vec<sigu_ledger::Hash> {
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![sigu_ledger::tree_root(leaves)] };
    }
    let half = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(half);
    let (mut proof, sibling) = if old <= half {
        (consistency(left, old, whole), sigu_ledger::tree_root(right))
    } else {
        (consistency(right, old - half, false), sigu_ledger::tree_root(left))
    };
    proof.push(sibling);
    proof
}
