//! The clocks of the appeal: from a refusal, spoken or silent, and by the platform's own window (S46, D1).

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{Clock, ClockKind, ClockSource, Due, Start, default_of, talk};
use crate::calendar::{day_of, end_of_day};
use crate::platform::AppealWindow;
use crate::report::{Body, Sense, StepTaken};
use crate::{Direction, ItemId, View};

/// How the merchant refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedBy {
    /// In words.
    Words,
    /// By letting the time for an answer pass.
    Silence,
}

/// The refusal that starts the appeal clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// When.
    pub at: Timestamp,
    /// How.
    pub by: RefusedBy,
    /// The message that refuses, or the notice that was not answered.
    pub item: ItemId,
}

/// Returns the earliest refusal: in words, or because an answer was due and did not come.
pub fn refused(view: &View<'_>) -> Option<Refused> {
    let words = view.said(Direction::In, Sense::Refusal).into_iter().map(|(message, _)| Refused {
        at: message.said_at,
        by: RefusedBy::Words,
        item: message.item,
    });
    let answers = talk::Answers::of(view);
    let silence = view.said(Direction::Out, Sense::Notice).into_iter().filter_map(|(notice, set)| {
        let due = talk::reply_due(view, notice, set);
        let answered = answers.after(notice).is_some_and(|at| at <= due);
        (view.now >= due && !answered).then_some(Refused {
            at: due,
            by: RefusedBy::Silence,
            item: notice.item,
        })
    });
    words.chain(silence).min_by_key(|refused| (refused.at, refused.item))
}

pub(super) fn add(view: &View<'_>, clocks: &mut Vec<Clock>) {
    let mut own = Vec::new();
    let filed = filed(view);
    let refused = refused(view);
    if let Some(refused) = refused {
        let (span, source) = default_of(view, "appeal");
        let start = Start::new(ClockKind::AppealSeed, refused.at, Some(refused.item), source);
        own.push(start.after(span, filed, view.now));
    }
    own.extend(window(view, refused, filed));
    decide(&mut own);
    let one_shot = view.profile.facts.one_shot.as_ref().is_some_and(|fact| fact.value);
    for clock in &mut own {
        clock.spent = one_shot && filed.is_some();
    }
    clocks.extend(own);
}

/// When the first complaint went to the platform.
fn filed(view: &View<'_>) -> Option<Timestamp> {
    view.told::<StepTaken>().into_iter().find(|(_, step, _)| step.body == Body::Platform).map(|(_, _, at)| at)
}

/// The platform's own window, where it has one and takes complaints at all (D3).
fn window(view: &View<'_>, refused: Option<Refused>, filed: Option<Timestamp>) -> Option<Clock> {
    let fact = view.profile.facts.appeal_window.as_ref()?;
    if view.profile.takes_complaints(false) == Some(false) {
        return None;
    }
    let facts = &view.order.facts;
    let ordered = facts.created_at.or(facts.paid_at);
    let hours = |n: u32| SignedDuration::from_hours(n.into());
    let (started, by, due) = match fact.value {
        AppealWindow::SameDay => (ordered?, None, end_of_day(day_of(ordered?))),
        AppealWindow::HoursAfterOrder(n) => (ordered?, None, ordered?.saturating_add(hours(n)).ok()?),
        AppealWindow::HoursAfterRefusal(n) => {
            let refused = refused?;
            (refused.at, Some(refused.item), refused.at.saturating_add(hours(n)).ok()?)
        }
        AppealWindow::DaysAfterDelivery(n) => {
            let received = facts.received_at()?;
            (received, None, received.saturating_add(hours(n.saturating_mul(24))).ok()?)
        }
    };
    let source = ClockSource::Profile {
        id: view.profile.id.clone(),
        fact: "appeal_window".into(),
        unverified: fact.is_unverified(),
    };
    Some(Start::new(ClockKind::AppealPlatform, started, by, source).due(Due::At { at: due }, filed, view.now))
}

/// The two clocks of which the earlier decides.
pub(super) const fn is_window(kind: ClockKind) -> bool {
    matches!(kind, ClockKind::AppealSeed | ClockKind::AppealPlatform)
}

/// The earlier due time decides; the other stays visible.
pub(super) fn decide(clocks: &mut [Clock]) {
    let soonest = clocks.iter().filter(|clock| is_window(clock.kind)).min_by_key(|clock| clock.due.instant());
    let soonest = soonest.map(|clock| clock.kind);
    for clock in clocks.iter_mut().filter(|clock| is_window(clock.kind) && Some(clock.kind) != soonest) {
        clock.decided_by = soonest;
    }
}
