//! 沟通时间线: who said what when, which rule was cited, what was due, and silence at the due time (S34, S65).

use std::sync::LazyLock;

use jiff::Timestamp;
use regex::Regex;
use serde::{Serialize, Serializer};
use sigu_evidence::mask_text;

use crate::catalogue::{what, who};
use crate::clock::{ClockKind, ClockState, clocks};
use crate::report::{Body, Sense, SilenceNoted};
use crate::{Channel, Direction, ItemId, Message, View};

/// A rule or statute named in a message, with its article.
static CITES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"《[^》\n]{2,40}》(?: ?第 ?[0-9一二三四五六七八九十百零]+(?:[-.][0-9]+)? ?条)?")
        .expect("a fixed pattern")
});

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// A message.
    Message,
    /// No answer by the due time.
    Silence,
    /// A promised time that passed unkept.
    PromiseOver,
}

/// One row of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimelineRow {
    /// When it was said, or when nothing had come.
    #[serde(serialize_with = "text")]
    pub at: Timestamp,
    /// What kind of row it is.
    pub kind: TimelineKind,
    /// 买家, 对方 or 平台.
    pub who: String,
    /// The words, masked; empty once erased.
    pub what: String,
    /// What a message does, where known.
    pub sense: Option<Sense>,
    /// The message, or the one that went unanswered.
    pub item: Option<ItemId>,
    /// The time it sets or promises.
    #[serde(serialize_with = "maybe_text")]
    pub due_at: Option<Timestamp>,
    /// The rules it cites, as written.
    pub cites: Vec<String>,
    /// Exhibits sent with it.
    pub exhibits: Vec<ItemId>,
    /// Where it was said; `None` for silence.
    pub channel: Option<Channel>,
}

fn text<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

fn maybe_text<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    at.map(|at| at.to_string()).serialize(serializer)
}

/// Returns the dialogue in the order of time, with a row wherever an answer or a promise failed to come in
/// time.
pub fn timeline(view: &View<'_>) -> Vec<TimelineRow> {
    let mut rows: Vec<TimelineRow> =
        view.order.dialogue().into_iter().map(|message| said(view, message)).collect();
    rows.extend(run_out(view));
    rows.extend(noted(view, &rows));
    rows.sort_by_key(|row| (row.at, row.kind, row.item));
    rows
}

fn said(view: &View<'_>, message: &Message) -> TimelineRow {
    let (sense, due_at) = view.order.sense(message);
    let words = message.text.as_deref().unwrap_or_default();
    TimelineRow {
        at: message.said_at,
        kind: TimelineKind::Message,
        who: who(message.direction.code()),
        what: mask_text(words),
        sense,
        item: Some(message.item),
        due_at,
        cites: CITES.find_iter(words).map(|found| found.as_str().to_owned()).collect(),
        exhibits: message.detail.exhibits.clone(),
        channel: Some(message.channel),
    }
}

fn nothing(at: Timestamp, kind: TimelineKind, by: &str, item: Option<ItemId>) -> TimelineRow {
    let code = if kind == TimelineKind::PromiseOver { "promise_over" } else { "silence" };
    let (sense, channel, cites, exhibits) = (None, None, Vec::new(), Vec::new());
    TimelineRow {
        at,
        kind,
        who: who(by),
        what: what(code),
        sense,
        item,
        due_at: Some(at),
        cites,
        exhibits,
        channel,
    }
}

/// Answers and promises that did not come in time, at the instant they were due.
fn run_out(view: &View<'_>) -> Vec<TimelineRow> {
    let late = |state: ClockState| matches!(state, ClockState::Overdue | ClockState::MetLate { .. });
    let row = |clock: crate::clock::Clock| {
        let kind = match clock.kind {
            ClockKind::Reply => TimelineKind::Silence,
            ClockKind::Promise => TimelineKind::PromiseOver,
            _ => return None,
        };
        let due = clock.due.instant().filter(|_| late(clock.state))?;
        Some(nothing(due, kind, Direction::In.code(), clock.started_by))
    };
    clocks(view).into_iter().filter_map(row).collect()
}

/// Silence the user noted, where no due time already shows it.
fn noted(view: &View<'_>, known: &[TimelineRow]) -> Vec<TimelineRow> {
    let told = view.told::<SilenceNoted>();
    let new = told.into_iter().filter(|(_, noted, _)| {
        !known.iter().any(|row| row.kind == TimelineKind::Silence && row.at == noted.at)
    });
    let by = |body: Body| if body == Body::Merchant { Direction::In.code() } else { "platform" };
    new.map(|(_, noted, at)| nothing(at, TimelineKind::Silence, by(noted.body), None)).collect()
}
