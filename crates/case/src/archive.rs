//! The archive clock (S21): all four fixations within 24 hours of completion; later is allowed and marked.

use jiff::Timestamp;
use serde::Serialize;

use crate::Order;
use crate::parameters::Parameters;

/// When the four fixations of an order are due, and what started the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ArchiveClock {
    /// Neither payment nor delivery time is known: nothing to count from.
    Unknown,
    /// Counting from delivery (`from_delivery`) or else payment.
    Running {
        /// When the trade was completed.
        started_at: Timestamp,
        /// Whether it counts from delivery rather than payment.
        from_delivery: bool,
        /// The instant the window ends.
        due_at: Timestamp,
    },
}

/// How an item stands to the archive window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Lateness {
    /// The window is unknown.
    Unknown,
    /// Fixed within the window.
    InTime,
    /// Fixed after it, by that many seconds.
    Late {
        /// Seconds past the due time, at least 1.
        late_by_s: i64,
    },
}

impl ArchiveClock {
    /// Computes the clock of an order from its facts.
    pub fn of(order: &Order) -> Self {
        let Some(started_at) = order.facts.completed_at() else { return Self::Unknown };
        let due_at =
            started_at.saturating_add(Parameters::defaults().hours("archive")).unwrap_or(Timestamp::MAX);
        Self::Running { started_at, from_delivery: order.facts.received_at().is_some(), due_at }
    }

    /// Judges an instant against the window; the due instant itself is in time.
    pub fn judge(self, fixed_at: Timestamp) -> Lateness {
        match self {
            Self::Unknown => Lateness::Unknown,
            Self::Running { due_at, .. } if fixed_at <= due_at => Lateness::InTime,
            Self::Running { due_at, .. } => {
                Lateness::Late { late_by_s: fixed_at.duration_since(due_at).as_secs().max(1) }
            }
        }
    }
}
