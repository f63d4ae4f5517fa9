//! The machine's clock, as capture sees it: every moment written down here is a claim of the device.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Returns the device's time.
#[allow(
    clippy::disallowed_methods,
    reason = "a capture says when it was made; this is the one place that asks"
)]
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A moment to wait until; waiting never goes past it.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// Returns the moment `after` from now.
    #[allow(clippy::disallowed_methods, reason = "a limit for waiting, never written down")]
    #[must_use]
    pub fn after(after: Duration) -> Self {
        Self(Instant::now() + after)
    }

    /// Returns how long is left; nothing when it has passed.
    #[allow(clippy::disallowed_methods, reason = "a limit for waiting, never written down")]
    #[must_use]
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Tells whether it has passed.
    #[must_use]
    pub fn passed(self) -> bool {
        self.left().is_zero()
    }
}
