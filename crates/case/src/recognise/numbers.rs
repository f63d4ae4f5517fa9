//! Numbers of orders, payments and tickets: which systems they fit, and whether the time inside fits the page.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use sigu_evidence::{mask, mask_text};

use super::lines::Document;
use super::{Delivery, Field, Hints, Moment, Precision, Reading, Span, Value, delivery, field, table, time};

#[derive(Deserialize)]
struct Table {
    limits: Limits,
    number: Vec<Row>,
    secret_url: Vec<UrlRow>,
}

#[derive(Deserialize)]
struct Limits {
    agrees_seconds: i64,
    contradicts_seconds: i64,
}

#[derive(Deserialize)]
struct Row {
    system: String,
    kind: NumberKind,
    pattern: String,
    time: Option<String>,
    #[serde(default)]
    needs_label: bool,
    #[serde(default)]
    letter_or_label: bool,
}

#[derive(Deserialize)]
struct UrlRow {
    pattern: String,
}

struct Numbers {
    limits: Limits,
    rows: Vec<(Row, Regex)>,
    urls: Vec<Regex>,
}

static NUMBERS: LazyLock<Numbers> = LazyLock::new(|| {
    let table: Table = table::parse(include_str!("../../data/recognise/numbers.toml"));
    let whole = |row: Row| {
        let pattern = table::pattern(&format!("^(?:{})$", row.pattern));
        (row, pattern)
    };
    Numbers {
        limits: table.limits,
        rows: table.number.into_iter().map(whole).collect(),
        urls: table.secret_url.iter().map(|row| table::pattern(&row.pattern)).collect(),
    }
});
/// A word of letters and digits; the pages' own writing may touch it on both sides.
static WORD: LazyLock<Regex> = LazyLock::new(|| table::pattern("[A-Za-z0-9]{12,48}"));
/// More candidates than this are not given.
const MAX_CANDIDATES: usize = 200;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberKind {
    /// A shop's order.
    Order,
    /// A payment at the channel.
    Payment,
    /// A ticket or complaint.
    Ticket,
}

/// Whether the time inside a number fits the page (domain dossier 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// Within five seconds, or the same day where the number has only a date.
    Agrees,
    /// Further apart, yet within five minutes.
    Near,
    /// More than five minutes apart: a hint of a changed page, and a proof of the time of ordering.
    Contradicts,
    /// The page shows no time to compare with.
    NothingToCompare,
}

/// The time inside a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decoded {
    /// When the number was made.
    pub moment: Moment,
    /// Against the page's time.
    pub agreement: Agreement,
    /// The page's or the case's time it was compared with.
    pub compared_with: Option<Moment>,
}

/// A system a number fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fit {
    /// The id in `data/recognise/numbers.toml`.
    pub system: String,
    /// What the number counts there.
    pub kind: NumberKind,
    /// The time inside.
    pub decoded: Option<Decoded>,
}

/// A number found in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderNumber {
    /// The number; masked when nothing says it is a number of an order and not a secret.
    pub text: String,
    /// Whether `text` is a mask.
    pub masked: bool,
    /// The label before it, as written.
    pub label: Option<String>,
    /// Systems it fits; empty for a labelled number of an unknown shape.
    pub systems: Vec<Fit>,
    /// Where.
    pub span: Span,
    /// The line of the source, from 1.
    pub line: usize,
}

/// An address that opens the delivered content by itself (domain dossier 2.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SecretUrl {
    /// The address with its number or key masked.
    pub masked: String,
    /// Where.
    pub span: Span,
    /// The line of the source, from 1.
    pub line: usize,
}

struct Candidate {
    text: String,
    label: Option<String>,
    in_address: bool,
    span: Span,
    line: usize,
}

/// Finds numbers and secret addresses.
pub(super) fn find(
    document: &Document,
    fields: &[Reading],
    delivery: &Option<Delivery>,
    hints: &Hints,
) -> (Vec<OrderNumber>, Vec<SecretUrl>) {
    let mut secrets = delivery::secret_spans(delivery.as_ref());
    secrets.sort_by_key(|span| span.start);
    let pages = page_times(fields, hints);
    let mut found: BTreeMap<String, Candidate> = BTreeMap::new();
    for candidate in candidates(document, fields) {
        // The last secret that begins before the candidate ends: secrets do not overlap.
        let before = secrets.partition_point(|span| span.start < candidate.span.end);
        let is_secret = before > 0 && overlap(&secrets[before - 1], &candidate.span);
        if is_secret && candidate.label.is_none() {
            continue;
        }
        let full = found.len() >= MAX_CANDIDATES;
        match found.get_mut(&candidate.text) {
            Some(known) if known.label.is_none() && candidate.label.is_some() => *known = candidate,
            Some(_) => {}
            None if full => break,
            None => {
                found.insert(candidate.text.clone(), candidate);
            }
        }
    }
    let known = |text: &str| hints.order_no.as_deref() == Some(text);
    let mut numbers: Vec<OrderNumber> =
        found.into_values().filter_map(|one| number(one, &pages, &known)).collect();
    numbers.sort_by_key(|one| one.span.start);
    (numbers, secret_urls(document))
}

fn overlap(left: &Span, right: &Span) -> bool {
    left.start < right.end && right.start < left.end
}

