//! The goods of an order without labels: a name beside a price and `×2`, as cards of goods show them.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::lines::{Document, Line};
use super::scope::words_of;
use super::{Confidence, Field, Place, Reading, Span, Value, delivery, labels, state, table};

#[derive(Deserialize)]
struct Table {
    quantity: String,
    price: String,
    price_times: String,
    moment: String,
    not_name: String,
    not_heading: String,
    name_class: String,
    beside_class: String,
    old_price_class: String,
    container: Vec<String>,
}

struct Patterns {
    quantity: Regex,
    price: Regex,
    price_times: Regex,
    moment: Regex,
    not_name: Regex,
    not_heading: Regex,
    name_class: Regex,
    beside_class: Regex,
    old_price_class: Regex,
    container: Vec<String>,
}

static GOODS: LazyLock<Patterns> = LazyLock::new(|| {
    let table: Table = table::parse(include_str!("../../data/recognise/goods.toml"));
    Patterns {
        quantity: table::pattern(&table.quantity),
        price: table::pattern(&table.price),
        price_times: table::pattern(&table.price_times),
        moment: table::pattern(&table.moment),
        not_name: table::pattern(&table.not_name),
        not_heading: table::pattern(&table.not_heading),
        name_class: table::pattern(&table.name_class),
        beside_class: table::pattern(&table.beside_class),
        old_price_class: table::pattern(&table.old_price_class),
        container: table.container,
    }
});

/// How many elements around a price are looked at for a name.
const MAX_UP: usize = 6;
/// A card of goods has no more texts than this.
const MAX_CARD: usize = 30;
/// Longer texts are no names.
const MAX_NAME: usize = 80;

/// A text of the page: a line, or a part of one.
struct Item<'a> {
    line: &'a Line,
    range: Span,
    element: u32,
    text: &'a str,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Quantity,
    Price,
    Name,
    Other,
}

/// Tells whether a text is a price and nothing else.
pub(super) fn is_price(text: &str) -> bool {
    GOODS.price.is_match(text.trim())
}

/// Tells whether a text is a time and nothing else.
pub(super) fn is_moment(text: &str) -> bool {
    GOODS.moment.is_match(text.trim())
}

/// Fields of the goods that no label names, from the card of goods in the order's region.
pub(super) fn read(
    document: &Document,
    region: &[usize],
    readings: &[Reading],
    value: impl Fn(Field, &str) -> Value,
) -> Vec<Reading> {
    let known = |field: Field| readings.iter().any(|one| one.field == field && one.value.is_read());
    let wanted = [Field::ProductName, Field::Quantity, Field::UnitPrice].map(|field| !known(field));
    let is_order = known(Field::OrderNo) || known(Field::Status) || known(Field::CreatedAt);
    if document.elements.is_empty() || !is_order || wanted == [false; 3] {
        return Vec::new();
    }
    let read: HashSet<usize> = readings.iter().map(|one| one.span.start).collect();
    let items = items(document, region, &read);
    let priced = readings.iter().filter(|one| one.field == Field::UnitPrice).map(|one| one.span.start);
    let labelled: Vec<usize> = priced.collect();
    let Some(card) = card(document, &items, &labelled) else { return Vec::new() };
    let paid = readings.iter().find(|one| one.field == Field::AmountPaid).map(|one| &one.value);
    let quantity = card.quantity.map(|n| value(Field::Quantity, items[n].text));
    let price = card.price(document, &items, quantity.as_ref(), |text| value(Field::UnitPrice, text), paid);
    let found = [
        (Field::ProductName, card.name),
        (Field::Quantity, card.quantity),
        (
            Field::UnitPrice,
            price.filter(|n| {
                card.quantity.is_some() || adds_up(readings, &value(Field::UnitPrice, items[*n].text))
            }),
        ),
    ];
    let mut out = Vec::new();
    for ((field, item), wanted) in found.into_iter().zip(wanted) {
        let Some(item) = item.filter(|_| wanted).map(|n| &items[n]) else { continue };
        let value = value(field, item.text);
        if value.is_read() {
            out.push(item.reading(document, field, value));
        }
    }
    out
}

/// A price that, as often as was bought, is what was paid or a little more.
fn adds_up(readings: &[Reading], price: &Value) -> bool {
    let of = |field: Field| readings.iter().find(|one| one.field == field).map(|one| &one.value);
    match (of(Field::Quantity), of(Field::AmountPaid), price) {
        (Some(Value::Quantity(count)), Some(Value::AmountFen(paid)), Value::AmountFen(price)) => {
            let total = price.saturating_mul(i64::from(*count));
            *paid > 0 && *paid <= total && total / 2 <= *paid
        }
        _ => false,
    }
}

