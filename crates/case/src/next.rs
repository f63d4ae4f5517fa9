//! The one next step of an order: what to do, why, until when, and the command that does it.
//!
//! Never more than one. Rules are asked in order; the first that has something to say decides. Waiting is a step too.

mod dispute;
mod text;

use jiff::Timestamp;
use serde::Serialize;

use crate::bilingual::Bilingual;
use crate::clock::{Clock, ClockKind, clocks};
use crate::coded::coded;
use crate::diagnosis::{Diagnosis, diagnose};
use crate::purchase_check::checklist;
use crate::report::{Body, Destination, ObservationMade, Outcome, RefundProof, RefundSeen, RefundState};
use crate::{Completeness, FactGap, Need, View};

coded! {
    /// What can come next.
    StepCode {
        /// Something is to be saved before paying (S1–S4).
        SaveFirst = "save_first",
        /// Facts of the order are missing (S12, S14).
        FillFacts = "fill_facts",
        /// A fixation is incomplete (S11).
        FixEvidence = "fix_evidence",
        /// What was delivered was not looked at (S28).
        Verify = "verify",
        /// The payment provider has to know at once (L-ECL-57, L-ATF-20).
        TellPayment = "tell_payment",
        /// The platform's window ends before the merchant has to answer (D1).
        AppealBeforeWindow = "appeal_before_window",
        /// The merchant was not asked (S26–S33).
        SendNotice = "send_notice",
        /// An invitation off the platform stands unanswered (S36).
        DeclineInvite = "decline_invite",
        /// The merchant still has time (S33).
        WaitReply = "wait_reply",
        /// A promise still has time (S17).
        WaitPromise = "wait_promise",
        /// The package is not complete (S41).
        Collect = "collect",
        /// The coverage can be claimed (S57).
        ClaimCoverage = "claim_coverage",
        /// The platform can be asked to decide (S37).
        Appeal = "appeal",
        /// Somebody has to decide.
        WaitBody = "wait_body",
        /// The next body on the ladder (§3.9).
        TurnTo = "turn_to",
        /// A refund has to be seen on the payment side (D9).
        CheckRefund = "check_refund",
        /// It is settled.
        Close = "close",
        /// A date of the user's own (S59).
        FollowUp = "follow_up",
        /// Nothing.
        Nothing = "nothing",
    }
}

/// The next step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextStep {
    /// Which.
    pub code: StepCode,
    /// One sentence.
    pub say: Bilingual,
    /// Its why (S60).
    pub why: Bilingual,
    /// The clock behind it.
    pub clock: Option<ClockKind>,
    /// Until when.
    pub due_at: Option<Timestamp>,
    /// The bodies it turns to; several where the lane is not known.
    pub bodies: Vec<Body>,
    /// The command that does it.
    pub command: String,
}

/// What a rule answers: a code, and what its sentence needs.
#[derive(Debug, Clone, Default)]
struct Said {
    clock: Option<Clock>,
    bodies: Vec<Body>,
    missing: Vec<Bilingual>,
    slot: Option<&'static str>,
    outcome: Option<Outcome>,
    follow: Option<Bilingual>,
}

/// What the rules look at, computed once.
struct Now<'a, 'v> {
    view: &'a View<'v>,
    clocks: Vec<Clock>,
    diagnosis: Diagnosis,
    completeness: Completeness,
}

impl Now<'_, '_> {
    /// The first clock of a kind that runs.
    fn open(&self, kind: ClockKind) -> Option<&Clock> {
        self.clocks.iter().find(|clock| clock.kind == kind && clock.is_open())
    }
}

type Rule = fn(&Now<'_, '_>) -> Option<(StepCode, Said)>;

/// The rules, in the order they are asked.
const RULES: &[Rule] = &[
    closed,
    settled,
    dispute::tell_payment,
    dispute::refund,
    dispute::window,
    dispute::notice,
    dispute::invitation,
    dispute::reply,
    dispute::coverage,
    dispute::waiting,
    dispute::appeal,
    dispute::ladder,
    plan,
    facts,
    fixations,
    verification,
    fine,
];

