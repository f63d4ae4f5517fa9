//! Files of others: what they are and what they say of themselves.

mod hostile;
mod images;
mod mails;
mod names;
mod pages;
mod pdfs;
mod texts;
mod videos;

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::Path;

use jiff::Timestamp;
use sigu_capture::import::codes::{clock, fact, finding};
use sigu_capture::import::{Looked, MAX_CHARS, MAX_EACH, Tools, is_change, look};

/// The moment of every import in these tests.
const NOW: &str = "2026-11-23T00:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// Looks at bytes without any tool, and checks what holds for every look.
fn look_at(name: &str, bytes: impl AsRef<[u8]>) -> Looked {
    let looked = look(Some(name), &mut Cursor::new(bytes.as_ref()), None, &Tools::default(), now());
    check(&looked);
    looked
}

fn look_at_path(path: &Path, tools: &Tools) -> Looked {
    let name = path.file_name().unwrap().to_str();
    let mut file = std::fs::File::open(path).unwrap();
    let looked = look(name, &mut file, Some(path), tools, now());
    check(&looked);
    looked
}

/// The tools of this machine; the tests need both.
#[allow(clippy::disallowed_methods, reason = "tests find tools as the edge does")]
pub(crate) fn tools() -> Tools {
    let tools = Tools::find(&std::env::var_os("PATH").expect("a PATH"));
    assert!(tools.ffprobe.is_some(), "ffprobe is needed: apt-get install ffmpeg");
    assert!(
        tools.tesseract.is_some(),
        "tesseract is needed: apt-get install tesseract-ocr tesseract-ocr-chi-sim"
    );
    tools
}

/// Codes are those of the tables, and everything is bounded.
fn check(looked: &Looked) {
    let known = |table: &[(&str, &str)], code: &str| table.iter().any(|(known, _)| *known == code);
    assert!(looked.formed_at.iter().all(|one| known(clock::ALL, one.said_by)), "{looked:?}");
    assert!(looked.facts.iter().all(|one| known(fact::ALL, one.code)), "{looked:?}");
    assert!(looked.findings.iter().all(|one| known(finding::ALL, one.code)), "{looked:?}");
    assert!(looked.facts.len() <= MAX_EACH && looked.findings.len() <= MAX_EACH + 8);
    assert!(looked.facts.iter().all(|one| one.value.chars().count() <= MAX_CHARS));
    assert!(looked.findings.iter().all(|one| one.detail.chars().count() <= MAX_CHARS));
}

/// The times one voice said, in UTC.
fn said(looked: &Looked, by: &str) -> Vec<String> {
    looked.said(by).map(|time| time.to_string()).collect()
}

fn finds(looked: &Looked, code: &str) -> bool {
    looked.finding(code).is_some()
}

#[test]
fn codes_are_named_once_and_explained() {
    let all: Vec<_> = [clock::ALL, fact::ALL, finding::ALL].concat();
    let names: BTreeSet<_> = all.iter().map(|(code, _)| code).collect();
    assert_eq!(names.len(), all.len(), "a code is there twice");
    assert!(is_change(clock::PDF_CHANGED) && !is_change(clock::PDF_CREATED));
    for (code, meaning) in all {
        assert!(meaning.ends_with('.') && meaning.len() < 100 && !meaning.contains('\n'), "{code}");
    }
}

#[test]
fn neither_debug_nor_json_shows_the_text() {
    let looked = look_at("卡密.txt", "您的卡密是 ABCD-EFGH-JKLM-2345，请查收");
    assert!(looked.text.as_deref().unwrap().contains("ABCD-EFGH"));
    assert!(!format!("{looked:?}").contains("ABCD-EFGH"));
    assert!(!serde_json::to_string(&looked).unwrap().contains("ABCD-EFGH"));
}
