//! Reminders: at which distances each clock is told of, where quiet hours move them, and what stops them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sigu_case::clock::{Brief, ClockKind};
use sigu_case::remind::{ClockName, Quiet, Reminder, Rules, Wishes, plan};

use crate::made::{label, time};

/// A wall time of Asia/Shanghai in November 2026, or in the month and year given.
fn wall(text: &str) -> Timestamp {
    match text.len() {
        8 => time(&format!("2026-11-{text}:00+08:00")),
        _ => time(&format!("{text}:00+08:00")),
    }
}

fn clock(kind: ClockKind, started: &str, due: &str) -> Brief {
    Brief { kind, started_at: wall(started), due_at: Some(wall(due)) }
}

struct Setting {
    quiet: Option<Quiet>,
    urgent: bool,
    snoozed: BTreeMap<ClockName, Timestamp>,
}

impl Setting {
    fn loud() -> Self {
        Self { quiet: None, urgent: true, snoozed: BTreeMap::new() }
    }

    fn quiet() -> Self {
        Self { quiet: Some(Quiet::default()), ..Self::loud() }
    }

    fn wishes(&self) -> Wishes<'_> {
        let (quiet, urgent_in_quiet) = (self.quiet, self.urgent);
        Wishes { rules: Rules::defaults(), quiet, urgent_in_quiet, snoozed: &self.snoozed }
    }

    fn plan(&self, clocks: &[Brief]) -> Vec<Reminder> {
        plan([(&label("A"), clocks)], self.wishes(), Timestamp::MIN, Timestamp::MAX)
    }

    /// The reminders of one order as `kind distance day hour:minute`, the kind where there are several.
    fn told(&self, clocks: &[Brief]) -> String {
        let one = |reminder: &Reminder| {
            let at = reminder.at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
            let kind = if clocks.len() > 1 { format!("{} ", reminder.clock.kind) } else { String::new() };
            format!("{kind}{} {}", reminder.distance, at.strftime("%d %H:%M"))
        };
        self.plan(clocks).iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

#[test]
fn distances_follow_the_window() {
    use ClockKind::{
        AppealPlatform, AppealSeed, Archive, AutoConfirm, FollowUp, Limitation, PlatformDecision, Reply,
        VerifyPlan,
    };
    for (kind, started, due, told) in [
        // Two hours, a day, two days, ten, thirty.
        (VerifyPlan, "24T10:00", "24T12:00", "at-once 24 10:00, half 24 11:00, 15min 24 11:45, due 24 12:00"),
        (Archive, "24T10:00", "25T10:00", "half 24 22:00, 2h 25 08:00, 30min 25 09:30, due 25 10:00"),
        (AppealSeed, "24T10:00", "26T10:00", "half 25 10:00, 2h 26 08:00, 30min 26 09:30, due 26 10:00"),
        (AutoConfirm, "10T10:00", "20T10:00", "3d 17 10:00, 1d 19 10:00, 2h 20 08:00, due 20 10:00"),
        (AutoConfirm, "2026-10-20T10:00", "24T10:00", "7d 17 10:00, 1d 23 10:00, 2h 24 08:00, due 24 10:00"),
        // A window that begins less than its longest distance ahead.
        (AutoConfirm, "10T10:00", "13T10:00", "3d 10 10:00, 1d 12 10:00, 2h 13 08:00, due 13 10:00"),
        // The platform's own: shorter than the default of 48 hours, and not.
        (
            AppealPlatform,
            "24T10:00",
            "25T10:00",
            "at-once 24 10:00, half 24 22:00, 2h 25 08:00, 30min 25 09:30, due 25 10:00",
        ),
        (AppealPlatform, "24T10:00", "26T10:00", "half 25 10:00, 2h 26 08:00, 30min 26 09:30, due 26 10:00"),
        // The others' clocks: that no answer came.
        (Reply, "24T10:00", "24T14:00", "due 24 14:00"),
        (PlatformDecision, "20T10:00", "27T10:00", "due 27 10:00"),
        // Dates of one's own, and years.
        (FollowUp, "20T10:00", "27T10:00", "1d 26 10:00, due 27 10:00"),
        (FollowUp, "27T08:00", "27T10:00", "due 27 10:00"),
        (Limitation, "2023-11-24T10:00", "24T10:00", "60d 25 10:00, 30d 25 10:00, 7d 17 10:00, due 24 10:00"),
    ] {
        assert_eq!(Setting::loud().told(&[clock(kind, started, due)]), told, "{kind} {started} to {due}");
    }
}

#[test]
fn quiet_hours_move_what_is_told() {
    use ClockKind::{Archive, Reply, VerifyPlan};
    for (kind, started, due, told) in [
        // Half at 22:00 is not quiet; two hours before nine o'clock is, and nine is after eight: at eight.
        (Archive, "24T09:00", "25T09:00", "half 24 21:00, 2h 25 08:00, 30min 25 08:30, due 25 09:00"),
        // Due at seven, within the quiet hours: before they begin.
        (Archive, "24T07:00", "25T07:00", "half 24 19:00, 2h 24 22:29, 30min 24 22:29, due 25 08:00"),
        // Due when they end: still before they begin.
        (Archive, "24T08:00", "25T08:00", "half 24 20:00, 2h 24 22:29, 30min 24 22:29, due 25 08:00"),
        // It began within them and ends within them: told all the same, for it is one's own.
        (VerifyPlan, "24T23:00", "25T01:00", "at-once 24 23:00, half 25 00:00, 15min 25 00:45, due 25 08:00"),
        // Nobody is woken because somebody else did not answer.
        (Reply, "24T20:00", "25T00:00", "due 25 08:00"),
    ] {
        assert_eq!(Setting::quiet().told(&[clock(kind, started, due)]), told, "{kind} {started} to {due}");
    }
    let calm = Setting { urgent: false, ..Setting::quiet() };
    let night = clock(VerifyPlan, "24T23:00", "25T01:00");
    assert_eq!(calm.told(&[night]), "at-once 25 08:00, half 25 08:00, 15min 25 08:00, due 25 08:00");
}

#[test]
fn what_is_late_keeps_quiet_too() {
    let own = Setting::quiet().plan(&[clock(ClockKind::Archive, "24T07:00", "25T07:00")]);
    let theirs = Setting::quiet().plan(&[clock(ClockKind::Reply, "24T20:00", "25T00:00")]);
    let setting = Setting::quiet();
    for (reminder, now, may) in [
        (&own[0], "24T22:00", true),
        (&own[0], "25T06:00", true),
        (&own[0], "25T07:30", false),
        (&own[0], "25T08:00", true),
        (&theirs[0], "24T23:00", false),
        (&theirs[0], "25T08:00", true),
    ] {
        assert_eq!(
            setting.wishes().may_tell(&reminder.clock, wall(now)),
            may,
            "{} at {now}",
            reminder.name()
        );
    }
    let calm = Setting { urgent: false, ..Setting::quiet() };
    assert!(!calm.wishes().may_tell(&own[0].clock, wall("25T06:00")));
}

#[test]
fn of_two_windows_only_the_one_that_decides_is_told() {
    use ClockKind::{AppealPlatform, AppealSeed};
    let seed = clock(AppealSeed, "24T10:00", "26T10:00");
    let platform = clock(AppealPlatform, "24T10:00", "25T10:00");
    assert_eq!(
        Setting::loud().told(&[seed, platform]),
        "appeal_platform at-once 24 10:00, appeal_platform half 24 22:00, appeal_platform 2h 25 08:00, \
         appeal_platform 30min 25 09:30, appeal_platform due 25 10:00"
    );
    // Until the platform's own begins, the other decides.
    let later = clock(AppealPlatform, "25T12:00", "26T09:00");
    let told = Setting::loud().told(&[seed, later]);
    assert!(told.starts_with("appeal_seed half 25 10:00, appeal_platform at-once 25 12:00,"), "{told}");
    assert!(!told.contains("appeal_seed 2h") && !told.contains("appeal_seed due"), "{told}");
}

#[test]
fn snoozed_means_told_again_then_and_done_means_never() {
    let archive = clock(ClockKind::Archive, "24T10:00", "25T10:00");
    let loud = Setting::loud();
    let name = loud.plan(&[archive])[0].clock.clone();
    let mut setting = Setting { snoozed: BTreeMap::from([(name, wall("25T09:00"))]), ..Setting::loud() };
    let second = wall("25T09:00").as_second();
    assert_eq!(
        setting.told(&[archive]),
        format!("snoozed-{second} 25 09:00, 30min 25 09:30, due 25 10:00"),
        "what lies before is not told any more"
    );
    let moved = clock(ClockKind::Archive, "24T10:00", "25T11:00");
    assert_eq!(setting.told(&[moved]), loud.told(&[moved]), "a clock that moved is another");
    assert_eq!(setting.told(&[]), "", "a clock that is met is in no agenda");
    setting.quiet = Some("08:30-09:15".parse().unwrap());
    assert!(setting.told(&[archive]).starts_with(&format!("snoozed-{second} 25 09:15,")));
}

#[test]
fn names_are_stable_and_nobodys_else() {
    let clocks = [
        clock(ClockKind::Archive, "24T10:00", "25T10:00"),
        clock(ClockKind::Reply, "24T10:00", "24T14:00"),
        clock(ClockKind::Reply, "24T11:00", "24T14:00"),
        // The same times: one to whoever is reminded.
        clock(ClockKind::Reply, "24T11:00", "24T14:00"),
    ];
    let (loud, quiet) = (Setting::loud().plan(&clocks), Setting::quiet().plan(&clocks));
    let names: Vec<String> = loud.iter().map(Reminder::name).collect();
    let mut once = names.clone();
    once.sort();
    once.dedup();
    assert_eq!((names.len(), once.len()), (6, 6), "{names:#?}");
    let mut moved: Vec<String> = quiet.iter().map(Reminder::name).collect();
    moved.sort();
    assert_eq!(moved, once, "quiet hours move a reminder and give it no other name");
    assert_eq!(
        names[0],
        "A reply 1795489200000 1795500000000 due"
            .replace("1795489200000", &loud[0].clock.started_at.as_millisecond().to_string())
            .replace("1795500000000", &loud[0].clock.due_at.as_millisecond().to_string())
    );
}

#[test]
fn a_span_of_time_has_its_reminders_and_no_others() {
    let archive = clock(ClockKind::Archive, "24T10:00", "25T10:00");
    let setting = Setting::loud();
    let within = |from: &str, until: &str| {
        let order = label("A");
        plan([(&order, [archive].as_slice())], setting.wishes(), wall(from), wall(until)).len()
    };
    assert_eq!(within("24T22:00", "25T08:00"), 1, "the first instant counts, the last does not");
    assert_eq!(within("24T22:01", "25T08:01"), 1);
    assert_eq!(within("24T00:00", "26T00:00"), 4);
    let unknown = Brief { due_at: None, ..archive };
    assert_eq!(setting.told(&[unknown]), "", "a clock without a due time is told of by nobody");
}
