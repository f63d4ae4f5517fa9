//! Before buying: whom an address is of, own prices, rules on file, and a purchase that is only thought of.

use sigu_case::dossier::{Figures, OfOrder, dossiers, dossiers_of};
use sigu_case::next::{StepCode, next_step};
use sigu_case::purchase_check::{
    Detail, FactorKind, Intent, KnownBy, OwnPrices, Reason, Whom, check, checklist, whom,
};
use sigu_case::report::{CaptureMade, ItemDescribed, MerchantNoted, Part, RuleCaptured};
use sigu_case::year::year;
use sigu_case::{Event, GoodsKind, House, OrderFacts, Slot, State, View};

use crate::dossier::{noted, say, state};
use crate::made::{facts, fixed, item, label, opened, time};

const NOW: &str = "2026-11-22T08:00:00Z";

fn order(id: &str, merchant: &str, profile: &str, fen: i64) -> Event {
    let facts = OrderFacts {
        merchant: Some(merchant.to_owned()),
        profile: Some(profile.to_owned()),
        goods: Some(GoodsKind::GamePointCard),
        amount_fen: Some(fen),
        ..facts()
    };
    opened(id, facts)
}

fn captured(id: &str, url: &str) -> Event {
    let at = time("2026-09-20T06:00:00Z");
    say(CaptureMade {
        at,
        order: label(id),
        url: url.to_owned(),
        title: None,
        record: item(0),
        items: vec![item(0)],
    })
}

/// What orders say, and whom a text stands for.
fn found(state: &State, text: &str) -> Whom {
    let house = House::of(state);
    let figures: Vec<Figures> = state.orders().map(|order| Figures::of(order, &house)).collect();
    let orders: Vec<&OfOrder> = figures.iter().filter_map(|one| one.at(time(NOW))).collect();
    let dossiers = dossiers_of(&house, &figures, time(NOW));
    crate::dossier::assert_figures(state);
    whom(&house, &dossiers, orders, text)
}

#[test]
fn an_address_is_of_whoever_one_met_there_and_nobody_is_guessed() {
    // T1 is a shop of one merchant, T2 a platform with many.
    let state = state(vec![
        order("A", "橙壳数卡", "acg", 3_000),
        captured("A", "https://orange.test/item/3?from=x"),
        order("B", "小栈数码", "qs", 3_000),
        captured("B", "https://cards.test/links/AAA"),
        order("C", "流萤卡铺", "qs", 3_000),
        captured("C", "https://cards.test/links/BBB?key=secret"),
        order("D", "练习店", "acg", 3_000),
        captured("D", "http://127.0.0.1:9000/item/3"),
    ]);
    /// The text; platform, merchant, by what it is known; who else it could be.
    type Row = (&'static str, [Option<&'static str>; 2], Option<KnownBy>, &'static [&'static str]);
    let table: &[Row] = &[
        ("https://cards.test/links/BBB", [Some("qs"), Some("流萤卡铺")], Some(KnownBy::Page), &[]),
        ("https://cards.test/links/CCC", [Some("qs"), None], None, &["小栈数码", "流萤卡铺"]),
        ("http://www.orange.test/item/9", [Some("acg"), Some("橙壳数卡")], Some(KnownBy::Host), &[]),
        ("https://orange.test.evil.test/item/3", [None, None], None, &[]),
        ("https://elsewhere.test/", [None, None], None, &[]),
        ("http://127.0.0.1:9001/item/3", [Some("acg"), Some("练习店")], Some(KnownBy::Page), &[]),
        ("小栈数码", [None, Some("小栈数码")], Some(KnownBy::Name), &[]),
        ("没买过的店", [None, Some("没买过的店")], Some(KnownBy::Name), &[]),
    ];
    for (text, [platform, merchant], by, could_be) in table {
        let whom = found(&state, text);
        assert_eq!(whom.platform.as_deref(), *platform, "{text}");
        assert_eq!((whom.merchant.as_deref(), whom.known_by), (*merchant, *by), "{text}");
        assert_eq!(whom.could_be, *could_be, "{text}");
    }
    let same = found(&state, "https://cards.test/links/BBB");
    assert_eq!(same.orders, [label("C")]);
    assert_eq!(found(&state, "https://cards.test/x").orders, [label("B"), label("C")]);
    let looks = found(&state, "https://c\u{430}rds.test/links/BBB");
    assert!(looks.host.unwrap().starts_with("xn--"), "a letter of another script is another host");
    assert_eq!(looks.merchant, None);
}

