//! The rollback guard: a vault that is older than what was signed here, or another history, is not written to.

use sigu_bundle::{Grade, LinkState};
use sigu_case::ItemId;
use sigu_vault::{Disk, Error, FindingCode, Refusal, adopt};

use crate::export::{export, plan, verified};
use crate::support::{House, ORDER, at, copy_folder, fix, message, order, put_back};

/// A vault whose old copy was put back after more was written.
fn rolled_back() -> House {
    let house = House::new();
    house.with(|vault| fix(vault, "before the copy", 2));
    let copy = house.beside("copy");
    copy_folder(&house.places.vault, &copy);
    house.with(|vault| fix(vault, "after the copy", 3));
    put_back(&copy, &house.places.vault);
    house
}

fn refusal(house: &House) -> Refusal {
    let vault = house.open();
    let answer = vault.execute(vec![message("written on top", 4)], at(4));
    assert_eq!(
        vault.logs().unwrap().iter().map(|log| log.3).sum::<u64>(),
        leaves(house),
        "nothing was logged"
    );
    vault.close().unwrap();
    match answer.unwrap_err() {
        Error::Refused(refusal) => refusal,
        other => panic!("{other}"),
    }
}

fn leaves(house: &House) -> u64 {
    house.open().logs().unwrap().iter().map(|log| log.3).sum()
}

#[test]
fn an_old_copy_is_not_written_to() {
    let house = rolled_back();
    let refused = refusal(&house);
    assert!(matches!(refused, Refusal::OlderThanSigned { log: 1, held: 3, signed: 4 }), "{refused}");
    assert_eq!(house.codes(), [FindingCode::OlderThanSigned]);
    let vault = house.open();
    assert!(vault.erase(ItemId::new(1, 2), &[], at(4)).is_err());
    vault.close().unwrap();
    assert!(export(&house, &plan(&house, "out.zip")).is_err());
    assert_eq!(house.codes(), [FindingCode::OlderThanSigned], "nothing was erased either");
}

#[test]
fn an_old_copy_goes_on_in_a_new_log() {
    let house = rolled_back();
    let outcome = adopt(&house.places, &house.identity, at(5), Disk::default()).unwrap();
    assert_eq!((outcome.continues, outcome.log), (1, 2));
    assert_eq!(house.assert_clean(), []);
    let item = house.with(|vault| fix(vault, "after the adoption", 6));
    assert_eq!(item, ItemId::new(2, 1));
    assert_eq!(house.assert_clean(), []);
    let summary = export(&house, &plan(&house, "out.zip")).unwrap();
    assert_eq!((summary.items, summary.logged_as), (2, ItemId::new(2, 2)));
    let report = verified(&summary.path, &[]);
    assert_eq!(report.grade, Grade::Consistent, "{:?}", report.findings);
    let link = report.logs[1].continues.as_ref().unwrap();
    assert_eq!((link.state, link.size, &link.origin), (LinkState::Joined, 3, &report.logs[0].origin));
}

/// The order has nothing in the log between: its genesis alone keeps the chain whole.
#[test]
fn a_package_joins_all_logs_on_the_way() {
    let house = rolled_back();
    for minute in [5, 6, 7] {
        adopt(&house.places, &house.identity, at(minute), Disk::default()).unwrap();
    }
    house.with(|vault| fix(vault, "in the fourth log", 8));
    assert_eq!(house.assert_clean(), []);
    let summary = export(&house, &plan(&house, "out.zip")).unwrap();
    let report = verified(&summary.path, &[]);
    assert_eq!(report.grade, Grade::Consistent, "{:?}", report.findings);
    let links: Vec<_> = report.logs.iter().map(|log| log.continues.as_ref().map(|link| link.state)).collect();
    let joined = Some(LinkState::Joined);
    assert_eq!(links, [None, joined, joined, joined]);
}

#[test]
fn another_history_is_not_written_to() {
    let house = House::new();
    let other = house.copy();
    house.with(|vault| fix(vault, "one history", 2));
    // Shorter than what was signed here: older, whatever it holds.
    put_back(&other.places.vault, &house.places.vault);
    assert!(matches!(refusal(&house), Refusal::OlderThanSigned { .. }));
    // As long and longer: its root at the signed size is another.
    for (size, text) in [(3, "another history"), (4, "goes on elsewhere")] {
        other.with(|vault| fix(vault, text, size));
        put_back(&other.places.vault, &house.places.vault);
        let refused = refusal(&house);
        assert!(matches!(refused, Refusal::OtherHistory { log: 1, signed: 3 }), "{refused}");
        assert_eq!(house.codes(), [FindingCode::OtherHistory]);
    }
    adopt(&house.places, &house.identity, at(8), Disk::default()).unwrap();
    house.with(|vault| fix(vault, "in a new log", 9));
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn a_machine_that_never_wrote_the_log_does_not_write_to_it() {
    let house = House::new();
    house.with(|vault| fix(vault, "a page", 2));
    std::fs::remove_dir_all(&house.places.state).unwrap();
    let refused = refusal(&house);
    assert!(matches!(refused, Refusal::NotWrittenHere { log: 1 }), "{refused}");
    assert_eq!(house.assert_clean(), [FindingCode::NotWrittenHere], "reading is fine");
    assert_eq!(house.open().order(&order(ORDER)).unwrap().unwrap().exhibits.len(), 1);
    adopt(&house.places, &house.identity, at(5), Disk::default()).unwrap();
    assert_eq!(house.assert_clean(), []);
}

/// The guard is written after the commit, so a crash may leave it behind; then it is a prefix, and all is well.
#[test]
fn a_guard_that_lags_behind_is_no_rollback() {
    let house = House::new();
    let state = house.beside("old state");
    copy_folder(&house.places.state, &state);
    house.with(|vault| fix(vault, "a page", 2));
    put_back(&state, &house.places.state);
    assert_eq!(house.assert_clean(), []);
    house.with(|vault| fix(vault, "another page", 3));
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn a_damaged_guard_is_named_and_stops_writing() {
    let house = House::new();
    let note = crate::support::files(&house.places.state).remove(0);
    let good = std::fs::read(&note).unwrap();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        std::fs::write(&note, bad).unwrap();
        assert!(house.open().check_writable().is_err(), "byte {at}");
    }
    let report = house.check();
    assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
    assert_eq!(report.findings[0].place, note.file_name().unwrap().to_str().unwrap());
}

/// A damaged history is not continued.
#[test]
fn a_damaged_vault_is_not_adopted() {
    let house = rolled_back();
    std::fs::remove_file(&crate::support::blobs(&house.places)[0]).unwrap();
    let refused = adopt(&house.places, &house.identity, at(5), Disk::default()).unwrap_err();
    assert!(matches!(refused, Error::Damaged(_)), "{refused}");
    assert_eq!(house.open().logs().unwrap().len(), 1);
}

/// A question whether the vault would be written to.
trait Writable {
    fn check_writable(&self) -> sigu_vault::Result<Vec<ItemId>>;
}

impl Writable for sigu_vault::Vault {
    fn check_writable(&self) -> sigu_vault::Result<Vec<ItemId>> {
        self.execute(vec![message("is this written?", 4)], at(4))
    }
}
