//! Which part of a page is the order: menus, notices and other goods around it are left out.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::labels::WEAK_RANK;
use super::lines::{Document, Element};
use super::{Confidence, Field, Hints, Reading, Value, table};

#[derive(Deserialize)]
struct Table {
    around: Around,
}

#[derive(Deserialize)]
struct Around {
    tags: Vec<String>,
    words: Vec<String>,
    headings: String,
}

static AROUND: LazyLock<(Around, Regex)> = LazyLock::new(|| {
    let Table { around } = table::parse(include_str!("../../data/recognise/around.toml"));
    let headings = table::pattern(&around.headings);
    (around, headings)
});

/// Fields by which the part that is the order is told.
const CORE: &[Field] = &[
    Field::OrderNo,
    Field::Status,
    Field::CreatedAt,
    Field::PaidAt,
    Field::PayMethod,
    Field::AmountPaid,
    Field::ProductName,
    Field::Quantity,
    Field::Contact,
    Field::ChargeAccount,
    Field::DeliveryMode,
];
const ORDER_NO: u16 = 1;
/// The order's number, state and times: what stands in no list of goods.
const OWN: u16 = 0b1111;
/// What a page may say of other goods as well.
const OF_GOODS: &[Field] =
    &[Field::ProductName, Field::UnitPrice, Field::Quantity, Field::AmountPaid, Field::FaceValue];
/// A card's or an order's own foot, menu or notice is of the order.
const OF_CARDS: &[&str] = &["order", "card", "item", "panel", "modal", "detail", "trade"];
/// Longer texts are no headings.
const MAX_HEADING: usize = 14;

/// A heading this many elements behind its part's beginning begins it: there may be an icon before it.
const MAX_BEFORE_HEADING: usize = 3;
/// More lines than this around the order are not looked through for what has no label.
const MAX_REGION: usize = 400;
/// Nor more elements around it.
const MAX_AROUND: usize = 12;
/// Lines after these are not looked through for what has no label.
const MAX_LOOK: usize = 100_000;

/// The elements of a page: what is said in each, and whether it is beside the order.
pub(super) struct Scope {
    /// The fields read in each element and all inside it.
    said: Vec<u16>,
    beside: Vec<bool>,
    /// Where each element and all inside it end.
    ends: Vec<u32>,
}

fn bit(field: Field) -> u16 {
    CORE.iter().position(|one| *one == field).map_or(0, |n| 1 << n)
}

impl Scope {
    /// Looks over a page once, given where which field was read.
    pub(super) fn of(document: &Document, said: impl Iterator<Item = (Option<u32>, Field)>) -> Self {
        let count = document.elements.len();
        let mut scope = Self { said: vec![0; count], beside: vec![false; count], ends: Vec::new() };
        for (element, field) in said {
            scope.say(document, element, bit(field));
        }
        scope.ends = (0..count as u32).map(|n| n + 1).collect();
        for (n, element) in document.elements.iter().enumerate().rev() {
            if let Some(parent) = element.parent {
                scope.ends[parent as usize] = scope.ends[parent as usize].max(scope.ends[n]);
            }
        }
        let mut known = HashMap::new();
        for (n, element) in document.elements.iter().enumerate() {
            let inherited = element.parent.is_some_and(|parent| scope.beside[parent as usize]);
            let around = inherited || element.hidden || element.asks || is_around(element, &mut known);
            let foot = || {
                element
                    .classes
                    .iter()
                    .any(|class| words_of(class).any(|word| word == "foot" || word == "footer"))
            };
            let own_foot = || scope.said[n] & OWN != 0 && foot();
            scope.beside[n] = inherited || (around && !scope.is_order(n) && !own_foot());
        }
        scope.after_headings(document);
        scope
    }

    /// Stops where it was said already: every element takes each bit once.
    fn say(&mut self, document: &Document, element: Option<u32>, bit: u16) {
        let mut at = element;
        while let Some(n) = at.map(|n| n as usize).filter(|n| *n < self.said.len()) {
            if self.said[n] & bit == bit {
                return;
            }
            self.said[n] |= bit;
            at = document.elements[n].parent;
        }
    }

