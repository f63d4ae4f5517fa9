//! Erasing: the content and what describes it go, the leaf and its proof stay.

use sigu_bundle::{ContentState, Grade};
use sigu_case::{ERASABLE_FIELDS, ItemId, Refusal as No};
use sigu_vault::{Error, Refusal, Source};

use crate::export::{export, plan, verified};
use crate::support::{
    CARD, House, at, blobs, fields_of, files, fix, fix_command, fix_secret, ingest_one, manifest, order, say,
};

#[test]
fn a_whole_item_goes_and_its_leaf_stays() {
    let house = House::new();
    let (kept, gone) = house.with(|vault| (fix(vault, "kept", 2), fix(vault, "gone", 3)));
    let leaf = |item: ItemId| {
        let log = house.open().log(None).unwrap();
        log.into_iter().find(|entry| entry.item == item).unwrap().leaf_hash
    };
    let (before, hash) = (blobs(&house.places), leaf(gone));
    let erasure = house.with(|vault| vault.erase(gone, &[], at(4)).unwrap());
    assert!(erasure.content_removed && !erasure.content_shared);
    assert_eq!(erasure.logged_as, ItemId::new(1, 4));
    let after = blobs(&house.places);
    assert_eq!((before.len(), after.len()), (2, 1), "the file is gone");
    assert!(before.contains(&after[0]));
    let vault = house.open();
    assert_eq!(fields_of(&vault, gone), ["order", "slot"]);
    assert!(fields_of(&vault, kept).contains(&"blob.sha256".to_owned()));
    let known = vault.order(&order("dk01")).unwrap().unwrap();
    assert!(known.exhibits[0].manifest().is_some() && known.exhibits[1].manifest().is_none());
    drop(vault);
    assert_eq!(leaf(gone), hash);
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn sealed_rows_do_not_stay_behind_in_the_database() {
    let house = House::new();
    let gone = house.with(|vault| fix(vault, "gone", 2));
    let sealed = sealed_rows(&house, gone);
    let found = |bytes: &[u8]| {
        files(&house.places.vault)
            .iter()
            .any(|path| std::fs::read(path).unwrap().windows(bytes.len()).any(|window| window == bytes))
    };
    assert!(found(&sealed[..64]), "the row as it is stored");
    let vault = house.open();
    vault.erase(gone, &[], at(3)).unwrap();
    assert!(!found(&sealed[..64]), "not even while the vault is open");
    vault.close().unwrap();
    assert!(!found(&sealed[..64]));
}

fn sealed_rows(house: &House, item: ItemId) -> Vec<u8> {
    let copy = house.copy();
    let connection = rusqlite::Connection::open(copy.places.vault.join("vault.db")).unwrap();
    let id = (i64::from(item.log) << 40) | i64::try_from(item.seq).unwrap();
    connection.query_row("SELECT disclosures FROM leaves WHERE id = ?1", [id], |row| row.get(0)).unwrap()
}

#[test]
fn content_that_another_item_has_stays() {
    let house = House::new();
    let vault = house.open();
    let (one, other) = (fix(&vault, "same", 2), fix(&vault, "same", 3));
    let first = vault.erase(one, &[], at(4)).unwrap();
    assert!(first.content_shared && !first.content_removed);
    assert_eq!(blobs(&house.places).len(), 1);
    assert!(vault.order(&order("dk01")).unwrap().unwrap().exhibits[1].manifest().is_some());
    let second = vault.erase(other, &[], at(5)).unwrap();
    assert!(second.content_removed && !second.content_shared);
    vault.close().unwrap();
    assert_eq!(blobs(&house.places).len(), 0);
    assert_eq!(house.assert_clean(), []);
}

/// Whatever single field is asked for: it goes or it is refused, and the vault stays whole.
#[test]
fn a_single_field_goes_or_is_refused() {
    let house = House::new();
    let vault = house.open();
    let items =
        [fix(&vault, "page", 2), fix_secret(&vault, CARD, 3), say(&vault, &format!("卡密 {CARD}"), 4)];
    for item in items {
        for field in fields_of(&vault, item) {
            let answer = vault.erase(item, std::slice::from_ref(&field), at(5));
            if ERASABLE_FIELDS.contains(&field.as_str()) {
                let erasure = answer.unwrap();
                assert_eq!((erasure.fields, erasure.content_removed), (vec![field.clone()], false));
            } else {
                let refused = answer.unwrap_err();
                assert!(
                    matches!(&refused, Error::Refused(Refusal::Case(No::FieldStays(name))) if *name == field),
                    "{refused}"
                );
            }
            let there = fields_of(&vault, item).contains(&field);
            assert_eq!(there, !ERASABLE_FIELDS.contains(&field.as_str()), "{field}");
            house.assert_clean();
        }
    }
    let orders = vault.orders().unwrap();
    assert_eq!((orders[0].exhibits, blobs(&house.places).len()), (2, 2));
    vault.rebuild().unwrap();
    assert_eq!(vault.orders().unwrap(), orders);
}

#[test]
fn what_cannot_be_erased_is_refused() {
    let house = House::new();
    let vault = house.open();
    let item = fix(&vault, "page", 2);
    let leaves = || vault.logs().unwrap()[0].3;
    let erase = |item, fields: &[&str]| {
        let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        vault.erase(item, &fields, at(3)).unwrap_err()
    };
    let before = leaves();
    assert!(matches!(erase(ItemId::new(1, 99), &[]), Error::Refused(Refusal::UnknownItem(_))));
    assert!(matches!(erase(ItemId::new(7, 1), &[]), Error::Refused(Refusal::UnknownItem(_))));
    for not_an_item in [0, 1] {
        let refused = erase(ItemId::new(1, not_an_item), &[]);
        assert!(matches!(refused, Error::Refused(Refusal::Case(No::UnknownItem(_)))), "{refused}");
    }
    for kept in ["order", "slot", "blob.sha256", "colour"] {
        let refused = erase(item, &[kept]);
        assert!(matches!(refused, Error::Refused(Refusal::Case(No::FieldStays(_)))), "{refused}");
    }
    let said = say(&vault, "no note here", 2);
    let refused = erase(said, &["note"]);
    assert!(matches!(refused, Error::Refused(Refusal::UnknownField { .. })), "{refused}");
    assert_eq!(leaves(), before + 1, "nothing was logged but the message");
    vault.erase(item, &["note".to_owned()], at(4)).unwrap();
    assert!(matches!(erase(item, &["note"]), Error::Refused(_)));
    vault.erase(item, &[], at(5)).unwrap();
    let refused = erase(item, &[]);
    assert!(matches!(refused, Error::Refused(Refusal::Case(No::ErasedAlready(_)))), "{refused}");
    vault.close().unwrap();
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn a_package_shows_what_was_erased() {
    let house = House::new();
    let (gone, by) = house.with(|vault| {
        let gone = fix(vault, "gone", 2);
        fix(vault, "kept", 3);
        (gone, vault.erase(gone, &[], at(4)).unwrap().logged_as)
    });
    let summary = export(&house, &plan(&house, "erased.zip")).unwrap();
    assert_eq!(summary.items, 1);
    let report = verified(&summary.path, &[]);
    assert_eq!(report.grade, Grade::Consistent, "{:?}", report.findings);
    let item = report.items.iter().find(|item| item.position == gone).unwrap();
    assert_eq!(item.content, ContentState::Erased { by });
}

#[test]
fn erased_content_can_be_fixed_again() {
    let house = House::new();
    let vault = house.open();
    let item = fix(&vault, "again", 2);
    vault.erase(item, &[], at(3)).unwrap();
    let taken = ingest_one(&vault, Source::Bytes(b"again".to_vec()));
    vault.execute(vec![fix_command(manifest(&taken, "again.txt"))], at(4)).unwrap();
    vault.close().unwrap();
    assert_eq!(house.assert_clean(), []);
    assert_eq!(house.check().blobs_read, 1);
}
