//! How each step of a way stands: taken, possible now, not yet, over.

use jiff::Timestamp;
use serde::Serialize;

use super::{RouteNote, RouteStep, nameless};
use crate::clock::{Clock, ClockKind, ClockState, clocks, refused};
use crate::diagnosis::instant;
use crate::platform::AppealWindow;
use crate::report::{Body, CoverageBought, DecisionMade, PaymentSeen, Sense, StepTaken, Verdict};
use crate::step::Step;
use crate::{Direction, View};

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum StepState {
    /// Something else comes first.
    NotYet,
    /// It can be taken.
    Now,
    /// It was taken.
    Taken {
        /// When, the first time.
        #[serde(serialize_with = "instant")]
        at: Timestamp,
    },
    /// It is not open here.
    NotAvailable {
        /// Why.
        why: RouteNote,
    },
    /// Its own time is over; other ways remain (D4).
    Closed {
        /// Why.
        why: RouteNote,
    },
}

impl StepState {
    const fn is_taken(self) -> bool {
        matches!(self, Self::Taken { .. })
    }
}

/// What decides whether a step can be taken.
struct Facts<'v> {
    view: &'v View<'v>,
    clocks: Vec<Clock>,
    asked: bool,
    triggered: bool,
    police_at_once: bool,
}

/// Fills in state, reasons and warnings of every step, in order.
pub(super) fn fill(view: &View<'_>, steps: &mut [RouteStep], police_at_once: bool) {
    let clocks = clocks(view);
    let overdue = [ClockKind::Reply, ClockKind::Remedy, ClockKind::Promise];
    let late = |clock: &Clock| overdue.contains(&clock.kind) && clock.state == ClockState::Overdue;
    let facts = Facts {
        view,
        asked: !view.said(Direction::Out, Sense::Notice).is_empty(),
        // S37: a refusal in words or by silence, or a promise, remedy or answer that is overdue.
        triggered: refused(view).is_some() || clocks.iter().any(late),
        clocks,
        police_at_once,
    };
    for at in 0..steps.len() {
        let before: Vec<(Step, StepState)> = steps[..at].iter().map(|one| (one.step, one.state)).collect();
        let one = &mut steps[at];
        let (state, why) = facts.state(one, &before);
        one.state = state;
        one.why.extend(why);
        one.warnings = facts.warnings(one);
    }
}

impl Facts<'_> {
    fn state(&self, one: &RouteStep, before: &[(Step, StepState)]) -> (StepState, Option<RouteNote>) {
        if let Some(at) = self.taken(one) {
            return (StepState::Taken { at }, None);
        }
        match one.step {
            Step::E0 => (StepState::Now, None),
            Step::E1 if self.window_over() => {
                (StepState::Closed { why: RouteNote::WindowOver }, Some(RouteNote::WindowOver))
            }
            Step::E1 if self.short_window() && self.asked => (StepState::Now, Some(RouteNote::ShortWindow)),
            Step::E2 => self.review(),
            Step::Coverage => (StepState::Now, Some(RouteNote::CoverageTime)),
            Step::E7 if self.police_at_once => (StepState::Now, Some(RouteNote::StopPayment)),
            _ if one.early => (StepState::Now, Some(RouteNote::NeedNotWait)),
            _ if !self.asked => (StepState::NotYet, Some(RouteNote::AskMerchantFirst)),
            _ if !self.triggered => (StepState::NotYet, Some(RouteNote::AwaitAnswer)),
            Step::E1 | Step::E3 => (StepState::Now, None),
            _ if earlier_done(before) => (StepState::Now, None),
            _ => (StepState::NotYet, Some(RouteNote::EarlierStepsFirst)),
        }
    }

    /// When it was first taken: a notice to the merchant, or a step with one of its bodies.
    fn taken(&self, one: &RouteStep) -> Option<Timestamp> {
        let notice =
            || self.view.said(Direction::Out, Sense::Notice).first().map(|(message, _)| message.said_at);
        let step = || {
            let steps = self.view.told::<StepTaken>().into_iter();
            steps.filter(|(_, taken, _)| self.is_with(one, taken.body)).map(|(_, _, at)| at).min()
        };
        match one.step {
            Step::E0 => notice().or_else(step),
            _ => step(),
        }
    }

    /// Whether a step with that body is this step; whatever channel was used, it is the payment channel's step.
    fn is_with(&self, one: &RouteStep, body: Body) -> bool {
        let payment = [Body::WechatPay, Body::Alipay, Body::Bank];
        one.bodies.contains(&body) || (one.step == Step::E3 && payment.contains(&body))
    }

    /// L-PRM-19: a review follows a decision.
    fn review(&self) -> (StepState, Option<RouteNote>) {
        let against = |one: &DecisionMade| one.body == Body::Platform && one.verdict != Verdict::ForBuyer;
        match self.view.order.of_kind::<DecisionMade>().any(|(_, one)| against(one)) {
            true => (StepState::Now, Some(RouteNote::Decided)),
            false => (StepState::NotYet, Some(RouteNote::NeedsDecision)),
        }
    }

    fn window_over(&self) -> bool {
        let own = |clock: &&Clock| clock.kind == ClockKind::AppealPlatform;
        self.clocks.iter().find(own).is_some_and(|clock| clock.state == ClockState::Overdue)
    }

    /// D1: the platform's time ends with the day or so, whatever the merchant does.
    fn short_window(&self) -> bool {
        matches!(self.view.profile.window(), Some(AppealWindow::SameDay | AppealWindow::HoursAfterOrder(_)))
    }

    fn warnings(&self, one: &RouteStep) -> Vec<RouteNote> {
        let taken = |bodies: &[Body]| {
            self.view.order.of_kind::<StepTaken>().any(|(_, step)| bodies.contains(&step.body))
        };
        let closing = [Body::Association, Body::Court, Body::Arbitration, Body::Culture];
        let unpaid = self.view.order.of_kind::<PaymentSeen>().next().is_none();
        let covered = self.view.order.of_kind::<CoverageBought>().next().is_some();
        let to_authority = matches!(one.step, Step::E5 | Step::E10 | Step::E11);
        let table = [
            (to_authority && nameless(self.view), RouteNote::IdentityMissing),
            (one.step == Step::E5 && taken(&closing), RouteNote::MayBeRefused),
            (one.step == Step::E3 && unpaid, RouteNote::ChannelUnknown),
            (one.step == Step::Coverage && covered, RouteNote::CoverageTime),
            (one.lane.is_some(), RouteNote::VirtualLane),
        ];
        table.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note).collect()
    }
}

/// Whether every step before it was taken or is closed, or one beyond the merchant was.
fn earlier_done(before: &[(Step, StepState)]) -> bool {
    let past = |state: StepState| state.is_taken() || matches!(state, StepState::Closed { .. });
    let mut beyond = before.iter().filter(|(step, _)| *step != Step::E0);
    beyond.clone().all(|(_, state)| past(*state)) || beyond.next_back().is_some_and(|(_, state)| past(*state))
}
