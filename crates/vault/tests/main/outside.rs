//! What outsiders said: kept beside leaves that commit to it, and never a reason for asking again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sigu_attestation::bracket::{Bracket, Source as Word};
use sigu_attestation::drand::{VerifiedRound, verify_answer};
use sigu_attestation::opentimestamps::Proof as Timestamps;
use sigu_attestation::witness::{CosigningKey, cosign, verify_cosignatures};
use sigu_case::ItemId;
use sigu_vault::{
    Alarm, AlarmSign, Answer, Attestable, Disk, Error, FindingCode, NewProof, Refusal, Said, Vault, adopt,
};

use crate::support::{House, at, fix, say};

fn witness(seed: u8) -> CosigningKey {
    CosigningKey::from_seed(&format!("witness.example/{seed}"), &[seed; 32]).unwrap()
}

/// What a witness answers at a minute.
fn cosigned(seen: &Attestable, seed: u8, minute: i64) -> NewProof {
    let (key, checkpoint) = (witness(seed), seen.signed.checkpoint());
    let lines = cosign(checkpoint, &key, at(minute)).unwrap();
    let by = verify_cosignatures(&lines, checkpoint, &[key.cosigner_key()]).unwrap().remove(0);
    let source = key.cosigner_key().name().to_owned();
    NewProof { log: seen.log, size: seen.size(), source, answer: Answer::Cosignature { lines, by } }
}

