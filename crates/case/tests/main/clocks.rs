//! Clocks: what the five cases and the tables of the requirements say is due, and that only events move them.

use jiff::Timestamp;
use sigu_case::clock::{
    Brief, Clock, ClockKind, ClockSource, ClockState, Due, RefusedBy, clocks, earliest_own, foreseen,
    refused, standing,
};
use sigu_case::parameters::Parameters;
use sigu_case::{House, Order, State, View};

use crate::history::case;
use crate::made::time;

/// A wall time of Asia/Shanghai.
fn wall(text: &str) -> Timestamp {
    time(&format!("{text}+08:00"))
}

fn house() -> House {
    House::of(&State::default())
}

fn clocks_at(order: &Order, at: Timestamp) -> Vec<Clock> {
    let house = house();
    clocks(&View::new(order, &house, at))
}

/// The instant the one clock of a kind is due.
fn due(clocks: &[Clock], kind: ClockKind) -> Option<Timestamp> {
    let found: Vec<_> = clocks.iter().filter(|clock| clock.kind == kind).collect();
    assert!(found.len() <= 1, "{found:#?}");
    found.first().and_then(|clock| clock.due.instant())
}

/// A case, when one looks, and what is due then.
type DueRow = (&'static str, &'static str, &'static [(ClockKind, Option<&'static str>)]);

#[test]
#[expect(clippy::too_many_lines, reason = "a table: one row for each case")]
fn the_five_cases_are_due_when_they_say() {
    use ClockKind::{
        AppealPlatform, AppealSeed, Archive, CoverageClaim, PlatformDecision, Remedy, Reply, VerifyPlan,
        VerifyRule,
    };
    let table: &[DueRow] = &[
        (
            "C01",
            "2026-09-21T00:00:00",
            &[
                (Archive, Some("2026-09-19T20:32:10")),
                (Reply, Some("2026-09-19T00:50:00")),
                (Remedy, Some("2026-09-19T20:50:00")),
                (AppealSeed, Some("2026-09-21T00:50:00")),
                (VerifyPlan, None),
            ],
        ),
        (
            "C02",
            "2026-11-01T00:00:00",
            &[
                (Archive, Some("2026-09-21T13:02:41")),
                (VerifyPlan, Some("2026-09-20T15:02:41")),
                (VerifyRule, Some("2026-09-20T15:20:05")),
                (Reply, Some("2026-10-01T13:30:00")),
                (Remedy, Some("2026-10-02T09:30:00")),
                (AppealSeed, Some("2026-10-03T11:00:00")),
                (AppealPlatform, None),
            ],
        ),
        (
            "C03",
            "2026-09-25T00:00:00",
            &[
                (Archive, Some("2026-09-22T14:30:15")),
                (Reply, Some("2026-09-21T18:50:00")),
                (Remedy, Some("2026-09-22T14:50:00")),
                (AppealSeed, Some("2026-09-23T18:20:00")),
                (AppealPlatform, Some("2026-09-21T23:59:59")),
                (PlatformDecision, Some("2026-09-22T19:05:00")),
            ],
        ),
        (
            "C04",
            "2026-09-13T00:00:00",
            &[
                (Archive, Some("2026-09-12T12:21:08")),
                (Reply, Some("2026-09-11T14:45:00")),
                (AppealSeed, Some("2026-09-13T12:30:00")),
            ],
        ),
        (
            "C05",
            "2026-08-22T00:00:00",
            &[
                (Archive, Some("2026-08-04T22:20:00")),
                (Reply, Some("2026-08-15T12:30:00")),
                (AppealSeed, Some("2026-08-17T12:30:00")),
                (CoverageClaim, Some("2026-08-18T08:02:00")),
            ],
        ),
    ];
    for (id, at, wanted) in table {
        let found = clocks_at(&case(id), wall(at));
        for (kind, instant) in *wanted {
            assert_eq!(due(&found, *kind), instant.map(wall), "{id} {kind}\n{found:#?}");
        }
    }
}

#[test]
fn the_twelve_three_fifteen_counts_working_days_and_both_readings_of_a_weekend() {
    let found = clocks_at(&case("C02"), wall("2026-10-15T00:00:00"));
    let of = |kind| found.iter().find(|clock| clock.kind == kind).unwrap();
    let day = |text: &str| text.parse().unwrap();
    let acceptance = Due::Day { planning: day("2026-10-16"), legal: day("2026-10-16") };
    assert_eq!(of(ClockKind::Acceptance12315).due, acceptance);
    assert!(matches!(of(ClockKind::Acceptance12315).state, ClockState::Met { .. }));
    let mediation = Due::Day { planning: day("2026-12-13"), legal: day("2026-12-14") };
    assert_eq!(of(ClockKind::Mediation12315).due, mediation);
    assert_eq!(of(ClockKind::Mediation12315).source, ClockSource::Statute { id: "L-CRM-23".into() });
}

