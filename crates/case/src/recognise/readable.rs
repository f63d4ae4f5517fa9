//! Foreign bytes as text: encodings, the limit of size, and which form the text has.

use std::borrow::Cow;
use std::fmt;

use super::mail::{self, Mail};
use super::{Form, Hints, Note, Span, Truncation};

/// More than this of an input is not read.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// The text of an input that spans point into. Its `Debug` shows no text: it may hold card secrets.
pub struct Readable<'a> {
    text: Cow<'a, str>,
    /// What kind of input it is.
    pub form: Form,
    /// How the text is to be read: of an e-mail the form of its body.
    pub(super) body: Form,
    pub(super) mail: Option<Mail>,
    pub(super) notes: Vec<Note>,
}

impl Readable<'_> {
    /// Returns the whole text: of an e-mail its subject, a line break and its decoded body.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the raw text behind a span of the result, secrets included; `None` for a span of another input.
    #[must_use]
    pub fn reveal(&self, span: &Span) -> Option<&str> {
        self.text.get(span.clone())
    }
}

impl fmt::Debug for Readable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readable").field("form", &self.form).field("bytes", &self.text.len()).finish()
    }
}

/// Decodes an input as [`recognise`](super::recognise) does, for reaching raw text by its spans.
///
/// Takes any bytes and the same hints; never fails. Borrowed where the input is UTF-8 and no e-mail.
#[must_use]
pub fn readable<'a>(input: &'a [u8], hints: &Hints) -> Readable<'a> {
    let mut notes = Vec::new();
    let input = cut(input, &mut notes);
    if input.contains(&0) && !has_utf16_mark(input) {
        notes.push(Note::NulBytes);
    }
    let text = text_of(input, &mut notes);
    if text.trim().is_empty() {
        notes.push(Note::Empty);
    }
    let form = hints.form.unwrap_or_else(|| Form::of(&text, hints));
    if form != Form::Mail {
        return Readable { text, form, body: form, mail: None, notes };
    }
    // The bytes and not the text: parts of a mail have encodings of their own.
    notes.retain(|note| !matches!(note, Note::BrokenText(_) | Note::Undecodable(_)));
    let (mail, text, is_html) = mail::read(input, &mut notes);
    let body = if is_html { Form::Html } else { Form::PageText };
    Readable { text: Cow::Owned(text), form, body, mail: Some(mail), notes }
}

fn cut<'a>(input: &'a [u8], notes: &mut Vec<Note>) -> &'a [u8] {
    if input.len() <= MAX_BYTES {
        return input;
    }
    notes.push(Note::Truncated(Truncation::Size));
    // Not inside a character: a following byte of one has the form 10xxxxxx.
    let end = (MAX_BYTES - 3..=MAX_BYTES).rev().find(|&at| input[at] & 0xc0 != 0x80).unwrap_or(MAX_BYTES);
    &input[..end]
}

fn has_utf16_mark(input: &[u8]) -> bool {
    input.starts_with(&[0xff, 0xfe]) || input.starts_with(&[0xfe, 0xff])
}

fn text_of<'a>(input: &'a [u8], notes: &mut Vec<Note>) -> Cow<'a, str> {
    if has_utf16_mark(input) {
        return Cow::Owned(utf16(input));
    }
    let text = String::from_utf8_lossy(input);
    if let Cow::Owned(lossy) = &text {
        if let Some(charset) = declared_charset(lossy) {
            notes.push(Note::Undecodable(charset));
        }
        notes.push(Note::BrokenText(lossy.matches('\u{fffd}').count()));
    }
    text
}

fn utf16(input: &[u8]) -> String {
    let little = input[0] == 0xff;
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    };
    let units: Vec<u16> = input[2..].chunks_exact(2).map(unit).collect();
    String::from_utf16_lossy(&units)
}

/// The encoding a page's head names, if it is one that is not read here.
fn declared_charset(text: &str) -> Option<String> {
    let head = super::table::shorten(text, 4096).to_ascii_lowercase();
    let after = head.split("charset=").nth(1)?.trim_start_matches(['"', '\'', ' ']);
    let name: String = after.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    (!name.is_empty() && name != "utf-8" && name != "utf8").then_some(name)
}
