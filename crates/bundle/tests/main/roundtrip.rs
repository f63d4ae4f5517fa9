//! A good package: what is written verifies, and the report says what is in it.

use std::io::{self, Cursor, Read};

use sigu_bundle::{
    Check, ContentState, DraftError, FindingCode, Grade, ItemId, LinkState, NotProved, Outcome, VerifyFault,
    VerifyOptions, WriteError, verify,
};
use sigu_evidence::{ContentId, FieldValue};

use crate::built::{
    CLOSED, EXPORT, NAME, PNG, Plan, TEXT, codes, good, refused, verify_bytes, verify_bytes_with,
};

fn with_root(root: String) -> VerifyOptions {
    VerifyOptions { root: Some(root), ..Default::default() }
}

#[test]
fn a_good_package_is_consistent_and_every_check_ran() {
    let built = good();
    let zip = built.zip();
    assert_eq!(zip.len() as u64, built.layout.total_bytes());
    assert_eq!(built.layout.name(), NAME);
    assert_eq!(zip, good().zip(), "the same parts give the same bytes");
    let report = verify_bytes(&zip);
    assert_eq!(codes(&report), []);
    assert_eq!(report.grade, Grade::Consistent);
    assert_eq!(report.export, Some(EXPORT));
    assert_eq!(report.not_proved, NotProved::ALL);
    assert_eq!(report.files, built.layout.entries().len() as u64);
    for result in &report.checks {
        let ran = matches!(result.outcome, Outcome::Passed { count } if count > 0);
        let none = [Check::LateDisclosures, Check::OutsideProofs].contains(&result.check);
        assert_eq!(ran, !none, "{result:?}");
    }
    assert!(serde_json::to_string(&report).unwrap().contains("\"grade\":\"consistent\""));
}

#[test]
fn the_report_shows_what_is_disclosed_and_what_is_not() {
    let built = good();
    let report = verify_bytes(&built.zip());
    let item = |at: ItemId| report.items.iter().find(|item| item.position == at).unwrap();
    assert!(report.items.iter().all(|item| item.in_log && !item.late));
    let (ext, bytes) = &built.contents[&PNG];
    let (path, size) = (format!("data/items/{PNG}.{ext}"), bytes.len() as u64);
    assert_eq!(item(PNG).content, ContentState::Matches { path, size, sha256: ContentId::of(bytes) });
    assert_eq!(item(PNG).fields["slot"], FieldValue::from("delivery"));
    assert_eq!(item(PNG).undisclosed_digests, 1);
    assert_eq!(item(CLOSED).content, ContentState::Withheld);
    assert_eq!(item(CLOSED).withheld, ["blob.sha256", "blob.size"]);
    assert_eq!(item(CLOSED).undisclosed_digests, 3);
    assert_eq!(item(ItemId::new(2, 3)).content, ContentState::Erased { by: ItemId::new(2, 4) });
    assert_eq!(item(EXPORT).content, ContentState::NotApplicable);
    assert_eq!(item(EXPORT).claimed_at, "2026-11-22T08:00:05.000Z");
}

#[test]
fn a_key_known_before_confirms_the_logs_it_reaches() {
    let built = good();
    let zip = built.zip();
    let (first, second) = (built.first.key.verifying_key(), built.second.key.verifying_key());
    let newest = verify_bytes_with(&zip, &with_root(second.fingerprint().to_uppercase()));
    assert_eq!(newest.grade, Grade::KeyConfirmed, "the second log vouches for the first");
    assert_eq!(newest.logs.iter().map(|log| log.key_confirmed).collect::<Vec<_>>(), [false, true]);
    assert_eq!(newest.logs[1].continues.as_ref().unwrap().state, LinkState::Joined);
    // The other way round nothing is shown: anyone can begin a log that claims to continue this one.
    let oldest = verify_bytes_with(&zip, &with_root(first.to_string()));
    assert_eq!(oldest.grade, Grade::Consistent);
    refused(&verify_bytes_with(&zip, &with_root("0".repeat(64))), FindingCode::KeyUnexpected);
}