#[test]
fn the_shortest_window_decides_and_the_loser_stays_visible() {
    let found = clocks_at(&case("C03"), wall("2026-09-21T18:30:00"));
    let of = |kind| found.iter().find(|clock| clock.kind == kind).unwrap();
    assert_eq!(of(ClockKind::AppealPlatform).decided_by, None);
    assert_eq!(of(ClockKind::AppealSeed).decided_by, Some(ClockKind::AppealPlatform));
    assert_eq!(earliest_own(&found).unwrap().kind, ClockKind::AppealPlatform);
    assert!(!of(ClockKind::AppealPlatform).spent);
    let later = clocks_at(&case("C03"), wall("2026-09-21T19:05:00"));
    let platform = later.iter().find(|clock| clock.kind == ClockKind::AppealPlatform).unwrap();
    assert!(platform.spent && matches!(platform.state, ClockState::Met { .. }));
}

#[test]
fn the_earliest_open_deadline_of_the_account_is_the_appeal() {
    let found = clocks_at(&case("C05"), wall("2026-08-15T13:00:00"));
    assert_eq!(earliest_own(&found).unwrap().kind, ClockKind::AppealSeed);
}

#[test]
fn silence_refuses_at_the_time_set_and_not_before() {
    let house = house();
    let c01 = case("C01");
    let at = |text: &str| refused(&View::new(&c01, &house, wall(text)));
    assert_eq!(at("2026-09-19T00:49:59"), None);
    let found = at("2026-09-19T00:50:00").unwrap();
    assert_eq!((found.at, found.by), (wall("2026-09-19T00:50:00"), RefusedBy::Silence));
    let c03 = case("C03");
    let spoken = refused(&View::new(&c03, &house, wall("2026-09-21T20:00:00"))).unwrap();
    assert_eq!((spoken.at, spoken.by), (wall("2026-09-21T18:20:00"), RefusedBy::Words));
}

#[test]
fn every_due_time_made_of_a_number_follows_it() {
    let c02 = case("C02");
    let at = wall("2026-10-03T00:00:00");
    for (name, kind) in [
        ("archive", ClockKind::Archive),
        ("verify", ClockKind::VerifyPlan),
        ("verify", ClockKind::VerifyRule),
        ("remedy", ClockKind::Remedy),
        ("appeal", ClockKind::AppealSeed),
    ] {
        let value = Parameters::defaults().rows().iter().find(|row| row.name == name).unwrap().value;
        let moved = house().with_parameters(Parameters::defaults().clone().with(name, value + 1));
        let before = due(&clocks_at(&c02, at), kind).unwrap();
        let after = due(&clocks(&View::new(&c02, &moved, at)), kind).unwrap();
        assert_eq!(after.duration_since(before).as_hours(), 1, "{name}");
    }
}

#[test]
fn no_clock_moves_by_looking_later() {
    for id in ["C01", "C02", "C03", "C04", "C05"] {
        let order = case(id);
        let now = clocks_at(&order, wall("2026-11-01T00:00:00"));
        let later = clocks_at(&order, wall("2027-11-01T00:00:00"));
        let still = |clocks: &[Clock]| -> Vec<_> {
            clocks.iter().map(|clock| (clock.kind, clock.started_at, clock.started_by, clock.due)).collect()
        };
        assert_eq!(still(&now), still(&later), "{id}");
    }
}