    fn is_order(&self, n: usize) -> bool {
        self.said[n] & ORDER_NO != 0 && (self.said[n] & OWN).count_ones() >= 2
    }

    /// `相关推荐` puts its own part of the page beside the order, or what follows it there.
    fn after_headings(&mut self, document: &Document) {
        let headings = document.lines.iter().filter_map(|line| {
            let short = line.text.chars().take(MAX_HEADING + 1).count() <= MAX_HEADING;
            (short && AROUND.1.is_match(line.text.trim())).then(|| line.parts.first()?.element).flatten()
        });
        let mut done = 0;
        for heading in headings.map(|n| n as usize) {
            if heading < done || self.beside[heading] || is_link(&document.elements[heading].name) {
                continue;
            }
            let Some(parent) = document.elements[heading].parent.map(|n| n as usize) else { continue };
            // A heading at the beginning of its part is of all of it, one in the middle of what follows.
            let own_part = self.said[parent] & OWN == 0 && heading <= parent + MAX_BEFORE_HEADING;
            let from = if own_part { parent } else { heading };
            let end = self.ends[parent] as usize;
            let next = |n: &usize| is_heading(&document.elements[*n].name);
            let end = if own_part { end } else { (heading + 1..end).find(next).unwrap_or(end) };
            let end = (from + 1..end).find(|n| self.said[*n] & ORDER_NO != 0).unwrap_or(end);
            if self.said[from] & ORDER_NO == 0 || own_part {
                self.beside[from..end].fill(true);
            }
            done = end;
        }
    }

    /// Tells whether a place is beside the order: a menu, a notice, other goods.
    pub(super) fn is_beside(&self, element: Option<u32>) -> bool {
        element.and_then(|n| self.beside.get(n as usize)).copied().unwrap_or(false)
    }

    /// The lines around the order that are neither beside it nor too many: where what has no label is looked for.
    pub(super) fn region(&self, document: &Document, part: Option<Part>) -> Vec<usize> {
        let shown = |n: &usize| {
            let line = &document.lines[*n];
            !line.text.is_empty() && !self.is_beside(line.element(0))
        };
        let all: Vec<usize> = (0..document.lines.len()).filter(shown).take(MAX_LOOK).collect();
        let Some(part) = part else { return all.into_iter().take(MAX_REGION).collect() };
        let mut region = Vec::new();
        let mut at = Some(part.start);
        for _ in 0..MAX_AROUND {
            let Some(n) = at else { break };
            let wider = Part { start: n, end: self.ends[n as usize] };
            let inside = |line: &&usize| wider.holds(document.lines[**line].element(0));
            let lines: Vec<usize> = all.iter().filter(inside).copied().take(MAX_REGION + 1).collect();
            if lines.len() > MAX_REGION && !region.is_empty() {
                break;
            }
            region = lines;
            at = document.elements[n as usize].parent;
        }
        region
    }

    /// The part that holds the order; `None` if the page has several orders or none.
    pub(super) fn order(
        &self,
        document: &Document,
        found: &[(Reading, Option<u32>)],
        hints: &Hints,
    ) -> Option<Part> {
        let numbers: Vec<(&str, u32)> = found
            .iter()
            .filter_map(|(one, element)| match &one.value {
                Value::Text(text) if one.field == Field::OrderNo => Some((text.as_str(), (*element)?)),
                _ => None,
            })
            .collect();
        let known = numbers.iter().find(|(text, _)| hints.order_no.as_deref() == Some(text));
        let (number, anchor) = *known.or(numbers.first())?;
        let all =
            found.iter().filter(|(_, at)| !self.is_beside(*at)).fold(0, |all, (one, _)| all | bit(one.field));
        let enough = (all.count_ones() * 6).div_ceil(10).max(3);
        let mut at = Some(anchor);
        while let Some(n) = at.map(|n| n as usize) {
            if self.said[n].count_ones() >= enough {
                let part = Part { start: n as u32, end: self.ends[n] };
                let one_order = known.is_some()
                    || numbers.iter().all(|(other, place)| *other == number || part.holds(Some(*place)));
                return one_order.then_some(part);
            }
            at = document.elements[n].parent;
        }
        None
    }
}

