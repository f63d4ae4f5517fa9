//! Pages as lines: a reader of tags in one pass, linear in the source however broken it is.
//!
//! It keeps an open-element stack of bounded depth, splits lines at block elements and cells, reads text areas
//! and the values of input boxes, and skips scripts and styles. It does not repair pages as browsers do.

use super::lines::{Address, Cell, Document, Element, Line, MAX_KEPT, Part};
use super::{Truncation, entity, json};

/// Deeper elements are read as text of the deepest one.
const MAX_DEPTH: usize = 256;
/// Elements that begin and end a line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "html",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "select",
    "summary",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "template",
    "title",
    "tr",
    "ul",
    "uni-button",
    "uni-page",
    "uni-page-body",
    "uni-scroll-view",
    "uni-view",
    "view",
];
/// Elements without content.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
/// Kinds of input boxes that show no text.
const MUTE_INPUTS: &[&str] =
    &["hidden", "password", "submit", "button", "checkbox", "radio", "file", "image", "reset"];

pub(super) fn read(source: &str, document: &mut Document) {
    Reader::new(source, document).run();
}

struct Open {
    element: u32,
    name: String,
    /// Lines and parts there were when it opened.
    lines: usize,
    parts: usize,
}

struct Reader<'a, 'd> {
    source: &'a str,
    document: &'d mut Document,
    at: usize,
    /// The line of the source at `counted`.
    line: usize,
    counted: usize,
    open: Vec<Open>,
    parts: Vec<Part>,
    tables: Vec<Cell>,
    next_table: u32,
}

struct Tag<'a> {
    name: String,
    attributes: Vec<(String, &'a str)>,
}

impl Tag<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }
}

impl<'a, 'd> Reader<'a, 'd> {
    fn new(source: &'a str, document: &'d mut Document) -> Self {
        let (open, parts, tables) = (Vec::new(), Vec::new(), Vec::new());
        Self { source, document, at: 0, line: 1, counted: 0, open, parts, tables, next_table: 0 }
    }

    fn run(&mut self) {
        while self.at < self.source.len() {
            if self.document.lines.len() >= MAX_KEPT || self.document.elements.len() >= MAX_KEPT {
                self.document.truncated(Truncation::Length);
                break;
            }
            let rest = &self.source[self.at..];
            let Some(to_tag) = rest.find('<') else {
                self.text(self.at, self.source.len());
                break;
            };
            if to_tag > 0 && self.open.last().is_some_and(|open| open.name == "pre" || open.name == "code") {
                self.preformatted(self.at, self.at + to_tag);
            } else {
                self.text(self.at, self.at + to_tag);
            }
            self.at += to_tag;
            self.markup();
        }
        self.flush();
    }

    fn markup(&mut self) {
        let rest = &self.source[self.at..];
        if rest.starts_with("<!--") {
            self.skip_past(4, "-->");
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            self.skip_past(2, ">");
        } else if let Some(name) = rest.strip_prefix("</").map(tag_name).filter(|name| !name.is_empty()) {
            let name = name.to_ascii_lowercase();
            self.skip_past(2, ">");
            self.close(&name);
        } else if !tag_name(&rest[1..]).is_empty() {
            self.open_tag();
        } else {
            self.text(self.at, self.at + 1);
            self.at += 1;
        }
    }

    fn skip_past(&mut self, from: usize, end: &str) {
        let start = self.at + from;
        match self.source[start..].find(end) {
            Some(found) => self.at = start + found + end.len(),
            None => self.unfinished(),
        }
    }

    fn unfinished(&mut self) {
        self.document.truncated(Truncation::Unfinished);
        self.at = self.source.len();
    }

    /// Reads a start tag with its attributes, and the raw text of elements that hold only text.
    fn open_tag(&mut self) {
        let Some((tag, end)) = read_tag(self.source, self.at) else { return self.unfinished() };
        self.at = end;
        let name = tag.name.clone();
        self.addresses(&tag);
        if name == "br" {
            return self.flush();
        }
        if name == "input" {
            self.input_value(&tag);
        }
        if name == "select" || (name == "input" && asks(&tag)) {
            self.mark_form();
        }
        if VOID.contains(&name.as_str()) {
            return;
        }
        self.enter(&tag);
        if ["script", "style", "textarea", "title"].contains(&name.as_str()) {
            self.raw_text(&name, tag.get("type").is_some_and(|kind| kind.contains("json")));
        }
    }

    /// The form around the place wants something filled in.
    fn mark_form(&mut self) {
        let form = self.open.iter().rev().find(|open| open.name == "form").map(|open| open.element);
        if let Some(form) = form.and_then(|n| self.document.elements.get_mut(n as usize)) {
            form.asks = true;
        }
    }

