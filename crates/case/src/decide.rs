//! Commands to events. A refusal is an ordinary value that names the field and the reason.

use jiff::{Span, Timestamp};

use crate::command::{MAX_NOTE_CHARS, MAX_TEXT_CHARS};
use crate::state::ERASABLE_FIELDS;
use crate::{Command, Event, ItemId, OrderFacts, OrderId, State};

/// Why the case says no. The edge turns each into a sentence with advice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such order.
    #[error("no order {0}")]
    UnknownOrder(OrderId),
    /// The label is taken.
    #[error("order {0} exists already")]
    OrderExists(OrderId),
    /// A text is empty or has nothing but blanks.
    #[error("{field} is empty")]
    Empty {
        /// The field.
        field: &'static str,
    },
    /// A text is too long.
    #[error("{field} has {chars} characters, {max} are allowed")]
    TooLong {
        /// The field.
        field: &'static str,
        /// Its length in characters.
        chars: usize,
        /// The longest allowed.
        max: usize,
    },
    /// A time lies ahead of the device's clock by more than a day, or before 2000.
    #[error("{field} is not a time that can be: {value}")]
    ImpossibleTime {
        /// The field.
        field: &'static str,
        /// The time.
        value: Timestamp,
    },
    /// Delivered before it was paid.
    #[error("delivered at {delivered}, before it was paid at {paid}")]
    DeliveredBeforePaid {
        /// The payment.
        paid: Timestamp,
        /// The delivery.
        delivered: Timestamp,
    },
    /// An amount below zero or above 100 million yuan.
    #[error("amount of {0} fen")]
    ImpossibleAmount(i64),
    /// Nothing to change was given.
    #[error("nothing to change")]
    NothingToChange,
    /// There is no such item that could be erased.
    #[error("no item {0}")]
    UnknownItem(ItemId),
    /// The field is erased with the whole item only, or never.
    #[error("field {0} is not erased on its own")]
    FieldStays(String),
    /// It was erased before.
    #[error("item {0} is erased already")]
    ErasedAlready(ItemId),
}

/// Answers a command: the events to log, or why not.
///
/// `at` is the device's clock; times in the command may not lie more than a day ahead of it (clocks differ),
/// nor before the year 2000.
pub fn decide(state: &State, command: &Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::OpenOrder { order, facts } => open_order(state, order, facts, at),
        Command::AmendOrder { order, facts } => amend_order(state, order, facts, at),
        Command::FixEvidence { order, slot, formed_at, note, manifest } => {
            known(state, order)?;
            check_time("formed_at", *formed_at, at)?;
            check_text("note", note.as_deref(), MAX_NOTE_CHARS)?;
            Ok(vec![Event::EvidenceFixed {
                order: order.clone(),
                slot: *slot,
                formed_at: *formed_at,
                note: note.clone(),
                manifest: Some(manifest.clone()),
            }])
        }
        Command::RecordMessage { order, said_at, direction, channel, text } => {
            known(state, order)?;
            check_time("said_at", Some(*said_at), at)?;
            check_text("text", Some(text), MAX_TEXT_CHARS)?;
            Ok(vec![Event::MessageRecorded {
                order: order.clone(),
                said_at: *said_at,
                direction: *direction,
                channel: *channel,
                text: Some(text.clone()),
            }])
        }
        Command::MakeExport { order } => {
            known(state, order)?;
            Ok(vec![Event::ExportMade { order: order.clone() }])
        }
        Command::EraseContent { item, fields } => erase(state, *item, fields),
    }
}

fn open_order(
    state: &State,
    order: &OrderId,
    facts: &OrderFacts,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    if state.order(order).is_some() {
        return Err(Refusal::OrderExists(order.clone()));
    }
    check_facts(facts, facts, at)?;
    Ok(vec![Event::OrderOpened { order: order.clone(), facts: facts.clone() }])
}

fn amend_order(
    state: &State,
    order: &OrderId,
    facts: &OrderFacts,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let known = known(state, order)?;
    let mut after = known.facts.clone();
    after.amend(facts);
    if after == known.facts {
        return Err(Refusal::NothingToChange);
    }
    check_facts(facts, &after, at)?;
    Ok(vec![Event::OrderAmended { order: order.clone(), facts: facts.clone() }])
}

fn erase(state: &State, item: ItemId, fields: &[String]) -> Result<Vec<Event>, Refusal> {
    match state.erased(item) {
        None => Err(Refusal::UnknownItem(item)),
        Some(true) => Err(Refusal::ErasedAlready(item)),
        Some(false) if fields.iter().any(|field| !ERASABLE_FIELDS.contains(&field.as_str())) => {
            let field = fields.iter().find(|field| !ERASABLE_FIELDS.contains(&field.as_str()));
            Err(Refusal::FieldStays(field.cloned().unwrap_or_default()))
        }
        Some(false) => Ok(vec![Event::ContentErased { item, fields: fields.to_vec() }]),
    }
}

fn known<'a>(state: &'a State, order: &OrderId) -> Result<&'a crate::Order, Refusal> {
    state.order(order).ok_or_else(|| Refusal::UnknownOrder(order.clone()))
}

/// `given` are the facts of the command, `after` what the order would then know.
fn check_facts(given: &OrderFacts, after: &OrderFacts, at: Timestamp) -> Result<(), Refusal> {
    for (field, text) in [
        ("title", &given.title),
        ("order_no", &given.order_no),
        ("merchant", &given.merchant),
        ("platform", &given.platform),
    ] {
        check_text(field, text.as_deref(), 200)?;
    }
    check_time("paid_at", given.paid_at, at)?;
    check_time("delivered_at", given.delivered_at, at)?;
    if let Some(fen) = given.amount_fen.filter(|fen| !(0..=10_000_000_000).contains(fen)) {
        return Err(Refusal::ImpossibleAmount(fen));
    }
    match (after.paid_at, after.delivered_at) {
        (Some(paid), Some(delivered)) if delivered < paid => {
            Err(Refusal::DeliveredBeforePaid { paid, delivered })
        }
        _ => Ok(()),
    }
}

fn check_text(field: &'static str, text: Option<&str>, max: usize) -> Result<(), Refusal> {
    let Some(text) = text else { return Ok(()) };
    let chars = text.chars().count();
    if text.trim().is_empty() {
        Err(Refusal::Empty { field })
    } else if chars > max {
        Err(Refusal::TooLong { field, chars, max })
    } else {
        Ok(())
    }
}

/// 2000-01-01T00:00:00Z: no card shop is older.
const EARLIEST: Timestamp = Timestamp::constant(946_684_800, 0);

fn check_time(field: &'static str, value: Option<Timestamp>, at: Timestamp) -> Result<(), Refusal> {
    let Some(value) = value else { return Ok(()) };
    let latest = at.checked_add(Span::new().hours(24)).unwrap_or(Timestamp::MAX);
    if (EARLIEST..=latest).contains(&value) { Ok(()) } else { Err(Refusal::ImpossibleTime { field, value }) }
}
