//! When to come back to a finished purchase: dates to suggest, which the user may accept (S59). They are no events.

mod spans;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;

use crate::bilingual::Bilingual;
use crate::calendar::{day_of, end_of_day};
use crate::coded::coded;
use crate::dossier::table::{FollowUpRow, Table};
use crate::report::{
    CoverageBought, FollowUpKind, FollowUpSet, ObservationMade, Outcome, PromiseKind, PromiseMade,
};
use crate::{ItemId, View};

use spans::{Span, span_in, term_in, until_in};

coded! {
    /// What a date is about.
    FollowUpReason {
        /// A membership or licence ends.
        TermEnds = "term_ends",
        /// An account may be taken back: the first look.
        RecoveryFirst = "recovery_first",
        /// The same, the second look.
        RecoverySecond = "recovery_second",
        /// The coverage ends.
        CoverageEnds = "coverage_ends",
        /// The warranty ends.
        WarrantyEnds = "warranty_ends",
    }
}

impl FollowUpReason {
    fn row(self) -> &'static FollowUpRow {
        let mut rows = Table::get().follow_up.iter();
        rows.find(|row| row.code == self.code())
            .expect("data/dossier.toml has every follow-up, checked by its tests")
    }

    /// Returns the kind the user would set.
    pub fn kind(self) -> FollowUpKind {
        self.row().kind
    }
}

/// A date to suggest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The kind the user would set.
    pub kind: FollowUpKind,
    /// What it is about.
    pub reason: FollowUpReason,
    /// When to come back: the end of a day, Asia/Shanghai.
    pub due_at: Timestamp,
    /// The day it is about, such as the last day of a membership.
    pub day: Date,
    /// The promise, observation or coverage it follows from; `None` for a fact of the order.
    pub from: Option<ItemId>,
    /// What to do then.
    pub text: Bilingual,
}

/// Returns the dates to suggest that lie ahead of `view.now`, soonest first.
///
/// Nothing before the purchase is complete, nor after it was paid back or given up. A date the user set already is
/// not suggested again: one of the same kind on the same day.
pub fn follow_ups(view: &View<'_>) -> Vec<Suggestion> {
    let Some(completed) = view.order.facts.completed_at().filter(|_| still_has_the_goods(view)) else {
        return Vec::new();
    };
    let mut found: Vec<Suggestion> = Vec::new();
    found.extend(term(view, completed));
    found.extend(recovery(view, completed));
    found.extend(coverage(view));
    found.extend(warranty(view, completed));
    let set: Vec<(FollowUpKind, Date)> =
        view.told::<FollowUpSet>().into_iter().map(|(_, set, _)| (set.kind, day_of(set.due_at))).collect();
    found.retain(|one| one.due_at > view.now && !set.contains(&(one.kind, day_of(one.due_at))));
    found.sort_by_key(|one| (one.due_at, one.reason));
    found
}

fn still_has_the_goods(view: &View<'_>) -> bool {
    use Outcome::{Fine, PartialBalance, PartlyRefunded, Reissued};
    view.order.closed().is_none_or(|how| matches!(how, Fine | Reissued | PartlyRefunded | PartialBalance))
}

fn goods_in(view: &View<'_>, codes: &[String]) -> bool {
    view.order.facts.goods.is_some_and(|goods| codes.iter().any(|code| code == goods.code()))
}

/// Some days ahead of a last day; on the day itself where that is past already.
fn ahead(view: &View<'_>, reason: FollowUpReason, day: Date, from: Option<ItemId>) -> Suggestion {
    let row = reason.row();
    let days = Table::get().number(&row.days);
    let early = end_of_day(day.saturating_sub(i64::from(days).days()));
    let due_at = if early > view.now { early } else { end_of_day(day) };
    Suggestion { kind: row.kind, reason, due_at, day, from, text: row.text.with("day", &day.to_string()) }
}

/// The last day of a membership or licence: as a page states it, else by the term the goods name.
///
/// What is promised for ever has no last day, whatever the page of the product says: that is a dispute.
fn term(view: &View<'_>, completed: Timestamp) -> Option<Suggestion> {
    if !goods_in(view, &Table::get().reading.expiry_goods) {
        return None;
    }
    let promises = view.told::<PromiseMade>();
    let title = view.order.facts.title.as_deref().unwrap_or_default();
    let endless = promises.iter().any(|(_, promise, _)| promise.kind == PromiseKind::Permanent);
    if endless || spans::is_endless(title) {
        return None;
    }
    let seen = view.told::<ObservationMade>();
    let stated =
        seen.iter().rev().find_map(|(item, made, _)| Some((until_in(made.text.as_deref()?)?, *item)));
    if let Some((day, item)) = stated {
        return Some(ahead(view, FollowUpReason::TermEnds, day, Some(item)));
    }
    let start = view.order.facts.activated_at.unwrap_or(completed);
    let day = term_in(title)?.last_day(start)?;
    Some(ahead(view, FollowUpReason::TermEnds, day, None))
}

/// An account is looked at again after its hand-over: most are taken back in the first weeks.
fn recovery(view: &View<'_>, completed: Timestamp) -> Vec<Suggestion> {
    let facts = &view.order.facts;
    let handed = facts.handed_over_at.is_some();
    if !goods_in(view, &Table::get().reading.recovery_goods) && !handed {
        return Vec::new();
    }
    let start = day_of(facts.handed_over_at.unwrap_or(completed));
    let look = |reason: FollowUpReason| {
        let row = reason.row();
        let day = start.saturating_add(i64::from(Table::get().number(&row.days)).days());
        let text = row.text.with("day", &day.to_string());
        Suggestion { kind: row.kind, reason, due_at: end_of_day(day), day, from: None, text }
    };
    [FollowUpReason::RecoveryFirst, FollowUpReason::RecoverySecond].into_iter().map(look).collect()
}

/// S57: the last day of each coverage.
fn coverage(view: &View<'_>) -> Vec<Suggestion> {
    let bought = view.told::<CoverageBought>();
    let ends = bought.into_iter().filter_map(|(item, coverage, at)| {
        let day = Span { months: 0, hours: 24 * i64::from(coverage.period_days?) }.last_day(at)?;
        Some(ahead(view, FollowUpReason::CoverageEnds, day, Some(item)))
    });
    ends.collect()
}

/// The last day of each promised warranty: its own time, else the span its words name, from completion.
fn warranty(view: &View<'_>, completed: Timestamp) -> Vec<Suggestion> {
    let promised = view.told::<PromiseMade>();
    let warranties = promised.into_iter().filter(|(_, promise, _)| promise.kind == PromiseKind::Warranty);
    let ends = warranties.filter_map(|(item, promise, _)| {
        let by_words = || span_in(&promise.text)?.last_day(completed);
        let day = promise.due_at.map(day_of).or_else(by_words)?;
        Some(ahead(view, FollowUpReason::WarrantyEnds, day, Some(item)))
    });
    ends.collect()
}
