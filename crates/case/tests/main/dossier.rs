//! Dossiers: rates with their intervals, medians, joined names, and the five cases as five merchants.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use sigu_case::clock::foreseen;
use sigu_case::dossier::{
    BasisPoints, Dossier, Figures, IdentityGap, Interval, Known, OfOrder, Rate, dossier, dossiers,
    dossiers_of, next_turn,
};
use sigu_case::report::{
    Destination, MerchantNoted, ObservationMade, Observed, OrderClosed, Outcome, Place, ProblemFound,
    PromiseJudged, PromiseKind, PromiseMade, PromisePlace, RefundProof, RefundSeen, RefundState, Report,
    Sense,
};
use sigu_case::strategy::{review, review_of};
use sigu_case::{Channel, Coded, Direction, Event, House, MessageDetail, Order, OrderFacts, State, View};

use crate::history::{CASES, told};
use crate::made::{facts, item, label, opened, recorded, replay, time};

const LATER: &str = "2026-11-22T08:00:00Z";

/// Replays events and returns the state.
pub(crate) fn state(events: Vec<Event>) -> State {
    replay(&recorded(events, time(LATER)))
}

pub(crate) fn all(state: &State) -> Vec<Dossier> {
    assert_figures(state);
    dossiers(&House::of(state), state.orders(), time(LATER))
}

/// An order of a merchant, bought on a day of September.
pub(crate) fn bought(id: &str, merchant: &str) -> Event {
    opened(id, OrderFacts { merchant: Some(merchant.into()), ..facts() })
}

pub(crate) fn say(report: impl Into<Report>) -> Event {
    Event::Reported(report.into())
}

pub(crate) fn problem(id: &str) -> Event {
    let at = time("2026-09-21T00:00:00Z");
    say(ProblemFound { at, order: label(id), scenario: None, fraud: None, resale: None, note: None })
}

pub(crate) fn closed(id: &str, outcome: Outcome) -> Event {
    say(OrderClosed { at: time("2026-10-01T00:00:00Z"), order: label(id), outcome, note: None })
}

fn refund(id: &str, fen: i64, destination: Destination, shown_by: RefundProof) -> Event {
    say(RefundSeen {
        at: time("2026-09-25T00:00:00Z"),
        order: label(id),
        amount_fen: Some(fen),
        state: RefundState::Received,
        destination,
        shown_by,
        body: None,
        proof: None,
    })
}

pub(crate) fn noted(merchant: &str, at: &str) -> MerchantNoted {
    MerchantNoted {
        at: time(at),
        merchant: merchant.into(),
        deposit_fen: None,
        shown_rate_bp: None,
        escrow: None,
        coverage: None,
        note: None,
        proof: None,
    }
}

fn message(id: &str, direction: Direction, at: &str, sense: Sense) -> Event {
    Event::MessageRecorded {
        order: label(id),
        said_at: time(at),
        direction,
        channel: Channel::Platform,
        text: Some("请处理".into()),
        detail: MessageDetail { sense: Some(sense), ..MessageDetail::default() },
    }
}

fn interval(low_bp: BasisPoints, high_bp: BasisPoints) -> Known<Interval> {
    Known::Known(Interval { low_bp, high_bp })
}

#[test]
fn rates_have_the_intervals_of_wilson_rounded_outwards() {
    let none = Rate::new(0, 0);
    assert_eq!((none.share_bp, none.interval, none.is_below(500)), (Known::Unknown, Known::Unknown, None));
    // Computed with z = 1.959964 in floating point: 2775.33; 88.81, 2361.31; 215.44, 1117.50; and so on.
    for (hits, of, share, low, high, below) in [
        (0, 10, 0, 0, 2776, true),
        (1, 20, 500, 88, 2362, false),
        (5, 100, 500, 215, 1118, false),
        (4, 100, 400, 156, 984, true),
        (1, 1, 10_000, 2065, 10_000, false),
        (10, 10, 10_000, 7224, 10_000, false),
        (2, 9, 2222, 632, 5475, false),
        (49, 1000, 490, 372, 642, true),
        (50, 1000, 500, 381, 654, false),
    ] {
        let rate = Rate::new(hits, of);
        assert_eq!(rate.share_bp, Known::Known(share), "{hits}/{of}");
        assert_eq!(rate.interval, interval(low, high), "{hits}/{of}");
        assert_eq!(rate.is_below(500), Some(below), "{hits}/{of}");
    }
    // Not rounded: 4.9999 % is below five, 5.0001 % is not.
    assert_eq!(Rate::new(49_999, 1_000_000).is_below(500), Some(true));
    assert_eq!(Rate::new(50_001, 1_000_000).is_below(500), Some(false));
    assert_eq!(Rate::new(3, 2), Rate::new(2, 2));
}