impl Item<'_> {
    fn reading(&self, document: &Document, field: Field, value: Value) -> Reading {
        Reading {
            field,
            value,
            label: String::new(),
            place: Place { line: self.line.number, path: document.path(Some(self.element)) },
            span: self.line.span(&self.range),
            confidence: Confidence::Low,
            competes: false,
            rank: 0,
        }
    }
}

/// The texts of a region; a line that is a price as a whole is one, however many elements it is split over.
fn items<'a>(document: &'a Document, region: &[usize], read: &HashSet<usize>) -> Vec<Item<'a>> {
    let mut out: Vec<Item<'a>> = Vec::new();
    let mut after_label = false;
    for n in region {
        let line = &document.lines[*n];
        let lone = line.parts.iter().filter(|part| !part.text.is_empty()).count() == 1;
        let label = lone && labels::is_label(&line.text);
        let value = after_label && !is_heading(document, line);
        after_label = label;
        if !(value || label) {
            line_items(document, line, read, &mut out);
        }
    }
    out
}

/// The texts of a line that no label and no reading has.
fn line_items<'a>(document: &'a Document, line: &'a Line, read: &HashSet<usize>, out: &mut Vec<Item<'a>>) {
    let is_labelled = |text: &str| !labels::labels_in(table::shorten(text, 120)).is_empty();
    let free = !is_labelled(&line.text) && !line.parts.iter().any(|part| read.contains(&part.span.start));
    if free {
        if line.text.len() < 40
            && let Some(found) = GOODS.price_times.captures(&line.text)
            && let (Some(price), Some(times)) = (found.name("p"), found.name("q"))
        {
            out.extend(item(line, price.range(), Kind::Price));
            return out.extend(item(line, times.range(), Kind::Quantity));
        }
        let whole = kind(document, &line.text, line.element(0));
        if matches!(whole, Kind::Quantity | Kind::Price) {
            return out.extend(item(line, 0..line.text.len(), whole));
        }
    }
    let mut after_label = false;
    for (at, part) in line.parts.iter().enumerate().filter(|(_, part)| !part.text.is_empty()) {
        let value = after_label;
        after_label = labels::is_label(&part.text) || part.text.ends_with(['：', ':']);
        if value || after_label || is_labelled(&part.text) || read.contains(&part.span.start) {
            continue;
        }
        let start = line.part_start(at);
        out.extend(item(line, start..start + part.text.len(), kind(document, &part.text, part.element)));
    }
}

