//! Packages with outside proofs: what each proof is worth, with and without what a reader brings.
//!
//! The packages are those of `tests/make_stamped.py`; it shares no code with the crate.

use std::path::PathBuf;

use sigu_attestation::rfc3161::Trust;
use sigu_attestation::witness::Policy;
use sigu_bundle::{
    BeaconEnd, BlockEnd, Check, Finding, FindingCode, Grade, ItemId, ItemReport, KnownBlock, NotProved,
    OtsReport, Outcome, OutsideTime, Report, ServiceEnd, StampReport, TokenDefect, Trusted, VerifyOptions,
    Voice, WitnessReport,
};

use crate::built::{files_of, get, mend, pack, set, verify_bytes, verify_bytes_with};

/// The top folder of those packages.
pub(crate) const STAMPED_NAME: &str = "sigu-20261123-2-4";

pub(crate) fn read(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors/bundle").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the reader of the vectors believes: the root of Alpha, one witness, and the block.
pub(crate) fn trusted() -> Trusted {
    Trusted {
        roots: Trust::from_pem(&read("stamped-root.pem")).unwrap(),
        policy: Some(Policy::parse(&read("stamped.policy")).unwrap()),
        blocks: vec![KnownBlock::parse(&read("stamped-block.header")).unwrap()],
    }
}

fn with(trusted: Trusted) -> VerifyOptions {
    VerifyOptions { trusted, ..Default::default() }
}

fn judged(name: &str, options: &VerifyOptions) -> Report {
    verify_bytes_with(&read(&format!("{name}.zip")), options)
}

fn stamp(report: &Report, log: u32, size: u64) -> &StampReport {
    let log = report.logs.iter().find(|one| one.number == log).unwrap();
    log.stamps.iter().find(|one| one.size == size).unwrap()
}

fn service<'a>(report: &'a Report, log: u32, size: u64, name: &str) -> &'a ServiceEnd {
    &stamp(report, log, size).services.iter().find(|one| one.service == name).unwrap().end
}

fn item(report: &Report, log: u32, seq: u64) -> &ItemReport {
    report.items.iter().find(|one| one.position == ItemId::new(log, seq)).unwrap()
}

/// The bounds above a leaf in short: who, and whether it is a claim.
fn voices(report: &Report, log: u32, seq: u64) -> Vec<(&'static str, bool)> {
    let name = |by: &Voice| match by {
        Voice::Service { signer, .. } if signer.contains("Alpha") => "alpha",
        Voice::Service { .. } => "beta",
        Voice::Block { .. } => "block",
        Voice::Witness { .. } => "witness",
        Voice::Drand { .. } => "drand",
    };
    let bracket = &item(report, log, seq).bracket;
    assert!(bracket.not_after.is_sorted_by_key(|bound| bound.at));
    let mut all: Vec<_> = bracket.not_after.iter().map(|bound| (name(&bound.by), bound.claim)).collect();
    all.sort_unstable();
    all
}

#[test]
fn every_leaf_stands_between_two_instants() {
    let report = judged("good-stamped", &with(trusted()));
    assert_eq!(report.findings, []);
    assert_eq!(report.grade, Grade::Consistent);
    assert_eq!(report.outside_time, OutsideTime::Shown { voices: 3 });
    let outside = report.checks.iter().find(|one| one.check == Check::OutsideProofs).unwrap();
    assert_eq!(outside.outcome, Outcome::Passed { count: 4 }, "three stamps and a round");
    assert!(!report.not_proved.contains(&NotProved::ExistenceTime));
    assert!(!report.not_proved.contains(&NotProved::OneHistory));
    assert_eq!(report.not_proved.len(), NotProved::ALL.len() - 2);
    // The order and its round of drand; both logs' leaves by Alpha and the witness.
    let order = &item(&report, 1, 1).bracket;
    assert_eq!(order.beacon, Some(BeaconEnd::Shown));
    let before = order.not_before.as_ref().unwrap();
    assert_eq!((before.at.to_string(), before.claim), ("2023-08-23T15:15:33Z".to_owned(), false));
    assert_eq!(before.by, Voice::Drand { round: 123 });
    assert_eq!(voices(&report, 1, 1), [("alpha", false), ("witness", false)]);
    assert!(order.width_seconds.unwrap() > 0 && !order.contradiction && !order.claims_only);
    // The token over the first log is the beacon of a leaf of the second.
    let picture = &item(&report, 2, 1).bracket;
    assert_eq!(picture.beacon, Some(BeaconEnd::Shown));
    assert!(matches!(&picture.not_before.as_ref().unwrap().by, Voice::Service { .. }));
    let above = [("alpha", false), ("alpha", false), ("beta", true), ("block", false), ("witness", false)];
    assert_eq!(voices(&report, 2, 1), above);
    assert!((0..3600).contains(&picture.width_seconds.unwrap()), "tokens of one run of openssl");
    assert!(report.items.iter().all(|item| !item.bracket.contradiction));
    assert_eq!(
        voices(&report, 2, 3),
        [("alpha", false), ("beta", true), ("block", false), ("witness", false)]
    );
    // Nobody can have seen the leaf that commits to what they said.
    assert_eq!(item(&report, 2, 4).bracket.not_after, []);
}

