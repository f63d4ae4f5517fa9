//! A foreign file is looked at within its bounds, twice alike, and its times are never doubted by a panic.
#![no_main]

use std::io::Cursor;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use sigu_capture::import::{Looked, MAX_CHARS, MAX_EACH, MAX_TEXT, Tools, look};

fuzz_target!(|bytes: &[u8]| {
    let once = look_at(bytes);
    assert!(once == look_at(bytes));
    assert!(once.facts.len() <= MAX_EACH && once.formed_at.len() <= MAX_EACH);
    assert!(once.facts.iter().all(|fact| fact.value.chars().count() <= MAX_CHARS));
    assert!(once.findings.iter().all(|finding| finding.detail.chars().count() <= MAX_CHARS));
    assert!(once.text.is_none_or(|text| text.len() <= MAX_TEXT));
});

/// The first line is the name; no tool is asked.
fn look_at(bytes: &[u8]) -> Looked {
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let name = parts.next().and_then(|name| std::str::from_utf8(name).ok());
    let content = parts.next().unwrap_or_default();
    look(name, &mut Cursor::new(content), None, &Tools::default(), Timestamp::UNIX_EPOCH)
}
