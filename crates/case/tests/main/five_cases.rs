//! The five cases come out as they expect: scenario, flags, category, claim, basis, route and readiness.

use sigu_case::basis::{self, Cited};
use sigu_case::category::{Category, advise};
use sigu_case::claim::ClaimKind;
use sigu_case::diagnosis::{DecisiveCode, diagnose};
use sigu_case::flag::{FlagCode, flags, order_time_check};
use sigu_case::readiness::{Group, readiness};
use sigu_case::remedy::{ClaimNote, Unfit, claim_for};
use sigu_case::report::Body;
use sigu_case::route::{Route, RouteNote, StepState, route};
use sigu_case::scenario::{Proof, Scenario};
use sigu_case::step::Step;

use crate::diagnose::{LATER, at, codes, wall};
use crate::history::{CASES, case, told};
use crate::made::label;

fn main_basis(found: &basis::Basis) -> Vec<&str> {
    found.main().map(|line| line.id.as_str()).collect()
}

fn steps(found: &Route) -> Vec<Step> {
    found.steps.iter().map(|one| one.step).collect()
}

/// What `expect` says of the five cases, in the words of the engines.
struct Expected {
    id: &'static str,
    scenario: Scenario,
    flags: &'static [FlagCode],
    category: Category,
    on_platform: Option<&'static str>,
    not_category: &'static [Category],
    claim: (ClaimKind, Option<i64>),
    basis: &'static [&'static str],
    route: &'static [Step],
}

const EXPECTED: [Expected; 5] = [
    Expected {
        id: "C01",
        scenario: Scenario::NonDelivery,
        flags: &[
            FlagCode::MerchantIdentityMissing,
            FlagCode::PayeeMismatch,
            FlagCode::StatusPayloadContradiction,
        ],
        category: Category::NotReceived,
        on_platform: None,
        not_category: &[Category::LogisticsDelay, Category::GoodsQuality],
        claim: (ClaimKind::FullRefund, Some(3_000)),
        basis: &["L-ECL-20", "L-ECL-51", "L-CC-512", "L-CPL-48"],
        route: &[Step::E0, Step::E3, Step::E5],
    },
    Expected {
        id: "C02",
        scenario: Scenario::ExpiredThoughPermanent,
        flags: &[
            FlagCode::PlatformHasNoAppeal,
            FlagCode::ShortInspectionPeriod,
            FlagCode::UnfairTermCandidate,
        ],
        category: Category::NotAsDescribed,
        on_platform: None,
        not_category: &[],
        claim: (ClaimKind::ReissueOrRefund, Some(12_800)),
        basis: &["L-CPL-20", "L-CPL-23", "L-CPL-26", "L-CPLR-12", "L-CC-497", "L-CC-622"],
        route: &[Step::E0, Step::E3, Step::E5, Step::E10],
    },
    Expected {
        id: "C03",
        scenario: Scenario::KeyUsed,
        flags: &[FlagCode::OffPlatformSolicitation, FlagCode::RefundNotArrived],
        category: Category::GoodsQuality,
        on_platform: Some("无效卡密"),
        not_category: &[Category::HowToUse],
        claim: (ClaimKind::FullRefund, Some(4_500)),
        basis: &[],
        route: &[Step::E0, Step::E1, Step::E3, Step::E5, Step::E10],
    },
    Expected {
        id: "C04",
        scenario: Scenario::LateDelivery,
        flags: &[FlagCode::RefundToBalanceOnly],
        category: Category::NotReceived,
        on_platform: Some("充值没到账"),
        not_category: &[Category::LogisticsDelay],
        claim: (ClaimKind::PartialCompensation, None),
        basis: &["L-ECL-20", "L-CC-512", "L-CC-577"],
        route: &[Step::E0, Step::E1, Step::E3],
    },
    Expected {
        id: "C05",
        scenario: Scenario::AccountRecovered,
        flags: &[FlagCode::AccountTradeLegalRisk, FlagCode::OffPlatformSolicitation],
        category: Category::AccountRecovered,
        on_platform: Some("账号被卖家找回"),
        not_category: &[Category::GoodsQuality],
        claim: (ClaimKind::CoveragePayout, Some(186_000)),
        basis: &[],
        route: &[Step::E0, Step::E1, Step::Coverage, Step::E7, Step::E10],
    },
];

#[test]
fn the_five_cases_come_out_as_they_expect() {
    for Expected {
        id,
        scenario,
        flags: raised,
        category,
        on_platform,
        not_category,
        claim,
        basis: law,
        route: way,
    } in EXPECTED
    {
        at(&case(id), LATER, |view| {
            assert_eq!(diagnose(view).scenario, Some(scenario), "{id}");
            let mut found = codes(&flags(view));
            found.sort_by_key(|code| code.code());
            assert_eq!(found, raised, "{id}");
            let advice = advise(scenario, view.profile);
            assert_eq!(advice.canonical.first(), Some(&category), "{id}");
            if let Some(own) = on_platform {
                assert_eq!(advice.on_platform.as_ref().map(|own| own.name.zh.as_str()), Some(own), "{id}");
            }
            for wrong in not_category {
                assert!(advice.wrong.iter().any(|one| one.category == Some(*wrong)), "{id}: {wrong}");
            }
            let claimed = claim_for(view, scenario);
            let amount = claimed.claim.as_ref().and_then(|claim| claim.amount_fen);
            assert_eq!((claimed.kind, amount), claim, "{id}: {claimed:#?}");
            let cited = basis::basis(view, scenario);
            if !law.is_empty() {
                assert_eq!(main_basis(&cited), law, "{id}");
            }
            assert!(cited.lines.iter().all(|line| matches!(line.citation, Cited::Citation(_))), "{id}");
            assert_eq!(steps(&route(view, scenario)), way, "{id}");
        });
    }
    // The names in the cases are those of the codes.
    for name in ["StatusPayloadContradiction", "ShortInspectionPeriod", "AccountTradeLegalRisk"] {
        assert!(CASES.contains(name) && FlagCode::from_code(name).is_some(), "{name}");
    }
}

