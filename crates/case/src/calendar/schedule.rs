//! Schedules as written: read with the line of every mistake.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::DayKind;
use crate::bilingual::Bilingual;
use crate::confidence::Confidence;

/// The largest text that is read; a schedule has some two kilobytes.
const MAX_BYTES: usize = 256 * 1024;

/// A published schedule of one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// The year.
    pub year: i16,
    /// Where it was published.
    pub source: Bilingual,
    /// The official page.
    pub url: Option<String>,
    /// How well it is supported.
    pub confidence: Confidence,
    /// The day it was checked.
    pub checked_at: Date,
    /// The holidays, in order.
    pub holidays: Vec<Holiday>,
}

/// A run of days off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holiday {
    /// The first day off.
    pub from: Date,
    /// The last day off.
    pub to: Date,
    /// Its name.
    pub name: Bilingual,
}

/// A schedule that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("line {line}: {}", words.en)]
pub struct ScheduleError {
    /// The line of the mistake, from 1.
    pub line: usize,
    /// What is wrong, for the user.
    pub words: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: Vec<RawYear>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawYear {
    year: Spanned<i16>,
    source: Bilingual,
    url: Option<String>,
    confidence: Confidence,
    checked_at: Date,
    holidays: Vec<RawHoliday>,
    workdays: Vec<Spanned<Date>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHoliday {
    from: Spanned<Date>,
    to: Spanned<Date>,
    name: Bilingual,
}

/// A mistake and where it stands.
type Mistake = (Range<usize>, Bilingual);

/// Reads schedules and adds them and their days.
pub(super) fn read(
    text: &str,
    schedules: &mut Vec<Schedule>,
    days: &mut BTreeMap<Date, DayKind>,
) -> Result<(), ScheduleError> {
    if text.len() > MAX_BYTES {
        let words = Bilingual::new("文件过大", "the file is too large");
        return Err(ScheduleError { line: 1, words });
    }
    let file: File = toml::from_str(text).map_err(|error| {
        let what = error.message().to_owned();
        let words = Bilingual::new(format!("无法读取（{what}）"), format!("cannot be read: {what}"));
        at_line(text, (error.span().unwrap_or_default(), words))
    })?;
    for raw in file.year {
        add(raw, schedules, days).map_err(|mistake| at_line(text, mistake))?;
    }
    Ok(())
}

fn at_line(text: &str, (span, words): Mistake) -> ScheduleError {
    let before = text.as_bytes().iter().take(span.start);
    ScheduleError { line: 1 + before.filter(|byte| **byte == b'\n').count(), words }
}

fn add(
    raw: RawYear,
    schedules: &mut Vec<Schedule>,
    days: &mut BTreeMap<Date, DayKind>,
) -> Result<(), Mistake> {
    let RawYear { year: at, source, url, confidence, checked_at, holidays: runs, workdays } = raw;
    let year = *at.get_ref();
    if !(2000..=2999).contains(&year) {
        return Err((at.span(), Bilingual::new("年份无效", "not a year that can be scheduled")));
    }
    if schedules.iter().any(|schedule| schedule.year == year) {
        let words = Bilingual::new(format!("{year}年已有安排"), format!("{year} already has a schedule"));
        return Err((at.span(), words));
    }
    let mut holidays = Vec::new();
    for holiday in runs {
        holidays.push(add_holiday(year, holiday, days)?);
    }
    for workday in workdays {
        add_workday(year, &workday, days)?;
    }
    holidays.sort_by_key(|holiday| holiday.from);
    schedules.push(Schedule { year, source, url, confidence, checked_at, holidays });
    Ok(())
}

fn add_holiday(year: i16, raw: RawHoliday, days: &mut BTreeMap<Date, DayKind>) -> Result<Holiday, Mistake> {
    let (from, to) = (within(year, &raw.from)?, within(year, &raw.to)?);
    if to < from {
        let words = Bilingual::new("假期结束早于开始", "the holiday ends before it begins");
        return Err((raw.to.span(), words));
    }
    for date in from.series(1.day()).take_while(|date| *date <= to) {
        if days.insert(date, DayKind::Holiday).is_some() {
            let words = Bilingual::new(format!("{date}重复"), format!("{date} stands twice"));
            return Err((raw.from.span(), words));
        }
    }
    Ok(Holiday { from, to, name: raw.name })
}

fn add_workday(year: i16, raw: &Spanned<Date>, days: &mut BTreeMap<Date, DayKind>) -> Result<(), Mistake> {
    let date = within(year, raw)?;
    if !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
        let words = Bilingual::new(format!("{date}不是周末"), format!("{date} is no weekend"));
        return Err((raw.span(), words));
    }
    if days.insert(date, DayKind::Working).is_some() {
        let words = Bilingual::new(format!("{date}重复"), format!("{date} stands twice"));
        return Err((raw.span(), words));
    }
    Ok(())
}

/// The date, if it lies in the year or in the last week of the year before.
fn within(year: i16, raw: &Spanned<Date>) -> Result<Date, Mistake> {
    let date = *raw.get_ref();
    let in_the_week_before = date.year() == year - 1 && date.month() == 12 && date.day() >= 25;
    if date.year() == year || in_the_week_before {
        return Ok(date);
    }
    let words = Bilingual::new(
        format!("{date}不在{year}年的安排范围内"),
        format!("{date} lies outside the schedule of {year}"),
    );
    Err((raw.span(), words))
}