/// A heading is no value of a label before it.
fn is_heading(document: &Document, line: &Line) -> bool {
    let own = line.element(0).and_then(|n| document.elements.get(n as usize));
    own.is_some_and(|one| matches!(one.name.as_str(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6"))
}

fn item(line: &Line, range: Span, kind: Kind) -> Option<Item<'_>> {
    let element = line.element(range.start)?;
    Some(Item { text: &line.text[range.clone()], line, range, element, kind })
}

fn kind(document: &Document, text: &str, element: Option<u32>) -> Kind {
    let text = text.trim();
    if text.len() < 24 && GOODS.quantity.is_match(text) {
        return Kind::Quantity;
    }
    if text.len() < 24 && GOODS.price.is_match(text) {
        return Kind::Price;
    }
    let own = element.and_then(|n| document.elements.get(n as usize)).map_or("", |one| one.name.as_str());
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_name = letters >= 2
        && text.chars().take(MAX_NAME + 1).count() <= MAX_NAME
        && text.chars().count() >= 3
        && !matches!(own, "button" | "title" | "option" | "label" | "th")
        && !GOODS.not_name.is_match(text)
        && !is_moment(text)
        && !delivery::is_card(text)
        && !is_code(text)
        && state::leading(text).is_none();
    if is_name { Kind::Name } else { Kind::Other }
}

/// A number or code, and no name in Latin letters.
fn is_code(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 4 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_#".contains(&byte))
}

struct Card {
    name: Option<usize>,
    quantity: Option<usize>,
    /// The texts of the card.
    items: Vec<usize>,
}

/// The card around the first quantity, else around the first price, else in an element named after goods.
fn card(document: &Document, items: &[Item<'_>], labelled: &[usize]) -> Option<Card> {
    let of = |kind: Kind| items.iter().enumerate().filter(move |(_, one)| one.kind == kind);
    let anchors = of(Kind::Quantity).chain(of(Kind::Price));
    let by_anchor = anchors.take(MAX_CARD).find_map(|(n, one)| {
        let quantity = Some(n).filter(|_| one.kind == Kind::Quantity);
        around(document, items, one.element, quantity)
    });
    let by_container = || {
        let root = items.iter().find_map(|one| container(document, one.element))?;
        around(document, items, root, None)
    };
    // A labelled price has the name before it.
    let by_label = || {
        let at = *labelled.first()?;
        let before = items.iter().enumerate().rev().find(|(_, one)| {
            one.kind == Kind::Name && one.line.parts.first().is_some_and(|part| part.span.end <= at)
        })?;
        Some(Card { name: Some(before.0), quantity: None, items: vec![before.0] })
    };
    // The only text that is set as a name or a heading.
    let by_name = || {
        let mut named = of(Kind::Name)
            .filter(|(_, one)| weight(document, one) >= 2 && !GOODS.not_heading.is_match(one.text));
        let (first, _) = named.next()?;
        named.next().is_none().then(|| Card { name: Some(first), quantity: None, items: vec![first] })
    };
    by_anchor.or_else(by_container).or_else(by_label).or_else(by_name)
}

/// The smallest element around a place with a text that may be a name.
fn around(document: &Document, items: &[Item<'_>], from: u32, quantity: Option<usize>) -> Option<Card> {
    let mut at = Some(from);
    for _ in 0..MAX_UP {
        let root = at?;
        let inside: Vec<usize> =
            (0..items.len()).filter(|n| document.is_inside(items[*n].element, root)).collect();
        if inside.len() > MAX_CARD {
            return None;
        }
        let names = inside.iter().copied().filter(|n| items[*n].kind == Kind::Name);
        let best = names.max_by_key(|n| (weight(document, &items[*n]), std::cmp::Reverse(*n)));
        if let Some(name) = best {
            let quantity =
                quantity.or_else(|| inside.iter().copied().find(|n| items[*n].kind == Kind::Quantity));
            return Some(Card { name: Some(name), quantity, items: inside });
        }
        at = document.elements.get(root as usize)?.parent;
    }
    None
}

/// How much an element says that it holds a name.
fn weight(document: &Document, item: &Item<'_>) -> i32 {
    let mut weight = 0;
    let own = document.elements.get(item.element as usize);
    let outer = own.and_then(|one| one.parent).and_then(|n| document.elements.get(n as usize));
    for one in [own, outer].into_iter().flatten() {
        let names = || std::iter::once(&one.id).chain(&one.classes);
        weight += 4 * i32::from(names().any(|name| GOODS.name_class.is_match(name)));
        weight -= 4 * i32::from(names().any(|name| GOODS.beside_class.is_match(name)));
        weight += 2 * i32::from(matches!(one.name.as_str(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6"));
        weight -= 2 * i32::from(matches!(one.name.as_str(), "small" | "em" | "i"));
    }
    weight
}

/// The element around a place that is called one of goods.
fn container(document: &Document, element: u32) -> Option<u32> {
    let mut at = Some(element);
    for _ in 0..3 {
        let n = at?;
        let one = document.elements.get(n as usize)?;
        let mut names = std::iter::once(one.id.as_str()).chain(one.classes.iter().map(String::as_str));
        let named = |name: &str| {
            words_of(name).any(|word| GOODS.container.iter().any(|one| one.eq_ignore_ascii_case(word)))
        };
        if names.any(named) {
            return Some(n);
        }
        at = one.parent;
    }
    None
}

impl Card {
    /// The price of one, if the card shows just one that is not an old one.
    fn price(
        &self,
        document: &Document,
        items: &[Item<'_>],
        quantity: Option<&Value>,
        read: impl Fn(&str) -> Value,
        paid: Option<&Value>,
    ) -> Option<usize> {
        let old = |n: &usize| {
            let mut at = document.elements.get(items[*n].element as usize);
            for _ in 0..2 {
                let Some(one) = at else { return false };
                if one.classes.iter().any(|name| GOODS.old_price_class.is_match(name)) {
                    return true;
                }
                at = one.parent.and_then(|n| document.elements.get(n as usize));
            }
            false
        };
        let mut prices = self.items.iter().copied().filter(|n| items[*n].kind == Kind::Price && !old(n));
        let first = prices.next()?;
        let value = read(items[first].text);
        let one = matches!(quantity, Some(Value::Quantity(1)));
        // Of several the sum is the price.
        let sum = !one && paid == Some(&value);
        (!sum && prices.all(|n| read(items[n].text) == value)).then_some(first)
    }
}
