//! Labels and their values in every layout: `label：value`, neighbours, cells, columns, the next line, JSON keys.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::lines::{Cell, Document, Line};
use super::{Confidence, Field, Form, Span, table};

#[derive(Deserialize)]
struct Table {
    label: Vec<Row>,
    prefixes: Prefixes,
}

#[derive(Deserialize)]
struct Prefixes {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Row {
    field: Field,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    forms: Vec<Form>,
    #[serde(default)]
    systems: Vec<String>,
    #[serde(default)]
    colon_only: bool,
}

/// What one word means, and where.
struct Meaning {
    row: usize,
    rank: usize,
}

struct Labels {
    rows: Vec<Row>,
    words: HashMap<String, Vec<Meaning>>,
    keys: HashMap<String, Vec<Meaning>>,
    /// Words after which a label may begin.
    prefixes: Vec<String>,
    /// The last characters of labels, folded: what else stands before a colon is no label.
    endings: HashSet<char>,
    /// The longest label, in characters.
    longest: usize,
}

static LABELS: LazyLock<Labels> = LazyLock::new(|| {
    let Table { mut label, prefixes } = table::parse(include_str!("../../data/recognise/labels.toml"));
    // Rows that hold only somewhere come before the others.
    label.sort_by_key(|row| row.forms.is_empty() && row.systems.is_empty());
    let (mut words, mut keys) = (HashMap::new(), HashMap::new());
    for (row, label) in label.iter().enumerate() {
        for (map, list) in [(&mut words, &label.words), (&mut keys, &label.keys)] {
            for (rank, word) in list.iter().enumerate() {
                let meanings: &mut Vec<Meaning> = map.entry(table::fold(word)).or_default();
                meanings.push(Meaning { row, rank });
            }
        }
    }
    let endings = words.keys().filter_map(|word: &String| word.chars().last()).collect();
    let longest = words.keys().map(|word| word.chars().count()).max().unwrap_or(0);
    Labels { rows: label, words, keys, prefixes: prefixes.words, endings, longest }
});

/// Labels of an order's core: a text with one of them is not delivered content alone.
const CORE: &[Field] =
    &[Field::OrderNo, Field::AmountPaid, Field::Status, Field::CreatedAt, Field::PaidAt, Field::PaymentTxn];

/// More pairs than this are not looked for.
const MAX_PAIRS: usize = 10_000;

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
    pub(super) path: Option<String>,
    pub(super) confidence: Confidence,
    /// The index of the line the value ends on; `None` for JSON.
    pub(super) ends_on: Option<usize>,
}

/// Where labels are read, and for whom.
pub(super) struct Scan<'a> {
    pub(super) document: &'a Document,
    pub(super) form: Form,
    pub(super) system: Option<&'a str>,
}

/// Tells whether a text has a label of an order's core with a value.
pub(super) fn has_order_labels(text: &str) -> bool {
    text.lines().take(400).any(|line| {
        labels_in(line).iter().any(|(label, _)| {
            let meanings = LABELS.words.get(&table::fold(&line[label.clone()]));
            meanings.is_some_and(|all| all.iter().any(|one| CORE.contains(&LABELS.rows[one.row].field)))
        })
    })
}

/// Every label with a colon (or 为, 是) after it: its range, and where its value begins.
fn labels_in(line: &str) -> Vec<(Span, usize)> {
    let mut found: Vec<(Span, usize)> = Vec::new();
    for (at, sign) in line.char_indices().filter(|(_, c)| ":：=＝为是".contains(*c)) {
        let past = found.last().map_or(0, |(_, value)| *value);
        let Some(label) = line.get(past..at).and_then(label_at_end) else { continue };
        let after = &line[at + sign.len_utf8()..];
        let colon =
            if "为是".contains(sign) { after.chars().next().filter(|c| ":：".contains(*c)) } else { None };
        let value = at + sign.len_utf8() + colon.map_or(0, char::len_utf8);
        found.push((past + label.start..past + label.end, value));
    }
    found
}