#[test]
fn a_link_that_is_not_joined_confirms_nothing() {
    let built = Plan { first_grows: true, ..Plan::default() }.build();
    let root = built.second.key.verifying_key().fingerprint();
    let report = verify_bytes_with(&built.zip(), &with_root(root));
    assert_eq!(codes(&report), []);
    assert_eq!(report.grade, Grade::Consistent);
    assert_eq!(report.logs[1].continues.as_ref().unwrap().state, LinkState::Later);
    let built = Plan { linked: false, ..Plan::default() }.build();
    refused(&verify_bytes(&built.zip()), FindingCode::LinkMissing);
}

#[test]
fn faults_are_not_verdicts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let fault = |options: &VerifyOptions| verify(&path, options, &|_| {}).unwrap_err();
    assert!(matches!(fault(&VerifyOptions::default()), VerifyFault::Read(_)));
    std::fs::write(&path, "age-encryption.org/v1\n-> X25519 ").unwrap();
    assert!(matches!(fault(&VerifyOptions::default()), VerifyFault::Sealed));
    assert!(matches!(fault(&with_root("12345".into())), VerifyFault::ExpectedKey));
    refused(&verify_bytes(b""), FindingCode::NotAZip);
    refused(&verify_bytes(b"PK"), FindingCode::NotAZip);
}

#[test]
fn an_item_that_changed_since_it_was_measured_is_not_packed() {
    let built = good();
    let write = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut open = |at: ItemId| -> io::Result<Box<dyn Read>> {
            let mut bytes = built.contents[&at].1.clone();
            if at == TEXT {
                change(&mut bytes);
            }
            Ok(Box::new(Cursor::new(bytes)))
        };
        built.layout.write(Vec::new(), &mut open, &mut |_| {})
    };
    let is_changed = |result| matches!(result, Err(WriteError::ItemChanged(TEXT)));
    assert!(write(&|_| {}).is_ok());
    assert!(is_changed(write(&|bytes| bytes[0] ^= 1)));
    assert!(is_changed(write(&|bytes| bytes.push(1))));
    assert!(is_changed(write(&|bytes| bytes.truncate(1))));
    let mut refuse = |_| Err(io::ErrorKind::NotFound.into());
    let unopened = built.layout.write(Vec::new(), &mut refuse, &mut |_| {});
    assert!(matches!(unopened, Err(WriteError::Item { position: PNG, .. })));
}

#[test]
fn progress_reaches_the_total() {
    let built = good();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.zip");
    std::fs::write(&path, built.zip()).unwrap();
    let last = std::sync::Mutex::new((0, 0));
    verify(&path, &VerifyOptions::default(), &|p| *last.lock().unwrap() = (p.done, p.total)).unwrap();
    let total: u64 = built.layout.entries().iter().map(|entry| entry.size).sum();
    assert_eq!(*last.lock().unwrap(), (total, total));
}

#[test]
fn a_draft_refuses_parts_that_do_not_belong_together() {
    use sigu_bundle::{BagInfo, Draft, Entry, OutsideParts};
    let bag = |date: &str, id: &str| BagInfo { date: date.into(), external_identifier: id.into() };
    let draft = |bag, items| {
        Draft::new(bag, Vec::new(), Vec::new(), items, Vec::new(), OutsideParts::default()).map(|_| ())
    };
    assert_eq!(draft(bag("2026-1-1", "x"), vec![]), Err(DraftError::BagInfo));
    assert_eq!(draft(bag("2026-11-22", "x\ny"), vec![]), Err(DraftError::BagInfo));
    let stray = Entry::bytes("trust/x", Vec::new());
    assert_eq!(draft(bag("2026-11-22", "x"), vec![stray]), Err(DraftError::ItemPath("trust/x".into())));
    let orphan = Entry::item(PNG, "png", 0, 0, ContentId::of(b""));
    assert_eq!(draft(bag("2026-11-22", "x"), vec![orphan]), Err(DraftError::ItemWithoutLeaf(PNG)));
}
