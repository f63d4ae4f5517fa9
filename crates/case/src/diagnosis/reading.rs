//! What follows from the record of an order by plain reading: shown as delivered, late, unanswered, refunded.

use jiff::{SignedDuration, Timestamp};

use crate::report::{
    DecisionMade, PromiseKind, PromiseMade, RefundProof, RefundSeen, RefundState, Sense, Verdict,
};
use crate::{Direction, Exhibit, ItemId, View};

/// The exhibits whose content is kept.
pub(crate) fn kept<'v>(view: &'v View<'_>) -> impl Iterator<Item = &'v Exhibit> {
    view.order.exhibits.iter().filter(|one| one.manifest().is_some())
}

/// When the purchase was made, as far as is known: payment, else order, else opening of the case.
pub(crate) fn bought_at(view: &View<'_>) -> Timestamp {
    let facts = &view.order.facts;
    facts.paid_at.or(facts.created_at).unwrap_or(view.order.opened_at)
}

/// Whether the shop says that it delivered: by its status, or by a time of delivery.
pub(crate) fn shown_delivered(view: &View<'_>) -> bool {
    let facts = &view.order.facts;
    facts.delivered_at.is_some() || facts.status.as_deref().is_some_and(super::says_delivered)
}

/// Minutes from payment to credit, rounded down, where instant credit was promised and more than the tolerance passed
/// (S8; the tolerance is a number of `data/diagnosis.toml`).
pub(crate) fn delay_minutes(view: &View<'_>) -> Option<i64> {
    let facts = &view.order.facts;
    let instant = view.order.of_kind::<PromiseMade>().any(|(_, one)| one.kind == PromiseKind::Instant);
    let minutes = facts.credited_at?.duration_since(facts.paid_at?).as_secs().div_euclid(60);
    (instant && minutes >= super::late_after_minutes()).then_some(minutes)
}

/// The notices nobody answered, where two of them lie at least the reply time apart (domain §4, scenario 12).
pub(crate) fn unanswered_twice(view: &View<'_>) -> Option<Vec<ItemId>> {
    let reply = view.house.parameters().hours("reply");
    let last_in = view.order.dialogue().into_iter().rev().find(|one| one.direction == Direction::In);
    let after = last_in.map_or(Timestamp::MIN, |one| one.said_at);
    let notices = view.said(Direction::Out, Sense::Notice);
    let open: Vec<_> = notices.into_iter().map(|(one, _)| one).filter(|one| one.said_at > after).collect();
    let (first, last) = (open.first()?, open.last()?);
    let apart: SignedDuration = last.said_at.duration_since(first.said_at);
    (apart >= reply && view.now.duration_since(last.said_at) >= reply)
        .then(|| open.iter().map(|one| one.item).collect())
}

/// The first refund that was decided, announced or tried, with its leaf (D9).
pub(crate) fn refund_announced(view: &View<'_>) -> Option<(Timestamp, ItemId)> {
    let decided = view
        .order
        .of_kind::<DecisionMade>()
        .filter(|(_, one)| matches!(one.verdict, Verdict::ForBuyer | Verdict::Partial))
        .map(|(item, one)| (one.at, item));
    let said = view
        .order
        .of_kind::<RefundSeen>()
        .filter(|(_, one)| matches!(one.state, RefundState::Announced | RefundState::Failed))
        .map(|(item, one)| (one.at, item));
    decided.chain(said).min()
}

/// When the first refund that the payment side shows arrived, not before `from` (D9).
pub(crate) fn arrived_after(view: &View<'_>, from: Timestamp) -> Option<Timestamp> {
    let arrived = view.order.of_kind::<RefundSeen>().map(|(_, one)| one).filter(|one| on_payment_side(one));
    arrived.map(|one| one.at).filter(|at| *at >= from).min()
}

/// Whether the payment side shows that this refund arrived; nothing else counts (D9).
pub(crate) fn on_payment_side(refund: &RefundSeen) -> bool {
    refund.state == RefundState::Received && refund.shown_by == RefundProof::PaymentSide
}
