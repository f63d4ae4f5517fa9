//! What one order says of its merchant at every instant, so that many orders can be summed without reading them again.
//!
//! What an order says changes at few instants only: when something in it happened, and when a promise or an answer was
//! due. [`Figures`] has what it says from each of them on. They follow from the order alone and are the same whenever
//! they are made.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::began;
use super::of_order::OfOrder;
use crate::clock::{ClockKind, clocks};
use crate::report::{MessageJudged, Sense};
use crate::{Direction, House, Order, OrderId, View};

/// What an order says from an instant on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stage {
    #[serde(rename = "t")]
    from: Timestamp,
    #[serde(rename = "c")]
    closed: bool,
    #[serde(rename = "o")]
    says: OfOrder,
}

/// What one order says of its merchant, whatever the instant of looking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// What rules are looked up by: its profile and its platform, as the order has them.
    #[serde(rename = "k")]
    keys: [Option<String>; 2],
    /// Oldest first, each different from the one before; the first begins with the purchase.
    #[serde(rename = "s")]
    stages: Vec<Stage>,
}

impl Figures {
    /// Reads an order.
    pub fn of(order: &Order, house: &House) -> Self {
        let order = of_use(order);
        let mut stages: Vec<Stage> = Vec::new();
        for from in turns(&order, house) {
            let view = View::new(&order, house, from);
            if view.order.facts.is_plan() {
                continue;
            }
            let (closed, says) = (view.order.closed().is_some(), OfOrder::of(&view));
            let same = |last: &Stage| last.closed == closed && last.says == says;
            if !stages.last().is_some_and(same) {
                stages.push(Stage { from, closed, says });
            }
        }
        Self { keys: [order.facts.profile.clone(), order.facts.platform.clone()], stages }
    }

    /// Returns what the order says at an instant; `None` before the purchase began.
    pub fn at(&self, now: Timestamp) -> Option<&OfOrder> {
        self.stage(now).map(|stage| &stage.says)
    }

    /// Returns the next instant after `now` at which it says something else.
    pub fn next_turn(&self, now: Timestamp) -> Option<Timestamp> {
        self.stages.iter().map(|stage| stage.from).find(|from| *from > now)
    }

    fn stage(&self, now: Timestamp) -> Option<&Stage> {
        self.stages.iter().rev().find(|stage| stage.from <= now)
    }

    /// Returns how the order stands for the review of rules; `None` before the purchase began.
    pub(crate) fn stand(&self, now: Timestamp) -> Option<Stand<'_>> {
        let stage = self.stage(now)?;
        let keys = [self.keys[0].as_deref(), self.keys[1].as_deref()];
        Some(Stand { order: &stage.says.order, keys, name: stage.says.name.as_deref(), closed: stage.closed })
    }
}

/// As much of an order as the review of rules asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stand<'a> {
    pub(crate) order: &'a OrderId,
    /// What rules are looked up by.
    pub(crate) keys: [Option<&'a str>; 2],
    pub(crate) name: Option<&'a str>,
    pub(crate) closed: bool,
}

/// The order without what says nothing of a merchant: views of it are made at many instants.
fn of_use(order: &Order) -> Order {
    let judged = order.of_kind::<MessageJudged>().next().is_some();
    let spoken = judged || order.messages.iter().any(|message| message.detail.sense.is_some());
    let mut light = Order { exhibits: Vec::new(), ..order.clone() };
    if !spoken {
        light.messages.clear();
    }
    light
}

/// Every instant from the purchase on at which the order may begin to say something else, oldest first.
fn turns(order: &Order, house: &House) -> Vec<Timestamp> {
    let begins = began(order);
    let facts = order.facts.times().into_iter().filter_map(|(_, time)| time);
    let said = order.messages.iter().map(|message| message.said_at);
    let told = order.reports.iter().map(|logged| logged.report.at());
    let mut happened: Vec<Timestamp> =
        facts.chain(said).chain(told).chain([begins]).filter(|at| *at >= begins).collect();
    happened.sort_unstable();
    happened.dedup();
    let mut all = happened.clone();
    for at in happened {
        let view = View::new(order, house, at);
        let promised = clocks(&view).into_iter().filter(|clock| clock.kind == ClockKind::Promise);
        let reply = house.parameters().hours("reply");
        let notices = view.said(Direction::Out, Sense::Notice);
        let answers =
            notices.iter().filter_map(|(one, set)| set.or_else(|| one.said_at.checked_add(reply).ok()));
        for due in promised.filter_map(|clock| clock.due.instant()).chain(answers) {
            // Some are over when they are due, some only after.
            all.extend(
                [Some(due), due.checked_add(SignedDuration::from_nanos(1)).ok()].into_iter().flatten(),
            );
        }
    }
    all.retain(|at| *at >= begins);
    all.sort_unstable();
    all.dedup();
    all
}
