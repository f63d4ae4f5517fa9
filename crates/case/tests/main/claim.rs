//! Claims: amounts in 分, limits, refusals that name their field, and the sentence in both languages.

use proptest::prelude::*;
use sigu_case::claim::{
    Basis, Claim, ClaimError, ClaimKind, Coverage, FRAUD_MINIMUM_FEN, Purchase, permit, pro_rata,
    promised_multiple, yuan,
};
use sigu_case::scenario::{Scenario, Table};

fn bought(paid_fen: i64, quantity: u32) -> Purchase {
    Purchase::new(paid_fen, quantity).unwrap()
}

#[test]
fn a_part_is_rounded_half_up() {
    for (paid, dead, total, want) in [
        (4_500, 1, 1, 4_500),
        (1_000, 1, 3, 333),
        (1_000, 2, 3, 667),
        (5, 1, 2, 3),
        (15, 1, 2, 8),
        (25, 1, 10, 3),
        (1, 1, 2, 1),
        (1, 1, 3, 0),
        (i64::MAX, 1, 1, i64::MAX),
    ] {
        assert_eq!(pro_rata(paid, dead, total), Ok(want), "{dead}/{total} of {paid}");
    }
}

#[test]
fn what_cannot_be_is_refused_and_the_field_is_named() {
    let purchase = bought(6_000, 3);
    let coverage = |times, limit_fen| purchase.coverage_payout(Coverage { times, limit_fen });
    let refused: [(Result<Claim, ClaimError>, &str); 14] = [
        (Purchase::new(0, 1).map(|one| one.full_refund()), "paid_fen"),
        (Purchase::new(-1, 1).map(|one| one.full_refund()), "paid_fen"),
        (Purchase::new(1, 0).map(|one| one.full_refund()), "dead_count"),
        (purchase.partial_refund(0), "dead_count"),
        (purchase.partial_refund(4), "dead_count"),
        (purchase.price_difference(6_000), "advertised_fen"),
        (purchase.price_difference(-1), "advertised_fen"),
        (purchase.chosen(ClaimKind::PartialCompensation, 6_001), "amount_fen"),
        (purchase.chosen(ClaimKind::PartialCompensation, 0), "amount_fen"),
        (purchase.chosen(ClaimKind::FraudDamages, 100), "kind"),
        (purchase.promised("包售后"), "promise"),
        (purchase.fraud_damages(false), "fraud_confirmed"),
        (coverage(0, None), "coverage"),
        (coverage(1, Some(0)), "coverage"),
    ];
    for (at, (result, field)) in refused.into_iter().enumerate() {
        assert_eq!(result.unwrap_err().field(), field, "line {at}");
    }
}

#[test]
fn above_the_price_only_with_a_basis() {
    let purchase = bought(4_500, 1);
    let asked = purchase.chosen(ClaimKind::FullRefund, 4_501);
    assert_eq!(asked, Err(ClaimError::AboveCap { asked_fen: 4_501, cap_fen: 4_500 }));
    let promised = purchase.promised("本店假一赔三").unwrap();
    assert_eq!(promised.amount_fen, Some(13_500));
    assert!(matches!(&promised.basis, Basis::Promise(promise) if promise.excerpt == "假一赔三"));
    let fraud = purchase.fraud_damages(true).unwrap();
    assert_eq!((fraud.amount_fen, fraud.basis), (Some(FRAUD_MINIMUM_FEN), Basis::Fraud));
    assert_eq!(bought(20_000, 1).fraud_damages(true).unwrap().amount_fen, Some(60_000));
    assert_eq!(bought(i64::MAX, 1).fraud_damages(true), Err(ClaimError::TooLarge));
}

#[test]
fn coverage_pays_its_multiple_up_to_its_limit() {
    // C05: 1860.00 paid, 1860.00 paid out.
    let purchase = bought(186_000, 1);
    for (times, limit_fen, want) in
        [(1, None, 186_000), (2, None, 372_000), (2, Some(200_000), 200_000), (1, Some(200_000), 186_000)]
    {
        let claim = purchase.coverage_payout(Coverage { times, limit_fen }).unwrap();
        assert_eq!(claim.amount_fen, Some(want), "{times} {limit_fen:?}");
    }
}

#[test]
fn promises_of_a_multiple_are_read() {
    for (text, want) in [
        ("假一赔三", Some(3)),
        ("假一赔十！", Some(10)),
        ("正品保证，假一罚十", Some(10)),
        ("假1赔3", Some(3)),
        ("假１赔１０", Some(10)),
        ("假一赔十五", Some(15)),
        ("假一赔二十", Some(20)),
        ("假一赔百", Some(100)),
        ("假一赔两", Some(2)),
        ("假一赔三四", None),
        ("假一赔0", None),
        ("质保三年", None),
        ("", None),
    ] {
        assert_eq!(promised_multiple(text).map(|found| found.times), want, "{text}");
    }
}

