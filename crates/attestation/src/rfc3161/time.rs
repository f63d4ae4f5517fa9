//! The two time forms of X.690 as instants: GeneralizedTime with any fraction, and UTCTime.
//!
//! It asks no clock. A leap second is the first instant after it: for "not after", that is the careful side.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Reads `YYYYMMDDhhmmss[.f…]Z` (RFC 3161 §2.4.2); a fraction is kept to the nanosecond and cut there.
pub(crate) fn generalized(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, nanoseconds(fraction)?),
        None => (text, 0),
    };
    if whole.len() != 14 {
        return None;
    }
    instant(number(&whole[..4])?, &whole[4..], fraction)
}

/// Reads `YYMMDDhhmmssZ`; 50 to 99 are of the last century (RFC 5280 §4.1.2.5.1).
pub(crate) fn utc(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    if text.len() != 12 || !text.is_ascii() {
        return None;
    }
    let year = number(&text[..2])?;
    instant(if year < 50 { 2000 + year } else { 1900 + year }, &text[2..], 0)
}

/// `rest` is `MMDDhhmmss`.
fn instant(year: i16, rest: &str, nanoseconds: i32) -> Option<Timestamp> {
    if !rest.is_ascii() {
        return None;
    }
    // Two digits: the casts are exact.
    let field = |at: usize| number(&rest[at..at + 2]).map(|value| value as i8);
    let (month, day, hour, minute, second) = (field(0)?, field(2)?, field(4)?, field(6)?, field(8)?);
    let leap = second == 60;
    let (second, nanoseconds) = if leap { (59, 0) } else { (second, nanoseconds) };
    let civil = DateTime::new(year, month, day, hour, minute, second, nanoseconds).ok()?;
    let instant = TimeZone::UTC.to_timestamp(civil).ok()?;
    if leap { instant.checked_add(SignedDuration::from_secs(1)).ok() } else { Some(instant) }
}

/// Up to four digits, nothing else.
fn number(digits: &str) -> Option<i16> {
    if digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        None
    } else {
        digits.parse().ok()
    }
}

fn nanoseconds(fraction: &str) -> Option<i32> {
    if fraction.is_empty() || fraction.len() > 20 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some(digits.fold(0, |value, digit| value * 10 + i32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generalized_times() {
        let cases = [
            ("20261122080000Z", "2026-11-22T08:00:00Z"),
            ("20261122080028.827Z", "2026-11-22T08:00:28.827Z"),
            ("20261122080028.8Z", "2026-11-22T08:00:28.8Z"),
            ("20261122080028.82700Z", "2026-11-22T08:00:28.827Z"),
            ("20261122080028.1234567899Z", "2026-11-22T08:00:28.123456789Z"),
            ("20161231235960Z", "2017-01-01T00:00:00Z"),
            ("20161231235960.5Z", "2017-01-01T00:00:00Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(generalized(text.as_bytes()).unwrap().to_string(), expected, "{text}");
        }
        for bad in [
            "",
            "20261122080000",
            "202611220800Z",
            "20261122080000.Z",
            "20261122080000,5Z",
            "20261122080000+0800",
            "20261322080000Z",
            "20260229080000Z",
            "20261122240000Z",
            "20261122080061Z",
            "+0261122080000Z",
            "2026112208000\u{e9}Z",
            "20261122080000.123456789012345678901Z",
        ] {
            assert_eq!(generalized(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn utc_times() {
        assert_eq!(utc(b"491231235959Z").unwrap().to_string(), "2049-12-31T23:59:59Z");
        assert_eq!(utc(b"500101000000Z").unwrap().to_string(), "1950-01-01T00:00:00Z");
        for bad in ["", "4912312359Z", "491231235959+0000", "49123123595\u{e9}"] {
            assert_eq!(utc(bad.as_bytes()), None, "{bad}");
        }
    }
}
