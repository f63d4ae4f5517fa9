//! The fault table: whatever fails, wherever, the vault then holds what it acknowledged and nothing by halves.
//!
//! Every operation × every way to fail × every time it is done, until the work no longer reaches the planned one.

use std::sync::Arc;

use sigu_case::ItemId;
use sigu_evidence::{ContentId, Identity};
use sigu_vault::testing::{Failure, FaultPlan, faulty};
use sigu_vault::{
    CheckReport, Disk, Error, FindingCode, KeyFile, Op, Places, Vault, backup, create, os_entropy, restore,
};

use crate::support::{
    House, ORDER, at, blobs, check_at, clean, codes, copy_folder, fix, message, names, order, places_in,
    try_fix,
};

const FAILURES: [Failure; 4] =
    [Failure::NotDone, Failure::DoneButReported, Failure::PowerCut, Failure::DiskFull];

/// Runs `work` under one plan after the other and returns how many were reached. Ways to fail run side by side.
fn every_time(op: Op, work: impl Fn(Failure, Arc<FaultPlan>) + Sync) -> usize {
    let until_missed = |failure| {
        (0..)
            .take_while(|nth| {
                let plan = FaultPlan::new(Some(op), *nth, failure);
                work(failure, plan.clone());
                plan.reached()
            })
            .count()
    };
    std::thread::scope(|scope| {
        let ways = FAILURES.map(|failure| scope.spawn(move || until_missed(failure)));
        ways.into_iter().map(|way| way.join().unwrap()).sum()
    })
}

/// What a run of work acknowledged.
#[derive(Debug, Default)]
struct Acknowledged {
    items: Vec<(ItemId, ContentId)>,
    said: Option<ItemId>,
    erased: bool,
    steps: usize,
}

/// All of the work, closing included.
const STEPS: usize = 5;

impl Acknowledged {
    fn fix(&mut self, vault: &Vault, contents: &[Vec<u8>], minute: i64) {
        if let Ok(items) = try_fix(vault, contents, minute) {
            self.items.extend(items.into_iter().zip(contents.iter().map(|bytes| ContentId::of(bytes))));
            self.steps += 1;
        }
    }
}

fn contents(name: &str, count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|place| format!("{name} {place}").into_bytes()).collect()
}

/// Goes on after each failure as a process would that lives on; then closes.
fn work(vault: Vault, victim: ItemId) -> Acknowledged {
    let mut done = Acknowledged::default();
    done.fix(&vault, &contents("small", 3), 10);
    done.fix(&vault, &contents("batch", 10), 11);
    if let Ok(items) = vault.execute(vec![message("sold as new", 12)], at(12)) {
        done.said = Some(items[0]);
        done.steps += 1;
    }
    if vault.erase(victim, &[], at(13)).is_ok() {
        done.erased = true;
        done.steps += 1;
    }
    if vault.close().is_ok() {
        done.steps += 1;
    }
    done
}

/// The vault after the fault: no damage, all that was acknowledged, batches whole or not at all, and it can be written.
fn assert_whole(house: &House, victim: ItemId, done: &Acknowledged, case: &str) -> CheckReport {
    let report = house.check();
    assert!(report.clean(), "{case}: {:?}", report.findings);
    let known = house.open().order(&order(ORDER)).unwrap().unwrap();
    let kept = |item: ItemId| known.exhibits.iter().find(|one| one.item == item)?.manifest();
    for (item, content) in &done.items {
        assert_eq!(kept(*item).map(|manifest| manifest.content), Some(*content), "{case}: {item}");
    }
    if let Some(said) = done.said {
        assert!(known.messages.iter().any(|one| one.item == said && one.text.is_some()), "{case}");
    }
    if done.erased {
        assert!(kept(victim).is_none(), "{case}");
    }
    for (name, whole) in [("small", 3), ("batch", 10)] {
        let ids: Vec<ContentId> = contents(name, whole).iter().map(|bytes| ContentId::of(bytes)).collect();
        let manifests = known.exhibits.iter().filter_map(|one| one.manifest());
        let count = manifests.filter(|manifest| ids.contains(&manifest.content)).count();
        assert!(count == 0 || count == whole, "{case}: {count} of {name}");
    }
    house.with(|vault| fix(vault, "written afterwards", 20));
    let report = house.check();
    assert!(report.clean() && report.sealed, "{case}: {:?}", report.findings);
    report
}

/// Whether all is answered as done: where nothing failed, or a commit did not really. No failure is passed over.
fn harmless(op: Op, failure: Failure, plan: &FaultPlan) -> bool {
    !plan.reached() || (op, failure) == (Op::Commit, Failure::DoneButReported)
}

fn writing(op: Op) {
    let model = House::new();
    let victim = model.with(|vault| fix(vault, "to be erased", 2));
    let erased_blob = blobs(&model.places)[0].strip_prefix(&model.places.vault).unwrap().to_owned();
    let reached = every_time(op, |failure, plan| {
        let case = format!("{plan:?}");
        let house = model.copy();
        let done = work(house.open_on(faulty(plan.clone())).unwrap(), victim);
        let report = assert_whole(&house, victim, &done, &case);
        assert_eq!(done.steps == STEPS, harmless(op, failure, &plan), "{case}: {done:?}");
        if done.erased {
            let strays = codes(&report).iter().filter(|code| **code == FindingCode::BlobUnreferenced).count();
            let named = usize::try_from(report.blobs).unwrap();
            assert_eq!(blobs(&house.places).len(), named + strays, "{case}");
            assert!(!house.places.vault.join(&erased_blob).exists(), "{case}: the content is gone");
        }
    });
    assert!(reached >= 4, "{op:?} is not among what is done");
}

