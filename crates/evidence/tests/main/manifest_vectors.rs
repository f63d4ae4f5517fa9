//! Walks over `vectors/manifest`.

use sigu_evidence::{FieldError, Fields, ItemManifest, ManifestError};

use crate::vectors::manifest::{full, least};
use crate::vectors::walk;

/// What is wrong with a manifest: the field, and whether it is its absence, its kind or its value.
#[derive(Debug, PartialEq)]
enum Wrong {
    Missing(&'static str),
    Kind(&'static str),
    Value(&'static str),
}

const FILES: &[(&str, Option<Wrong>)] = &[
    ("good-full.json", None),
    ("good-least.json", None),
    ("good-other-fields.json", None),
    ("bad-no-size.json", Some(Wrong::Missing("blob.size"))),
    ("bad-no-secret.json", Some(Wrong::Missing("secret"))),
    ("bad-upper-case-id.json", Some(Wrong::Value("blob.sha256"))),
    ("bad-negative-size.json", Some(Wrong::Value("blob.size"))),
    ("bad-text-size.json", Some(Wrong::Kind("blob.size"))),
    ("bad-media-type-parameter.json", Some(Wrong::Value("blob.media_type"))),
    ("bad-control-in-name.json", Some(Wrong::Value("file.name"))),
    ("bad-folder-in-name.json", Some(Wrong::Value("file.name"))),
    ("bad-long-name.json", Some(Wrong::Value("file.name"))),
    ("bad-local-time.json", Some(Wrong::Value("file.modified_at"))),
    ("bad-no-such-day.json", Some(Wrong::Value("file.modified_at"))),
    ("bad-unknown-source.json", Some(Wrong::Value("source"))),
    ("bad-masked-but-not-secret.json", Some(Wrong::Value("secret.masked"))),
];

#[test]
fn manifests_read_or_are_refused_as_expected() {
    walk("manifest", "", ".json", FILES, |file, bytes, expected| {
        let fields: Fields = serde_json::from_slice(bytes).unwrap();
        match (ItemManifest::from_fields(&fields), expected) {
            (Ok(manifest), None) => {
                assert_eq!(manifest, if file.contains("least") { least() } else { full() }, "{file}");
            }
            (Err(ManifestError::Value { name }), Some(Wrong::Value(wanted))) => {
                assert_eq!(name, *wanted, "{file}")
            }
            (Err(ManifestError::Field(FieldError::Missing { name })), Some(Wrong::Missing(wanted)))
            | (Err(ManifestError::Field(FieldError::WrongKind { name, .. })), Some(Wrong::Kind(wanted))) => {
                assert_eq!(name, *wanted, "{file}");
            }
            (result, _) => panic!("{file}: {result:?}, expected {expected:?}"),
        }
    });
}
