//! Labels and their values in every layout: `label：value`, neighbours, cells, columns, the next line, JSON keys.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;
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
    #[serde(default)]
    columns_only: bool,
    /// Keys of the object a key must stand in.
    #[serde(default)]
    under: Vec<String>,
    #[serde(default)]
    weak: bool,
    fits: Option<String>,
    #[serde(default)]
    unit: Unit,
}

/// What a bare number is.
#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unit {
    #[default]
    Yuan,
    Fen,
}

/// The row a label or key stands for, and its rank.
type Meant = (&'static Row, usize);

/// What stands around a label or a key.
#[derive(Default)]
struct Around<'a> {
    /// The key of the object.
    under: Vec<&'a str>,
    value: Option<&'a str>,
    /// The label names a column.
    column: bool,
}

/// What one word means, and where.
struct Meaning {
    row: usize,
    rank: usize,
}

struct Labels {
    rows: Vec<Row>,
    /// What the value of a row's label must look like.
    fits: Vec<Option<Regex>>,
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
    label.sort_by_key(|row| row.forms.is_empty() && row.systems.is_empty() && row.under.is_empty());
    let fits = label.iter().map(|row| row.fits.as_deref().map(table::pattern)).collect();
    let (mut words, mut keys) = (HashMap::new(), HashMap::new());
    for (row, label) in label.iter().enumerate() {
        let from = if label.weak { WEAK_RANK } else { 0 };
        for (rank, word) in label.words.iter().enumerate() {
            let meanings: &mut Vec<Meaning> = words.entry(table::fold(word)).or_default();
            meanings.push(Meaning { row, rank: from + rank });
        }
        for (rank, key) in label.keys.iter().enumerate() {
            let meanings: &mut Vec<Meaning> = keys.entry(folded_key(key)).or_default();
            meanings.push(Meaning { row, rank: from + rank });
        }
    }
    let endings = words.keys().filter_map(|word: &String| word.chars().last()).collect();
    let longest = words.keys().map(|word| word.chars().count()).max().unwrap_or(0);
    Labels { rows: label, fits, words, keys, prefixes: prefixes.words, endings, longest }
});

/// Labels from this rank on are weak: a total is what was paid only where the page says that it was paid.
pub(super) const WEAK_RANK: usize = 100;

/// `orderNo`, `order-no` and `order_no` are one key.
fn folded_key(key: &str) -> String {
    table::fold(key).replace(['_', '-'], "")
}

/// Labels of an order's core: a text with one of them is not delivered content alone.
const CORE: &[Field] =
    &[Field::OrderNo, Field::AmountPaid, Field::Status, Field::CreatedAt, Field::PaidAt, Field::PaymentTxn];

