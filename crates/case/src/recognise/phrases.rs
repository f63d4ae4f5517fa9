//! What sentences, steps and single words say of an order where no label does.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::lines::{Document, Line};
use super::{Confidence, Field, Place, Reading, Span, Value, delivery, goods, labels, table};

#[derive(Deserialize)]
struct Table {
    phrase: Vec<Phrase>,
    event: Vec<Event>,
    alone: Vec<Words>,
    paid: Paid,
}

/// A pattern whose group `v` is the value.
#[derive(Deserialize)]
struct Phrase {
    field: Field,
    pattern: String,
}

#[derive(Deserialize)]
struct Words {
    field: Field,
    words: Vec<String>,
}

/// Names of a step.
#[derive(Deserialize)]
struct Event {
    field: Field,
    words: Vec<String>,
    pattern: String,
}

/// Words after which a lone amount is what was paid.
#[derive(Deserialize)]
struct Paid {
    words: Vec<String>,
    amount: String,
}

struct Phrases {
    phrases: Vec<(Field, Regex)>,
    events: HashMap<String, Field>,
    built_events: Vec<(Field, Regex)>,
    alone: HashMap<String, Field>,
    paid: HashSet<String>,
    amount: Regex,
    /// What an order's number alone looks like.
    number: Regex,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let table: Table = table::parse(include_str!("../../data/recognise/phrases.toml"));
    let words = |rows: Vec<Words>| {
        let pairs = rows.into_iter().flat_map(|row| {
            row.words.into_iter().map(move |word| (table::fold(&word), row.field)).collect::<Vec<_>>()
        });
        pairs.collect()
    };
    Phrases {
        phrases: table.phrase.iter().map(|row| (row.field, table::pattern(&row.pattern))).collect(),
        built_events: table
            .event
            .iter()
            .map(|row| (row.field, table::pattern(&format!("^(?:{})$", row.pattern))))
            .collect(),
        events: words(
            table.event.into_iter().map(|row| Words { field: row.field, words: row.words }).collect(),
        ),
        alone: words(table.alone),
        paid: table.paid.words.iter().map(|word| table::fold(word)).collect(),
        amount: table::pattern(&table.paid.amount),
        number: table::pattern(r"^[A-Za-z]{0,6}[-_]?\d[A-Za-z0-9_-]{7,40}$"),
    }
});

/// Longer lines are no phrases.
const MAX_LINE: usize = 160;

/// Looks for what has no label among the lines of the order's region.
pub(super) struct Search<'a, F> {
    pub(super) document: &'a Document,
    pub(super) region: &'a [usize],
    pub(super) value: F,
}

