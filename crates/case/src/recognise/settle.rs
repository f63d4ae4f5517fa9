//! What is settled once all readings are there: amounts that are not sure, and a state without a label.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::lines::{Document, Line};
use super::pairs::WEAK_RANK;
use super::scope::{Part, Scope};
use super::{Confidence, Field, OrderState, Place, Reading, Value, state, table, value};

#[derive(Deserialize)]
struct Table {
    discount: Discount,
    class: Vec<ClassRow>,
}

/// A class or id that says what an element holds.
#[derive(Deserialize)]
struct ClassRow {
    field: Field,
    pattern: String,
}

#[derive(Deserialize)]
struct Discount {
    pattern: String,
    keys: Vec<String>,
}

static CLASSES: LazyLock<Vec<(Field, Regex)>> = LazyLock::new(|| {
    let Table { class, .. } = table::parse(include_str!("../../data/recognise/labels.toml"));
    class.into_iter().map(|row| (row.field, table::pattern(&row.pattern))).collect()
});

static DISCOUNT: LazyLock<(Regex, Vec<String>)> = LazyLock::new(|| {
    let Table { discount, .. } = table::parse(include_str!("../../data/recognise/labels.toml"));
    (table::pattern(&discount.pattern), discount.keys)
});

/// More elements with a telling class are a list.
const MAX_BY_CLASS: usize = 64;
/// Longer texts are no state by themselves.
const MAX_STATE: usize = 12;

/// An amount nobody has paid yet, or a total that may not be what was paid, is not sure.
pub(super) fn amounts(document: &Document, scope: &Scope, part: Option<Part>, readings: &mut [Reading]) {
    let is_read = |field: Field| readings.iter().any(|one| one.field == field && one.value.is_read());
    let paid_at = is_read(Field::PaidAt);
    let state = super::state::overall(readings, &super::delivery::Counts::default());
    let unpaid = matches!(state, Some(OrderState::Unpaid | OrderState::Closed)) && !paid_at;
    let unsaid = matches!(state, None | Some(OrderState::Unknown)) && !paid_at;
    let is_strong =
        |one: &Reading| one.field == Field::AmountPaid && one.value.is_read() && one.rank < WEAK_RANK;
    let strong = readings.iter().find(|one| is_strong(one)).map(|one| one.value.clone());
    let weak = readings.iter().any(|one| one.field == Field::AmountPaid && one.rank >= WEAK_RANK);
    let discount = if weak { discount(document, scope, part) } else { None };
    let amount = |value: &Value| if let Value::AmountFen(fen) = value { Some(*fen) } else { None };
    let explained = |one: &Reading| {
        let (paid, off) = (strong.as_ref().and_then(amount), discount);
        paid.zip(off).is_some_and(|(paid, off)| amount(&one.value) == paid.checked_add(off))
    };
    let of_amount = |one: &&mut Reading| one.field == Field::AmountPaid;
    let all_explained = readings
        .iter()
        .filter(|one| one.field == Field::AmountPaid && one.value.is_read())
        .all(|one| Some(&one.value) == strong.as_ref() || (one.rank >= WEAK_RANK && explained(one)));
    for one in readings.iter_mut().filter(of_amount) {
        if one.rank < WEAK_RANK && all_explained {
            one.competes = false;
        }
        let unsure = unpaid || (one.rank >= WEAK_RANK && (unsaid || discount.is_some()));
        if unsure {
            one.confidence = one.confidence.min(Confidence::Medium);
        }
    }
}

/// What was taken off the price, in 分, if the page says so of the order.
fn discount(document: &Document, scope: &Scope, part: Option<Part>) -> Option<i64> {
    let own = |element: Option<u32>| !scope.is_beside(element) && part.is_none_or(|part| part.holds(element));
    let (pattern, keys) = &*DISCOUNT;
    let lines = &document.lines;
    let worded = lines.iter().enumerate().filter(|(_, line)| own(line.element(0))).find_map(|(n, line)| {
        let label = pattern.find(table::shorten(&line.text, 200))?;
        let rest = &line.text[label.end()..];
        let next = || lines.get(n + 1).map_or("", |next| next.text.as_str());
        let rest = if rest.chars().any(char::is_alphanumeric) { rest } else { next() };
        value::amount_fen(table::shorten(rest, 24)).filter(|off| *off > 0)
    });
    worded.or_else(|| {
        let named =
            document.keys.iter().filter(|one| own(one.element) && keys.contains(&table::fold(&one.key)));
        named.filter_map(|one| value::amount_fen(&one.value)).find(|off| *off > 0)
    })
}

