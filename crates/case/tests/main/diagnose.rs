//! Diagnosis, flags, readiness, merit, claim, basis and route: tables of each rule.

use sigu_case::claim::{ClaimError, ClaimKind};
use sigu_case::diagnosis::{DecisiveCode, diagnose};
use sigu_case::flag::{Flag, FlagCode, FlagLevel, flags, order_time_check};
use sigu_case::merit::{MeritReason, Source, Strength, merit};
use sigu_case::readiness::{Group, covered, readiness};
use sigu_case::remedy::{ClaimNote, Unfit, claim_for};
use sigu_case::report::{
    Body, ClaimChosen, DecisionMade, Destination, Logged, NeedWaived, ObservationMade, Observed, PayChannel,
    PaymentSeen, Place, ProblemFound, PromiseKind, PromiseMade, PromisePlace, RefundProof, RefundSeen,
    RefundState, Report, StepTaken, Verdict, Waived,
};
use sigu_case::route::{RouteNote, StepState, route};
use sigu_case::scenario::{Proof, Scenario};
use sigu_case::step::Step;
use sigu_case::{House, Order, State, View, basis, basis::Cited};

use crate::history::{CASES, case, told};
use crate::made::{item, label, time};

/// After everything in the cases.
pub(crate) const LATER: &str = "2026-11-20T12:00:00";

fn house() -> House {
    House::of(&State::default())
}

pub(crate) fn wall(text: &str) -> jiff::Timestamp {
    time(&format!("{text}+08:00"))
}

