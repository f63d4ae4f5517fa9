//! Instants as papers show them: Asia/Shanghai, with the offset once per paper.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serializer;

static SHANGHAI: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("Asia/Shanghai").expect("the zone table is compiled in"));

/// Shows an instant to the second: `2026-08-03 14:05:09`, in Asia/Shanghai.
pub fn second(at: Timestamp) -> String {
    at.to_zoned(SHANGHAI.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Shows an instant to the minute: `2026-08-03 14:05`, in Asia/Shanghai.
pub fn minute(at: Timestamp) -> String {
    at.to_zoned(SHANGHAI.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Shows the day of an instant in Asia/Shanghai: `2026-08-03`.
pub fn day(at: Timestamp) -> String {
    at.to_zoned(SHANGHAI.clone()).date().to_string()
}

/// Returns the year of an instant in Asia/Shanghai.
pub fn year(at: Timestamp) -> i16 {
    at.to_zoned(SHANGHAI.clone()).year()
}

pub(crate) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}
