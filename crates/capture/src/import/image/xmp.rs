//! The few words of an XMP block (ISO 16684-1) that tell of times and of editing.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::super::codes::{clock, finding};
use super::super::looked::{Looked, Severity};
use super::super::times;

/// How much of a file is searched.
const MAX_SEARCH: usize = 1 << 20;

static WORD: LazyLock<Regex> = LazyLock::new(|| {
    let words = "CreatorTool|CreateDate|ModifyDate";
    Regex::new(&format!(r#"xmp:({words})(?:\s*=\s*["']|>)([^<"']{{1,100}})"#)).expect("a fixed pattern")
});

static HISTORY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"stEvt:action(?:\s*=\s*["']|>)(\w{1,40})"#).expect("a fixed pattern"));

pub(super) fn look(looked: &mut Looked, bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(MAX_SEARCH)];
    for found in WORD.captures_iter(bytes).take(20) {
        let value = String::from_utf8_lossy(&found[2]).into_owned();
        match &found[1] {
            b"CreatorTool" => super::say_software(looked, &value),
            b"CreateDate" => looked.say_time(clock::XMP_CREATED, times::iso(&value)),
            _ => looked.say_time(clock::XMP_CHANGED, times::iso(&value)),
        }
    }
    let steps = HISTORY.captures_iter(bytes).take(1000).filter(|step| &step[1] != b"created").count();
    if steps > 0 {
        looked.find(finding::IMAGE_EDITED, Severity::Doubt, format!("{steps} steps in its editing history"));
    }
}