/// The label a text ends with, perhaps in brackets or with a note in brackets after it: `金额（元）`.
fn label_at_end(text: &str) -> Option<Span> {
    let text = text.trim_end();
    let open = text.strip_suffix(['】', ']', '*']).map_or(text, str::trim_end);
    suffix_label(open).or_else(|| {
        let note = open.strip_suffix([')', '）'])?;
        let (at, _) = note.char_indices().rev().take(18).find(|(_, c)| "(（".contains(*c))?;
        suffix_label(note[..at].trim_end())
    })
}

/// The longest label a text ends with, if it begins where a label may.
fn suffix_label(text: &str) -> Option<Span> {
    let last = text.chars().last()?;
    if !table::fold(last.encode_utf8(&mut [0; 4])).chars().last().is_some_and(|c| LABELS.endings.contains(&c))
    {
        return None;
    }
    let starts: Vec<usize> = text.char_indices().rev().take(LABELS.longest).map(|(at, _)| at).collect();
    let label =
        |at: &&usize| LABELS.words.contains_key(&table::fold(&text[**at..])) && may_begin(&text[..**at]);
    starts.iter().rev().find(label).map(|at| *at..text.len())
}

fn may_begin(before: &str) -> bool {
    before.chars().last().is_none_or(|c| !c.is_alphanumeric())
        || LABELS.prefixes.iter().any(|word| before.ends_with(word.as_str()))
}

/// Tells whether a whole text is a label.
pub(super) fn is_label(text: &str) -> bool {
    LABELS.words.contains_key(&bare(text))
}

fn bare(text: &str) -> String {
    table::fold(text.trim_matches(|c: char| c.is_whitespace() || ":：【】[]*".contains(c)))
}

