//! Labels and their values in every layout: `label：value`, neighbours, the next line, JSON keys.

use std::cell::RefCell;
use std::collections::HashMap;

use super::labels::{self, Around, Half, Known, Meant, Unit, labels_in, money};
use super::lines::{Document, Line};
use super::{Confidence, Field, Form, Span, table};

/// More names or values than this do not stand in one row.
pub(super) const MAX_COLUMNS: usize = 24;

/// More pairs than this are not looked for.
const MAX_PAIRS: usize = 100_000;

/// A label with its value.
pub(super) struct Pair {
    pub(super) field: Field,
    pub(super) rank: usize,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) span: Span,
    /// The value is the source's bytes one to one.
    pub(super) verbatim: bool,
    pub(super) line: usize,
    pub(super) confidence: Confidence,
    /// The element or object the value stands in.
    pub(super) element: Option<u32>,
    /// The index of the line the value ends on; `None` for JSON.
    pub(super) ends_on: Option<usize>,
    /// Which half of a card the label names, if only one.
    pub(super) half: Option<Half>,
    /// A second half that says nothing without a first.
    pub(super) alone_is_none: bool,
    /// The index of the key, of JSON.
    pub(super) key: Option<usize>,
}

/// Where labels are read, and for whom.
pub(super) struct Scan<'a> {
    pub(super) document: &'a Document,
    pub(super) form: Form,
    pub(super) system: Option<&'a str>,
    /// What was looked up before: pages repeat themselves.
    known: RefCell<HashMap<&'a str, Known>>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(document: &'a Document, form: Form, system: Option<&'a str>) -> Self {
        Self { document, form, system, known: RefCell::default() }
    }

    /// What a text of the document is as a label.
    fn known(&self, text: &'a str) -> Known {
        *self.known.borrow_mut().entry(text).or_insert_with(|| Known::of(text))
    }

    /// Tells whether a text of the document is a label.
    pub(super) fn is_label(&self, text: &'a str) -> bool {
        self.known(text).is_label
    }

    /// All pairs, in the order of the text.
    pub(super) fn pairs(&self) -> Vec<Pair> {
        let mut pairs = self.keys();
        let (columns, used) = self.columns();
        pairs.extend(columns);
        let mut done = 0;
        for n in 0..self.document.lines.len() {
            if pairs.len() >= MAX_PAIRS {
                break;
            }
            if used.binary_search(&n).is_ok() || n < done {
                continue;
            }
            match self.heads(n) {
                Some((heads, below)) => done = self.below(heads, below, &mut pairs),
                None => self.line(n, &mut pairs),
            }
        }
        pairs
    }

    fn meaning(&self, label: &str, place: &Around<'_>) -> Option<Meant> {
        labels::meant(labels::of_word(label)?, place, self.form, self.system)
    }

    /// What a word means as a label, whatever its value.
    pub(super) fn word(&self, word: &'a str) -> Option<Meant> {
        labels::meant(self.known(word).meanings?, &Around::default(), self.form, self.system)
    }

    /// The key of the innermost object around a key, lists left out.
    fn under(&self, element: Option<u32>) -> String {
        let mut at = element;
        while let Some(one) = at.and_then(|n| self.document.elements.get(n as usize)) {
            if !one.name.is_empty() {
                return labels::folded_key(&one.name);
            }
            at = one.parent;
        }
        String::new()
    }

    fn keys(&self) -> Vec<Pair> {
        let all_fen = self.document.keys.iter().any(|one| {
            labels::folded_key(&one.key).ends_with("unit")
                && ["分", "fen", "cent", "cents"].iter().any(|unit| one.value.eq_ignore_ascii_case(unit))
        });
        (0..self.document.keys.len()).filter_map(|n| self.key(n, all_fen)).collect()
    }

    fn key(&self, n: usize, all_fen: bool) -> Option<Pair> {
        let one = &self.document.keys[n];
        let named = self.named_beside(n).and_then(labels::of_word);
        let by_key = if named.is_none() { labels::of_key(&one.key) } else { None };
        let words = named.or_else(|| labels::of_word(&one.key));
        if by_key.is_none() && words.is_none() {
            return None;
        }
        let under = self.under(one.element);
        let around = Around { under: Some(&under), value: Some(&one.value), colon: true };
        let meant = |meanings| labels::meant(meanings, &around, self.form, self.system);
        let (row, rank) = by_key.and_then(meant).or_else(|| words.and_then(meant))?;
        // A number without a decimal point may be yuan or 分.
        let whole = is_whole_number(&one.value);
        let fen = row.unit == Unit::Fen || (all_fen && money(row.field));
        let bare = money(row.field) && whole != fen;
        // A complaint's own status is not the order's.
        let complains =
            row.field == Field::Status && self.document.key_path(n).to_lowercase().contains("complaint");
        Some(Pair {
            field: if complains { Field::ComplaintStatus } else { row.field },
            rank,
            label: one.key.clone(),
            value: if fen && whole { format!("{}分", one.value) } else { one.value.clone() },
            span: one.span.clone(),
            verbatim: one.verbatim,
            line: one.line,
            confidence: if bare { Confidence::Medium } else { Confidence::High },
            element: one.element,
            ends_on: None,
            half: row.half,
            alone_is_none: row.alone_is_none,
            key: Some(n),
        })
    }

    /// The label that stands beside a value in its object: `{"label":"订单号","value":"…"}`.
    fn named_beside(&self, n: usize) -> Option<&str> {
        let keys = &self.document.keys;
        let (own, before) = (&keys[n], keys.get(n.checked_sub(1)?)?);
        let is_value =
            ["value", "content", "text", "val"].iter().any(|one| own.key.eq_ignore_ascii_case(one));
        let is_name =
            ["label", "name", "title", "key"].iter().any(|one| before.key.eq_ignore_ascii_case(one));
        let fits = is_value && is_name && own.element == before.element && labels::is_label(&before.value);
        fits.then_some(before.value.as_str())
    }

    /// A cell below the name of its column.
    pub(super) fn cell(&self, n: usize, label: &str) -> Option<Pair> {
        let line = &self.document.lines[n];
        let around = Around { value: Some(&line.text), ..Around::default() };
        let meant = self.meaning(label, &around)?;
        Some(self.meant(meant, label, n, 0..line.text.len(), Confidence::High))
    }

    /// A whole line as the value of a label elsewhere.
    fn whole(&self, n: usize, label: &str, confidence: Confidence) -> Option<Pair> {
        let line = &self.document.lines[n];
        self.pair(label, n, 0..line.text.len(), confidence, false)
    }

    fn pair(&self, label: &str, n: usize, value: Span, confidence: Confidence, colon: bool) -> Option<Pair> {
        let text = &self.document.lines[n].text;
        let shown = &text[trim(text, value.clone())];
        let around = Around { value: Some(shown).filter(|one| !one.is_empty()), colon, under: None };
        let meant = self.meaning(label, &around)?;
        Some(self.meant(meant, label, n, value, confidence))
    }

    fn meant(&self, meant: Meant, label: &str, n: usize, value: Span, confidence: Confidence) -> Pair {
        let (row, rank) = meant;
        let line = &self.document.lines[n];
        let value = trim(&line.text, value);
        let span = line.span(&value);
        Pair {
            field: row.field,
            rank,
            label: label.trim().trim_end_matches([':', '：']).to_owned(),
            verbatim: span.len() == value.len(),
            element: line.element(value.start),
            value: line.text[value].to_owned(),
            span,
            line: line.number,
            confidence,
            ends_on: Some(n),
            half: row.half,
            alone_is_none: row.alone_is_none,
            key: None,
        }
    }

    fn line(&self, n: usize, pairs: &mut Vec<Pair>) {
        let document = self.document;
        let line = &document.lines[n];
        let labels = labels_in(&line.text);
        if labels.is_empty() {
            self.without_colon(n, line, pairs);
        }
        for (at, (label, value_start)) in labels.iter().enumerate() {
            let end = labels.get(at + 1).map_or(line.text.len(), |(next, _)| next.start);
            let end = own_part_end(line, *value_start, end);
            let label = &line.text[label.clone()];
            let value = trim(&line.text, *value_start..end);
            // An empty value beside its label is a value: only a lone label looks on the next line.
            let alone =
                labels.len() == 1 && line.parts.iter().filter(|part| part.text.is_empty()).count() == 0;
            let found = if value.is_empty() && alone {
                self.next_line(n, label).or_else(|| self.pair(label, n, value, Confidence::High, true))
            } else {
                self.pair(label, n, value, Confidence::High, true)
            };
            pairs.extend(found);
        }
    }

    /// Labels that stand alone: as parts, as a cell or a line, or as words with only a blank after them.
    fn without_colon(&self, n: usize, line: &'a Line, pairs: &mut Vec<Pair>) {
        let Some(first) = line.parts.first() else { return };
        if line.parts.len() == 1
            && let Some((row, _)) = self.word(&first.text)
        {
            let voucher = matches!(self.form, Form::VoucherWechat | Form::VoucherAlipay);
            let long = first.text.chars().count() > 2 || voucher || line.cell.is_some() || self.is_name(n);
            if long && !row.colon_only {
                pairs.extend(self.next_line(n, &first.text));
            }
            return;
        }
        let found = self.bare_labels(line);
        // `¥30.00 实付`: one label behind its value.
        if let [(label, _)] = &found[..]
            && label.start > 0
            && label.end == line.text.len()
        {
            let label = label.clone();
            return pairs.extend(self.pair(
                &line.text[label.clone()],
                n,
                0..label.start,
                Confidence::Medium,
                false,
            ));
        }
        for (at, (label, confidence)) in found.iter().enumerate() {
            let end = found.get(at + 1).map_or(line.text.len(), |(next, _)| next.start);
            let start = label.end.min(end);
            pairs.extend(self.pair(&line.text[label.clone()], n, start..end, *confidence, false));
        }
    }

    /// Labels without a colon in a line: whole parts, and words of a part that begins with a label.
    fn bare_labels(&self, line: &'a Line) -> Vec<(Span, Confidence)> {
        let mut found: Vec<(Span, Confidence)> = Vec::new();
        for (n, part) in line.parts.iter().enumerate().take(MAX_COLUMNS) {
            let start = line.part_start(n);
            if self.is_link(part.element) {
                continue;
            }
            if self.is_label(&part.text) {
                found.push((start..start + part.text.len(), Confidence::Medium));
                continue;
            }
            let mut begins = false;
            for word in part.text.split_whitespace().take(MAX_COLUMNS) {
                let at = word.as_ptr() as usize - part.text.as_ptr() as usize;
                let long =
                    word.chars().count() > 2 && self.word(word).is_some_and(|(row, _)| !row.colon_only);
                // A word before which other words stand is a label only after a labelled value.
                let last = at + word.len() == part.text.trim_end().len();
                if long && ((at == 0 && (start == 0 || !found.is_empty())) || (begins && !last)) {
                    begins = true;
                    found.push((start + at..start + at + word.len(), Confidence::Low));
                }
            }
        }
        found
    }

    /// Links and buttons are pressed: they are no labels.
    fn is_link(&self, element: Option<u32>) -> bool {
        let own = element.and_then(|n| self.document.elements.get(n as usize));
        own.is_some_and(|one| matches!(one.name.as_str(), "a" | "button" | "option"))
    }

    /// A label of one or two characters counts where it and its value are all there is in an element, or where
    /// the element is one for names.
    fn is_name(&self, n: usize) -> bool {
        let lines = &self.document.lines;
        let of = |n: usize| lines.get(n).and_then(|line| line.parts.first()?.element);
        let name = of(n).and_then(|n| self.document.elements.get(n as usize)).map(|one| one.name.as_str());
        if matches!(name, Some("dt" | "th" | "label")) {
            return true;
        }
        let Some(row) = self.parent(n) else { return false };
        (0..2)
            .scan(Some(row), |at, _| {
                let own = (*at)?;
                *at = self.document.elements[own as usize].parent;
                Some(own)
            })
            .any(|row| {
                let inside = |n: usize| of(n).is_some_and(|element| self.document.is_inside(element, row));
                inside(n + 1) && !inside(n + 2) && !n.checked_sub(1).is_some_and(inside)
            })
    }

    /// The value above its label, when both are all there is in an element: `<b>30.00</b><i>实付</i>` as blocks.
    fn value_above(&self, n: usize) -> Option<usize> {
        let above = n.checked_sub(1)?;
        let parent = self.parent(n)?;
        let alone = self.parent(above) == Some(parent)
            && self.parent(n + 1) != Some(parent)
            && (n < 2 || self.parent(n - 2) != Some(parent));
        let text = &self.document.lines[above].text;
        (alone && !text.is_empty() && labels_in(table::shorten(text, 40)).is_empty() && !self.is_label(text))
            .then_some(above)
    }

    /// The value on the next line, unless that begins with a label: then the value is empty.
    fn next_line(&self, n: usize, label: &str) -> Option<Pair> {
        if let Some(above) = self.value_above(n) {
            return self.whole(above, label, Confidence::Medium);
        }
        let end = self.document.lines[n].text.len();
        let empty = || self.pair(label, n, end..end, Confidence::Medium, false);
        let Some(next) = self.document.lines.get(n + 1) else { return empty() };
        let head = table::shorten(&next.text, 40);
        let labelled = labels_in(head).first().is_some_and(|(label, _)| label.start <= 3);
        if next.text.is_empty() || labelled || self.is_label(&next.parts[0].text) {
            return empty();
        }
        let cells = (self.document.lines[n].cell, next.cell);
        let same_row =
            matches!(cells, (Some(left), Some(right)) if (left.table, left.row) == (right.table, right.row));
        self.whole(n + 1, label, if same_row { Confidence::High } else { Confidence::Medium })
    }
}

fn is_whole_number(text: &str) -> bool {
    !text.is_empty() && text != "0" && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A value that begins in its label's own part ends there; what follows is another element.
fn own_part_end(line: &Line, start: usize, end: usize) -> usize {
    let part_end = line.part_end(start).min(end).max(start);
    let begins = line.text[start..part_end].chars().any(char::is_alphanumeric);
    if begins { part_end } else { end }
}

/// Drops blanks and separators around a range.
fn trim(text: &str, range: Span) -> Span {
    let drop = |c: char| c.is_whitespace() || "，,;；|｜".contains(c);
    let value = &text[range.clone()];
    let start = range.start + (value.len() - value.trim_start_matches(drop).len());
    start..start + value.trim_matches(drop).len()
}