#[test]
fn what_is_foreseen_stands_as_what_is_seen() {
    let house = house();
    for id in ["C01", "C02", "C03", "C04", "C05"] {
        let order = case(id);
        let ahead = foreseen(&order, &house);
        let stored: Vec<Clock> = serde_json::from_str(&serde_json::to_string(&ahead).unwrap()).unwrap();
        assert_eq!(stored, ahead);
        for at in ["2026-10-21T00:00:00", "2026-11-22T00:00:00", "2027-03-01T00:00:00", "2031-01-01T00:00:00"]
        {
            assert_eq!(standing(&ahead, wall(at)), clocks_at(&order, wall(at)), "{id} {at}");
            assert_eq!(briefly(&ahead, wall(at)), running(&clocks_at(&order, wall(at))), "{id} {at}");
        }
    }
    // A silence still to come starts nothing yet.
    let asked = asked();
    let ahead = foreseen(&asked, &house);
    for at in ["2026-09-18T20:51:00", "2026-09-19T00:49:59", "2026-09-19T00:50:00", "2026-09-21T00:50:01"] {
        assert_eq!(standing(&ahead, wall(at)), clocks_at(&asked, wall(at)), "{at}");
        assert_eq!(briefly(&ahead, wall(at)), running(&clocks_at(&asked, wall(at))), "{at}");
    }
}

/// The first case as it stood when only the notice had been sent.
fn asked() -> Order {
    case("C01").as_of(wall("2026-09-18T20:51:00"))
}

/// What a list would show of kept clocks.
fn briefly(ahead: &[Clock], at: Timestamp) -> Vec<(ClockKind, Option<Timestamp>)> {
    let kept = Brief::decode(&Brief::encode(&Brief::of(ahead))).unwrap();
    Brief::running(&kept, at).into_iter().map(|brief| (brief.kind, brief.due_at)).collect()
}

fn running(clocks: &[Clock]) -> Vec<(ClockKind, Option<Timestamp>)> {
    clocks.iter().filter(|clock| clock.is_open()).map(|clock| (clock.kind, clock.due.instant())).collect()
}

#[test]
fn bytes_that_are_no_clocks_are_none() {
    assert_eq!(Brief::decode(&[]), Some(Vec::new()));
    assert_eq!(Brief::decode(&[0; 16]), None);
    assert_eq!(Brief::decode(&[255; 17]), None);
}

#[test]
fn promises_and_remedies_run_out_and_are_met() {
    use crate::made::{facts, item, label, opened, order_a, said, state_of};
    use sigu_case::Event;
    use sigu_case::report::{
        ObservationMade, Observed, Place, PromiseJudged, PromiseKind, PromiseMade, PromisePlace, Sense,
    };
    let at = time("2026-09-20T05:30:00Z");
    let promise = PromiseMade {
        at,
        order: label("A"),
        kind: PromiseKind::Reissue,
        place: PromisePlace::Dialogue,
        text: "明天补发".into(),
        due_at: Some(time("2026-09-21T05:30:00Z")),
        proof: None,
    };
    let Event::MessageRecorded { order, said_at, channel, text, .. } = said("A") else { panic!() };
    let detail = sigu_case::MessageDetail { sense: Some(Sense::Notice), ..Default::default() };
    let notice = Event::MessageRecorded {
        order,
        said_at,
        direction: sigu_case::Direction::Out,
        channel,
        text,
        detail,
    };
    let base = vec![opened("A", facts()), Event::Reported(promise.into()), notice];
    let state_at = |more: Vec<Event>, kind: ClockKind, when: &str| {
        let order = order_a(&state_of([base.clone(), more].concat())).clone();
        let found = clocks_at(&order, time(when));
        found.into_iter().find(|clock| clock.kind == kind).unwrap().state
    };
    let later = "2026-09-22T05:30:00Z";
    assert_eq!(state_at(vec![], ClockKind::Promise, "2026-09-20T06:00:00Z"), ClockState::Open);
    assert_eq!(state_at(vec![], ClockKind::Promise, later), ClockState::Overdue);
    assert_eq!(state_at(vec![], ClockKind::Remedy, "2026-09-20T06:00:00Z"), ClockState::Open);
    assert_eq!(state_at(vec![], ClockKind::Remedy, later), ClockState::Overdue);
    let kept =
        PromiseJudged { at: time("2026-09-20T08:00:00Z"), order: label("A"), promise: item(1), kept: true };
    let kept = vec![Event::Reported(kept.into())];
    assert_eq!(
        state_at(kept, ClockKind::Promise, later),
        ClockState::Met { at: time("2026-09-20T08:00:00Z") }
    );
    let works = ObservationMade {
        at: time("2026-09-21T08:00:00Z"),
        order: label("A"),
        state: Observed::Ok,
        place: Place::Issuer,
        text: None,
        since: None,
        count: None,
        proof: None,
    };
    let works = vec![Event::Reported(works.into())];
    assert_eq!(
        state_at(works, ClockKind::Remedy, later),
        ClockState::MetLate { at: time("2026-09-21T08:00:00Z") }
    );
}
