//! From labels to typed readings, and the stretches that hold delivered content.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::delivery::{self, Payload, PayloadLine};
use super::labels::{Half, WEAK_RANK};
use super::lines::{Document, Element, Part};
use super::pairs::{Pair, Scan};
use super::scope::Scope;
use super::{
    Confidence, Field, Form, Hints, OrderState, Place, Reading, SystemGuess, Value, field, forms, goods,
    phrases, scope, settle, state, table, time, value,
};

#[derive(Deserialize)]
struct Table {
    slot: Vec<Slot>,
}

/// An element whose text is a field.
#[derive(Deserialize)]
struct Slot {
    selector: String,
    field: Field,
}

static SLOTS: LazyLock<Vec<Slot>> =
    LazyLock::new(|| table::parse::<Table>(include_str!("../../data/recognise/labels.toml")).slot);

/// Texts longer than this are cut in readings.
const MAX_TEXT: usize = 300;
/// More readings than this of one field are not given.
const MAX_OF_FIELD: usize = 1_000;
/// More lines than this do not belong to one delivered content.
const MAX_PAYLOAD: usize = 2_000;
/// A line without a label that is only an amount: how bills show theirs.
const BARE_AMOUNT: &str = r"^[-−+]?\s*[¥￥]?\s*\d[\d,]*\.\d{2}\s*元?$";

/// What fields are read with.
pub(super) struct Reader<'a> {
    pub(super) form: Form,
    pub(super) systems: &'a [SystemGuess],
    pub(super) hints: &'a Hints,
}

