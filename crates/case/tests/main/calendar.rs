//! The calendar: working days, two readings of a weekend, years not published, mistakes with their line.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use sigu_case::calendar::{
    Calendar, DayKind, NotPublished, Weekends, by_end_of, day_of, days_after, end_of_day, hours_after,
};

use crate::made::time;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn published() -> &'static Calendar {
    Calendar::published()
}

#[test]
fn seven_working_days_pass_over_holidays_and_count_worked_weekends() {
    let table = [
        ("2026-09-18", "2026-09-29"),
        ("2026-09-21", "2026-10-08"),
        ("2026-09-28", "2026-10-13"),
        ("2026-09-30", "2026-10-15"),
        ("2026-06-16", "2026-06-26"),
        ("2026-05-06", "2026-05-14"),
        // The second case: received by 12315.
        ("2026-10-08", "2026-10-16"),
    ];
    for (day0, due) in table {
        assert_eq!(published().working_days_after(day(day0), 7), Ok(day(due)), "{day0}");
    }
}

#[test]
fn few_working_days() {
    let check = |day0: &str, n, due: &str| {
        assert_eq!(published().working_days_after(day(day0), n), Ok(day(due)), "{day0} + {n}");
    };
    // None is the day itself, even one in an unpublished year.
    check("2026-10-01", 0, "2026-10-01");
    check("2031-10-01", 0, "2031-10-01");
    // A Friday before a worked Saturday, and before an ordinary weekend.
    check("2026-10-09", 1, "2026-10-10");
    check("2026-10-16", 1, "2026-10-19");
    // The Spring Festival of nine days, with a worked Saturday before it and one after.
    check("2026-02-13", 1, "2026-02-14");
    check("2026-02-14", 1, "2026-02-24");
    check("2026-02-27", 1, "2026-02-28");
    check("2026-12-30", 1, "2026-12-31");
    check("2026-01-01", 1, "2026-01-04");
}

#[test]
fn nothing_is_counted_into_a_year_that_is_not_published() {
    let refused = |day0: &str, n, year| {
        assert_eq!(published().working_days_after(day(day0), n), Err(NotPublished { year }), "{day0} + {n}");
    };
    refused("2026-12-31", 1, 2027);
    refused("2026-12-25", 7, 2027);
    refused("2025-12-20", 3, 2025);
    refused("2026-06-01", u16::MAX, 2027);
    refused("9999-12-31", 1, 9999);
    let words = NotPublished { year: 2027 }.words();
    assert!(words.zh.contains("2027") && words.zh.contains("待公布"), "{words:?}");
    assert!(words.en.contains("2027"), "{words:?}");
}

#[test]
fn sixty_days_end_on_the_day_after_a_holiday() {
    let check = |accepted: &str, nominal: &str, planning: &str, legal: &str| {
        let last = published().last_day(day(accepted), 60).unwrap();
        let found = (last.nominal, last.planning, last.legal);
        assert_eq!(found, (day(nominal), day(planning), day(legal)), "{accepted}");
    };
    check("2026-08-05", "2026-10-04", "2026-10-08", "2026-10-08");
    check("2026-09-18", "2026-11-17", "2026-11-17", "2026-11-17");
    // The second case: accepted by 12315; the two readings part on a Sunday.
    check("2026-10-14", "2026-12-13", "2026-12-13", "2026-12-14");
    // Accepted so that it ends on New Year's Day: the nominal day is known, the last day is not.
    assert_eq!(days_after(day("2026-11-02"), 60), day("2027-01-01"));
    assert_eq!(published().last_day(day("2026-11-02"), 60), Err(NotPublished { year: 2027 }));
}

#[test]
fn the_two_readings_differ_on_weekends_only() {
    let check = |last: &str, stay: &str, roll: &str| {
        assert_eq!(published().roll(day(last), Weekends::Stay), Ok(day(stay)), "{last} stays");
        assert_eq!(published().roll(day(last), Weekends::Roll), Ok(day(roll)), "{last} rolls");
    };
    check("2026-11-17", "2026-11-17", "2026-11-17");
    check("2026-12-12", "2026-12-12", "2026-12-14");
    check("2026-12-13", "2026-12-13", "2026-12-14");
    check("2026-10-04", "2026-10-08", "2026-10-08");
    // A worked Saturday is no rest day.
    check("2026-10-10", "2026-10-10", "2026-10-10");
    // The first day after a holiday is a worked Sunday.
    check("2026-01-02", "2026-01-04", "2026-01-04");
    // A holiday that ends on a Sunday.
    check("2026-06-19", "2026-06-22", "2026-06-22");
}

#[test]
fn days_have_kinds() {
    let table = [
        ("2026-10-07", DayKind::Holiday),
        ("2026-10-08", DayKind::Working),
        ("2026-10-10", DayKind::Working),
        ("2026-10-11", DayKind::Weekend),
        ("2026-09-20", DayKind::Working),
        ("2026-09-27", DayKind::Holiday),
    ];
    for (date, kind) in table {
        assert_eq!(published().kind(day(date)), Ok(kind), "{date}");
    }
    let all: Vec<Date> = date(2026, 1, 1).series(jiff::ToSpan::days(1)).take(365).collect();
    let of = |kind| all.iter().filter(|date| published().kind(**date) == Ok(kind)).count();
    // 3 + 9 + 3 + 5 + 3 + 3 + 7 days off; 365 - 33 - the weekends left.
    assert_eq!(of(DayKind::Holiday), 33);
    assert_eq!(of(DayKind::Working) + of(DayKind::Weekend), 332);
    assert_eq!(of(DayKind::Working), 248);
}

