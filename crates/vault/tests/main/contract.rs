//! What any store must keep: acknowledged is there, positions have no gaps, projections follow from the log.

use sigu_case::{Command, ItemId, Refusal as No};
use sigu_evidence::{ContentId, Identity};
use sigu_vault::{
    CheckOptions, Disk, Error, FindingCode, Refusal, Source, SourceFault, StreamSource, Vault, check,
    os_entropy,
};

use crate::support::{
    House, ORDER, at, blobs, fix, fix_command, ingest_one, manifest, message, open_order, order, say, try_fix,
};

#[test]
fn what_was_acknowledged_is_there_after_reopening() {
    let house = House::new();
    let (item, said) = house.with(|vault| (fix(vault, "a page", 2), say(vault, "sold as new", 3)));
    let known = house.with(|vault| vault.order(&order(ORDER)).unwrap().unwrap());
    assert_eq!(known.exhibits[0].item, item);
    assert_eq!(known.exhibits[0].manifest().unwrap().content, ContentId::of(b"a page"));
    assert_eq!((known.messages[0].item, known.messages[0].text.as_deref()), (said, Some("sold as new")));
    let report = house.check();
    assert_eq!((report.findings.len(), report.sealed, report.blobs_read), (0, true, 1));
}

#[test]
fn two_handles_write_in_turn() {
    let house = House::new();
    let (one, other) = (house.open(), house.open());
    let mut items = Vec::new();
    for turn in 0..6 {
        let vault = if turn % 2 == 0 { &one } else { &other };
        items.push(fix(vault, &format!("page {turn}"), 2 + turn));
    }
    let expected: Vec<ItemId> = (2..8).map(|seq| ItemId::new(1, seq)).collect();
    assert_eq!(items, expected, "positions have no gaps");
    one.close().unwrap();
    other.close().unwrap();
    let report = house.check();
    assert_eq!((report.findings.len(), report.sealed), (0, true), "{:?}", report.findings);
}

#[test]
fn a_handle_opened_while_another_writes_leaves_the_vault_clean() {
    let house = House::new();
    let first = house.open();
    fix(&first, "before", 2);
    let reader = house.open();
    fix(&first, "while it is read", 3);
    assert_eq!(reader.orders().unwrap()[0].exhibits, 2);
    first.close().unwrap();
    reader.close().unwrap();
    assert_eq!(house.assert_clean(), [FindingCode::NotClosed], "the reader does not seal");
    house.with(|vault| fix(vault, "after", 4));
    assert_eq!(house.assert_clean(), [], "the next writer does");
}

#[test]
fn reading_leaves_the_seal_closed() {
    let house = House::new();
    house.with(|vault| fix(vault, "a page", 2));
    let seal = || std::fs::read(house.places.vault.join("vault.seal")).unwrap();
    let database = || std::fs::read(house.places.vault.join("vault.db")).unwrap();
    let before = (seal(), database());
    house.with(|vault| (vault.orders().unwrap(), vault.log(None).unwrap(), vault.logs().unwrap()));
    house.assert_clean();
    assert!((seal(), database()) == before);
    let vault = house.open();
    fix(&vault, "more", 3);
    assert!(seal().starts_with(b"open "), "while a writer is at work");
    vault.close().unwrap();
    assert!(!seal().starts_with(b"open "));
}

