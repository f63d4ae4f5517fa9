//! The shop's clock: the machine's or a fixed one, and how far it was put forward.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};

/// Tells the shop's time.
#[derive(Debug)]
pub(crate) struct Clock {
    fixed: Option<Timestamp>,
    ahead_seconds: AtomicI64,
}

impl Clock {
    /// A clock that stands at `fixed`, or goes with the machine's.
    pub(crate) fn new(fixed: Option<Timestamp>) -> Clock {
        Clock { fixed, ahead_seconds: AtomicI64::new(0) }
    }

    /// The shop's time: the base and what was added.
    pub(crate) fn now(&self) -> Timestamp {
        let base = self.fixed.unwrap_or_else(machine_now);
        let ahead = SignedDuration::from_secs(self.ahead_seconds.load(Ordering::SeqCst));
        base.checked_add(ahead).unwrap_or(base)
    }

    /// Puts the clock forward (or back) by seconds, at most ten years in one call.
    pub(crate) fn advance(&self, seconds: i64) {
        const TEN_YEARS: i64 = 10 * 366 * 86_400;
        self.ahead_seconds.fetch_add(seconds.clamp(-TEN_YEARS, TEN_YEARS), Ordering::SeqCst);
    }
}

#[allow(clippy::disallowed_methods, reason = "a shop that runs for people shows the machine's time")]
fn machine_now() -> Timestamp {
    Timestamp::now()
}

/// The time on Chinese clocks (+08:00, no summer time since 1992).
pub(crate) fn china(at: Timestamp) -> Zoned {
    at.to_zoned(TimeZone::fixed(Offset::constant(8)))
}

/// `2026-11-22 09:30:01`, as shop pages write it.
pub(crate) fn wall(at: Timestamp) -> String {
    china(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
