//! The next step while something is wrong: the merchant, the platform, the coverage, the ladder.

use super::{Now, Said, StepCode};
use crate::bilingual::Bilingual;
use crate::clock::{ClockKind, ClockState, refused};
use crate::ladder::Ladder;
use crate::readiness::readiness;
use crate::report::{Body, DecisionMade, RefundSeen, RefundState, Sense, StepTaken, Verdict};
use crate::route::{RouteStep, StepState, route};
use crate::scenario::{Scenario, Table};
use crate::step::Step;
use crate::{Direction, View};

type Found = Option<(StepCode, Said)>;

/// Charges nobody agreed to, and transfers outside: the payment provider first.
pub(super) fn tell_payment(now: &Now<'_, '_>) -> Found {
    let scenario = now.diagnosis.scenario?;
    let urgent = [Scenario::UnauthorizedCharge, Scenario::OffPlatformInduced].contains(&scenario);
    let told = [Body::WechatPay, Body::Alipay, Body::Bank].into_iter().any(|body| taken(now.view, body));
    let lanes = route(now.view, scenario).steps.into_iter().find(|step| step.step == Step::E3)?;
    (urgent && !told).then(|| (StepCode::TellPayment, Said { bodies: lanes.bodies, ..Said::default() }))
}

/// A refund that was decided, announced or failed and has not been seen on the payment side (D9).
pub(super) fn refund(now: &Now<'_, '_>) -> Found {
    let arrival = now.clocks.iter().find(|clock| clock.kind == ClockKind::RefundArrival)?;
    let failed =
        now.view.told::<RefundSeen>().last().is_some_and(|(_, one, _)| one.state == RefundState::Failed);
    match arrival.state {
        ClockState::Open if !failed => {
            Some((StepCode::CheckRefund, Said { clock: Some(arrival.clone()), ..Said::default() }))
        }
        ClockState::Open | ClockState::Overdue => ladder_from(now, Scenario::RefundNotArrived),
        ClockState::Met { .. } | ClockState::MetLate { .. } => None,
    }
}

/// The platform closes before the merchant has to answer: file first (D1).
pub(super) fn window(now: &Now<'_, '_>) -> Found {
    now.diagnosis.scenario?;
    let window = now.open(ClockKind::AppealPlatform).filter(|clock| !clock.spent)?;
    let reply = now.clocks.iter().filter(|clock| clock.kind == ClockKind::Reply && clock.is_open());
    let reply_due = reply.filter_map(|clock| clock.due.instant()).max();
    let refused = refused(now.view).is_some();
    let closes = window.due.instant()?;
    // Without a notice: if one sent now could not be answered in time.
    let would_be = now.view.now.saturating_add(now.view.house.parameters().hours("reply")).ok()?;
    let before = closes <= reply_due.unwrap_or(would_be);
    (!refused && before)
        .then(|| (StepCode::AppealBeforeWindow, Said { clock: Some(window.clone()), ..Said::default() }))
}

/// The coverage, where its claim ends before the appeal does.
pub(super) fn coverage(now: &Now<'_, '_>) -> Found {
    now.diagnosis.scenario?;
    let claim = now.open(ClockKind::CoverageClaim)?;
    let appeal = crate::clock::earliest_own(&now.clocks)?;
    let asked = said(now.view, Sense::Notice);
    (asked && appeal.kind == ClockKind::CoverageClaim)
        .then(|| (StepCode::ClaimCoverage, Said { clock: Some(claim.clone()), ..Said::default() }))
}

/// The last thing the merchant said was an invitation elsewhere, and nothing was said to it.
pub(super) fn invitation(now: &Now<'_, '_>) -> Found {
    let last = now.view.order.dialogue().last().copied()?.clone();
    let invited =
        last.direction == Direction::In && now.view.order.sense(&last).0 == Some(Sense::Solicitation);
    invited.then(|| (StepCode::DeclineInvite, Said::default()))
}

pub(super) fn notice(now: &Now<'_, '_>) -> Found {
    let scenario = now.diagnosis.scenario?;
    let asks = Table::get().row(scenario).steps.iter().all(|step| step.step != Step::E2);
    (asks && !said(now.view, Sense::Notice)).then(|| (StepCode::SendNotice, Said::default()))
}