/// Labelled numbers first, then words of the right length, then those in addresses.
fn candidates<'a>(document: &'a Document, fields: &'a [Reading]) -> impl Iterator<Item = Candidate> + 'a {
    let labelled = fields.iter().filter_map(|one| match (&one.value, one.field) {
        (Value::Text(text), Field::OrderNo | Field::PaymentTxn) => Some(Candidate {
            text: text.clone(),
            label: Some(one.label.clone()),
            in_address: false,
            span: one.span.clone(),
            line: one.place.line,
        }),
        _ => None,
    });
    let candidate = |text: &str, in_address, span, line| Candidate {
        text: text.to_owned(),
        label: None,
        in_address,
        span,
        line,
    };
    let words = document.lines.iter().flat_map(move |line| {
        WORD.find_iter(&line.text)
            .map(move |word| candidate(word.as_str(), false, line.span(&word.range()), line.number))
    });
    let addresses = document.addresses.iter().flat_map(move |one| {
        WORD.find_iter(&one.text).map(move |word| candidate(word.as_str(), true, one.span.clone(), one.line))
    });
    let keys = document.keys.iter().flat_map(move |one| {
        WORD.find(&one.value)
            .filter(|word| word.len() == one.value.len())
            .map(|word| candidate(word.as_str(), false, one.span.clone(), one.line))
    });
    labelled.chain(words).chain(addresses).chain(keys)
}

fn number(one: Candidate, pages: &PageTimes, known: &dyn Fn(&str) -> bool) -> Option<OrderNumber> {
    let vouched = one.label.is_some() || known(&one.text);
    let systems: Vec<Fit> = NUMBERS
        .rows
        .iter()
        .filter_map(|(row, pattern)| fit(row, pattern, &one.text, vouched || one.in_address, pages))
        .collect();
    if systems.is_empty() && !vouched {
        return None;
    }
    let dated = systems.iter().any(|fit| fit.decoded.is_some());
    let masked = !vouched && (one.in_address || !dated);
    let text = if masked { mask(&one.text).public() } else { one.text };
    Some(OrderNumber { text, masked, label: one.label, systems, span: one.span, line: one.line })
}

fn fit(row: &Row, pattern: &Regex, text: &str, vouched: bool, pages: &PageTimes) -> Option<Fit> {
    let found = pattern.captures(text)?;
    let has_letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    if !vouched && (row.needs_label || (row.letter_or_label && !has_letter)) {
        return None;
    }
    let inside = match (&row.time, found.name("t")) {
        // A number whose time is no time is not this system's.
        (Some(layout), Some(digits)) => Some(time::compact(digits.as_str(), layout)?),
        _ => None,
    };
    let decoded = inside.map(|moment| {
        let compared_with = pages.of(row.kind);
        let agreement = compared_with.map_or(Agreement::NothingToCompare, |page| agreement(&moment, &page));
        Decoded { moment, agreement, compared_with }
    });
    Some(Fit { system: row.system.clone(), kind: row.kind, decoded })
}

/// The times a page shows for the order.
struct PageTimes {
    created: Option<Moment>,
    paid: Option<Moment>,
}

fn page_times(fields: &[Reading], hints: &Hints) -> PageTimes {
    let shown = |field| match field::best(fields, field).map(|one| &one.value) {
        Some(Value::Instant(moment)) => Some(*moment),
        _ => None,
    };
    let hinted = |at| Moment { at, precision: Precision::Second, year_from_hint: false };
    PageTimes { created: shown(Field::CreatedAt), paid: shown(Field::PaidAt).or(hints.paid_at.map(hinted)) }
}

impl PageTimes {
    /// An order's number is made when it is placed; a payment's when it is paid.
    fn of(&self, kind: NumberKind) -> Option<Moment> {
        match kind {
            NumberKind::Order => self.created,
            NumberKind::Payment => self.paid.or(self.created),
            NumberKind::Ticket => None,
        }
    }
}

fn agreement(inside: &Moment, page: &Moment) -> Agreement {
    if inside.agrees(page) {
        return Agreement::Agrees;
    }
    let days_only = inside.precision.min(page.precision) == Precision::Day;
    let apart = (inside.at.as_second() - page.at.as_second()).abs();
    match apart {
        _ if days_only => Agreement::Contradicts,
        n if n <= NUMBERS.limits.agrees_seconds => Agreement::Agrees,
        n if n <= NUMBERS.limits.contradicts_seconds => Agreement::Near,
        _ => Agreement::Contradicts,
    }
}

fn secret_urls(document: &Document) -> Vec<SecretUrl> {
    let masked = |text: &str| -> Option<String> {
        let key = NUMBERS.urls.iter().find_map(|pattern| pattern.captures(text)?.name("n"))?;
        let shown = table::shorten(&text[..key.start()], 80);
        Some(format!("{}{}", mask_text(shown), mask(key.as_str()).public()))
    };
    let in_addresses = document.addresses.iter().filter_map(|one| {
        Some(SecretUrl { masked: masked(&one.text)?, span: one.span.clone(), line: one.line })
    });
    let in_lines = document.lines.iter().flat_map(|line| {
        let words = line.text.split_whitespace().filter(|word| word.contains('/') || word.contains('='));
        words.filter_map(|word| {
            let start = word.as_ptr() as usize - line.text.as_ptr() as usize;
            let span = line.span(&(start..start + word.len()));
            Some(SecretUrl { masked: masked(word)?, span, line: line.number })
        })
    });
    in_addresses.chain(in_lines).take(MAX_CANDIDATES).collect()
}
