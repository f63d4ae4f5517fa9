//! Plans the reminders of a hundred thousand clocks and prints what it took, as `bench/REMIND.md` has it.
#![allow(clippy::disallowed_methods, reason = "it is what is measured")]

use std::collections::BTreeMap;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use sigu_case::OrderId;
use sigu_case::clock::{Brief, ClockKind};
use sigu_case::remind::{Quiet, Rules, Wishes, plan};

const ORDERS: i64 = 20_000;
const RUNS: usize = 5;

/// The clocks of a dispute at its first hour, one order a minute.
fn order(number: i64) -> (OrderId, Vec<Brief>) {
    use ClockKind::{AppealPlatform, AppealSeed, Archive, Limitation, Reply};
    let begin: Timestamp = "2026-11-24T10:00:00+08:00".parse().expect("a time");
    let started_at = begin + SignedDuration::from_mins(number);
    let brief = |(kind, hours)| Brief {
        kind,
        started_at,
        due_at: Some(started_at + SignedDuration::from_hours(hours)),
    };
    let clocks =
        [(Archive, 24), (Reply, 4), (AppealSeed, 48), (AppealPlatform, 72), (Limitation, 26_280)].map(brief);
    (format!("o{number}").parse().expect("a label"), clocks.to_vec())
}

fn main() {
    let orders: Vec<_> = (0..ORDERS).map(order).collect();
    let snoozed = BTreeMap::new();
    let rules = Rules::defaults();
    let wishes = || Wishes { rules, quiet: Some(Quiet::default()), urgent_in_quiet: true, snoozed: &snoozed };
    let once = || {
        let begun = Instant::now();
        let agendas = orders.iter().map(|(order, clocks)| (order, clocks.as_slice()));
        let planned = plan(agendas, wishes(), Timestamp::MIN, Timestamp::MAX).len();
        (begun.elapsed().as_secs_f64() * 1_000.0, planned)
    };
    let mut took: Vec<_> = (0..RUNS).map(|_| once()).collect();
    took.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (ms, planned) = took[RUNS / 2];
    println!(
        "| planning the reminders of 100000 clocks in {ORDERS} orders, {planned} reminders | {ms:.0} ms | 1000 ms |"
    );
}
