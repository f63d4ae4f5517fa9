//! Dates a rule announces of itself: when it was published, from when it is in force.

use jiff::civil::Date;
use regex::{Captures, Regex};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use super::table::Table;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The dates a text announces, as days in Asia/Shanghai.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Announced {
    /// The day it says it was published, else the day it says it was last changed; `None` if it says neither.
    pub published: Option<Date>,
    /// The first day it says it is in force, if it does.
    pub in_force_from: Option<Date>,
}

/// Reads the dates a text announces; for [`RuleVersion::notice`](crate::platform::RuleVersion::notice).
///
/// Of several dates the latest is told, for older ones are of older versions. A date without its year is none: which
/// year it is would be a guess.
pub fn announced(text: &str) -> Announced {
    let text: String = text.nfkc().collect();
    let table = Table::get();
    let published = latest(&text, &table.published).or_else(|| latest(&text, &table.updated));
    Announced { published, in_force_from: latest(&text, &table.in_force) }
}

fn latest(text: &str, patterns: &[Regex]) -> Option<Date> {
    patterns.iter().flat_map(|pattern| pattern.captures_iter(text)).filter_map(|found| date(&found)).max()
}

/// The groups of a date follow the one that names its form.
fn date(found: &Captures<'_>) -> Option<Date> {
    let groups: Vec<&str> = found.iter().skip(1).flatten().skip(1).map(|group| group.as_str()).collect();
    let [one, two, three] = groups.try_into().ok()?;
    let number = |text: &str| text.parse::<i16>().ok();
    let small = |text: &str| text.parse::<i8>().ok();
    if found.name("zh").is_some() {
        return Date::new(number(one)?, small(two)?, small(three)?).ok();
    }
    let month = |text: &str| {
        let place = MONTHS.iter().position(|month| text.to_lowercase().starts_with(month));
        place.and_then(|place| i8::try_from(place + 1).ok())
    };
    let (month, day) =
        month(one).map(|month| (month, two)).or_else(|| month(two).map(|month| (month, one)))?;
    Date::new(number(three)?, month, small(day)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_where_they_are_said() {
        let day = |text: &str| text.parse::<Date>().ok();
        let table = [
            ("本规则于2026年3月1日发布，自2026年3月8日起施行。", "2026-03-01", "2026-03-08"),
            ("发布时间：2026-03-01 10:20", "2026-03-01", ""),
            ("公示期：2026年２月２０日至2026年2月27日", "2026-02-20", ""),
            ("生效日期：2026/3/8", "", "2026-03-08"),
            ("自 2026 年 3 月 8 日零时起正式生效", "", "2026-03-08"),
            ("于2026年3月8日开始执行，2025年3月1日起施行的版本同时废止", "", "2026-03-08"),
            ("最后更新：2026.03.01", "2026-03-01", ""),
            ("更新于2026年4月1日。2026年3月1日公布。", "2026-03-01", ""),
            ("自3月8日起施行", "", ""),
            ("2026年3月8日起停止执行", "", ""),
            ("2026年13月40日发布", "", ""),
            ("Published on March 1, 2026. Effective from 8 March 2026.", "2026-03-01", "2026-03-08"),
            ("Last updated: Sept. 3rd, 2026", "2026-09-03", ""),
            ("活动时间：2026年3月1日", "", ""),
            ("", "", ""),
        ];
        for (text, published, from) in table {
            let want = Announced { published: day(published), in_force_from: day(from) };
            assert_eq!(announced(text), want, "{text}");
        }
    }

    #[test]
    fn notice_is_told_from_what_is_announced() {
        let told = announced("本规则于2026年3月1日发布，自2026年3月8日起施行。");
        let days =
            told.published.zip(told.in_force_from).map(|(from, to)| from.duration_until(to).as_hours() / 24);
        assert_eq!(days, Some(7));
    }
}