#[test]
fn a_witness_who_saw_a_leaf_before_it_could_be_is_a_contradiction() {
    let report = judged("good-stamped-contradiction", &with(trusted()));
    assert_eq!(report.grade, Grade::Consistent);
    let picture = &item(&report, 2, 1).bracket;
    assert!(picture.contradiction && picture.width_seconds.unwrap() < 0);
    assert!(!item(&report, 2, 2).bracket.contradiction, "it names no beacon");
}

#[test]
fn without_a_reader_all_of_it_is_a_claim() {
    let report = judged("good-stamped", &VerifyOptions::default());
    assert_eq!((report.grade, report.outside_time), (Grade::Consistent, OutsideTime::Claimed));
    assert_eq!(report.not_proved, NotProved::ALL);
    assert!(matches!(service(&report, 2, 4, "alpha"), ServiceEnd::Claimed(_)));
    assert_eq!(voices(&report, 2, 1), [("alpha", true), ("alpha", true), ("beta", true), ("block", true)]);
    assert!(item(&report, 2, 1).bracket.claims_only);
    // A round of drand rests on a key that is written into the verifier.
    assert!(!item(&report, 1, 1).bracket.not_before.as_ref().unwrap().claim);
    assert!(!item(&report, 1, 1).bracket.claims_only);
    let strangers = vec!["witness.example/w1".to_owned(), "witness.example/w2".to_owned()];
    let lines = Some(WitnessReport::Lines { shown: vec![], strangers });
    assert_eq!(stamp(&report, 2, 4).witnesses, lines);
}

#[test]
fn each_thing_a_reader_brings_shows_its_part() {
    let all = trusted();
    let only = |trusted: Trusted| judged("good-stamped", &with(trusted));
    let roots = only(Trusted { roots: all.roots.clone(), ..Default::default() });
    assert_eq!(roots.outside_time, OutsideTime::Shown { voices: 1 });
    assert!(!roots.not_proved.contains(&NotProved::ExistenceTime));
    assert!(roots.not_proved.contains(&NotProved::OneHistory));
    let policy = only(Trusted { policy: all.policy.clone(), ..Default::default() });
    assert_eq!(policy.outside_time, OutsideTime::Shown { voices: 1 });
    assert!(!policy.not_proved.contains(&NotProved::OneHistory));
    assert!(stamp(&policy, 2, 4).quorum && !stamp(&policy, 2, 2).quorum);
    // The block covers one log only; the other has claims.
    let header = KnownBlock::parse(&read("stamped-block.header")).unwrap();
    for block in [header, KnownBlock::Hash(header.hash())] {
        let blocks = only(Trusted { blocks: vec![block], ..Default::default() });
        assert_eq!(blocks.outside_time, OutsideTime::Shown { voices: 1 });
        assert!(blocks.not_proved.contains(&NotProved::ExistenceTime));
    }
    // A policy for other logs, and one that asks for no witness.
    let policy = String::from_utf8(read("stamped.policy")).unwrap();
    let other = sigu_ledger::SigningKey::from_seed("x", [9; 32]).unwrap().verifying_key();
    for text in [format!("log {other}\n{policy}"), "quorum none\n".to_owned()] {
        let policy = Some(Policy::parse(text.as_bytes()).unwrap());
        let report = only(Trusted { policy, ..Default::default() });
        assert!(report.not_proved.contains(&NotProved::OneHistory), "{text}");
    }
}

