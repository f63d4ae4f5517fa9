//! Any input as lines of parts with their place in the source: what labels and values are looked for in.

use super::{Form, Note, Readable, Span, Truncation, html, json};

/// More lines, elements, keys or addresses than this are not kept.
pub(super) const MAX_KEPT: usize = 300_000;

/// A run of text of one element.
pub(super) struct Part {
    pub(super) text: String,
    pub(super) span: Span,
    /// The text is the source's bytes one to one.
    pub(super) verbatim: bool,
    pub(super) element: Option<u32>,
}

/// Where a table's cell stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Cell {
    pub(super) table: u32,
    pub(super) row: u32,
    pub(super) column: u32,
    /// A cell of headings.
    pub(super) head: bool,
}

/// What a reader sees as one line.
pub(super) struct Line {
    /// The parts, with one blank between those of different elements.
    pub(super) text: String,
    pub(super) parts: Vec<Part>,
    /// Where each part begins in `text`.
    starts: Vec<usize>,
    /// The line of the source, from 1.
    pub(super) number: usize,
    pub(super) cell: Option<Cell>,
}

impl Line {
    pub(super) fn new(parts: Vec<Part>, number: usize, cell: Option<Cell>) -> Self {
        let mut text = String::new();
        let mut starts = Vec::with_capacity(parts.len());
        for part in &parts {
            if !text.is_empty() && !part.text.is_empty() {
                text.push(' ');
            }
            starts.push(text.len());
            text.push_str(&part.text);
        }
        Self { text, parts, starts, number, cell }
    }

    /// The source's bytes behind a range of the line's text.
    pub(super) fn span(&self, range: &Span) -> Span {
        let part_at = |at: usize| self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        let last_byte = range.end.saturating_sub(1).max(range.start);
        let (first, last) = (part_at(range.start), part_at(last_byte));
        let (Some(from), Some(to)) = (self.parts.get(first), self.parts.get(last)) else { return 0..0 };
        let offset = |part: &Part, n: usize, at: usize| part.span.start + at.saturating_sub(self.starts[n]);
        let start = if from.verbatim { offset(from, first, range.start) } else { from.span.start };
        let end = if to.verbatim { offset(to, last, range.end).min(to.span.end) } else { to.span.end };
        start.min(end)..end
    }

    /// Where the part at a place of the text ends.
    pub(super) fn part_end(&self, at: usize) -> usize {
        let n = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        let part = self.starts.get(n).zip(self.parts.get(n));
        part.map_or(self.text.len(), |(start, part)| start + part.text.len())
    }

    /// Where a part begins in the text.
    pub(super) fn part_start(&self, n: usize) -> usize {
        self.starts.get(n).copied().unwrap_or(self.text.len())
    }

    /// The element of the part at a place of the text.
    pub(super) fn element(&self, at: usize) -> Option<u32> {
        let n = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        self.parts.get(n).and_then(|part| part.element)
    }
}

/// An element of a page, with what selectors ask for; of JSON an object or a list, named by its key.
pub(super) struct Element {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) classes: Vec<String>,
    pub(super) parent: Option<u32>,
    /// Said to be not shown.
    pub(super) hidden: bool,
    /// A form with something to fill in: a search, a purchase.
    pub(super) asks: bool,
}

/// A key of a JSON value with a plain value.
pub(super) struct KeyValue {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) span: Span,
    pub(super) verbatim: bool,
    pub(super) line: usize,
    /// The object or list it stands in.
    pub(super) element: Option<u32>,
}

/// An address in the source.
pub(super) struct Address {
    pub(super) text: String,
    pub(super) span: Span,
    pub(super) line: usize,
}

/// Tells whether a line begins a JSON object or a list of them.
fn is_json(line: &str) -> bool {
    let inner = line.trim_start_matches(['[', ' ']).strip_prefix('{');
    inner.is_some_and(|inner| inner.is_empty() || inner.trim_start().starts_with(['"', '{', '[', '}']))
}

/// One input, ready to be searched.
#[derive(Default)]
pub(super) struct Document {
    pub(super) lines: Vec<Line>,
    pub(super) elements: Vec<Element>,
    pub(super) keys: Vec<KeyValue>,
    pub(super) addresses: Vec<Address>,
    pub(super) notes: Vec<Note>,
}

impl Document {
    pub(super) fn read(source: &Readable<'_>) -> Self {
        let mut document = Self::default();
        let text = source.text();
        match source.body {
            Form::Html => html::read(text, &mut document),
            _ => document.read_lines(text),
        }
        document
    }

