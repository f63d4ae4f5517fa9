//! Packages: what is told and what is withheld, and that nothing leaves that is not what its leaf says.

use std::path::Path;

use sigu_bundle::{ContentState, Grade, LateDisclosure, Report, VerifyOptions, verify};
use sigu_case::{Command, OrderFacts, Refusal as No};
use sigu_evidence::{Identity, open_bytes};
use sigu_vault::{
    Damage, Error, ExportPlan, ExportSummary, IndexPages, Refusal, Result, Withhold, os_entropy,
};

use crate::support::{CARD, House, ORDER, at, blobs, fix, fix_command, fix_secret, order, say};

/// Everything of the order, in clear, secrets withheld.
pub(crate) fn plan(house: &House, name: &str) -> ExportPlan {
    ExportPlan {
        checker_page: None,
        order: order(ORDER),
        withhold: Withhold::default(),
        recipient: None,
        out: Some(house.beside(name)),
        folder: house.dir.path().to_owned(),
    }
}

/// Exports with a list that tells every field it was given, so that what it must not know would show.
pub(crate) fn export(house: &House, plan: &ExportPlan) -> Result<ExportSummary> {
    let vault = house.open();
    let pages = |_: &sigu_case::Order, items: &[sigu_vault::IndexItem]| {
        let list = listed(items);
        IndexPages { html: list.clone().into_bytes(), json: list.into_bytes() }
    };
    let done = vault.export(plan, at(50), &pages, &|_| {});
    vault.close().unwrap();
    done
}

fn listed(items: &[sigu_vault::IndexItem]) -> String {
    items.iter().map(|item| format!("{item:?}\n")).collect()
}

pub(crate) fn verified(path: &Path, late: &[LateDisclosure]) -> Report {
    let options = VerifyOptions { disclosures: late.to_vec(), ..VerifyOptions::default() };
    verify(path, &options, &|_| {}).unwrap()
}

fn assert_consistent(path: &Path) -> Report {
    let report = verified(path, &[]);
    assert_eq!(report.grade, Grade::Consistent, "{:?}", report.findings);
    report
}

fn holds(path: &Path, text: &str) -> bool {
    std::fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
}

/// A page, a card secret, and a message with the card secret in it.
fn furnished() -> (House, [sigu_case::ItemId; 3]) {
    let house = House::new();
    let items = house.with(|vault| {
        let page = fix(vault, "the product page", 2);
        [page, fix_secret(vault, CARD, 3), say(vault, &format!("卡密：{CARD}，请查收"), 4)]
    });
    (house, items)
}