impl Reader<'_> {
    fn system(&self) -> Option<&str> {
        self.systems.first().map(|guess| guess.id.as_str())
    }

    /// All readings in the order of the text, and the delivered contents.
    pub(super) fn fields(&self, document: &Document) -> (Vec<Reading>, Vec<Payload>) {
        let bill = if self.form == Form::Html { forms::bill(document) } else { None };
        let scan = Scan::new(document, bill.unwrap_or(self.form), self.system());
        let mut payloads = Vec::new();
        let mut readings = self.slots(document, &mut payloads);
        let talk = matches!(self.form, Form::Chat | Form::Delivered);
        let pairs = if talk { Vec::new() } else { halves(document, scan.pairs()) };
        let said = readings.iter().map(|(one, at)| (*at, one.field));
        let scope = Scope::of(document, said.chain(pairs.iter().map(|one| (one.element, one.field))));
        self.labelled(document, pairs, &scope, &mut readings, &mut payloads);
        let part = scope.order(document, &readings, self.hints);
        let mut readings = scope::own(document, readings, part, &scope);
        if bill.is_some() {
            readings.retain(|one| !is_of_payment(one));
        }
        let boxes = code_boxes(document, &scope, &readings, &payloads);
        let has_cards = payloads.iter().chain(&boxes).any(Payload::has_card);
        readings.extend(self.bare_amount(document, bill, &readings));
        if self.form == Form::Html {
            let region = scope.region(document, part);
            let value = |field: Field, text: &str| self.value(field, text);
            readings.extend(settle::by_class(document, &scope, &readings, value));
            let search = phrases::Search { document, region: &region, value };
            readings.extend(search.read(&readings));
            if bill.is_none() {
                readings.extend(settle::bare_state(document, &region, part, &readings, has_cards));
                readings.extend(search.state(&readings));
            }
            readings.extend(goods::read(document, &region, &readings, value));
        }
        payloads.extend(boxes);
        if self.form == Form::Delivered {
            let lines = document.lines.iter().map(PayloadLine::of).take(MAX_PAYLOAD).collect();
            payloads.push(Payload { lines });
        }
        readings.sort_by_key(|one| one.span.start);
        field::mark_competing(&mut readings);
        settle::amounts(document, &scope, part, !self.systems.is_empty(), &mut readings);
        (readings, payloads)
    }

    /// What labels say, but for what stands beside the order.
    fn labelled(
        &self,
        document: &Document,
        pairs: Vec<Pair>,
        scope: &Scope,
        readings: &mut Vec<(Reading, Option<u32>)>,
        payloads: &mut Vec<Payload>,
    ) {
        let mut counts: BTreeMap<Field, usize> = BTreeMap::new();
        let mut read_to = 0;
        for mut pair in pairs.into_iter().filter(|pair| !scope.is_beside(pair.element)) {
            if pair.field == Field::ChargeAccount && is_delivered_account(document, &pair) {
                pair.field = Field::Secret;
            }
            if pair.field == Field::Secret {
                payloads.extend(payload_of(document, &pair, &mut read_to));
            }
            let count = counts.entry(pair.field).or_insert(0_usize);
            *count += 1;
            if *count <= MAX_OF_FIELD {
                let element = pair.element;
                readings.push((self.reading(document, pair), element));
            }
        }
    }

    fn reading(&self, document: &Document, pair: Pair) -> Reading {
        let path = match pair.key {
            Some(n) => Some(document.key_path(n)),
            None => document.path(pair.element),
        };
        Reading {
            value: self.value(pair.field, &pair.value),
            field: pair.field,
            label: pair.label,
            place: Place { line: pair.line, path },
            span: pair.span,
            confidence: pair.confidence,
            competes: false,
            rank: pair.rank,
        }
    }

    /// Reads a value as what its field is.
    fn value(&self, field: Field, text: &str) -> Value {
        let text = table::shorten(text.trim(), MAX_TEXT);
        let unread = || Value::Unread(text.to_owned());
        match field {
            Field::Status | Field::DeliveryStatus | Field::ComplaintStatus => {
                Value::Status { state: state::read(field, text, self.system()), shown: text.to_owned() }
            }
            _ if text.is_empty() => Value::Empty,
            Field::Secret => delivery::shown(text),
            Field::AmountPaid | Field::UnitPrice | Field::FaceValue | Field::RefundAmount => {
                value::amount_fen(text).map_or_else(unread, Value::AmountFen)
            }
            Field::Quantity => value::quantity(text).map_or_else(unread, Value::Quantity),
            Field::CreatedAt | Field::PaidAt | Field::DeliveredAt | Field::RefundedAt => {
                time::read(text, self.hints).map_or_else(unread, Value::Instant)
            }
            Field::ChargeAccount | Field::Contact => Value::Text(without_note(without_lead(text)).to_owned()),
            Field::OrderNo | Field::PaymentTxn => {
                value::number_word(text).map_or_else(unread, |word| Value::Text(text[word].to_owned()))
            }
            _ => Value::Text(text.to_owned()),
        }
    }

    /// Bills show the amount without a label, on a line of its own.
    fn bare_amount(&self, document: &Document, bill: Option<Form>, readings: &[Reading]) -> Option<Reading> {
        static BARE: LazyLock<regex::Regex> = LazyLock::new(|| table::pattern(BARE_AMOUNT));
        let voucher = matches!(self.form, Form::VoucherWechat | Form::VoucherAlipay);
        // On a bill's page the total before a deduction has a label, and what was paid has none.
        let read = |one: &Reading| {
            one.field == Field::AmountPaid && one.value.is_read() && (bill.is_none() || one.rank < WEAK_RANK)
        };
        if (!voucher && bill.is_none()) || readings.iter().any(read) {
            return None;
        }
        let line = document.lines.iter().find(|line| BARE.is_match(&line.text))?;
        Some(Reading {
            field: Field::AmountPaid,
            value: self.value(Field::AmountPaid, &line.text),
            label: String::new(),
            place: Place { line: line.number, path: None },
            span: line.span(&(0..line.text.len())),
            confidence: Confidence::Medium,
            competes: false,
            rank: 0,
        })
    }

    fn slots(&self, document: &Document, payloads: &mut Vec<Payload>) -> Vec<(Reading, Option<u32>)> {
        let mut readings = Vec::new();
        let roots = slot_roots(document);
        if roots.iter().all(Option::is_none) {
            return readings;
        }
        let mut found: Vec<(u32, usize, Vec<&Part>)> = Vec::new();
        for line in &document.lines {
            for part in &line.parts {
                let root = part.element.and_then(|n| roots.get(n as usize).copied().flatten());
                match (root, found.last_mut()) {
                    (Some((root, _)), Some((known, _, parts))) if *known == root => parts.push(part),
                    (Some((root, _)), _) => found.push((root, line.number, vec![part])),
                    (None, _) => {}
                }
            }
        }
        for (root, line, parts) in found {
            let Some((_, slot)) = roots[root as usize] else { continue };
            let reading = self.slot_reading(document, &SLOTS[slot], &parts, line);
            readings.extend(reading.map(|one| (one, Some(root))));
            if SLOTS[slot].field == Field::Secret {
                payloads.push(Payload { lines: parts.into_iter().map(PayloadLine::of_part).collect() });
            }
        }
        readings
    }

    fn slot_reading(
        &self,
        document: &Document,
        slot: &Slot,
        parts: &[&Part],
        line: usize,
    ) -> Option<Reading> {
        let (first, last) = (parts.first()?, parts.last()?);
        let text: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        let text = text.join("\n");
        // A label inside the element (`订单号：…`) is read as a pair of its own.
        let bare = text.rsplit_once(['：', ':']).filter(|(label, _)| super::labels::is_label(label));
        Some(Reading {
            field: slot.field,
            value: self.value(slot.field, bare.map_or(text.as_str(), |(_, value)| value)),
            label: slot.selector.clone(),
            place: Place { line, path: document.path(first.element) },
            span: first.span.start..last.span.end.max(first.span.start),
            confidence: Confidence::High,
            competes: false,
            rank: 0,
        })
    }
}