impl<F: Fn(Field, &str) -> Value> Search<'_, F> {
    /// Readings of fields that were not read yet.
    pub(super) fn read(&self, readings: &[Reading]) -> Vec<Reading> {
        let mut known: HashSet<Field> =
            readings.iter().filter(|one| one.value.is_read()).map(|one| one.field).collect();
        known.insert(Field::Status);
        let mut out = Vec::new();
        for (at, n) in self.region.iter().enumerate() {
            let line = &self.document.lines[*n];
            if line.text.chars().take(MAX_LINE + 1).count() > MAX_LINE {
                continue;
            }
            let mut found = self.phrases(line);
            found.extend(self.events(at));
            found.extend(self.alone(line));
            let fresh: Vec<Reading> = found.into_iter().filter(|one| !known.contains(&one.field)).collect();
            known.extend(fresh.iter().map(|one| one.field));
            out.extend(fresh);
        }
        if !known.contains(&Field::AmountPaid) {
            out.extend(self.amount_after());
        }
        if !known.contains(&Field::OrderNo) {
            out.extend(self.lone_number());
        }
        out
    }

    /// The state a sentence tells, for pages that show none otherwise.
    pub(super) fn state(&self, readings: &[Reading]) -> Option<Reading> {
        let shown = |one: &Reading| matches!(one.field, Field::Status | Field::DeliveryStatus);
        let is_order = |one: &Reading| one.field == Field::OrderNo && one.value.is_read();
        if readings.iter().any(shown) || !readings.iter().any(is_order) {
            return None;
        }
        let lines = self.region.iter().map(|n| &self.document.lines[*n]);
        let short = lines.filter(|line| line.text.chars().take(MAX_LINE + 1).count() <= MAX_LINE);
        short.flat_map(|line| self.phrases(line)).find(|one| one.field == Field::Status)
    }

    fn reading(&self, field: Field, line: &Line, range: Span, confidence: Confidence) -> Option<Reading> {
        let value = (self.value)(field, &line.text[range.clone()]);
        let element = line.element(range.start);
        value.is_read().then(|| Reading {
            field,
            value,
            label: String::new(),
            place: Place { line: line.number, path: self.document.path(element) },
            span: line.span(&range),
            confidence,
            competes: false,
            rank: 0,
        })
    }

    fn phrases(&self, line: &Line) -> Vec<Reading> {
        let read = |(field, pattern): &(Field, Regex)| {
            let found = pattern.captures(&line.text)?.name("v")?;
            self.reading(*field, line, found.range(), Confidence::Low)
        };
        PHRASES.phrases.iter().filter_map(read).collect()
    }

    /// A step's name with a time beside, below or above it, whichever is nearer in the page.
    fn events(&self, at: usize) -> Vec<Reading> {
        let line = |at: usize| self.region.get(at).map(|n| &self.document.lines[*n]);
        // What stands behind a label is its value and no step.
        let free = |one: &&Line| labels::labels_in(&one.text).is_empty();
        let Some(own) = line(at).filter(free) else { return Vec::new() };
        let texts = || {
            own.parts.iter().enumerate().map(|(n, part)| {
                let start = own.part_start(n);
                (start..start + part.text.len(), part.text.as_str())
            })
        };
        let mut out = Vec::new();
        for (n, part) in own.parts.iter().enumerate() {
            let Some(field) = event(&part.text) else { continue };
            if n.checked_sub(1).is_some_and(|n| labels::is_label(&own.parts[n].text)) {
                continue;
            }
            let beside = texts().skip(n + 1).chain(texts().take(n)).find(|(_, text)| goods::is_moment(text));
            if let Some((range, _)) = beside {
                out.extend(self.reading(field, own, range, Confidence::Medium));
                continue;
            }
            let near = |other: Option<usize>| {
                let other = line(other?).filter(free)?;
                let moment = other.parts.iter().position(|part| goods::is_moment(&part.text))?;
                let depth = self.document.common(part.element?, other.parts[moment].element?)?;
                let start = other.part_start(moment);
                Some((depth, other, start..start + other.parts[moment].text.len()))
            };
            let (below, above) = (near(Some(at + 1)), near(at.checked_sub(1)));
            // A time between two steps is of the nearer one.
            let above = above.filter(|(depth, time, _)| {
                let other = at.checked_sub(2).and_then(line).filter(|one| event(&one.text).is_some());
                let ends = other.and_then(|one| one.element(0)).zip(time.element(0));
                ends.and_then(|(one, time)| self.document.common(one, time))
                    .is_none_or(|other| other < *depth)
            });
            let nearer = match (below, above) {
                (Some(below), Some(above)) => Some(if above.0 > below.0 { above } else { below }),
                (below, above) => below.or(above),
            };
            if let Some((_, line, range)) = nearer {
                out.extend(self.reading(field, line, range, Confidence::Medium));
            }
        }
        out
    }

    /// Words that are a value by themselves: `自动发货`.
    fn alone(&self, line: &Line) -> Vec<Reading> {
        let mut out = Vec::new();
        for word in line.text.split(['|', '｜', '·', ' ', '/']).filter(|word| !word.is_empty()).take(12) {
            let Some(field) = PHRASES.alone.get(&table::fold(word)) else { continue };
            let start = word.as_ptr() as usize - line.text.as_ptr() as usize;
            out.extend(self.reading(*field, line, start..start + word.len(), Confidence::Low));
        }
        out
    }

    /// The amount right below or above `支付成功`.
    fn amount_after(&self) -> Option<Reading> {
        let lines = || self.region.iter().map(|n| &self.document.lines[*n]);
        let is_paid = |line: &Line| {
            let text = table::fold(line.text.trim_end_matches(['!', '！', '。']));
            PHRASES.paid.contains(&text)
        };
        let is_amount = |line: &Line| PHRASES.amount.is_match(line.text.trim());
        let read = |line: &Line| self.reading(Field::AmountPaid, line, 0..line.text.len(), Confidence::Low);
        lines().zip(lines().skip(1)).find_map(|(line, next)| match () {
            () if is_paid(line) && is_amount(next) => read(next),
            () if is_amount(line) && is_paid(next) => read(line),
            () => None,
        })
    }

    /// A number like an order's that stands by itself, if it is the only one and the page's links name it too.
    fn lone_number(&self) -> Option<Reading> {
        let fits = |text: &str| {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            (8..=40).contains(&text.len())
                && digits >= 6
                && PHRASES.number.is_match(text)
                && !goods::is_moment(text)
        };
        let mut found = self.region.iter().flat_map(|n| {
            let line = &self.document.lines[*n];
            line.parts.iter().enumerate().map(move |(n, part)| (line, n, part.text.as_str()))
        });
        let named =
            |text: &str| self.document.addresses.iter().take(2_000).any(|one| one.text.contains(text));
        let (line, n, text) = found.find(|(_, _, text)| fits(text) && named(text))?;
        let start = line.part_start(n);
        self.reading(Field::OrderNo, line, start..start + text.len(), Confidence::Low)
            .filter(|_| !delivery::is_card(text) || text.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            .filter(|_| !labels::is_label(text))
    }
}

/// The field a step's name gives the time of.
pub(super) fn event(text: &str) -> Option<Field> {
    if text.len() > 40 {
        return None;
    }
    let word = table::fold(text.trim_end_matches(['：', ':']));
    let built = || PHRASES.built_events.iter().find(|(_, pattern)| pattern.is_match(&word)).map(|row| row.0);
    PHRASES.events.get(&word).copied().or_else(built)
}
