//! The archive clock: what starts it, when it ends, and by how much a fixation is late (S21).

use sigu_case::{ArchiveClock, Completeness, Lateness, Need, OrderFacts, Slot};

use crate::made::{fixed, label, opened, order_a, recorded, replay, state_of, time};

fn clock(paid: Option<&str>, delivered: Option<&str>) -> ArchiveClock {
    let facts =
        OrderFacts { paid_at: paid.map(time), delivered_at: delivered.map(time), ..OrderFacts::default() };
    ArchiveClock::of(order_a(&state_of([opened("A", facts)])))
}

/// Expects the clock to start at the second instant and to end at the third.
fn check(paid: Option<&str>, delivered: Option<&str>, started: &str, due: &str) {
    let expected = ArchiveClock::Running {
        started_at: time(started),
        from_delivery: delivered.is_some(),
        due_at: time(due),
    };
    assert_eq!(clock(paid, delivered), expected, "paid {paid:?}, delivered {delivered:?}");
}

#[test]
fn delivery_starts_the_clock_and_else_payment() {
    // C01: paid, the delivery is a placeholder.
    let (paid, due) = ("2026-09-18T20:32:10+08:00", "2026-09-19T20:32:10+08:00");
    check(Some(paid), None, paid, due);
    // C02: delivered a second after it was paid.
    let (paid, delivered) = ("2026-09-20T13:02:40+08:00", "2026-09-20T13:02:41+08:00");
    check(Some(paid), Some(delivered), delivered, "2026-09-21T13:02:41+08:00");
    // C03: the payment time is not on the page.
    let delivered = "2026-09-21T14:30:15+08:00";
    check(None, Some(delivered), delivered, "2026-09-22T14:30:15+08:00");
    // Hours run through midnight and the end of the year.
    check(Some("2026-12-31T23:59:59+08:00"), None, "2026-12-31T15:59:59Z", "2027-01-01T15:59:59Z");
}

#[test]
fn without_a_time_there_is_no_window() {
    assert_eq!(clock(None, None), ArchiveClock::Unknown);
    assert_eq!(ArchiveClock::Unknown.judge(time("2026-09-20T00:00:00Z")), Lateness::Unknown);
}

#[test]
fn a_window_past_the_end_of_time_ends_there() {
    let last = jiff::Timestamp::MAX;
    let facts = OrderFacts { paid_at: Some(last), ..OrderFacts::default() };
    let clock = ArchiveClock::of(order_a(&state_of([opened("A", facts)])));
    assert_eq!(clock.judge(last), Lateness::InTime);
}

#[test]
fn the_due_instant_is_in_time_and_each_second_after_counts() {
    let clock = clock(Some("2026-09-18T20:32:10+08:00"), None);
    let check = |fixed_at: &str, expected| assert_eq!(clock.judge(time(fixed_at)), expected, "{fixed_at}");
    let late = |late_by_s| Lateness::Late { late_by_s };
    check("2026-09-18T20:32:10+08:00", Lateness::InTime);
    check("2026-09-19T20:32:09.999+08:00", Lateness::InTime);
    check("2026-09-19T20:32:10+08:00", Lateness::InTime);
    check("2026-09-19T12:32:10Z", Lateness::InTime);
    check("2026-09-19T20:32:11+08:00", late(1));
    check("2026-09-19T20:33:10+08:00", late(60));
    check("2026-09-20T20:32:10+08:00", late(86_400));
    // What was fixed before the trade was complete is not late.
    check("2026-09-01T00:00:00Z", Lateness::InTime);
}

/// How late the order page of an order paid at 12:00 on the 18th is, when fixed at these instants.
fn page_late_by(fixed_at: &[&str]) -> Option<i64> {
    let facts = OrderFacts { paid_at: Some(time("2026-09-18T12:00:00Z")), ..OrderFacts::default() };
    let pages = fixed_at.iter().map(|_| fixed("A", Slot::Transaction));
    let mut log = recorded([opened("A", facts)].into_iter().chain(pages), time("2026-09-18T12:00:00Z"));
    for (one, at) in log.iter_mut().skip(1).zip(fixed_at) {
        one.at = time(at);
    }
    let state = replay(&log);
    let completeness = Completeness::of(state.order(&label("A")).unwrap());
    let needs = completeness.fixations.iter().flat_map(|fixation| &fixation.needs);
    needs.clone().find(|state| state.need == Need::OrderPage).unwrap().late_by_s()
}

#[test]
fn a_need_is_as_late_as_its_earliest_item() {
    let check = |fixed_at: &[&str], expected| assert_eq!(page_late_by(fixed_at), expected, "{fixed_at:?}");
    let (in_time, minute, hour) = ("2026-09-19T12:00:00Z", "2026-09-19T12:01:00Z", "2026-09-19T13:00:00Z");
    check(&[], None);
    check(&[in_time], None);
    check(&[hour], Some(3600));
    check(&[minute, hour], Some(60));
    check(&[hour, minute], Some(60));
    check(&[hour, in_time], None);
}