/// An account without a note in brackets behind it: `139****5560（移动）`.
fn without_note(text: &str) -> &str {
    let open = text.strip_suffix(['）', ')']).and_then(|rest| rest.rfind(['（', '(']));
    open.map(|at| text[..at].trim_end()).filter(|rest| !rest.is_empty()).unwrap_or(text)
}

/// A value without the label of its kind before it: `联系QQ 1000556680`.
fn without_lead(text: &str) -> &str {
    let (lead, rest) = text.split_once([' ', '：', ':']).unwrap_or(("", text));
    let rest = rest.trim_start();
    if !rest.is_empty() && super::labels::is_label(lead) { rest } else { text }
}

/// Joins the two halves of a card that labels name apart; a second half without a first is none.
fn halves(document: &Document, pairs: Vec<Pair>) -> Vec<Pair> {
    let mut out: Vec<Pair> = Vec::with_capacity(pairs.len());
    // Lines that are cards by their shape are read as such.
    let shaped = |one: &Pair| {
        one.ends_on.and_then(|n| document.lines.get(n)).is_some_and(|line| delivery::is_card(&line.text))
    };
    for pair in pairs {
        if pair.half != Some(Half::Second) {
            out.push(pair);
            continue;
        }
        let near = |first: &Pair| match (first.ends_on, pair.ends_on) {
            (Some(first), Some(second)) => second.abs_diff(first) <= 3,
            (None, None) => first.element == pair.element,
            _ => false,
        };
        let first = out.last_mut().filter(|one| one.half == Some(Half::First) && near(one));
        match first {
            Some(first) if !(shaped(first) && shaped(&pair)) => {
                first.field = Field::Secret;
                first.join(&pair);
                first.half = None;
            }
            Some(_) => out.push(pair),
            None if pair.field == Field::Secret && !pair.alone_is_none => out.push(pair),
            None => {}
        }
    }
    out
}

/// On a bill that the payment succeeded is not the order's state.
fn is_of_payment(one: &Reading) -> bool {
    let state = if let Value::Status { state, .. } = &one.value { Some(*state) } else { None };
    one.field == Field::Status
        && matches!(
            state,
            Some(OrderState::PaidPendingDelivery | OrderState::Completed | OrderState::Unknown)
        )
}

/// For every element the known element it is in, and which slot that is.
fn slot_roots(document: &Document) -> Vec<Option<(u32, usize)>> {
    let mut roots: Vec<Option<(u32, usize)>> = Vec::with_capacity(document.elements.len());
    for (n, element) in document.elements.iter().enumerate() {
        let inherited = element.parent.and_then(|parent| roots.get(parent as usize).copied().flatten());
        let own = || {
            // Every known element has a class or an id, or its name is asked for.
            let plain = element.classes.is_empty() && element.id.is_empty() && element.name != "textarea";
            if plain || !may_be_slot(element) {
                return None;
            }
            SLOTS.iter().position(|slot| matches(document, element, &slot.selector))
        };
        roots.push(inherited.or_else(|| own().map(|slot| (n as u32, slot))));
    }
    roots
}

/// Tells whether an id, a class or the name of an element ends some selector.
fn may_be_slot(element: &Element) -> bool {
    static LAST: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let last = |slot: &'static Slot| slot.selector.rsplit([' ', '.', '#']).next();
        SLOTS.iter().filter_map(last).collect()
    });
    let of_many =
        |id: &str| LAST.iter().any(|one| one.strip_suffix('*').is_some_and(|lead| id.starts_with(lead)));
    LAST.contains(element.name.as_str())
        || element.classes.iter().any(|class| LAST.contains(class.as_str()))
        || (!element.id.is_empty() && (LAST.contains(element.id.as_str()) || of_many(&element.id)))
}

/// Tells whether an element fits `tag.class`, `#id`, `#id*`, or such a one inside another (`.a textarea`).
fn matches(document: &Document, element: &Element, selector: &str) -> bool {
    let Some((outer, inner)) = selector.rsplit_once(' ') else { return simple(element, selector) };
    if !simple(element, inner) {
        return false;
    }
    let mut parent = element.parent;
    while let Some(one) = parent.and_then(|n| document.elements.get(n as usize)) {
        if matches(document, one, outer) {
            return true;
        }
        parent = one.parent;
    }
    false
}

