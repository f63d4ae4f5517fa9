//! Backup and restore: all comes back, in a new log; what is no whole backup does not.

use std::path::Path;

use sigu_bundle::{Grade, LinkState};
use sigu_evidence::Identity;
use sigu_vault::{
    BackupOutcome, CheckOptions, Disk, Error, FindingCode, KeyFile, Places, Refusal, RestoreOutcome, Result,
    Stop, Vault, backup, check_until, os_entropy, read_key_file, restore,
};

use crate::support::{
    CARD, House, at, blobs, check_at, clean, files, fix, fix_secret, names, places_in, say,
};

fn back_up(house: &House, to: &Path) -> Result<BackupOutcome> {
    let vault = house.open();
    let outcome = backup(&vault, to, &|_| {});
    vault.close().unwrap();
    outcome
}

fn bring_back(from: &Path, places: &Places, identity: &Identity) -> Result<RestoreOutcome> {
    let key = |identity: &Identity| KeyFile::Plain(identity.clone());
    restore(from, places, identity, key, at(30), Disk::default(), &|_| {})
}

/// A vault with something of everything, and its backup.
fn backed_up() -> (House, std::path::PathBuf) {
    let house = House::new();
    house.with(|vault| {
        fix(vault, "a page", 2);
        fix_secret(vault, CARD, 3);
        say(vault, "sold as new", 4);
        let gone = fix(vault, "gone", 5);
        vault.erase(gone, &[], at(6)).unwrap();
    });
    let to = house.beside("backup");
    let outcome = back_up(&house, &to).unwrap();
    assert_eq!((outcome.copied, outcome.kept, outcome.leaves), (2, 0, 7));
    (house, to)
}

#[test]
fn all_comes_back_with_the_recovery_key_alone() {
    let (house, from) = backed_up();
    let before = house.open().orders().unwrap();
    let places = places_in(&house.beside("other machine"));
    let outcome = bring_back(&from, &places, &house.recovery).unwrap();
    assert_eq!((outcome.continues, outcome.log, &outcome.folder), (1, 2, &places.vault));
    let KeyFile::Plain(identity) = read_key_file(&places.vault).unwrap() else { panic!("another form") };
    assert_eq!(identity.recipient(), house.identity.recipient());
    let report = check_at(&places, &identity);
    assert_eq!(clean(&report), []);
    assert!(report.sealed && report.blobs_read == 2);
    let vault = Vault::open(&places, &identity, Disk::default()).unwrap();
    assert_eq!(vault.orders().unwrap(), before);
    assert_eq!(fix(&vault, "on the other machine", 31).log, 2);
    vault.close().unwrap();
    let moved =
        House { dir: tempfile::tempdir().unwrap(), places, identity, recovery: house.recovery.clone() };
    let summary = crate::export::export(&moved, &crate::export::plan(&moved, "out.zip")).unwrap();
    let report = crate::export::verified(&summary.path, &[]);
    assert_eq!(report.grade, Grade::Consistent, "{:?}", report.findings);
    let link = report.logs[1].continues.as_ref().unwrap();
    assert_eq!((link.state, link.size), (LinkState::Joined, 7));
    assert_eq!(moved.assert_clean(), []);
}

#[test]
fn a_backup_that_is_stopped_is_none_and_the_next_one_is_whole() {
    let house = House::new();
    house.with(|vault| {
        fix(vault, "a page", 2);
        fix(vault, "another", 3);
    });
    let (to, stop) = (house.beside("backup"), Stop::default());
    let vault = house.open().until(&stop);
    let stopped = backup(&vault, &to, &|_| stop.ask());
    assert!(matches!(stopped, Err(Error::Refused(Refusal::Stopped))), "{stopped:?}");
    vault.close().unwrap();
    let none = bring_back(&to, &places_in(&house.beside("restored")), &house.recovery);
    assert!(matches!(none, Err(Error::Refused(Refusal::NoBackup(_)))));
    assert_eq!(back_up(&house, &to).unwrap().copied, 2);
    assert!(names(&to).iter().all(|name| !name.starts_with(".new-")), "{:?}", names(&to));
    let looked =
        check_until(&house.places, &house.identity, CheckOptions { read_data: true }, &|_| stop.ask(), &stop);
    assert!(matches!(looked, Err(Error::Refused(Refusal::Stopped))), "{looked:?}");
}

