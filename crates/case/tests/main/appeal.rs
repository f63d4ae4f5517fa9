//! Statements: fact, basis, claim in order, each fact with its proof, short without losing what decides.

use sigu_case::appeal::{
    AppealInput, LimitSource, Statement, StatementError, StatementPartKind, Variant, package, statement,
};
use sigu_case::claim::{Claim, ClaimKind};
use sigu_case::scenario::{Scenario, Table};
use sigu_case::{Order, View, law, platform};

use crate::history::case;
use crate::letter::{CASES, SECRETS, claim, house, laws, rule};
use crate::made::time;

fn input<'a>(
    variant: Variant,
    scenario: Scenario,
    claim: &'a Claim,
    laws: &'a [law::Citation],
    rules: &'a [platform::Citation],
) -> AppealInput<'a> {
    let (cite_unverified, own_statements, max_chars) = (false, true, None);
    AppealInput { variant, scenario, claim, laws, rules, cite_unverified, own_statements, max_chars }
}

fn stated(
    order: &Order,
    at: &str,
    variant: Variant,
    scenario: Scenario,
    claim: &Claim,
    max: u32,
) -> Statement {
    let (house, at) = (house(), time(at));
    let (view, laws) = (View::new(order, &house, at), laws(scenario, at));
    let given = input(variant, scenario, claim, &laws, &[]);
    statement(&view, &AppealInput { max_chars: Some(max), ..given }).unwrap()
}

#[test]
fn the_five_cases_state_fact_basis_and_claim_in_order() {
    for (id, at, scenario, kind, amount) in CASES {
        let asked = claim(kind, amount);
        for variant in Variant::ALL.iter().copied() {
            let found = stated(&case(id), at, variant, scenario, &asked, 500);
            let parts: Vec<_> = found.parts.iter().map(|part| part.kind).collect();
            assert_eq!(parts, StatementPartKind::ALL);
            let places: Vec<_> =
                ["【事实】", "【依据】", "【诉求】"].map(|label| found.text.find(label).unwrap()).into();
            assert!(places.is_sorted(), "{}", found.text);
            assert!(found.chars <= found.limit.max as usize && found.chars == found.text.chars().count());
            let findings: Vec<_> = found.findings.iter().map(|one| one.code.as_str()).collect();
            assert!(
                findings.iter().all(|code| *code == "below_min"),
                "{id} {variant} {findings:?}\n{}",
                found.text
            );
            assert!(!found.text.contains(['{', '}']), "{}", found.text);
            assert!(SECRETS.iter().all(|secret| !format!("{found:?}").contains(secret)), "{}", found.text);
        }
    }
}

#[test]
fn every_scenario_makes_a_statement_for_every_body() {
    let order = case("C03");
    for scenario in Scenario::ALL.iter().copied() {
        let asked = claim(Table::get().row(scenario).claims[0], Some(1_000));
        let asked = Claim { count: Some(1), ..asked };
        for variant in Variant::ALL.iter().copied() {
            let found = stated(&order, CASES[2].1, variant, scenario, &asked, 500);
            let bad: Vec<_> = found.findings.iter().filter(|one| one.code != "below_min").collect();
            assert!(bad.is_empty(), "{scenario} {variant} {bad:?}\n{}", found.text);
        }
    }
}

#[test]
fn shortening_keeps_the_decisive_fact_and_the_claim() {
    for (id, at, scenario, kind, amount) in CASES {
        let asked = claim(kind, amount);
        let order = case(id);
        let whole = stated(&order, at, Variant::Complaint12315, scenario, &asked, 500);
        let decisive = |one: &Statement| {
            let facts = &one.parts[0].sentences;
            facts.iter().find(|sentence| sentence.code == "state").unwrap().text.clone()
        };
        let mut before = whole.chars;
        for max in [500, 300, 150, 100] {
            let found = stated(&order, at, Variant::Complaint12315, scenario, &asked, max);
            assert_eq!(decisive(&found), decisive(&whole));
            assert!(found.text.contains(&asked.sentence().zh), "{}", found.text);
            assert!(found.chars <= before);
            let fits = found.chars <= max as usize;
            assert_eq!(!fits, found.findings.iter().any(|one| one.code == "over_limit"));
            assert!(fits || max == 100, "{id} {max} {}\n{}", found.chars, found.text);
            assert_eq!(found.shortened.is_empty(), whole.chars <= max as usize);
            before = found.chars;
        }
    }
}

#[test]
fn a_payment_institution_gets_three_hundred_characters_and_the_number() {
    let asked = claim(ClaimKind::FullRefund, Some(3_000));
    let found = stated(&case("C01"), CASES[0].1, Variant::Payment, Scenario::NonDelivery, &asked, 1_000);
    assert_eq!((found.limit.max, found.limit.source), (300, LimitSource::Body));
    assert!(found.text.contains("4200002431202609187301552864"), "{}", found.text);
}

