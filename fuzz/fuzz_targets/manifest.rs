//! An item manifest that can be read from fields is written back as the same fields.
//!
//! The input is a JSON object of fields, or any number of disclosures, one a line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sigu_evidence::{Disclosure, Fields, ItemManifest};

/// Collects fields as a reader of leaves does, value by value.
fn from_disclosures(text: &str) -> Option<Fields> {
    let mut fields = Fields::new();
    for disclosure in text.lines().map(Disclosure::parse) {
        let disclosure = disclosure.ok()?;
        fields
            .insert(disclosure.name().clone(), disclosure.value().clone())
            .expect("a value that was checked");
    }
    Some(fields)
}

fuzz_target!(|text: &str| {
    let Some(fields) = serde_json::from_str(text).ok().or_else(|| from_disclosures(text)) else { return };
    let Ok(manifest) = ItemManifest::from_fields(&fields) else { return };
    let written = manifest.to_fields().expect("what was read can be written");
    for (name, value) in written.iter() {
        assert_eq!(fields.get(name.as_str()), Some(value), "{name}");
    }
    assert_eq!(ItemManifest::from_fields(&written), Ok(manifest));
});
