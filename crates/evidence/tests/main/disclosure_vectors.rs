//! Walks over `vectors/disclosure`: single disclosures, and sets of digests and disclosures.

use serde::Deserialize;
use sigu_evidence::{Disclosure, DisclosureError, FieldValue, match_all};

use crate::vectors::{committed, walk};

const BAD: &[(&str, DisclosureError)] = &[
    ("bad-padded.txt", DisclosureError::Base64),
    ("bad-standard-alphabet.txt", DisclosureError::Base64),
    ("bad-noncanonical.txt", DisclosureError::Base64),
    ("bad-line-end.txt", DisclosureError::Base64),
    ("bad-not-json.txt", DisclosureError::NotAnArray),
    ("bad-not-utf8.txt", DisclosureError::NotAnArray),
    ("bad-trailing-json.txt", DisclosureError::NotAnArray),
    ("bad-object.txt", DisclosureError::NotAnArray),
    ("bad-two-elements.txt", DisclosureError::ElementCount),
    ("bad-four-elements.txt", DisclosureError::ElementCount),
    ("bad-short-salt.txt", DisclosureError::Salt),
    ("bad-number-salt.txt", DisclosureError::Salt),
    ("bad-noncanonical-salt.txt", DisclosureError::Salt),
    ("bad-reserved-sd.txt", DisclosureError::ReservedName),
    ("bad-reserved-dots.txt", DisclosureError::ReservedName),
    ("bad-upper-case-name.txt", DisclosureError::Name),
    ("bad-number-name.txt", DisclosureError::Name),
    ("bad-object-value.txt", DisclosureError::Value),
    ("bad-null-value.txt", DisclosureError::Value),
    ("bad-float-value.txt", DisclosureError::Value),
    ("bad-unsafe-integer.txt", DisclosureError::Value),
    ("bad-mixed-list.txt", DisclosureError::Value),
];

/// How the set fails, by the shape of its error.
const SETS: &[(&str, Option<&str>)] = &[
    ("good-set-all.json", None),
    ("good-set-one.json", None),
    ("bad-set-digest-listed-twice.json", Some("DigestRepeated")),
    ("bad-set-digest-opened-twice.json", Some("DigestRepeated")),
    ("bad-set-not-committed.json", Some("NotCommitted")),
    ("bad-set-name-twice.json", Some("NameRepeated")),
];

#[derive(Deserialize)]
struct Set {
    #[serde(rename = "_sd")]
    sd: Vec<String>,
    disclosures: Vec<String>,
}

#[test]
fn bad_disclosures_are_refused_for_their_own_reason() {
    walk("disclosure", "bad-", ".txt", BAD, |name, bytes, expected| {
        let text = std::str::from_utf8(bytes).unwrap().strip_suffix('\n').unwrap();
        assert_eq!(Disclosure::parse(text).as_ref(), Err(expected), "{name}");
    });
}

#[test]
fn good_disclosures_have_their_digest() {
    let mut seen = 0;
    for (name, bytes) in committed("disclosure") {
        if name.starts_with("good-") && name.ends_with(".txt") {
            let text = String::from_utf8(bytes).unwrap();
            let [disclosure, digest] = text.lines().collect::<Vec<_>>()[..] else { panic!("{name}") };
            let parsed = Disclosure::parse(disclosure).unwrap();
            assert_eq!((parsed.encoded(), parsed.digest().as_str()), (disclosure, digest), "{name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 13);
}

#[test]
fn a_published_disclosure_says_what_it_says() {
    let parsed =
        Disclosure::parse("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0").unwrap();
    assert_eq!(parsed.name().as_str(), "family_name");
    assert_eq!(parsed.value(), &FieldValue::Text("Möbius".into()));
}

#[test]
fn sets_match_or_are_refused() {
    walk("disclosure", "", ".json", SETS, |name, bytes, expected| {
        let set: Set = serde_json::from_slice(bytes).unwrap();
        let shown: Vec<_> = set.disclosures.iter().map(|text| Disclosure::parse(text).unwrap()).collect();
        match (match_all(&set.sd, &shown), expected) {
            (Ok(fields), None) => assert_eq!(fields.len(), shown.len(), "{name}"),
            (Err(error), Some(kind)) => assert!(format!("{error:?}").starts_with(kind), "{name}: {error}"),
            (result, _) => panic!("{name}: {result:?}"),
        }
    });
}
