//! The review of a month: figures by table, reasons by rules, and honesty about few orders.

use sigu_case::dossier::Figures;
use sigu_case::platform::WatchTopic;
use sigu_case::report::{
    Destination, MerchantNoted, OrderClosed, Outcome, ProblemFound, RefundProof, RefundSeen, RefundState,
    RuleCaptured,
};
use sigu_case::review::{Action, CalendarMonth, Outlook, Review, Subject, SubjectKind, review};
use sigu_case::{Event, GoodsKind, House, OrderFacts, State};

use crate::dossier::{noted, say, state};
use crate::made::{label, opened, time};

const NOW: &str = "2026-12-03T04:00:00Z";

/// An order paid on a day of a month, at midnight UTC.
fn paid(id: &str, shop: &str, day: &str, fen: i64) -> Event {
    let facts = OrderFacts {
        merchant: Some(shop.to_owned()),
        profile: Some("qs".into()),
        goods: Some(GoodsKind::GamePointCard),
        amount_fen: Some(fen),
        paid_at: Some(time(&format!("{day}T00:00:00Z"))),
        ..OrderFacts::default()
    };
    opened(id, facts)
}

fn disputed(id: &str, day: &str) -> Event {
    let at = time(&format!("{day}T00:00:00Z"));
    say(ProblemFound { at, order: label(id), scenario: None, fraud: None, resale: None, note: None })
}

fn ended(id: &str, day: &str, outcome: Outcome) -> Event {
    say(OrderClosed { at: time(&format!("{day}T00:00:00Z")), order: label(id), outcome, note: None })
}

fn back(id: &str, day: &str, fen: i64) -> Event {
    say(RefundSeen {
        at: time(&format!("{day}T00:00:00Z")),
        order: label(id),
        amount_fen: Some(fen),
        state: RefundState::Received,
        destination: Destination::Original,
        shown_by: RefundProof::PaymentSide,
        body: None,
        proof: None,
    })
}

fn rule(at: &str, text: &str) -> Event {
    say(RuleCaptured {
        at: time(at),
        platform: "qs".into(),
        title: "平台售后规则".into(),
        article: "第5条".into(),
        text: Some(text.into()),
        in_force_from: None,
        in_force_to: None,
        published_on: None,
        snapshot: None,
    })
}

fn of(state: &State, month: &str) -> Review {
    let house = House::of(state);
    let figures: Vec<Figures> = state.orders().map(|order| Figures::of(order, &house)).collect();
    let month: CalendarMonth = month.parse().unwrap();
    let found = review(&house, &figures, month, time(NOW));
    for one in found.subjects.iter().flat_map(|one| &one.because) {
        assert!(!one.text.zh.contains('{') && !one.text.en.contains('{'), "{one:?}");
        assert!(one.value >= one.at_least, "{one:?}");
    }
    found
}

fn subject<'a>(found: &'a Review, kind: SubjectKind, name: &str) -> &'a Subject {
    let mut all = found.subjects.iter();
    all.find(|one| one.kind == kind && one.name == name).unwrap_or_else(|| panic!("{name}: {found:?}"))
}

fn codes(one: &Subject) -> Vec<(&str, Action)> {
    one.because.iter().map(|one| (one.rule.as_str(), one.action)).collect()
}

/// Two disputes lost at one shop, one healthy order at another.
fn november() -> Vec<Event> {
    vec![
        paid("A", "小栈数码", "2026-10-10", 10_000),
        disputed("A", "2026-10-12"),
        ended("A", "2026-11-02", Outcome::Unsuccessful),
        paid("B", "小栈数码", "2026-11-05", 20_000),
        disputed("B", "2026-11-06"),
        back("B", "2026-11-20", 5_000),
        ended("B", "2026-11-21", Outcome::GivenUp),
        paid("C", "流萤卡铺", "2026-11-08", 3_000),
    ]
}

#[test]
fn a_shop_where_disputes_are_lost_is_one_to_stop_at_and_figures_say_why() {
    let found = of(&state(november()), "2026-11");
    assert!(found.over);
    let shop = subject(&found, SubjectKind::Merchant, "小栈数码");
    assert_eq!((shop.outlook, shop.sums.endings.unresolved), (Outlook::Stop, 2));
    assert_eq!(
        codes(shop),
        [("unresolved", Action::Stop), ("lost", Action::Careful)],
        "two orders are too few for a rate"
    );
    assert_eq!((shop.sums.money.paid_fen, shop.sums.lost_fen), (30_000, 25_000));
    let month = shop.in_month;
    assert_eq!((month.orders, month.disputes, month.paid_fen, month.refunded_fen), (1, 1, 20_000, 5_000));
    let other = subject(&found, SubjectKind::Merchant, "流萤卡铺");
    assert_eq!((other.outlook, other.because.len()), (Outlook::TooFew, 0), "one order says nothing");
    assert_eq!(found.subjects[0].outlook, Outlook::Stop, "what is to be stopped stands first");
    assert_eq!((found.in_month.orders, found.sums.orders), (2, 3));
}

