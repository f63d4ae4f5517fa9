//! Every byte at rest counts: change, cut, move or double any of it and it is found and named.
//!
//! Two files hold no bytes and so nothing to change: `lock` and `incoming/.lock`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use sigu_vault::{CheckOptions, Damage, Error, FindingCode, KeyFile, Severity, check, read_key_file};

use crate::support::{CARD, House, at, blobs, files, fix, fix_secret, message, say};

/// A closed vault with two contents, one of them a card secret, and a message.
fn small() -> House {
    let house = House::new();
    house.with(|vault| (fix(vault, "the product page", 2), fix_secret(vault, CARD, 3)));
    house.with(|vault| say(vault, "sold as new", 4));
    assert_eq!(found(&house), [""; 0]);
    house
}

/// What is found wrong: the places a check names, or what opening says. Empty is clean.
fn found(house: &House) -> Vec<String> {
    let mut found = Vec::new();
    match read_key_file(&house.places.vault) {
        Ok(KeyFile::Plain(identity)) if identity.recipient() == house.identity.recipient() => {}
        Ok(_) => found.push("key: another key".to_owned()),
        Err(error) => found.push(error.to_string()),
    }
    match check(&house.places, &house.identity, CheckOptions { read_data: true }, &|_| {}) {
        Ok(report) => found.extend(report.findings.into_iter().map(|one| one.place)),
        // The key given is the right one, so the file it does not open is the damaged one.
        Err(Error::Refused(sigu_vault::Refusal::WrongKey)) => found.push("keys.age".to_owned()),
        Err(error) => found.push(error.to_string()),
    }
    found
}

/// How a file may be named: by its own name or, for a content, by its item.
fn called(house: &House, path: &Path) -> Vec<String> {
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    if !path.starts_with(house.places.vault.join("blobs")) {
        return vec![name];
    }
    let size = std::fs::metadata(path).unwrap().len();
    let of_page = sigu_evidence::sealed_size("the product page".len() as u64, 2) == size;
    vec![name, if of_page { "1-2".to_owned() } else { "1-3".to_owned() }]
}

fn assert_named(found: &[String], called: &[String], case: &str) {
    let named = found.iter().any(|place| called.iter().any(|name| place.contains(name.as_str())));
    assert!(named, "{case}: {found:?} names none of {called:?}");
}

/// All files but the two that hold nothing.
fn with_bytes(house: &House) -> Vec<PathBuf> {
    let all = files(&house.places.vault);
    let (empty, full): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|path| std::fs::metadata(path).unwrap().len() == 0);
    let empty: Vec<_> = empty.iter().map(|path| path.strip_prefix(&house.places.vault).unwrap()).collect();
    assert_eq!(empty, [Path::new("incoming/.lock"), Path::new("lock")]);
    assert_eq!(full.len(), 5 + 2);
    full
}

#[test]
fn any_changed_byte_of_a_small_file_is_noticed_and_named() {
    let house = small();
    let small: Vec<PathBuf> =
        with_bytes(&house).into_iter().filter(|path| !path.ends_with("vault.db")).collect();
    for path in small {
        let relative = path.strip_prefix(&house.places.vault).unwrap();
        let called = called(&house, &path);
        on_all_cores(&house, |copy, next| {
            let path = copy.places.vault.join(relative);
            each_byte(&path, next, |_| true, |case| assert_named(&found(copy), &called, case));
        });
    }
}

/// All of the database: what a writer does, which is one look at the seal. `check` takes the same look first.
#[test]
fn a_writer_refuses_the_database_with_any_changed_byte() {
    let house = small();
    on_all_cores(&house, |copy, next| {
        let vault = copy.open();
        each_byte(
            &copy.places.vault.join("vault.db"),
            next,
            |_| true,
            |case| {
                let refused = vault.execute(vec![message("on top", 5)], at(5)).unwrap_err();
                assert!(matches!(refused, Error::Damaged(Damage::Seal(_))), "{case}: {refused}");
            },
        );
        drop(vault);
        assert_eq!(found(copy), [""; 0], "nothing was written");
    });
}

/// What a byte breaks on the way must not keep a check from naming the broken seal, and the check must change nothing.
///
/// A check of each takes minutes for the whole database. These are all bytes of the first page, with SQLite's header and the tables'
/// definitions, and the head of every other page, which says how to read it. The others are seen to by the test above.
#[test]
fn a_check_names_the_database_whatever_else_a_byte_breaks() {
    const PAGE: usize = 4096;
    let tells_how_to_read = |at: usize| at < PAGE || at % PAGE < 16;
    let house = small();
    on_all_cores(&house, |copy, next| {
        let path = copy.places.vault.join("vault.db");
        each_byte(&path, next, tells_how_to_read, |case| {
            let report = check(&copy.places, &copy.identity, CheckOptions::default(), &|_| {})
                .unwrap_or_else(|error| panic!("{case}: {error}"));
            let broken = |one: &sigu_vault::CheckFinding| {
                (one.code, one.severity, one.place.as_str())
                    == (FindingCode::SealBroken, Severity::Damage, "vault.db")
            };
            assert!(report.findings.iter().any(broken) && !report.sealed, "{case}: {:?}", report.findings);
        });
    });
}

