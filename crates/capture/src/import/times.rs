//! Times as files write them. Each reader gives the instant and whether the zone was said.

use jiff::civil::DateTime;
use jiff::fmt::rfc2822;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

pub(super) type Said = Option<(Timestamp, bool)>;

/// Years that a file of a buyer can speak of.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2099;

/// A wall time: at the offset that was said, or in Asia/Shanghai.
pub(super) fn wall(time: DateTime, offset: Option<Offset>) -> Said {
    if !YEARS.contains(&time.year()) {
        return None;
    }
    let zone = TimeZone::fixed(offset.unwrap_or(Offset::constant(8)));
    Some((zone.to_timestamp(time).ok()?, offset.is_some()))
}

/// An instant in seconds since 1970, within the years we believe.
pub(super) fn epoch(seconds: i64) -> Said {
    let at = Timestamp::from_second(seconds).ok()?;
    YEARS.contains(&Offset::UTC.to_datetime(at).year()).then_some((at, true))
}

/// Seconds since 1904-01-01 UTC (ISO/IEC 14496-12 §8.2.2); 0 means that nothing was said.
pub(super) fn since_1904(seconds: u64) -> Said {
    const TO_1970: i64 = 2_082_844_800;
    epoch(i64::try_from(seconds).ok().filter(|seconds| *seconds > 0)?.checked_sub(TO_1970)?)
}

/// Up to six numbers at the start of a text, by digits alone: year, month, day, hour, minute, second.
pub(super) fn loose(text: &str) -> Option<DateTime> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    let mut next =
        || numbers.next().and_then(|run| run.get(..run.len().min(4))).and_then(|run| run.parse().ok());
    let date: [i16; 3] = [next()?, next()?, next()?];
    let clock: [i16; 3] = [next().unwrap_or(0), next().unwrap_or(0), next().unwrap_or(0)];
    civil(date[0], &[date[1], date[2], clock[0], clock[1], clock[2]])
}

/// A civil time of numbers that may be anything.
pub(super) fn civil(year: i16, rest: &[i16; 5]) -> Option<DateTime> {
    let [month, day, hour, minute, second] = rest.map(|number| i8::try_from(number).unwrap_or(-1));
    DateTime::new(year, month, day, hour, minute, second, 0).ok()
}

/// EXIF: `2026:11:22 14:03:11`, and the offset of its own tag, `+08:00`.
pub(super) fn exif(text: &str, offset_tag: Option<&str>) -> Said {
    wall(loose(text)?, offset_tag.and_then(offset))
}

/// ISO 8601 and RFC 3339, with or without a zone.
pub(super) fn iso(text: &str) -> Said {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return epoch(at.as_second());
    }
    wall(text.parse::<DateTime>().ok().or_else(|| loose(text))?, None)
}

/// RFC 5322, as mails and MHTML write it.
pub(super) fn mail(text: &str) -> Said {
    let at = rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()?;
    epoch(at.as_second())
}

/// `Sun Nov 22 2026 14:03:11 GMT+0800 (…)`: how JavaScript shows a time.
pub(super) fn javascript(text: &str) -> Said {
    let text = text.split('(').next()?.trim();
    let zoned = jiff::fmt::strtime::parse("%a %b %d %Y %H:%M:%S GMT%z", text).ok()?;
    epoch(zoned.to_timestamp().ok()?.as_second())
}

/// PDF (ISO 32000-1 §7.9.4): `D:20261122140311+08'00'`, and parts of it.
pub(super) fn pdf(text: &str) -> Said {
    let text = text.trim().strip_prefix("D:").unwrap_or(text.trim());
    let digits = text.bytes().take_while(u8::is_ascii_digit).count().min(14);
    let field = |range: std::ops::Range<usize>, default: i16| -> i16 {
        text.get(range.start..range.end.min(digits)).and_then(|part| part.parse().ok()).unwrap_or(default)
    };
    if digits < 8 {
        return None;
    }
    let rest = [field(4..6, 1), field(6..8, 1), field(8..10, 0), field(10..12, 0), field(12..14, 0)];
    wall(civil(field(0..4, 0), &rest)?, offset(&text[digits..].replace('\'', "")))
}

/// `Z`, `+0800`, `+08:00` or `+08`.
pub(super) fn offset(text: &str) -> Option<Offset> {
    let text = text.trim();
    if text.starts_with(['Z', 'z']) {
        return Some(Offset::UTC);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String =
        text.strip_prefix(['+', '-'])?.chars().filter(char::is_ascii_digit).take(4).collect();
    let hours: i64 = digits.get(..2)?.parse().ok()?;
    let minutes: i64 = digits.get(2..4).map_or(Some(0), |part| part.parse().ok())?;
    Offset::try_from(SignedDuration::from_mins(sign * (hours * 60 + minutes))).ok()
}