#[test]
fn spellings_of_one_merchant_are_one_dossier() {
    let names = |spellings: &[&str]| -> Vec<Vec<String>> {
        let ids: Vec<String> = (0..spellings.len()).map(|n| format!("N{n}")).collect();
        let events = ids.iter().zip(spellings).map(|(id, name)| bought(id, name)).collect();
        let mut found: Vec<_> = all(&state(events)).into_iter().map(|one| one.names).collect();
        found.sort();
        found
    };
    assert_eq!(
        names(&["橙壳数字工作室", "云州市青石区橙壳数字工作室(个体工商户)", "橙壳数字工作室"]),
        [["橙壳数字工作室", "云州市青石区橙壳数字工作室(个体工商户)"]]
    );
    assert_eq!(names(&["流萤卡铺", "晨星卡盟"]).len(), 2);
    // A masked name joins the one it fits, whatever came first.
    assert_eq!(names(&["*壳数卡", "橙壳数卡"]), [["橙壳数卡", "*壳数卡"]]);
    // One that is nothing but a mark still is itself.
    assert_eq!(names(&["!!!", "!!!"]).len(), 1);
}

#[test]
fn a_masked_name_that_fits_two_is_joined_with_neither() {
    let state =
        state(vec![bought("A", "橙壳数卡"), bought("B", "青壳数卡"), bought("C", "*壳数卡"), problem("C")]);
    let all = all(&state);
    assert_eq!(all.len(), 3);
    let masked = all.iter().find(|one| one.name == "*壳数卡").unwrap();
    assert_eq!(masked.could_be, ["橙壳数卡", "青壳数卡"]);
    let house = House::of(&state);
    let find = |name: &str| dossier(&house, state.orders(), time(LATER), name).map(|one| one.name);
    assert_eq!(find("橙壳数卡").as_deref(), Some("橙壳数卡"));
    assert_eq!(find("*壳数卡").as_deref(), Some("*壳数卡"));
    assert_eq!(find("?壳"), None);
    let disputed = |name: &str| all.iter().find(|one| one.name == name).unwrap().disputed.len();
    assert_eq!((disputed("橙壳数卡"), disputed("青壳数卡"), disputed("*壳数卡")), (0, 0, 1));
}

