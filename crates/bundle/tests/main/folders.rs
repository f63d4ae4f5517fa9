//! The unpacked form: the same rules, and no links, special files or extras.

use std::path::Path;

use sigu_bundle::{FindingCode, Grade, Report, VerifyOptions, verify};

use crate::built::{codes, good, names, refused, unpack};

fn after(change: impl Fn(&Path)) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let top = unpack(&good().zip(), folder.path());
    change(&top);
    verify(&top, &VerifyOptions::default(), &|_| {}).unwrap()
}

#[test]
fn an_unpacked_package_verifies_under_any_name() {
    assert_eq!(codes(&after(|_| {})), []);
    let folder = tempfile::tempdir().unwrap();
    let top = unpack(&good().zip(), folder.path());
    let other = folder.path().join("证据 1");
    std::fs::rename(top, &other).unwrap();
    assert_eq!(verify(&other, &VerifyOptions::default(), &|_| {}).unwrap().grade, Grade::Consistent);
}

#[test]
fn what_is_not_a_plain_known_file_is_refused() {
    refused(&after(|top| std::fs::write(top.join("notes.txt"), "x").unwrap()), FindingCode::UnknownFile);
    refused(&after(|top| std::fs::write(top.join("卡密.txt"), "x").unwrap()), FindingCode::UnsafePath);
    refused(&after(|top| std::fs::create_dir(top.join("empty")).unwrap()), FindingCode::EmptyFolder);
    let report = after(|top| std::fs::write(top.join("data/items/1-2.png"), "x").unwrap());
    refused(&report, FindingCode::ContentDiffers);
    assert!(names(&report.findings, "data/items/1-2.png"));
}

#[cfg(unix)]
#[test]
fn links_are_refused_even_to_the_right_bytes() {
    use std::os::unix::fs::symlink;
    let report = after(|top| {
        let (item, elsewhere) = (top.join("data/items/1-2.png"), top.with_extension("moved"));
        std::fs::rename(&item, &elsewhere).unwrap();
        symlink(&elsewhere, &item).unwrap();
    });
    refused(&report, FindingCode::SpecialFile);
    assert!(names(&report.findings, "data/items/1-2.png"));
    let report = after(|top| {
        let elsewhere = top.with_extension("moved");
        std::fs::rename(top.join("trust"), &elsewhere).unwrap();
        symlink(&elsewhere, top.join("trust")).unwrap();
    });
    refused(&report, FindingCode::SpecialFile);
    let report = after(|top| drop(std::os::unix::net::UnixListener::bind(top.join("socket")).unwrap()));
    refused(&report, FindingCode::SpecialFile);
}

#[test]
fn limits_hold_for_folders_too() {
    let folder = tempfile::tempdir().unwrap();
    let top = unpack(&good().zip(), folder.path());
    let with = |change: fn(&mut sigu_bundle::Limits)| {
        let mut options = VerifyOptions::default();
        change(&mut options.limits);
        verify(&top, &options, &|_| {}).unwrap()
    };
    refused(&with(|limits| limits.members = 5), FindingCode::TooManyFiles);
    refused(&with(|limits| limits.total_bytes = 500), FindingCode::TooLarge);
    refused(&with(|limits| limits.path_bytes = 10), FindingCode::PathTooLong);
    refused(&with(|limits| limits.small_bytes = 100), FindingCode::FileTooLarge);
    refused(&with(|limits| limits.list_bytes = 100), FindingCode::FileTooLarge);
}
