//! PDF by a bounded scan (ISO 32000-1): who made it and when, pages, signatures, and what was added later.
//!
//! No object is interpreted: a hostile file costs no more than its size. Object streams are inflated up to
//! a bound.

use std::io::Read;
use std::sync::LazyLock;

use flate2::read::ZlibDecoder;
use regex::bytes::Regex;

use super::codes::{clock, fact, finding};
use super::looked::{Looked, Severity};
use super::sniff::find;
use super::times;

/// Object streams are inflated up to this much in all.
const MAX_INFLATED: u64 = 8 << 20;
/// Object streams that are opened.
const MAX_STREAMS: usize = 500;
/// A signature's own hole and a line break may follow what it covers.
const SLACK: u64 = 4;

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

static END: LazyLock<Regex> = LazyLock::new(|| pattern(r"%%EOF"));
static VERSION: LazyLock<Regex> = LazyLock::new(|| pattern(r"%PDF-(\d\.\d)"));
static INFO: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"/(Producer|Creator|CreationDate|ModDate)\s*([(<])"));
static PAGES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?s-u)/Type\s*/Pages\b.{0,400}?/Count\s+(\d{1,6})"));
static PAGES_COUNT_FIRST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?s-u)/Count\s+(\d{1,6})[^>]{0,400}?/Type\s*/Pages\b"));
static PAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u)/Type\s*/Page[^sA-Za-z]"));
static RANGE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})"));
static OBJECTS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?s-u)/Type\s*/ObjStm\b.{0,300}?stream\r?\n"));
static XMP_DATE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"xmp:(CreateDate|ModifyDate)(?:\s*=\s*["']|>)([^<"']{1,40})"#));

/// Looks at a PDF; `len` is the size of the whole file, of which `bytes` is the start.
pub(super) fn look(looked: &mut Looked, bytes: &[u8], len: u64) {
    if let Some(version) = VERSION.captures(bytes) {
        looked.say(fact::PDF_VERSION, String::from_utf8_lossy(&version[1]));
    }
    let inflated = object_streams(bytes);
    say_info(looked, bytes, &inflated);
    let encrypted = pattern_near_end(bytes);
    if encrypted {
        looked.find(finding::PDF_ENCRYPTED, Severity::Note, "texts inside cannot be read here");
    }
    if let Some(pages) = pages(bytes).or_else(|| pages(&inflated)) {
        looked.say(fact::PDF_PAGES, pages);
    }
    look_at_saves(looked, bytes, len);
    compare_dates(looked);
}

fn pattern_near_end(bytes: &[u8]) -> bool {
    static ENCRYPT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"/Encrypt\s+\d{1,10}\s+\d{1,5}\s+R|/Encrypt\s*<<"));
    ENCRYPT.is_match(bytes)
}

fn object_streams(bytes: &[u8]) -> Vec<u8> {
    let mut inflated = Vec::new();
    for stream in OBJECTS.find_iter(bytes).take(MAX_STREAMS) {
        let left = MAX_INFLATED.saturating_sub(inflated.len() as u64);
        // A stream that breaks off still gives its start.
        let _ = ZlibDecoder::new(&bytes[stream.end()..]).take(left).read_to_end(&mut inflated);
        inflated.push(b'\n');
    }
    inflated
}

fn say_info(looked: &mut Looked, bytes: &[u8], inflated: &[u8]) {
    for part in [bytes, inflated] {
        for found in INFO.captures_iter(part).take(64) {
            let Some(value) = found.get(2).and_then(|open| string(&part[open.start()..])) else { continue };
            match &found[1] {
                b"Producer" => say_once(looked, fact::PDF_PRODUCER, &value),
                b"Creator" => say_once(looked, fact::PDF_CREATOR, &value),
                b"CreationDate" => looked.say_time(clock::PDF_CREATED, times::pdf(&value)),
                _ => looked.say_time(clock::PDF_CHANGED, times::pdf(&value)),
            }
        }
    }
    for found in XMP_DATE.captures_iter(bytes).take(16) {
        let time = times::iso(&String::from_utf8_lossy(&found[2]));
        let by = if &found[1] == b"CreateDate" { clock::XMP_CREATED } else { clock::XMP_CHANGED };
        looked.say_time(by, time);
    }
}

fn say_once(looked: &mut Looked, code: &'static str, value: &str) {
    if looked.facts.iter().all(|fact| fact.code != code || fact.value != value.trim()) {
        looked.quote(code, value);
    }
}