#[test]
fn a_month_knows_nothing_of_what_came_later() {
    let state = state(november());
    let october = of(&state, "2026-10");
    let shop = subject(&october, SubjectKind::Merchant, "小栈数码");
    assert_eq!((shop.sums.orders, shop.sums.endings.open, shop.sums.lost_fen), (1, 1, 0));
    assert_eq!(shop.in_month.disputes, 1);
    assert_eq!(of(&state, "2026-09").subjects, []);
    let running = of(&state, "2026-12");
    assert!(!running.over && running.in_month.orders == 0);
    assert_eq!(running.until, time(NOW));
    assert!(
        running.subjects.iter().all(|one| !one.because.is_empty()),
        "only of whom something is to be said"
    );
    assert_eq!(
        of(&state, "2027-05").subjects.len(),
        running.subjects.len(),
        "a month ahead has nothing of its own"
    );
}

#[test]
fn few_orders_are_told_apart_from_many_without_a_problem() {
    let shop = |orders: u32, disputes: u32| {
        let mut events = Vec::new();
        for number in 0..orders {
            let id = format!("A{number}");
            events.push(paid(&id, "流萤卡铺", "2026-11-08", 1_000));
            if number < disputes {
                events.push(disputed(&id, "2026-11-09"));
            }
        }
        let found = of(&state(events), "2026-11");
        let one = subject(&found, SubjectKind::Merchant, "流萤卡铺").clone();
        (one.outlook, codes(&one).iter().map(|(code, _)| (*code).to_owned()).collect::<Vec<_>>())
    };
    for (orders, disputes, outlook, rules) in [
        (1, 0, Outlook::TooFew, &[][..]),
        (9, 0, Outlook::TooFew, &[]),
        (10, 0, Outlook::Fine, &[]),
        // The lower end of the interval of one of one is 20.65 %, of one of three 6.14 %, of one of ten 1.78 %.
        (1, 1, Outlook::TooFew, &[]),
        (2, 2, Outlook::TooFew, &[]),
        (3, 1, Outlook::Stop, &["rate"]),
        (10, 1, Outlook::Fine, &[]),
        (10, 2, Outlook::Stop, &["rate"]),
    ] {
        assert_eq!(
            shop(orders, disputes),
            (outlook, rules.iter().map(|one| (*one).to_owned()).collect()),
            "{disputes}/{orders}"
        );
    }
}

#[test]
fn a_known_deposit_is_held_against_the_dearest_order_and_an_unknown_one_against_none() {
    let with = |deposit_fen: Option<i64>| {
        let note = MerchantNoted { deposit_fen, ..noted("流萤卡铺", "2026-11-01T00:00:00Z") };
        let events = vec![paid("A", "流萤卡铺", "2026-11-08", 5_000), say(note)];
        let found = of(&state(events), "2026-11");
        subject(&found, SubjectKind::Merchant, "流萤卡铺")
            .because
            .first()
            .map(|one| (one.rule.clone(), one.value))
    };
    assert_eq!(with(None), None);
    assert_eq!(with(Some(5_000)), None);
    assert_eq!(with(Some(4_999)), Some(("deposit_short".into(), 1)));
}

#[test]
fn rules_that_became_worse_speak_in_the_month_they_were_seen() {
    let table: &[(&str, &str, &[WatchTopic])] = &[
        ("无效卡密退款70%。", "无效卡密退款50%。", &[WatchTopic::RefundRatio]),
        ("无效卡密退款50%。", "无效卡密退款70%。", &[]),
        ("商家保证金1000元。", "商家保证金500元。", &[WatchTopic::Deposit]),
        ("买家须在3天内投诉。", "买家须在24小时内投诉。", &[WatchTopic::TimeLimit]),
        ("买家须在24小时内投诉。", "买家须在3天内投诉。", &[]),
    ];
    for (old, new, worse) in table {
        let events = vec![
            paid("A", "小栈数码", "2026-10-10", 1_000),
            rule("2026-10-01T00:00:00Z", old),
            rule("2026-11-15T00:00:00Z", new),
        ];
        let state = state(events);
        let found = of(&state, "2026-11");
        assert_eq!(found.rules.len(), 1, "{new}");
        assert_eq!(found.rules[0].worse, *worse, "{old} {new}");
        assert_eq!(found.rules[0].task.merchants, ["小栈数码"]);
        let platform = subject(&found, SubjectKind::Platform, "qs");
        assert!(codes(platform).contains(&("rules_changed", Action::Look)), "{platform:?}");
        assert_eq!(
            platform.outlook == Outlook::Careful,
            worse.first().is_some_and(|topic| *topic != WatchTopic::TimeLimit)
        );
        assert_eq!(of(&state, "2026-10").rules, [], "it was not seen yet");
    }
}

#[test]
fn an_order_that_names_no_platform_counts_for_none() {
    let nameless = OrderFacts {
        amount_fen: Some(1_000),
        paid_at: Some(time("2026-11-08T00:00:00Z")),
        ..OrderFacts::default()
    };
    let found = of(&state(vec![opened("A", nameless)]), "2026-11");
    assert_eq!((found.in_month.orders, found.subjects.len()), (1, 0), "{found:?}");
}
