//! What a look at a file gives: its kind, its times with who said each, facts, findings and text.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use sigu_evidence::mask_text;

use super::codes::{clock, finding};

/// More claims, facts or findings than this of one file are left out, each sort by itself.
pub const MAX_EACH: usize = 200;
/// A value or detail is cut after this many characters.
pub const MAX_CHARS: usize = 300;
/// At most this many bytes of text are given.
pub const MAX_TEXT: usize = 4 << 20;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A photo or a screenshot.
    Image,
    /// A video or a recording of the screen.
    Video,
    /// A voice message or other sound.
    Audio,
    /// One e-mail (RFC 5322).
    Mail,
    /// A PDF.
    Pdf,
    /// A recording of requests (HTTP Archive 1.2).
    Har,
    /// A page with its parts in one file (RFC 2557).
    Mhtml,
    /// A page saved by SingleFile.
    SingleFile,
    /// Another HTML page.
    Page,
    /// A web archive (ISO 28500), packed or not; its records are verified elsewhere.
    Warc,
    /// A zipped web archive; its records are verified elsewhere.
    Wacz,
    /// A chat as text.
    Chat,
    /// A bill of WeChat Pay or Alipay as CSV.
    Bill,
    /// Another CSV table.
    Table,
    /// JSON that is no HAR.
    Json,
    /// Other text.
    Text,
    /// A packed folder or an office document.
    Packed,
    /// Nothing known.
    Unknown,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// The other side may ask about it.
    Doubt,
    /// Something is broken or missing.
    Defect,
}

/// A time, and who said it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeClaim {
    /// The instant; a wall time without a zone is read in Asia/Shanghai.
    pub at: Timestamp,
    /// One of [`clock`].
    pub said_by: &'static str,
    /// Whether the zone was said, too.
    pub zone_known: bool,
}

/// One thing a file says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// One of [`fact`](super::codes::fact).
    pub code: &'static str,
    /// The value, on one line, at most [`MAX_CHARS`] characters.
    pub value: String,
}

/// One thing to know before relying on a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// One of [`finding`].
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// Particulars in English, on one line, at most [`MAX_CHARS`] characters.
    pub detail: String,
}

/// What a file is and says of itself.
///
/// Neither `Debug` nor `Serialize` shows the text: it may hold card secrets.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// What the file is.
    pub kind: Kind,
    /// The media type by content.
    pub media_type: String,
    /// When the file was made, by everyone who says so, in the order found.
    pub formed_at: Vec<TimeClaim>,
    /// What the file says of itself.
    pub facts: Vec<Fact>,
    /// What to know before relying on it.
    pub findings: Vec<Finding>,
    /// Readable text for the recogniser, at most [`MAX_TEXT`] bytes.
    #[serde(skip)]
    pub text: Option<String>,
}

impl fmt::Debug for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Looked")
            .field("kind", &self.kind)
            .field("media_type", &self.media_type)
            .field("formed_at", &self.formed_at)
            .field("facts", &self.facts)
            .field("findings", &self.findings)
            .field("text_bytes", &self.text.as_ref().map(String::len))
            .finish()
    }
}

impl Looked {
    /// Returns the first value of a fact.
    #[must_use]
    pub fn fact(&self, code: &str) -> Option<&str> {
        self.facts.iter().find(|fact| fact.code == code).map(|fact| fact.value.as_str())
    }

    /// Returns the first finding of a code.
    #[must_use]
    pub fn finding(&self, code: &str) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.code == code)
    }

    /// Returns the times one voice said, in the order found.
    pub fn said(&self, by: &str) -> impl Iterator<Item = Timestamp> {
        self.formed_at.iter().filter(move |claim| claim.said_by == by).map(|claim| claim.at)
    }

    pub(super) fn new(kind: Kind, media_type: impl Into<String>) -> Self {
        let media_type = media_type.into();
        Self { kind, media_type, formed_at: Vec::new(), facts: Vec::new(), findings: Vec::new(), text: None }
    }

    pub(super) fn say_time(&mut self, said_by: &'static str, time: Option<(Timestamp, bool)>) {
        let Some((at, zone_known)) = time else { return };
        let claim = TimeClaim { at, said_by, zone_known };
        if self.formed_at.len() < MAX_EACH && !self.formed_at.contains(&claim) {
            self.formed_at.push(claim);
        }
    }

    /// Adds a fact whose value has a shape of our own or of a specification.
    pub(super) fn say(&mut self, code: &'static str, value: impl fmt::Display) {
        let value = one_line(&value.to_string());
        if self.facts.len() < MAX_EACH && !value.is_empty() {
            self.facts.push(Fact { code, value });
        }
    }

    /// Adds a fact in free words of others, with what looks like a secret masked.
    pub(super) fn quote(&mut self, code: &'static str, words: &str) {
        let start: String = words.chars().take(MAX_CHARS * 4).collect();
        self.say(code, mask_text(&start));
    }

    pub(super) fn find(&mut self, code: &'static str, severity: Severity, detail: impl fmt::Display) {
        if self.findings.len() < MAX_EACH {
            self.findings.push(Finding { code, severity, detail: one_line(&detail.to_string()) });
        }
    }

    pub(super) fn give_text(&mut self, mut text: String) {
        if text.len() > MAX_TEXT {
            text.truncate(text.floor_char_boundary(MAX_TEXT));
            self.find(finding::READ_IN_PART, Severity::Note, "the text is cut");
        }
        self.text = Some(text);
    }
}

/// The voices that tell when something was made, and not when it was changed, passed on or printed.
const MADE: [&str; 7] = [
    clock::EXIF_ORIGINAL,
    clock::PNG_CREATION,
    clock::XMP_CREATED,
    clock::MP4_CREATED,
    clock::CONTAINER_CREATED,
    clock::MHTML_DATE,
    clock::NAME,
];

/// Compares the times with now and with each other; `now` is the moment of the import.
pub(super) fn compare_times(looked: &mut Looked, now: Timestamp) {
    let ahead = |claim: &&TimeClaim| {
        let slack = if claim.zone_known { 600 } else { 14 * 3600 };
        claim.at.as_second().saturating_sub(now.as_second()) > slack
    };
    if let Some(claim) = looked.formed_at.iter().find(ahead) {
        let detail = format!("{} says {}", claim.said_by, claim.at);
        looked.find(finding::TIME_FUTURE, Severity::Doubt, detail);
    }
    let made = looked.formed_at.iter().filter(|claim| MADE.contains(&claim.said_by));
    let (first, last) = (made.clone().min_by_key(|claim| claim.at), made.max_by_key(|claim| claim.at));
    if let (Some(first), Some(last)) = (first, last)
        && last.at.as_second().saturating_sub(first.at.as_second()) > 86_400
    {
        let detail = format!("{}: {}, {}: {}", first.said_by, first.at, last.said_by, last.at);
        looked.find(finding::TIME_APART, Severity::Doubt, detail);
    }
    if looked.formed_at.is_empty() {
        looked.find(finding::TIME_NONE, Severity::Note, "");
    }
}

/// Folds white space and control characters, and cuts.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS * 4);
    for c in clean.filter(|c| !hides(*c)) {
        if !(c == ' ' && (line.is_empty() || line.ends_with(' '))) {
            line.push(c);
        }
    }
    let line = line.trim_end();
    if line.chars().count() <= MAX_CHARS {
        return line.to_owned();
    }
    line.chars().take(MAX_CHARS - 1).chain(['…']).collect()
}

/// Characters that turn the direction of writing or have no width: a name could pretend with them.
fn hides(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
