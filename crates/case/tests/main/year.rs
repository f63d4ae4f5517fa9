//! A year: what is counted in which month, at the edges too, and what nothing is said of.

use sigu_case::dossier::Known;
use sigu_case::report::{Destination, RefundProof, RefundSeen, RefundState};
use sigu_case::year::{Year, year};
use sigu_case::{Event, House, OrderFacts, State};

use crate::dossier::{problem, say, state};
use crate::history::{CASES, told};
use crate::made::{label, opened, time};

fn of(state: &State, which: i16) -> Option<Year> {
    year(&House::of(state), state.orders(), time("2027-02-01T00:00:00Z"), which)
}

fn bought(id: &str, at: &str, fen: Option<i64>) -> Event {
    let facts = OrderFacts {
        merchant: Some("流萤卡铺".into()),
        paid_at: Some(time(at)),
        amount_fen: fen,
        ..OrderFacts::default()
    };
    opened(id, facts)
}

#[test]
fn the_five_cases_are_one_year() {
    let found = of(&told(CASES), 2026).unwrap();
    assert_eq!((found.orders.len(), found.disputed.len()), (5, 5));
    let paid: Vec<i64> = found.months.iter().map(|month| month.paid_fen).collect();
    assert_eq!(paid, [0, 0, 0, 0, 0, 0, 0, 186_000, 26_300, 0, 0, 0]);
    let disputes: Vec<u32> = found.months.iter().map(|month| month.disputes).collect();
    assert_eq!(disputes, [0, 0, 0, 0, 0, 0, 0, 1, 3, 1, 0, 0], "the code of September expired in October");
    assert_eq!(found.months.iter().map(|month| month.refunded_fen).sum::<i64>(), 3_000);
    assert_eq!((found.endings.resolved, found.endings.unproved, found.endings.partly), (2, 2, 1));
    assert_eq!(found.scenarios.iter().map(|(_, count)| count).sum::<u32>(), 5);
    assert!(found.scenarios.iter().all(|(scenario, _)| scenario.is_some()), "{:?}", found.scenarios);
    // 90, 105 and 210 minutes; two were never answered.
    assert_eq!((found.replies.median_s, found.replies.unanswered), (Known::Known(105 * 60), 2));
    assert_eq!((found.shortfalls.to_balance_fen, found.shortfalls.repeated.len()), (1_200, 0));
    assert_eq!(of(&told(CASES), 2025), None);
}

#[test]
fn a_year_is_one_of_china_and_money_counts_where_it_moved() {
    let refund = say(RefundSeen {
        at: time("2026-12-31T16:00:00Z"),
        order: label("B"),
        amount_fen: Some(700),
        state: RefundState::Received,
        destination: Destination::Original,
        shown_by: RefundProof::PaymentSide,
        body: None,
        proof: None,
    });
    let state = state(vec![
        bought("A", "2025-12-31T15:59:59Z", Some(100)),
        bought("B", "2025-12-31T16:00:00Z", Some(700)),
        bought("C", "2026-12-31T15:59:59Z", None),
        problem("A"),
        problem("B"),
        refund,
    ]);
    let found = of(&state, 2026).unwrap();
    let ids: Vec<&str> = found.orders.iter().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["B", "C"]);
    assert_eq!((found.months[0].orders, found.months[0].paid_fen, found.months[11].orders), (1, 700, 1));
    // The dispute over a purchase of last year is this year's.
    assert_eq!((found.disputed.len(), found.months[8].disputed_fen), (2, 800));
    assert_eq!((found.shortfalls.without_amount, found.shortfalls.without_notice), (1, 2));
    assert_eq!(found.shortfalls.repeated, [("流萤卡铺".to_owned(), 2)]);
    let next = of(&state, 2027).unwrap();
    assert_eq!((next.orders.len(), next.months[0].refunded_fen), (0, 700));
    assert_eq!(of(&state, 2024), None);
}
