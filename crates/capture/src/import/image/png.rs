//! PNG chunks (W3C PNG third edition): texts, time, and what follows the end.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::super::codes::{clock, fact, finding};
use super::super::looked::{Looked, Severity};
use super::super::times::{self, Said, civil, wall};

/// More chunks than this are not walked.
const MAX_CHUNKS: usize = 100_000;
/// Texts are inflated up to this size.
const MAX_TEXT: u64 = 64 << 10;

pub(super) fn look(looked: &mut Looked, bytes: &[u8]) {
    let mut at = 8;
    for _ in 0..MAX_CHUNKS {
        let Some((kind, body)) = chunk(bytes, at) else {
            looked.find(finding::IMAGE_CUT, Severity::Defect, format!("no whole PNG chunk at byte {at}"));
            return;
        };
        match kind {
            b"tEXt" | b"zTXt" | b"iTXt" => say_text(looked, kind, body),
            b"tIME" => looked.say_time(clock::PNG_TIME, utc(body)),
            _ => {}
        }
        at += body.len() + 12;
        if kind == b"IEND" {
            if at < bytes.len() {
                let detail = format!("{} bytes after the end of the PNG", bytes.len() - at);
                looked.find(finding::IMAGE_TRAILING, Severity::Doubt, detail);
            }
            return;
        }
    }
}

fn chunk(bytes: &[u8], at: usize) -> Option<(&[u8], &[u8])> {
    let head = bytes.get(at..)?.get(..8)?;
    let len = usize::try_from(u32::from_be_bytes(head[..4].try_into().ok()?)).ok()?;
    let rest = &bytes[at + 8..];
    (rest.len() >= len.checked_add(4)?).then(|| (&head[4..], &rest[..len]))
}

fn utc(body: &[u8]) -> Said {
    let [y1, y2, rest @ ..] = body else { return None };
    let rest: [u8; 5] = rest.try_into().ok()?;
    let time = civil(i16::from_be_bytes([*y1, *y2]), &rest.map(i16::from))?;
    wall(time, Some(jiff::tz::Offset::UTC))
}

fn say_text(looked: &mut Looked, kind: &[u8], body: &[u8]) {
    let mut parts = body.splitn(2, |byte| *byte == 0);
    let key = String::from_utf8_lossy(parts.next().unwrap_or_default()).to_ascii_lowercase();
    let Some(text) = parts.next().and_then(|rest| value(kind, rest)) else { return };
    match key.as_str() {
        "software" | "creator" | "producer" => super::say_software(looked, &text),
        "creation time" => {
            looked.say_time(clock::PNG_CREATION, times::mail(&text).or_else(|| times::iso(&text)));
        }
        "date:create" => looked.say_time(clock::PNG_CREATION, times::iso(&text)),
        "comment" | "description" | "title" | "author" | "source" => looked.quote(fact::DESCRIPTION, &text),
        _ => {}
    }
}

/// The text after its keyword.
fn value(kind: &[u8], rest: &[u8]) -> Option<String> {
    match kind {
        b"tEXt" => Some(encoding_rs::mem::decode_latin1(rest).into_owned()),
        b"zTXt" => inflate(rest.get(1..)?),
        _ => {
            let packed = *rest.first()? == 1;
            let words = rest.get(2..)?.splitn(3, |byte| *byte == 0).nth(2)?;
            if packed { inflate(words) } else { Some(String::from_utf8_lossy(words).into_owned()) }
        }
    }
}

fn inflate(packed: &[u8]) -> Option<String> {
    let mut text = Vec::new();
    ZlibDecoder::new(packed).take(MAX_TEXT).read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}
