//! The clocks of the dialogue: answer, remedy, promises.

use jiff::Timestamp;

use super::{Clock, ClockKind, ClockSource, Start, default_of};
use crate::report::{
    ObservationMade, Observed, PromiseJudged, PromiseKind, PromiseMade, RefundProof, RefundSeen, RefundState,
    Sense,
};
use crate::{Direction, ItemId, Message, View};

pub(super) fn add(view: &View<'_>, clocks: &mut Vec<Clock>) {
    replies(view, clocks);
    remedy(view, clocks);
    promises(view, clocks);
}

/// When the answer to a notice is due: the time it set, else the default.
pub(super) fn reply_due(view: &View<'_>, notice: &Message, set: Option<Timestamp>) -> Timestamp {
    let (span, _) = default_of(view, "reply");
    set.unwrap_or_else(|| notice.said_at.saturating_add(span).unwrap_or(Timestamp::MAX))
}

/// When the merchant said something that is an answer, by time; an invitation elsewhere is none (S36).
pub(super) struct Answers(Vec<Timestamp>);

impl Answers {
    pub(super) fn of(view: &View<'_>) -> Self {
        let answers = [Sense::Refusal, Sense::Promise, Sense::Acceptance, Sense::Question, Sense::Other];
        let said = answers.into_iter().flat_map(|sense| view.said(Direction::In, sense));
        let mut times: Vec<Timestamp> = said.map(|(message, _)| message.said_at).collect();
        times.sort();
        Self(times)
    }

    /// The first answer after a notice.
    pub(super) fn after(&self, notice: &Message) -> Option<Timestamp> {
        self.0.get(self.0.partition_point(|at| *at <= notice.said_at)).copied()
    }
}

fn replies(view: &View<'_>, clocks: &mut Vec<Clock>) {
    let answers = Answers::of(view);
    for (notice, set) in view.said(Direction::Out, Sense::Notice) {
        let source = match set {
            Some(_) => ClockSource::Said,
            None => default_of(view, "reply").1,
        };
        let due = super::Due::At { at: reply_due(view, notice, set) };
        let start = Start::new(ClockKind::Reply, notice.said_at, Some(notice.item), source);
        clocks.push(start.due(due, answers.after(notice), view.now));
    }
}

/// S29: from the first notice; met by a replacement that works or money that came back.
fn remedy(view: &View<'_>, clocks: &mut Vec<Clock>) {
    let Some((notice, _)) = view.said(Direction::Out, Sense::Notice).into_iter().next() else { return };
    let (span, source) = default_of(view, "remedy");
    let start = Start::new(ClockKind::Remedy, notice.said_at, Some(notice.item), source);
    clocks.push(start.after(span, remedied(view, notice.said_at), view.now));
}

fn remedied(view: &View<'_>, from: Timestamp) -> Option<Timestamp> {
    let works = view.observed(&[Observed::Ok, Observed::Credited]).into_iter().map(|(_, made)| made.at);
    let back = arrived(view).into_iter().map(|(_, refund)| refund.at);
    works.chain(back).filter(|at| *at > from).min()
}

/// Refunds the payment side shows (D9).
pub(super) fn arrived<'a>(view: &'a View<'_>) -> Vec<(ItemId, &'a RefundSeen)> {
    let counts = |refund: &RefundSeen| {
        refund.state == RefundState::Received && refund.shown_by == RefundProof::PaymentSide
    };
    let mut all: Vec<_> = view.order.of_kind::<RefundSeen>().filter(|(_, refund)| counts(refund)).collect();
    all.sort_by_key(|(item, refund)| (refund.at, *item));
    all
}

/// S17: a promise with a time, wherever it stands, and what the merchant promised in the dialogue.
fn promises(view: &View<'_>, clocks: &mut Vec<Clock>) {
    for (item, promise, at) in view.told::<PromiseMade>() {
        let Some(due_at) = promise.due_at else { continue };
        let start = Start::new(ClockKind::Promise, at, Some(item), ClockSource::Said);
        clocks.push(start.due(super::Due::At { at: due_at }, kept(view, item, promise), view.now));
    }
    for (message, due_at) in view.said(Direction::In, Sense::Promise) {
        let Some(due_at) = due_at else { continue };
        let start = Start::new(ClockKind::Promise, message.said_at, Some(message.item), ClockSource::Said);
        clocks.push(start.due(super::Due::At { at: due_at }, remedied(view, message.said_at), view.now));
    }
}

fn kept(view: &View<'_>, item: ItemId, promise: &PromiseMade) -> Option<Timestamp> {
    let judged =
        view.told::<PromiseJudged>().into_iter().find(|(_, judged, _)| judged.promise == item && judged.kept);
    let credited = (promise.kind == PromiseKind::Instant).then_some(view.order.facts.credited_at).flatten();
    let seen = view
        .told::<ObservationMade>()
        .into_iter()
        .find(|(_, made, at)| made.state == Observed::Credited && *at >= promise.at);
    [judged.map(|(_, _, at)| at), credited, seen.map(|(_, _, at)| at)].into_iter().flatten().min()
}