#[test]
fn card_secrets_stay_at_home() {
    let (house, [page, card, said]) = furnished();
    let summary = export(&house, &plan(&house, "out.zip")).unwrap();
    assert!(!holds(&summary.path, CARD) && !holds(&summary.path, &CARD.replace('-', "")));
    let digest = sigu_evidence::ContentId::of(CARD.as_bytes()).to_string();
    assert!(!holds(&summary.path, &digest), "a short secret could be guessed from its digest");
    assert!(holds(&summary.path, "the product page"));
    let withheld = [format!("{card} blob.sha256"), format!("{card} blob.size"), format!("{said} text")];
    assert_eq!(sorted(summary.withheld), sorted(withheld.to_vec()));
    let report = assert_consistent(&summary.path);
    let state = |item| report.items.iter().find(|one| one.position == item).unwrap().content.clone();
    assert!(matches!(state(page), ContentState::Matches { .. }));
    assert_eq!(state(card), ContentState::Withheld);
    assert_eq!(house.assert_clean(), []);
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

/// Taking away the words that say that something is secret does not let it out.
#[test]
fn a_secret_stays_at_home_when_its_masked_form_is_erased() {
    let (house, [_, card, said]) = furnished();
    let noted = house.with(|vault| {
        for (item, field) in [(said, "text.masked"), (card, "secret.masked"), (card, "secret")] {
            let _ = vault.erase(item, &[field.to_owned()], at(5));
        }
        let facts = OrderFacts { title: Some(format!("点卡 卡密：{CARD}")), ..OrderFacts::default() };
        vault.execute(vec![Command::AmendOrder { order: order(ORDER), facts }], at(6)).unwrap()[0]
    });
    let summary = export(&house, &plan(&house, "out.zip")).unwrap();
    assert!(!holds(&summary.path, CARD), "{:?}", summary.withheld);
    assert!(summary.withheld.contains(&format!("{noted} order.title")));
    assert_consistent(&summary.path);
}

#[test]
fn secrets_leave_on_demand() {
    let (house, [_, card, _]) = furnished();
    let mut plan = plan(&house, "out.zip");
    plan.withhold.include_secrets = true;
    let summary = export(&house, &plan).unwrap();
    assert!(holds(&summary.path, CARD));
    assert_eq!((summary.withheld.len(), summary.items), (0, 2));
    let report = assert_consistent(&summary.path);
    let item = report.items.iter().find(|one| one.position == card).unwrap();
    assert!(matches!(item.content, ContentState::Matches { .. }));
}

#[test]
fn fields_are_withheld_everywhere_or_of_one_item() {
    let (house, [page, card, said]) = furnished();
    let mut everywhere = plan(&house, "everywhere.zip");
    everywhere.withhold.fields = vec!["file.name".to_owned(), "note".to_owned()];
    let summary = export(&house, &everywhere).unwrap();
    assert!(!holds(&summary.path, "page-0.txt") && !holds(&summary.path, "as shown"));
    assert!(summary.withheld.contains(&format!("{page} note")));
    assert_consistent(&summary.path);
    let mut one = plan(&house, "one.zip");
    one.withhold.of_items =
        vec![(page, "blob".to_owned()), (card, "note".to_owned()), (said, "channel".to_owned())];
    let summary = export(&house, &one).unwrap();
    assert_eq!(summary.items, 0);
    assert!(!holds(&summary.path, "the product page") && holds(&summary.path, "as shown"));
    let report = assert_consistent(&summary.path);
    let item = report.items.iter().find(|item| item.position == page).unwrap();
    assert_eq!(item.content, ContentState::Withheld);
}

#[test]
fn a_field_that_nothing_has_cannot_be_withheld() {
    let (house, [page, _, said]) = furnished();
    let leaves = || house.open().logs().unwrap()[0].3;
    let before = leaves();
    let mut plan = plan(&house, "out.zip");
    for (fields, of_items) in [
        (vec!["notes".to_owned()], vec![]),
        (vec!["note".to_owned(), "blob.sha25".to_owned()], vec![]),
        (vec![], vec![(said, "note".to_owned())]),
        (vec![], vec![(sigu_case::ItemId::new(1, 99), "note".to_owned())]),
        (vec![], vec![(page, "text".to_owned())]),
    ] {
        plan.withhold = Withhold { fields, of_items, include_secrets: false };
        let refused = export(&house, &plan).unwrap_err();
        assert!(matches!(refused, Error::Refused(Refusal::UnknownField { .. })), "{refused}");
    }
    assert_eq!((leaves(), plan.out.unwrap().exists()), (before, false));
}

#[test]
fn a_sealed_package_opens_for_its_recipient_alone() {
    let (house, _) = furnished();
    let reader = Identity::generate(&mut os_entropy);
    let mut plan = plan(&house, "out.zip.age");
    plan.recipient = Some(reader.recipient());
    let summary = export(&house, &plan).unwrap();
    assert!(!holds(&summary.path, "the product page"));
    let sealed = std::fs::read(&summary.path).unwrap();
    assert!(open_bytes(&sealed, &[&house.identity, &house.recovery]).is_err());
    let path = house.beside("opened.zip");
    std::fs::write(&path, &open_bytes(&sealed, &[&reader]).unwrap()[..]).unwrap();
    assert_consistent(&path);
}

#[test]
fn damaged_content_stops_an_export_before_it_is_logged() {
    let house = House::new();
    let item = house.with(|vault| fix(vault, "the product page", 2));
    let leaves = || house.open().logs().unwrap()[0].3;
    let before = leaves();
    let blob = blobs(&house.places).remove(0);
    let good = std::fs::read(&blob).unwrap();
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for bad in [flipped, good[..good.len() - 1].to_vec(), Vec::new()] {
        std::fs::write(&blob, bad).unwrap();
        let refused = export(&house, &plan(&house, "out.zip")).unwrap_err();
        assert!(matches!(&refused, Error::Damaged(Damage::Blob(of)) if *of == item), "{refused}");
    }
    std::fs::remove_file(&blob).unwrap();
    assert!(matches!(export(&house, &plan(&house, "out.zip")), Err(Error::Damaged(Damage::Blob(_)))));
    assert_eq!((leaves(), house.beside("out.zip").exists()), (before, false));
    std::fs::write(&blob, good).unwrap();
    export(&house, &plan(&house, "out.zip")).unwrap();
}

#[test]
fn a_taken_place_and_an_empty_or_unknown_order_are_refused() {
    let (house, _) = furnished();
    let leaves = || house.open().logs().unwrap()[0].3;
    house.with(|vault| crate::support::open_order(vault, "dk02", 6).unwrap());
    let before = leaves();
    std::fs::write(house.beside("taken.zip"), "mine").unwrap();
    let refused = export(&house, &plan(&house, "taken.zip")).unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::Exists(_))), "{refused}");
    assert_eq!(std::fs::read(house.beside("taken.zip")).unwrap(), b"mine");
    let of = |label: &str| ExportPlan { order: order(label), ..plan(&house, "new.zip") };
    assert!(matches!(export(&house, &of("dk02")), Err(Error::Refused(Refusal::NothingToExport(_)))));
    let refused = export(&house, &of("dk99")).unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::Case(No::UnknownOrder(_)))), "{refused}");
    assert_eq!(leaves(), before);
}