#[test]
fn facts_without_proof_are_the_buyers_own_word_or_are_left_out() {
    let (house, order, at) = (house(), case("C04"), time(CASES[3].1));
    let (view, laws) = (View::new(&order, &house, at), laws(Scenario::LateDelivery, at));
    let asked = claim(ClaimKind::PartialCompensation, Some(1_200));
    let given = input(Variant::Platform, Scenario::LateDelivery, &asked, &laws, &[]);
    let found = statement(&view, &given).unwrap();
    let sentence = |code: &str| found.parts[0].sentences.iter().find(|one| one.code == code).unwrap();
    assert!(sentence("order").own_statement);
    let promise = sentence("promise");
    assert!(!promise.own_statement && !promise.proofs.is_empty());
    assert!(found.text.contains("即时到账”①。"), "{}", found.text);
    assert_eq!(found.footnotes[0].name, "商品页面");
    let strict = statement(&view, &AppealInput { own_statements: false, ..given.clone() }).unwrap();
    let left = strict.left_out.iter().find(|one| one.code == "order").unwrap();
    assert!(left.unknown.is_none() && !left.how.is_empty());
    let bare = case("C01");
    let view = View::new(&bare, &house, time("2026-09-18T20:32:00+08:00"));
    let none = statement(&view, &AppealInput { own_statements: false, ..given });
    assert!(matches!(none, Err(StatementError::EmptyPart { part: StatementPartKind::Fact, .. })), "{none:?}");
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let (house, order, at) = (house(), case("C03"), time(CASES[2].1));
    let (view, laws) = (View::new(&order, &house, at), laws(Scenario::IllegalGoods, at));
    let performance = claim(ClaimKind::Reissue, None);
    let barred =
        statement(&view, &input(Variant::Platform, Scenario::IllegalGoods, &performance, &laws, &[]));
    assert!(matches!(barred, Err(StatementError::Claim { .. })));
    let bare = claim(ClaimKind::FullRefund, None);
    let incomplete = statement(&view, &input(Variant::Platform, Scenario::KeyUsed, &bare, &laws, &[]));
    assert_eq!(incomplete, Err(StatementError::ClaimIncomplete));
    let asked = claim(ClaimKind::FullRefund, Some(1));
    let baseless =
        statement(&view, &input(Variant::Platform, Scenario::KeyUsed, &asked, &[], &[rule(false)]));
    assert!(matches!(baseless, Err(StatementError::EmptyPart { part: StatementPartKind::Basis, .. })));
}

#[test]
fn rules_stand_before_statutes_and_unverified_ones_are_marked_when_asked_for() {
    let (house, order, at) = (house(), case("C03"), time(CASES[2].1));
    let (view, laws) = (View::new(&order, &house, at), laws(Scenario::KeyUsed, at));
    let asked = claim(ClaimKind::FullRefund, Some(4_500));
    let rules = [rule(false)];
    let given = input(Variant::Platform, Scenario::KeyUsed, &asked, &laws, &rules);
    let shy = statement(&view, &given).unwrap();
    assert!(shy.unverified.iter().any(|name| name.contains("云栈")) && !shy.text.contains("云栈寄售平台"));
    let asked_for = statement(&view, &AppealInput { cite_unverified: true, ..given }).unwrap();
    let text = asked_for.text;
    assert!(
        text.find("《云栈寄售平台售后规则》第3条（待核验）").unwrap()
            < text.find("《消费者权益保护法》").unwrap()
    );
    let review = stated(&order, CASES[2].1, Variant::HumanReview, Scenario::KeyUsed, &asked, 500);
    assert!(review.text.contains("第十九条") && review.text.contains("人工复核"), "{}", review.text);
    assert_eq!(review.limit.min, Some(20));
}

#[test]
fn the_twelve_three_fifteen_fields_are_named_and_personal_ones_are_the_users_own() {
    let asked = claim(ClaimKind::ReissueOrRefund, Some(12_800));
    let found = stated(
        &case("C02"),
        CASES[1].1,
        Variant::Complaint12315,
        Scenario::ExpiredThoughPermanent,
        &asked,
        500,
    );
    let field = |code: &str| found.fields.iter().find(|field| field.code == code).unwrap();
    for code in ["complainant_name", "complainant_phone", "complainant_address"] {
        assert!(field(code).by_user && !field(code).known);
    }
    assert!(field("respondent_name").known && !field("respondent_address").known);
    assert!(field("amount").known && field("purchase_time").known);
    let report =
        stated(&case("C02"), CASES[1].1, Variant::Report12315, Scenario::ExpiredThoughPermanent, &asked, 500);
    assert!(report.text.contains("核查上述线索") && !report.text.contains("退还"), "{}", report.text);
}

#[test]
fn a_package_is_complete_only_with_its_three_groups() {
    use crate::made::{facts, fixed, opened, order_a, said, state_of};
    use sigu_case::Slot;
    let (house, late) = (house(), case("C04"));
    let found = package(&View::new(&late, &house, time("2026-09-13T00:00:00+08:00")));
    let filled: Vec<bool> = found.groups.iter().map(|group| !group.items.is_empty()).collect();
    assert_eq!((filled.as_slice(), found.complete, found.extra.len()), (&[false, true, true][..], false, 1));
    let state = state_of([opened("A", facts()), fixed("A", Slot::Transaction), said("A")]);
    let found = package(&View::new(order_a(&state), &house, time("2026-09-20T12:00:00Z")));
    assert!(!found.complete && found.groups[2].items.is_empty());
}

#[test]
fn a_court_is_told_by_the_plaintiff_and_the_police_of_one_statute_only() {
    let (id, at, scenario, kind, amount) = CASES[2];
    let asked = claim(kind, amount);
    let suit = stated(&case(id), at, Variant::SmallClaims, scenario, &asked, 3_000);
    assert!(
        suit.text.contains("原告在网络店铺")
            && suit.text.contains("早于原告首次查看")
            && !suit.text.contains('我'),
        "{}",
        suit.text
    );
    assert!(suit.text.contains("请求判令被告"), "{}", suit.text);
    assert_eq!(suit.limit.max, 3_000, "a paper of its own has room");
    let police = stated(&case(id), at, Variant::Police, scenario, &asked, 2_000);
    assert!(
        police.text.contains("反电信网络诈骗法") && !police.text.contains("消费者权益保护法"),
        "{}",
        police.text
    );
    assert!(!police.text.contains("诈骗罪") && police.text.contains("是否构成违法犯罪，请依法认定"));
}
