//! The clocks of the first hours: archive and verify.

use jiff::Timestamp;

use super::{Clock, ClockKind, Start, default_of};
use crate::report::{ObservationMade, Place};
use crate::{Completeness, View};

pub(super) fn add(view: &View<'_>, clocks: &mut Vec<Clock>) {
    archive(view, clocks);
    verify(view, clocks);
}

/// S21: from completion; met when the last of the four became complete.
fn archive(view: &View<'_>, clocks: &mut Vec<Clock>) {
    let Some(started) = view.order.facts.completed_at() else { return };
    let (span, source) = default_of(view, "archive");
    clocks.push(Start::new(ClockKind::Archive, started, None, source).after(span, archived(view), view.now));
}

/// When the last required need was first filled; `None` while one is open.
fn archived(view: &View<'_>) -> Option<Timestamp> {
    let completeness = Completeness::of(&view.order);
    let fixed_at = |item| {
        let exhibit = view.order.exhibits.iter().find(|exhibit| exhibit.item == item).map(|one| one.fixed_at);
        exhibit.or_else(|| view.order.messages.iter().find(|one| one.item == item).map(|one| one.recorded_at))
    };
    let needs =
        completeness.fixations.iter().flat_map(|fixation| &fixation.needs).filter(|need| need.required);
    needs
        .map(|need| need.filled_by.iter().filter_map(|(item, _)| fixed_at(*item)).min())
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .max()
}

/// S28, D7: planned from delivery, by the rule from activation; met by the first look at the issuer's or the product.
fn verify(view: &View<'_>, clocks: &mut Vec<Clock>) {
    let facts = &view.order.facts;
    let seen = view.told::<ObservationMade>();
    let looked = |from: Timestamp| {
        let real = |made: &ObservationMade| matches!(made.place, Place::Issuer | Place::Product);
        seen.iter().find(|(_, made, at)| real(made) && *at >= from).map(|(_, _, at)| *at)
    };
    let starts = [(ClockKind::VerifyPlan, facts.delivered_at), (ClockKind::VerifyRule, facts.activated_at)];
    for (kind, started) in starts {
        let Some(started) = started else { continue };
        let (span, source) = default_of(view, "verify");
        clocks.push(Start::new(kind, started, None, source).after(span, looked(started), view.now));
    }
}
