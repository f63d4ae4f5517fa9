//! What is settled once all readings are there: amounts that are not sure, and a state without a label.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::labels::WEAK_RANK;
use super::lines::{Document, Line};
use super::scope::{Part, Scope};
use super::{
    Confidence, Field, OrderState, Place, Reading, Value, goods, labels, phrases, state, table, value,
};

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
const MAX_STATE: usize = 24;

/// An amount nobody has paid yet, or a total that may not be what was paid, is not sure.
///
/// Sure is what stands beside a label of what was paid, read in one way, of an order that is paid; of a total or a
/// price of one only in a system we know.
pub(super) fn amounts(
    document: &Document,
    scope: &Scope,
    part: Option<Part>,
    known_system: bool,
    readings: &mut [Reading],
) {
    let is_read = |field: Field| readings.iter().any(|one| one.field == field && one.value.is_read());
    let paid_at = is_read(Field::PaidAt);
    let state = super::state::overall(readings, &super::delivery::Counts::default());
    let unpaid = state == Some(OrderState::Closed) || (state == Some(OrderState::Unpaid) && !paid_at);
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
        let weak = one.rank >= WEAK_RANK;
        let nothing = one.value == Value::AmountFen(0);
        if unpaid || unsaid || nothing || (weak && (discount.is_some() || !known_system)) {
            one.confidence = one.confidence.min(Confidence::Medium);
        }
    }
    for one in readings.iter_mut().filter(|one| one.field == Field::UnitPrice) {
        if unpaid || unsaid || !known_system {
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
        if found.len() >= MAX_BY_CLASS || !value.is_read() || super::labels::is_label(&part.text) {
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

/// A state that stands by itself, as in a page's head; where several do, the one that stands out.
pub(super) fn bare_state(
    document: &Document,
    region: &[usize],
    part: Option<Part>,
    readings: &[Reading],
    has_cards: bool,
) -> Option<Reading> {
    let labelled = readings.iter().any(|one| match &one.value {
        Value::Status { state, .. } => {
            one.field == Field::DeliveryStatus
                || (one.field == Field::Status && *state != OrderState::Unknown)
        }
        _ => false,
    });
    let core = [Field::OrderNo, Field::CreatedAt, Field::PaidAt, Field::DeliveredAt];
    if labelled || !readings.iter().any(|one| core.contains(&one.field) && one.value.is_read()) {
        return None;
    }
    let found = bare_states(document, region);
    let element = |one: &Bare<'_>| one.0.parts[one.1].element;
    let inside = |one: &&Bare<'_>| part.is_some_and(|part| part.holds(element(one)));
    let named = |one: &&Bare<'_>| names_state(document, element(one));
    let heads = |one: &&Bare<'_>| stands_out(document, element(one));
    let (line, n, mut state) = only(found.iter().filter(named))
        .or_else(|| only(found.iter().filter(heads)))
        .or_else(|| only(found.iter().filter(inside)))
        .or_else(|| only(found.iter()))
        .or_else(|| found.iter().find(named).copied())
        .or_else(|| found.iter().find(heads).copied())?;
    let one = &line.parts[n];
    if state == OrderState::RefundedClaimed && region.iter().any(|n| to_balance(&document.lines[*n].text)) {
        state = OrderState::RefundedToBalance;
    }
    // `支付成功` above the cards themselves.
    if state == OrderState::PaidPendingDelivery && has_cards {
        state = OrderState::Delivered;
    }
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

/// The states of a region that are no steps, no tabs to choose from and nothing to press.
fn bare_states<'a>(document: &'a Document, region: &[usize]) -> Vec<Bare<'a>> {
    let is_step = |at: usize| {
        let text = |n: Option<&usize>| n.map_or("", |n| document.lines[*n].text.as_str());
        goods::is_moment(text(region.get(at + 1)))
            || document.lines[region[at]].parts.iter().any(|part| goods::is_moment(&part.text))
    };
    let priced = |at: usize| {
        let next = region.get(at + 1).map_or("", |n| document.lines[*n].text.as_str());
        goods::is_price(next)
            || document.lines[region[at]].parts.iter().any(|part| goods::is_price(&part.text))
    };
    let mut found: Vec<Bare<'a>> = Vec::new();
    for (at, n) in region.iter().enumerate() {
        let line = &document.lines[*n];
        let is_value = at > 0 && labels::is_label(&document.lines[region[at - 1]].text);
        for (n, part) in line.parts.iter().enumerate() {
            let short = part.text.chars().take(MAX_STATE + 1).count() <= MAX_STATE;
            if part.text.is_empty() || !short || is_control(document, part.element) || is_value {
                continue;
            }
            let Some(state) = state::leading(&part.text) else { continue };
            let label = priced(at) && labels::is_label(&part.text);
            let step = is_step(at) && phrases::event(&part.text).is_some();
            if !label && !step {
                found.push((line, n, state));
            }
        }
    }
    // Three states in one row are tabs or steps.
    let mut rows: HashMap<u32, BTreeSet<OrderState>> = HashMap::new();
    let row = |one: &Bare<'_>| {
        let own = document.elements.get(one.0.parts[one.1].element? as usize)?;
        Some([own.parent, own.parent.and_then(|n| document.elements[n as usize].parent)])
    };
    for one in &found {
        row(one).into_iter().flatten().flatten().for_each(|n| {
            rows.entry(n).or_default().insert(one.2);
        });
    }
    let many = |one: &Bare<'_>| {
        row(one).into_iter().flatten().flatten().any(|n| rows.get(&n).is_some_and(|row| row.len() >= 3))
    };
    found.into_iter().filter(|one| !many(one)).collect()
}