#[test]
fn a_second_backup_copies_only_what_is_new() {
    let (house, to) = backed_up();
    house.with(|vault| fix(vault, "a later page", 7));
    let outcome = back_up(&house, &to).unwrap();
    assert_eq!((outcome.copied, outcome.kept, outcome.leaves), (1, 2, 8));
    let outcome = back_up(&house, &to).unwrap();
    assert_eq!((outcome.copied, outcome.kept), (0, 3));
    let cut = blobs(&Places { vault: to.clone(), state: to.clone() }).remove(0);
    std::fs::write(&cut, "cut").unwrap();
    assert_eq!(back_up(&house, &to).unwrap().copied, 1, "one with another size is copied again");
    let places = places_in(&house.beside("restored"));
    bring_back(&to, &places, &house.identity).unwrap();
    assert_eq!(clean(&check_at(&places, &house.identity)), []);
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn erased_content_in_an_older_backup_is_named_when_it_comes_back() {
    let (house, to) = backed_up();
    let gone = house.with(|vault| fix(vault, "erased after the backup", 7));
    back_up(&house, &to).unwrap();
    house.with(|vault| vault.erase(gone, &[], at(8)).unwrap());
    back_up(&house, &to).unwrap();
    let places = places_in(&house.beside("restored"));
    bring_back(&to, &places, &house.identity).unwrap();
    assert_eq!(clean(&check_at(&places, &house.identity)), [FindingCode::BlobUnreferenced]);
}

#[test]
fn a_backup_without_its_mark_is_refused() {
    let (house, from) = backed_up();
    let mark = from.join("backup.json");
    let good = std::fs::read(&mark).unwrap();
    let places = places_in(&house.beside("restored"));
    for bad in [None, Some(Vec::new()), Some(good[..good.len() / 2].to_vec())] {
        match bad {
            None => std::fs::remove_file(&mark).unwrap(),
            Some(bytes) => std::fs::write(&mark, bytes).unwrap(),
        }
        let refused = bring_back(&from, &places, &house.recovery).unwrap_err();
        assert!(matches!(refused, Error::Refused(Refusal::NoBackup(_))), "{refused}");
    }
    std::fs::write(&mark, String::from_utf8(good).unwrap().replace("backup/1", "backup/2")).unwrap();
    let refused = bring_back(&from, &places, &house.recovery).unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::UnknownFormat(_))), "{refused}");
    assert_eq!(names(&house.beside("restored")), [""; 0]);
}

#[test]
fn a_damaged_backup_is_refused_and_named() {
    let (house, from) = backed_up();
    for path in files(&from) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let good = std::fs::read(&path).unwrap();
        for place in [0, good.len() / 2, good.len() - 1] {
            let mut bad = good.clone();
            bad[place] ^= 1;
            std::fs::write(&path, bad).unwrap();
            let places = places_in(&house.beside("restored"));
            let answer = bring_back(&from, &places, &house.recovery);
            match answer {
                // What a changed mark says of the other files is not true of them.
                Err(Error::Refused(_) | Error::Damaged(_)) if name == "backup.json" => {}
                Err(Error::Damaged(damage)) => assert!(damage.to_string().contains(&name), "{damage}"),
                // Contents are not read by a restore; `check` reads them.
                Ok(_) if name.ends_with(".age") => {
                    assert!(!check_at(&places, &house.identity).clean(), "{name} {place}");
                    std::fs::remove_dir_all(house.beside("restored")).unwrap();
                }
                other => panic!("{name} {place}: {other:?}"),
            }
            assert!(!places.vault.exists());
        }
        std::fs::write(&path, good).unwrap();
    }
    let blob = blobs(&Places { vault: from.clone(), state: from.clone() }).remove(0);
    std::fs::remove_file(blob).unwrap();
    let places = places_in(&house.beside("restored"));
    let refused = bring_back(&from, &places, &house.recovery).unwrap_err();
    assert!(matches!(refused, Error::Damaged(_)), "{refused}");
    assert!(!places.vault.exists());
}

#[test]
fn a_backup_inside_the_vault_or_among_other_files_is_refused() {
    let house = House::new();
    for inside in ["backup", "blobs/backup", "a/b/c"] {
        let refused = back_up(&house, &house.places.vault.join(inside)).unwrap_err();
        assert!(matches!(refused, Error::Refused(Refusal::InsideVault(_))), "{refused}");
    }
    assert!(back_up(&house, &house.places.vault).is_err());
    assert_eq!(house.assert_clean(), [], "the refusal left nothing behind");
    let foreign = house.beside("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("letter.txt"), "mine").unwrap();
    let refused = back_up(&house, &foreign).unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::NotEmpty(_))), "{refused}");
    assert_eq!(names(&foreign), ["letter.txt"]);
}

#[test]
fn a_backup_of_another_vault_is_not_written_over() {
    let (house, other) = (House::new(), House::new());
    let to = house.beside("backup");
    back_up(&house, &to).unwrap();
    let before: Vec<Vec<u8>> = files(&to).iter().map(|path| std::fs::read(path).unwrap()).collect();
    let refused = back_up(&other, &to).unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::NotEmpty(_))), "{refused}");
    let after: Vec<Vec<u8>> = files(&to).iter().map(|path| std::fs::read(path).unwrap()).collect();
    assert!(before == after);
}

#[test]
fn a_wrong_key_or_a_taken_place_is_refused() {
    let (house, from) = backed_up();
    let places = places_in(&house.beside("restored"));
    let refused = bring_back(&from, &places, &Identity::generate(&mut os_entropy)).unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::WrongKey)), "{refused}");
    assert!(!places.vault.exists());
    let refused = bring_back(&from, &house.places, &house.recovery).unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::NotEmpty(_))), "{refused}");
    assert_eq!(house.assert_clean(), []);
}