impl Scan<'_> {
    /// All pairs, in the order of the text.
    pub(super) fn pairs(&self) -> Vec<Pair> {
        let mut pairs = self.keys();
        let (columns, used) = self.columns();
        pairs.extend(columns);
        for n in 0..self.document.lines.len() {
            if pairs.len() >= MAX_PAIRS {
                break;
            }
            if used.binary_search(&n).is_err() {
                self.line(n, &mut pairs);
            }
        }
        pairs
    }

    fn meaning(&self, meanings: Option<&'static Vec<Meaning>>) -> Option<(&'static Row, usize)> {
        let holds = |row: &Row| {
            (row.forms.is_empty() || row.forms.contains(&self.form))
                && (row.systems.is_empty()
                    || self.system.is_some_and(|id| row.systems.iter().any(|one| one == id)))
        };
        let mut fits = meanings?.iter().map(|one| (&LABELS.rows[one.row], one.rank));
        fits.find(|(row, _)| holds(row))
    }

    fn word(&self, word: &str) -> Option<(&'static Row, usize)> {
        self.meaning(LABELS.words.get(&bare(word)))
    }

    fn keys(&self) -> Vec<Pair> {
        let read = |one: &super::lines::KeyValue| {
            let (row, rank) = self.meaning(LABELS.keys.get(&table::fold(&one.key)))?;
            // A complaint's own status is not the order's.
            let complains = row.field == Field::Status && one.path.to_lowercase().contains("complaint");
            Some(Pair {
                field: if complains { Field::ComplaintStatus } else { row.field },
                rank,
                label: one.key.clone(),
                value: one.value.clone(),
                span: one.span.clone(),
                verbatim: one.verbatim,
                line: one.line,
                path: Some(one.path.clone()),
                confidence: Confidence::High,
                ends_on: None,
            })
        };
        self.document.keys.iter().filter_map(read).collect()
    }

    /// Tables whose first row names the columns; also which lines they used.
    fn columns(&self) -> (Vec<Pair>, Vec<usize>) {
        let (mut pairs, mut used) = (Vec::new(), Vec::new());
        let rows = self.rows();
        let mut header: Option<(Cell, HashMap<u32, usize>)> = None;
        for row in &rows {
            let first = row[0].1;
            let names = row.iter().all(|(n, _)| self.word(&self.document.lines[*n].text).is_some());
            if row.len() >= 2 && names {
                header = Some((first, row.iter().map(|(n, cell)| (cell.column, *n)).collect()));
                used.extend(row.iter().map(|(n, _)| *n));
                continue;
            }
            let Some((head, columns)) = header.as_ref().filter(|(head, _)| head.table == first.table) else {
                header = None;
                continue;
            };
            if first.row > head.row {
                for (n, cell) in row {
                    let label = columns.get(&cell.column).map(|n| self.document.lines[*n].text.as_str());
                    pairs.extend(label.and_then(|label| self.whole(*n, label, Confidence::High)));
                    used.push(*n);
                }
            }
        }
        used.sort_unstable();
        (pairs, used)
    }

    /// Cells by row: of page tables, and of texts with tabs.
    fn rows(&self) -> Vec<Vec<(usize, Cell)>> {
        let mut rows: Vec<Vec<(usize, Cell)>> = Vec::new();
        for (n, line) in self.document.lines.iter().enumerate() {
            let Some(cell) = line.cell else { continue };
            match rows.last_mut() {
                Some(row) if (row[0].1.table, row[0].1.row) == (cell.table, cell.row) => row.push((n, cell)),
                _ => rows.push(vec![(n, cell)]),
            }
        }
        rows
    }

    /// A whole line as the value of a label elsewhere.
    fn whole(&self, n: usize, label: &str, confidence: Confidence) -> Option<Pair> {
        let line = &self.document.lines[n];
        self.pair(label, n, 0..line.text.len(), confidence)
    }

    fn pair(&self, label: &str, n: usize, value: Span, confidence: Confidence) -> Option<Pair> {
        let (row, rank) = self.word(label)?;
        let line = &self.document.lines[n];
        let value = trim(&line.text, value);
        let span = line.span(&value);
        Some(Pair {
            field: row.field,
            rank,
            label: label.trim().trim_end_matches([':', '：']).to_owned(),
            verbatim: span.len() == value.len(),
            path: self.document.path(line.element(value.start)),
            value: line.text[value].to_owned(),
            span,
            line: line.number,
            confidence,
            ends_on: Some(n),
        })
    }

    fn line(&self, n: usize, pairs: &mut Vec<Pair>) {
        let line = &self.document.lines[n];
        let labels = labels_in(&line.text);
        if labels.is_empty() {
            pairs.extend(self.without_colon(n, line));
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
                self.next_line(n, label).or_else(|| self.pair(label, n, value, Confidence::High))
            } else {
                self.pair(label, n, value, Confidence::High)
            };
            pairs.extend(found);
        }
    }

    /// A label that stands alone, as a part, a cell or a line, or with only a blank after it.
    fn without_colon(&self, n: usize, line: &Line) -> Option<Pair> {
        let first = line.parts.first()?;
        if let Some((row, _)) = self.word(&first.text) {
            if line.parts.len() > 1 {
                let start = (first.text.len() + 1).min(line.text.len());
                return self.pair(&first.text, n, start..line.text.len(), Confidence::Medium);
            }
            let voucher = matches!(self.form, Form::VoucherWechat | Form::VoucherAlipay);
            let long = first.text.chars().count() > 2 || voucher || line.cell.is_some();
            return if long && !row.colon_only { self.next_line(n, &first.text) } else { None };
        }
        let (label, _) = line.text.split_once(char::is_whitespace)?;
        let (row, _) = self.word(label)?;
        let long = label.chars().count() > 2 && !row.colon_only;
        let found = long.then(|| self.pair(label, n, label.len()..line.text.len(), Confidence::Low));
        found.flatten()
    }

    /// The value on the next line, unless that begins with a label: then the value is empty.
    fn next_line(&self, n: usize, label: &str) -> Option<Pair> {
        let end = self.document.lines[n].text.len();
        let empty = || self.pair(label, n, end..end, Confidence::Medium);
        let Some(next) = self.document.lines.get(n + 1) else { return empty() };
        let head = table::shorten(&next.text, 40);
        let labelled = labels_in(head).first().is_some_and(|(label, _)| label.start <= 3);
        if next.text.is_empty() || labelled || is_label(&next.parts[0].text) {
            return empty();
        }
        let cells = (self.document.lines[n].cell, next.cell);
        let same_row =
            matches!(cells, (Some(left), Some(right)) if (left.table, left.row) == (right.table, right.row));
        self.whole(n + 1, label, if same_row { Confidence::High } else { Confidence::Medium })
    }
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