#[test]
fn an_address_that_was_only_described_counts_too() {
    let described = say(ItemDescribed {
        at: time("2026-09-20T06:00:00Z"),
        order: label("A"),
        item: item(1),
        form: None,
        parts: Vec::new(),
        url: Some("https://cards.test/links/AAA".to_owned()),
        clock_off_s: None,
        continuous: None,
        original_kept: None,
        own_account: None,
        lawful: None,
        caption: None,
        proves: None,
    });
    let state = state(vec![order("A", "小栈数码", "qs", 1), fixed("A", Slot::Description), described]);
    assert_eq!(found(&state, "cards.test/links/AAA").merchant.as_deref(), Some("小栈数码"));
}

#[test]
fn own_prices_count_from_three_on_those_of_the_merchant_first() {
    let shops = [
        ("A", "小栈数码", 1_000),
        ("B", "小栈数码", 1_200),
        ("C", "流萤卡铺", 5_000),
        ("D", "流萤卡铺", 5_400),
    ];
    let mut events: Vec<Event> = shops.iter().map(|(id, shop, fen)| order(id, shop, "qs", *fen)).collect();
    let two = OrderFacts { quantity: Some(2), amount_fen: Some(2_200), ..facts() };
    let two =
        OrderFacts { merchant: Some("小栈数码".into()), goods: Some(GoodsKind::GamePointCard), ..two };
    events.push(opened("E", two));
    let state = state(events);
    let house = House::of(&state);
    let figures: Vec<Figures> = state.orders().map(|order| Figures::of(order, &house)).collect();
    let orders = || figures.iter().filter_map(|one| one.at(time(NOW)));
    let of = |names: &[&str]| OwnPrices::of(orders(), GoodsKind::GamePointCard, names);
    let theirs = of(&["小栈数码"]).unwrap();
    assert_eq!(
        (theirs.median_fen, theirs.of, theirs.same_merchant),
        (1_100, 3, true),
        "two for 22 yuan are 11 each"
    );
    let all = of(&["流萤卡铺"]).unwrap();
    assert_eq!((all.median_fen, all.of, all.same_merchant), (1_200, 5, false), "two orders are too few");
    assert_eq!(OwnPrices::of(orders(), GoodsKind::GameAccount, &[]), None);
    for (price_fen, own, typical, reason) in [
        (719, Some(all), None, Reason::PriceLowOwn),
        (720, Some(all), None, Reason::PriceUsualOwn),
        (719, Some(OwnPrices { of: 2, ..all }), None, Reason::PriceUnknown),
        (719, Some(all), Some(800), Reason::PriceUsual),
    ] {
        let intent = Intent { price_fen, own_prices: own, typical_price_fen: typical, ..Intent::default() };
        let check = check(&house, None, &intent, time(NOW));
        let factor = check.factor(FactorKind::Price).unwrap();
        assert_eq!(factor.reason, reason, "{price_fen} {typical:?}");
        assert!(!factor.text.zh.contains('{') && !factor.text.en.contains('{'), "{factor:?}");
    }
}

#[test]
fn rules_on_file_are_told_with_the_day_they_were_looked_at() {
    let rule = |at: &str, article: &str| {
        say(RuleCaptured {
            at: time(at),
            platform: "qs".into(),
            title: "平台售后规则".into(),
            article: article.into(),
            text: Some("无效卡密退款70%。".into()),
            in_force_from: None,
            in_force_to: None,
            published_on: None,
            snapshot: None,
        })
    };
    let reason = |events: Vec<Event>, platform: Option<&str>| {
        let state = state(events);
        let intent = Intent { platform: platform.map(str::to_owned), ..Intent::default() };
        let check = check(&House::of(&state), None, &intent, time(NOW));
        let factor = check.factor(FactorKind::Rules).unwrap().clone();
        assert!(!factor.text.zh.contains('{') && !factor.text.en.contains('{'), "{factor:?}");
        (factor.reason, factor.detail)
    };
    assert_eq!(reason(vec![], None).0, Reason::RulesUnknown);
    assert_eq!(reason(vec![], Some("qs")).0, Reason::RulesNone);
    let fresh = vec![rule("2026-09-01T00:00:00Z", "5"), rule("2026-10-23T00:00:00Z", "6")];
    let (found, detail) = reason(fresh.clone(), Some("qs"));
    assert_eq!(found, Reason::RulesFresh);
    assert!(matches!(detail, Detail::Rules { articles: 2, days: 30, .. }), "{detail:?}");
    assert_eq!(reason(fresh, Some("acg")).0, Reason::RulesNone, "those of another platform are none");
    assert_eq!(reason(vec![rule("2026-10-22T00:00:00Z", "5")], Some("qs")).0, Reason::RulesOld);
}

