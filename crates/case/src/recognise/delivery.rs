//! Delivered content: cards by their shapes, texts that only stand in for a card, counts. All shown masked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use sigu_evidence::{mask, mask_text};

use super::lines::{Document, Line, Part};
use super::{Field, Reading, Span, Value, field, table};

#[derive(Deserialize)]
struct Table {
    lead: Pattern,
    tail: Pattern,
    labelled: Pattern,
    shape: Vec<ShapeRow>,
    placeholder: Vec<PlaceholderRow>,
}

#[derive(Deserialize)]
struct Pattern {
    pattern: String,
}

#[derive(Deserialize)]
struct ShapeRow {
    id: String,
    pattern: String,
    #[serde(default)]
    needs_digit: Digits,
    half: Option<Half>,
}

#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Digits {
    #[default]
    None,
    Any,
    Every,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Half {
    First,
    Second,
}

#[derive(Deserialize)]
struct PlaceholderRow {
    id: String,
    pattern: String,
}

struct Shape {
    id: String,
    pattern: Regex,
    needs_digit: Digits,
    half: Option<Half>,
}

struct Shapes {
    lead: Regex,
    tail: Regex,
    labelled: Regex,
    shapes: Vec<Shape>,
    placeholders: Vec<(String, Regex)>,
    counts: Vec<Regex>,
}

static SHAPES: LazyLock<Shapes> = LazyLock::new(|| {
    let table: Table = table::parse(include_str!("../../data/recognise/cards.toml"));
    let counts: Counted = table::parse(include_str!("../../data/recognise/labels.toml"));
    let compiled = |row: ShapeRow| Shape {
        id: row.id,
        pattern: table::pattern(&row.pattern),
        needs_digit: row.needs_digit,
        half: row.half,
    };
    Shapes {
        lead: table::pattern(&table.lead.pattern),
        tail: table::pattern(&table.tail.pattern),
        labelled: table::pattern(&table.labelled.pattern),
        shapes: table.shape.into_iter().map(compiled).collect(),
        placeholders: table
            .placeholder
            .into_iter()
            .map(|row| (row.id, table::pattern(&row.pattern)))
            .collect(),
        counts: counts.count.iter().map(|row| table::pattern(&row.pattern)).collect(),
    }
});

#[derive(Deserialize)]
struct Counted {
    count: Vec<Pattern>,
}

/// A longer line is no card.
const MAX_LINE: usize = 2_048;
/// More lines than this of delivered content are not read.
const MAX_LINES: usize = 5_000;
/// How much of a stand-in text is shown, in characters.
const EXCERPT: usize = 80;

/// What the delivered content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliverySense {
    /// Cards, accounts or links are in it.
    Cards,
    /// No card, and a text that only stands in for one (D10).
    Placeholder,
    /// The place for it is there and empty.
    Empty,
    /// Neither: a text of another kind.
    Unclear,
}

/// One secret part of a card, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CardPart {
    /// First two, last two, length and eight hex digits: for inside the vault.
    pub masked: String,
    /// Where it stands in the readable text.
    pub span: Span,
}

/// One delivered card, account or link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// The shape's id in `data/recognise/cards.toml`.
    pub shape: String,
    /// Its parts: card number and password, account and password, link and code.
    pub parts: Vec<CardPart>,
}

/// A text that stands in for a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Placeholder {
    /// The id in `data/recognise/cards.toml`.
    pub id: String,
    /// The text's beginning, secrets masked.
    pub excerpt: String,
}

/// The delivered content of one input (S19, domain dossier 2.4, 2.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// What it is.
    pub sense: DeliverySense,
    /// The cards, each once.
    pub cards: Vec<Card>,
    /// How many different cards there are.
    pub count: usize,
    /// How many lines repeat a card that was there before.
    pub repeated: usize,
    /// The text that stands in for a card.
    pub placeholder: Option<Placeholder>,
    /// How many lines are neither a card nor empty.
    pub other_lines: usize,
    /// Whether there were more lines than are read.
    pub truncated: bool,
}

/// A line of delivered content.
pub(super) struct PayloadLine {
    pub(super) text: String,
    pub(super) span: Span,
    pub(super) verbatim: bool,
    /// A label says that it is a secret: any code is a card.
    pub(super) labelled: bool,
}

/// A stretch of delivered content.
pub(super) struct Payload {
    pub(super) lines: Vec<PayloadLine>,
}

impl Payload {
    /// Tells whether a card is in it.
    pub(super) fn has_card(&self) -> bool {
        self.lines.iter().any(|line| found_in(line).is_some())
    }
}

impl PayloadLine {
    pub(super) fn of(line: &Line) -> Self {
        let span = line.span(&(0..line.text.len()));
        Self { verbatim: span.len() == line.text.len(), text: line.text.clone(), span, labelled: false }
    }