/// Returns the next step of an order.
pub fn next_step(view: &View<'_>) -> NextStep {
    let now = Now {
        view,
        clocks: clocks(view),
        diagnosis: diagnose(view),
        completeness: Completeness::of(&view.order),
    };
    let found = RULES.iter().find_map(|rule| rule(&now));
    let (code, said) = found.unwrap_or((StepCode::Nothing, Said::default()));
    text::written(code, said, view)
}

/// A closed order has only its follow-ups (S59).
fn closed(now: &Now<'_, '_>) -> Option<(StepCode, Said)> {
    now.view.order.closed()?;
    let clock = now.open(ClockKind::FollowUp).cloned();
    let code = if clock.is_some() { StepCode::FollowUp } else { StepCode::Nothing };
    Some((code, Said { clock, ..Said::default() }))
}

/// All of the money came back on the payment side, or a working replacement came: the end.
fn settled(now: &Now<'_, '_>) -> Option<(StepCode, Said)> {
    let counts = |refund: &RefundSeen| {
        refund.state == RefundState::Received
            && refund.shown_by == RefundProof::PaymentSide
            && refund.destination != Destination::Balance
    };
    let back: i64 = now
        .view
        .told::<RefundSeen>()
        .iter()
        .filter(|(_, one, _)| counts(one))
        .filter_map(|(_, one, _)| one.amount_fen)
        .sum();
    let paid = now.view.order.facts.amount_fen?;
    let outcome = (paid > 0 && back >= paid).then_some(Outcome::Refunded)?;
    Some((StepCode::Close, Said { outcome: Some(outcome), ..Said::default() }))
}

/// Before the payment: the first thing of the list that is not there.
fn plan(now: &Now<'_, '_>) -> Option<(StepCode, Said)> {
    let open = checklist(now.view).into_iter().find(|one| !one.done)?;
    Some((StepCode::SaveFirst, Said { missing: vec![open.save.what], ..Said::default() }))
}

fn facts(now: &Now<'_, '_>) -> Option<(StepCode, Said)> {
    let missing: Vec<Bilingual> = now.completeness.gaps.iter().map(|gap| text::gap(*gap)).collect();
    let urgent = now.completeness.gaps.iter().any(|gap| matches!(gap, FactGap::PaidAt | FactGap::Amount));
    urgent.then(|| (StepCode::FillFacts, Said { missing, ..Said::default() }))
}

/// The first need that is not met and not waived, required ones first.
fn fixations(now: &Now<'_, '_>) -> Option<(StepCode, Said)> {
    let waived: Vec<&str> = now
        .view
        .told::<crate::report::NeedWaived>()
        .into_iter()
        .map(|(_, waived, _)| waived.need.code())
        .collect();
    let open = |need: &Need| need.required() && !waived.contains(&text::waived_code(*need));
    let missing: Vec<Need> = now.completeness.missing().into_iter().filter(open).collect();
    let first = *missing.first()?;
    let clock = now.open(ClockKind::Archive).cloned();
    let missing = missing.iter().map(|need| text::need(*need)).collect();
    Some((StepCode::FixEvidence, Said { clock, missing, slot: Some(first.slot().code()), ..Said::default() }))
}

fn verification(now: &Now<'_, '_>) -> Option<(StepCode, Said)> {
    now.view.order.facts.received_at()?;
    if now.view.order.of_kind::<ObservationMade>().next().is_some() {
        return None;
    }
    let clock = now.open(ClockKind::VerifyRule).or_else(|| now.open(ClockKind::VerifyPlan)).cloned();
    Some((StepCode::Verify, Said { clock, ..Said::default() }))
}

/// Everything is there, and nothing is wrong.
fn fine(now: &Now<'_, '_>) -> Option<(StepCode, Said)> {
    let complete = now.completeness.complete() == 4 && now.diagnosis.scenario.is_none();
    complete.then(|| (StepCode::Close, Said { outcome: Some(Outcome::Fine), ..Said::default() }))
}
