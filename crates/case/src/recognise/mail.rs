//! Saved e-mails (RFC 5322, RFC 2045–2047): the head, and the text of the first readable part.
//!
//! The delivery e-mail is a copy held by a third party (domain dossier 2.2.1). Decoded are quoted-printable and
//! base64 parts in UTF-8, US-ASCII and ISO-8859-1; a part in another encoding is named as undecodable.

mod decode;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde::Serialize;

use super::{Note, Truncation};

/// Parts nested deeper are not followed.
const MAX_DEPTH: usize = 6;
/// More parts than this are not read.
const MAX_PARTS: usize = 64;

/// An e-mail's head and its parts. Addresses are as written; the body is read as fields of the result.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// The sender, decoded.
    pub from: Option<String>,
    /// The recipient, decoded.
    pub to: Option<String>,
    /// The subject, decoded; secrets in it are masked.
    pub subject: Option<String>,
    /// `Date:`, as the sending machine says.
    pub sent_at: Option<Timestamp>,
    /// `Message-ID:`
    pub message_id: Option<String>,
    /// Every part that is no container.
    pub parts: Vec<MailPart>,
}

/// One part of an e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MailPart {
    /// Its media type in lower case.
    pub media: String,
    /// Its declared encoding of characters in lower case.
    pub charset: Option<String>,
    /// How many bytes it has as stored.
    pub bytes: usize,
    /// What was done with it.
    pub reading: PartReading,
}

/// What was done with a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartReading {
    /// Its text was read.
    Read,
    /// Another form of the same text was read instead.
    Alternative,
    /// It is no text.
    Attachment,
    /// Its encoding is not decoded here.
    Undecodable,
}

struct Body {
    text: String,
    is_html: bool,
}

struct Walk<'n> {
    parts: Vec<MailPart>,
    body: Option<Body>,
    notes: &'n mut Vec<Note>,
}

/// Reads a mail: its head, the text to search (subject and body), and whether the body is a page.
pub(super) fn read(input: &[u8], notes: &mut Vec<Note>) -> (Mail, String, bool) {
    let (head, body) = split(input);
    let headers = decode::headers(head);
    let mut walk = Walk { parts: Vec::new(), body: None, notes };
    walk.part(&headers, body, 0);
    let subject = decode::header(&headers, "subject").map(decode::words);
    let body = walk.body.take().unwrap_or(Body { text: String::new(), is_html: false });
    let mail = Mail {
        from: decode::header(&headers, "from").map(decode::words),
        to: decode::header(&headers, "to").map(decode::words),
        subject: subject.as_deref().map(sigu_evidence::mask_text),
        sent_at: decode::header(&headers, "date").and_then(date),
        message_id: decode::header(&headers, "message-id").map(str::to_owned),
        parts: walk.parts,
    };
    let subject = subject.unwrap_or_default().replace(['<', '\n'], " ");
    (mail, format!("{subject}\n{}", body.text), body.is_html)
}

fn date(text: &str) -> Option<Timestamp> {
    // A comment after the zone, as `(CST)`, is allowed by the standard and not by the parser.
    let text = text.split('(').next().unwrap_or(text).trim();
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// Splits at the first empty line; without one everything is head.
fn split(input: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in input.split_inclusive(|byte| *byte == b'\n') {
        if line.iter().all(u8::is_ascii_whitespace) && at > 0 {
            return (&input[..at], &input[at + line.len()..]);
        }
        at += line.len();
    }
    (input, &[])
}

impl Walk<'_> {
    fn part(&mut self, headers: &[(String, String)], body: &[u8], depth: usize) {
        let kind = decode::header(headers, "content-type").unwrap_or("text/plain");
        let media = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if media.starts_with("multipart/") {
            return self.multipart(kind, body, depth);
        }
        let charset = decode::parameter(kind, "charset").map(|name| name.to_ascii_lowercase());
        let encoding = decode::header(headers, "content-transfer-encoding").unwrap_or_default();
        let attached = decode::header(headers, "content-disposition")
            .is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("attachment"));
        let is_html = media == "text/html";
        let reading = if attached || !(is_html || media == "text/plain") {
            PartReading::Attachment
        } else {
            self.text(is_html, &decode::transfer(body, encoding), charset.as_deref())
        };
        self.parts.push(MailPart { media, charset, bytes: body.len(), reading });
    }

    /// Plain text is preferred to a page, and the first of each kind to later ones.
    fn text(&mut self, is_html: bool, bytes: &[u8], charset: Option<&str>) -> PartReading {
        let Some(text) = decode::text(bytes, charset, self.notes) else {
            self.notes.push(Note::Undecodable(charset.unwrap_or("?").to_owned()));
            return PartReading::Undecodable;
        };
        let better = match &self.body {
            None => true,
            Some(body) => body.text.trim().is_empty() || (body.is_html && !is_html),
        };
        if !better {
            return PartReading::Alternative;
        }
        if self.body.replace(Body { text, is_html }).is_some() {
            for part in self.parts.iter_mut().filter(|part| part.reading == PartReading::Read) {
                part.reading = PartReading::Alternative;
            }
        }
        PartReading::Read
    }

    fn multipart(&mut self, kind: &str, body: &[u8], depth: usize) {
        if depth >= MAX_DEPTH || self.parts.len() >= MAX_PARTS {
            return self.notes.push(Note::Truncated(Truncation::Nesting));
        }
        let Some(boundary) = decode::parameter(kind, "boundary").filter(|name| !name.is_empty()) else {
            return self.part(&[], body, depth + 1);
        };
        let (parts, closed) = decode::parts(body, &boundary);
        if !closed {
            self.notes.push(Note::Truncated(Truncation::Unfinished));
        }
        for part in parts {
            if self.parts.len() >= MAX_PARTS {
                return self.notes.push(Note::Truncated(Truncation::Length));
            }
            let starts_blank = part.first().is_some_and(|byte| matches!(byte, b'\n' | b'\r'));
            let (head, body) = if starts_blank { (&part[..0], part) } else { split(part) };
            self.part(&decode::headers(head), body, depth + 1);
        }
    }
}