pub(crate) fn at<T>(order: &Order, when: &str, ask: impl FnOnce(&View<'_>) -> T) -> T {
    let house = house();
    ask(&View::new(order, &house, wall(when)))
}

/// An order of 90 yuan for three pieces at a shop with that profile, with what `rest` tells.
fn on(system: &str, rest: &str) -> Order {
    let text = format!(
        "id: A\ngoods: {{kind: SoftwareActivationCode, name: 测试码, qty: 3}}\n\
         shop: {{name: 测试店, host: a.test, system: {system}}}\n\
         order: {{no: X1, created: 2026-09-01T10:00:00, paid: 2026-09-01T10:01:00, amount: 90.00}}\n{rest}"
    );
    told(&text).order(&label("A")).unwrap().clone()
}

/// The same order at a platform with a form, with these reports.
fn with(reports: Vec<Report>) -> Order {
    let mut order = on("qfk", "");
    for (seq, report) in (1_000..).zip(reports) {
        order.reports.push(Logged { item: item(seq), recorded_at: wall("2026-09-10T10:00:00"), report });
    }
    order
}

fn seen(state: Observed, when: &str) -> Report {
    ObservationMade {
        at: wall(when),
        order: label("A"),
        state,
        place: Place::Issuer,
        text: None,
        since: None,
        count: None,
        proof: None,
    }
    .into()
}

fn promised(kind: PromiseKind, text: &str) -> Report {
    let (place, due_at, proof) = (PromisePlace::ProductPage, None, None);
    let at = wall("2026-09-01T09:00:00");
    PromiseMade { at, order: label("A"), kind, place, text: text.to_owned(), due_at, proof }.into()
}

fn problem(scenario: Option<Scenario>, fraud: Option<bool>, resale: Option<bool>) -> Report {
    let at = wall("2026-09-03T10:00:00");
    ProblemFound { at, order: label("A"), scenario, fraud, resale, note: None }.into()
}

fn chosen(kind: &str, amount_fen: Option<i64>) -> Report {
    let at = wall("2026-09-04T10:00:00");
    ClaimChosen { at, order: label("A"), kind: kind.to_owned(), amount_fen, basis: None }.into()
}

fn paid(txn: &str, payee: &str, amount_fen: i64, product: &str) -> Report {
    PaymentSeen {
        at: wall("2026-09-01T10:01:00"),
        order: label("A"),
        channel: PayChannel::WechatPay,
        txn: Some(txn.to_owned()),
        merchant_order_no: None,
        payee: Some(payee.to_owned()),
        payer: None,
        amount_fen: Some(amount_fen),
        product: Some(product.to_owned()),
        proof: None,
    }
    .into()
}

fn taken(body: Body, when: &str) -> Report {
    let (category, reference, claim_fen, proof) = (None, None, None, None);
    StepTaken { at: wall(when), order: label("A"), body, category, reference, claim_fen, proof }.into()
}

fn decided(verdict: Verdict, when: &str) -> Report {
    DecisionMade {
        at: wall(when),
        order: label("A"),
        body: Body::Platform,
        verdict,
        text: None,
        by_machine: None,
        refund_fen: None,
        proof: None,
    }
    .into()
}

fn refund(state: RefundState, shown_by: RefundProof, when: &str) -> Report {
    let (destination, body, proof) = (Destination::Original, None, None);
    let amount_fen = Some(9_000);
    RefundSeen { at: wall(when), order: label("A"), amount_fen, state, destination, shown_by, body, proof }
        .into()
}

pub(crate) fn codes(found: &[Flag]) -> Vec<FlagCode> {
    found.iter().filter(|flag| flag.level == FlagLevel::Warning).map(|flag| flag.code).collect()
}

#[test]
fn what_was_seen_tells_the_scenario() {
    use Observed as O;
    use Scenario as S;
    let day = "2026-09-02T10:00:00";
    let table = [
        (O::Placeholder, S::NonDelivery),
        (O::NotDelivered, S::NonDelivery),
        (O::NotCredited, S::NonDelivery),
        (O::Used, S::KeyUsed),
        (O::SoldTwice, S::DuplicateSale),
        (O::Invalid, S::KeyInvalid),
        (O::Expired, S::KeyInvalid),
        (O::CredentialChanged, S::AccountRecovered),
        (O::Recovered, S::AccountRecovered),
        (O::Banned, S::AccountBanned),
        (O::Partial, S::PartialDelivery),
        (O::WrongRegion, S::WrongRegion),
        (O::Differs, S::NotAsDescribed),
        (O::ChargedUnasked, S::UnauthorizedCharge),
        (O::Overcharged, S::PriceFeeFraud),
        (O::BalanceBlocked, S::BalanceTrapped),
        (O::WrongAccount, S::RechargeWrongAccount),
        (O::Forbidden, S::IllegalGoods),
        (O::ShopClosed, S::MerchantVanished),
    ];
    for (state, scenario) in table {
        at(&with(vec![seen(state, day)]), LATER, |view| {
            let found = diagnose(view);
            assert_eq!((found.scenario, found.chosen_by_user), (Some(scenario), false), "{state}");
            assert!(!found.because[0].items.is_empty() && !found.because[0].why.is_incomplete(), "{state}");
        });
        at(&with(vec![seen(state, day)]), "2026-09-02T09:59:59", |view| {
            assert_eq!(diagnose(view).scenario, None, "{state}: not seen yet");
        });
    }
    for state in [O::Ok, O::Credited, O::PageChanged, O::RedeemedByBuyer] {
        at(&with(vec![seen(state, day)]), LATER, |view| assert_eq!(diagnose(view).scenario, None, "{state}"));
    }
}

#[test]
fn promises_later_looks_and_the_user_change_the_scenario() {
    use Observed as O;
    use Scenario as S;
    let (one, two) = ("2026-09-02T10:00:00", "2026-09-03T10:00:00");
    let permanent = || promised(PromiseKind::Permanent, "永久有效");
    let instant = || promised(PromiseKind::Instant, "即时到账");
    let table: Vec<(Vec<Report>, Option<S>, Vec<S>)> = vec![
        (vec![permanent(), seen(O::Expired, one)], Some(S::ExpiredThoughPermanent), vec![]),
        (vec![instant(), seen(O::NotCredited, one)], Some(S::LateDelivery), vec![]),
        (vec![seen(O::Invalid, one), seen(O::Ok, two)], None, vec![]),
        (vec![seen(O::Ok, one), seen(O::Invalid, two)], Some(S::KeyInvalid), vec![]),
        (vec![seen(O::Invalid, one), seen(O::Differs, two)], Some(S::NotAsDescribed), vec![S::KeyInvalid]),
        (vec![seen(O::Forbidden, one), seen(O::Invalid, two)], Some(S::IllegalGoods), vec![S::KeyInvalid]),
        (
            vec![seen(O::ShopClosed, two), seen(O::Invalid, one)],
            Some(S::KeyInvalid),
            vec![S::MerchantVanished],
        ),
        (
            vec![seen(O::Invalid, one), problem(Some(S::WrongRegion), None, None)],
            Some(S::WrongRegion),
            vec![S::KeyInvalid],
        ),
        (vec![seen(O::Invalid, one), problem(None, None, None)], Some(S::KeyInvalid), vec![]),
        (vec![decided(Verdict::Rejected, one)], Some(S::PlatformRefuses), vec![]),
        (
            vec![seen(O::Used, one), decided(Verdict::ForMerchant, two)],
            Some(S::KeyUsed),
            vec![S::PlatformRefuses],
        ),
        (vec![decided(Verdict::ForBuyer, one)], Some(S::RefundNotArrived), vec![]),
        (
            vec![
                decided(Verdict::ForBuyer, one),
                refund(RefundState::Received, RefundProof::PaymentSide, two),
            ],
            None,
            vec![],
        ),
        (
            vec![
                refund(RefundState::Announced, RefundProof::None, one),
                refund(RefundState::Received, RefundProof::ShopStatus, two),
            ],
            Some(S::RefundNotArrived),
            vec![],
        ),
    ];
    for (at_row, (reports, scenario, others)) in table.into_iter().enumerate() {
        at(&with(reports), LATER, |view| {
            let found = diagnose(view);
            assert_eq!((found.scenario, found.others), (scenario, others), "row {at_row}");
        });
    }
}

#[test]
fn a_time_of_use_after_the_reveal_speaks_against_the_buyer() {
    let of = |used: &str| {
        on(
            "qfk",
            &format!(
                "delivery: {{revealed: 2026-09-01T12:00:00, redeem_try: 2026-09-01T13:00:00, \
                 issuer_message: \"已于 {used} 被使用\"}}\n"
            ),
        )
    };
    for (used, for_buyer, strength) in
        [("2026-09-01 11:59", true, Strength::Medium), ("2026-09-01 12:30", false, Strength::Weak)]
    {
        at(&of(used), LATER, |view| {
            assert_eq!(diagnose(view).decisive.unwrap().for_buyer, for_buyer, "{used}");
            assert_eq!(merit(view, Scenario::KeyUsed).strength, strength, "{used}");
        });
    }
}

#[test]
fn silence_and_refusals_are_read_from_the_dialogue() {
    let chat = |first: &str, second: &str| {
        format!(
            "chat:\n  - {{at: {first}, dir: out, ch: platform, sense: notice, text: 请答复}}\n  \
             - {{at: {second}, dir: out, ch: platform, sense: notice, text: 请答复}}\n"
        )
    };
    let table = [
        ("2026-09-02T10:00:00", "2026-09-02T14:00:00", Some(Scenario::MerchantVanished)),
        // Less than the reply time apart: asked for, and nothing shows a delivery.
        ("2026-09-02T10:00:00", "2026-09-02T13:59:00", Some(Scenario::NonDelivery)),
    ];
    for (first, second, scenario) in table {
        at(&on("qfk", &chat(first, second)), LATER, |view| assert_eq!(diagnose(view).scenario, scenario));
    }
    let refusal =
        "chat:\n  - {at: 2026-09-02T10:00:00, dir: in, ch: platform, text: 超过2小时验证期，不退}\n";
    at(&on("qfk", refusal), LATER, |view| {
        assert_eq!(diagnose(view).scenario, Some(Scenario::MerchantRefuses));
        assert_eq!(codes(&flags(view)), [FlagCode::ShortInspectionPeriod]);
    });
}

#[test]
fn contradictions_and_risks_are_flagged() {
    let one = "2026-09-02T10:00:00";
    let table: Vec<(Vec<Report>, Vec<FlagCode>)> = vec![
        (vec![paid("1", "测试店", 9_000, "码")], vec![]),
        (vec![paid("1", "云州市测试店(个体工商户)", 9_000, "码")], vec![]),
        (vec![paid("1", "小鹿百货店", 9_000, "码")], vec![FlagCode::PayeeMismatch]),
        (vec![paid("1", "测试店", 9_100, "码")], vec![FlagCode::AmountMismatch]),
        (vec![paid("1", "测试店", 4_000, "码"), paid("2", "测试店", 5_000, "码")], vec![]),
        (
            vec![paid("1", "测试店", 9_000, "码"), paid("1", "测试店", 9_000, "书")],
            vec![FlagCode::SharedPayment],
        ),
        (
            vec![paid("1", "测试店", 9_000, "码"), paid("2", "测试店", 9_000, "码")],
            vec![FlagCode::DuplicateTransaction],
        ),
        (vec![problem(None, None, Some(true))], vec![FlagCode::ResaleRisk]),
        (vec![problem(None, None, Some(true)), problem(None, None, Some(false))], vec![]),
        (vec![seen(Observed::RedeemedByBuyer, one)], vec![FlagCode::OwnRedemption]),
        (vec![seen(Observed::Placeholder, one)], vec![]),
    ];
    for (row, (reports, expected)) in table.into_iter().enumerate() {
        at(&with(reports), LATER, |view| {
            let found = flags(view);
            assert_eq!(codes(&found), expected, "row {row}");
            assert!(
                found.iter().any(|flag| flag.code == FlagCode::MerchantIdentityMissing),
                "a gap, row {row}"
            );
        });
    }
    at(&with(vec![seen(Observed::Forbidden, one)]), LATER, |view| {
        assert!(codes(&flags(view)).contains(&FlagCode::IllegalGoodsRisk));
    });
    let late = vec![
        decided(Verdict::ForBuyer, one),
        refund(RefundState::Received, RefundProof::PaymentSide, "2026-09-05T10:00:00"),
    ];
    at(&with(late), LATER, |view| {
        let found = flags(view);
        let missing = found.iter().find(|flag| flag.code == FlagCode::RefundNotArrived).unwrap();
        assert_eq!((missing.at, missing.resolved_at), (wall(one), Some(wall("2026-09-05T10:00:00"))));
    });
}

#[test]
fn a_number_that_contradicts_the_time_of_ordering_is_flagged() {
    let mut order = case("C01");
    order.facts.created_at = Some(wall("2026-09-18T22:00:00"));
    at(&order, LATER, |view| {
        assert!(!order_time_check(view).unwrap().ok);
        assert!(codes(&flags(view)).contains(&FlagCode::OrderTimeContradiction));
    });
    at(&case("C02"), LATER, |view| assert_eq!(order_time_check(view), None, "no time inside"));
}

#[test]
fn no_secret_is_in_what_the_engines_print() {
    for id in ["C01", "C02", "C03", "C04", "C05"] {
        at(&case(id), LATER, |view| {
            let scenario = diagnose(view).scenario.unwrap();
            let shown = format!(
                "{:?}{:?}{:?}{:?}{:?}{:?}",
                diagnose(view),
                flags(view),
                readiness(view, scenario),
                merit(view, scenario),
                claim_for(view, scenario),
                route(view, scenario)
            );
            for secret in ["MCX7-22QP-91LD-0W4H", "7QKD-ZT4M-90XA", "YST0093821"] {
                assert!(!shown.contains(secret), "{id}");
            }
        });
    }
}

#[test]
fn every_proof_of_every_scenario_has_a_condition() {
    let mut all = covered();
    all.sort_unstable();
    assert_eq!(all, Proof::ALL, "each once");
    at(&with(Vec::new()), LATER, |view| {
        for scenario in Scenario::ALL {
            assert!(!readiness(view, *scenario).ok, "{scenario}: nothing is there");
        }
    });
}

#[test]
fn what_cannot_be_had_is_listed_and_not_missed() {
    let waiver = |need| {
        let at = wall("2026-09-02T10:00:00");
        Report::from(NeedWaived { at, order: label("A"), need, reason: "页面打不开".to_owned() })
    };
    at(&with(vec![waiver(Waived::Recording)]), LATER, |view| {
        let ready = readiness(view, Scenario::KeyInvalid);
        let waived: Vec<Proof> = ready.waived.iter().map(|one| one.proof).collect();
        assert_eq!(waived, [Proof::VerificationRecording]);
        assert_eq!(ready.waived[0].because, "页面打不开");
        assert_eq!(ready.missing, [Proof::DeliveredSecretPage, Proof::IssuerError]);
        assert_eq!(ready.claimed, [Proof::OrderPage]);
    });
}

#[test]
fn word_of_mouth_alone_is_not_enough() {
    let said = |channel: &str| {
        format!("chat:\n  - {{at: 2026-09-02T10:00:00, dir: in, ch: {channel}, text: 不退}}\n")
    };
    for (channel, only) in [("oral", true), ("wechat", false), ("platform", false)] {
        at(&on("qfk", &said(channel)), LATER, |view| {
            let ready = readiness(view, Scenario::MerchantRefuses);
            assert_eq!((ready.only_oral, ready.ok), (only, !only), "{channel}: {ready:#?}");
            assert_eq!(codes(&flags(view)).contains(&FlagCode::OralOnly), only, "{channel}");
        });
    }
}

#[test]
fn the_grade_follows_sources_and_what_speaks_against_the_buyer() {
    let one = "2026-09-02T10:00:00";
    let voucher = || paid("1", "测试店", 9_000, "码");
    let table: Vec<(Vec<Report>, Scenario, Strength, MeritReason)> = vec![
        (vec![], Scenario::KeyInvalid, Strength::Weak, MeritReason::OwnWord),
        (vec![voucher()], Scenario::KeyInvalid, Strength::Medium, MeritReason::NoResult),
        (
            vec![voucher(), seen(Observed::Invalid, one)],
            Scenario::KeyInvalid,
            Strength::Medium,
            MeritReason::OrderAndTalk,
        ),
        (
            vec![voucher(), seen(Observed::Invalid, one), decided(Verdict::ForBuyer, one)],
            Scenario::KeyInvalid,
            Strength::Strong,
            MeritReason::ThreeSources,
        ),
        (
            vec![voucher(), seen(Observed::RedeemedByBuyer, one), decided(Verdict::ForBuyer, one)],
            Scenario::KeyInvalid,
            Strength::Weak,
            MeritReason::OwnRedemption,
        ),
        (
            vec![voucher(), problem(None, None, Some(true))],
            Scenario::KeyInvalid,
            Strength::Weak,
            MeritReason::Resale,
        ),
        (vec![voucher()], Scenario::RechargeWrongAccount, Strength::Weak, MeritReason::OwnTyping),
    ];
    for (row, (reports, scenario, strength, reason)) in table.into_iter().enumerate() {
        at(&with(reports), LATER, |view| {
            let found = merit(view, scenario);
            assert_eq!(found.strength, strength, "row {row}: {found:?}");
            assert!(found.reasons.contains(&reason), "row {row}: {found:?}");
            assert_eq!(found.advice().is_some(), strength == Strength::Weak, "row {row}");
        });
    }
    at(&case("C03"), LATER, |view| {
        let found = merit(view, Scenario::KeyUsed);
        assert_eq!(found.strength, Strength::Strong, "{found:?}");
        assert_eq!(found.sources, [Source::Shop, Source::Issuer, Source::Dialogue, Source::Platform]);
    });
}

#[test]
fn claims_keep_within_what_was_paid_and_what_is_permitted() {
    let day = "2026-09-02T10:00:00";
    let dead = |count| match seen(Observed::Partial, day) {
        Report::ObservationMade(one) => Report::from(ObservationMade { count: Some(count), ..one }),
        other => other,
    };
    type Row = (Vec<Report>, Scenario, ClaimKind, Option<i64>);
    let table: Vec<Row> = vec![
        (vec![dead(1)], Scenario::PartialDelivery, ClaimKind::MakeUpQuantity, None),
        (
            vec![dead(2), chosen("partial_refund", None)],
            Scenario::PartialDelivery,
            ClaimKind::PartialRefund,
            Some(6_000),
        ),
        (vec![], Scenario::KeyInvalid, ClaimKind::Reissue, None),
        (vec![chosen("full_refund", None)], Scenario::KeyInvalid, ClaimKind::FullRefund, Some(9_000)),
        (vec![chosen("full_refund", Some(5_000))], Scenario::KeyInvalid, ClaimKind::FullRefund, Some(5_000)),
        (vec![chosen("partial_compensation", Some(9_001))], Scenario::LateDelivery, ClaimKind::Deliver, None),
        (vec![chosen("nonsense", None)], Scenario::KeyInvalid, ClaimKind::Reissue, None),
        (vec![chosen("reissue", None)], Scenario::IllegalGoods, ClaimKind::Report, None),
        (vec![chosen("fraud_damages", None)], Scenario::KeyUsed, ClaimKind::Reissue, None),
        (
            vec![problem(None, Some(true), None), chosen("fraud_damages", None)],
            Scenario::KeyUsed,
            ClaimKind::FraudDamages,
            Some(50_000),
        ),
        (
            vec![
                problem(None, Some(true), None),
                problem(None, Some(false), None),
                chosen("fraud_damages", None),
            ],
            Scenario::KeyUsed,
            ClaimKind::Reissue,
            None,
        ),
        (vec![], Scenario::AccountRecovered, ClaimKind::FullRefund, Some(9_000)),
        (vec![], Scenario::UnauthorizedCharge, ClaimKind::ReverseCharge, Some(9_000)),
    ];
    for (row, (reports, scenario, kind, amount)) in table.into_iter().enumerate() {
        at(&with(reports), LATER, |view| {
            let advice = claim_for(view, scenario);
            let fen = advice.claim.as_ref().and_then(|claim| claim.amount_fen);
            assert_eq!((advice.kind, fen), (kind, amount), "row {row}: {advice:#?}");
        });
    }
    at(&with(vec![]), LATER, |view| {
        let advice = claim_for(view, Scenario::AccountRecovered);
        let why = Unfit::Error(ClaimError::NoCoverage);
        assert!(
            advice.refused.iter().any(|one| (one.kind, &one.why) == (Some(ClaimKind::CoveragePayout), &why))
        );
        assert!(!claim_for(view, Scenario::KeyUsed).alternatives.contains(&ClaimKind::FraudDamages));
    });
    let multiple = with(vec![promised(PromiseKind::Multiple, "假一赔三")]);
    at(&multiple, LATER, |view| {
        assert!(claim_for(view, Scenario::KeyUsed).alternatives.contains(&ClaimKind::PromisedMultiple));
    });
}

#[test]
fn law_is_cited_as_of_the_payment() {
    let mut order = with(Vec::new());
    order.facts.paid_at = Some(wall("2024-06-30T23:00:00"));
    at(&order, LATER, |view| {
        let found = basis::basis(view, Scenario::NotAsDescribed);
        assert_eq!(found.on.to_string(), "2024-06-30");
        let line = found.lines.iter().find(|line| line.id == "L-CPLR-12").unwrap();
        assert!(matches!(line.citation, Cited::Refused(_)), "in force from 2024-07-01: {line:#?}");
        assert!(found.main().all(|line| line.id != "L-CPLR-12"));
    });
    let state = told(CASES);
    let house = House::of(&state);
    let order = case("C04");
    let found = basis::basis(&View::new(&order, &house, wall(LATER)), Scenario::LateDelivery);
    let rule = &found.rules[0].citation;
    assert_eq!(
        (rule.title.as_str(), rule.article.as_str(), rule.verified),
        ("晨星卡盟虚拟商品售后规范", "5", false)
    );
}

#[test]
fn steps_wait_for_the_merchant_and_for_each_other() {
    let chat =
        "chat:\n  - {at: 2026-09-02T10:00:00, dir: out, ch: platform, text: 请于 14:00 前补发或退款}\n";
    let states = |order: &Order, when: &str| {
        at(order, when, |view| {
            route(view, Scenario::KeyInvalid)
                .steps
                .iter()
                .map(|one| (one.step, one.state))
                .collect::<Vec<_>>()
        })
    };
    let asked = StepState::Taken { at: wall("2026-09-02T10:00:00") };
    let (now, wait) = (StepState::Now, StepState::NotYet);
    let order = on("qfk", chat);
    let rows = [
        ("2026-09-02T09:00:00", [now, wait, wait, wait, wait]),
        ("2026-09-02T11:00:00", [asked, wait, wait, wait, wait]),
        ("2026-09-02T14:00:00", [asked, now, now, wait, wait]),
    ];
    for (when, expected) in rows {
        let found: Vec<StepState> = states(&order, when).into_iter().map(|(_, state)| state).collect();
        assert_eq!(found, expected, "{when}");
    }
    let mut filed = order;
    let report = taken(Body::Platform, "2026-09-02T15:00:00");
    let at_alipay = taken(Body::Alipay, "2026-09-02T16:00:00");
    let rejected = decided(Verdict::Rejected, "2026-09-03T15:00:00");
    for (seq, report) in (1_000..).zip([report, at_alipay, rejected]) {
        filed.reports.push(Logged { item: item(seq), recorded_at: wall(LATER), report });
    }
    let found = states(&filed, LATER);
    let open: Vec<Step> = found.iter().filter(|(_, state)| *state == now).map(|(step, _)| *step).collect();
    assert_eq!(open, [Step::E2, Step::E5]);
    assert_eq!(found[2].0, Step::E2, "after the platform: {found:?}");
}

#[test]
fn a_short_window_is_used_at_once_and_its_end_closes_only_the_platform() {
    let chat =
        "chat:\n  - {at: 2026-09-01T11:00:00, dir: out, ch: platform, text: 请于 15:00 前补发或退款}\n";
    let order = on("qs", chat);
    let of = |when: &str| {
        at(&order, when, |view| {
            let way = route(view, Scenario::KeyInvalid);
            let one = way.steps.iter().find(|one| one.step == Step::E1).unwrap();
            (one.state, one.why.clone(), way.now().map(|one| one.step).collect::<Vec<_>>())
        })
    };
    assert_eq!(of("2026-09-01T11:01:00"), (StepState::Now, vec![RouteNote::ShortWindow], vec![Step::E1]));
    let why = RouteNote::WindowOver;
    let open = vec![Step::E3];
    assert_eq!(of("2026-09-02T00:00:01"), (StepState::Closed { why }, vec![why], open));
}

#[test]
fn every_code_has_its_words_in_both_languages() {
    let flags = FlagCode::ALL.iter().map(|code| code.text());
    let texts = flags.flat_map(|text| [&text.name, &text.why, &text.to_do]);
    let texts = texts
        .chain(RouteNote::ALL.iter().map(|note| note.text()))
        .chain(ClaimNote::ALL.iter().map(|note| note.text()))
        .chain(MeritReason::ALL.iter().map(|reason| reason.text()))
        .chain(DecisiveCode::ALL.iter().map(|code| code.text()))
        .chain(Group::ALL.iter().map(|group| group.name()));
    for text in texts {
        assert!(!text.is_incomplete() && !text.zh.is_ascii(), "{text:?}");
        assert!(!text.en.contains(['，', '。', '；']), "{text:?}");
        assert!(!text.zh.contains("权利丧失"), "{text:?}");
    }
    for code in FlagCode::ALL {
        for id in &code.text().basis {
            assert!(sigu_case::law::Table::get().find(id).is_some(), "{code}: {id}");
        }
    }
}

#[test]
fn every_scenario_can_be_asked_of_any_order() {
    let orders = [with(Vec::new()), case("C01"), case("C05"), on("generic-t6", ""), on("dj", "")];
    for order in &orders {
        at(order, LATER, |view| {
            for scenario in Scenario::ALL {
                let way = route(view, *scenario);
                assert_eq!(way.steps[0].step, Step::E0, "{scenario}");
                assert!(way.steps.iter().all(|one| !one.bodies.is_empty()), "{scenario}: {way:#?}");
                let advice = claim_for(view, *scenario);
                let over = advice.claim.as_ref().and_then(|claim| claim.amount_fen).zip(advice.cap_fen);
                assert!(over.is_none_or(|(asked, cap)| asked <= cap), "{scenario}: {advice:?}");
                assert!(!basis::basis(view, *scenario).lines.is_empty(), "{scenario}");
                let _ = (readiness(view, *scenario), merit(view, *scenario));
            }
        });
    }
}

#[test]
fn a_lane_for_virtual_goods_is_offered_first() {
    use sigu_case::Event;
    use sigu_case::report::{ObservationMade, Observed, Place, ProfileAdded};
    use sigu_case::scenario::Scenario;
    use sigu_case::step::Step;
    let toml = "id = \"lane\"\nextends = \"qs\"\nsource = \"shop page\"\nchecked_at = \"2026-09-01\"\n\n[facts]\n\
                has_virtual_lane = { value = true }\n\
                virtual_lane_name = { value = { zh = \"虚拟商品仲裁\", en = \"arbitration of virtual goods\" } }\n";
    let at = crate::made::time("2026-09-20T05:30:00Z");
    let seen = ObservationMade {
        at,
        order: crate::made::label("A"),
        state: Observed::Invalid,
        place: Place::Issuer,
        text: None,
        since: None,
        count: None,
        proof: None,
    };
    let facts = sigu_case::OrderFacts { profile: Some("lane".into()), ..crate::made::facts() };
    let added = ProfileAdded { at, id: "lane".into(), toml: toml.into() };
    let state = crate::made::state_of([
        Event::Reported(added.into()),
        crate::made::opened("A", facts),
        Event::Reported(seen.into()),
    ]);
    let house = sigu_case::House::of(&state);
    assert_eq!(house.unreadable, Vec::<String>::new());
    let view =
        sigu_case::View::new(crate::made::order_a(&state), &house, crate::made::time("2026-09-20T06:00:00Z"));
    let route = sigu_case::route::route(&view, Scenario::KeyInvalid);
    let platform = route.steps.iter().find(|step| step.step == Step::E1).unwrap();
    assert_eq!(platform.lane.as_ref().unwrap().zh, "虚拟商品仲裁");
    assert!(route.steps.iter().filter(|step| step.step != Step::E1).all(|step| step.lane.is_none()));
}