fn simple(element: &Element, selector: &str) -> bool {
    let cut = selector.find(['#', '.']).unwrap_or(selector.len());
    let (tag, rest) = selector.split_at(cut);
    let fits = match (rest.strip_prefix('#'), rest.strip_prefix('.')) {
        (Some(id), _) => match id.strip_suffix('*') {
            Some(start) => element.id.starts_with(start),
            None => element.id == id,
        },
        (_, Some(class)) => element.classes.iter().any(|one| one == class),
        _ => true,
    };
    fits && (tag.is_empty() || element.name == tag)
}

/// Cards in boxes for text to copy, with or without a label; numbers of the order are none.
fn code_boxes(document: &Document, scope: &Scope, readings: &[Reading], read: &[Payload]) -> Vec<Payload> {
    let spans: Vec<&super::Span> =
        read.iter().flat_map(|one| &one.lines).map(|line| &line.span).take(MAX_PAYLOAD).collect();
    let known: BTreeSet<&str> = readings
        .iter()
        .filter(|one| one.field != Field::Secret)
        .filter_map(|one| if let Value::Text(text) = &one.value { Some(text.as_str()) } else { None })
        .collect();
    let may_be =
        |text: &str| text.len() >= 4 && text.is_ascii() && text.bytes().any(|byte| byte.is_ascii_digit());
    let boxed = |part: &&Part| {
        if !may_be(&part.text) {
            return false;
        }
        let name = part.element.and_then(|n| document.elements.get(n as usize)).map(|one| one.name.as_str());
        (name.is_some_and(|name| matches!(name, "code" | "pre" | "textarea" | "kbd" | "samp"))
            || names_cards(document, part.element))
            && !scope.is_beside(part.element)
            && delivery::is_card(&part.text)
            && !spans.iter().any(|span| span.contains(&part.span.start))
            && !known.contains(part.text.as_str())
    };
    let parts = document.lines.iter().flat_map(|line| &line.parts).filter(boxed).take(MAX_PAYLOAD);
    let lines: Vec<PayloadLine> = parts.map(PayloadLine::of_part).collect();
    if lines.is_empty() { Vec::new() } else { vec![Payload { lines }] }
}

/// Tells whether an element or the one around it is called one of cards.
fn names_cards(document: &Document, element: Option<u32>) -> bool {
    const WORDS: &[&str] = &[
        "code", "codes", "km", "kami", "kmlist", "cdk", "cdkey", "secret", "secrets", "keys", "cardkey",
        "cardinfo",
    ];
    let mut at = element;
    for _ in 0..2 {
        let Some(one) = at.and_then(|n| document.elements.get(n as usize)) else { return false };
        let mut names = std::iter::once(&one.id).chain(&one.classes);
        if names.any(|name| {
            scope::words_of(name).any(|word| WORDS.iter().any(|one| one.eq_ignore_ascii_case(word)))
        }) {
            return true;
        }
        at = one.parent;
    }
    false
}

/// `账号：… 密码：…` is what was delivered, not what was to be charged.
fn is_delivered_account(document: &Document, pair: &Pair) -> bool {
    let lines = pair.ends_on.and_then(|n| document.lines.get(n..)).unwrap_or_default();
    let text = |n: usize| lines.get(n).map_or("", |line| line.text.as_str());
    // A value alone in its cell may look like a card; the label must be part of the line.
    if !text(0).contains(&pair.label) {
        return false;
    }
    delivery::is_whole_card(text(0)) || (delivery::is_card(text(0)) && delivery::is_second_half(text(1)))
}

/// The delivered content behind a label: its value, and the card lines that follow; none if read already.
fn payload_of(document: &Document, pair: &Pair, read_to: &mut usize) -> Option<Payload> {
    let mut lines = PayloadLine::split(&pair.value, &pair.span, pair.verbatim);
    // Its label says that it is one.
    lines.iter_mut().for_each(|line| line.labelled = true);
    let Some(n) = pair.ends_on else { return Some(Payload { lines }) };
    if n < *read_to {
        return None;
    }
    // A label that is part of a card (`卡号：… 卡密：…`) counts with its whole line.
    let own = document.lines.get(n).filter(|line| delivery::is_card(&line.text));
    if let Some(line) = own {
        lines = vec![PayloadLine::of(line)];
    }
    let cell = document.lines.get(n).and_then(|line| line.cell);
    let following = document.lines.get(n + 1..).unwrap_or_default();
    let cards: Vec<PayloadLine> = following
        .iter()
        .take(MAX_PAYLOAD)
        .take_while(|line| delivery::is_card(&line.text) && line.cell == cell)
        .map(PayloadLine::of)
        .collect();
    if own.is_some() || !cards.is_empty() {
        *read_to = n + 1 + cards.len();
    }
    lines.extend(cards);
    Some(Payload { lines })
}
