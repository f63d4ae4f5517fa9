//! Orders, what runs, what to do next, what they rest on.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sigu_case::advice::Advice;
use sigu_case::next::NextStep;
use sigu_case::report::{CaptureMade, CopyMade, Logged};
use sigu_case::{Completeness, Exhibit, ItemId, Order, OrderId};
use sigu_vault::{LogEntry, OrderSummary};
use utoipa::ToSchema;

use super::{File, json, masked, shapes};
use crate::agenda::Running;
use crate::marking;

/// Words people write into the facts of an order.
const FREE: [&str; 4] = ["title", "merchant", "platform", "status"];

/// All orders: `sigu order list`.
#[derive(Serialize, ToSchema)]
pub struct Orders {
    /// One line for each.
    #[schema(value_type = Vec<shapes::OrderSummary>)]
    pub orders: Vec<Value>,
}

impl Orders {
    /// Tells of these.
    pub fn of<'a>(orders: impl IntoIterator<Item = &'a OrderSummary>) -> Self {
        let line = |one: &OrderSummary| {
            let mut value = json(one);
            masked(&mut value, &FREE);
            value
        };
        Self { orders: orders.into_iter().map(line).collect() }
    }
}

/// A page of the orders: those that are open first, among them the newest purchase.
#[derive(Serialize, ToSchema)]
pub struct OrderPage {
    /// The orders of this page.
    #[serde(flatten)]
    pub listed: Orders,
    /// How many there are in all.
    pub count: usize,
    /// The number of this page, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
}

/// One order with all that was recorded of it: `sigu order show`.
#[derive(Serialize, ToSchema)]
pub struct OrderShown {
    /// The order.
    #[schema(value_type = shapes::Order)]
    order: Value,
    /// How far the four fixations are.
    #[schema(value_type = shapes::Completeness)]
    completeness: Completeness,
    /// What is missing, what must be there first.
    #[schema(value_type = Vec<String>)]
    missing: Value,
}

impl OrderShown {
    /// Tells of an order.
    pub fn of(order: &Order) -> Self {
        let completeness = Completeness::of(order);
        let mut value = json(order);
        if let Some(facts) = value.get_mut("facts") {
            masked(facts, &FREE);
        }
        Self { order: value, missing: json(&completeness.missing()), completeness }
    }
}

/// What the engines say of an order: `sigu advise`.
#[derive(Serialize, ToSchema)]
pub struct Advised<'a> {
    /// The order.
    #[schema(value_type = String)]
    pub order: &'a OrderId,
    /// Completeness, strength, clocks, contradictions, pitfalls, payments, the dispute and the next step.
    #[schema(value_type = shapes::Advice)]
    pub advice: &'a Advice,
}

/// The next step of an order.
#[derive(Serialize, ToSchema)]
pub struct Step {
    /// The order.
    #[schema(value_type = String)]
    pub order: OrderId,
    /// What to do, and why.
    #[schema(value_type = shapes::NextStep)]
    pub step: NextStep,
}

/// The next steps, most urgent first: `sigu next`.
#[derive(Serialize, ToSchema)]
pub struct Steps {
    /// One for each order.
    pub steps: Vec<Step>,
}

/// A clock that runs.
#[derive(Serialize, ToSchema)]
pub struct Clock {
    /// Its order.
    #[schema(value_type = String)]
    order: OrderId,
    /// What it counts.
    #[schema(value_type = String)]
    clock: sigu_case::clock::ClockKind,
    /// Whether it is the buyer who must act.
    own: bool,
    /// When it started.
    started_at: Timestamp,
    /// When it is due, where that is known.
    due_at: Option<Timestamp>,
}

/// What runs, soonest first: `sigu due`.
#[derive(Serialize, ToSchema)]
pub struct Due {
    /// The instant it was asked at.
    now: Timestamp,
    /// The clocks.
    clocks: Vec<Clock>,
}

impl Due {
    /// Tells of these clocks.
    pub fn of(running: &[Running], now: Timestamp) -> Self {
        let clock = |one: &Running| Clock {
            order: one.order.clone(),
            clock: one.clock.kind,
            own: one.clock.kind.is_own(),
            started_at: one.clock.started_at,
            due_at: one.clock.due_at,
        };
        Self { now, clocks: running.iter().map(clock).collect() }
    }
}

/// The evidence of an order.
#[derive(Serialize, ToSchema)]
pub struct Evidence<'a> {
    /// In the order of the log.
    items: Vec<Item<'a>>,
}

impl<'a> Evidence<'a> {
    /// Tells of all evidence of an order.
    pub fn of(order: &'a Order) -> Self {
        Self { items: order.exhibits.iter().map(|one| Item::of(order, one)).collect() }
    }
}

/// A piece of evidence with where it comes from and what was said of it.
#[derive(Serialize, ToSchema)]
pub struct Item<'a> {
    /// Its place in the log, what it shows, when it was fixed.
    #[serde(flatten)]
    #[schema(value_type = shapes::Exhibit)]
    exhibit: &'a Exhibit,
    /// The file; absent once its content was erased.
    file: Option<File>,
    /// The original, if this is a marked copy.
    #[schema(value_type = Option<String>)]
    copy_of: Option<ItemId>,
    /// Marked copies of it.
    #[schema(value_type = Vec<String>)]
    copies: Vec<ItemId>,
    /// The capture it belongs to.
    #[schema(value_type = Option<String>)]
    capture: Option<ItemId>,
    /// What was reported that names it.
    #[schema(value_type = Vec<shapes::NoteShown>)]
    reports: Vec<&'a Logged>,
}

impl<'a> Item<'a> {
    /// Tells of a piece of evidence.
    pub fn of(order: &'a Order, exhibit: &'a Exhibit) -> Self {
        let item = exhibit.item;
        let copies = order.of_kind::<CopyMade>().filter(|(_, made)| made.of == item);
        let captures = order.of_kind::<CaptureMade>();
        let mut captures = captures.filter(|(_, made)| made.items.contains(&item) || made.record == item);
        Self {
            exhibit,
            file: exhibit.manifest().map(File::of),
            copy_of: marking::of_copy(order, item).map(|(of, _)| of),
            copies: copies.map(|(_, made)| made.copy).collect(),
            capture: captures.next().map(|(leaf, _)| leaf),
            reports: order.reports.iter().filter(|one| one.report.items().contains(&item)).collect(),
        }
    }
}

/// Entries of the log that concern an order, oldest first.
#[derive(Serialize, ToSchema)]
pub struct Entries {
    /// The entries.
    #[schema(value_type = Vec<shapes::LogEntry>)]
    pub entries: Vec<LogEntry>,
}