#[test]
fn claims_are_written_in_both_languages() {
    let purchase = bought(4_500, 3);
    let table = [
        (Ok(purchase.full_refund()), "退还已付款 45.00 元", "refund the amount paid, 45.00 yuan"),
        (
            purchase.partial_refund(1),
            "退还未正常交付的 1 件对应货款 15.00 元",
            "refund 15.00 yuan for the items not properly delivered (1)",
        ),
        (
            purchase.make_up_quantity(2),
            "补足未正常交付的 2 件",
            "make up the items not properly delivered (2)",
        ),
        (
            purchase.promised("假一赔三"),
            "按商家“假一赔三”的承诺赔偿 135.00 元",
            "pay the compensation promised as “假一赔三”, 135.00 yuan",
        ),
        (
            purchase.chosen(ClaimKind::PartialCompensation, 1_205),
            "就延迟或不符部分补偿 12.05 元",
            "compensate the delay or shortfall with 12.05 yuan",
        ),
        (
            Claim::plain(ClaimKind::Report),
            "依规则查处该商品或商家",
            "act on the goods or the seller under the rules",
        ),
        (
            Claim::of_sum(ClaimKind::BalanceRefund, 1_200, 1_200),
            "退还余额 12.00 元",
            "refund the balance of 12.00 yuan",
        ),
    ];
    for (claim, zh, en) in table {
        let text = claim.unwrap().sentence();
        assert_eq!((text.zh.as_str(), text.en.as_str()), (zh, en));
    }
}

#[test]
fn every_kind_has_its_words_and_its_slots_in_both_languages() {
    for kind in ClaimKind::ALL {
        let text = kind.text();
        assert!(!text.name.is_incomplete() && !text.text.is_incomplete(), "{kind}");
        for slot in ["{amount}", "{count}", "{excerpt}"] {
            assert_eq!(text.text.zh.contains(slot), text.text.en.contains(slot), "{kind}: {slot}");
        }
        assert_eq!(Claim::plain(*kind).is_ok(), !text.text.zh.contains('{'), "{kind}");
    }
    let performance: Vec<_> = ClaimKind::ALL.iter().filter(|kind| kind.text().performance).collect();
    assert_eq!(performance.len(), 7);
}

#[test]
fn an_illegal_deal_is_never_to_be_performed() {
    for kind in ClaimKind::ALL {
        let allowed = permit(*kind, Scenario::IllegalGoods).is_ok();
        assert_eq!(allowed, !kind.text().performance, "{kind}");
        assert_eq!(permit(*kind, Scenario::KeyInvalid), Ok(()), "{kind}");
    }
    for row in Table::get().rows() {
        assert!(row.claims.iter().all(|kind| permit(*kind, row.code).is_ok()), "{}", row.code);
    }
}

#[test]
fn yuan_have_two_decimals() {
    for (fen, want) in
        [(0, "0.00"), (5, "0.05"), (4_500, "45.00"), (-150, "-1.50"), (i64::MIN, "-92233720368547758.08")]
    {
        assert_eq!(yuan(fen), want);
    }
}

proptest! {
    #[test]
    fn a_part_is_never_negative_and_never_above_the_whole(
        paid in 1..=i64::MAX, total in 1..=u32::MAX, dead in 1..=u32::MAX,
    ) {
        match pro_rata(paid, dead, total) {
            Ok(part) => prop_assert!(dead <= total && (0..=paid).contains(&part)),
            Err(error) => prop_assert_eq!(error, ClaimError::BadCount { dead, total }),
        }
    }

    #[test]
    fn two_parts_make_the_whole_or_one_fen_more(
        paid in 1..=i64::MAX / 2, total in 2..100_000_u32, cut in 1..100_000_u32,
    ) {
        let dead = 1 + cut % (total - 1);
        let sum = pro_rata(paid, dead, total).unwrap() + pro_rata(paid, total - dead, total).unwrap();
        prop_assert!(sum == paid || sum == paid + 1, "{sum} of {paid}");
    }

    #[test]
    fn more_dead_items_are_never_worth_less(
        paid in 1..=1_000_000_i64, total in 2..1_000_u32, dead in 1..999_u32,
    ) {
        let dead = dead.min(total - 1);
        prop_assert!(pro_rata(paid, dead, total).unwrap() <= pro_rata(paid, dead + 1, total).unwrap());
    }

    #[test]
    fn no_claim_on_the_price_exceeds_it(paid in 1..=i64::MAX, asked in i64::MIN..=i64::MAX) {
        let purchase = Purchase::new(paid, 1).unwrap();
        let made = [purchase.chosen(ClaimKind::PartialCompensation, asked), purchase.price_difference(asked)];
        for claim in made.into_iter().flatten() {
            prop_assert!(claim.amount_fen.is_some_and(|fen| fen > 0 && fen <= paid));
        }
    }

    #[test]
    fn any_promise_can_be_read(text in "\\PC*", paid in 1..=i64::MAX) {
        if let Ok(claim) = Purchase::new(paid, 1).unwrap().promised(&text) {
            prop_assert!(claim.amount_fen.is_some_and(|fen| fen >= paid));
        }
    }

    #[test]
    fn any_numeral_can_be_read(text in "假[一1][赔罚][一二三四五六七八九十百0-9]{0,6}") {
        if let Some(found) = promised_multiple(&text) {
            prop_assert!(found.times > 0 && text.contains(&found.excerpt));
        }
    }
}