/// Gives each core a copy of the vault of its own and a share in the counter.
fn on_all_cores(house: &House, work: impl Fn(&House, &AtomicUsize) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| work(&house.copy(), &next));
        }
    });
}

/// Takes bytes one after the other, changes the lowest bit (and of every eighth byte the highest), and puts each back.
fn each_byte(path: &Path, next: &AtomicUsize, wanted: impl Fn(usize) -> bool, look: impl Fn(&str)) {
    let good = std::fs::read(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy();
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(byte) = good.get(at) else { return };
        if !wanted(at) {
            continue;
        }
        for flip in if at.is_multiple_of(8) { [0x01, 0x80].as_slice() } else { &[0x01] } {
            put(path, at, byte ^ flip);
            look(&format!("{name} byte {at} ^ {flip:#x}"));
            put(path, at, *byte);
            assert!(std::fs::read(path).unwrap() == good, "{name} was written to at byte {at}");
        }
    }
}

fn put(path: &Path, at: usize, byte: u8) {
    use std::io::{Seek, SeekFrom, Write};
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at as u64)).unwrap();
    file.write_all(&[byte]).unwrap();
}

#[test]
fn a_file_that_is_missing_or_cut_or_longer_is_noticed_and_named() {
    let house = small();
    for path in with_bytes(&house) {
        let called = called(&house, &path);
        let good = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_named(&found(&house), &called, "removed");
        let longer = [good.clone(), vec![b'\n']].concat();
        for (bytes, case) in
            [(&good[..good.len() - 1], "cut by one"), (&[], "cut to nothing"), (&longer, "longer")]
        {
            std::fs::write(&path, bytes).unwrap();
            assert_named(&found(&house), &called, case);
        }
        std::fs::write(&path, good).unwrap();
        remove_what_sqlite_left(&house);
        assert_eq!(found(&house), [""; 0], "{called:?}");
    }
}

/// A database that is no database leaves SQLite's side files behind.
fn remove_what_sqlite_left(house: &House) {
    for side in ["vault.db-wal", "vault.db-shm"] {
        let _ = std::fs::remove_file(house.places.vault.join(side));
    }
}

#[test]
fn a_lock_with_bytes_or_without_a_file_is_noticed() {
    let house = small();
    let lock = house.places.vault.join("lock");
    std::fs::write(&lock, "x").unwrap();
    assert_eq!(found(&house), ["lock"]);
    std::fs::remove_file(&lock).unwrap();
    assert_eq!(found(&house), ["lock"]);
    std::fs::write(&lock, "").unwrap();
    // The other one is made again when it is needed.
    std::fs::remove_file(house.places.vault.join("incoming/.lock")).unwrap();
    assert_eq!(found(&house), [""; 0]);
}

#[test]
fn a_copy_of_a_file_under_another_name_is_noticed_and_named() {
    let house = small();
    for path in files(&house.places.vault) {
        for other in ["copy", "vault.db.old", &format!("{}.age", "ab".repeat(32))] {
            let copy = path.with_file_name(other);
            std::fs::copy(&path, &copy).unwrap();
            assert_named(&found(&house), &[other.to_owned()], &path.display().to_string());
            std::fs::remove_file(copy).unwrap();
        }
    }
    assert_eq!(found(&house), [""; 0]);
}

#[test]
fn two_files_in_each_others_place_are_noticed_and_named() {
    let house = small();
    let all = files(&house.places.vault);
    for (place, one) in all.iter().enumerate() {
        for other in &all[place + 1..] {
            let empty = |path: &Path| std::fs::metadata(path).unwrap().len() == 0;
            if empty(one) && empty(other) {
                continue; // they hold the same: nothing
            }
            let called = [called(&house, one), called(&house, other)].concat();
            swap(one, other);
            assert_named(&found(&house), &called, &format!("{} and {}", one.display(), other.display()));
            remove_what_sqlite_left(&house);
            swap(one, other);
        }
    }
    assert_eq!(found(&house), [""; 0]);
}

fn swap(one: &Path, other: &Path) {
    let (first, second) = (std::fs::read(one).unwrap(), std::fs::read(other).unwrap());
    std::fs::write(one, second).unwrap();
    std::fs::write(other, first).unwrap();
}

/// Contents of the same size, in each other's place: only reading them tells.
#[test]
fn two_contents_of_one_size_in_each_others_place_are_noticed() {
    let house = House::new();
    house.with(|vault| (fix(vault, "one page", 2), fix(vault, "two page", 3)));
    let two = blobs(&house.places);
    swap(&two[0], &two[1]);
    let found: BTreeSet<String> = found(&house).into_iter().collect();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["1-2", "1-3"]);
}
