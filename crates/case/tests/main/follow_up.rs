//! Follow-ups of finished purchases: which dates are suggested, and when none is.

use jiff::civil::date;
use proptest::prelude::*;
use sigu_case::calendar::{day_of, end_of_day};
use sigu_case::follow_up::{FollowUpReason, Suggestion, follow_ups};
use sigu_case::report::{
    FollowUpKind, FollowUpSet, ObservationMade, Observed, Outcome, Place, PromiseKind, PromiseMade,
    PromisePlace,
};
use sigu_case::{Event, GoodsKind, House, OrderFacts, State, View};

use crate::dossier::{closed, say, state};
use crate::history::case;
use crate::made::{facts, label, opened, order_a, time};

fn at(state: &State, now: &str) -> Vec<Suggestion> {
    let house = House::of(state);
    follow_ups(&View::new(order_a(state), &house, time(now)))
}

fn days(found: &[Suggestion]) -> Vec<(FollowUpReason, String)> {
    found.iter().map(|one| (one.reason, day_of(one.due_at).to_string())).collect()
}

/// Bought and delivered on 2026-09-20.
fn goods(goods: GoodsKind, title: &str) -> Event {
    opened("A", OrderFacts { goods: Some(goods), title: Some(title.into()), ..facts() })
}

fn promise(kind: PromiseKind, text: &str) -> Event {
    say(PromiseMade {
        at: time("2026-09-20T05:00:00Z"),
        order: label("A"),
        kind,
        place: PromisePlace::ProductPage,
        text: text.into(),
        due_at: None,
        proof: None,
    })
}

const NOW: &str = "2026-09-20T12:00:00Z";

#[test]
fn a_membership_ends_by_its_term() {
    use GoodsKind::{GamePointCard, MembershipAccount};
    for (kind, title, day) in [
        (MembershipAccount, "云视听季卡CDK", Some("2026-12-17")),
        (MembershipAccount, "云视听月卡", Some("2026-10-17")),
        (MembershipAccount, "云视听周卡", Some("2026-09-24")),
        (MembershipAccount, "云视听2年卡", Some("2028-09-17")),
        (MembershipAccount, "云视听三年卡", Some("2029-09-17")),
        (MembershipAccount, "2026年卡", None),
        (MembershipAccount, "永久会员年卡", None),
        (MembershipAccount, "云视听会员", None),
        (GamePointCard, "点卡 季卡", None),
    ] {
        let found = at(&state(vec![goods(kind, title)]), NOW);
        let expected: Vec<_> =
            day.map(|day| (FollowUpReason::TermEnds, day.to_owned())).into_iter().collect();
        assert_eq!(days(&found), expected, "{title}");
        assert!(found.iter().all(|one| one.kind == FollowUpKind::Expiry));
    }
    // A page that states the day knows better than the title.
    let seen = say(ObservationMade {
        at: time("2026-09-20T06:00:00Z"),
        order: label("A"),
        state: Observed::Ok,
        place: Place::Product,
        text: Some("已激活 有效期至 2026-10-01".into()),
        since: None,
        count: None,
        proof: None,
    });
    let stated = state(vec![goods(MembershipAccount, "季卡"), seen]);
    assert_eq!(days(&at(&stated, NOW)), [(FollowUpReason::TermEnds, "2026-09-28".into())]);
    // Less than the lead ahead: on the day itself; after it: no more.
    assert_eq!(days(&at(&stated, "2026-09-30T00:00:00Z")), [(FollowUpReason::TermEnds, "2026-10-01".into())]);
    assert_eq!(at(&stated, "2026-10-02T00:00:00Z"), []);
}

#[test]
fn a_warranty_ends_by_its_words() {
    for (text, day) in [
        ("质保30天", Some("2026-10-19")),
        ("质保三个月", Some("2026-12-19")),
        ("质保１年", Some("2027-09-19")),
        ("质保48小时", Some("2026-09-21")),
        ("包售后", None),
        ("质保9999年", None),
    ] {
        let events = vec![goods(GoodsKind::GamePointCard, "点卡"), promise(PromiseKind::Warranty, text)];
        let expected: Vec<_> =
            day.map(|day| (FollowUpReason::WarrantyEnds, day.to_owned())).into_iter().collect();
        assert_eq!(days(&at(&state(events), NOW)), expected, "{text}");
    }
    let other = vec![goods(GoodsKind::GamePointCard, "点卡"), promise(PromiseKind::Property, "30天内有效")];
    assert_eq!(at(&state(other), NOW), []);
}

#[test]
fn what_is_set_over_or_paid_back_is_not_suggested() {
    let account = || goods(GoodsKind::GameAccount, "满级号");
    let first = (FollowUpReason::RecoveryFirst, "2026-09-27".to_owned());
    let second = (FollowUpReason::RecoverySecond, "2026-10-20".to_owned());
    assert_eq!(days(&at(&state(vec![account()]), NOW)), [first, second.clone()]);
    let set = say(FollowUpSet {
        at: time(NOW),
        order: label("A"),
        kind: FollowUpKind::RecoveryWindow,
        due_at: end_of_day(date(2026, 9, 27)),
        note: None,
    });
    assert_eq!(days(&at(&state(vec![account(), set]), NOW)), [second]);
    for (outcome, left) in [
        (Outcome::Fine, true),
        (Outcome::Reissued, true),
        (Outcome::Refunded, false),
        (Outcome::GivenUp, false),
        (Outcome::PaidByCoverage, false),
    ] {
        let found = at(&state(vec![account(), closed("A", outcome)]), "2026-10-02T00:00:00Z");
        assert_eq!(!found.is_empty(), left, "{outcome}");
    }
    let unpaid =
        OrderFacts { paid_at: None, delivered_at: None, goods: Some(GoodsKind::GameAccount), ..facts() };
    assert_eq!(at(&state(vec![opened("A", unpaid)]), NOW), []);
}

#[test]
fn the_account_of_the_fifth_case_is_watched_until_its_coverage_ends() {
    let order = case("C05");
    let house = House::of(&State::default());
    let found = follow_ups(&View::new(&order, &house, time("2026-08-04T00:00:00Z")));
    assert_eq!(
        days(&found),
        [
            (FollowUpReason::RecoveryFirst, "2026-08-10".into()),
            (FollowUpReason::RecoverySecond, "2026-09-02".into()),
            (FollowUpReason::CoverageEnds, "2027-01-23".into()),
        ]
    );
    assert_eq!(found[2].day, date(2027, 1, 30));
    let after = follow_ups(&View::new(&order, &house, time("2026-09-01T00:00:00Z")));
    assert_eq!(after, [], "paid by the coverage");
    let permanent = follow_ups(&View::new(&case("C02"), &house, time("2026-09-21T00:00:00Z")));
    assert_eq!(permanent, [], "what is promised for ever has no last day");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_words_make_it_panic(title in ".{0,40}", text in "(质保|有效期至)?[0-9一十]{0,9}.{0,20}(天|年卡|月)?") {
        let events = vec![goods(GoodsKind::MembershipAccount, &title), promise(PromiseKind::Warranty, &text)];
        for one in at(&state(events), NOW) {
            prop_assert!(one.due_at > time(NOW));
        }
    }
}