/// A purchase that is only thought of.
fn thought() -> OrderFacts {
    OrderFacts {
        unit_fen: Some(3_000),
        merchant: Some("小栈数码".into()),
        profile: Some("qs".into()),
        goods: Some(GoodsKind::GamePointCard),
        ..OrderFacts::default()
    }
}

#[test]
fn a_purchase_that_is_only_thought_of_counts_nowhere() {
    let note = MerchantNoted { note: Some("新店".into()), ..noted("小栈数码", "2026-09-01T00:00:00Z") };
    let planned = state(vec![opened("P", thought()), say(note)]);
    let house = House::of(&planned);
    crate::dossier::assert_figures(&planned);
    let known = dossiers(&house, planned.orders(), time(NOW));
    assert_eq!((known.len(), known[0].orders.len()), (1, 0), "the note stands, the order counts nowhere");
    assert_eq!(year(&house, planned.orders(), time(NOW), 2026), None);
    for change in [
        OrderFacts { amount_fen: Some(3_000), ..thought() },
        OrderFacts { paid_at: Some(time("2026-11-01T00:00:00Z")), ..thought() },
        OrderFacts { order_no: Some("20261101".into()), ..thought() },
    ] {
        let bought = state(vec![opened("P", change)]);
        crate::dossier::assert_figures(&bought);
        let known = dossiers(&House::of(&bought), bought.orders(), time(NOW));
        assert_eq!(known[0].orders.len(), 1);
    }
}

#[test]
fn the_list_before_paying_ticks_itself_off_and_ends_with_the_payment() {
    let seen = |events: Vec<Event>| {
        let state = state(events);
        let house = House::of(&state);
        let view = View::new(state.order(&label("P")).unwrap(), &house, time(NOW));
        let done: Vec<Part> =
            checklist(&view).into_iter().filter(|one| one.done).map(|one| one.save.part).collect();
        (checklist(&view).len(), done, next_step(&view).code)
    };
    let describe = |parts: Vec<Part>| {
        say(ItemDescribed {
            at: time("2026-11-20T06:00:00Z"),
            order: label("P"),
            item: item(1),
            form: None,
            parts,
            url: None,
            clock_off_s: None,
            continuous: None,
            original_kept: None,
            own_account: None,
            lawful: None,
            caption: None,
            proves: None,
        })
    };
    let begun = || vec![opened("P", thought()), fixed("P", Slot::Description)];
    assert_eq!(seen(vec![opened("P", thought())]), (7, vec![], StepCode::SaveFirst));
    assert_eq!(seen(begun()).1, [], "a page nobody looked at shows nothing yet");
    let (all, done, step) = seen([begun(), vec![describe(vec![Part::Copy, Part::Spec])]].concat());
    assert_eq!((all, step), (7, StepCode::SaveFirst));
    assert_eq!(done, [Part::Copy, Part::Spec]);
    use Part::{AfterSale, Chat, Copy, Licence, PlatformRule, ShopHome, Spec};
    let every = vec![Copy, Spec, AfterSale, ShopHome, Licence, PlatformRule, Chat];
    assert_eq!(seen([begun(), vec![describe(every)]].concat()).2, StepCode::FillFacts, "then it is paid");
    let paid =
        OrderFacts { amount_fen: Some(3_000), paid_at: Some(time("2026-11-21T00:00:00Z")), ..thought() };
    assert_eq!(seen(vec![opened("P", paid)]).0, 0);
}