/// A literal or hexadecimal string (§7.3.4), up to 2000 bytes.
fn string(bytes: &[u8]) -> Option<String> {
    let raw = match bytes.first()? {
        b'(' => literal(&bytes[1..])?,
        _ => hexadecimal(&bytes[1..])?,
    };
    Some(match raw.as_slice() {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        rest => String::from_utf8(rest.to_vec())
            .unwrap_or_else(|_| encoding_rs::mem::decode_latin1(rest).into_owned()),
    })
}

fn literal(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut raw, mut depth, mut at) = (Vec::new(), 0, 0);
    while raw.len() < 2000 {
        let byte = *bytes.get(at)?;
        at += 1;
        match byte {
            b')' if depth == 0 => return Some(raw),
            b')' => depth -= 1,
            b'(' => depth += 1,
            b'\\' => {
                let (escaped, used) = escape(&bytes[at..])?;
                raw.extend(escaped);
                at += used;
                continue;
            }
            _ => {}
        }
        raw.push(byte);
    }
    None
}

/// What follows a backslash, and how many bytes it takes.
fn escape(bytes: &[u8]) -> Option<(Option<u8>, usize)> {
    let octal = bytes.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    if octal > 0 {
        let value = bytes[..octal].iter().fold(0u32, |sum, digit| sum * 8 + u32::from(digit - b'0'));
        return Some((u8::try_from(value & 0xff).ok(), octal));
    }
    Some(match *bytes.first()? {
        b'n' => (Some(b'\n'), 1),
        b'r' => (Some(b'\r'), 1),
        b't' => (Some(b'\t'), 1),
        b'\r' if bytes.get(1) == Some(&b'\n') => (None, 2),
        b'\r' | b'\n' => (None, 1),
        other => (Some(other), 1),
    })
}

fn hexadecimal(bytes: &[u8]) -> Option<Vec<u8>> {
    let end = bytes.iter().take(4000).position(|byte| *byte == b'>')?;
    let digits: Vec<u8> = bytes[..end]
        .iter()
        .filter_map(|byte| char::from(*byte).to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok())
        .collect();
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect())
}

/// The largest count of a page tree; without one, the pages that are named.
fn pages(bytes: &[u8]) -> Option<usize> {
    let count = |found: regex::bytes::Captures<'_>| String::from_utf8_lossy(&found[1]).parse::<usize>().ok();
    let stated = PAGES.captures_iter(bytes).chain(PAGES_COUNT_FIRST.captures_iter(bytes));
    let named = || Some(PAGE.find_iter(bytes).count()).filter(|pages| *pages > 0);
    stated.take(10_000).filter_map(count).max().or_else(named)
}

fn look_at_saves(looked: &mut Looked, bytes: &[u8], len: u64) {
    let ends = END.find_iter(bytes).count();
    let whole = bytes.len() as u64 == len;
    if ends == 0 && whole {
        looked.find(finding::PDF_CUT, Severity::Defect, "");
        return;
    }
    // A linearised file has an end mark at its start, too (annex F).
    let linear = find(&bytes[..bytes.len().min(2048)], b"/Linearized");
    let saves = ends.saturating_sub(usize::from(linear)).max(1);
    looked.say(fact::PDF_SAVES, saves);
    let ranges: Vec<u64> = RANGE
        .captures_iter(bytes)
        .take(64)
        .filter_map(|range| {
            let number = |n: usize| String::from_utf8_lossy(&range[n]).parse::<u64>().ok();
            number(3)?.checked_add(number(4)?)
        })
        .collect();
    if !ranges.is_empty() {
        looked.say(fact::PDF_SIGNED, ranges.len());
    }
    match ranges.iter().max() {
        Some(covered) if *covered + SLACK < len => {
            let detail = format!("{} bytes after the last signature", len - covered);
            looked.find(finding::PDF_AFTER_SIGNING, Severity::Doubt, detail);
        }
        // A signature is itself added to the end.
        None if saves > 1 => {
            looked.find(finding::PDF_SAVED_AGAIN, Severity::Doubt, format!("{saves} end marks"));
        }
        _ => {}
    }
}

fn compare_dates(looked: &mut Looked) {
    let made = looked.said(clock::PDF_CREATED).chain(looked.said(clock::XMP_CREATED)).min();
    let changed = looked.said(clock::PDF_CHANGED).chain(looked.said(clock::XMP_CHANGED)).max();
    if let (Some(made), Some(changed)) = (made, changed)
        && changed.as_second() - made.as_second() > 60
    {
        looked.find(finding::PDF_MODIFIED, Severity::Doubt, format!("made {made}, changed {changed}"));
    }
}
