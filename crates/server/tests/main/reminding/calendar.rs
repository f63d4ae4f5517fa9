//! The calendar: the same clocks give the same bytes, and two readers of others say of it what was meant.

use std::path::Path;
use std::process::Command as Process;

use jiff::Timestamp;
use serde_json::Value;
use sigu_server::Words;
use sigu_server::reminding::{Settings, calendar};

use super::{House, hours, minutes, wall};

/// Reads a calendar with both libraries; prints each event as JSON: uid, begin, summary, alarms in seconds before.
const READ: &str = r#"
import json, sys
import icalendar, ics
text = open(sys.argv[1], encoding="utf-8", newline="").read()
one = []
for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
    assert not event.errors, event.errors
    alarms = sorted(int(-alarm["TRIGGER"].dt.total_seconds()) for alarm in event.walk("VALARM"))
    one.append([str(event["UID"]), event["DTSTART"].dt.isoformat(), str(event["SUMMARY"]), alarms,
                int(event["SEQUENCE"]), event["LAST-MODIFIED"].dt.isoformat(), event["DTSTAMP"].dt.isoformat()])
other = []
for event in ics.Calendar(text).events:
    alarms = sorted(int(-alarm.trigger.total_seconds()) for alarm in event.alarms)
    other.append([event.uid, event.begin.isoformat(), event.name, alarms])
print(json.dumps({"icalendar": sorted(one), "ics": sorted(other)}))
"#;

fn read(text: &str) -> Value {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let python = top.join(".venv-calendar/bin/python");
    assert!(python.exists(), "two readers of calendars are missing: run scripts/need.sh test");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("clocks.ics");
    #[allow(clippy::disallowed_methods, reason = "a file for the readers, gone after the test")]
    std::fs::write(&file, text).unwrap();
    let done = Process::new(python).args(["-c", READ]).arg(&file).output().unwrap();
    assert!(done.status.success(), "{}\n{text}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

fn feed(house: &House, now: Timestamp) -> String {
    house.with(|vault| {
        let (agendas, settings) = (vault.agendas().unwrap(), Settings::read(vault).unwrap());
        calendar::feed(&agendas, &settings, &Words::chinese(), now)
    })
}

fn begin() -> Timestamp {
    wall("2026-11-24T09:00")
}

fn house() -> House {
    let house = House::new(begin());
    house.set(begin(), Settings::renew_calendar);
    house.order("dk01", begin());
    house.notice("dk01", begin() + minutes(1));
    house
}

#[test]
fn two_readers_see_what_was_meant() {
    let house = house();
    let read = read(&feed(&house, begin() + minutes(2)));
    let short = |reader: &str| -> Vec<(String, String, Value)> {
        let all = read[reader].as_array().unwrap().iter();
        let mut all: Vec<_> = all
            .map(|one| {
                let text = |at: usize| one[at].as_str().unwrap().to_owned();
                (text(1), text(2), one[3].clone())
            })
            .collect();
        all.sort_by_key(|one| (one.0.clone(), one.1.clone()));
        all
    };
    let wanted = [
        ("2026-11-24T03:00:00+00:00", "dk01 核验收到的内容 到期", serde_json::json!([0, 900, 3600, 7200])),
        ("2026-11-24T05:01:00+00:00", "dk01 等商家答复 应有结果", serde_json::json!([0])),
        ("2026-11-25T01:00:00+00:00", "dk01 归档四固定 到期", serde_json::json!([0, 1800, 7200, 43200])),
        ("2026-11-25T01:01:00+00:00", "dk01 商家补发或退款 应有结果", serde_json::json!([0])),
    ];
    for reader in ["icalendar", "ics"] {
        let found = short(reader);
        let first: Vec<_> =
            found.iter().take(4).map(|one| (one.0.as_str(), one.1.as_str(), one.2.clone())).collect();
        assert_eq!(first, wanted, "{reader}");
        assert_eq!(found.len(), 5, "and the limitation, in three years: {found:?}");
    }
    for one in read["icalendar"].as_array().unwrap() {
        assert_eq!(
            (&one[4], &one[5]),
            (&serde_json::json!(0), &one[6]),
            "an event never changes, it is another"
        );
    }
}

#[test]
fn the_same_clocks_give_the_same_bytes() {
    let house = house();
    let first = feed(&house, begin() + minutes(2));
    assert_eq!(feed(&house, begin() + minutes(90)), first, "the instant of looking is not in it");
    assert_eq!(calendar::etag(&first), calendar::etag(&first.clone()));
    for line in first.split("\r\n") {
        assert!(line.len() <= 75, "{line}");
        assert!(!line.contains('\n'));
    }
    assert!(!first.contains("RRULE") && !first.contains("VTIMEZONE") && !first.contains("TZID"));
    // A clock that is over is gone, and one that moved is another event.
    let later = feed(&house, begin() + hours(3));
    assert!(!later.contains("20261124T030000Z") && later.contains("20261125T010000Z"));
    let uids = |text: &str| -> Vec<String> {
        let text = text.replace("\r\n ", "");
        let all = text.split("\r\n").filter(|line| line.starts_with("UID:") && !line.contains('-'));
        all.map(str::to_owned).collect()
    };
    let (one, other) = (uids(&first), uids(&later));
    assert!(other.iter().all(|uid| one.contains(uid)) && other.len() < one.len(), "{one:?} {other:?}");
    // Another secret gives other names: who has the old address learns nothing from them.
    house.set(begin() + minutes(3), Settings::renew_calendar);
    let renewed = uids(&feed(&house, begin() + minutes(4)));
    assert!(renewed.iter().all(|uid| !one.contains(uid)));
}

#[test]
fn an_empty_calendar_is_one() {
    let house = House::new(begin());
    let text = feed(&house, begin());
    assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    let all = read(&text);
    assert_eq!(all["icalendar"], all["ics"]);
}
