//! Reading the values of a history; each mistake names its line and field.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::form::Text;
use super::{HistoryError, HistoryProblem};

/// A wall time of Asia/Shanghai, or an instant with its zone.
pub(super) fn time(text: &Text, field: &'static str) -> Result<Timestamp, HistoryError> {
    let read = text.value.parse::<Timestamp>().ok().or_else(|| wall(&text.value));
    read.ok_or_else(|| wrong(text, field, HistoryProblem::Time(text.value.clone())))
}

pub(super) fn wall(text: &str) -> Option<Timestamp> {
    let time: DateTime = text.replace(' ', "T").parse().ok()?;
    Some(time.to_zoned(TimeZone::get("Asia/Shanghai").ok()?).ok()?.timestamp())
}

/// The first `2026-09-20 23:11` in a text.
pub(super) fn time_in(text: &str) -> Option<Timestamp> {
    static PATTERN: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
        regex::Regex::new(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?").expect("the pattern is a constant")
    });
    wall(PATTERN.find(text)?.as_str())
}

/// Yuan with at most two decimals, as 分.
pub(super) fn fen(text: &Text, field: &'static str) -> Result<i64, HistoryError> {
    let read = || {
        let (yuan, cents) = text.value.split_once('.').unwrap_or((&text.value, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = digits(yuan) && digits(cents) && cents.len() <= 2;
        let cents: i64 = format!("{cents:0<2}").parse().ok().filter(|_| fits)?;
        yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
    };
    read().ok_or_else(|| wrong(text, field, HistoryProblem::Amount(text.value.clone())))
}

pub(super) fn word<T: Clone>(
    text: &Text,
    field: &'static str,
    allowed: &[(String, T)],
) -> Result<T, HistoryError> {
    let found = allowed.iter().find(|(word, _)| *word == text.value);
    let words = || allowed.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(", ");
    found.map(|(_, value)| value.clone()).ok_or_else(|| not_one_of(text, field, &words()))
}

pub(super) fn coded<T>(
    text: &Text,
    field: &'static str,
    find: impl Fn(&str) -> Option<T>,
    allowed: impl Iterator<Item = &'static str>,
) -> Result<T, HistoryError> {
    find(&text.value).ok_or_else(|| not_one_of(text, field, &allowed.collect::<Vec<_>>().join(", ")))
}

pub(super) fn not_one_of(text: &Text, field: &'static str, allowed: &str) -> HistoryError {
    wrong(text, field, HistoryProblem::Word { given: text.value.clone(), allowed: allowed.to_owned() })
}

pub(super) fn wrong(text: &Text, field: &'static str, problem: HistoryProblem) -> HistoryError {
    HistoryError { line: line(text), field: field.to_owned(), problem }
}

pub(super) fn line(text: &Text) -> u64 {
    text.referenced.line()
}

pub(super) fn value(text: Option<&Text>) -> Option<String> {
    text.map(|text| text.value.clone())
}