/// Fields no label names, by the class or id of an element that holds only their value; none if it is not one.
pub(super) fn by_class<'a>(
    document: &'a Document,
    scope: &Scope,
    readings: &[Reading],
    read: impl Fn(Field, &str) -> Value,
) -> Vec<Reading> {
    let known = |field: Field| readings.iter().any(|one| one.field == field && one.value.is_read());
    let wanted: Vec<&(Field, Regex)> = CLASSES.iter().filter(|(field, _)| !known(*field)).collect();
    let mut found: Vec<Reading> = Vec::new();
    let mut seen: HashMap<&'a str, Option<Field>> = HashMap::new();
    let parts = document.lines.iter().flat_map(|line| line.parts.iter().map(move |part| (line, part)));
    for (line, part) in parts.filter(|(_, part)| !part.text.is_empty() && !scope.is_beside(part.element)) {
        let Some(element) = part.element.and_then(|n| document.elements.get(n as usize)) else { continue };
        let mut named = |name: &'a str| {
            *seen
                .entry(name)
                .or_insert_with(|| wanted.iter().find(|row| row.1.is_match(name)).map(|row| row.0))
        };
        let names = std::iter::once(element.id.as_str()).chain(element.classes.iter().map(String::as_str));
        let Some(field) = names.into_iter().find_map(&mut named) else { continue };
        let value = read(field, &part.text);
        if found.len() >= MAX_BY_CLASS || !value.is_read() || super::pairs::is_label(&part.text) {
            continue;
        }
        found.push(Reading {
            field,
            value,
            label: String::new(),
            place: Place { line: line.number, path: document.path(part.element) },
            span: part.span.clone(),
            confidence: Confidence::Low,
            competes: false,
            rank: WEAK_RANK,
        });
    }
    let several = |field: Field| {
        let mut own = found.iter().filter(|one| one.field == field);
        let first = own.next();
        own.any(|one| first.is_some_and(|first| first.value != one.value))
    };
    let doubtful: Vec<Field> =
        wanted.iter().map(|(field, _)| *field).filter(|field| several(*field)).collect();
    found.retain(|one| !doubtful.contains(&one.field));
    found
}

/// A state that stands by itself, as in a page's head; none if there are several.
pub(super) fn bare_state(
    document: &Document,
    scope: &Scope,
    part: Option<Part>,
    readings: &[Reading],
) -> Option<Reading> {
    let labelled = readings.iter().any(|one| matches!(one.field, Field::Status | Field::DeliveryStatus));
    if labelled || !readings.iter().any(|one| matches!(one.field, Field::OrderNo | Field::CreatedAt)) {
        return None;
    }
    let found: Vec<Bare<'_>> = document
        .lines
        .iter()
        .flat_map(|line| line.parts.iter().enumerate().map(move |(n, part)| (line, n, part)))
        .filter(|(_, _, one)| {
            !one.text.is_empty() && one.text.chars().take(MAX_STATE + 1).count() <= MAX_STATE
        })
        .filter(|(_, _, one)| !scope.is_beside(one.element) && !is_control(document, one.element))
        .filter_map(|(line, n, one)| Some((line, n, state::exact(&one.text)?)))
        .collect();
    let inside = |one: &Bare<'_>| part.is_some_and(|part| part.holds(one.0.parts[one.1].element));
    let named = |one: &Bare<'_>| names_state(document, one.0.parts[one.1].element);
    let (line, n, state) = only(found.iter().copied().filter(named))
        .or_else(|| only(found.iter().copied().filter(inside)))
        .or_else(|| only(found.iter().copied()))?;
    let one = &line.parts[n];
    Some(Reading {
        field: Field::Status,
        value: Value::Status { state, shown: one.text.clone() },
        label: String::new(),
        place: Place { line: line.number, path: document.path(one.element) },
        span: one.span.clone(),
        confidence: Confidence::Medium,
        competes: false,
        rank: 0,
    })
}

/// A state's word as a part of a line.
type Bare<'a> = (&'a Line, usize, OrderState);

/// The first, if all are the same state.
fn only<'a>(mut found: impl Iterator<Item = Bare<'a>>) -> Option<Bare<'a>> {
    let first = found.next()?;
    found.all(|one| one.2 == first.2).then_some(first)
}

/// Links and buttons say what can be done or looked for, not what is.
fn is_control(document: &Document, element: Option<u32>) -> bool {
    let name = element.and_then(|n| document.elements.get(n as usize)).map(|one| one.name.as_str());
    name.is_some_and(|name| matches!(name, "a" | "button" | "option" | "title" | "label" | "th"))
}

/// Tells whether an element or the one around it is called a state.
fn names_state(document: &Document, element: Option<u32>) -> bool {
    let mut at = element;
    for _ in 0..2 {
        let Some(one) = at.and_then(|n| document.elements.get(n as usize)) else { return false };
        let name = |text: &String| text.to_ascii_lowercase().contains("stat");
        if name(&one.id) || one.classes.iter().any(name) {
            return true;
        }
        at = one.parent;
    }
    false
}