#[test]
fn the_median_of_first_replies_leaves_out_who_did_not_answer() {
    type Row<'a> = (&'a [Option<&'a str>], Known<i64>, u32);
    let table: &[Row<'_>] = &[
        (&[], Known::Unknown, 0),
        (&[Some("01:00:00")], Known::Known(3600), 0),
        (&[Some("01:00:00"), Some("00:10:00"), Some("03:00:00")], Known::Known(3600), 0),
        (&[Some("01:00:00"), Some("00:10:01")], Known::Known(2100), 0),
        (&[Some("01:00:00"), None], Known::Known(3600), 1),
        (&[None], Known::Unknown, 1),
    ];
    for (answers, median_s, unanswered) in table {
        let mut events = Vec::new();
        for (n, answer) in answers.iter().enumerate() {
            let id = format!("A{n}");
            events.push(bought(&id, "流萤卡铺"));
            events.push(message(&id, Direction::Out, "2026-09-21T00:00:00Z", Sense::Notice));
            // An invitation elsewhere is no answer, and a second notice asks nothing new.
            events.push(message(&id, Direction::In, "2026-09-21T00:00:30Z", Sense::Solicitation));
            events.push(message(&id, Direction::Out, "2026-09-21T00:05:00Z", Sense::Notice));
            if let Some(at) = answer {
                events.push(message(&id, Direction::In, &format!("2026-09-21T{at}Z"), Sense::Question));
            }
        }
        if answers.is_empty() {
            events.push(bought("A", "流萤卡铺"));
        }
        let replies = all(&state(events)).remove(0).replies;
        assert_eq!((replies.median_s, replies.unanswered), (*median_s, *unanswered), "{answers:?}");
        assert_eq!(replies.waiting, 0);
    }
    // Before the answer is due nobody failed to answer.
    let state = state(vec![
        bought("A", "流萤卡铺"),
        message("A", Direction::Out, "2026-09-21T00:00:00Z", Sense::Notice),
    ]);
    let early = dossiers(&House::of(&state), state.orders(), time("2026-09-21T03:59:59Z")).remove(0).replies;
    assert_eq!((early.unanswered, early.waiting), (0, 1));
}

#[test]
fn only_the_payment_side_resolves_a_refund() {
    let full = 12_800;
    let table = [
        (Destination::Original, RefundProof::PaymentSide, full, (1, 0, 0), (full, 0, 0)),
        (Destination::Original, RefundProof::ShopStatus, full, (0, 1, 0), (0, 0, full)),
        (Destination::Original, RefundProof::None, full, (0, 1, 0), (0, 0, full)),
        (Destination::Balance, RefundProof::PaymentSide, full, (0, 1, 0), (0, full, 0)),
        (Destination::Original, RefundProof::PaymentSide, 100, (0, 1, 0), (100, 0, 0)),
    ];
    for (destination, shown_by, fen, endings, sums) in table {
        let events = vec![
            bought("A", "流萤卡铺"),
            problem("A"),
            refund("A", fen, destination, shown_by),
            closed("A", Outcome::Refunded),
        ];
        let one = all(&state(events)).remove(0);
        assert_eq!((one.endings.resolved, one.endings.unproved, one.endings.open), endings, "{shown_by}");
        assert_eq!((one.money.refunded_fen, one.money.to_balance_fen, one.money.unproved_fen), sums);
        assert_eq!((one.resolved.hits, one.resolved.of), (endings.0, 1));
    }
    let open = all(&state(vec![
        bought("A", "流萤卡铺"),
        problem("A"),
        refund("A", 2_800, Destination::Original, RefundProof::PaymentSide),
    ]));
    assert_eq!((open[0].money.open_fen, open[0].endings.open), (10_000, 1));
    assert_eq!(open[0].resolved.interval, Known::Unknown, "nothing is at an end");
}

#[test]
fn promises_count_when_judged_or_run_out() {
    let promise = |id: &str, due_at: Option<&str>| {
        say(PromiseMade {
            at: time("2026-09-20T06:00:00Z"),
            order: label(id),
            kind: PromiseKind::Reissue,
            place: PromisePlace::Dialogue,
            text: "今天补发".into(),
            due_at: due_at.map(time),
            proof: None,
        })
    };
    let judged = |seq: u64, kept: bool| {
        let at = time("2026-09-30T00:00:00Z");
        say(PromiseJudged { at, order: label("A"), promise: item(seq), kept })
    };
    let past = Some("2026-09-21T00:00:00Z");
    let ahead = Some("2027-01-01T00:00:00Z");
    let counted = |mut more: Vec<Event>| {
        let mut events = vec![bought("A", "流萤卡铺")];
        events.append(&mut more);
        let promises = all(&state(events)).remove(0).promises;
        (promises.kept.hits, promises.kept.of, promises.pending)
    };
    assert_eq!(counted(vec![promise("A", past)]), (0, 1, 0));
    assert_eq!(counted(vec![promise("A", ahead)]), (0, 0, 1));
    assert_eq!(counted(vec![promise("A", None)]), (0, 0, 0), "nobody knows");
    assert_eq!(counted(vec![promise("A", None), judged(1, false)]), (0, 1, 0));
    assert_eq!(counted(vec![promise("A", past), judged(1, true)]), (1, 1, 0), "the user's word wins");
    assert_eq!(counted(vec![promise("A", ahead), judged(1, true), judged(1, false)]), (0, 1, 0));
}

#[test]
fn what_was_noted_last_counts_and_unknown_stays_unknown() {
    let blank = all(&state(vec![say(noted("流萤卡铺", "2026-09-01T00:00:00Z"))])).remove(0);
    assert_eq!((blank.deposit, blank.shown_rate), (Known::Unknown, Known::Unknown));
    assert!(!blank.escrow.is_known() && !blank.coverage.is_known());
    assert_eq!((blank.dispute_rate.of, blank.identity_gaps), (0, Known::Unknown));
    let first = MerchantNoted {
        deposit_fen: Some(100_000),
        shown_rate_bp: Some(120),
        proof: Some(item(7)),
        ..noted("流萤卡铺", "2026-09-02T00:00:00Z")
    };
    let second = MerchantNoted {
        deposit_fen: Some(0),
        escrow: Some(false),
        note: Some("卡密：7QKD-ZT4M-90XA-PLMN 客服说没有担保".into()),
        ..noted("流萤卡铺", "2026-09-03T00:00:00Z")
    };
    let third = noted("流萤卡铺", "2026-09-04T00:00:00Z");
    let state = state(vec![say(second), say(first), say(third)]);
    let one = all(&state).remove(0);
    let deposit = one.deposit.value().unwrap();
    assert_eq!((deposit.amount_fen, deposit.seen_at), (0, time("2026-09-03T00:00:00Z")));
    let shown = one.shown_rate.value().unwrap();
    assert_eq!((shown.rate_bp, shown.proof), (120, Known::Known(item(7))));
    let escrow = one.escrow.value().unwrap();
    assert_eq!((escrow.offered, escrow.seen_at), (false, time("2026-09-03T00:00:00Z")));
    assert!(!one.coverage.is_known());
    assert!(!format!("{one:?}").contains("7QKD-ZT4M-90XA-PLMN"));
    let before = dossiers(&House::of(&state), state.orders(), time("2026-09-02T12:00:00Z")).remove(0);
    assert_eq!(before.deposit.value().map(|seen| seen.amount_fen), Some(100_000));
}

#[test]
fn goods_stayed_fine_unless_a_bad_state_was_seen() {
    let seen = |id: &str, state: Observed| {
        say(ObservationMade {
            at: time("2026-09-21T00:00:00Z"),
            order: label(id),
            state,
            place: Place::Issuer,
            text: None,
            since: None,
            count: None,
            proof: None,
        })
    };
    let one = all(&state(vec![
        bought("A", "流萤卡铺"),
        seen("A", Observed::Ok),
        bought("B", "流萤卡铺"),
        seen("B", Observed::NotCredited),
        seen("B", Observed::NotCredited),
        seen("B", Observed::Credited),
        bought("C", "流萤卡铺"),
        bought("D", "流萤卡铺"),
        closed("D", Outcome::Fine),
        bought("E", "流萤卡铺"),
        seen("E", Observed::PageChanged),
    ]))
    .remove(0);
    assert_eq!((one.quality.stayed_fine.hits, one.quality.stayed_fine.of), (2, 3));
    assert_eq!(one.quality.problems, [(Observed::NotCredited, 1)]);
}

#[test]
fn the_five_cases_are_five_merchants() {
    let state = told(CASES);
    let all = all(&state);
    assert_eq!(all.len(), 5);
    let of = |name: &str| all.iter().find(|one| one.name == name).unwrap();
    for one in &all {
        assert_eq!((one.dispute_rate.hits, one.dispute_rate.of), (1, 1), "{}", one.name);
        assert!(!one.deposit.is_known() && !one.shown_rate.is_known(), "{}", one.name);
    }
    let c01 = of("流萤卡铺");
    assert_eq!((c01.endings.resolved, c01.money.refunded_fen, c01.money.paid_fen), (1, 3_000, 3_000));
    assert_eq!((c01.replies.unanswered, c01.replies.median_s), (1, Known::Unknown));
    let gaps = c01.identity_gaps.value().unwrap();
    assert!(gaps.contains(&IdentityGap::NoLegalName) && gaps.contains(&IdentityGap::PayeeUnrelated));
    let c02 = of("橙壳数卡");
    assert_eq!((c02.endings.resolved, c02.replies.median_s), (1, Known::Known(90 * 60)));
    assert_eq!(c02.legal_names, ["云州市青石区橙壳数字工作室(个体工商户)"]);
    assert!(!c02.identity_gaps.value().unwrap().contains(&IdentityGap::PayeeUnrelated));
    let c03 = of("小栈数码");
    assert_eq!(c03.replies.median_s, Known::Known(210 * 60), "the refusal, not the invitation to WeChat");
    assert_eq!((c03.endings.unproved, c03.money.unproved_fen), (1, 4_500));
    let c04 = of("晨星卡盟");
    assert_eq!((c04.money.refunded_fen, c04.money.to_balance_fen, c04.endings.partly), (0, 1_200, 1));
    let c05 = of("蓝鲸账号行");
    assert_eq!((c05.endings.unproved, c05.replies.unanswered), (1, 1));
    assert_eq!(c05.quality.problems, [(Observed::CredentialChanged, 1)]);
    let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["小栈数码", "橙壳数卡", "流萤卡铺", "晨星卡盟", "蓝鲸账号行"], "the latest first");
}

