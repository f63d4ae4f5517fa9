//! The deadline a message sets: 请在 22:30 前, 今晚八点前, 24 小时内, 11 月 18 日 20:00 前.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ToSpan};
use regex::{Captures, Regex};
use serde::Deserialize;

use super::table;
use super::time::{SHANGHAI, instant};

#[derive(Deserialize)]
struct Table {
    after: Vec<String>,
    not_after: Vec<String>,
    day: Vec<Day>,
    part: Vec<PartOfDay>,
    unit: Vec<Unit>,
}

#[derive(Deserialize)]
struct Day {
    words: Vec<String>,
    offset: i64,
}

#[derive(Deserialize)]
struct PartOfDay {
    words: Vec<String>,
    until: i64,
    add: i64,
}

#[derive(Deserialize)]
struct Unit {
    words: Vec<String>,
    #[serde(default)]
    minutes: i64,
    #[serde(default)]
    days: bool,
}

struct Patterns {
    table: Table,
    /// A point of time with an ending that makes it a deadline.
    until: Regex,
    /// A whole date and time without such an ending.
    dated: Regex,
    /// A span of time.
    within: Regex,
    /// The end of a day.
    by_day: Regex,
}

/// A number in digits or words.
const NUMBER: &str = r"(?:\d{1,4}|[一二两三四五六七八九十半]{1,3})";

static DUE: LazyLock<Patterns> = LazyLock::new(|| {
    let table: Table = table::parse(include_str!("../../data/recognise/due.toml"));
    let words = |lists: &mut dyn Iterator<Item = &Vec<String>>| {
        table::any_word(lists.flatten().map(String::as_str).collect::<Vec<_>>())
    };
    let days = words(&mut table.day.iter().map(|row| &row.words));
    let parts = words(&mut table.part.iter().map(|row| &row.words));
    let units = words(&mut table.unit.iter().map(|row| &row.words));
    let after = words(&mut std::iter::once(&table.after));
    let date = r"(?:(?P<y>\d{4})\s*[-/.年]\s*)?(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?";
    let clock = concat!(
        r"(?P<h>\d{1,2}|[零一二两三四五六七八九十]{1,3})\s*",
        r"(?::\s*(?P<min>\d{2})(?::\d{2})?|[点时]\s*(?:整|(?P<half>半)|(?P<min2>\d{1,2})\s*分?)?)",
    );
    let point = format!(r"(?:(?P<day>{days})|{date})?\s*(?P<part>{parts})?\s*{clock}");
    Patterns {
        until: table::pattern(&format!(r"{point}\s*(?:左右)?\s*(?:{after})(?P<next>.?)")),
        dated: table::pattern(&format!(r"{date}\s*(?P<part>{parts})?\s*{clock}")),
        within: table::pattern(&format!(
            r"(?:^|[^\d.一二两三四五六七八九十])(?P<n>{NUMBER})\s*(?P<unit>{units})\s*(?:之|以)?内"
        )),
        by_day: table::pattern(&format!(r"(?P<day>{days})(?:之|以)?内")),
        table,
    }
});

/// Only the beginning of a longer message is read, in characters.
const MAX_CHARS: usize = 2_000;
/// A longer span is no deadline but a misread number: ten years of minutes.
const MAX_MINUTES: i64 = 5_256_000;

/// Reads the deadline a message sets, as an instant; wall times are of Asia/Shanghai.
///
/// A time of day without a date is the next such time after `said_at`; a date without a year the next such date;
/// hours and minutes run from `said_at` (民法典 201 ¶2); days end at the last second of the last day, the first
/// not counted (民法典 201 ¶1). A point of time needs an ending (前) or a whole date still to come. `None` if the
/// message sets none. Of several points with an ending the first counts. Source: S17, S33.
#[must_use]
pub fn due_time(text: &str, said_at: Timestamp) -> Option<Timestamp> {
    let text = table::narrow(table::shorten(text, MAX_CHARS));
    let said = SHANGHAI.to_datetime(said_at);
    let until = DUE.until.captures_iter(&text).filter(|found| !tells_of_past(found));
    let until = until.filter_map(|found| point(&found, said)).next();
    let within = || DUE.within.captures_iter(&text).find_map(|found| span(&found, said_at));
    let by_day = || DUE.by_day.captures(&text).and_then(|found| end_of(said.date(), day_offset(&found)?));
    let dated = || DUE.dated.captures_iter(&text).find_map(|found| point(&found, said));
    until.or_else(within).or_else(by_day).or_else(|| dated().filter(|at| *at > said_at))
}

