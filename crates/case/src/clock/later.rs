//! The clocks that outlast the dispute: refunds, confirmation, follow-ups, limitation.

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::{Clock, ClockKind, ClockSource, Due, Start, default_of, talk};
use crate::calendar::day_of;
use crate::report::{
    DecisionMade, FollowUpDone, FollowUpSet, RefundSeen, RefundState, Sense, StepTaken, Verdict,
};
use crate::{Direction, View};

/// L-PEN-10 by analogy: more than fifteen days is deliberate delay (§4, scenario 22).
const DELAY_DAYS: i64 = 15;

pub(super) fn add(view: &View<'_>, clocks: &mut Vec<Clock>) {
    refund(view, clocks);
    confirmation(view, clocks);
    follow_ups(view, clocks);
    limitation(view, clocks);
}

/// D9: a refund that was decided, announced or failed has to arrive on the payment side.
fn refund(view: &View<'_>, clocks: &mut Vec<Clock>) {
    let decided = view
        .told::<DecisionMade>()
        .into_iter()
        .filter(|(_, one, _)| matches!(one.verdict, Verdict::ForBuyer | Verdict::Partial));
    let said = view
        .told::<RefundSeen>()
        .into_iter()
        .filter(|(_, one, _)| matches!(one.state, RefundState::Announced | RefundState::Failed));
    let starts = decided.map(|(item, _, at)| (at, item)).chain(said.map(|(item, _, at)| (at, item)));
    let Some((at, item)) = starts.min() else { return };
    let arrived = talk::arrived(view).into_iter().map(|(_, refund)| refund.at).find(|arrived| *arrived >= at);
    let (span, source) = default_of(view, "refund_arrival");
    clocks.push(Start::new(ClockKind::RefundArrival, at, Some(item), source).after(span, arrived, view.now));
    let statute = ClockSource::Statute { id: "L-PEN-10".into() };
    let delay = SignedDuration::from_hours(24 * DELAY_DAYS);
    clocks.push(Start::new(ClockKind::RefundDelay, at, Some(item), statute).after(delay, arrived, view.now));
}

/// Where the platform counts silence as receipt, money leaves escrow at that time.
fn confirmation(view: &View<'_>, clocks: &mut Vec<Clock>) {
    let facts = &view.order.facts;
    let Some(fact) = &view.profile.facts.auto_confirm_after_h else { return };
    let Some(delivered) = facts.delivered_at.or(facts.handed_over_at) else { return };
    let complained = view.told::<StepTaken>().into_iter().map(|(_, _, at)| at).min();
    let stopped = [facts.confirmed_at, complained].into_iter().flatten().min();
    let source = ClockSource::Profile {
        id: view.profile.id.clone(),
        fact: "auto_confirm_after_h".into(),
        unverified: fact.is_unverified(),
    };
    let span = SignedDuration::from_hours(fact.value.into());
    clocks.push(Start::new(ClockKind::AutoConfirm, delivered, None, source).after(span, stopped, view.now));
}

fn follow_ups(view: &View<'_>, clocks: &mut Vec<Clock>) {
    for (item, set, at) in view.told::<FollowUpSet>() {
        let done = view.told::<FollowUpDone>().into_iter().find(|(_, done, _)| done.follow_up == item);
        let start = Start::new(ClockKind::FollowUp, at, Some(item), ClockSource::Said);
        clocks.push(start.due(Due::At { at: set.due_at }, done.map(|(_, _, at)| at), view.now));
    }
}

/// L-CC-188, 195: three years, anew from each demand or refusal in words; never "rights lost" (D4).
fn limitation(view: &View<'_>, clocks: &mut Vec<Clock>) {
    let said = [view.said(Direction::Out, Sense::Notice), view.said(Direction::In, Sense::Refusal)].concat();
    let Some((at, item)) = said.into_iter().map(|(message, _)| (message.said_at, message.item)).max() else {
        return;
    };
    let day = day_of(at).saturating_add(3.years());
    let due = Due::Day { planning: day, legal: day };
    let source = ClockSource::Statute { id: "L-CC-188".into() };
    clocks.push(Start::new(ClockKind::Limitation, at, Some(item), source).due(
        due,
        None::<Timestamp>,
        view.now,
    ));
}