#[test]
fn what_had_not_happened_is_not_counted() {
    let state = told(CASES);
    let at = |text: &str| dossiers(&House::of(&state), state.orders(), time(text));
    assert_eq!(at("2026-08-01T00:00:00Z"), []);
    let early = at("2026-08-10T00:00:00Z");
    assert_eq!(early.len(), 1);
    assert_eq!((early[0].dispute_rate.hits, early[0].dispute_rate.of), (0, 1));
}

#[test]
fn every_gap_has_words() {
    for gap in <IdentityGap as Coded>::all() {
        assert!(!gap.text().is_incomplete(), "{gap}");
    }
}

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

proptest! {
    #[test]
    fn an_interval_holds_its_share(hits in any::<u32>(), of in any::<u32>()) {
        let rate = Rate::new(hits, of);
        if let (Known::Known(share), Known::Known(interval)) = (rate.share_bp, rate.interval) {
            prop_assert!(interval.low_bp <= share && share <= interval.high_bp);
            prop_assert!(interval.high_bp <= 10_000);
        } else {
            prop_assert_eq!(of, 0);
        }
    }

    #[test]
    fn any_names_and_amounts_make_dossiers(
        rows in prop::collection::vec((".{0,12}", any::<i64>(), any::<i64>()), 0..6),
        now in 0i64..4_000_000_000,
    ) {
        let orders: Vec<Order> = rows
            .iter()
            .enumerate()
            .map(|(n, (name, paid, back))| {
                let id = format!("A{n}");
                let facts = OrderFacts {
                    merchant: Some(name.clone()),
                    amount_fen: Some(*paid),
                    ..OrderFacts::default()
                };
                let events = vec![
                    opened(&id, facts),
                    refund(&id, *back, Destination::Original, RefundProof::PaymentSide),
                ];
                state(events).order(&label(&id)).unwrap().clone()
            })
            .collect();
        let house = House::of(&State::default());
        for one in dossiers(&house, &orders, instant(now)) {
            prop_assert!(one.money.paid_fen >= 0 && one.money.refunded_fen >= 0 && one.money.open_fen >= 0);
            prop_assert!(!one.names.is_empty());
        }
    }
}