#[test]
fn what_was_withheld_can_be_disclosed_later() {
    let (house, [_, card, said]) = furnished();
    let summary = export(&house, &plan(&house, "out.zip")).unwrap();
    let vault = house.open();
    let late = [vault.disclose(card, &["blob".to_owned()]), vault.disclose(said, &["text".to_owned()])]
        .map(|late| LateDisclosure::parse(late.unwrap().to_json().as_bytes()).unwrap());
    assert_eq!(late[0].content.as_deref(), Some(CARD.as_bytes()));
    let report = verified(&summary.path, &late);
    assert_eq!(report.grade, Grade::Consistent, "{:?}", report.findings);
    let item = report.items.iter().find(|item| item.position == card).unwrap();
    assert!(matches!(item.content, ContentState::MatchesLate { .. }), "{:?}", item.content);
    let refused = vault.disclose(said, &["blob".to_owned()]).unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::UnknownField { .. })), "{refused}");
    let mut foreign = late[1].clone();
    foreign.seq = card.seq;
    assert_eq!(verified(&summary.path, &[foreign]).grade, Grade::Altered);
}

#[test]
fn one_order_is_exported_again_and_again() {
    let (house, _) = furnished();
    for name in ["first.zip", "second.zip", "third.zip"] {
        let summary = export(&house, &plan(&house, name)).unwrap();
        let report = assert_consistent(&summary.path);
        assert_eq!(report.export, Some(summary.logged_as));
        assert_eq!(report.logs[0].key_fingerprint, summary.key_fingerprint);
    }
    assert_eq!(house.open().order(&order(ORDER)).unwrap().unwrap().exports.len(), 3);
    house.with(|vault| vault.execute(vec![fix_command_of_other()], at(60)).unwrap_err());
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn what_a_killed_export_left_behind_is_in_nobodys_way() {
    let (house, _) = furnished();
    let plan = plan(&house, "out.zip");
    let left_over = plan.out.as_ref().unwrap().with_extension("zip.part");
    std::fs::write(&left_over, b"half a package").unwrap();
    assert_consistent(&export(&house, &plan).unwrap().path);
}

/// Names content that was never taken in.
fn fix_command_of_other() -> Command {
    let content = sigu_evidence::ContentId::of(b"never taken in");
    let ingested = sigu_vault::Ingested { content, size: 14, modified_at: None, text: true, short: None };
    fix_command(crate::support::manifest(&ingested, "never.txt"))
}