#[test]
fn a_day_ends_at_24_in_china_and_hours_run_from_the_instant() {
    let october = date(2026, 10, 16);
    assert_eq!(end_of_day(october), time("2026-10-16T23:59:59+08:00"));
    let check = |at: &str, expected| assert_eq!(by_end_of(october, time(at)), expected, "{at}");
    check("2026-10-16T23:59:59.999999999+08:00", true);
    check("2026-10-16T15:59:59Z", true);
    check("2026-10-17T00:00:00+08:00", false);
    check("2026-10-16T16:00:00Z", false);
    check("2026-10-01T00:00:00Z", true);
    assert_eq!(day_of(time("2026-10-16T16:00:00Z")), date(2026, 10, 17));
    assert_eq!(hours_after(time("2026-10-01T09:30:00+08:00"), 24), time("2026-10-02T09:30:00+08:00"));
    assert_eq!(hours_after(jiff::Timestamp::MAX, 1), jiff::Timestamp::MAX);
}

/// A schedule of 2027 made up for the test.
const NEXT_YEAR: &str = r#"
[[year]]
year = 2027
source = { zh = "测试", en = "test" }
confidence = "D"
checked_at = "2026-11-22"
holidays = [
    { from = "2026-12-31", to = "2027-01-02", name = { zh = "元旦", en = "New Year" } },
]
workdays = ["2027-01-03"]
"#;

#[test]
fn a_later_year_can_be_added() {
    let calendar = Calendar::with(NEXT_YEAR).unwrap();
    assert_eq!(calendar.schedules().iter().map(|one| one.year).collect::<Vec<_>>(), [2026, 2027]);
    assert_eq!(calendar.working_days_after(day("2026-12-30"), 1), Ok(day("2027-01-03")));
    assert_eq!(calendar.last_day(day("2026-11-02"), 60).unwrap().legal, day("2027-01-03"));
    assert_eq!(calendar.working_days_after(day("2027-12-31"), 1), Err(NotPublished { year: 2028 }));
    assert_eq!(
        published().kind(day("2027-01-03")),
        Err(NotPublished { year: 2027 }),
        "the built-in one stays"
    );
}

#[test]
fn a_mistake_names_its_line() {
    let check = |from: &str, to: &str, line: usize, zh: &str| {
        assert!(NEXT_YEAR.contains(from), "{from}");
        let error = Calendar::with(&NEXT_YEAR.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.line, line, "{to}: {error}");
        assert!(error.words.zh.contains(zh), "{to}: {error:?}");
        assert!(!error.words.en.is_empty() && error.to_string().contains(&line.to_string()), "{error}");
    };
    check("year = 2027", "year = 2026", 3, "已有安排");
    check("year = 2027", "year = 20270", 3, "年份");
    check("year = 2027", "year = \"x\"", 3, "无法读取");
    check("to = \"2027-01-02\"", "to = \"2026-12-30\"", 8, "早于");
    check("to = \"2027-01-02\"", "to = \"2028-01-02\"", 8, "不在2027年");
    check("from = \"2026-12-31\"", "from = \"2026-12-24\"", 8, "不在2027年");
    check("to = \"2027-01-02\"", "to = \"2027-02-30\"", 8, "无法读取");
    check("to = \"2027-01-02\"", "to = \"2027-01-03\"", 10, "重复");
    check("\"2027-01-03\"", "\"2027-01-04\"", 10, "不是周末");
    check("\"2027-01-03\"", "\"2027-01-09\", \"2027-01-09\"", 10, "重复");
    check("confidence = \"D\"", "confidence = \"D\"\nextra = 1", 6, "无法读取");
    check("checked_at", "checked", 6, "无法读取");
    let twice = Calendar::with(&format!("{NEXT_YEAR}{NEXT_YEAR}")).unwrap_err();
    assert_eq!((twice.line, twice.words.zh.as_str()), (13, "2027年已有安排"));
}

#[test]
fn nothing_is_not_a_schedule() {
    assert_eq!(Calendar::with("").unwrap_err().line, 1);
    assert_eq!(Calendar::with(&"#".repeat(300_000)).unwrap_err().words.zh, "文件过大");
}

proptest! {
    #[test]
    fn any_date_is_answered(days in -4_000_000i32..3_000_000, n: u16) {
        let date = date(1970, 1, 1).saturating_add(jiff::ToSpan::days(days));
        let nominal = days_after(date, n);
        prop_assert!(nominal >= date);
        prop_assert!(by_end_of(date, end_of_day(date)));
        let _ = (published().kind(date), published().last_day(date, n));
        let _ = published().working_days_after(date, n);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*") {
        let _ = Calendar::with(&text);
    }

    #[test]
    fn counting_working_days_adds_up(start in 0i32..300, a in 0u16..20, b in 0u16..20) {
        let date = date(2026, 1, 1).saturating_add(jiff::ToSpan::days(start));
        if let Ok(whole) = published().working_days_after(date, a + b) {
            let half = published().working_days_after(date, a).unwrap();
            prop_assert_eq!(published().working_days_after(half, b), Ok(whole));
        }
    }
}
