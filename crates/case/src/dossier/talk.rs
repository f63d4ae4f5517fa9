//! How soon a merchant answers, and whether it keeps what it promises (S53).

use serde::{Deserialize, Serialize};

use super::{Known, Rate};
use crate::clock::{Clock, ClockKind, ClockState, clocks};
use crate::report::{PromiseJudged, Sense};
use crate::{Direction, ItemId, View};

/// How soon a merchant answers the first notice of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Replies {
    /// The middle of the times to the first answer, in seconds; of an even number the mean of the middle two.
    pub median_s: Known<i64>,
    /// How many notices got an answer, in time or late.
    pub answered: u32,
    /// How many got none by the time it was due.
    pub unanswered: u32,
    /// How many are not due yet.
    pub waiting: u32,
}

/// Whether promises with an end were kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Promises {
    /// Kept, of those that were judged or ran out.
    pub kept: Rate,
    /// Not run out yet.
    pub pending: u32,
}

/// What became of the first notice of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// It was answered after so many seconds.
    After(i64),
    /// None came by the time it was due.
    None,
    /// It is not due yet.
    Waiting,
}

/// Whether one promise was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kept {
    /// It was.
    Yes,
    /// It was not.
    No,
    /// It has not run out yet.
    Pending,
}

/// Returns what became of the first notice; `None` when there was none.
///
/// An invitation to leave the platform is no answer (S36), as for the clock of replies.
pub(super) fn answer(view: &View<'_>) -> Option<Answer> {
    let (notice, set) = view.said(Direction::Out, Sense::Notice).into_iter().next()?;
    let answers = view.order.dialogue().into_iter().filter(|message| {
        message.direction == Direction::In
            && message.said_at > notice.said_at
            && view.order.sense(message).0 != Some(Sense::Solicitation)
    });
    if let Some(first) = answers.map(|message| message.said_at).min() {
        return Some(Answer::After(first.duration_since(notice.said_at).as_secs()));
    }
    let span = view.house.parameters().hours("reply");
    let due = set.or_else(|| notice.said_at.checked_add(span).ok());
    Some(if due.is_some_and(|due| view.now >= due) { Answer::None } else { Answer::Waiting })
}

/// Returns whether each promise of an order was kept: by the user's last word, else by its clock.
pub(super) fn promises(view: &View<'_>) -> Vec<Kept> {
    let judged = view.told::<PromiseJudged>();
    let word = |item: ItemId| {
        let last = judged.iter().rev().find(|(_, judged, _)| judged.promise == item);
        last.map(|(_, judged, _)| if judged.kept { Kept::Yes } else { Kept::No })
    };
    let mut timed: Vec<(Option<ItemId>, Kept)> = Vec::new();
    for clock in clocks(view).iter().filter(|clock| clock.kind == ClockKind::Promise) {
        timed.push((clock.started_by, by_clock(clock)));
    }
    let mut untimed: Vec<ItemId> = judged.iter().map(|(_, judged, _)| judged.promise).collect();
    untimed.sort_unstable();
    untimed.dedup();
    untimed.retain(|item| timed.iter().all(|(by, _)| *by != Some(*item)));
    let by_time = timed.into_iter().map(|(item, kept)| item.and_then(word).unwrap_or(kept));
    by_time.chain(untimed.into_iter().filter_map(word)).collect()
}

fn by_clock(clock: &Clock) -> Kept {
    match clock.state {
        ClockState::Open => Kept::Pending,
        ClockState::Met { .. } => Kept::Yes,
        ClockState::MetLate { .. } | ClockState::Overdue => Kept::No,
    }
}

impl Replies {
    /// Counts what became of first notices.
    pub fn of(answers: &[Answer]) -> Self {
        let times = answers.iter().filter_map(|answer| match answer {
            Answer::After(seconds) => Some(*seconds),
            _ => None,
        });
        let times: Vec<i64> = times.collect();
        let count = |which: Answer| count(answers.iter().filter(|answer| **answer == which));
        let (unanswered, waiting) = (count(Answer::None), count(Answer::Waiting));
        let answered = self::count(&times);
        Self { median_s: median(times).into(), answered, unanswered, waiting }
    }
}

impl Promises {
    /// Counts what became of promises.
    pub fn of(promises: &[Kept]) -> Self {
        let count = |which: Kept| count(promises.iter().filter(|kept| **kept == which));
        let (yes, no) = (count(Kept::Yes), count(Kept::No));
        Self { kept: Rate::new(yes, yes.saturating_add(no)), pending: count(Kept::Pending) }
    }
}

/// The middle one; of an even number the mean of the middle two, rounded down.
fn median(mut times: Vec<i64>) -> Option<i64> {
    times.sort_unstable();
    let upper = times.len() / 2;
    let high = *times.get(upper)?;
    if times.len() % 2 == 1 {
        return Some(high);
    }
    let low = *times.get(upper.checked_sub(1)?)?;
    Some(low + (high - low) / 2)
}

/// As many as fit.
pub(super) fn count<T>(all: impl IntoIterator<Item = T>) -> u32 {
    u32::try_from(all.into_iter().count()).unwrap_or(u32::MAX)
}
