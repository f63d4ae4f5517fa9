//! Which part of a page is the order: menus, notices and other goods around it are left out.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

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
/// Longer texts are no headings.
const MAX_HEADING: usize = 14;

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
            let around = inherited || is_around(element, &mut known);
            scope.beside[n] = inherited || (around && !scope.is_order(n));
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
            let own_part = self.said[parent] & OWN == 0;
            let from = if own_part { parent } else { heading };
            let end = self.ends[parent] as usize;
            let next = |n: &usize| is_heading(&document.elements[*n].name);
            let end = if own_part { end } else { (heading + 1..end).find(next).unwrap_or(end) };
            if self.said[from..end].iter().all(|said| said & ORDER_NO == 0) || own_part {
                self.beside[from..end].fill(true);
            }
            done = end;
        }
    }

    /// Tells whether a place is beside the order: a menu, a notice, other goods.
    pub(super) fn is_beside(&self, element: Option<u32>) -> bool {
        element.and_then(|n| self.beside.get(n as usize)).copied().unwrap_or(false)
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

/// Leaves out what the page says of other goods and orders than the one it shows.
pub(super) fn own(found: Vec<(Reading, Option<u32>)>, part: Option<Part>) -> Vec<Reading> {
    let inside = |field: Field| {
        let read = |(one, at): &(Reading, Option<u32>)| {
            one.field == field && one.value.is_read() && part.is_none_or(|part| part.holds(*at))
        };
        found.iter().any(read)
    };
    let several = |field: Field| {
        let mut values = found.iter().filter(|(one, _)| one.field == field && one.value.is_read());
        let first = values.next();
        values.any(|(one, _)| first.is_some_and(|(first, _)| first.value != one.value))
    };
    let mut drop = Vec::new();
    for field in found.iter().map(|(one, _)| one.field).collect::<BTreeSet<_>>() {
        let number =
            matches!(field, Field::OrderNo | Field::PaymentTxn | Field::Secret | Field::ComplaintStatus);
        if part.is_some() && !number && (inside(field) || (OF_GOODS.contains(&field) && several(field))) {
            drop.push(field);
        }
    }
    let outside = |at: &Option<u32>| part.is_some_and(|part| !part.holds(*at));
    let keep = |(one, at): &(Reading, Option<u32>)| {
        !drop.contains(&one.field) || part.is_none_or(|part| part.holds(*at))
    };
    let kept: Vec<(Reading, Option<u32>)> = found.into_iter().filter(keep).collect();
    kept.into_iter()
        .map(|(mut one, at)| {
            if OF_GOODS.contains(&one.field) && outside(&at) {
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
            let mut words = name.split(|c: char| !c.is_ascii_alphabetic());
            words.any(|word| around.words.iter().any(|one| one.eq_ignore_ascii_case(word)))
        })
    };
    around.tags.contains(&element.name)
        || word(&element.id)
        || element.classes.iter().any(|class| word(class))
        || (element.id.is_empty() && element.classes.is_empty() && word(&element.name))
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_link(name: &str) -> bool {
    matches!(name, "a" | "button" | "option")
}