    fn raw_text(&mut self, name: &str, is_json: bool) {
        let start = self.at;
        let end = close_of(self.source, start, name).unwrap_or(self.source.len());
        match name {
            "script" if is_json => {
                let line = self.line_at(start);
                json::read(&self.source[start..end], start, line, self.document);
            }
            "textarea" => self.lines_of(start, end),
            "title" => self.text(start, end),
            _ => {}
        }
        self.at = end;
        if end == self.source.len() {
            self.document.truncated(Truncation::Unfinished);
        }
    }

    fn lines_of(&mut self, start: usize, end: usize) {
        let mut at = start;
        for line in self.source[start..end].split('\n') {
            self.text(at, at + line.len());
            self.flush();
            at += line.len() + 1;
        }
    }

    /// Text whose line ends count.
    fn preformatted(&mut self, start: usize, end: usize) {
        if self.source[start..end].trim().contains('\n') {
            self.lines_of(start, end);
        } else {
            self.text(start, end);
        }
    }

    fn enter(&mut self, tag: &Tag<'_>) {
        let block = BLOCKS.contains(&tag.name.as_str());
        if block {
            self.flush();
        }
        match tag.name.as_str() {
            "table" => {
                self.tables.truncate(MAX_DEPTH);
                self.next_table += 1;
                self.tables.push(Cell { table: self.next_table, row: 0, column: 0, head: false });
            }
            "tr" => self.each_cell(|cell| (cell.row, cell.column) = (cell.row + 1, 0)),
            name @ ("td" | "th") => {
                let head = name == "th";
                self.each_cell(|cell| (cell.column, cell.head) = (cell.column + 1, head));
            }
            _ => {}
        }
        if self.open.len() >= MAX_DEPTH {
            return self.document.truncated(Truncation::Nesting);
        }
        let element = self.document.elements.len() as u32;
        let text = |name: &str| tag.get(name).unwrap_or_default();
        self.document.elements.push(Element {
            name: tag.name.clone(),
            id: short(text("id")).to_owned(),
            classes: text("class")
                .split_ascii_whitespace()
                .take(8)
                .map(|one| short(one).to_owned())
                .collect(),
            parent: self.open.last().map(|open| open.element),
            hidden: is_hidden(tag),
            asks: false,
        });
        let (lines, parts) = (self.document.lines.len(), self.parts.len());
        self.open.push(Open { element, name: tag.name.clone(), lines, parts });
    }

    fn each_cell(&mut self, change: impl FnOnce(&mut Cell)) {
        if let Some(cell) = self.tables.last_mut() {
            change(cell);
        }
    }

    /// Closes the innermost element of that name and all inside it; a stray end tag does nothing.
    fn close(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else { return };
        let nothing_inside = {
            let closed = &self.open[at];
            self.document.lines.len() == closed.lines && self.parts.len() == closed.parts
        };
        if nothing_inside && !["option", "script", "style", "a", "i"].contains(&name) {
            self.empty_part(self.open[at].element);
        }
        // Before the elements are gone: a line knows the cell it is in.
        if BLOCKS.contains(&name) {
            self.flush();
        }
        self.open.truncate(at);
        if name == "table" {
            self.tables.pop();
        }
    }

    /// An element without text is a value that is empty: it must not be taken for absent.
    fn empty_part(&mut self, element: u32) {
        let has_child = self.document.elements.len() > element as usize + 1;
        if !has_child {
            let part =
                Part { text: String::new(), span: self.at..self.at, verbatim: true, element: Some(element) };
            self.parts.push(part);
        }
    }

    fn text(&mut self, start: usize, end: usize) {
        let raw = &self.source[start..end];
        let trimmed = raw.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if trimmed.is_empty() {
            return;
        }
        let start = start + (trimmed.as_ptr() as usize - raw.as_ptr() as usize);
        let span = start..start + trimmed.len();
        // A price that is struck out is not the price.
        if trimmed.len() < 24 && trimmed.contains(|c: char| c.is_ascii_digit()) && self.is_struck_out() {
            return;
        }
        let decoded = entity::decode(trimmed);
        let verbatim = decoded.len() == trimmed.len();
        let text = decoded.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
        self.parts.push(Part { text, span, verbatim, element: self.open.last().map(|open| open.element) });
    }

    fn is_struck_out(&self) -> bool {
        let near = self.open.iter().rev().take(2);
        near.into_iter().any(|open| matches!(open.name.as_str(), "del" | "s" | "strike"))
    }

    fn flush(&mut self) {
        if self.parts.is_empty() {
            return;
        }
        let parts = std::mem::take(&mut self.parts);
        let number = self.line_at(parts[0].span.start);
        let in_cell = self.open.iter().rev().any(|open| open.name == "td" || open.name == "th");
        let cell = self.tables.last().copied().filter(|_| in_cell);
        self.document.lines.push(Line::new(parts, number, cell));
    }

