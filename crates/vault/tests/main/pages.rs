//! Watched pages: versions are kept apart from orders, survive rebuilding, backup and erasure, and older vaults take them.

use sigu_case::page::{PageChange, PageFixed, PageLabel};
use sigu_case::report::{PageKind, PageWatched, PageWay, RuleCaptured};
use sigu_case::{Command, ItemId, Refusal as No};
use sigu_evidence::{ContentId, Identity};
use sigu_vault::{Disk, Error, FindingCode, KeyFile, Refusal, Source, Vault, backup, restore};

use crate::support::{House, ORDER, at, blobs, files, fix, ingest_one, manifest, order, places_in, say};

fn label(text: &str) -> PageLabel {
    text.parse().unwrap()
}

fn watched(page: &str) -> PageWatched {
    PageWatched {
        at: at(2),
        page: label(page),
        url: format!("https://shop.example/{page}"),
        name: None,
        kind: PageKind::Rule,
        platform: Some("shop.example".to_owned()),
        merchant: None,
        bound_to: Some(order(ORDER)),
        title: Some("售后规范".to_owned()),
        article: Some("5".to_owned()),
        select: Vec::new(),
        remove: Vec::new(),
        mask: Vec::new(),
        way: PageWay::Http,
        every_hours: 24,
        watched: true,
    }
}

fn watch(vault: &Vault, page: &str) {
    vault.execute(vec![Command::Report(watched(page).into())], at(2)).unwrap();
}

fn version(vault: &Vault, page: &str, text: &str, before: Option<ItemId>, minute: i64) -> PageFixed {
    let ingested = ingest_one(vault, Source::Bytes(format!("<p>{text}</p>").into_bytes()));
    PageFixed {
        page: label(page),
        seen_at: at(minute),
        url: Some(format!("https://shop.example/{page}")),
        status: Some(200),
        profile: Some("readable/1".to_owned()),
        text: Some(text.to_owned()),
        cut: false,
        text_sha256: Some(ContentId::of(text.as_bytes())),
        before,
        change: before.map(|_| PageChange::Substance),
        in_force_from: before.map(|_| "2026-04-01".parse().unwrap()),
        published_on: None,
        manifest: Some(manifest(&ingested, "page.html")),
    }
}

fn fixed(vault: &Vault, page: &str, text: &str, before: Option<ItemId>, minute: i64) -> ItemId {
    let version = version(vault, page, text, before, minute);
    vault.execute(vec![Command::FixPage(Box::new(version))], at(minute)).unwrap()[0]
}

/// A vault with two versions of one page and one of another.
fn house() -> (House, ItemId, ItemId) {
    let house = House::new();
    let (first, second) = house.with(|vault| {
        watch(vault, "rules");
        watch(vault, "notice");
        let first = fixed(vault, "rules", "保证金 1000 元", None, 3);
        fixed(vault, "notice", "公告", None, 4);
        (first, fixed(vault, "rules", "保证金 2000 元", Some(first), 5))
    });
    (house, first, second)
}

#[test]
fn versions_are_listed_and_read_and_belong_to_no_order() {
    let (house, first, second) = house();
    house.with(|vault| {
        let pages = vault.pages().unwrap();
        let names: Vec<_> = pages.iter().map(|page| (page.page.to_string(), page.versions)).collect();
        assert_eq!(names, [("notice".to_owned(), 1), ("rules".to_owned(), 2)]);
        let rules = &pages[1];
        assert_eq!(rules.last.as_ref().unwrap().item, second);
        assert_eq!(
            rules.last.as_ref().unwrap().text_sha256,
            ContentId::of("保证金 2000 元".as_bytes()).to_string()
        );
        assert_eq!((rules.changes.len(), rules.changes[0].before), (1, Some(first)));
        let texts: Vec<_> =
            vault.page(&label("rules")).unwrap().into_iter().map(|one| one.fixed.text.unwrap()).collect();
        assert_eq!(texts, ["保证金 1000 元", "保证金 2000 元"]);
        assert_eq!(vault.page_version(first).unwrap().unwrap().fixed.seen_at, at(3));
        assert!(vault.page_version(ItemId::new(1, 1)).unwrap().is_none());
        assert!(vault.page(&label("other")).unwrap().is_empty());
        assert_eq!(vault.house().unwrap().house().len(), 2, "declarations only: no texts");
        assert!(vault.house().unwrap().page(first).is_none());
        assert!(vault.order(&order(ORDER)).unwrap().unwrap().exhibits.is_empty());
    });
    assert_eq!(house.assert_clean(), []);
    house.with(|vault| vault.rebuild().unwrap());
    assert_eq!(house.assert_clean(), []);
    assert_eq!(house.with(|vault| vault.pages().unwrap().len()), 2);
}

#[test]
fn what_is_said_of_a_page_is_sealed() {
    let (house, ..) = house();
    let bytes = std::fs::read(house.places.vault.join("vault.db")).unwrap();
    for word in ["保证金", "shop.example/rules", "售后规范"] {
        assert!(!bytes.windows(word.len()).any(|seen| seen == word.as_bytes()), "{word}");
    }
}

