//! Keys and plain values of JSON, with their place; half an answer is read as far as it goes.

use super::Truncation;
use super::lines::{Document, Element, KeyValue, MAX_KEPT};

/// Deeper values are not followed.
const MAX_DEPTH: usize = 64;

/// Reads every key with a plain value of the first object or list, and says where that ends.
///
/// `offset` and `line` say where the text stands in the source. `None`: it does not end.
pub(super) fn read(text: &str, offset: usize, line: usize, document: &mut Document) -> Option<usize> {
    let mut reader =
        Reader { text, at: 0, offset, line, counted: 0, keys: Vec::new(), open: Vec::new(), document };
    reader.run()
}

struct Reader<'a, 'd> {
    text: &'a str,
    at: usize,
    offset: usize,
    line: usize,
    counted: usize,
    /// The key each open value stands under; empty for members of arrays.
    keys: Vec<String>,
    /// The element each open value is.
    open: Vec<Option<u32>>,
    document: &'d mut Document,
}

impl Reader<'_, '_> {
    fn run(&mut self) -> Option<usize> {
        let mut key: Option<String> = None;
        let mut too_deep = 0_usize;
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'{' | b'[' if self.keys.len() >= MAX_DEPTH => {
                    too_deep += 1;
                    self.document.truncated(Truncation::Nesting);
                    self.at += 1;
                }
                b'{' | b'[' => {
                    self.enter(key.take().unwrap_or_default());
                    self.at += 1;
                }
                b'}' | b']' => {
                    if too_deep > 0 {
                        too_deep -= 1;
                    } else {
                        self.keys.pop();
                        self.open.pop();
                    }
                    key = None;
                    self.at += 1;
                    if self.keys.is_empty() {
                        return Some(self.at);
                    }
                }
                b'"' => key = self.string(key),
                b'-' | b'0'..=b'9' | b't' | b'f' | b'n' if key.is_some() => self.bare(key.take()),
                b',' => {
                    key = None;
                    self.at += 1;
                }
                _ => self.at += self.text[self.at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        if !self.keys.is_empty() {
            self.document.truncated(Truncation::Unfinished);
        }
        None
    }

    fn enter(&mut self, key: String) {
        let parent = self.open.last().copied().flatten();
        let next = self.document.elements.len();
        let element = (next < MAX_KEPT).then_some(next as u32);
        if element.is_some() {
            let name = super::table::shorten(&key, 40).to_owned();
            self.document.elements.push(Element {
                name,
                id: String::new(),
                classes: Vec::new(),
                parent,
                hidden: false,
                asks: false,
            });
        }
        self.keys.push(key);
        self.open.push(element);
    }

    /// Reads a string: a key if a colon follows and none is waiting, else the value of the waiting key.
    fn string(&mut self, waiting: Option<String>) -> Option<String> {
        let start = self.at + 1;
        let Some(end) = string_end(self.text, start) else {
            self.document.truncated(Truncation::Unfinished);
            self.at = self.text.len();
            return None;
        };
        self.at = end + 1;
        let raw = &self.text[start..end];
        let after = self.text[self.at..].trim_start();
        match waiting {
            None if after.starts_with(':') => return Some(unescape(raw)),
            // A member of an array stands under the array's key.
            None => {
                let key = self.keys.last().cloned().unwrap_or_default();
                self.value(key, raw, start..end);
            }
            Some(key) => self.value(key, raw, start..end),
        }
        None
    }

    fn bare(&mut self, key: Option<String>) {
        let rest = &self.text[self.at..];
        let stop = |c: char| c.is_whitespace() || matches!(c, ',' | '}' | ']');
        let len = rest.find(stop).unwrap_or(rest.len()).max(1);
        let span = self.at..self.at + len;
        self.at = span.end;
        let raw = &self.text[span.clone()];
        self.value(key.unwrap_or_default(), raw, span);
    }

    fn value(&mut self, key: String, raw: &str, span: super::Span) {
        if key.is_empty() {
            return;
        }
        if self.document.keys.len() >= MAX_KEPT {
            return self.document.truncated(Truncation::Length);
        }
        let passed = &self.text.as_bytes()[self.counted.min(span.start)..span.start];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.counted = self.counted.max(span.start);
        let value = if raw == "null" { String::new() } else { unescape(raw) };
        let verbatim = value.len() == raw.len();
        let span = self.offset + span.start..self.offset + span.end;
        let element = self.open.last().copied().flatten();
        self.document.keys.push(KeyValue { key, value, span, verbatim, line: self.line, element });
    }
}

fn string_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return Some(at),
            _ => at += 1,
        }
    }
    None
}

fn unescape(raw: &str) -> String {
    if !raw.contains('\\') {
        return raw.to_owned();
    }
    let mut out = String::with_capacity(raw.len());
    let mut units: Vec<u16> = Vec::new();
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        let escape = if c == '\\' { chars.next() } else { None };
        if escape == Some('u') {
            let hex: String = chars.by_ref().take(4).collect();
            units.push(u16::from_str_radix(&hex, 16).unwrap_or(0xfffd));
            continue;
        }
        take_units(&mut units, &mut out);
        match escape {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some(other) => out.push(other),
            None => out.push(c),
        }
    }
    take_units(&mut units, &mut out);
    out
}

/// Writes the waiting UTF-16 units, pairs together.
fn take_units(units: &mut Vec<u16>, out: &mut String) {
    out.push_str(&String::from_utf16_lossy(units));
    units.clear();
}