/// The first, if all are the same state.
fn only<'a, 'f>(mut found: impl Iterator<Item = &'f Bare<'a>>) -> Option<Bare<'a>>
where
    'a: 'f,
{
    let first = *found.next()?;
    found.all(|one| one.2 == first.2).then_some(first)
}

fn to_balance(text: &str) -> bool {
    text.len() < 120 && state::read(Field::Status, text, None) == OrderState::RefundedToBalance
}

/// Links and buttons say what can be done or looked for, not what is.
fn is_control(document: &Document, element: Option<u32>) -> bool {
    let name = element.and_then(|n| document.elements.get(n as usize)).map(|one| one.name.as_str());
    name.is_some_and(|name| matches!(name, "a" | "button" | "option" | "title" | "label" | "th"))
        || parent_is(document, element, "button")
}

fn parent_is(document: &Document, element: Option<u32>, name: &str) -> bool {
    let own = element.and_then(|n| document.elements.get(n as usize));
    own.and_then(|one| one.parent).is_some_and(|n| document.elements[n as usize].name == name)
}

/// Tells whether an element or the one around it is called a state.
fn names_state(document: &Document, element: Option<u32>) -> bool {
    let mut at = element;
    for _ in 0..2 {
        let Some(one) = at.and_then(|n| document.elements.get(n as usize)) else { return false };
        let name = |text: &String| {
            let words = || super::scope::words_of(text);
            text.to_ascii_lowercase().contains("stat")
                || words().any(|word| ["badge", "tag", "result", "st", "label"].contains(&word))
        };
        if name(&one.id) || one.classes.iter().any(name) {
            return true;
        }
        at = one.parent;
    }
    false
}

/// A heading, or the head of a card.
fn stands_out(document: &Document, element: Option<u32>) -> bool {
    let mut at = element;
    for _ in 0..2 {
        let Some(one) = at.and_then(|n| document.elements.get(n as usize)) else { return false };
        let name = |text: &String| {
            super::scope::words_of(text)
                .any(|word| ["title", "header", "head", "hd", "alert"].contains(&word))
        };
        if matches!(one.name.as_str(), "h1" | "h2" | "h3" | "h4") || one.classes.iter().any(name) {
            return true;
        }
        at = one.parent;
    }
    false
}