fn tells_of_past(found: &Captures<'_>) -> bool {
    let next = found.name("next").map_or("", |next| next.as_str());
    DUE.table.not_after.iter().any(|word| word == next)
}

fn group<'t>(found: &Captures<'t>, name: &str) -> Option<&'t str> {
    found.name(name).map(|part| part.as_str())
}

fn day_offset(found: &Captures<'_>) -> Option<i64> {
    let word = group(found, "day")?;
    DUE.table.day.iter().find(|row| row.words.iter().any(|one| one == word)).map(|row| row.offset)
}

/// A point of time relative to when it was said.
fn point(found: &Captures<'_>, said: DateTime) -> Option<Timestamp> {
    let (hours, minute) = clock(found)?;
    let at = |date: Date| {
        let (days, hour) = (hours / 24, hours % 24);
        let time = Time::new(i8::try_from(hour).ok()?, minute, 0, 0).ok()?;
        Some(date.checked_add(days.days()).ok()?.to_datetime(time))
    };
    let wall = match (day_offset(found), group(found, "m")) {
        (Some(offset), _) => at(said.date().checked_add(offset.days()).ok()?)?,
        (None, Some(_)) => at(date(found, said)?)?,
        (None, None) => {
            let today = at(said.date())?;
            if today > said { today } else { at(said.date().tomorrow().ok()?)? }
        }
    };
    instant(wall)
}

/// Hours (24 and more belong to the next day) and minutes.
fn clock(found: &Captures<'_>) -> Option<(i64, i8)> {
    let hour = number(group(found, "h")?)?;
    let minute = match (group(found, "half"), group(found, "min").or(group(found, "min2"))) {
        (Some(_), _) => 30,
        (None, minute) => minute.map_or(Some(0), |text| text.parse().ok())?,
    };
    if hour > 24 || minute > 59 || (hour == 24 && minute > 0) {
        return None;
    }
    // 今晚, 明早 are a day and a part of it in one word.
    let words = [group(found, "part"), group(found, "day")];
    let part = words
        .into_iter()
        .flatten()
        .find_map(|word| DUE.table.part.iter().find(|row| row.words.iter().any(|one| one == word)));
    let evening = part.is_some_and(|part| part.until > 12);
    let hours = match part {
        // One o'clock in the evening is the night that follows.
        Some(_) if evening && hour < 5 => hour + 24,
        Some(part) if hour < part.until => hour + part.add,
        _ => hour,
    };
    Some((hours, minute))
}

fn date(found: &Captures<'_>, said: DateTime) -> Option<Date> {
    let (month, day) = (group(found, "m")?.parse().ok()?, group(found, "d")?.parse().ok()?);
    if let Some(year) = group(found, "y") {
        return Date::new(year.parse().ok()?, month, day).ok();
    }
    let this_year = Date::new(said.year(), month, day).ok();
    let next_year = || Date::new(said.year() + 1, month, day).ok();
    this_year.filter(|date| *date >= said.date()).or_else(next_year)
}

fn span(found: &Captures<'_>, said_at: Timestamp) -> Option<Timestamp> {
    let (text, word) = (group(found, "n")?, group(found, "unit")?);
    let unit = DUE.table.unit.iter().find(|row| row.words.iter().any(|one| one == word))?;
    if unit.days {
        return end_of(SHANGHAI.to_datetime(said_at).date(), number(text)?);
    }
    let minutes = if text == "半" { unit.minutes / 2 } else { number(text)?.checked_mul(unit.minutes)? };
    (1..=MAX_MINUTES).contains(&minutes).then(|| said_at.checked_add(minutes.minutes()).ok())?
}

fn end_of(from: Date, days: i64) -> Option<Timestamp> {
    let date = from.checked_add(days.days()).ok()?;
    instant(date.to_datetime(Time::new(23, 59, 59, 0).ok()?))
}

/// Reads `12`, `八`, `十二`, `二十四`.
fn number(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |c: char| match c {
        '两' => Some(2),
        _ => "零一二三四五六七八九".chars().position(|one| one == c).and_then(|n| i64::try_from(n).ok()),
    };
    match text.split_once('十') {
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { digit(tens.chars().next()?)? };
            let ones = if ones.is_empty() { 0 } else { digit(ones.chars().next()?)? };
            Some(tens * 10 + ones)
        }
        None => {
            let mut chars = text.chars();
            let first = digit(chars.next()?)?;
            chars.next().is_none().then_some(first)
        }
    }
}
