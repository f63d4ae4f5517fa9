//! Commands to events. A refusal is an ordinary value that names the field and the reason.

use jiff::{Span, Timestamp};
use sigu_evidence::{FieldValue, Fields};

use crate::command::{MAX_NOTE_CHARS, MAX_TEXT_CHARS};
use crate::page::{MAX_EVERY_HOURS, MAX_RECIPE_CHARS, MAX_RECIPE_LINES, PageFixed, PageLabel, declared};
use crate::report::{PageWatched, Report};
use crate::state::ERASABLE_FIELDS;
use crate::wire::FieldKind;
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
    /// There is no such item in the order.
    #[error("no item {0}")]
    UnknownItem(ItemId),
    /// The field is erased with the whole item only, or never.
    #[error("field {0} is not erased on its own")]
    FieldStays(String),
    /// A value no field can hold.
    #[error("{0}")]
    Unfit(String),
    /// No page of that name is watched.
    #[error("no watched page {0}")]
    UnknownPage(PageLabel),
    /// What is to be watched is no address of HTTP or HTTPS, or one with a password in it.
    #[error("{0} is not an address that can be watched")]
    PageAddress(String),
    /// A page cannot be looked at that often, or that seldom.
    #[error("every {0} hours")]
    PageInterval(u32),
    /// A recipe has more lines than are taken, or one that is too long.
    #[error("{field} has too many lines, or one that is too long")]
    PageRecipe {
        /// The field.
        field: &'static str,
    },
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
        Command::RecordMessage { order, said_at, direction, channel, text, detail } => {
            let known = known(state, order)?;
            detail.exhibits.iter().try_for_each(|item| belongs(state, known, *item))?;
            check_span("due_at", detail.due_at, *said_at)?;
            check_time("said_at", Some(*said_at), at)?;
            check_text("text", Some(text), MAX_TEXT_CHARS)?;
            Ok(vec![Event::MessageRecorded {
                order: order.clone(),
                said_at: *said_at,
                direction: *direction,
                channel: *channel,
                text: Some(text.clone()),
                detail: detail.clone(),
            }])
        }
        Command::MakeExport { order } => {
            known(state, order)?;
            Ok(vec![Event::ExportMade { order: order.clone() }])
        }
        Command::FixPage(fixed) => fix_page(state, fixed, at),
        Command::Report(report) => accept(state, report, at),
        Command::EraseContent { item, fields } => erase(state, *item, fields),
    }
}

/// The longest name, number or address in a report, in characters.
const MAX_NAME_CHARS: usize = 300;

/// A report is taken when its order is known, its times and amounts can be, and what it names is there.
fn accept(state: &State, report: &Report, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    let order = report.order().map(|order| known(state, order)).transpose()?;
    check_time("happened_at", Some(report.at()), at)?;
    let mut fields = Fields::new();
    report.put(&mut fields).map_err(|error| Refusal::Unfit(error.to_string()))?;
    for name in report.names() {
        match fields.get(name) {
            Some(FieldValue::Text(text)) => check_words(name, text)?,
            Some(FieldValue::Int(fen)) if name.ends_with("_fen") && !AMOUNTS.contains(fen) => {
                return Err(Refusal::ImpossibleAmount(*fen));
            }
            _ => {}
        }
    }
    for item in report.items() {
        match order {
            Some(order) => belongs(state, order, item)?,
            // A version of a watched page can be cited as well as an exhibit.
            None if state.owner(item).is_none() && state.page(item).is_none() => {
                return Err(Refusal::UnknownItem(item));
            }
            None => {}
        }
    }
    if let Ok(Some(due_at)) = <Option<Timestamp> as FieldKind>::take("due_at", &fields) {
        check_span("due_at", Some(due_at), report.at())?;
    }
    if let Report::PageWatched(watched) = report {
        check_page(state, watched)?;
    }
    Ok(vec![Event::Reported(report.clone())])
}

/// A version is taken of a page that was declared, and compared with one of the same page.
fn fix_page(state: &State, fixed: &PageFixed, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    if !declared(state.house()).contains_key(&fixed.page) {
        return Err(Refusal::UnknownPage(fixed.page.clone()));
    }
    check_time("seen_at", Some(fixed.seen_at), at)?;
    match fixed.before {
        Some(before) if state.page(before).is_none_or(|seen| seen.page != fixed.page) => {
            Err(Refusal::UnknownItem(before))
        }
        _ => Ok(vec![Event::PageFixed(Box::new(fixed.clone()))]),
    }
}

/// What is to be watched can be asked for, often enough and not too often.
fn check_page(state: &State, watched: &PageWatched) -> Result<(), Refusal> {
    let rest = watched.url.strip_prefix("https://").or_else(|| watched.url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    if host.is_empty() || host.contains('@') || watched.url.contains(char::is_whitespace) {
        return Err(Refusal::PageAddress(watched.url.clone()));
    }
    if !(1..=MAX_EVERY_HOURS).contains(&watched.every_hours) {
        return Err(Refusal::PageInterval(watched.every_hours));
    }
    let lists =
        [("page.select", &watched.select), ("page.remove", &watched.remove), ("page.mask", &watched.mask)];
    for (field, lines) in lists {
        let long = |line: &String| line.trim().is_empty() || line.chars().count() > MAX_RECIPE_CHARS;
        if lines.len() > MAX_RECIPE_LINES || lines.iter().any(long) {
            return Err(Refusal::PageRecipe { field });
        }
    }
    watched.bound_to.as_ref().map_or(Ok(()), |order| known(state, order).map(drop))
}

fn check_words(name: &'static str, text: &str) -> Result<(), Refusal> {
    let max = if name.ends_with(".text") || name.ends_with(".toml") {
        MAX_TEXT_CHARS
    } else if name == "note"
        || [".reason", ".condition", ".proves", ".caption", ".url"].iter().any(|end| name.ends_with(end))
    {
        MAX_NOTE_CHARS
    } else {
        MAX_NAME_CHARS
    };
    check_text(name, Some(text), max)
}

fn belongs(state: &State, order: &crate::Order, item: ItemId) -> Result<(), Refusal> {
    match state.owner(item) {
        Some(owner) if owner.id == order.id => Ok(()),
        _ => Err(Refusal::UnknownItem(item)),
    }
}

/// A time set for later: not before what it was set by, and within ten years of it.
fn check_span(field: &'static str, due_at: Option<Timestamp>, from: Timestamp) -> Result<(), Refusal> {
    let Some(due_at) = due_at else { return Ok(()) };
    let latest = from.checked_add(jiff::SignedDuration::from_hours(24 * 3653)).unwrap_or(Timestamp::MAX);
    if (from..=latest).contains(&due_at) {
        Ok(())
    } else {
        Err(Refusal::ImpossibleTime { field, value: due_at })
    }
}

/// Amounts in 分 that can be: up to 100 million yuan.
const AMOUNTS: std::ops::RangeInclusive<i64> = 0..=10_000_000_000;

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
        ("status", &given.status),
        ("profile", &given.profile),
        ("charge_account", &given.charge_account),
        ("internal_no", &given.internal_no),
    ] {
        check_text(field, text.as_deref(), 200)?;
    }
    for (field, time) in given.times() {
        check_time(field, time, at)?;
    }
    if let Some(fen) =
        [given.amount_fen, given.unit_fen].into_iter().flatten().find(|fen| !AMOUNTS.contains(fen))
    {
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
