//! From labels to typed readings, and the stretches that hold delivered content.

use std::sync::LazyLock;

use serde::Deserialize;

use super::delivery::{self, Payload, PayloadLine};
use super::lines::{Document, Element, Part};
use super::pairs::{Pair, Scan};
use super::{
    Confidence, Field, Form, Hints, Place, Reading, SystemGuess, Value, field, state, table, time, value,
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
/// More readings than this are not given.
const MAX_READINGS: usize = 5_000;
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
        let scan = Scan { document, form: self.form, system: self.system() };
        let mut payloads = Vec::new();
        let mut readings = self.slots(document, &mut payloads);
        if !matches!(self.form, Form::Chat | Form::Delivered) {
            let mut read_to = 0;
            for mut pair in scan.pairs() {
                if pair.field == Field::ChargeAccount && is_delivered_account(document, &pair) {
                    pair.field = Field::Secret;
                }
                if pair.field == Field::Secret {
                    payloads.extend(payload_of(document, &pair, &mut read_to));
                }
                if readings.len() < MAX_READINGS {
                    readings.push(self.reading(pair));
                }
            }
            readings.extend(self.voucher_amount(document, &readings));
        }
        if self.form == Form::Delivered {
            let lines = document.lines.iter().map(PayloadLine::of).take(MAX_PAYLOAD).collect();
            payloads.push(Payload { lines });
        }
        readings.sort_by_key(|one| one.span.start);
        field::mark_competing(&mut readings);
        (readings, payloads)
    }

    fn reading(&self, pair: Pair) -> Reading {
        Reading {
            value: self.value(pair.field, &pair.value),
            field: pair.field,
            label: pair.label,
            place: Place { line: pair.line, path: pair.path },
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
            Field::OrderNo | Field::PaymentTxn => {
                value::number_word(text).map_or_else(unread, |word| Value::Text(text[word].to_owned()))
            }
            _ => Value::Text(text.to_owned()),
        }
    }

    /// Bills show the amount without a label, on a line of its own.
    fn voucher_amount(&self, document: &Document, readings: &[Reading]) -> Option<Reading> {
        static BARE: LazyLock<regex::Regex> = LazyLock::new(|| table::pattern(BARE_AMOUNT));
        let voucher = matches!(self.form, Form::VoucherWechat | Form::VoucherAlipay);
        if !voucher || readings.iter().any(|one| one.field == Field::AmountPaid && one.value.is_read()) {
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

    fn slots(&self, document: &Document, payloads: &mut Vec<Payload>) -> Vec<Reading> {
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
            readings.extend(self.slot_reading(document, &SLOTS[slot], &parts, line));
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
        let bare = text.rsplit_once(['：', ':']).filter(|(label, _)| super::pairs::is_label(label));
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

/// For every element the known element it is in, and which slot that is.
fn slot_roots(document: &Document) -> Vec<Option<(u32, usize)>> {
    let mut roots: Vec<Option<(u32, usize)>> = Vec::with_capacity(document.elements.len());
    for (n, element) in document.elements.iter().enumerate() {
        let inherited = element.parent.and_then(|parent| roots.get(parent as usize).copied().flatten());
        let own = || SLOTS.iter().position(|slot| matches(document, element, &slot.selector));
        roots.push(inherited.or_else(|| own().map(|slot| (n as u32, slot))));
    }
    roots
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

/// `账号：… 密码：…` is what was delivered, not what was to be charged.
fn is_delivered_account(document: &Document, pair: &Pair) -> bool {
    let lines = pair.ends_on.and_then(|n| document.lines.get(n..)).unwrap_or_default();
    let text = |n: usize| lines.get(n).map_or("", |line| line.text.as_str());
    delivery::is_whole_card(text(0)) || (delivery::is_card(text(0)) && delivery::is_second_half(text(1)))
}

/// The delivered content behind a label: its value, and the card lines that follow; none if read already.
fn payload_of(document: &Document, pair: &Pair, read_to: &mut usize) -> Option<Payload> {
    let mut lines = PayloadLine::split(&pair.value, &pair.span, pair.verbatim);
    let Some(n) = pair.ends_on else { return Some(Payload { lines }) };
    if n < *read_to {
        return None;
    }
    // A label that is part of a card (`卡号：… 卡密：…`) counts with its whole line.
    let own = document.lines.get(n).filter(|line| delivery::is_card(&line.text));
    if let Some(line) = own {
        lines = vec![PayloadLine::of(line)];
    }
    let following = document.lines.get(n + 1..).unwrap_or_default();
    let cards: Vec<PayloadLine> = following
        .iter()
        .take(MAX_PAYLOAD)
        .take_while(|line| delivery::is_card(&line.text))
        .map(PayloadLine::of)
        .collect();
    if own.is_some() || !cards.is_empty() {
        *read_to = n + 1 + cards.len();
    }
    lines.extend(cards);
    Some(Payload { lines })
}