/// Every instant at which something in these orders happened or was due, and those beside it.
fn instants(state: &State) -> Vec<Timestamp> {
    let house = House::of(state);
    let mut all = vec![time(LATER), time("2099-01-01T00:00:00Z")];
    for order in state.orders() {
        all.extend(order.facts.times().into_iter().filter_map(|(_, time)| time));
        all.extend(order.messages.iter().map(|message| message.said_at));
        all.extend(order.reports.iter().map(|logged| logged.report.at()));
        all.extend(foreseen(order, &house).iter().filter_map(|clock| clock.due.instant()));
    }
    all.extend(state.house().iter().map(|logged| logged.report.at()));
    let beside = |at: Timestamp| [-1, 0, 1].map(|by| at + SignedDuration::from_nanos(by));
    all.into_iter().flat_map(beside).collect()
}

/// What was read of orders before says at every instant what the orders themselves say.
pub(crate) fn assert_figures(state: &State) {
    let house = House::of(state);
    let figures: Vec<Figures> = state.orders().map(|order| Figures::of(order, &house)).collect();
    for now in instants(state) {
        for (order, read) in state.orders().zip(&figures) {
            if let Some(says) = read.at(now) {
                assert_eq!(says, &OfOrder::of(&View::new(order, &house, now)), "{} at {now}", order.id);
            }
        }
        let summed = dossiers_of(&house, &figures, now);
        assert_eq!(summed, dossiers(&house, state.orders(), now), "{now}");
        assert_eq!(
            review_of(&house, figures.iter().rev(), now),
            review(&house, state.orders(), now),
            "{now}"
        );
        let until = next_turn(&house, &figures, now).unwrap_or(time("2099-02-01T00:00:00Z"));
        let before = until - SignedDuration::from_nanos(1);
        assert_eq!(dossiers_of(&house, &figures, before), summed, "from {now} to {before}");
    }
    let text = serde_json::to_vec(&figures).unwrap();
    assert_eq!(serde_json::from_slice::<Vec<Figures>>(&text).unwrap(), figures);
}

#[test]
fn figures_of_the_five_cases_say_at_every_instant_what_the_orders_say() {
    assert_figures(&told(CASES));
}
