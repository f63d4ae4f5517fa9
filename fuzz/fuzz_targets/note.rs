//! A signed note is read or refused, and what verifies is kept verbatim.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sigu_ledger::{Note, SignedCheckpoint, VerifyingKey};

/// The keys of the vectors: the seeds hold notes that verify.
static KEYS: LazyLock<[VerifyingKey; 2]> = LazyLock::new(|| {
    [
        "example.org/log+98af023b+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "sigu/v1/mfrggzdfmztwq2lk+8b0d14da+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
    ]
    .map(|text| VerifyingKey::parse(text).expect("a key of the vectors"))
});

fuzz_target!(|bytes: &[u8]| {
    let note = Note::parse(bytes);
    for key in KEYS.iter() {
        let checkpoint = SignedCheckpoint::verify(bytes, key);
        let verified = note.as_ref().ok().and_then(|note| note.verify(key).ok());
        if let Some(verified) = &verified {
            assert!(bytes.starts_with(verified.text().as_bytes()));
        }
        if let Ok(checkpoint) = checkpoint {
            assert_eq!(checkpoint.note().as_bytes(), bytes);
            let verified = verified.expect("a checkpoint is a note that verifies");
            assert_eq!(checkpoint.checkpoint().to_text(), verified.text());
        }
    }
    if let Ok(note) = note {
        assert!(!note.signatures().is_empty());
    }
});