    pub(super) fn of_part(part: &Part) -> Self {
        Self { text: part.text.clone(), span: part.span.clone(), verbatim: part.verbatim, labelled: false }
    }

    /// The lines of a value.
    pub(super) fn split(value: &str, span: &Span, verbatim: bool) -> Vec<Self> {
        let mut at = span.start;
        let mut lines = Vec::new();
        for line in value.split('\n') {
            let own = if verbatim { at..at + line.len() } else { span.clone() };
            at += line.len() + 1;
            lines.push(Self { text: line.to_owned(), span: own, verbatim, labelled: false });
        }
        lines
    }
}

struct Found {
    shape: usize,
    /// The parts as ranges of the line.
    parts: Vec<Span>,
}

fn card_in(line: &str) -> Option<Found> {
    if line.len() > MAX_LINE {
        return None;
    }
    let (trimmed, start) = (line.trim(), line.len() - line.trim_start().len());
    let lead = SHAPES.lead.find(trimmed).map_or(0, |lead| lead.end());
    let rest = &trimmed[lead..];
    let rest = &rest[..SHAPES.tail.find(rest).map_or(rest.len(), |tail| tail.start())];
    let base = start + lead;
    SHAPES.shapes.iter().enumerate().find_map(|(shape, row)| {
        let found = row.pattern.captures(rest)?;
        let parts: Vec<Span> = (1..=6)
            .filter_map(|n| found.name(["s1", "s2", "s3", "s4", "s5", "s6"][n - 1]))
            .map(|part| base + part.start()..base + part.end())
            .collect();
        let has_digit = |part: &Span| line[part.clone()].bytes().any(|byte| byte.is_ascii_digit());
        let fits = match row.needs_digit {
            Digits::None => true,
            Digits::Any => parts.iter().any(has_digit),
            Digits::Every => parts.iter().all(has_digit),
        };
        fits.then_some(Found { shape, parts })
    })
}

/// A card by its shape, or a code that a label calls a secret.
fn found_in(line: &PayloadLine) -> Option<Found> {
    card_in(&line.text).or_else(|| if line.labelled { code_in(&line.text) } else { None })
}

/// Any code of letters and digits, perhaps in groups; two of them, with a tab between, are one card.
fn code_in(line: &str) -> Option<Found> {
    if line.len() > MAX_LINE {
        return None;
    }
    let shape = SHAPES.shapes.iter().position(|one| one.half.is_none())?;
    let mut parts = Vec::new();
    for part in line.split('\t') {
        let text = part.trim();
        let start = text.as_ptr() as usize - line.as_ptr() as usize;
        parts.push(start..start + text.len());
        if !SHAPES.labelled.is_match(text) || !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
    }
    Some(Found { shape, parts })
}

/// Tells whether a line is a card.
pub(super) fn is_card(line: &str) -> bool {
    card_in(line).is_some()
}

/// Tells whether a line is a card by itself, with nothing to come on the next line.
pub(super) fn is_whole_card(line: &str) -> bool {
    card_in(line).is_some_and(|found| SHAPES.shapes[found.shape].half.is_none())
}

/// Tells whether a line is the second half of a card, as `密码：…` after `账号：…`.
pub(super) fn is_second_half(line: &str) -> bool {
    card_in(line).is_some_and(|found| SHAPES.shapes[found.shape].half == Some(Half::Second))
}

/// Tells whether a whole text is delivered content: mostly cards, or a short stand-in.
pub(super) fn looks_like_one(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(500).collect();
    let cards = lines.iter().filter(|line| is_card(line)).count();
    (cards > 0 && cards * 2 >= lines.len()) || (lines.len() <= 3 && placeholder(text).is_some())
}

/// A secret's value as a reading shows it: a stand-in as text, anything else as a mask.
pub(super) fn shown(text: &str) -> Value {
    let any_card = text.lines().any(is_card);
    if !any_card && placeholder(text).is_some() {
        return Value::Text(mask_text(text));
    }
    Value::Masked(mask(text).with_digest())
}

fn placeholder(text: &str) -> Option<Placeholder> {
    let text = table::shorten(text.trim(), 4 * EXCERPT);
    let (id, _) = SHAPES.placeholders.iter().find(|(_, pattern)| pattern.is_match(text))?;
    Some(Placeholder { id: id.clone(), excerpt: mask_text(table::shorten(text, EXCERPT)) })
}

#[derive(Default)]
struct Counting {
    cards: Vec<Card>,
    /// Which stretch has a card already.
    seen: BTreeMap<Vec<String>, usize>,
    stretch: usize,
    repeated: usize,
    other: Vec<String>,
    /// A labelled first half waits for its second.
    half: Option<(Card, Vec<String>)>,
}