/// More names or values than this do not stand in one row.
const MAX_COLUMNS: usize = 24;

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
    pub(super) path: Option<String>,
    pub(super) confidence: Confidence,
    /// The element or object the value stands in.
    pub(super) element: Option<u32>,
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
    for (at, sign) in line
        .char_indices()
        .filter(|(_, c)| matches!(c, ':' | '：' | '=' | '＝' | '为' | '是' | '￥' | '¥' | '#'))
    {
        let past = found.last().map_or(0, |(_, value)| *value);
        let Some(label) = line.get(past..at).and_then(label_at_end) else { continue };
        if sign == '#' && !names(&line[past + label.start..past + label.end], |one| one == Field::OrderNo) {
            continue;
        }
        if "￥¥".contains(sign) {
            // `实付￥45.00`: the sign of money stands for the colon.
            if names(&line[past + label.start..past + label.end], money) {
                found.push((past + label.start..past + label.end, at));
            }
            continue;
        }
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

fn names(label: &str, what: impl Fn(Field) -> bool) -> bool {
    let meanings = LABELS.words.get(&table::fold(label));
    meanings.is_some_and(|all| all.iter().any(|one| what(LABELS.rows[one.row].field)))
}

fn may_begin(before: &str) -> bool {
    before.chars().last().is_none_or(|c| !c.is_alphanumeric())
        || LABELS.prefixes.iter().any(|word| before.ends_with(word.as_str()))
}

/// Tells whether a whole text is a label.
pub(super) fn is_label(text: &str) -> bool {
    may_be_label(text) && LABELS.words.contains_key(&bare(text))
}

/// Short enough, and ends as some label does: spares most words the folding.
fn may_be_label(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || ":：【】[]*".contains(c));
    let ends = |last: char| {
        if table::is_plain(last) {
            return LABELS.endings.contains(&last.to_ascii_lowercase());
        }
        let mut buffer = [0; 4];
        let folded = table::fold(last.encode_utf8(&mut buffer));
        folded.chars().last().is_some_and(|c| LABELS.endings.contains(&c))
    };
    text.chars().last().is_some_and(ends)
        && text.chars().take(2 * LABELS.longest + 1).count() <= 2 * LABELS.longest
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

    /// The element around a line's own one.
    fn parent(&self, n: usize) -> Option<u32> {
        let element = self.document.lines.get(n)?.parts.first()?.element?;
        self.document.elements.get(element as usize)?.parent
    }

    /// The lines from `n` on that stand in the same element as it.
    fn group(&self, n: usize) -> std::ops::Range<usize> {
        let Some(parent) = self.parent(n) else { return n..n };
        let lines = self.document.lines.iter().enumerate().skip(n + 1).take(MAX_COLUMNS);
        let end = lines.take_while(|(n, _)| self.parent(*n) == Some(parent)).last();
        n..end.map_or(n, |(n, _)| n) + 1
    }

    /// A row of names made of blocks, and the row of as many values below it.
    fn heads(&self, n: usize) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
        let lines = &self.document.lines;
        if lines[n].cell.is_some() || self.word(&lines[n].text).is_none() {
            return None;
        }
        let heads = self.group(n);
        let names = heads.clone().filter(|n| self.word(&lines[*n].text).is_some()).count();
        let short = |n: usize| {
            let text = &lines[n].text;
            text.chars().count() <= 8 && !text.contains(|c: char| c.is_ascii_digit() || ":：".contains(c))
        };
        if heads.len() < 2 || names < 2 || names * 2 <= heads.len() || !heads.clone().all(short) {
            return None;
        }
        let below = self.group(heads.end.min(lines.len() - 1));
        let values = below.clone().all(|n| self.word(&lines[n].text).is_none());
        (below.start == heads.end && below.len() == heads.len() && values).then_some((heads, below))
    }

    /// Pairs the names of a row with what stands below them; gives where that ends.
    fn below(
        &self,
        heads: std::ops::Range<usize>,
        below: std::ops::Range<usize>,
        pairs: &mut Vec<Pair>,
    ) -> usize {
        let end = below.end;
        for (head, n) in heads.zip(below) {
            push_cell(pairs, self.cell(n, &self.document.lines[head].text));
        }
        end
    }

    fn meaning(&self, meanings: Option<&'static Vec<Meaning>>, place: &Around<'_>) -> Option<Meant> {
        let holds = |n: usize| {
            let row = &LABELS.rows[n];
            (row.forms.is_empty() || row.forms.contains(&self.form))
                && (row.systems.is_empty()
                    || self.system.is_some_and(|id| row.systems.iter().any(|one| one == id)))
                && (row.under.is_empty()
                    || row.under.iter().any(|one| place.under.iter().any(|it| it == one)))
                && (!row.columns_only || place.column)
                && LABELS.fits[n].as_ref().zip(place.value).is_none_or(|(fits, value)| fits.is_match(value))
        };
        let fits = meanings?.iter().find(|one| holds(one.row))?;
        Some((&LABELS.rows[fits.row], fits.rank))
    }

    fn word(&self, word: &str) -> Option<Meant> {
        if !may_be_label(word) {
            return None;
        }
        self.meaning(LABELS.words.get(&bare(word)), &Around::default())
    }

    /// The keys of the objects around a key, innermost first, lists left out.
    fn under(&self, element: Option<u32>) -> Vec<&str> {
        let mut names = Vec::new();
        let mut at = element;
        while let Some(one) = at.and_then(|n| self.document.elements.get(n as usize)) {
            if !one.name.is_empty() {
                names.push(one.name.as_str());
                break;
            }
            at = one.parent;
        }
        if names.is_empty() {
            names.push("");
        }
        names
    }

    fn keys(&self) -> Vec<Pair> {
        let read = |(n, one): (usize, &super::lines::KeyValue)| {
            let around = Around { under: self.under(one.element), value: Some(&one.value), column: false };
            let named = self.named_beside(n).and_then(|label| LABELS.words.get(&bare(label)));
            let words = named.or_else(|| LABELS.words.get(&bare(&one.key)));
            let meant =
                self.meaning(LABELS.keys.get(&folded_key(&one.key)), &around).filter(|_| named.is_none());
            let (row, rank) = meant.or_else(|| self.meaning(words, &around))?;
            // A number without a decimal point may be yuan or 分.
            let whole = is_whole_number(&one.value);
            let bare = money(row.field) && whole != (row.unit == Unit::Fen);
            // A complaint's own status is not the order's.
            let complains = row.field == Field::Status && one.path.to_lowercase().contains("complaint");
            Some(Pair {
                field: if complains { Field::ComplaintStatus } else { row.field },
                rank,
                label: one.key.clone(),
                value: if row.unit == Unit::Fen && whole {
                    format!("{}分", one.value)
                } else {
                    one.value.clone()
                },
                span: one.span.clone(),
                verbatim: one.verbatim,
                line: one.line,
                path: Some(one.path.clone()),
                confidence: if bare { Confidence::Medium } else { Confidence::High },
                element: one.element,
                ends_on: None,
            })
        };
        self.document.keys.iter().enumerate().filter_map(read).collect()
    }

    /// The label that stands beside a value in its object: `{"label":"订单号","value":"…"}`.
    fn named_beside(&self, n: usize) -> Option<&str> {
        let keys = &self.document.keys;
        let (own, before) = (&keys[n], keys.get(n.checked_sub(1)?)?);
        let is_value =
            ["value", "content", "text", "val"].iter().any(|one| own.key.eq_ignore_ascii_case(one));
        let is_name =
            ["label", "name", "title", "key"].iter().any(|one| before.key.eq_ignore_ascii_case(one));
        let fits = is_value && is_name && own.element == before.element && is_label(&before.value);
        fits.then_some(before.value.as_str())
    }

    /// Tables whose first row names the columns; also which lines they used.
    fn columns(&self) -> (Vec<Pair>, Vec<usize>) {
        let (mut pairs, mut used) = (Vec::new(), Vec::new());
        let rows = self.rows();
        let mut header: Option<(Cell, HashMap<u32, usize>)> = None;
        for row in &rows {
            let first = row[0].1;
            if self.names_columns(row) {
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
                    let pair = label.and_then(|label| self.cell(*n, label));
                    push_cell(&mut pairs, pair);
                    used.push(*n);
                }
            }
        }
        used.sort_unstable();
        (pairs, used)
    }

    /// Tells whether a row's cells are the names of columns, some of them perhaps unknown.
    fn names_columns(&self, row: &[(usize, Cell)]) -> bool {
        let known = |n: usize| {
            let words = LABELS.words.get(&bare(&self.document.lines[n].text));
            self.meaning(words, &Around { column: true, ..Around::default() }).is_some()
        };
        let names = row.iter().filter(|(n, _)| known(*n)).count();
        let is_name = |n: usize| {
            let text = &self.document.lines[n].text;
            text.chars().count() <= 8 && !text.contains(|c: char| c.is_ascii_digit())
        };
        // In a row of labels and values just half of the cells are labels.
        let named = row.iter().all(|(_, cell)| cell.head) || names * 2 > row.len();
        row.len() >= 2 && names >= 2 && (names == row.len() || named && row.iter().all(|(n, _)| is_name(*n)))
    }

    /// A cell below the name of its column.
    fn cell(&self, n: usize, label: &str) -> Option<Pair> {
        let line = &self.document.lines[n];
        let around = Around { value: Some(&line.text), column: true, ..Around::default() };
        let meant = self.meaning(LABELS.words.get(&bare(label)), &around)?;
        Some(self.meant(meant, label, n, 0..line.text.len(), Confidence::High))
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
        let text = &self.document.lines[n].text;
        let shown = &text[trim(text, value.clone())];
        let around = Around { value: Some(shown).filter(|one| !one.is_empty()), ..Around::default() };
        let meant = self.meaning(LABELS.words.get(&bare(label)), &around)?;
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
            path: self.document.path(line.element(value.start)),
            element: line.element(value.start),
            value: line.text[value].to_owned(),
            span,
            line: line.number,
            confidence,
            ends_on: Some(n),
        }
    }

    fn line(&self, n: usize, pairs: &mut Vec<Pair>) {
        let line = &self.document.lines[n];
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
                self.next_line(n, label).or_else(|| self.pair(label, n, value, Confidence::High))
            } else {
                self.pair(label, n, value, Confidence::High)
            };
            pairs.extend(found);
        }
    }

    /// Labels that stand alone: as parts, as a cell or a line, or as words with only a blank after them.
    fn without_colon(&self, n: usize, line: &Line, pairs: &mut Vec<Pair>) {
        let Some(first) = line.parts.first() else { return };
        if let (Some((row, _)), true) = (self.word(&first.text), line.parts.len() == 1) {
            let voucher = matches!(self.form, Form::VoucherWechat | Form::VoucherAlipay);
            let long = first.text.chars().count() > 2 || voucher || line.cell.is_some();
            if long && !row.colon_only {
                pairs.extend(self.next_line(n, &first.text));
            }
            return;
        }
        let mut found: Vec<(Span, Confidence)> = Vec::new();
        for (n, part) in line.parts.iter().enumerate().take(MAX_COLUMNS) {
            let start = line.part_start(n);
            if self.word(&part.text).is_some() {
                found.push((start..start + part.text.len(), Confidence::Medium));
                continue;
            }
            for word in part.text.split_whitespace().take(MAX_COLUMNS) {
                let at = start + (word.as_ptr() as usize - part.text.as_ptr() as usize);
                let long =
                    word.chars().count() > 2 && self.word(word).is_some_and(|(row, _)| !row.colon_only);
                // A word before which other words stand is a label only after a labelled value.
                if long && (at == 0 || !found.is_empty()) {
                    found.push((at..at + word.len(), Confidence::Low));
                }
            }
        }
        for (at, (label, confidence)) in found.iter().enumerate() {
            let end = found.get(at + 1).map_or(line.text.len(), |(next, _)| next.start);
            let start = label.end.min(end);
            pairs.extend(self.pair(&line.text[label.clone()], n, start..end, *confidence));
        }
    }

    /// The value above its label, when both are all there is in an element: `<b>30.00</b><i>实付</i>` as blocks.
    fn value_above(&self, n: usize) -> Option<usize> {
        let above = n.checked_sub(1)?;
        let parent = self.parent(n)?;
        let alone = self.parent(above) == Some(parent)
            && self.parent(n + 1) != Some(parent)
            && (n < 2 || self.parent(n - 2) != Some(parent));
        let text = &self.document.lines[above].text;
        (alone && !text.is_empty() && labels_in(table::shorten(text, 40)).is_empty() && !is_label(text))
            .then_some(above)
    }

    /// The value on the next line, unless that begins with a label: then the value is empty.
    fn next_line(&self, n: usize, label: &str) -> Option<Pair> {
        if let Some(above) = self.value_above(n) {
            return self.whole(above, label, Confidence::Medium);
        }
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

/// Two secrets side by side in a row are one card: its number and its password.
fn push_cell(pairs: &mut Vec<Pair>, pair: Option<Pair>) {
    let Some(pair) = pair else { return };
    let before = pairs.last_mut().filter(|last| {
        last.field == Field::Secret
            && pair.field == Field::Secret
            && last.ends_on.is_some_and(|n| Some(n + 1) == pair.ends_on)
    });
    match before {
        Some(last) => {
            last.value = format!("{}\t{}", last.value, pair.value);
            last.span.end = pair.span.end;
            (last.verbatim, last.ends_on) = (false, None);
        }
        None => pairs.push(pair),
    }
}

fn money(field: Field) -> bool {
    matches!(field, Field::AmountPaid | Field::UnitPrice | Field::FaceValue | Field::RefundAmount)
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
