//! Weak actions: what was done too late, too early, in the wrong order or under the wrong name (S66).

use jiff::Timestamp;
use sigu_evidence::mask_text;

use super::{Detected, Pitfall, PitfallCode, PitfallDetail};
use crate::bilingual::Bilingual;
use crate::category::{Category, CategoryAdvice, advise};
use crate::clock::{ClockKind, ClockState, clocks, refused};
use crate::platform::OwnCategory;
use crate::report::{
    Body, ObservationMade, Observed, Place, ProblemFound, RefundProof, RefundSeen, RefundState, Sense,
    StepTaken,
};
use crate::scenario::Scenario;
use crate::{Direction, ItemId, View};

/// States that are no defect.
const FINE: [Observed; 4] =
    [Observed::Ok, Observed::Credited, Observed::RedeemedByBuyer, Observed::PageChanged];

/// The scenario the user chose last.
pub(super) fn chosen(view: &View<'_>) -> Option<Scenario> {
    view.told::<ProblemFound>().into_iter().filter_map(|(_, problem, _)| problem.scenario).next_back()
}

/// When a defect was first seen or noticed.
fn defect_at(view: &View<'_>) -> Option<Timestamp> {
    let seen = view.told::<ObservationMade>().into_iter().filter(|(_, made, _)| !FINE.contains(&made.state));
    let noticed = view.told::<ProblemFound>().into_iter().map(|(_, problem, _)| problem.at);
    seen.map(|(_, _, at)| at).chain(noticed).min()
}

/// When the dispute began: the problem was noticed, the merchant told, or refused.
pub(super) fn dispute_at(view: &View<'_>) -> Option<Timestamp> {
    let told = view.said(Direction::Out, Sense::Notice).into_iter().map(|(notice, _)| notice.said_at).next();
    [defect_at(view), told, refused(view).map(|one| one.at)].into_iter().flatten().min()
}

/// S21: the archive window passed before the four were complete.
pub(super) fn late(view: &View<'_>) -> Detected {
    let clock = clocks(view).into_iter().find(|clock| clock.kind == ClockKind::Archive)?;
    let due = clock.due.instant()?;
    let at = match clock.state {
        ClockState::MetLate { at } => at,
        ClockState::Overdue => view.now,
        ClockState::Open | ClockState::Met { .. } => return None,
    };
    let seconds = at.duration_since(due).as_secs().max(1);
    Some(Pitfall::found(PitfallCode::Late, Vec::new()).with(PitfallDetail::LateBy { seconds }))
}

/// D9: a refund that the shop shows and the payment side does not; with no proof at all it is asked about.
pub(super) fn shop_refund_only(view: &View<'_>) -> Detected {
    let received =
        view.told::<RefundSeen>().into_iter().filter(|(_, one, _)| one.state == RefundState::Received);
    let all: Vec<(ItemId, RefundProof)> = received.map(|(item, one, _)| (item, one.shown_by)).collect();
    let with = |proof| -> Vec<ItemId> {
        all.iter().filter(|(_, shown_by)| *shown_by == proof).map(|(item, _)| *item).collect()
    };
    let (shop, words) = (with(RefundProof::ShopStatus), with(RefundProof::None));
    if !with(RefundProof::PaymentSide).is_empty() || all.is_empty() {
        return None;
    }
    let code = PitfallCode::RefundByShopStatusOnly;
    Some(if shop.is_empty() { Pitfall::asked(code, words) } else { Pitfall::found(code, shop) })
}

/// Receipt was confirmed although a defect was known; asked when nothing was checked before.
pub(super) fn confirmed_too_early(view: &View<'_>) -> Detected {
    let facts = &view.order.facts;
    let confirmed = facts.confirmed_at?;
    let code = PitfallCode::ConfirmedTooEarly;
    if defect_at(view).is_some_and(|at| at <= confirmed) {
        return Some(Pitfall::found(code, Vec::new()));
    }
    let real = |made: &ObservationMade| matches!(made.place, Place::Issuer | Place::Product);
    let looked = view.told::<ObservationMade>().iter().any(|(_, made, at)| real(made) && *at <= confirmed);
    let taken_over = facts.handed_over_at.or(facts.credited_at).is_some_and(|at| at <= confirmed);
    (!looked && !taken_over).then(|| Pitfall::asked(code, Vec::new()))
}

