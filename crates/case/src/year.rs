//! A year of purchases 年度回顾: what was bought, what went wrong, what came back, and what the numbers say to do better.
//!
//! Nothing of it is stored. A year is one of China: it begins at midnight of UTC+8. A purchase counts where it began, a
//! dispute where it began, money where it moved, so a refund in January of a purchase in December is January's.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::Serialize;

use crate::clock::{ClockKind, ClockState, clocks};
use crate::dossier::{Answer, Ending, Endings, Money, OfOrder, Replies, disputed_since, went_wrong};
use crate::report::{PartyNamed, RefundSeen, Role};
use crate::scenario::Scenario;
use crate::{House, Order, OrderId, View};

/// What one month saw; sums in 分.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Month {
    /// Purchases that began.
    pub orders: u32,
    /// Disputes that began.
    pub disputes: u32,
    /// Paid.
    pub paid_fen: i64,
    /// Paid in the purchases whose disputes began.
    pub disputed_fen: i64,
    /// Came back, as the payment side shows (D9).
    pub refunded_fen: i64,
}

/// What the numbers say to do better; each is a count of what was not done, or did not come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Shortfalls {
    /// Purchases without a known amount; no sum has them.
    pub without_amount: u32,
    /// Purchases whose four fixations were not complete within the time for it (S21).
    pub fixed_late: u32,
    /// Of so many whose time for it is over.
    pub fixed_of: u32,
    /// Disputes in which the registered name of the merchant was never seen (S7).
    pub without_legal_name: u32,
    /// Disputes in which nothing was demanded of the merchant.
    pub without_notice: u32,
    /// Notices that got no answer by the time it was due.
    pub unanswered: u32,
    /// Refunds that nothing of the payment side shows (D9), in 分.
    pub unproved_fen: i64,
    /// Refunds that went to a platform's balance only, in 分.
    pub to_balance_fen: i64,
    /// Merchants with more than one dispute, by the name of their orders, with how many; most first.
    pub repeated: Vec<(String, u32)>,
}

/// A year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Year {
    /// Which, of the calendar of China.
    pub year: i16,
    /// Its months, January first.
    pub months: [Month; 12],
    /// Purchases that began in it, by when they began.
    pub orders: Vec<OrderId>,
    /// Purchases whose dispute began in it, by when it began.
    pub disputed: Vec<OrderId>,
    /// All purchases its numbers come from: those, and the ones whose money came back in it.
    pub tells_of: BTreeSet<OrderId>,
    /// What went wrong in its disputes; `None` where nothing says it. Most first.
    pub scenarios: Vec<(Option<Scenario>, u32)>,
    /// How its disputes stand.
    pub endings: Endings,
    /// How soon the first notices of its disputes were answered.
    pub replies: Replies,
    /// What to do better.
    pub shortfalls: Shortfalls,
}

/// Sums up a year of `orders` as known at `now`; `None` when nothing began and nothing came back in it.
pub fn year<'a>(
    house: &House,
    orders: impl IntoIterator<Item = &'a Order>,
    now: Timestamp,
    year: i16,
) -> Option<Year> {
    let mut sum = Summing { year, ..Summing::default() };
    for order in orders {
        sum.add(&View::new(order, house, now));
    }
    sum.finish()
}

/// Returns the year and the place of the month, from 0, of an instant in China.
fn month_of(at: Timestamp) -> (i16, usize) {
    let date = Offset::constant(8).to_datetime(at).date();
    (date.year(), usize::from(date.month().unsigned_abs()).saturating_sub(1))
}

#[derive(Default)]
struct Summing {
    year: i16,
    months: [Month; 12],
    tells_of: BTreeSet<OrderId>,
    orders: Vec<(Timestamp, OrderId)>,
    disputed: Vec<(Timestamp, OrderId)>,
    scenarios: BTreeMap<Option<Scenario>, u32>,
    endings: Vec<Ending>,
    answers: Vec<Answer>,
    merchants: BTreeMap<String, u32>,
    shortfalls: Shortfalls,
}

impl Summing {
    fn month(&mut self, at: Timestamp) -> Option<&mut Month> {
        let (year, month) = month_of(at);
        if year == self.year { self.months.get_mut(month) } else { None }
    }