/// A promise of a calendar about a note, kept as one about a checkpoint: its word for "later", and its address.
fn promised(seen: &Attestable, note: &str) -> NewProof {
    let answer =
        hex("0083dfe30d2ef90c8e1514").into_iter().chain(*b"https://c.example/ab").collect::<Vec<u8>>();
    let digest = *sigu_evidence::ContentId::of(note.as_bytes()).as_bytes();
    let proof = Timestamps::begin(digest, [7; 16], &[&answer]).unwrap();
    let answer = Answer::Timestamps { proof, header: None };
    NewProof { log: seen.log, size: seen.size(), source: "calendars".to_owned(), answer }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// Round 123 of drand quicknet, out at 2023-08-23T15:15:33Z.
fn round() -> VerifiedRound {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/drand/good-round-123.json");
    verify_answer(&std::fs::read(path).unwrap(), None).unwrap()
}

fn bracket(vault: &Vault, item: ItemId) -> Bracket {
    let mut found: BTreeMap<ItemId, Bracket> = vault.brackets(&[item]).unwrap();
    found.remove(&item).unwrap()
}

fn instants(bracket: &Bracket) -> (Option<Timestamp>, Vec<Timestamp>) {
    let after = bracket.not_after.iter().map(|bound| bound.at).collect();
    (bracket.not_before.as_ref().map(|bound| bound.at), after)
}

#[test]
fn a_proof_is_logged_and_asks_for_no_other() {
    let house = House::new();
    house.with(|vault| {
        fix(vault, "a page", 2);
        let seen = vault.attestable().unwrap();
        assert_eq!(seen.size(), vault.standing().unwrap().0);
        let kept = vault.keep_proofs(vec![cosigned(&seen, 1, 3), cosigned(&seen, 2, 4)], at(4)).unwrap();
        assert_eq!(vault.attestable().unwrap().signed.note(), seen.signed.note(), "proofs are no news");
        assert_eq!(vault.newest_attestable().unwrap().size(), seen.size() + 2);
        let proofs = vault.proofs().unwrap();
        assert_eq!(proofs.iter().map(|proof| proof.item).collect::<Vec<_>>(), kept);
        let names: Vec<&str> = proofs.iter().map(|proof| proof.source.as_str()).collect();
        assert_eq!(names, ["witness.example/1", "witness.example/2"]);
        let files = vault.proof_files(kept[0]).unwrap();
        let known = [witness(1).cosigner_key()];
        let lines = std::str::from_utf8(&files.reply).unwrap();
        assert_eq!(verify_cosignatures(lines, seen.signed.checkpoint(), &known).unwrap().len(), 1);
        say(vault, "and now?", 5);
        assert_eq!(vault.attestable().unwrap().size(), seen.size() + 3, "a message is");
    });
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn an_answer_about_something_else_is_refused_and_nothing_is_logged() {
    let house = House::new();
    house.with(|vault| {
        let before = vault.attestable().unwrap();
        fix(vault, "a page", 2);
        let seen = vault.attestable().unwrap();
        let size = seen.size();
        let other = NewProof { size, ..cosigned(&before, 1, 3) };
        let foreign = promised(&seen, before.signed.note());
        for wrong in [other, foreign] {
            let both = vec![cosigned(&seen, 2, 3), wrong];
            let refused = vault.keep_proofs(both, at(4)).unwrap_err();
            assert!(matches!(refused, Error::Refused(Refusal::ForeignProof { .. })), "{refused}");
        }
        let unknown = NewProof { size: 99, ..cosigned(&seen, 1, 3) };
        let refused = vault.keep_proofs(vec![unknown], at(4)).unwrap_err();
        assert!(matches!(refused, Error::Refused(Refusal::NoCheckpoint { log: 1, size: 99 })), "{refused}");
        assert_eq!((vault.proofs().unwrap(), vault.standing().unwrap().0), (vec![], size));
    });
}

#[test]
fn a_leaf_stands_between_a_round_and_a_witness() {
    let house = House::new();
    house.with(|vault| {
        let early = fix(vault, "before any round", 2);
        vault.keep_round(&round()).unwrap();
        let item = fix(vault, "a page", 3);
        assert_eq!(instants(&bracket(vault, early)), (None, vec![]));
        let drawn: Timestamp = "2023-08-23T15:15:33Z".parse().unwrap();
        assert_eq!(instants(&bracket(vault, item)), (Some(drawn), vec![]));
        let seen = vault.attestable().unwrap();
        let promise = promised(&seen, seen.signed.note());
        vault.keep_proofs(vec![cosigned(&seen, 1, 9), promise, cosigned(&seen, 2, 7)], at(9)).unwrap();
        assert_eq!(vault.proofs().unwrap()[1].said, Said::Promised);
        assert_eq!(instants(&bracket(vault, item)), (Some(drawn), vec![at(7), at(9)]), "the nearest first");
        assert_eq!(instants(&bracket(vault, early)), (None, vec![at(7), at(9)]));
        let Some(Word::Drand { round: 123 }) = bracket(vault, item).not_before.map(|bound| bound.by) else {
            panic!("another word")
        };
        let later = say(vault, "later", 11);
        assert_eq!(instants(&bracket(vault, later)), (Some(drawn), vec![]), "nobody has seen it yet");
        vault.keep_proofs(vec![cosigned(&vault.attestable().unwrap(), 1, 12)], at(12)).unwrap();
        assert_eq!(instants(&bracket(vault, item)).1, [at(7), at(9)], "of each source the first word");
        assert_eq!(vault.round(123).unwrap(), Some(round()));
        assert_eq!(vault.round(124).unwrap(), None);
    });
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn what_is_no_round_is_as_good_as_none() {
    let house = House::new();
    let file = house.places.state.join("round.json");
    house.with(|vault| {
        for bytes in [&b""[..], b"{}", b"{\"round\":124,\"signature\":\"00\"}", &[0xff; 9000]] {
            std::fs::write(&file, bytes).unwrap();
            assert_eq!(vault.newest_round(), None);
            fix(vault, "a page", 2);
        }
        vault.keep_round(&round()).unwrap();
        assert_eq!(vault.newest_round(), Some(round()));
    });
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn a_clock_set_before_the_round_is_noticed() {
    let house = House::new();
    house.with(|vault| {
        vault.keep_round(&round()).unwrap();
        let years = jiff::Span::new().hours(24 * 366 * 3);
        let sources = vec![sigu_vault::Source::Bytes(b"a page".to_vec())];
        let taken = vault.ingest(sources, &|_| {}).unwrap().remove(0).unwrap();
        let fix = crate::support::fix_command(crate::support::manifest(&taken, "page.txt"));
        vault.execute(vec![fix], at(0) - years).unwrap();
    });
    assert_eq!(house.assert_clean(), [FindingCode::ClockWentBack, FindingCode::ClockBehind]);
}

#[test]
fn after_an_alarm_nothing_is_signed_until_a_new_log_begins() {
    let house = House::new();
    let alarm = Alarm {
        log: 1,
        witness: "witness.example/1".to_owned(),
        sign: AlarmSign::More { size: 99 },
        at: at(3),
    };
    house.with(|vault| {
        let item = fix(vault, "a page", 2);
        let seen = vault.attestable().unwrap();
        assert!(vault.raise_alarm(&alarm).unwrap());
        assert_eq!(vault.alarm().unwrap().as_ref(), Some(&alarm));
        let refused = |result: Result<Vec<ItemId>, Error>| {
            assert!(matches!(result, Err(Error::Refused(Refusal::SeenOtherwise(seen))) if *seen == alarm));
        };
        refused(vault.execute(vec![crate::support::message("more", 4)], at(4)));
        refused(vault.keep_proofs(vec![cosigned(&seen, 1, 4)], at(4)));
        assert_eq!(instants(&bracket(vault, item)), (None, vec![]), "it can be read");
    });
    assert_eq!(house.codes(), [FindingCode::SeenOtherwise]);
    let outcome = adopt(&house.places, &house.identity, at(5), Disk::default()).unwrap();
    assert_eq!((outcome.continues, outcome.log), (1, 2));
    house.with(|vault| {
        assert_eq!(vault.alarm().unwrap(), None);
        say(vault, "on we go", 6);
        assert_eq!(vault.attestable().unwrap().log, 2);
    });
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn a_witness_that_saw_what_is_signed_by_now_raises_no_alarm() {
    let house = House::new();
    house.with(|vault| {
        fix(vault, "a page", 2);
        let size = vault.standing().unwrap().0;
        let saw = |sign| Alarm { log: 1, witness: "witness.example/1".to_owned(), sign, at: at(3) };
        let more = |size| saw(AlarmSign::More { size });
        // Another process signed and showed one more while this one asked.
        assert!(!vault.raise_alarm(&more(size)).unwrap());
        say(vault, "meanwhile", 4);
        assert!(!vault.raise_alarm(&more(size + 1)).unwrap());
        assert_eq!(vault.alarm().unwrap(), None);
        say(vault, "on we go", 5);
        for sign in [AlarmSign::More { size: size + 3 }, AlarmSign::Another { size: 1 }] {
            assert!(vault.raise_alarm(&saw(sign)).unwrap(), "{sign:?}");
            assert_eq!(vault.alarm().unwrap().map(|alarm| alarm.sign), Some(sign));
        }
    });
}

fn meddled(house: &House, sql: &str) -> Vec<FindingCode> {
    let copy = house.copy();
    copy.with(|vault| {
        say(vault, "the last word", 40);
        let connection = rusqlite::Connection::open(copy.places.vault.join("vault.db")).unwrap();
        connection.execute_batch(sql).unwrap();
    });
    copy.codes()
}

#[test]
fn proofs_that_were_meddled_with_are_named() {
    let house = House::new();
    house.with(|vault| {
        vault.keep_round(&round()).unwrap();
        fix(vault, "a page", 2);
        let seen = vault.attestable().unwrap();
        vault.keep_proofs(vec![cosigned(&seen, 1, 3)], at(3)).unwrap();
        assert_eq!(vault.asks_outsiders().unwrap(), None);
        for asks in [true, false] {
            vault.set_asks_outsiders(asks).unwrap();
            assert_eq!(vault.asks_outsiders().unwrap(), Some(asks));
        }
        vault.set_services(Some("gone")).unwrap();
        vault.set_services(None).unwrap();
        assert_eq!(vault.services().unwrap(), None);
        vault.set_services(Some("[[calendar]]")).unwrap();
        assert_eq!(vault.services().unwrap().as_deref(), Some("[[calendar]]"));
    });
    let damaged = |code| vec![code];
    for (sql, found) in [
        ("SELECT 1", vec![]),
        ("DELETE FROM proofs", damaged(FindingCode::ProofDamaged)),
        ("UPDATE proofs SET reply = x'00'", damaged(FindingCode::ProofDamaged)),
        ("UPDATE proofs SET size = size - 1", damaged(FindingCode::ProofDamaged)),
        ("UPDATE proofs SET token = zeroblob(32)", damaged(FindingCode::ProofDamaged)),
        ("UPDATE proofs SET id = id + 1000", vec![FindingCode::ProofDamaged; 2]),
        ("DELETE FROM rounds", damaged(FindingCode::RoundDamaged)),
        ("UPDATE rounds SET signature = zeroblob(48)", damaged(FindingCode::RoundDamaged)),
    ] {
        assert_eq!(meddled(&house, sql), found, "{sql}");
    }
}

#[test]
fn a_vault_from_before_the_proofs_gets_room_for_them() {
    let house = House::new();
    house.with(|vault| {
        fix(vault, "a page", 2);
        let connection = rusqlite::Connection::open(house.places.vault.join("vault.db")).unwrap();
        let sql = "DROP TABLE proofs; DROP TABLE rounds; DROP TABLE outside; PRAGMA user_version = 3";
        connection.execute_batch(sql).unwrap();
    });
    house.with(|vault| {
        assert_eq!((vault.proofs().unwrap(), vault.services().unwrap()), (vec![], None));
        assert_eq!((vault.alarm().unwrap(), vault.round(1).unwrap()), (None, None));
        let item = vault.log(None).unwrap().pop().unwrap().item;
        assert_eq!(instants(&bracket(vault, item)), (None, vec![]));
    });
    assert_eq!(house.assert_clean(), [], "it is whole without");
    house.with(|vault| {
        let seen = vault.attestable().unwrap();
        vault.keep_proofs(vec![cosigned(&seen, 1, 3)], at(3)).unwrap();
    });
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn consistency_is_shown_as_witnesses_want_it() {
    let house = House::new();
    house.with(|vault| {
        for minute in 2..9 {
            fix(vault, &format!("page {minute}"), minute);
        }
        let size = vault.standing().unwrap().0;
        let newest = vault.newest_attestable().unwrap().signed.checkpoint().root;
        assert_eq!(vault.consistency(1, 0, size).unwrap(), (sigu_ledger::empty_root(), vec![]));
        assert_eq!(vault.consistency(1, size, size).unwrap(), (newest, vec![]));
        for (from, to) in [(4, 3), (1, size + 1), (size + 1, size + 1)] {
            let refused = vault.consistency(1, from, to).unwrap_err();
            assert!(matches!(refused, Error::Refused(Refusal::NoCheckpoint { .. })), "{refused}");
        }
        let (old, new) = (vault.checkpoint_of(1, 3).unwrap(), vault.checkpoint_of(1, size).unwrap());
        let (root, proof) = vault.consistency(1, 3, size).unwrap();
        assert_eq!(root, old.checkpoint().root);
        let (old, new) = (old.checkpoint(), new.checkpoint());
        sigu_ledger::verify_consistency(3, size, &old.root, &new.root, &proof).unwrap();
    });
}

#[test]
fn a_package_holds_what_brackets_its_leaves_and_both_kinds_of_reader_see_it() {
    use sigu_attestation::witness::Policy;
    use sigu_bundle::{Grade, OutsideTime, Trusted, VerifyOptions, verify};
    let house = House::new();
    let (early, item) = house.with(|vault| {
        let early = fix(vault, "before any round", 2);
        vault.keep_proofs(vec![cosigned(&vault.attestable().unwrap(), 1, 3)], at(3)).unwrap();
        vault.keep_round(&round()).unwrap();
        let item = fix(vault, "a page", 4);
        let seen = vault.attestable().unwrap();
        let promise = promised(&seen, seen.signed.note());
        vault.keep_proofs(vec![cosigned(&seen, 1, 7), cosigned(&seen, 2, 8), promise], at(8)).unwrap();
        (early, item)
    });
    let plan = crate::export::plan(&house, "package.zip");
    let page = Some(b"<!doctype html>".to_vec());
    crate::export::export(&house, &sigu_vault::ExportPlan { checker_page: page, ..plan }).unwrap();
    let judge = |trusted: Trusted| {
        let options = VerifyOptions { trusted, ..VerifyOptions::default() };
        verify(&house.beside("package.zip"), &options, &|_| {}).unwrap()
    };
    let policy = format!("witness a {}\nquorum a\n", witness(1).cosigner_key());
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let known = judge(Trusted { policy: Some(policy), ..Trusted::default() });
    let stranger = judge(Trusted::default());
    for report in [&known, &stranger] {
        assert_eq!((report.grade, &report.findings), (Grade::Consistent, &vec![]));
    }
    assert!(matches!(known.outside_time, OutsideTime::Shown { .. }), "{:?}", known.outside_time);
    assert!(!matches!(stranger.outside_time, OutsideTime::Shown { .. }), "{:?}", stranger.outside_time);
    let bracket = |at: ItemId| {
        let found = known.items.iter().find(|one| one.position == at).unwrap().bracket.clone();
        (
            found.not_before.map(|bound| bound.at),
            found.not_after.iter().filter(|one| !one.claim).map(|one| one.at).min(),
        )
    };
    let drawn: Timestamp = "2023-08-23T15:15:33Z".parse().unwrap();
    assert_eq!(bracket(early), (None, Some(at(3))));
    assert_eq!(bracket(item), (Some(drawn), Some(at(7))));
}
