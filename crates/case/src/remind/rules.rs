//! The table of distances (`data/remind.toml`).

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::Distance;
use crate::clock::{Brief, ClockKind};
use crate::parameters::Parameters;

/// When clocks are told of.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    late_days: u32,
    others: Vec<Distance>,
    window: Vec<Window>,
    kind: Vec<Kind>,
    usual: Vec<Usual>,
}

/// Windows of at least that length.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Window {
    least_h: u32,
    at: Vec<Distance>,
}

/// A kind with distances of its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    kind: ClockKind,
    at: Vec<Distance>,
}

/// A kind whose window somebody else sets, and the default it is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Usual {
    kind: ClockKind,
    parameter: String,
}

static DEFAULTS: LazyLock<Rules> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/remind.toml")).expect("data/remind.toml is checked by its tests")
});

impl Rules {
    /// Returns those of the house.
    pub fn defaults() -> &'static Self {
        &DEFAULTS
    }

    /// Returns how long what was missed is still told.
    pub fn late(&self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.late_days))
    }

    /// The distances at which a clock is told of.
    pub(super) fn distances(&self, clock: &Brief, due: Timestamp) -> impl Iterator<Item = Distance> {
        let window = due.duration_since(clock.started_at);
        let row = self.row(clock.kind, window);
        let once = self.is_short(clock.kind, window) && !row.contains(&Distance::AtOnce);
        once.then_some(Distance::AtOnce).into_iter().chain(row.iter().copied())
    }

    fn row(&self, kind: ClockKind, window: SignedDuration) -> &[Distance] {
        if !kind.is_own() {
            return &self.others;
        }
        let own = self.kind.iter().find(|row| row.kind == kind).map(|row| row.at.as_slice());
        let by_length = || {
            let fits = |row: &&Window| window >= SignedDuration::from_hours(i64::from(row.least_h));
            self.window.iter().find(fits).map_or(self.others.as_slice(), |row| row.at.as_slice())
        };
        own.unwrap_or_else(by_length)
    }

    /// Whether a window is shorter than usual for its kind.
    fn is_short(&self, kind: ClockKind, window: SignedDuration) -> bool {
        let usual = self.usual.iter().find(|row| row.kind == kind);
        let hours = usual.and_then(|row| Parameters::defaults().named(&row.parameter));
        hours.is_some_and(|row| window < SignedDuration::from_hours(row.value.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        let rules = Rules::defaults();
        let least: Vec<u32> = rules.window.iter().map(|row| row.least_h).collect();
        assert!(least.is_sorted_by(|one, other| one > other) && least.last() == Some(&0), "{least:?}");
        for row in &rules.usual {
            assert!(Parameters::defaults().named(&row.parameter).is_some_and(|one| one.unit == "h"));
        }
        let all = rules.window.iter().map(|row| &row.at).chain(rules.kind.iter().map(|row| &row.at));
        for row in all {
            assert!(row.ends_with(&[Distance::AtDue]), "whoever has a clock hears that it is over: {row:?}");
        }
        assert!(rules.kind.iter().all(|row| row.kind.is_own()), "the others have one row");
    }
}
