//! A month of the calendar of China.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;

use crate::calendar::day_of;

/// In its first days a month is the time to look back on the one before.
const LOOKING_BACK: i8 = 7;

/// A month of a year, such as `2026-11`; it begins at midnight of UTC+8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CalendarMonth {
    first: Date,
}

/// A text that is no month: four digits, a hyphen, 01 to 12.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a month is written as 2026-11")]
pub struct CalendarMonthError;

impl FromStr for CalendarMonth {
    type Err = CalendarMonthError;

    fn from_str(text: &str) -> Result<Self, CalendarMonthError> {
        let (year, month) = text.trim().split_once('-').ok_or(CalendarMonthError)?;
        let digits =
            |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(CalendarMonthError);
        }
        let (year, month) = (year.parse(), month.parse());
        let (Ok(year), Ok(month)) = (year, month) else { return Err(CalendarMonthError) };
        let first = Date::new(year, month, 1).map_err(|_| CalendarMonthError)?;
        // Instants outside of these are no purchases.
        if (1970..=9998).contains(&year) { Ok(Self { first }) } else { Err(CalendarMonthError) }
    }
}

impl fmt::Display for CalendarMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl Serialize for CalendarMonth {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl CalendarMonth {
    /// The month an instant lies in.
    pub fn of(at: Timestamp) -> Self {
        let day = day_of(at);
        Self { first: day.first_of_month() }
    }

    /// The month before; the first there is has itself.
    #[must_use]
    pub fn before(self) -> Self {
        Self { first: self.first.checked_sub(1.month()).unwrap_or(self.first) }
    }

    /// The month after; the last there is has itself.
    #[must_use]
    pub fn after(self) -> Self {
        Self { first: self.first.checked_add(1.month()).unwrap_or(self.first) }
    }

    /// The month to look at: in its first days the one before, which is over, then the one that runs.
    pub fn to_review(now: Timestamp) -> Self {
        let own = Self::of(now);
        if Self::is_time(now) { own.before() } else { own }
    }

    /// Tells whether it is the time to look back on the month before: the first week.
    pub fn is_time(now: Timestamp) -> bool {
        day_of(now).day() <= LOOKING_BACK
    }

    /// Its first instant.
    pub fn start(self) -> Timestamp {
        let midnight = self.first.to_datetime(jiff::civil::Time::midnight());
        Offset::constant(8).to_timestamp(midnight).unwrap_or(Timestamp::MIN)
    }

    /// The first instant after it.
    pub fn end(self) -> Timestamp {
        self.after().start()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_one_of_china() {
        let at = |text: &str| CalendarMonth::of(text.parse().unwrap()).to_string();
        assert_eq!(at("2026-10-31T15:59:59Z"), "2026-10");
        assert_eq!(at("2026-10-31T16:00:00Z"), "2026-11");
        let month: CalendarMonth = "2026-12".parse().unwrap();
        assert_eq!(month.start().to_string(), "2026-11-30T16:00:00Z");
        assert_eq!(month.end().to_string(), "2026-12-31T16:00:00Z");
        assert_eq!(
            (month.after().to_string(), month.before().to_string()),
            ("2027-01".into(), "2026-11".into())
        );
        for wrong in
            ["", "2026", "2026-13", "2026-00", "2026-1", "26-11", "2026-11-01", "9999-01", "二〇二六-11"]
        {
            assert!(wrong.parse::<CalendarMonth>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn in_its_first_week_a_month_looks_back() {
        let at = |text: &str| CalendarMonth::to_review(text.parse().unwrap()).to_string();
        assert_eq!(at("2026-12-07T15:59:00Z"), "2026-11");
        assert_eq!(at("2026-12-07T16:00:00Z"), "2026-12");
    }
}
