//! The figures of the review, counted from what each order says at an instant.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{Outlook, Subject, SubjectKind};
use crate::House;
use crate::dossier::table::Table;
use crate::dossier::{
    Answer, Dossier, Ending, Endings, Figures, Kept, Known, Money, OfOrder, Promises, Rate, Replies,
    dossiers_of,
};
use crate::view::UNKNOWN_SHOP;

/// The part of time that is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

impl Span {
    pub(super) fn has(self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// What many orders say together; amounts in 分.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Orders.
    pub orders: u32,
    /// Disputed ones, with how far chance may be off (S55).
    pub disputes: Rate,
    /// How the disputes stand.
    pub endings: Endings,
    /// The money.
    pub money: Money,
    /// What was paid in disputes that are at an end and never came back by the payment side.
    pub lost_fen: i64,
    /// The dearest order.
    pub dearest_fen: i64,
    /// How soon notices were answered.
    pub replies: Replies,
    /// Promises kept, of those that ran out.
    pub promises: Promises,
    /// A merchant's deposit, where it is known.
    pub deposit_fen: Known<i64>,
}

/// What of it happened in the month; amounts in 分.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct InMonth {
    /// Purchases that began.
    pub orders: u32,
    /// Disputes that began.
    pub disputes: u32,
    /// Paid in the purchases that began.
    pub paid_fen: i64,
    /// Came back, as the payment side shows.
    pub refunded_fen: i64,
}

impl InMonth {
    /// Tells whether anything happened.
    pub fn is_any(&self) -> bool {
        *self != Self::default()
    }
}

/// One order at both ends of the span.
struct Seen<'a> {
    before: Option<&'a OfOrder>,
    now: &'a OfOrder,
}

fn seen<'a>(orders: &[&'a Figures], span: Span) -> Vec<Seen<'a>> {
    // At its first instant a month has what was before.
    let one = |order: &&'a Figures| Some(Seen { before: order.at(span.from), now: order.at(span.until)? });
    orders.iter().filter_map(one).collect()
}

/// From so many orders on a rate says something (S55).
pub(super) fn few_orders() -> u32 {
    Table::get().number("few_orders")
}

/// All orders together.
pub(super) fn whole(orders: &[&Figures], span: Span) -> (Sums, InMonth, Replies) {
    let all = seen(orders, span);
    let every: Vec<&Seen<'_>> = all.iter().collect();
    let sums = sums(&every, None);
    let replies = sums.replies;
    (sums, in_month(&every, span), replies)
}

/// Every merchant, platform and kind of goods there is an order of.
pub(super) fn subjects(house: &House, orders: &[&Figures], span: Span) -> Vec<Subject> {
    let all = seen(orders, span);
    let mut subjects = merchants(house, orders, &all, span);
    let platform = |one: &Seen<'_>| platform_of(house, one.now);
    let goods = |one: &Seen<'_>| one.now.goods.map(|kind| kind.code().to_owned());
    subjects.extend(grouped(SubjectKind::Platform, &all, span, platform));
    subjects.extend(grouped(SubjectKind::Goods, &all, span, goods));
    subjects
}

/// The platform by its profile, else by its name in lower case; `None` where the order names none.
fn platform_of(house: &House, order: &OfOrder) -> Option<String> {
    if order.profile.is_none() && order.platform == UNKNOWN_SHOP {
        return None;
    }
    let named = order.profile.as_deref().unwrap_or(&order.platform);
    let found = house.registry().find(named).map(|profile| profile.id.clone());
    Some(found.unwrap_or_else(|| named.trim().to_lowercase()))
}

fn merchants(house: &House, orders: &[&Figures], all: &[Seen<'_>], span: Span) -> Vec<Subject> {
    let dossiers = dossiers_of(house, orders.iter().copied(), span.until);
    let subject = |one: &Dossier| {
        let own: Vec<&Seen<'_>> = all.iter().filter(|seen| one.orders.contains(&seen.now.order)).collect();
        (!own.is_empty()).then(|| subject(SubjectKind::Merchant, one.name.clone(), &own, Some(one), span))
    };
    dossiers.iter().filter_map(subject).collect()
}

fn grouped(
    kind: SubjectKind,
    all: &[Seen<'_>],
    span: Span,
    key: impl Fn(&Seen<'_>) -> Option<String>,
) -> Vec<Subject> {
    let mut groups: BTreeMap<String, Vec<&Seen<'_>>> = BTreeMap::new();
    for one in all {
        if let Some(key) = key(one) {
            groups.entry(key).or_default().push(one);
        }
    }
    groups.into_iter().map(|(name, own)| subject(kind, name, &own, None, span)).collect()
}

fn subject(
    kind: SubjectKind,
    name: String,
    own: &[&Seen<'_>],
    dossier: Option<&Dossier>,
    span: Span,
) -> Subject {
    let (sums, in_month) = (sums(own, dossier), in_month(own, span));
    Subject { kind, name, sums, in_month, because: Vec::new(), outlook: Outlook::Fine }
}

fn count(all: usize) -> u32 {
    u32::try_from(all).unwrap_or(u32::MAX)
}

fn sums(own: &[&Seen<'_>], dossier: Option<&Dossier>) -> Sums {
    let disputes: Vec<Ending> = own.iter().filter_map(|one| one.now.dispute).collect();
    let answers: Vec<Answer> = own.iter().filter_map(|one| one.now.answer).collect();
    let promises: Vec<Kept> = own.iter().flat_map(|one| one.now.promises.iter().copied()).collect();
    let mut money = Money::default();
    own.iter().for_each(|one| money.add(one.now.money));
    let deposit = dossier.and_then(|one| one.deposit.value()).map(|deposit| deposit.amount_fen);
    Sums {
        orders: count(own.len()),
        disputes: Rate::new(count(disputes.len()), count(own.len())),
        endings: Endings::of(disputes),
        money,
        lost_fen: own.iter().map(|one| lost(one.now)).fold(0, i64::saturating_add),
        dearest_fen: own.iter().map(|one| one.now.money.paid_fen).max().unwrap_or(0),
        replies: Replies::of(&answers),
        promises: Promises::of(&promises),
        deposit_fen: deposit.into(),
    }
}

/// What never came back of an order whose dispute is at an end without success, or with a part.
fn lost(order: &OfOrder) -> i64 {
    match order.dispute {
        Some(Ending::Unresolved | Ending::Partly) => {
            order.money.paid_fen.saturating_sub(order.money.refunded_fen).max(0)
        }
        _ => 0,
    }
}

fn in_month(own: &[&Seen<'_>], span: Span) -> InMonth {
    let mut sum = InMonth::default();
    for one in own {
        let began = span.has(one.now.began);
        let disputed = |order: Option<&OfOrder>| order.is_some_and(|order| order.dispute.is_some());
        let back = |order: Option<&OfOrder>| order.map_or(0, |order| order.money.refunded_fen);
        sum.orders += u32::from(began);
        sum.disputes += u32::from(disputed(Some(one.now)) && !disputed(one.before));
        if began {
            sum.paid_fen = sum.paid_fen.saturating_add(one.now.money.paid_fen);
        }
        let refunded = back(Some(one.now)).saturating_sub(back(one.before)).max(0);
        sum.refunded_fen = sum.refunded_fen.saturating_add(refunded);
    }
    sum
}
