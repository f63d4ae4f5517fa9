//! The time line of an order, from before the payment to its close: facts, evidence, words, silence, steps.

use jiff::Timestamp;
use sigu_case::advice::Advice;
use sigu_case::report::Report;
use sigu_case::timeline::{TimelineKind, TimelineRow};
use sigu_case::{ItemId, Order};

use super::dashed;
use crate::desk::page::Visit;
use crate::desk::show::{Instant, masked};
use crate::words::Words;

/// One thing that happened.
pub(super) struct Told {
    pub(super) at: Instant,
    pub(super) name: String,
    pub(super) what: String,
    /// How it is drawn: `fact`, `fixed`, `mine`, `theirs`, `silence` or `report`.
    pub(super) sort: &'static str,
    /// The piece of evidence it is.
    pub(super) item: Option<ItemId>,
}

/// A row before its time is said: when, how drawn, name, words, item.
type Row = (Timestamp, &'static str, String, String, Option<ItemId>);

pub(super) fn of(order: &Order, advice: &Advice, visit: &Visit) -> Vec<Told> {
    let words = &visit.words;
    let mut rows: Vec<Row> =
        vec![(order.opened_at, "report", words.word("kind-order-opened"), String::new(), None)];
    rows.extend(order.facts.times().into_iter().filter_map(|(name, at)| {
        Some((at?, "fact", words.word(&format!("order-when-{}", dashed(name))), String::new(), None))
    }));
    rows.extend(order.exhibits.iter().map(|exhibit| {
        let name = words.word(&format!("slot-{}", exhibit.slot.code()));
        let name = words.say("order-fixed", &[("slot", name)]);
        let file = exhibit.manifest().filter(|own| !own.secret).and_then(|own| own.file_name.as_deref());
        (exhibit.fixed_at, "fixed", name, masked(file), Some(exhibit.item))
    }));
    rows.extend(advice.timeline.iter().map(|row| said(row, order, words)));
    rows.extend(order.reports.iter().filter_map(|logged| {
        let name = words.try_word(&format!("kind-{}", dashed(logged.report.kind())))?;
        Some((logged.report.at(), "report", name, seen(&logged.report, words), None))
    }));
    rows.extend(
        order.exports.iter().map(|at| (*at, "report", words.word("kind-export-made"), String::new(), None)),
    );
    rows.sort_by_key(|row| row.0);
    let told =
        |(at, sort, name, what, item)| Told { at: Instant::of(at, visit.now, words), name, what, sort, item };
    rows.into_iter().map(told).collect()
}

/// Which state was seen, where a report is of one.
fn seen(report: &Report, words: &Words) -> String {
    match report {
        Report::ObservationMade(made) => words.word(&format!("observed-{}", dashed(made.state.code()))),
        _ => String::new(),
    }
}

fn said(row: &TimelineRow, order: &Order, words: &Words) -> Row {
    let message = order.messages.iter().find(|message| Some(message.item) == row.item);
    let (sort, name) = match (row.kind, message) {
        (TimelineKind::Message, Some(message)) if message.direction == sigu_case::Direction::Out => {
            ("mine", words.word("said-out"))
        }
        (TimelineKind::Message, _) => ("theirs", words.word("said-in")),
        (TimelineKind::Silence, _) => ("silence", words.word("order-silence")),
        (TimelineKind::PromiseOver, _) => ("silence", words.word("order-promise-over")),
    };
    let what = if row.kind == TimelineKind::Message { row.what.clone() } else { String::new() };
    (row.at, sort, name, what, None)
}
