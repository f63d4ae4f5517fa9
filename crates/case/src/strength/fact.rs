//! How well each fact is borne out by sources that different parties hold (§5.1 (7), S9).

use serde::Serialize;

use super::score::Sum;
use super::sources::{Found, Source, SourceKind, proof, said, shown, typed};
use super::{Component, ComponentCode, FactCode, table};
use crate::bilingual::Bilingual;
use crate::clock::{RefusedBy, refused};
use crate::report::{
    Body, ObservationMade, Observed, PartyNamed, PaymentSeen, PromiseKind, PromiseMade, PromisePlace,
    RefundProof, RefundSeen, RefundState, Role, Sense, SilenceNoted,
};
use crate::{Direction, View};

/// How well one fact is borne out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactStrength {
    /// The fact.
    pub fact: FactCode,
    /// Which promise, where the fact is a promise of one kind.
    pub promise: Option<PromiseKind>,
    /// Which state, where the fact is a state seen.
    pub state: Option<Observed>,
    /// Where it is known from, each source once.
    pub sources: Vec<Source>,
    /// Sources that say otherwise; they are not counted.
    pub disagreeing: Vec<Source>,
    /// How many parties other than the buyer hold a source of it.
    pub independent: usize,
    /// What the score is made of; the points add up to it.
    pub components: Vec<Component>,
    /// In hundredths, 0 to 100.
    pub score: u32,
}

/// Weighs the facts of an order: payment, order, promises and the merchant's identity always; states
/// seen, a refusal
/// and a refund where there is one.
///
/// A fact that was only typed is the buyer's own statement. Two sources are independent when different
/// parties hold
/// them; pages and chat of a shop of one merchant are held by one.
pub fn fact_strength(view: &View<'_>) -> Vec<FactStrength> {
    let mut facts = vec![weigh(FactCode::Paid, None, None, paid(view))];
    facts.push(weigh(FactCode::OrderPlaced, None, None, placed(view)));
    facts.extend(promises(view));
    facts.extend(states(view));
    let only_if_told = [(FactCode::MerchantRefused, refusal(view)), (FactCode::Refund, refund(view))];
    for (fact, found) in only_if_told {
        if !found.sources.is_empty() {
            facts.push(weigh(fact, None, None, found));
        }
    }
    facts.push(weigh(FactCode::MerchantIdentity, None, None, identity(view)));
    facts.sort_by_key(|one| (one.fact, one.promise, one.state));
    facts
}

fn weigh(
    fact: FactCode,
    promise: Option<PromiseKind>,
    state: Option<Observed>,
    found: Found,
) -> FactStrength {
    let independent = found.independent();
    let (components, score) = score(&found, independent);
    let Found { sources, disagreeing, .. } = found;
    FactStrength { fact, promise, state, sources, disagreeing, independent, components, score }
}

fn score(found: &Found, independent: usize) -> (Vec<Component>, u32) {
    let points = &table::get().points;
    let mut sum = Sum::default();
    if !found.disagreeing.is_empty() {
        sum.add(ComponentCode::Disagreeing, 0);
    }
    if found.sources.is_empty() {
        sum.add(ComponentCode::NoSource, 0);
        return sum.done();
    }
    match independent {
        0 | 1 => sum.add(ComponentCode::OneSource, points.one_source),
        2 => sum.add(ComponentCode::TwoSources, points.two_sources),
        n => {
            let count = Bilingual::new(n.to_string(), n.to_string());
            sum.add_with(ComponentCode::ThreeSources, points.three_sources, "count", &count);
        }
    }
    if found.sources.iter().all(|source| table::get().kind(source.kind).editable) {
        sum.add(ComponentCode::EditableChannel, points.editable_channel);
    }
    match independent {
        0 => sum.add(ComponentCode::OwnStatement, points.own_statement),
        _ => sum.delay(found.delay),
    }
    sum.bound();
    sum.bonuses(found.sources.iter().any(|source| table::get().kind(source.kind).neutral));
    sum.done()
}

/// The order's amount, the vouchers, and pages that show the payment. A voucher of another amount
/// disagrees, unless
/// several vouchers add up.
fn paid(view: &View<'_>) -> Found {
    let mut found = Found::default();
    let facts = &view.order.facts;
    let payments: Vec<&PaymentSeen> = view.order.of_kind::<PaymentSeen>().map(|(_, one)| one).collect();
    let total = payments.iter().filter_map(|one| one.amount_fen).fold(0_i64, i64::saturating_add);
    let agrees = |one: &PaymentSeen| match (one.amount_fen, facts.amount_fen) {
        (Some(paid), Some(price)) => paid == price || total == price,
        _ => true,
    };
    let (agreeing, others): (Vec<_>, Vec<_>) = payments.into_iter().partition(|one| agrees(one));
    let denied: Vec<_> = others.iter().filter_map(|one| one.proof).collect();
    for one in agreeing {
        found.add(proof(view, one.proof, SourceKind::PaymentBill));
    }
    for one in others {
        found.disagree(proof(view, one.proof, SourceKind::PaymentBill));
    }
    let pages = shown(view, FactCode::Paid).into_iter();
    pages.filter(|(page, _)| page.item.is_none_or(|item| !denied.contains(&item))).for_each(|p| found.add(p));
    if facts.paid_at.is_some() || facts.amount_fen.is_some() {
        found.add(typed());
    }
    found
}