fn creating(op: Op) {
    every_time(op, |failure, plan| {
        let case = format!("{plan:?}");
        let dir = tempfile::tempdir().unwrap();
        let places = places_in(dir.path());
        let identity = Identity::generate(&mut os_entropy);
        let key = KeyFile::Plain(identity.clone());
        let new = create(&places, identity.clone(), &key, at(0), faulty(plan.clone()));
        let made = new.is_ok();
        assert_eq!(made, harmless(op, failure, &plan), "{case}");
        drop(new);
        let left = names(dir.path());
        assert!(left.iter().all(|name| name == "vault" || name == "state"), "{case}: {left:?}");
        assert_eq!(places.vault.exists(), made, "{case}");
        if made {
            clean(&check_at(&places, &identity));
            Vault::open(&places, &identity, Disk::default()).unwrap();
        }
    });
}

fn backing_up(op: Op) {
    let model = House::new();
    model.with(|vault| try_fix(vault, &contents("old", 3), 2).unwrap());
    let old = model.beside("backup");
    model.with(|vault| backup(vault, &old, &|_| {}).unwrap());
    model.with(|vault| try_fix(vault, &contents("new", 9), 3).unwrap());
    every_time(op, |failure, plan| {
        let case = format!("{plan:?}");
        let house = model.copy();
        let to = house.beside("backup");
        copy_folder(&old, &to);
        let vault = house.open_on(faulty(plan.clone())).unwrap();
        let outcome = backup(&vault, &to, &|_| {});
        assert_eq!(outcome.is_ok(), harmless(op, failure, &plan), "{case}");
        drop(vault);
        house.assert_clean();
        match restore_at(&house, &to, "first", Disk::default()) {
            Ok(places) => assert!([3, 12].contains(&exhibits(&places, &house.identity)), "{case}"),
            Err(error) => assert!(outcome.is_err(), "{case}: {error}"),
        }
        house.with(|vault| backup(vault, &to, &|_| {}).unwrap());
        let places = restore_at(&house, &to, "second", Disk::default()).unwrap();
        assert_eq!(exhibits(&places, &house.identity), 12, "{case}");
    });
}

fn restoring(op: Op) {
    let house = House::new();
    house.with(|vault| try_fix(vault, &contents("page", 9), 2).unwrap());
    let from = house.beside("backup");
    house.with(|vault| backup(vault, &from, &|_| {}).unwrap());
    every_time(op, |failure, plan| {
        let case = format!("{plan:?}");
        let place = format!("{failure:?}");
        let outcome = restore_at(&house, &from, &place, faulty(plan.clone()));
        assert_eq!(outcome.is_ok(), harmless(op, failure, &plan), "{case}");
        let left = names(&house.beside(&place));
        let expected = |name: &String| name == "state" || (name == "vault" && outcome.is_ok());
        assert!(left.iter().all(expected), "{case}: {left:?}");
        let places = outcome.or_else(|_| restore_at(&house, &from, &place, Disk::default()));
        assert_eq!(exhibits(&places.unwrap(), &house.identity), 9, "{case}");
        std::fs::remove_dir_all(house.beside(&place)).unwrap();
    });
}

fn restore_at(house: &House, from: &std::path::Path, name: &str, disk: Disk) -> Result<Places, Error> {
    let places = places_in(&house.beside(name));
    let key = |identity: &Identity| KeyFile::Plain(identity.clone());
    restore(from, &places, &house.recovery, key, at(30), disk, &|_| {})?;
    Ok(places)
}

/// Counts what is kept, in a vault without damage.
fn exhibits(places: &Places, identity: &Identity) -> usize {
    clean(&check_at(places, identity));
    Vault::open(places, identity, Disk::default()).unwrap().orders().unwrap()[0].exhibits
}

macro_rules! table {
    ($($name:ident = $op:ident,)*) => { $(
        mod $name {
            use super::*;

            #[test]
            fn while_writing() {
                writing(Op::$op);
            }

            #[test]
            fn while_creating() {
                creating(Op::$op);
            }

            #[test]
            fn while_backing_up() {
                backing_up(Op::$op);
            }

            #[test]
            fn while_restoring() {
                restoring(Op::$op);
            }
        }
    )* };
}

table! {
    creating_a_file = Create,
    writing_bytes = Write,
    syncing_a_file = SyncFile,
    renaming = Rename,
    syncing_a_folder = SyncFolder,
    syncing_all = SyncAll,
    removing = Remove,
    committing = Commit,
}

/// As root no folder is read-only, so the refusal of the system stands in for one.
#[test]
fn a_vault_that_cannot_be_written_can_be_read() {
    let house = House::new();
    let item = house.with(|vault| fix(vault, "a page", 2));
    let vault = house.open_on(faulty(FaultPlan::new(Some(Op::Create), 0, Failure::PowerCut))).unwrap();
    assert!(matches!(try_fix(&vault, &contents("more", 1), 3), Err(Error::Fault(_))));
    assert!(matches!(vault.execute(vec![message("more", 3)], at(3)), Err(Error::Fault(_))));
    assert_eq!(vault.order(&order(ORDER)).unwrap().unwrap().exhibits[0].item, item);
    drop(vault);
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn a_clock_set_back_is_logged_and_noticed() {
    let house = House::new();
    let vault = house.open();
    fix(&vault, "at nine", 60);
    fix(&vault, "at half past eight", 30);
    fix(&vault, "at ten", 120);
    vault.close().unwrap();
    let report = house.check();
    assert_eq!(clean(&report), [FindingCode::ClockWentBack]);
    assert_eq!(report.findings[0].place, "1-3");
}
