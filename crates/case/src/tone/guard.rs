//! Why a hit is no hit: quotations, product names, and patterns in the window around it.

use std::ops::Range;

use super::fold::{FoldRow, Folded, ViewKind};
use super::table::{Guard, Scope, Shield, Window};
use super::verdict::Context;
use crate::Direction;

/// Ends of a clause and of a sentence, after folding.
const CLAUSE_ENDS: &str = ",，。！？!?；;\n";
const SENTENCE_ENDS: &str = "。！？!?；;\n";

/// The parts of one text that no insult can stand in, as ranges of original characters.
pub(super) struct Shelter {
    quoted: Vec<Range<usize>>,
    named: Vec<Range<usize>>,
}

impl Shelter {
    /// Finds quotations and product names.
    pub(super) fn new(folded: &Folded<'_>, context: &Context<'_>, row: &FoldRow) -> Self {
        Self { quoted: quoted(folded.chars(), row), named: named(folded, context.product_names, row) }
    }

    /// The tag and the id of what protects a hit, if anything does.
    pub(super) fn protects(
        &self,
        shield: &'static Shield,
        place: &Place<'_>,
        direction: Direction,
    ) -> Option<(&'static str, &'static str)> {
        let inside = |ranges: &[Range<usize>]| {
            ranges.iter().any(|range| range.start <= place.chars.start && place.chars.end <= range.end)
        };
        match shield {
            Shield::Quoted => inside(&self.quoted).then_some(("product_name", "quoted")),
            Shield::Named => inside(&self.named).then_some(("product_name", "named")),
            Shield::Window(guard) => {
                let applies = guard.directions.contains(&direction) && holds(guard, place);
                applies.then_some((guard.tag.as_str(), guard.id.as_str()))
            }
        }
    }
}

/// Where a hit stands: in a view, and in the original.
pub(super) struct Place<'v> {
    /// The view's text.
    pub(super) text: &'v str,
    /// The hit there.
    pub(super) bytes: Range<usize>,
    /// The original characters.
    pub(super) chars: Range<usize>,
}

fn holds(guard: &Guard, place: &Place<'_>) -> bool {
    let ends = match guard.scope {
        Scope::Clause => CLAUSE_ENDS,
        Scope::Sentence => SENTENCE_ENDS,
        Scope::Text => "",
    };
    let from = back(place.text, place.bytes.start, guard.reach, ends);
    let to = ahead(place.text, place.bytes.end, guard.reach, ends);
    let window = match guard.window {
        Window::Before => &place.text[from..place.bytes.start],
        Window::After => &place.text[place.bytes.end..to],
        Window::Around => &place.text[from..to],
    };
    let revoked = guard.unless.as_ref().is_some_and(|unless| unless.is_match(&place.text[from..to]));
    !revoked && guard.pattern.is_match(window)
}

fn back(text: &str, from: usize, reach: usize, ends: &str) -> usize {
    let before = text[..from].char_indices().rev().take(reach);
    before.take_while(|(_, c)| !ends.contains(*c)).last().map_or(from, |(at, _)| at)
}

fn ahead(text: &str, from: usize, reach: usize, ends: &str) -> usize {
    let after = text[from..].char_indices().take(reach);
    after.take_while(|(_, c)| !ends.contains(*c)).last().map_or(from, |(at, c)| from + at + c.len_utf8())
}

fn quoted(chars: &[char], row: &FoldRow) -> Vec<Range<usize>> {
    let pairs: Vec<(char, char)> =
        row.quotes.iter().filter_map(|pair| Some((pair.chars().next()?, pair.chars().nth(1)?))).collect();
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, &c) in chars.iter().enumerate() {
        match open {
            Some((start, close)) if c == close => {
                found.push(start..at + 1);
                open = None;
            }
            Some(_) if c != '\n' => {}
            _ => open = pairs.iter().find(|pair| pair.0 == c).map(|pair| (at, pair.1)),
        }
    }
    found
}

fn named(folded: &Folded<'_>, names: &[String], row: &FoldRow) -> Vec<Range<usize>> {
    let view = folded.view(ViewKind::Words);
    let mut found = Vec::new();
    for name in names {
        let name = Folded::new(name, row);
        let name = &name.view(ViewKind::Words).text;
        if name.chars().count() >= 2 {
            let places = view.text.match_indices(name.as_str());
            found.extend(places.filter_map(|(at, name)| view.sources(&(at..at + name.len()))));
        }
    }
    found
}