#[test]
fn claims_are_called_claims() {
    let alpha = with(trusted());
    let report = judged("claim-root-inside-only", &alpha);
    assert_eq!((report.grade, report.outside_time), (Grade::Consistent, OutsideTime::Claimed));
    assert_eq!(voices(&report, 2, 1), [("beta", true)]);
    assert!(report.not_proved.contains(&NotProved::ExistenceTime));
    // The token its leaf is younger than did not come along.
    assert_eq!(item(&report, 2, 1).bracket.beacon, Some(BeaconEnd::Absent));
    let report = judged("claim-cosignature-of-a-stranger", &alpha);
    assert_eq!((report.grade, report.outside_time), (Grade::Consistent, OutsideTime::None));
    assert_eq!(voices(&report, 2, 1), []);
    let strangers = vec!["witness.example/w2".to_owned()];
    assert_eq!(stamp(&report, 2, 4).witnesses, Some(WitnessReport::Lines { shown: vec![], strangers }));
    let report = judged("claim-block-header", &VerifyOptions::default());
    assert_eq!(report.outside_time, OutsideTime::Claimed);
    let Some(OtsReport::Leads { blocks, pending, header_refused: false }) = &stamp(&report, 2, 4).ots else {
        panic!("{report:?}")
    };
    assert_eq!((blocks.len(), blocks[0].height, *pending), (1, 920_000, 1));
    assert!(matches!(blocks[0].end, BlockEnd::Claimed(_)));
}

#[test]
fn a_refused_token_counts_for_nothing_and_alters_nothing() {
    use TokenDefect as D;
    let cases = [
        ("refused-token-of-another-checkpoint", D::Imprint),
        ("refused-token-of-another-log", D::Imprint),
        ("refused-token-over-another-signature", D::Imprint),
        ("refused-token-another-request", D::Nonce),
        ("refused-token-unreadable-request", D::Request),
        ("refused-token-touched-signature", D::Signature),
    ];
    for (name, defect) in cases {
        let report = judged(name, &with(trusted()));
        assert_eq!((report.grade, &report.findings[..]), (Grade::Consistent, &[][..]), "{name}");
        assert_eq!(*service(&report, 2, 4, "alpha"), ServiceEnd::Refused(defect), "{name}");
        assert!(voices(&report, 2, 3).iter().all(|(name, _)| *name != "alpha"), "{name}");
    }
    // Under roots of nobody, without a path beside it: the certificates lead nowhere.
    let report = judged("good-stamped-without-path", &VerifyOptions::default());
    assert_eq!(*service(&report, 2, 4, "alpha"), ServiceEnd::Refused(D::Path));
    let report = judged("good-stamped-without-path", &with(trusted()));
    assert!(matches!(service(&report, 2, 4, "alpha"), ServiceEnd::Shown(_)));
    let report = judged("good-stamped-without-request", &with(trusted()));
    assert!(matches!(service(&report, 2, 4, "alpha"), ServiceEnd::Shown(_)));
    assert!(!stamp(&report, 2, 4).services[0].request && stamp(&report, 2, 2).services[0].request);
}

#[test]
fn other_refused_proofs_count_for_nothing() {
    let good = |name: &str| {
        let report = judged(name, &with(trusted()));
        assert_eq!((report.grade, &report.findings[..]), (Grade::Consistent, &[][..]), "{name}");
        report
    };
    let report = good("refused-proof-of-something-else");
    assert_eq!(stamp(&report, 2, 4).ots, Some(OtsReport::Refused));
    let report = good("refused-header-of-another-block");
    assert!(matches!(&stamp(&report, 2, 4).ots, Some(OtsReport::Leads { header_refused: true, .. })));
    let report = judged("refused-header-of-another-block", &VerifyOptions::default());
    let Some(OtsReport::Leads { blocks, .. }) = &stamp(&report, 2, 4).ots else { panic!("{report:?}") };
    assert_eq!(blocks[0].end, BlockEnd::NoHeader);
    for name in ["refused-cosignature-of-another-checkpoint", "refused-cosignature-lines"] {
        let report = good(name);
        assert_eq!(stamp(&report, 2, 4).witnesses, Some(WitnessReport::Refused), "{name}");
        assert!(report.not_proved.contains(&NotProved::OneHistory), "{name}");
    }
    let report = good("refused-round-touched");
    assert!(!report.rounds[0].holds);
    assert_eq!(item(&report, 1, 1).bracket.beacon, Some(BeaconEnd::Absent));
}

