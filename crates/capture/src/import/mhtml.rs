//! MHTML (RFC 2557) as browsers save it: address, time, parts, and what the page shows but the file lacks.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use mail_parser::{Message, MessageParser, MimeHeaders};
use regex::Regex;

use super::codes::{clock, fact, finding};
use super::looked::{Looked, Severity};
use super::{mail, page, times};

/// References of a page that are compared with the parts.
const MAX_REFERENCES: usize = 20_000;

static SHOWN: LazyLock<Regex> = LazyLock::new(|| {
    let quoted = r#"["']([^"']+)["']"#;
    let image = format!(r"(?i)<(?:img|iframe|frame|source)\b[^>]*?\bsrc\s*=\s*{quoted}");
    let sheet = format!(r"(?i)<link\b[^>]*?\bhref\s*=\s*{quoted}[^>]*>");
    Regex::new(&format!("{image}|{sheet}")).expect("a fixed pattern")
});

pub(super) fn look(looked: &mut Looked, bytes: &[u8]) {
    let Some(saved) = MessageParser::default().parse(bytes).filter(|saved| !saved.parts.is_empty()) else {
        looked.find(finding::UNREADABLE, Severity::Defect, "no parts could be read");
        return;
    };
    looked.say_time(clock::MHTML_DATE, mail::raw(&saved, "Date").next().and_then(times::mail));
    let root = saved.parts.iter().find(|part| part.is_text_html());
    let address = mail::raw(&saved, "Snapshot-Content-Location").next().map(unfold);
    let address = address.or_else(|| root.and_then(|part| part.content_location()).map(str::to_owned));
    page::say_url(looked, address.as_deref().unwrap_or_default());
    looked.quote(fact::TITLE, saved.subject().unwrap_or_default());
    let by = mail::raw(&saved, "From").next().unwrap_or_default();
    looked.quote(fact::SOFTWARE, by.trim_matches(['<', '>']));
    looked.say(fact::PARTS, saved.parts.iter().filter(|part| !part.is_multipart()).count());
    if !closes(bytes, &saved) {
        looked.find(finding::MHTML_CUT, Severity::Defect, "");
    }
    let Some(html) = root.and_then(|part| part.text_contents()) else { return };
    say_missing(looked, &saved, html);
    looked.give_text(page::without_data(html, super::MAX_TEXT));
}

/// A long header goes on after a line break and a space.
fn unfold(value: &str) -> String {
    value.split_whitespace().collect()
}

fn closes(bytes: &[u8], saved: &Message<'_>) -> bool {
    let Some(boundary) = saved.content_type().and_then(|one| one.attribute("boundary")) else { return true };
    let end = format!("--{boundary}--");
    let tail = &bytes[bytes.len().saturating_sub(end.len() + 64)..];
    super::sniff::find(tail, end.as_bytes())
}

fn say_missing(looked: &mut Looked, saved: &Message<'_>, html: &str) {
    let mut there = BTreeSet::new();
    for part in &saved.parts {
        there.extend(part.content_location().map(str::to_owned));
        there.extend(part.content_id().map(|id| format!("cid:{}", id.trim_matches(['<', '>']))));
    }
    let mut missing = BTreeSet::new();
    for found in SHOWN.captures_iter(html).take(MAX_REFERENCES) {
        let sheet = found.get(2).is_some();
        if sheet && !found[0].to_ascii_lowercase().contains("stylesheet") {
            continue;
        }
        let address = found.get(1).or(found.get(2)).map_or("", |group| group.as_str());
        let address = address.trim().replace("&amp;", "&");
        let names_a_part = ["http://", "https://", "cid:"].iter().any(|head| address.starts_with(head));
        if names_a_part && !there.contains(&address) {
            missing.insert(page::plain_url(&address));
        }
    }
    if !missing.is_empty() {
        let some: Vec<&str> = missing.iter().take(3).map(String::as_str).collect();
        let detail = format!("{} missing: {}", missing.len(), some.join(" "));
        looked.find(finding::MHTML_MISSING, Severity::Note, detail);
    }
}