#[test]
fn a_version_of_nothing_that_is_watched_is_refused() {
    let house = House::new();
    house.with(|vault| {
        watch(vault, "rules");
        let own = fixed(vault, "rules", "一", None, 3);
        let other = version(vault, "other", "二", None, 4);
        let refused = vault.execute(vec![Command::FixPage(Box::new(other))], at(4)).unwrap_err();
        assert!(matches!(refused, Error::Refused(Refusal::Case(No::UnknownPage(_)))), "{refused}");
        let elsewhere = fix(vault, "an exhibit", 5);
        let astray = version(vault, "rules", "三", Some(elsewhere), 6);
        let refused = vault.execute(vec![Command::FixPage(Box::new(astray))], at(6)).unwrap_err();
        assert!(matches!(refused, Error::Refused(Refusal::Case(No::UnknownItem(item))) if item == elsewhere));
        let follows = fixed(vault, "rules", "三", Some(own), 7);
        assert!(follows > own);
    });
}

#[test]
fn a_rule_cites_a_version_of_its_own_batch_and_of_before() {
    let (house, first, _) = house();
    let rule = |snapshot| RuleCaptured {
        at: at(8),
        platform: "shop.example".to_owned(),
        title: "售后规范".to_owned(),
        article: "5".to_owned(),
        text: Some("保证金 3000 元".to_owned()),
        in_force_from: None,
        in_force_to: None,
        published_on: None,
        snapshot: Some(snapshot),
    };
    house.with(|vault| {
        vault.execute(vec![Command::Report(rule(first).into())], at(8)).unwrap();
        let third = version(vault, "rules", "保证金 3000 元", Some(first), 9);
        let batch =
            |place: ItemId| vec![Command::FixPage(Box::new(third)), Command::Report(rule(place).into())];
        assert_eq!(vault.execute_from(batch, at(9)).unwrap().len(), 2);
        let nothing = vault.execute(vec![Command::Report(rule(ItemId::new(1, 2)).into())], at(10));
        assert!(matches!(nothing, Err(Error::Refused(Refusal::Case(No::UnknownItem(_))))));
    });
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn an_erased_version_is_gone_and_counted_the_same_after_rebuilding() {
    let (house, first, second) = house();
    let before = blobs(&house.places).len();
    house.with(|vault| {
        let done = vault.erase(first, &[], at(10)).unwrap();
        assert!(done.content_removed && done.fields.iter().any(|field| field == "page.text"));
        assert!(!done.fields.iter().any(|field| field == "page" || field == "seen_at"));
        let pages = vault.pages().unwrap();
        assert_eq!((pages[1].versions, pages[1].erased), (1, 1));
        assert_eq!(pages[1].last.as_ref().unwrap().item, second);
        let again = vault.erase(first, &[], at(11)).unwrap_err();
        assert!(matches!(again, Error::Refused(Refusal::Case(No::ErasedAlready(_)))), "{again}");
        assert!(vault.erase(second, &["file.name".to_owned()], at(12)).is_ok());
        let text = |item| vault.page_version(item).unwrap().unwrap().fixed.text;
        assert_eq!((text(first), text(second).as_deref()), (None, Some("保证金 2000 元")));
    });
    assert_eq!(blobs(&house.places).len(), before - 1);
    let bytes =
        files(&house.places.vault).iter().map(|file| std::fs::read(file).unwrap()).collect::<Vec<_>>();
    assert!(bytes.concat().windows(6).all(|seen| seen != "保证".as_bytes()));
    assert_eq!(house.assert_clean(), []);
    let counted = house.with(|vault| vault.pages().unwrap());
    house.with(|vault| vault.rebuild().unwrap());
    assert_eq!(house.with(|vault| vault.pages().unwrap()), counted);
}

#[test]
fn a_content_of_a_page_is_missed_when_it_is_gone() {
    let (house, ..) = house();
    std::fs::remove_file(&blobs(&house.places)[0]).unwrap();
    assert!(house.codes().contains(&FindingCode::BlobMissing));
}

#[test]
fn a_backup_brings_pages_back() {
    let (house, _, second) = house();
    let folder = house.beside("copy");
    house.with(|vault| backup(vault, &folder, &|_| {})).unwrap();
    let places = places_in(&house.beside("restored"));
    let key = |identity: &Identity| KeyFile::Plain(identity.clone());
    restore(&folder, &places, &house.recovery, key, at(30), Disk::default(), &|_| {}).unwrap();
    let vault = Vault::open(&places, &house.identity, Disk::default()).unwrap();
    assert_eq!(vault.pages().unwrap()[1].last.as_ref().unwrap().item, second);
    assert_eq!(vault.page(&label("rules")).unwrap().len(), 2);
}

#[test]
fn a_vault_of_an_earlier_version_takes_pages_with_its_first_write() {
    let house = House::new();
    house.with(|vault| {
        let item = say(vault, "before", 1);
        vault.erase(item, &[], at(2)).unwrap();
        let connection = rusqlite::Connection::open(house.places.vault.join("vault.db")).unwrap();
        connection.execute_batch("DROP TABLE case_pages; PRAGMA user_version = 4").unwrap();
    });
    assert_eq!(house.assert_clean(), [], "it is whole without");
    house.with(|vault| {
        assert!(vault.pages().unwrap().is_empty());
        watch(vault, "rules");
        fixed(vault, "rules", "一", None, 3);
        assert_eq!(vault.pages().unwrap().len(), 1);
    });
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn a_list_of_the_log_shows_the_beginning_of_a_text_only() {
    let house = House::new();
    house.with(|vault| {
        watch(vault, "rules");
        fixed(vault, "rules", &"长".repeat(5_000), None, 3);
        let entry = vault.log(Some(1)).unwrap().remove(0);
        let shown = entry.fields.iter().find(|(name, _)| name == "page.text").unwrap();
        assert!(format!("{:?}", shown.1).chars().count() < 300);
    });
}