/// Reads all delivered contents of an input; `None` if there is no place for any.
pub(super) fn read(payloads: &[Payload]) -> Option<Delivery> {
    if payloads.is_empty() {
        return None;
    }
    let mut counting = Counting::default();
    let mut places = BTreeSet::new();
    let lines = (0..).zip(payloads).flat_map(|(n, payload)| payload.lines.iter().map(move |line| (n, line)));
    for (stretch, line) in lines.clone().take(MAX_LINES) {
        // The same stretch can be reached by its element and by its label.
        if line.text.trim().is_empty() || !places.insert((line.span.start, line.text.trim().to_owned())) {
            continue;
        }
        if stretch != counting.stretch {
            counting.end_half();
            counting.stretch = stretch;
        }
        counting.line(line);
    }
    counting.end_half();
    let other = counting.other.join("\n");
    let placeholder = if counting.cards.is_empty() { placeholder(&other) } else { None };
    let sense = match (counting.cards.is_empty(), &placeholder, other.is_empty()) {
        (false, ..) => DeliverySense::Cards,
        (true, Some(_), _) => DeliverySense::Placeholder,
        (true, None, true) => DeliverySense::Empty,
        (true, None, false) => DeliverySense::Unclear,
    };
    Some(Delivery {
        sense,
        count: counting.cards.len(),
        cards: counting.cards,
        repeated: counting.repeated,
        placeholder,
        other_lines: counting.other.len(),
        truncated: lines.count() > MAX_LINES,
    })
}

impl Counting {
    fn line(&mut self, line: &PayloadLine) {
        let Some(found) = found_in(line) else {
            self.end_half();
            return self.other.push(table::shorten(line.text.trim(), 4 * EXCERPT).to_owned());
        };
        let shape = &SHAPES.shapes[found.shape];
        let raw: Vec<String> = found.parts.iter().map(|part| line.text[part.clone()].to_owned()).collect();
        let part = |range: &Span| CardPart {
            masked: mask(&line.text[range.clone()]).with_digest(),
            span: if line.verbatim {
                line.span.start + range.start..line.span.start + range.end
            } else {
                line.span.clone()
            },
        };
        let card = Card { shape: shape.id.clone(), parts: found.parts.iter().map(part).collect() };
        match (shape.half, self.half.take()) {
            (Some(Half::Second), Some((mut first, mut secrets))) => {
                first.parts.extend(card.parts);
                secrets.extend(raw);
                self.add(first, secrets);
            }
            (half, waiting) => {
                self.half = waiting;
                self.end_half();
                if half == Some(Half::First) {
                    self.half = Some((card, raw));
                } else {
                    self.add(card, raw);
                }
            }
        }
    }

    fn end_half(&mut self) {
        if let Some((card, secrets)) = self.half.take() {
            self.add(card, secrets);
        }
    }

    /// Counts a card once; a stretch that is shown twice on a page is no repetition.
    fn add(&mut self, card: Card, secrets: Vec<String>) {
        match self.seen.get(&secrets) {
            None => {
                self.seen.insert(secrets, self.stretch);
                self.cards.push(card);
            }
            Some(stretch) if *stretch == self.stretch => self.repeated += 1,
            Some(_) => {}
        }
    }
}

/// What the page itself says of how much was bought and delivered.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) delivered: Option<u32>,
    pub(super) bought: Option<u32>,
}

impl Counts {
    /// What was bought, from the order's own quantity if the page does not say it beside the count.
    pub(super) fn with_quantity(mut self, fields: &[Reading]) -> Self {
        let quantity = field::best(fields, Field::Quantity).filter(|one| one.is_sure());
        if let (None, Some(_), Some(Value::Quantity(count))) =
            (self.bought, self.delivered, quantity.map(|one| &one.value))
        {
            self.bought = Some(*count);
        }
        self
    }
}

/// Reads texts like `(已发货/购买数：1/3)`.
pub(super) fn counts(document: &Document) -> Counts {
    let read = |text: &str| {
        let found = SHAPES.counts.iter().find(|pattern| pattern.is_match(text))?.captures(text)?;
        let number = |name: &str| found.name(name).and_then(|part| part.as_str().parse().ok());
        Some(Counts { delivered: number("delivered"), bought: number("bought") })
    };
    document.lines.iter().find_map(|line| read(&line.text)).unwrap_or_default()
}

/// The bytes that hold secrets: of the cards, and of what else looks like a secret in a text.
pub(super) fn secret_spans(delivery: Option<&Delivery>) -> Vec<Span> {
    let cards = delivery.iter().flat_map(|delivery| &delivery.cards);
    cards.flat_map(|card| card.parts.iter().map(|part| part.span.clone())).collect()
}
