//! All engines together: ten thousand messages, pasted out of order, and every case at every stage.

use sigu_case::advice::Advice;
use sigu_case::history::History;
use sigu_case::{House, State, View, decide};

use crate::history::{case, told};
use crate::made::{label, time};

/// A dialogue of that many lines, latest first, a quarter of them notices.
fn long_talk(lines: u32) -> String {
    let line = |number: u32| {
        let (day, minute) = (1 + number / 1440, number % 1440);
        let at = format!("2026-09-{day:02}T{:02}:{:02}:00", minute / 60, minute % 60);
        let (dir, text) = match number % 4 {
            0 => ("out", "依据规则第三条，请于4小时内补发或退款"),
            1 => ("in", "卡没问题，不退"),
            _ => ("in", "您好"),
        };
        format!("  - {{at: {at}, dir: {dir}, ch: platform, text: \"{text}\"}}\n")
    };
    let talk: String = (0..lines).rev().map(line).collect();
    format!("id: T\nshop: {{system: QS}}\norder: {{paid: 2026-09-01T00:00:00, amount: 30.00}}\nchat:\n{talk}")
}

#[test]
fn ten_thousand_messages_out_of_order_are_read_in_order() {
    let state = told(&long_talk(10_000));
    let order = state.order(&label("T")).unwrap();
    let house = House::of(&State::default());
    let advice = Advice::of(&View::new(order, &house, time("2026-10-01T00:00:00Z")), &[]);
    let said: Vec<_> = advice.timeline.iter().filter(|row| row.item.is_some()).map(|row| row.at).collect();
    assert!(said.len() >= 10_000 && said.is_sorted());
    let replies = advice.clocks.iter().filter(|clock| clock.kind == sigu_case::clock::ClockKind::Reply);
    assert_eq!(replies.count(), 2_500);
}

#[test]
fn every_case_can_be_asked_at_every_hour_of_its_life() {
    let house = House::of(&State::default());
    for id in ["C01", "C02", "C03", "C04", "C05"] {
        let order = case(id);
        let start = order.facts.times().into_iter().filter_map(|(_, at)| at).min().unwrap();
        for hours in [-48, -1, 0, 1, 3, 6, 12, 24, 48, 100, 300, 1_000, 9_000] {
            let at = start.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap();
            let advice = Advice::of(&View::new(&order, &house, at), &[]);
            let json = serde_json::to_string(&advice).unwrap();
            assert!(!json.contains("90XA") && !json.contains("0W4H"), "{id} {hours}");
        }
    }
}

#[test]
fn an_unknown_platform_and_half_an_order_are_no_error() {
    let history =
        History::parse("id: U\nshop: {system: NoSuchShop}\n", time("2026-11-22T08:00:00Z")).unwrap();
    let mut state = State::default();
    for (seq, command) in history.commands(crate::made::item(1), Vec::new()).into_iter().enumerate() {
        let at = time("2026-11-22T08:00:00Z");
        for event in decide(&state, &command, at).unwrap() {
            state.apply(sigu_case::Recorded { item: crate::made::item(seq as u64 + 1), at, event });
        }
    }
    let house = House::of(&state);
    let order = state.order(&label("U")).unwrap();
    let advice = Advice::of(&View::new(order, &house, time("2026-11-22T09:00:00Z")), &[]);
    assert_eq!(advice.profile, "generic-t6");
    assert_eq!(advice.next.code, sigu_case::next::StepCode::FillFacts);
}
