//! What a file is, by its content: magic bytes first, then what text shows.

use std::io::Read;
use std::sync::LazyLock;

use flate2::read::MultiGzDecoder;
use regex::Regex;

use super::looked::Kind;
use super::{bill, chat, text};

/// How much of the start is looked at.
pub(super) const HEAD: u64 = 64 << 10;
/// How much of the end is looked at: the list of a ZIP is there.
pub(super) const TAIL: u64 = 256 << 10;

pub(super) fn kind(head: &[u8], tail: &[u8]) -> (Kind, &'static str) {
    if head.is_empty() {
        return (Kind::Unknown, "application/octet-stream");
    }
    if head.starts_with(b"WARC/") {
        return (Kind::Warc, "application/warc");
    }
    if holds_warc(head) {
        return (Kind::Warc, "application/warc+gzip");
    }
    if head.trim_ascii_start().starts_with(b"%PDF-") {
        return PDF;
    }
    match binary(head, tail).or_else(|| textual(head)) {
        // Readers accept up to a kilobyte of other bytes before a PDF (ISO 32000-1, annex H).
        None | Some((Kind::Text, _)) if find(&head[..head.len().min(1024)], b"%PDF-") => PDF,
        known => known.unwrap_or((Kind::Unknown, "application/octet-stream")),
    }
}

const PDF: (Kind, &str) = (Kind::Pdf, "application/pdf");

/// Whether bytes occur in others.
pub(super) fn find(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

fn holds_warc(head: &[u8]) -> bool {
    let mut start = [0; 5];
    head.starts_with(&[0x1f, 0x8b])
        && MultiGzDecoder::new(head).read_exact(&mut start).is_ok()
        && start == *b"WARC/"
}

fn binary(head: &[u8], tail: &[u8]) -> Option<(Kind, &'static str)> {
    let media = match infer::get(head).map(|found| found.mime_type()) {
        None | Some("application/octet-stream") => return iso_media(head),
        // The library finds the mark of a PDF anywhere, so in a mail with one attached, too.
        Some("application/pdf") => return None,
        Some(media) => media,
    };
    let kind = match media.split('/').next() {
        Some("image") => Kind::Image,
        Some("video") => Kind::Video,
        Some("audio") => Kind::Audio,
        Some("application") if media == "application/zip" && is_wacz(head, tail) => {
            return Some((Kind::Wacz, "application/wacz"));
        }
        Some("application") if media != "application/x-sh" => Kind::Packed,
        _ => return None,
    };
    Some((kind, media))
}

fn is_wacz(head: &[u8], tail: &[u8]) -> bool {
    let has = |what: &[u8]| find(tail, what) || find(head, what);
    has(b"datapackage.json") && has(b"archive/")
}

/// ISO base media whose brand the library does not know.
fn iso_media(head: &[u8]) -> Option<(Kind, &'static str)> {
    match head.get(4..8)? {
        b"ftyp" | b"moov" | b"mdat" | b"wide" => Some((Kind::Video, "video/mp4")),
        _ => None,
    }
}

static MAIL_HEAD: LazyLock<Regex> = LazyLock::new(|| {
    let names = "from|to|date|subject|message-id|received|mime-version|return-path|delivered-to|\
                 content-type|dkim-signature|snapshot-content-location|x-[a-z0-9-]+";
    Regex::new(&format!(r"(?im)^(?:{names}):")).expect("a fixed pattern")
});

static SINGLE_FILE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<!--\s*(?:Page saved with|Archive processed by) SingleFile").expect("a fixed pattern")
});

static HTML: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b")
        .expect("a fixed pattern")
});

fn textual(head: &[u8]) -> Option<(Kind, &'static str)> {
    let decoded = text::decode(head)?;
    let text = decoded.text.as_str();
    if let Some(mail) = mail(text) {
        return Some(mail);
    }
    if SINGLE_FILE.is_match(text) {
        return Some((Kind::SingleFile, "text/html"));
    }
    if HTML.is_match(text) {
        return Some((Kind::Page, "text/html"));
    }
    if text.trim_start().starts_with(['{', '[']) {
        return json(text);
    }
    if bill::issuer(text).is_some() {
        return Some((Kind::Bill, "text/csv"));
    }
    if chat::layout(text).is_some() {
        return Some((Kind::Chat, "text/plain"));
    }
    Some(if is_table(text) { (Kind::Table, "text/csv") } else { (Kind::Text, "text/plain") })
}

fn json(text: &str) -> Option<(Kind, &'static str)> {
    let har = text.contains("\"log\"") && (text.contains("\"entries\"") || text.contains("\"creator\""));
    let whole = text.trim_start().starts_with('{') || text.contains("\":") || text.contains("[{");
    match (har, whole) {
        (true, _) => Some((Kind::Har, "application/har+json")),
        (_, true) => Some((Kind::Json, "application/json")),
        // `[14:03] 客服：…` is a chat and no list.
        _ if chat::layout(text).is_some() => Some((Kind::Chat, "text/plain")),
        _ => Some((Kind::Text, "text/plain")),
    }
}

fn mail(text: &str) -> Option<(Kind, &'static str)> {
    let text = text.trim_start_matches(['\r', '\n']);
    let end = text.find("\r\n\r\n").or_else(|| text.find("\n\n")).unwrap_or(text.len());
    let head = &text[..end];
    let first = MAIL_HEAD.find(head)?;
    if (first.start() != 0 && !head.starts_with("From ")) || MAIL_HEAD.find_iter(head).take(3).count() < 3 {
        return None;
    }
    let lower = head.to_ascii_lowercase();
    let page = lower.contains("snapshot-content-location:")
        || (lower.contains("multipart/related") && (lower.contains("<saved by") || !lower.contains("\nto:")));
    Some(if page { (Kind::Mhtml, "multipart/related") } else { (Kind::Mail, "message/rfc822") })
}

/// At least three lines with the same number of commas, and at least one comma.
fn is_table(text: &str) -> bool {
    let mut counts = text.lines().take(20).filter(|line| !line.trim().is_empty());
    let commas = |line: &str| line.bytes().filter(|byte| matches!(byte, b',' | b'\t')).count();
    let Some(first) = counts.next().map(commas) else { return false };
    let rest: Vec<usize> = counts.map(commas).collect();
    first > 0 && rest.len() >= 2 && rest.iter().take(rest.len() - 1).all(|count| *count == first)
}