/// L-CRM-16(2): the association was asked and 12315 was not before.
pub(super) fn association_first(view: &View<'_>) -> Detected {
    let steps = view.told::<StepTaken>();
    let first = |body| steps.iter().find(|(_, step, _)| step.body == body).map(|(item, _, at)| (*item, *at));
    let (item, at) = first(Body::Association)?;
    let after = first(Body::Complaint12315).is_none_or(|(_, complained)| complained > at);
    after.then(|| Pitfall::found(PitfallCode::E4BeforeE5, vec![item]))
}

/// S33: something is wrong, and no demand with a time went to the merchant.
pub(super) fn no_notice(view: &View<'_>) -> Detected {
    let told = !view.said(Direction::Out, Sense::Notice).is_empty();
    let trouble = defect_at(view).is_some() || view.order.of_kind::<StepTaken>().next().is_some();
    (trouble && !told && view.order.closed().is_none())
        .then(|| Pitfall::found(PitfallCode::NoNoticeYet, Vec::new()))
}

/// S38: the category of the last platform complaint is one that does not fit; free words are not judged.
pub(super) fn wrong_category(view: &View<'_>, scenario: Option<Scenario>) -> Detected {
    let steps = view.told::<StepTaken>();
    let filed = steps.iter().filter(|(_, step, _)| step.body == Body::Platform);
    let (item, chosen) =
        filed.filter_map(|(item, step, _)| Some((*item, step.category.as_deref()?))).next_back()?;
    let (right, why) = match scenario {
        Some(scenario) => {
            let advice = advise(scenario, view.profile);
            let why = misfit(view, &advice, chosen)?;
            (fitting(&advice), why)
        }
        None => (Vec::new(), never(chosen)?),
    };
    let detail = PitfallDetail::Category { chosen: mask_text(chosen), right, why: Some(why) };
    Some(Pitfall::found(PitfallCode::WrongCategory, vec![item]).with(detail))
}

/// What to choose: the platform's own entries, else the canonical names.
fn fitting(advice: &CategoryAdvice) -> Vec<Bilingual> {
    let own: Vec<Bilingual> =
        advice.on_platform.iter().chain(&advice.alternatives).map(|own| own.name.clone()).collect();
    let canonical = || advice.canonical.iter().map(|category| category.text().name.clone()).collect();
    if own.is_empty() { canonical() } else { own }
}

/// Why the chosen category does not fit; `None` when it does, or when nobody knows what it is.
fn misfit(view: &View<'_>, advice: &CategoryAdvice, chosen: &str) -> Option<Bilingual> {
    let own = |entry: &OwnCategory| names(&entry.code, &entry.name, chosen);
    let canonical = canonical(chosen);
    let fits = advice.on_platform.iter().chain(&advice.alternatives).any(own)
        || canonical.is_some_and(|category| advice.canonical.contains(&category));
    if fits {
        return None;
    }
    let warned = advice.wrong.iter().find(|wrong| {
        wrong.on_platform.as_ref().is_some_and(own)
            || wrong.category.is_some() && wrong.category == canonical
            || wrong.label.zh == chosen
    });
    if let Some(wrong) = warned {
        return Some(wrong.why.clone());
    }
    let entries = view.profile.facts.categories.iter().flat_map(|fact| &fact.value);
    let other_entry = advice.on_platform.is_some() && entries.into_iter().any(own);
    let hint_of = canonical.or_else(|| advice.canonical.first().copied())?;
    (other_entry || canonical.is_some()).then(|| hint_of.text().hint.clone())
}

/// S39: what no digital good ever fits.
fn never(chosen: &str) -> Option<Bilingual> {
    let text = canonical(chosen)?.text();
    text.never.then(|| text.hint.clone())
}

fn canonical(chosen: &str) -> Option<Category> {
    Category::ALL.iter().copied().find(|category| names(category.code(), &category.text().name, chosen))
}

fn names(code: &str, name: &Bilingual, chosen: &str) -> bool {
    let chosen = chosen.trim();
    code == chosen || name.zh == chosen || name.en == chosen
}
