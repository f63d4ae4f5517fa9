//! Wall times as pages write them, read in Asia/Shanghai; a year that is not there is not guessed.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, date};
use jiff::tz::Offset;
use regex::{Captures, Regex};
use serde::Serialize;

use super::{Hints, table};

/// China's time since 1991; no daylight saving.
pub(super) const SHANGHAI: Offset = Offset::constant(8);

/// How exactly a time is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// To the day; the instant is its beginning.
    Day,
    /// To the minute.
    Minute,
    /// To the second.
    Second,
}

/// An instant as a page gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// The instant; of a day or a minute its beginning.
    pub at: Timestamp,
    /// How exactly it was given.
    pub precision: Precision,
    /// Whether the year came from the hints.
    pub year_from_hint: bool,
}

impl Moment {
    /// Tells whether two readings can be the same instant, each as exactly as it was given.
    #[must_use]
    pub fn agrees(&self, other: &Self) -> bool {
        let wall = |moment: &Self| SHANGHAI.to_datetime(moment.at);
        let (left, right) = (wall(self), wall(other));
        match self.precision.min(other.precision) {
            Precision::Second => left == right,
            Precision::Minute => {
                left.date() == right.date() && (left.hour(), left.minute()) == (right.hour(), right.minute())
            }
            Precision::Day => left.date() == right.date(),
        }
    }
}

/// Turns a wall time of Asia/Shanghai into an instant.
pub(super) fn instant(wall: DateTime) -> Option<Timestamp> {
    SHANGHAI.to_timestamp(wall).ok()
}

static WALL: LazyLock<Regex> = LazyLock::new(|| {
    table::pattern(concat!(
        r"(?:(?P<y>\d{4})\s*[-/.年]\s*)?(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?",
        r"(?:[T\s]*(?P<h>\d{1,2})\s*[:时点]\s*(?P<min>\d{1,2})\s*分?(?:\s*:?\s*(?P<s>\d{2})(?:\.\d{1,9})?\s*秒?)?)?",
    ))
});
static UNIX: LazyLock<Regex> = LazyLock::new(|| table::pattern(r"^(?P<s>1\d{9})(?:\d{3})?$"));
static ZONED: LazyLock<Regex> = LazyLock::new(|| {
    table::pattern(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})")
});

/// Reads the first time in a text: an instant, or `None` if there is none or its year is unknown.
pub(super) fn read(text: &str, hints: &Hints) -> Option<Moment> {
    let text = table::narrow(text);
    let text = text.trim();
    let seconds = |at: Timestamp| Moment { at, precision: Precision::Second, year_from_hint: false };
    if let Some(found) = UNIX.captures(text) {
        let second = found["s"].parse().ok()?;
        return Timestamp::from_second(second).ok().map(seconds);
    }
    if let Some(found) = ZONED.find(text) {
        return found.as_str().parse().ok().map(seconds);
    }
    if text.len() == 14 && text.starts_with("20") && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return compact(text, "yyyymmddHHMMSS");
    }
    WALL.captures_iter(text).find_map(|found| wall(&found, hints))
}

fn number<T: std::str::FromStr>(found: &Captures<'_>, group: &str) -> Option<T> {
    found.name(group)?.as_str().parse().ok()
}

fn wall(found: &Captures<'_>, hints: &Hints) -> Option<Moment> {
    let (month, day) = (number::<i8>(found, "m")?, number::<i8>(found, "d")?);
    let written: Option<i16> = number(found, "y");
    let date = match written {
        Some(year) => Date::new(year, month, day).ok()?,
        None => without_year(month, day, hints)?,
    };
    let hour: Option<i8> = number(found, "h");
    let precision = match (hour, found.name("s")) {
        (None, _) => Precision::Day,
        (Some(_), None) => Precision::Minute,
        (Some(_), Some(_)) => Precision::Second,
    };
    let (minute, second) = (number(found, "min").unwrap_or(0), number(found, "s").unwrap_or(0));
    let time = Time::new(hour.unwrap_or(0), minute, second, 0).ok()?;
    Some(Moment { at: instant(date.to_datetime(time))?, precision, year_from_hint: written.is_none() })
}

/// The date in the hinted year, else the one nearest to the hinted payment; else none.
fn without_year(month: i8, day: i8, hints: &Hints) -> Option<Date> {
    if let Some(year) = hints.year.or(hints.day.map(Date::year)) {
        return Date::new(year, month, day).ok();
    }
    let near = SHANGHAI.to_datetime(hints.paid_at?).date();
    let years = near.year().checked_sub(1)?..=near.year().checked_add(1)?;
    let days_off = |one: &Date| one.since(near).map_or(i32::MAX, |span| span.get_days().abs());
    years.filter_map(|year| Date::new(year, month, day).ok()).min_by_key(days_off)
}

/// Reads a time inside a number: `yymmddHHMMSS`, `yyyymmddHHMMSS` or `yyyymmdd`, from digits alone.
pub(super) fn compact(digits: &str, layout: &str) -> Option<Moment> {
    let (year_digits, rest) = digits.split_at_checked(if layout.starts_with("yyyy") { 4 } else { 2 })?;
    let year: i16 = year_digits.parse().ok()?;
    let year = if year < 100 { 2000 + year } else { year };
    let pair = |n: usize| rest.get(2 * n..2 * n + 2).and_then(|two| two.parse::<i8>().ok());
    let day = Date::new(year, pair(0)?, pair(1)?).ok()?;
    if !(date(2010, 1, 1)..=date(2099, 12, 31)).contains(&day) {
        return None;
    }
    let exact = layout.ends_with("SS");
    let time = if exact { Time::new(pair(2)?, pair(3)?, pair(4)?, 0).ok()? } else { Time::midnight() };
    let precision = if exact { Precision::Second } else { Precision::Day };
    Some(Moment { at: instant(day.to_datetime(time))?, precision, year_from_hint: false })
}
