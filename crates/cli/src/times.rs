//! Times as people write and read them: Asia/Shanghai unless an offset is given.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// The zone of every time that does not name its own (S-conventions of the product).
pub(crate) fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC)
}

pub(crate) use sigu_server::reading::time as parse;

/// Writes a time with its zone, to the second: `2026-09-21 14:30:12 +08:00`.
pub(crate) fn show(at: Timestamp) -> String {
    Zoned::new(at, zone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// Writes a stored RFC 3339 time the same way; what is no time stays as it is.
pub(crate) fn show_text(at: &str) -> String {
    at.parse().map_or_else(|_| at.to_owned(), show)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_shanghai() {
        for (text, utc) in [
            ("2026-09-21 14:30", Some("2026-09-21T06:30:00Z")),
            ("2026-09-21T14:30:12", Some("2026-09-21T06:30:12Z")),
            ("2026-09-21T14:30:12+09:00", Some("2026-09-21T05:30:12Z")),
            ("2026-09-21T14:30:12Z", Some("2026-09-21T14:30:12Z")),
            ("2026-09-21", None),
            ("yesterday", None),
            ("2026-02-30 10:00", None),
        ] {
            assert_eq!(parse(text).ok().map(|at| at.to_string()), utc.map(str::to_owned), "{text}");
        }
    }
}