/// The merchant still has time; a coverage that ends before that does not wait.
pub(super) fn reply(now: &Now<'_, '_>) -> Found {
    let scenario = now.diagnosis.scenario?;
    let clock = now.open(ClockKind::Reply)?;
    let claim = now.open(ClockKind::CoverageClaim).and_then(|claim| claim.due.instant());
    if claim.is_some_and(|claim| Some(claim) < clock.due.instant()) {
        return None;
    }
    let missing =
        readiness(now.view, scenario).missing.into_iter().map(|proof| proof.text().label.clone()).collect();
    Some((StepCode::WaitReply, Said { clock: Some(clock.clone()), missing, ..Said::default() }))
}

/// A promise or a body still has time.
pub(super) fn waiting(now: &Now<'_, '_>) -> Found {
    now.diagnosis.scenario?;
    if let Some(clock) = now.open(ClockKind::Promise) {
        return Some((StepCode::WaitPromise, Said { clock: Some(clock.clone()), ..Said::default() }));
    }
    let bodies = [
        (ClockKind::PlatformDecision, Body::Platform),
        (ClockKind::HumanReview, Body::PlatformReview),
        (ClockKind::Acceptance12315, Body::Complaint12315),
        (ClockKind::Mediation12315, Body::Complaint12315),
    ];
    bodies.into_iter().find_map(|(kind, body)| {
        let clock = Some(now.open(kind)?.clone());
        Some((StepCode::WaitBody, Said { clock, bodies: vec![body], ..Said::default() }))
    })
}

/// The platform, where it takes complaints and was not asked; what is missing first, while there is time.
pub(super) fn appeal(now: &Now<'_, '_>) -> Found {
    let scenario = now.diagnosis.scenario?;
    let route = route(now.view, scenario);
    let open = route.steps.iter().any(|step| step.bodies.contains(&Body::Platform) && is_ahead(step));
    if !open || taken(now.view, Body::Platform) {
        return None;
    }
    let clock = now.open(ClockKind::AppealPlatform).or_else(|| now.open(ClockKind::AppealSeed)).cloned();
    let clock = clock.filter(|clock| !clock.spent);
    let ready = readiness(now.view, scenario);
    let missing: Vec<_> = ready.missing.iter().map(|proof| proof.text().label.clone()).collect();
    let time = clock.as_ref().and_then(|clock| clock.due.instant());
    let enough = time.is_some_and(|due| due.duration_since(now.view.now).as_hours() >= 2);
    let code = if !ready.ok && enough { StepCode::Collect } else { StepCode::Appeal };
    clock.is_some().then_some((code, Said { clock, missing, ..Said::default() }))
}

/// The next body on the ladder that was not asked.
pub(super) fn ladder(now: &Now<'_, '_>) -> Found {
    ladder_from(now, now.diagnosis.scenario?)
}

fn ladder_from(now: &Now<'_, '_>, scenario: Scenario) -> Found {
    let against = now.view.told::<DecisionMade>().into_iter().any(|(_, one, _)| {
        one.body == Body::Platform && matches!(one.verdict, Verdict::ForMerchant | Verdict::Rejected)
    });
    if against && !taken(now.view, Body::PlatformReview) {
        let follow = Some(crate::scenario::Table::get().row(Scenario::PlatformRefuses).hint.clone());
        return Some((
            StepCode::TurnTo,
            Said { bodies: vec![Body::PlatformReview], follow, ..Said::default() },
        ));
    }
    let route = route(now.view, scenario);
    let step =
        route.steps.into_iter().find(|step| is_ahead(step) && !step.bodies.contains(&Body::Merchant))?;
    let follow = Some(why(&step));
    Some((StepCode::TurnTo, Said { bodies: step.bodies, follow, ..Said::default() }))
}

fn is_ahead(step: &RouteStep) -> bool {
    matches!(step.state, StepState::Now | StepState::NotYet)
}

/// Why this step: what the route says of it, else what the body can do.
fn why(step: &RouteStep) -> Bilingual {
    let can = || Ladder::get().rung(step.step).map(|rung| rung.can.clone()).unwrap_or_default();
    step.why.first().map_or_else(can, |note| note.text().clone())
}

fn taken(view: &View<'_>, body: Body) -> bool {
    view.order.of_kind::<StepTaken>().any(|(_, step)| step.body == body)
}

fn said(view: &View<'_>, sense: Sense) -> bool {
    !view.said(Direction::Out, sense).is_empty()
}