fn placed(view: &View<'_>) -> Found {
    let mut found = Found::default();
    shown(view, FactCode::OrderPlaced).into_iter().for_each(|page| found.add(page));
    if view.order.facts.order_no.is_some() || view.order.facts.created_at.is_some() {
        found.add(typed());
    }
    found
}

/// One row for each kind of promise; one row for pages alone where no promise was named.
fn promises(view: &View<'_>) -> Vec<FactStrength> {
    let told = view.told::<PromiseMade>();
    let mut kinds: Vec<PromiseKind> = told.iter().map(|(_, promise, _)| promise.kind).collect();
    kinds.sort();
    kinds.dedup();
    let row = |kind| {
        let mut found = Found::default();
        for (_, promise, _) in told.iter().filter(|(_, promise, _)| promise.kind == kind) {
            promised(view, promise, &mut found);
        }
        weigh(FactCode::Promised, Some(kind), None, found)
    };
    let rows: Vec<FactStrength> = kinds.into_iter().map(row).collect();
    if !rows.is_empty() {
        return rows;
    }
    let mut found = Found::default();
    shown(view, FactCode::Promised).into_iter().for_each(|page| found.add(page));
    for (message, _) in view.said(Direction::In, Sense::Promise) {
        found.add(said(view, message));
    }
    vec![weigh(FactCode::Promised, None, None, found)]
}

/// A promise on a page without a proof of its own rests on the saved pages.
fn promised(view: &View<'_>, promise: &PromiseMade, found: &mut Found) {
    let kind = match promise.place {
        PromisePlace::ProductPage | PromisePlace::ShopPage => SourceKind::ShopPage,
        PromisePlace::PlatformRule => SourceKind::PlatformPage,
        PromisePlace::Dialogue => SourceKind::PlatformChat,
        PromisePlace::Oral => SourceKind::OwnNote,
    };
    if promise.place == PromisePlace::Oral {
        return found.add(typed());
    }
    found.add(proof(view, promise.proof, kind));
    if promise.proof.is_none() && kind == SourceKind::ShopPage {
        shown(view, FactCode::Promised).into_iter().for_each(|page| found.add(page));
    }
}

/// One row for each state seen; one row for what shows the delivery where no state was named.
fn states(view: &View<'_>) -> Vec<FactStrength> {
    let told = view.told::<ObservationMade>();
    let mut seen: Vec<Observed> = told.iter().map(|(_, made, _)| made.state).collect();
    seen.sort();
    seen.dedup();
    let row = |state| {
        let mut found = Found::default();
        for (_, made, _) in told.iter().filter(|(_, made, _)| made.state == state) {
            found.add(proof(view, made.proof, table::get().place(made.place)));
        }
        weigh(FactCode::DeliveredState, None, Some(state), found)
    };
    let rows: Vec<FactStrength> = seen.into_iter().map(row).collect();
    if !rows.is_empty() {
        return rows;
    }
    let mut found = Found::default();
    shown(view, FactCode::DeliveredState).into_iter().for_each(|page| found.add(page));
    if view.order.facts.received_at().is_some() {
        found.add(typed());
    }
    let none = found.sources.is_empty();
    if none { Vec::new() } else { vec![weigh(FactCode::DeliveredState, None, None, found)] }
}

/// Refusals in words; silence rests on the notice that stands unanswered.
fn refusal(view: &View<'_>) -> Found {
    let mut found = Found::default();
    for (message, _) in view.said(Direction::In, Sense::Refusal) {
        found.add(said(view, message));
    }
    if let Some(silence) = refused(view).filter(|refused| refused.by == RefusedBy::Silence) {
        let notice = view.order.messages.iter().find(|message| message.item == silence.item);
        notice.into_iter().for_each(|notice| found.add(said(view, notice)));
    }
    if view.order.of_kind::<SilenceNoted>().any(|(_, noted)| noted.body == Body::Merchant) {
        found.add(typed());
    }
    found
}

/// D9: what the shop shows is the shop's word; without a proof it is the buyer's.
fn refund(view: &View<'_>) -> Found {
    let mut found = Found::default();
    let all = view.order.of_kind::<RefundSeen>().map(|(_, refund)| refund);
    for refund in all.filter(|refund| refund.state == RefundState::Received) {
        found.add(match refund.shown_by {
            RefundProof::PaymentSide => proof(view, refund.proof, SourceKind::PaymentBill),
            RefundProof::ShopStatus => proof(view, refund.proof, SourceKind::ShopPage),
            RefundProof::None => typed(),
        });
    }
    found
}

/// The registered name: from what shows it, and from the payee where the bill names the same.
fn identity(view: &View<'_>) -> Found {
    let mut found = Found::default();
    let all = view.order.of_kind::<PartyNamed>().map(|(_, party)| party);
    let named: Vec<_> =
        all.filter(|party| party.role == Role::Merchant && party.legal_name.is_some()).collect();
    for party in &named {
        found.add(proof(view, party.proof, SourceKind::ShopPage));
    }
    shown(view, FactCode::MerchantIdentity).into_iter().for_each(|page| found.add(page));
    let Some(legal) = named.last().and_then(|party| party.legal_name.as_deref()) else { return found };
    for (_, payment) in view.order.of_kind::<PaymentSeen>() {
        let Some(payee) = payment.payee.as_deref() else { continue };
        let source = proof(view, payment.proof, SourceKind::PaymentBill);
        if same_name(payee, legal) { found.add(source) } else { found.disagree(source) }
    }
    found
}

/// One name holds the other: bills often shorten a registered name.
fn same_name(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    !one.is_empty() && !other.is_empty() && (one.contains(other) || other.contains(one))
}
