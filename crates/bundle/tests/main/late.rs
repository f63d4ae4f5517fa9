//! Fields opened after the package left, checked against the leaf it holds.

use sigu_bundle::{
    ContentState, FindingCode, Grade, LateDisclosure, LateDisclosureError, Report, VerifyOptions,
};
use sigu_evidence::ContentId;

use crate::built::{Built, CLOSED, CLOSED_BYTES, codes, good, refused, verify_bytes_with};

fn late(built: &Built) -> LateDisclosure {
    LateDisclosure {
        origin: built.second.key.name().to_owned(),
        seq: CLOSED.seq,
        disclosures: built.kept_back.clone(),
        content: Some(CLOSED_BYTES.to_vec()),
    }
}

fn verify_late(change: impl Fn(&mut LateDisclosure)) -> Report {
    let built = good();
    let mut late = late(&built);
    change(&mut late);
    let read = LateDisclosure::parse(late.to_json().as_bytes()).unwrap();
    assert_eq!(read, late);
    verify_bytes_with(&built.zip(), &VerifyOptions { disclosures: vec![read], ..Default::default() })
}

fn state(report: &Report) -> &ContentState {
    &report.items.iter().find(|item| item.position == CLOSED).unwrap().content
}

#[test]
fn what_was_withheld_can_be_opened() {
    let report = verify_late(|_| {});
    assert_eq!(codes(&report), []);
    assert_eq!(report.grade, Grade::Consistent);
    let (size, sha256) = (CLOSED_BYTES.len() as u64, ContentId::of(CLOSED_BYTES));
    assert_eq!(state(&report), &ContentState::MatchesLate { size, sha256 });
    let item = report.items.iter().find(|item| item.position == CLOSED).unwrap();
    assert!(item.late && item.fields.contains_key("blob.sha256") && item.undisclosed_digests == 1);
    assert_eq!(state(&verify_late(|late| late.content = None)), &ContentState::Withheld);
}

#[test]
fn what_the_leaf_does_not_commit_to_is_refused() {
    refused(&verify_late(|late| late.origin.push('x')), FindingCode::LateUnknownLog);
    refused(&verify_late(|late| late.seq = 77), FindingCode::LateUnknownLeaf);
    refused(&verify_late(|late| late.seq = 1), FindingCode::LateNoMatch);
    refused(
        &verify_late(|late| late.disclosures.push(late.disclosures[0].clone())),
        FindingCode::LateNoMatch,
    );
    refused(&verify_late(|late| late.content = Some(b"other".to_vec())), FindingCode::LateContentDiffers);
    refused(&verify_late(|late| late.disclosures.clear()), FindingCode::LateContentUnclaimed);
    let foreign = good().second.leaves[1].disclosures.clone();
    assert!(!foreign.is_empty() && CLOSED.seq != 1);
    refused(&verify_late(|late| late.disclosures.extend(foreign.clone())), FindingCode::LateNoMatch);
}

#[test]
fn what_the_package_opens_may_be_said_again() {
    let open = good().second.leaves[CLOSED.seq as usize].disclosures.clone();
    assert!(!open.is_empty());
    let report = verify_late(|late| late.disclosures.extend(open.clone()));
    assert_eq!((report.grade, codes(&report)), (Grade::Consistent, vec![]));
}

#[test]
fn the_file_is_read_strictly() {
    let json = late(&good()).to_json();
    let parse = |text: String| LateDisclosure::parse(text.as_bytes());
    assert!(parse(json.clone()).is_ok());
    assert!(matches!(parse(json.replace("/v1", "/v2")), Err(LateDisclosureError::Format)));
    assert!(matches!(parse(json.replacen('{', "{\"x\":1,", 1)), Err(LateDisclosureError::Json(_))));
    assert!(matches!(parse(json.replacen('{', "{\"seq\":2,", 1)), Err(LateDisclosureError::Json(_))));
    assert!(matches!(parse(json.replace("[\"", "[\"!")), Err(LateDisclosureError::Disclosure(_))));
    assert!(matches!(
        parse(json.replace("\"content\":\"", "\"content\":\"!")),
        Err(LateDisclosureError::Content)
    ));
    assert!(matches!(parse(String::new()), Err(LateDisclosureError::Json(_))));
}