    fn line_at(&mut self, at: usize) -> usize {
        if at > self.counted {
            self.line +=
                self.source.as_bytes()[self.counted..at].iter().filter(|byte| **byte == b'\n').count();
            self.counted = at;
        }
        self.line
    }

    fn input_value(&mut self, tag: &Tag<'_>) {
        let mute = tag.get("type").is_some_and(|kind| MUTE_INPUTS.contains(&kind));
        if let Some(value) = tag.get("value").filter(|value| !mute && !value.is_empty()) {
            let start = value.as_ptr() as usize - self.source.as_ptr() as usize;
            self.text(start, start + value.len());
        }
    }

    fn addresses(&mut self, tag: &Tag<'_>) {
        for name in ["href", "action", "data-url"] {
            let Some(value) = tag.get(name).filter(|value| !value.is_empty()) else { continue };
            if self.document.addresses.len() >= MAX_KEPT {
                return;
            }
            let start = value.as_ptr() as usize - self.source.as_ptr() as usize;
            let line = self.line_at(start);
            let span = start..start + value.len();
            self.document.addresses.push(Address { text: entity::decode(value).into_owned(), span, line });
        }
    }
}

/// Said to be not shown, in the tag itself.
fn is_hidden(tag: &Tag<'_>) -> bool {
    let style = tag.get("style").is_some_and(|style| {
        let found = style.find("display").map(|at| &style[at + "display".len()..]);
        found
            .and_then(|rest| rest.trim_start().strip_prefix(':'))
            .is_some_and(|v| v.trim_start().starts_with("none"))
    });
    style || tag.name == "template" || tag.get("hidden").is_some_and(|value| value != "until-found")
}

/// An input box to be filled in.
fn asks(tag: &Tag<'_>) -> bool {
    let text = tag.get("type").is_none_or(|kind| {
        ["text", "search", "tel", "email", "number", "password"]
            .iter()
            .any(|one| kind.eq_ignore_ascii_case(one))
    });
    text && tag.get("readonly").is_none() && tag.get("disabled").is_none()
}

fn short(text: &str) -> &str {
    super::table::shorten(text, 40)
}

fn tag_name(text: &str) -> &str {
    let end = text.bytes().take(24).position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'-'));
    let name = &text[..end.unwrap_or_else(|| text.len().min(24))];
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { "" }
}

/// Where the end tag of a raw-text element begins.
fn close_of(source: &str, from: usize, name: &str) -> Option<usize> {
    let mut at = from;
    while let Some(found) = source[at..].find("</") {
        at += found;
        if tag_name(&source[at + 2..]).eq_ignore_ascii_case(name) {
            return Some(at);
        }
        at += 2;
    }
    None
}

/// Reads the start tag at `at`: its name, its attributes, and where it ends; `None` if it never ends.
fn read_tag(source: &str, at: usize) -> Option<(Tag<'_>, usize)> {
    let bytes = source.as_bytes();
    let name = tag_name(&source[at + 1..]);
    let mut tag = Tag { name: name.to_ascii_lowercase(), attributes: Vec::new() };
    let mut at = at + 1 + name.len();
    loop {
        while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\r' | b'\n' | b'/')) {
            at += 1;
        }
        match bytes.get(at)? {
            b'>' => return Some((tag, at + 1)),
            _ => {
                let (attribute, end) = read_attribute(source, at)?;
                if tag.attributes.len() < 32 {
                    tag.attributes.push(attribute);
                }
                at = end;
            }
        }
    }
}

fn read_attribute(source: &str, start: usize) -> Option<((String, &str), usize)> {
    let bytes = source.as_bytes();
    let until = |from: usize, stops: &[u8]| {
        bytes.get(from..)?.iter().position(|byte| stops.contains(byte)).map(|n| from + n)
    };
    // The first byte belongs to the name whatever it is, so that every turn moves on.
    let first = source[start..].chars().next()?.len_utf8();
    let end = until(start + first, b" \t\r\n=/>")?;
    let name = super::table::shorten(&source[start..end], 32).to_ascii_lowercase();
    if bytes[end] != b'=' {
        return Some(((name, ""), end));
    }
    let blanks = bytes[end + 1..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let value = end + 1 + blanks;
    match bytes.get(value)? {
        quote @ (b'"' | b'\'') => {
            let end = until(value + 1, &[*quote])?;
            Some(((name, &source[value + 1..end]), end + 1))
        }
        _ => {
            let end = until(value, b" \t\r\n>")?;
            Some(((name, &source[value..end]), end))
        }
    }
}