/// An element and all inside it.
#[derive(Clone, Copy)]
pub(super) struct Part {
    start: u32,
    end: u32,
}

impl Part {
    /// Tells whether an element is in it.
    pub(super) fn holds(self, element: Option<u32>) -> bool {
        element.is_some_and(|n| (self.start..self.end).contains(&n))
    }
}

/// Leaves out what the page says of other goods and orders than the one it shows: of each field what stands
/// nearest to the order.
pub(super) fn own(
    document: &Document,
    found: Vec<(Reading, Option<u32>)>,
    part: Option<Part>,
    scope: &Scope,
) -> Vec<Reading> {
    let Some(part) = part else { return found.into_iter().map(|(one, _)| one).collect() };
    let mut nearest: BTreeMap<Field, Part> = BTreeMap::new();
    for field in found.iter().map(|(one, _)| one.field).collect::<BTreeSet<_>>() {
        let own = || found.iter().filter(move |(one, _)| one.field == field && one.value.is_read());
        let mut around = Some(part.start);
        while let Some(n) = around {
            let wider = Part { start: n, end: scope.ends[n as usize] };
            if own().any(|(_, at)| wider.holds(*at)) {
                nearest.insert(field, wider);
                break;
            }
            around = document.elements[n as usize].parent;
        }
    }
    let several = |field: Field, near: Part| {
        let mut values = found
            .iter()
            .filter(|(one, at)| one.field == field && one.value.is_read() && near.holds(*at))
            .filter(|(one, _)| field != Field::AmountPaid || one.rank < WEAK_RANK);
        let first = values.next();
        values.any(|(one, _)| first.is_some_and(|(first, _)| first.value != one.value))
    };
    let free = |field: Field| {
        matches!(field, Field::OrderNo | Field::PaymentTxn | Field::Secret | Field::ComplaintStatus)
    };
    let crowded: BTreeSet<Field> = nearest
        .iter()
        .filter(|(field, near)| {
            OF_GOODS.contains(*field) && near.start != part.start && several(**field, **near)
        })
        .map(|(field, _)| *field)
        .collect();
    let keep = |(one, at): &(Reading, Option<u32>)| {
        free(one.field)
            || (!crowded.contains(&one.field) && nearest.get(&one.field).is_none_or(|near| near.holds(*at)))
    };
    let unsure = |one: &Reading, at: Option<u32>| {
        let strong = one.field == Field::AmountPaid && one.rank < WEAK_RANK;
        OF_GOODS.contains(&one.field) && !part.holds(at) && !strong
    };
    found
        .into_iter()
        .filter(keep)
        .map(|(mut one, at)| {
            if unsure(&one, at) {
                one.confidence = Confidence::Low;
            }
            one
        })
        .collect()
}

/// Tells by tag, id, classes or key whether an element stands around an order; `known` are names seen before.
fn is_around<'a>(element: &'a Element, known: &mut HashMap<&'a str, bool>) -> bool {
    let around = &AROUND.0;
    let mut word = |name: &'a str| {
        *known.entry(name).or_insert_with(|| {
            let of_card = words_of(name).any(|word| OF_CARDS.contains(&word));
            !of_card
                && words_of(name).any(|word| around.words.iter().any(|one| one.eq_ignore_ascii_case(word)))
                || (!name.is_ascii() && AROUND.1.is_match(name))
        })
    };
    around.tags.contains(&element.name)
        || word(&element.id)
        || element.classes.iter().any(|class| word(class))
        || (element.id.is_empty() && element.classes.is_empty() && word(&element.name))
}

/// The words of a class, an id or a key: `hotItems` and `hot-items` are two.
pub(super) fn words_of(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_alphabetic()).flat_map(|run| {
        let ups = run
            .char_indices()
            .skip(1)
            .filter(|(at, c)| c.is_ascii_uppercase() && run.as_bytes()[at - 1].is_ascii_lowercase());
        let ends: Vec<usize> = ups.map(|(at, _)| at).chain([run.len()]).collect();
        let mut from = 0;
        ends.into_iter().map(move |end| {
            let word = &run[from..end];
            from = end;
            word
        })
    })
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_link(name: &str) -> bool {
    matches!(name, "a" | "button" | "option")
}
