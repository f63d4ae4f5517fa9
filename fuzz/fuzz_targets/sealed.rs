//! A sealed file opens or is refused, the same way in one piece and as a stream.
#![no_main]

use std::io::Read;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sigu_evidence::{Identity, OpenReader, open_bytes, parse_plain_key_file};

/// The keys of the vectors: the seeds hold files that open.
static KEYS: LazyLock<[Identity; 2]> = LazyLock::new(|| {
    [include_str!("../../vectors/sealed/vault.key"), include_str!("../../vectors/sealed/recovery.key")]
        .map(|text| parse_plain_key_file(text).expect("a key of the vectors"))
});

fn open_as_stream(sealed: &[u8], identities: &[&Identity]) -> Option<Vec<u8>> {
    let mut plaintext = Vec::new();
    OpenReader::new(sealed, identities).ok()?.read_to_end(&mut plaintext).ok()?;
    Some(plaintext)
}

fuzz_target!(|sealed: &[u8]| {
    let identities = KEYS.each_ref();
    let whole = open_bytes(sealed, &identities).ok();
    let stream = open_as_stream(sealed, &identities);
    assert_eq!(whole.as_deref(), stream.as_ref());
    assert!(whole.is_none_or(|plaintext| plaintext.len() < sealed.len()));
});
