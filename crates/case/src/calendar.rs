//! The calendar: working days, rest days, and when a counted period ends, all in Asia/Shanghai (+08:00).
//!
//! The data is `data/calendar.toml` (domain section 3.9). A year whose schedule is not published is 待公布:
//! every answer that would need it is [`NotPublished`], never a guess. The day a period starts does not count
//! (民法典 201, L-CRM-45); a day ends at 24:00 (民法典 203). The notice for a year may still change the last
//! week of the year before it: until it is loaded, that week is as the older notice left it.

mod schedule;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Weekday, time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Serialize;

use crate::bilingual::Bilingual;

pub use schedule::{Holiday, Schedule, ScheduleError};

/// China keeps one zone without summer time.
const SHANGHAI: Offset = Offset::constant(8);

static PUBLISHED: LazyLock<Calendar> = LazyLock::new(|| {
    let none = Calendar { schedules: Vec::new(), days: BTreeMap::new() };
    none.and(include_str!("../data/calendar.toml")).expect("data/calendar.toml is checked by its tests")
});

/// The schedule of a year is needed and was not published, or is not loaded: 待公布.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("the holiday schedule of {year} is not published")]
pub struct NotPublished {
    /// The year whose schedule is needed.
    pub year: i16,
}

impl NotPublished {
    /// Says it to the user.
    pub fn words(self) -> Bilingual {
        let year = self.year;
        Bilingual::new(
            format!("{year}年放假安排待公布，暂不能推算。"),
            format!("The holiday schedule of {year} is not published yet; nothing is counted into it."),
        )
    }
}

/// Whether a last day that falls on an ordinary weekend moves: the two readings of L-CRM-45 (open question).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekends {
    /// Only statutory holidays (法定节假日) move the last day.
    Stay,
    /// Weekends move it too (法定休假日, as in 民法典 203).
    Roll,
}

/// What a day is in a published schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A working day, a worked weekend included.
    Working,
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// A day of a holiday, its moved rest days included.
    Holiday,
}

/// The last day of a period of calendar days, in both readings of a weekend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LastDay {
    /// The day counted off, before anything moves.
    pub nominal: Date,
    /// The earlier reading: plan with this one.
    pub planning: Date,
    /// The later reading: the legal end if weekends move it.
    pub legal: Date,
}

/// The published schedules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    schedules: Vec<Schedule>,
    /// Days that are not what their day of the week says.
    days: BTreeMap<Date, DayKind>,
}

impl Calendar {
    /// Returns the schedules that come with the program.
    pub fn published() -> &'static Self {
        &PUBLISHED
    }

    /// Adds the schedules of later years, given in the form of `data/calendar.toml`, to the published ones.
    ///
    /// # Errors
    /// Says the line and what is wrong with it: not TOML, a date outside the year, a holiday that ends before
    /// it begins or overlaps another, a working day that is no weekend or lies in a holiday, a year given
    /// twice.
    pub fn with(text: &str) -> Result<Self, ScheduleError> {
        Self::published().and(text)
    }

    fn and(&self, text: &str) -> Result<Self, ScheduleError> {
        let mut all = self.clone();
        schedule::read(text, &mut all.schedules, &mut all.days)?;
        all.schedules.sort_by_key(|schedule| schedule.year);
        Ok(all)
    }

    /// Returns the schedules, by year.
    pub fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }

    /// Tells what a day is.
    ///
    /// # Errors
    /// The schedule of its year is not published.
    pub fn kind(&self, date: Date) -> Result<DayKind, NotPublished> {
        if !self.schedules.iter().any(|schedule| schedule.year == date.year()) {
            return Err(NotPublished { year: date.year() });
        }
        let by_weekday = match date.weekday() {
            Weekday::Saturday | Weekday::Sunday => DayKind::Weekend,
            _ => DayKind::Working,
        };
        Ok(self.days.get(&date).copied().unwrap_or(by_weekday))
    }

    /// Returns the `n`th working day after `day0`, which does not count; `n` of 0 is `day0` itself.
    ///
    /// # Errors
    /// The count runs into a year whose schedule is not published.
    pub fn working_days_after(&self, day0: Date, n: u16) -> Result<Date, NotPublished> {
        let (mut date, mut left) = (day0, n);
        while left > 0 {
            date = next(date)?;
            left -= u16::from(self.kind(date)? == DayKind::Working);
        }
        Ok(date)
    }

    /// Moves a last day off a holiday, and off a weekend where the reading says so, to the first day after.
    ///
    /// # Errors
    /// The schedule of the year it lies in, or of the year it moves into, is not published.
    pub fn roll(&self, date: Date, weekends: Weekends) -> Result<Date, NotPublished> {
        let mut date = date;
        loop {
            match (self.kind(date)?, weekends) {
                (DayKind::Working, _) | (DayKind::Weekend, Weekends::Stay) => return Ok(date),
                _ => date = next(date)?,
            }
        }
    }

    /// Counts `n` calendar days from `day0` and gives the last day in both readings of L-CRM-45.
    ///
    /// # Errors
    /// The schedule of the year it ends in is not published; [`days_after`] still tells the nominal day.
    pub fn last_day(&self, day0: Date, n: u16) -> Result<LastDay, NotPublished> {
        let nominal = days_after(day0, n);
        let stay = self.roll(nominal, Weekends::Stay)?;
        let roll = self.roll(nominal, Weekends::Roll)?;
        Ok(LastDay { nominal, planning: stay.min(roll), legal: stay.max(roll) })
    }
}

/// Returns the day `n` calendar days after `day0`, which does not count; the last day of time at most.
pub fn days_after(day0: Date, n: u16) -> Date {
    day0.checked_add(i32::from(n).days()).unwrap_or(Date::MAX)
}

/// Returns the instant `n` hours after another: hours run from the instant, not from midnight (民法典 201).
pub fn hours_after(from: Timestamp, n: u16) -> Timestamp {
    from.saturating_add(SignedDuration::from_hours(i64::from(n))).unwrap_or(Timestamp::MAX)
}

/// Returns 23:59:59 of a day in China, the last whole second before 24:00. To ask whether something happened
/// by the end of a day use [`by_end_of`], which counts the last second in full.
pub fn end_of_day(date: Date) -> Timestamp {
    instant(date.to_datetime(time(23, 59, 59, 0)), Timestamp::MIN)
}

/// Tells whether an instant lies before 24:00 of a day in China.
pub fn by_end_of(date: Date, at: Timestamp) -> bool {
    let last_moment = date.to_datetime(time(23, 59, 59, 999_999_999));
    at <= instant(last_moment, Timestamp::MAX)
}

/// Returns the day an instant falls on in China.
pub fn day_of(at: Timestamp) -> Date {
    SHANGHAI.to_datetime(at).date()
}

pub(crate) fn instant(wall: DateTime, otherwise: Timestamp) -> Timestamp {
    SHANGHAI.to_timestamp(wall).unwrap_or(otherwise)
}

fn next(date: Date) -> Result<Date, NotPublished> {
    date.tomorrow().map_err(|_| NotPublished { year: date.year() })
}