    fn read_lines(&mut self, text: &str) {
        let (mut at, mut columns) = (0, None);
        // Where the last JSON ended; beyond the text once one had no end.
        let mut json_end = 0;
        for (n, raw) in text.split('\n').enumerate() {
            if self.lines.len() >= MAX_KEPT {
                return self.truncated(Truncation::Length);
            }
            let line = raw.trim_start_matches('\u{feff}');
            let lead = raw.len() - line.len() + (line.len() - line.trim_start().len());
            let line = line.trim();
            let span = at + lead..at + lead + line.len();
            if json_end <= span.start && is_json(line) {
                let end = json::read(&text[span.start..], span.start, n + 1, self);
                json_end = end.map_or(usize::MAX, |end| span.start + end);
            }
            if span.start < json_end && json_end < usize::MAX {
                at += raw.len() + 1;
                continue;
            }
            columns = self.columns_of(line, columns);
            if columns.is_some() {
                self.cells(line, span.start, n + 1, columns);
            } else if !line.is_empty() {
                let part = Part { text: line.to_owned(), span, verbatim: true, element: None };
                self.lines.push(Line::new(vec![part], n + 1, None));
            }
            at += raw.len() + 1;
        }
    }

    /// A line of tabs whose columns are labels begins a table; lines with as many columns go on with it.
    fn columns_of(&self, line: &str, before: Option<(usize, Cell)>) -> Option<(usize, Cell)> {
        let count = line.split('\t').count();
        if count < 2 {
            return None;
        }
        if line.split('\t').all(super::labels::is_label) {
            let table = before.map_or(0, |(_, cell)| cell.table) + 1;
            return Some((count, Cell { table, row: 0, column: 0, head: false }));
        }
        let next_row = |(columns, cell): (usize, Cell)| (columns, Cell { row: cell.row + 1, ..cell });
        before.filter(|(columns, _)| *columns == count).map(next_row)
    }

    fn cells(&mut self, line: &str, start: usize, number: usize, columns: Option<(usize, Cell)>) {
        let mut at = start;
        for (column, text) in (0..).zip(line.split('\t')) {
            let span = at..at + text.len();
            let part = Part { text: text.to_owned(), span, verbatim: true, element: None };
            let cell = columns.map(|(_, cell)| Cell { column, ..cell });
            self.lines.push(Line::new(vec![part], number, cell));
            at += text.len() + 1;
        }
    }

    /// Notes once that something was left out.
    pub(super) fn truncated(&mut self, what: Truncation) {
        if !self.notes.contains(&Note::Truncated(what)) {
            self.notes.push(Note::Truncated(what));
        }
    }

    /// The keys around a value and its own, innermost last, as `data.order.order_no`.
    pub(super) fn key_path(&self, n: usize) -> String {
        let Some(own) = self.keys.get(n) else { return String::new() };
        let mut steps = vec![own.key.as_str()];
        let mut at = own.element;
        while let Some(one) = at.and_then(|n| self.elements.get(n as usize)).filter(|_| steps.len() < 3) {
            let members = steps.len() == 1 && one.name == own.key;
            if !one.name.is_empty() && !members {
                steps.push(&one.name);
            }
            at = one.parent;
        }
        steps.reverse();
        steps.join(".")
    }

    /// Tells whether an element is another or stands in it.
    pub(super) fn is_inside(&self, element: u32, root: u32) -> bool {
        let mut at = element;
        while at > root {
            match self.elements.get(at as usize).and_then(|one| one.parent) {
                Some(parent) => at = parent,
                None => return false,
            }
        }
        at == root
    }

    /// The innermost element both stand in.
    pub(super) fn common(&self, left: u32, right: u32) -> Option<u32> {
        let (mut left, mut right) = (left, right);
        while left != right {
            let outer = left.max(right);
            let parent = self.elements.get(outer as usize)?.parent?;
            if left == outer {
                left = parent;
            } else {
                right = parent;
            }
        }
        Some(left)
    }

    /// The elements around a part, innermost last, as `div.order-card > textarea`.
    pub(super) fn path(&self, element: Option<u32>) -> Option<String> {
        let mut steps = Vec::new();
        let mut at = element;
        while let Some(one) = at.and_then(|n| self.elements.get(n as usize)) {
            if steps.len() == 3 {
                break;
            }
            let class = one.classes.first().map(|class| format!(".{class}")).unwrap_or_default();
            let id = if one.id.is_empty() { String::new() } else { format!("#{}", one.id) };
            steps.push(format!("{}{id}{class}", one.name));
            at = one.parent;
        }
        steps.reverse();
        (!steps.is_empty()).then(|| steps.join(" > "))
    }
}
