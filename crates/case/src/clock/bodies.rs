//! The clocks of those one turned to: platform, 12315, coverage.

use jiff::{SignedDuration, Timestamp};

use super::{Clock, ClockKind, ClockSource, Due, Start, default_of};
use crate::View;
use crate::calendar::{NotPublished, day_of};
use crate::report::{
    Body, CoverageBought, DecisionMade, ObservationMade, Observed, ProblemFound, Stage, StepMoved, StepTaken,
};

pub(super) fn add(view: &View<'_>, clocks: &mut Vec<Clock>) {
    for (item, step, at) in view.told::<StepTaken>() {
        match step.body {
            Body::Platform => platform(view, at, item, clocks),
            Body::PlatformReview => {
                let (span, source) = default_of(view, "human_review");
                let start = Start::new(ClockKind::HumanReview, at, Some(item), source);
                clocks.push(start.after(span, ended(view, Body::PlatformReview, at), view.now));
            }
            Body::Complaint12315 => acceptance(view, at, item, clocks),
            _ => {}
        }
    }
    for (item, moved, at) in view.told::<StepMoved>() {
        if (moved.body, moved.stage) == (Body::Complaint12315, Stage::Accepted) {
            mediation(view, at, item, clocks);
        }
    }
    coverage(view, clocks);
}

/// The merchant's time to answer the platform, and the platform's to decide.
fn platform(view: &View<'_>, at: Timestamp, item: crate::ItemId, clocks: &mut Vec<Clock>) {
    let facts = &view.profile.facts;
    let answered =
        moved(view, Body::Platform, at, &[Stage::Answered]).or_else(|| ended(view, Body::Platform, at));
    let rows = [
        (ClockKind::MerchantAnswer, &facts.merchant_reply_h, "merchant_reply_h", answered),
        (
            ClockKind::PlatformDecision,
            &facts.complaint_sla_h,
            "complaint_sla_h",
            ended(view, Body::Platform, at),
        ),
    ];
    for (kind, fact, name, stopped) in rows {
        let Some(fact) = fact else { continue };
        let source = ClockSource::Profile {
            id: view.profile.id.clone(),
            fact: name.into(),
            unverified: fact.is_unverified(),
        };
        let span = SignedDuration::from_hours(fact.value.into());
        clocks.push(Start::new(kind, at, Some(item), source).after(span, stopped, view.now));
    }
}

/// The first decision, closing or withdrawal of a body after an instant.
pub(super) fn ended(view: &View<'_>, body: Body, from: Timestamp) -> Option<Timestamp> {
    let decided =
        view.told::<DecisionMade>().into_iter().filter(|(_, one, at)| one.body == body && *at >= from);
    let decided = decided.map(|(_, _, at)| at).min();
    let closed =
        moved(view, body, from, &[Stage::Closed, Stage::Withdrawn, Stage::Mediated, Stage::MediationEnded]);
    [decided, closed].into_iter().flatten().min()
}

fn moved(view: &View<'_>, body: Body, from: Timestamp, stages: &[Stage]) -> Option<Timestamp> {
    let all = view.told::<StepMoved>().into_iter();
    all.filter(|(_, one, at)| one.body == body && *at >= from && stages.contains(&one.stage))
        .map(|(_, _, at)| at)
        .min()
}

/// L-CRM-15: seven working days from receipt.
fn acceptance(view: &View<'_>, at: Timestamp, item: crate::ItemId, clocks: &mut Vec<Clock>) {
    let stages =
        [Stage::Accepted, Stage::NotAccepted, Stage::Mediated, Stage::MediationEnded, Stage::Withdrawn];
    let stopped = moved(view, Body::Complaint12315, at, &stages);
    let due = match view.house.calendar().working_days_after(day_of(at), 7) {
        Ok(day) => Due::Day { planning: day, legal: day },
        Err(NotPublished { year }) => Due::NotPublished { year },
    };
    let source = ClockSource::Statute { id: "L-CRM-15".into() };
    clocks.push(Start::new(ClockKind::Acceptance12315, at, Some(item), source).due(due, stopped, view.now));
}

/// L-CRM-23: sixty days from acceptance, in both readings of a weekend.
fn mediation(view: &View<'_>, at: Timestamp, item: crate::ItemId, clocks: &mut Vec<Clock>) {
    let due = match view.house.calendar().last_day(day_of(at), 60) {
        Ok(day) => Due::Day { planning: day.planning, legal: day.legal },
        Err(NotPublished { year }) => Due::NotPublished { year },
    };
    let stopped = ended(view, Body::Complaint12315, at);
    let source = ClockSource::Statute { id: "L-CRM-23".into() };
    clocks.push(Start::new(ClockKind::Mediation12315, at, Some(item), source).due(due, stopped, view.now));
}

/// S57: the claim within the agreed hours of noticing, and the end of the coverage itself.
fn coverage(view: &View<'_>, clocks: &mut Vec<Clock>) {
    let claimed = view.told::<StepTaken>().into_iter().find(|(_, step, _)| step.body == Body::Coverage);
    let claimed = claimed.map(|(_, _, at)| at);
    for (item, bought, at) in view.told::<CoverageBought>() {
        if let (Some(hours), Some(noticed)) = (bought.claim_within_h, noticed(view)) {
            let start = Start::new(ClockKind::CoverageClaim, noticed, Some(item), ClockSource::Said);
            clocks.push(start.after(SignedDuration::from_hours(hours.into()), claimed, view.now));
        }
        if let Some(days) = bought.period_days {
            let start = Start::new(ClockKind::CoverageEnd, at, Some(item), ClockSource::Said);
            clocks.push(start.after(SignedDuration::from_hours(24 * i64::from(days)), None, view.now));
        }
    }
}

/// When the buyer noticed: as reported, else the first sight of something wrong.
pub(crate) fn noticed(view: &View<'_>) -> Option<Timestamp> {
    let reported = view.told::<ProblemFound>().into_iter().map(|(_, _, at)| at).min();
    let fine = [Observed::Ok, Observed::Credited];
    let seen = view.told::<ObservationMade>().into_iter().find(|(_, made, _)| !fine.contains(&made.state));
    reported.or(seen.map(|(_, _, at)| at))
}