    fn add(&mut self, view: &View<'_>) {
        let of_order = OfOrder::of(view);
        if of_order.began <= view.now && !view.order.facts.is_plan() {
            self.bought(view, &of_order);
            self.dispute(view, &of_order);
            self.refunds(view);
        }
    }

    fn bought(&mut self, view: &View<'_>, one: &OfOrder) {
        let paid_at = view.order.facts.paid_at.unwrap_or(one.began);
        if let Some(month) = self.month(paid_at) {
            month.paid_fen = month.paid_fen.saturating_add(one.money.paid_fen);
            self.tells_of.insert(one.order.clone());
        }
        let Some(month) = self.month(one.began) else { return };
        month.orders += 1;
        self.orders.push((one.began, one.order.clone()));
        self.tells_of.insert(one.order.clone());
        self.shortfalls.without_amount += one.money.without_amount;
        let archive = clocks(view).into_iter().find(|clock| clock.kind == ClockKind::Archive);
        let late = archive.and_then(|clock| match clock.state {
            ClockState::Open => None,
            ClockState::Met { .. } => Some(false),
            ClockState::MetLate { .. } | ClockState::Overdue => Some(true),
        });
        self.shortfalls.fixed_of += u32::from(late.is_some());
        self.shortfalls.fixed_late += u32::from(late == Some(true));
    }

    fn dispute(&mut self, view: &View<'_>, one: &OfOrder) {
        let (Some(since), Some(ending)) = (disputed_since(view), one.dispute) else { return };
        let Some(month) = self.month(since) else { return };
        month.disputes += 1;
        month.disputed_fen = month.disputed_fen.saturating_add(one.money.paid_fen);
        self.disputed.push((since, one.order.clone()));
        self.tells_of.insert(one.order.clone());
        *self.scenarios.entry(went_wrong(view)).or_default() += 1;
        self.endings.push(ending);
        self.answers.extend(one.answer);
        if let Some(name) = &one.name {
            *self.merchants.entry(name.clone()).or_default() += 1;
        }
        let mut parties = view.order.of_kind::<PartyNamed>().filter(|(_, one)| one.role == Role::Merchant);
        let named = parties.any(|(_, party)| party.legal_name.is_some());
        self.shortfalls.without_legal_name += u32::from(!named);
        self.shortfalls.without_notice += u32::from(one.answer.is_none());
        self.shortfalls.unanswered += u32::from(one.answer == Some(Answer::None));
    }

    fn refunds(&mut self, view: &View<'_>) {
        for (_, refund, at) in view.told::<RefundSeen>() {
            let mut money = Money::default();
            money.refund(refund);
            let Some(month) = self.month(at) else { continue };
            month.refunded_fen = month.refunded_fen.saturating_add(money.refunded_fen);
            if money != Money::default() {
                self.tells_of.insert(view.order.id.clone());
            }
            let short = &mut self.shortfalls;
            short.unproved_fen = short.unproved_fen.saturating_add(money.unproved_fen);
            short.to_balance_fen = short.to_balance_fen.saturating_add(money.to_balance_fen);
        }
    }

    fn finish(mut self) -> Option<Year> {
        if self.tells_of.is_empty() {
            return None;
        }
        self.shortfalls.repeated = most_first(self.merchants);
        self.shortfalls.repeated.retain(|(_, disputes)| *disputes > 1);
        Some(Year {
            year: self.year,
            months: self.months,
            orders: in_time(self.orders),
            disputed: in_time(self.disputed),
            tells_of: self.tells_of,
            scenarios: most_first(self.scenarios),
            endings: Endings::of(self.endings),
            replies: Replies::of(&self.answers),
            shortfalls: self.shortfalls,
        })
    }
}

fn in_time(mut orders: Vec<(Timestamp, OrderId)>) -> Vec<OrderId> {
    orders.sort();
    orders.into_iter().map(|(_, order)| order).collect()
}

fn most_first<K: Ord>(counted: BTreeMap<K, u32>) -> Vec<(K, u32)> {
    let mut rows: Vec<(K, u32)> = counted.into_iter().collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    rows
}
