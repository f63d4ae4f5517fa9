//! Reminders: which clock is told of when, as a plan over agendas (S28, S59).
//!
//! [`plan`] is a function of clocks, wishes and a span of time; it knows no channel and remembers nothing. A reminder has
//! one name ([`Reminder::name`]), by which whoever tells it knows that it was told. A clock that is met, stopped or gone
//! is in no agenda, and so in no plan: what is done is not told of.

mod distance;
mod quiet;
mod rules;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::OrderId;
use crate::clock::{Brief, ClockKind};

pub use distance::Distance;
pub use quiet::{NotQuiet, Quiet};
pub use rules::Rules;

/// Which clock: the same as long as neither its start nor its due time moves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockName {
    /// The order.
    pub order: OrderId,
    /// What is counted.
    pub kind: ClockKind,
    /// When it started.
    pub started_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
}

impl std::fmt::Display for ClockName {
    /// Writes label, kind, and both instants in milliseconds since 1970.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (started, due) = (self.started_at.as_millisecond(), self.due_at.as_millisecond());
        write!(f, "{} {} {started} {due}", self.order, self.kind)
    }
}

/// A clock to be told of, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Which clock.
    pub clock: ClockName,
    /// How far from its due time.
    pub distance: Distance,
    /// When it is told; outside quiet hours where that is possible.
    pub at: Timestamp,
}

impl Reminder {
    /// Returns its name, which no other reminder has: the clock's and the distance.
    pub fn name(&self) -> String {
        format!("{} {}", self.clock, self.distance)
    }
}

/// How the user wants to be reminded.
#[derive(Debug, Clone, Copy)]
pub struct Wishes<'a> {
    /// The distances.
    pub rules: &'a Rules,
    /// When nothing is told.
    pub quiet: Option<Quiet>,
    /// Whether an own clock that is due within the quiet hours is told of all the same.
    pub urgent_in_quiet: bool,
    /// Until when which clock is not told of.
    pub snoozed: &'a BTreeMap<ClockName, Timestamp>,
}

impl Wishes<'_> {
    /// Returns whether a reminder may be told at an instant: not in quiet hours, unless it is urgent.
    pub fn may_tell(&self, clock: &ClockName, now: Timestamp) -> bool {
        let Some((_, ends)) = self.quiet.and_then(|quiet| quiet.around(now)) else { return true };
        self.urgent_in_quiet && clock.kind.is_own() && (now..=ends).contains(&clock.due_at)
    }

    /// The instant of a reminder whose distance falls on `natural`.
    ///
    /// In quiet hours: their end; where the clock is due before that, the last minute before they begin; where the clock
    /// did not run yet then, `natural` itself for an own clock, if the user wants that.
    fn placed(&self, natural: Timestamp, clock: &Brief, due: Timestamp, distance: Distance) -> Timestamp {
        let Some((begins, ends)) = self.quiet.and_then(|quiet| quiet.around(natural)) else { return natural };
        if distance == Distance::AtDue || due > ends {
            return ends;
        }
        let before = begins.saturating_sub(quiet::A_MINUTE).unwrap_or(begins);
        match before >= clock.started_at {
            true => before,
            false if self.urgent_in_quiet && clock.kind.is_own() => natural,
            false => ends,
        }
    }
}

/// Returns the reminders that fall between two instants, the first included, soonest first.
///
/// `agendas` gives each order with its foreseen clocks ([`Brief::of`]): clocks that silence will start are planned as if
/// nothing more happened, and of two windows for the appeal only the one that decides.
pub fn plan<'a>(
    agendas: impl IntoIterator<Item = (&'a OrderId, &'a [Brief])>,
    wishes: Wishes<'_>,
    from: Timestamp,
    until: Timestamp,
) -> Vec<Reminder> {
    let mut found = Vec::new();
    for (order, clocks) in agendas {
        for clock in clocks {
            if let Some(due) = clock.due_at {
                let planning = Planning { order, clocks, clock, due, wishes, from, until };
                planning.add(&mut found);
            }
        }
    }
    found.sort_by(|one, other| (one.at, &one.clock).cmp(&(other.at, &other.clock)));
    // Two clocks of one kind with the same times are one clock to whoever is reminded.
    found.dedup_by(|one, other| one.clock == other.clock && one.distance == other.distance);
    found
}

/// One clock that is planned.
struct Planning<'a> {
    order: &'a OrderId,
    clocks: &'a [Brief],
    clock: &'a Brief,
    due: Timestamp,
    wishes: Wishes<'a>,
    from: Timestamp,
    until: Timestamp,
}

impl Planning<'_> {
    fn add(&self, found: &mut Vec<Reminder>) {
        let snoozed = match self.wishes.snoozed.is_empty() {
            true => None,
            false => self.wishes.snoozed.get(&self.name()).copied(),
        };
        for distance in self.wishes.rules.distances(self.clock, self.due) {
            let Some(natural) = distance.instant(self.clock.started_at, self.due) else { continue };
            let at = self.wishes.placed(natural, self.clock, self.due, distance);
            let wanted = self.decides(natural) && snoozed.is_none_or(|until| at >= until);
            self.keep(wanted, distance, at, found);
        }
        if let Some(until) = snoozed {
            let distance = Distance::Snoozed { until };
            let at = self.wishes.placed(until, self.clock, self.due, distance);
            self.keep(self.decides(until), distance, at, found);
        }
    }

    fn keep(&self, wanted: bool, distance: Distance, at: Timestamp, found: &mut Vec<Reminder>) {
        if wanted && self.from <= at && at < self.until {
            found.push(Reminder { clock: self.name(), distance, at });
        }
    }

    fn decides(&self, at: Timestamp) -> bool {
        self.clock.decides(self.clocks, at.min(self.due))
    }

    fn name(&self) -> ClockName {
        ClockName {
            order: self.order.clone(),
            kind: self.clock.kind,
            started_at: self.clock.started_at,
            due_at: self.due,
        }
    }
}