#[test]
fn the_cases_say_when_and_why() {
    at(&case("C01"), LATER, |view| {
        let check = order_time_check(view).unwrap();
        assert_eq!((check.decoded, check.ok), (wall("2026-09-18T20:31:45"), true));
        assert_eq!(diagnose(view).decisive.unwrap().code, DecisiveCode::PlaceholderThoughDelivered);
        let way = route(view, Scenario::NonDelivery);
        assert_eq!(way.dropped[0].state, StepState::NotAvailable { why: RouteNote::LoginOnly });
        assert_eq!(way.steps[1].bodies, [Body::WechatPay]);
        assert_eq!(way.steps[1].state, StepState::Taken { at: wall("2026-09-19T09:10:00") });
        assert_eq!(way.order_traps[0].basis, "L-CRM-16(2)");
        assert_eq!(way.order_traps[0].taken, Step::E4);
    });
    at(&case("C02"), LATER, |view| {
        let found = diagnose(view);
        assert!(found.others.contains(&Scenario::MerchantRefuses), "{found:#?}");
        let way = route(view, Scenario::ExpiredThoughPermanent);
        assert_eq!(way.dropped[0].state, StepState::NotAvailable { why: RouteNote::NoAppeal });
        assert_eq!(way.steps[1].bodies, [Body::Alipay]);
        assert_eq!(way.steps[1].why, [RouteNote::StandsIn]);
    });
    at(&case("C03"), LATER, |view| {
        let decisive = diagnose(view).decisive.unwrap();
        assert_eq!(decisive.code.code(), "issuer_used_at < revealed_at");
        assert_eq!(decisive.earlier, Some(wall("2026-09-20T23:11:00")));
        let found = flags(view);
        let invited = found.iter().find(|flag| flag.code == FlagCode::OffPlatformSolicitation).unwrap();
        assert_eq!(invited.at, wall("2026-09-21T16:05:00"));
        let missing = found.iter().find(|flag| flag.code == FlagCode::RefundNotArrived).unwrap();
        assert!(missing.is_open(), "a refund without the payment side's proof is none: {missing:?}");
        let advice = advise(Scenario::KeyUsed, view.profile);
        assert!(advice.wrong.iter().any(|wrong| wrong.label.zh == "不会使用"), "{advice:#?}");
    });
}

#[test]
fn the_cases_say_what_can_be_claimed_and_what_is_missing() {
    at(&case("C04"), LATER, |view| {
        assert_eq!(diagnose(view).decisive.unwrap().delay_minutes, Some(125));
        let advice = claim_for(view, Scenario::LateDelivery);
        for note in [ClaimNote::GoodsReceived, ClaimNote::NameAmount, ClaimNote::BalanceNotCounted] {
            assert!(advice.notes.contains(&note), "{note}");
        }
        assert_eq!(advice.cap_fen, Some(6_000));
        assert_eq!(advice.arrived_fen, 0);
        assert!(
            advice
                .refused
                .iter()
                .any(|one| { (one.kind, &one.why) == (Some(ClaimKind::FullRefund), &Unfit::GoodsReceived) })
        );
    });
    at(&case("C05"), LATER, |view| {
        let found = flags(view);
        let invited = found.iter().find(|flag| flag.code == FlagCode::OffPlatformSolicitation).unwrap();
        assert_eq!(invited.at, wall("2026-08-10T18:30:00"));
        let risk = found.iter().find(|flag| flag.code == FlagCode::AccountTradeLegalRisk).unwrap();
        assert_eq!(risk.detail.as_deref(), Some("L-ATF-31"));
        let way = route(view, Scenario::AccountRecovered);
        assert!(!way.police.unwrap().at_once);
        let ready = readiness(view, Scenario::AccountRecovered);
        let met = |proof| ready.met.iter().any(|one| one.proof == proof);
        for proof in
            [Proof::NoRecoveryPromise, Proof::HandOverRecord, Proof::LoginFailure, Proof::CoverageTerms]
        {
            assert!(met(proof), "{proof}");
        }
        assert_eq!(ready.missing, [Proof::ResetFailure, Proof::OfficialNotice]);
    });
}

#[test]
fn a_late_delivery_is_not_ready_without_the_shots_that_it_had_not_come() {
    let whole = case("C04");
    at(&whole, LATER, |view| {
        let ready = readiness(view, Scenario::LateDelivery);
        assert!(ready.ok && ready.missing.is_empty(), "{ready:#?}");
        assert_eq!(ready.claimed, [Proof::PaidTime, Proof::CreditedTime]);
        let order = ready.groups.iter().find(|one| one.group == Group::Order).unwrap();
        assert!(order.claimed && !order.met && !ready.complete);
    });
    let without: String = CASES
        .replace(", {at: 2026-09-11T10:40:00, what: not_credited_shot}", "")
        .replace(",\n             {at: 2026-09-11T11:50:00, what: not_credited_shot}]", "]");
    let state = told(&without);
    let order = state.order(&label("C04")).unwrap();
    assert_eq!(order.exhibits.len() + 2, whole.exhibits.len());
    at(order, LATER, |view| {
        let ready = readiness(view, Scenario::LateDelivery);
        assert!(!ready.ok);
        assert_eq!(ready.missing, [Proof::NonDeliveryObservation]);
        // The times alone still tell what it is.
        assert_eq!(diagnose(view).scenario, Some(Scenario::LateDelivery));
    });
}