#[test]
fn a_withheld_leaf_is_a_gap_and_the_rest_is_bracketed() {
    let report = judged("good-stamped-leaves-withheld", &with(trusted()));
    assert_eq!(report.grade, Grade::Consistent);
    let there: Vec<u64> =
        report.items.iter().filter(|one| one.position.log == 2).map(|one| one.position.seq).collect();
    assert_eq!((there, report.logs[1].size), (vec![0, 1, 2, 4], 5));
    assert!(!report.not_proved.contains(&NotProved::ExistenceTime));
    assert_eq!(item(&report, 2, 1).bracket.not_after.len(), 5);
}

#[test]
fn what_the_exporter_laid_down_wrong_is_a_finding_and_the_only_one() {
    let of_two = "trust/logs/2/stamped/2/";
    let of_four = "trust/logs/2/stamped/4/";
    use FindingCode as C;
    let cases = [
        ("bad-stamp-consistency", C::StampConsistency, of_two, "consistency.txt"),
        ("bad-stamp-consistency--no-newline", C::StampConsistency, of_two, "consistency.txt"),
        ("bad-stamp-consistency--other-history", C::StampConsistency, of_two, "consistency.txt"),
        ("bad-stamp-other-history", C::StampOtherHistory, "trust/logs/1/stamped/4/", "checkpoint.note"),
        ("bad-stamp-checkpoint", C::StampCheckpoint, of_four, "checkpoint.note"),
        ("bad-stamp-checkpoint--stranger", C::StampCheckpoint, of_four, "checkpoint.note"),
        ("bad-stamp-incomplete", C::StampIncomplete, of_two, "consistency.txt"),
        ("bad-stamp-incomplete--no-proof", C::StampIncomplete, of_two, ""),
        ("bad-stamp-incomplete--request-alone", C::StampIncomplete, of_two, "alpha.tsr"),
        ("bad-stamp-incomplete--header-alone", C::StampIncomplete, of_four, "checkpoint.ots"),
        ("bad-stamp-unknown-log", C::StampUnknownLog, "trust/logs/9/stamped/4/", ""),
        ("bad-too-many-proofs", C::TooManyProofs, of_four, "s7.tsr"),
        ("bad-file-too-large--header", C::FileTooLarge, of_four, "checkpoint.header"),
        ("bad-unknown-file--service-name", C::UnknownFile, of_four, "Alpha.tsr"),
        ("bad-unknown-file--size-with-zero", C::UnknownFile, "trust/logs/2/stamped/04/", "alpha.tsr"),
        ("bad-unknown-file--folder-in-folder", C::UnknownFile, of_four, "x/alpha.tsr"),
        ("bad-unknown-file--round-with-zero", C::UnknownFile, "trust/beacons/", "quicknet-0123.json"),
    ];
    for (name, code, folder, file) in cases {
        let report = judged(name, &with(trusted()));
        let wanted = Finding { code, path: Some(format!("{folder}{file}")), detail: None };
        assert_eq!(report.findings, [wanted], "{name}");
        assert_eq!(report.not_proved, NotProved::ALL, "{name}");
        assert_eq!(report.logs.len(), 2, "{name}: outside proofs make no log");
    }
}

#[test]
fn proofs_are_bound_by_the_export() {
    let zip = read("good-stamped.zip");
    let files = files_of(&zip);
    let (name, proofs) = (STAMPED_NAME, "trust/logs/2/stamped/2/");
    assert_eq!(pack(name, &files), zip, "the tools of the attacker are honest");
    for proof in ["alpha.tsr", "alpha.tsq", "alpha.chain.pem", "checkpoint.ots", "checkpoint.note"] {
        let mut less = files.clone();
        less.retain(|(path, _)| *path != format!("{proofs}{proof}"));
        mend(&mut less, false);
        let report = verify_bytes(&pack(name, &less));
        assert!(report.findings.iter().any(|one| one.code == FindingCode::ContentsFileMissing), "{proof}");
    }
    // The one file the export does not commit to is bound by what it says.
    let path = format!("{proofs}consistency.txt");
    let mut other = files.clone();
    let text = String::from_utf8(get(&files, &path).unwrap()).unwrap();
    set(&mut other, &path, text.lines().rev().map(|line| format!("{line}\n")).collect::<String>().into());
    mend(&mut other, false);
    let report = verify_bytes(&pack(name, &other));
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].code, FindingCode::StampConsistency);
}
