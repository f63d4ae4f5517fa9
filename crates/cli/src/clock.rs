//! The machine's clock, the one place that asks for it. What it says is a claim.

use jiff::Timestamp;

/// Returns the device's time.
#[allow(clippy::disallowed_methods, reason = "the one module that asks the machine for the time")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}