#[test]
fn projections_follow_from_the_log() {
    let house = House::new();
    let vault = house.open();
    open_order(&vault, "dk02", 2).unwrap();
    fix(&vault, "a page", 3);
    say(&vault, "delivered", 4);
    let gone = fix(&vault, "erased later", 5);
    vault.erase(gone, &[], at(6)).unwrap();
    let (orders, one) = (vault.orders().unwrap(), vault.order(&order(ORDER)).unwrap());
    assert_eq!(orders.len(), 2);
    assert_eq!(vault.rebuild().unwrap(), 7);
    assert_eq!(vault.orders().unwrap(), orders);
    assert_eq!(vault.order(&order(ORDER)).unwrap(), one);
    vault.close().unwrap();
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn equal_content_is_kept_once() {
    let house = House::new();
    house.with(|vault| {
        try_fix(vault, &[b"same".to_vec(), b"same".to_vec()], 2).unwrap();
        fix(vault, "same", 3);
        fix(vault, "other", 4);
    });
    assert_eq!(blobs(&house.places).len(), 2);
    assert_eq!(house.check().blobs_read, 2);
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn empty_and_large_contents_are_read_back() {
    let house = House::new();
    let large: Vec<u8> =
        (0..5_u32 << 20).map(|place| (place.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let edges = [0, 1, 65_535, 65_536, 65_537, 1 << 20, (1 << 20) + 1];
    let path = house.beside("large.bin");
    std::fs::write(&path, &large).unwrap();
    house.with(|vault| {
        let taken = ingest_one(vault, Source::File(path));
        assert_eq!((taken.content, taken.size), (ContentId::of(&large), large.len() as u64));
        let streamed = StreamSource(Box::new(std::io::Cursor::new(large[1..].to_vec())));
        let streamed = ingest_one(vault, Source::Stream(streamed));
        assert_eq!(streamed.content, ContentId::of(&large[1..]));
        let commands = [&taken, &streamed].map(|one| fix_command(manifest(one, "large.bin")));
        vault.execute(commands.to_vec(), at(2)).unwrap();
        let contents: Vec<Vec<u8>> = edges.iter().map(|size| large[..*size].to_vec()).collect();
        try_fix(vault, &contents, 3).unwrap();
    });
    let report = house.check();
    assert_eq!(
        (report.findings.len(), report.blobs_read),
        (0, 2 + edges.len() as u64),
        "{:?}",
        report.findings
    );
}

#[test]
fn a_source_that_cannot_be_read_does_not_take_the_others_along() {
    let house = House::new();
    let good = house.beside("good.txt");
    std::fs::write(&good, "good").unwrap();
    let sources = vec![
        Source::Bytes(b"first".to_vec()),
        Source::File(house.beside("missing.txt")),
        Source::File(house.dir.path().to_owned()),
        Source::File(good),
    ];
    let vault = house.open();
    let answers = vault.ingest(sources, &|_| {}).unwrap();
    assert_eq!(answers[0].as_ref().unwrap().content, ContentId::of(b"first"));
    assert!(matches!(answers[1], Err(SourceFault::Read(_))), "{answers:?}");
    assert!(matches!(answers[2], Err(SourceFault::NotAFile)), "{answers:?}");
    assert_eq!(answers[3].as_ref().unwrap().content, ContentId::of(b"good"));
    assert!(answers[3].as_ref().unwrap().modified_at.is_some());
    vault.close().unwrap();
    assert_eq!(house.assert_clean(), [FindingCode::BlobUnreferenced; 2]);
}

#[test]
fn a_refused_command_logs_nothing_of_its_batch() {
    let house = House::new();
    let vault = house.open();
    let leaves = || vault.logs().unwrap()[0].3;
    let before = leaves();
    let page = fix_command(manifest(&ingest_one(&vault, Source::Bytes(b"page".to_vec())), "page.txt"));
    let elsewhere = match message("for nobody", 2) {
        Command::RecordMessage { said_at, direction, channel, text, .. } => Command::RecordMessage {
            order: order("dk99"),
            said_at,
            direction,
            channel,
            text,
            detail: Default::default(),
        },
        other => other,
    };
    let refused = vault.execute(vec![elsewhere.clone()], at(2)).unwrap_err();
    assert!(matches!(&refused, Error::Refused(Refusal::Case(No::UnknownOrder(id))) if *id == order("dk99")));
    let refused = vault.execute(vec![page, message("said", 2), elsewhere], at(2)).unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::Case(No::UnknownOrder(_)))), "{refused}");
    assert_eq!(leaves(), before);
    vault.close().unwrap();
    assert_eq!(house.assert_clean(), [FindingCode::BlobUnreferenced]);
}

/// Between taking a content in and naming it, somebody else may erase the only item that had it.
#[test]
fn a_leaf_never_names_content_that_is_not_there() {
    let house = House::new();
    let (one, other) = (house.open(), house.open());
    let item = fix(&one, "the same page", 2);
    let again = ingest_one(&one, Source::Bytes(b"the same page".to_vec()));
    other.erase(item, &[], at(3)).unwrap();
    let answer = one.execute(vec![fix_command(manifest(&again, "again.txt"))], at(4));
    assert!(answer.is_err(), "{answer:?}");
    one.close().unwrap();
    other.close().unwrap();
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn only_its_own_keys_open_a_vault() {
    let (house, other) = (House::new(), House::new());
    for wrong in [&Identity::generate(&mut os_entropy), &other.identity, &other.recovery] {
        let refused = Vault::open(&house.places, wrong, Disk::default()).unwrap_err();
        assert!(matches!(refused, Error::Refused(Refusal::WrongKey)), "{refused}");
        let refused = check(&house.places, wrong, CheckOptions::default(), &|_| {}).unwrap_err();
        assert!(matches!(refused, Error::Refused(Refusal::WrongKey)), "{refused}");
    }
    let vault = Vault::open(&house.places, &house.recovery, Disk::default()).unwrap();
    fix(&vault, "with the recovery key", 2);
    vault.close().unwrap();
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn a_place_without_a_vault_or_with_one_is_refused() {
    let house = House::new();
    let nowhere = crate::support::places_in(&house.beside("nowhere"));
    let refused = Vault::open(&nowhere, &house.identity, Disk::default()).unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::NoVault(_))), "{refused}");
    let key = sigu_vault::KeyFile::Plain(house.identity.clone());
    let again = sigu_vault::create(&house.places, house.identity.clone(), &key, at(2), Disk::default());
    assert!(matches!(again.unwrap_err(), Error::Refused(Refusal::NotEmpty(_))));
    assert_eq!(house.assert_clean(), []);
}
