//! Spans and days in words: 质保30天, 季卡, 有效期至 2026-10-01.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use crate::calendar::day_of;
use crate::dossier::table::Table;

/// Longer texts are not searched to their end.
const MAX_CHARS: usize = 2_000;

/// More terms than this in one purchase are no count of terms.
const MAX_TERMS: u16 = 36;

/// So many months and hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) months: u16,
    pub(super) hours: i64,
}

impl Span {
    /// Returns the day in China on which a span from `start` ends; `None` beyond the end of time.
    pub(super) fn last_day(self, start: Timestamp) -> Option<Date> {
        let start = start.checked_add(SignedDuration::from_hours(self.hours)).ok()?;
        day_of(start).checked_add(i64::from(self.months).months()).ok()
    }
}

static UNTIL: LazyLock<Regex> = LazyLock::new(|| pattern(&Table::get().reading.until));
static SPAN: LazyLock<Regex> = LazyLock::new(|| pattern(&Table::get().reading.span));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("data/dossier.toml is checked by its tests")
}

fn folded(text: &str) -> String {
    text.chars().take(MAX_CHARS).nfkc().collect()
}

/// Reads the first last day a text states.
pub(super) fn until_in(text: &str) -> Option<Date> {
    UNTIL.captures_iter(&folded(text)).find_map(|found| {
        let part = |name: &str| found.name(name)?.as_str().parse().ok();
        let year = i16::try_from(part("year")?).ok()?;
        Date::new(year, small(part("month")?)?, small(part("day")?)?).ok()
    })
}

fn small(number: i32) -> Option<i8> {
    i8::try_from(number).ok()
}

/// Reads the first span a text names.
pub(super) fn span_in(text: &str) -> Option<Span> {
    let reading = &Table::get().reading;
    SPAN.captures_iter(&folded(text)).find_map(|found| {
        let count = number(found.name("count")?.as_str())?;
        let word = found.name("unit")?.as_str().to_lowercase();
        let unit = reading.unit.iter().find(|unit| unit.word == word)?;
        let days = i64::from(unit.days) * 24 + i64::from(unit.hours);
        Some(Span { months: count.checked_mul(unit.months)?, hours: i64::from(count) * days })
    })
}

/// Reads the term of a membership that goods name, such as 季卡 or 2年卡; the first row of the table that fits.
pub(super) fn term_in(title: &str) -> Option<Span> {
    let title = folded(title);
    let (at, row) = Table::get().reading.term.iter().find_map(|row| Some((title.find(&row.word)?, row)))?;
    let times = times_before(&title[..at])?;
    Some(Span { months: times.checked_mul(row.months)?, hours: 24 * i64::from(times) * i64::from(row.days) })
}

/// The number right before a term, else one; `None` for a year such as 2026 and the like.
fn times_before(text: &str) -> Option<u16> {
    let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let count = &text[text.len() - digits..];
    if !count.is_empty() {
        return number(count).filter(|count| *count <= MAX_TERMS);
    }
    Some(text.chars().next_back().and_then(|last| number(&last.to_string())).unwrap_or(1))
}

/// Tells whether goods are sold for ever.
pub(super) fn is_endless(title: &str) -> bool {
    let title = folded(title);
    Table::get().reading.endless.iter().any(|word| title.contains(word))
}

/// Reads `30`, `三` or `十`; `None` for anything else.
fn number(text: &str) -> Option<u16> {
    let word = || Table::get().reading.digit.iter().find(|digit| digit.word == text).map(|digit| digit.value);
    text.parse().ok().or_else(word).filter(|number| *number > 0)
}
