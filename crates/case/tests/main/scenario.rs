//! The scenario table: complete in both languages, true to domain §4, the right category on each platform.

use std::collections::BTreeSet;

use sigu_case::GoodsKind;
use sigu_case::bilingual::Bilingual;
use sigu_case::category::{Category, CategoryAdvice, advise};
use sigu_case::platform::{Profile, Registry};
use sigu_case::scenario::{Deadline, LegalRisk, Proof, Scenario, Table};
use sigu_case::step::Step;

/// The articles that the law table of domain §3 has, by statute.
const STATUTES: &[(&str, &str)] = &[
    ("CPL", "2 8 10 11 16 20 21 22 23 24 25 26 28 29 39 40 44 45 46 48 52 53 55 56"),
    ("CPLR", "9 10 11 12 13 17 18 19 21 22 44 46 47 49"),
    ("ECL", "9 13 15 16 17 18 19 20 31 32 33 34 38 39 49 50 51 53 54 55 56 57 58 59 60 61 62 63 74 83"),
    ("OTM", "8 12 14 17 18 19 21 24 28 30 31 34"),
    ("PRM", "4 7 8 9 12 13 14 15 16 19 20 21 28 30 32"),
    ("CC", "19 20 127 144 145 148 152 153 157 188 195 201 203 491 496 497 498 500 506 509 511 512"),
    ("CC", "563 565 566 577 579 580 581 582 583 584 585 591 592 612 615 617 620 621 622 646 985 986 987"),
    ("NCI", "1 2 3 4 5 6 7 10"),
    ("PEN", "5 6 8 9 10 12 16"),
    ("RET7", "6 7 14 20"),
    ("PRICE", "19 20"),
    ("ATF", "14 20 31 44"),
    ("MIN", "44 46"),
    ("CRIM", "266 274"),
];

fn known_laws() -> BTreeSet<String> {
    let of = |(statute, articles): &(&str, &str)| {
        articles.split(' ').map(|article| format!("L-{statute}-{article}")).collect::<Vec<_>>()
    };
    STATUTES.iter().flat_map(of).collect()
}

fn complete(text: &Bilingual, of: &str) {
    assert!(!text.is_incomplete(), "{of}: {text:?}");
    assert!(!text.zh.is_ascii() || text.zh == text.en, "{of}: no Chinese in {text:?}");
    assert!(!text.en.contains(['，', '。', '；', '？']), "{of}: Chinese marks in {text:?}");
}

fn profile(id: &str) -> &'static Profile {
    Registry::built_in().find(id).unwrap_or_else(|| panic!("no profile {id}"))
}

fn advice(scenario: Scenario, platform: &str) -> CategoryAdvice {
    advise(scenario, profile(platform))
}

#[test]
fn there_is_one_row_for_each_scenario_in_the_order_of_the_table() {
    let codes: Vec<_> = Table::get().rows().iter().map(|row| row.code).collect();
    assert_eq!(codes, Scenario::ALL);
    assert_eq!(codes.len(), 22);
    for (at, row) in Table::get().rows().iter().enumerate() {
        assert_eq!(usize::from(row.number), at + 1);
        assert_eq!(Scenario::from_code(row.code.code()), Some(row.code));
    }
    assert_eq!(Scenario::from_code("KeyInvalid"), None, "one spelling");
}

#[test]
fn every_text_is_there_in_both_languages() {
    for row in Table::get().rows() {
        let of = row.code.code();
        let rights = row.right.iter().filter_map(|right| right.when.as_ref());
        let labels = row.wrong.iter().filter_map(|wrong| wrong.label.as_ref());
        let whys = row.wrong.iter().map(|wrong| &wrong.why);
        let steps = row.steps.iter().filter_map(|step| step.note.as_ref());
        let all = [&row.name, &row.question, &row.hint].into_iter().chain(&row.notes);
        all.chain(rights).chain(labels).chain(whys).chain(steps).for_each(|text| complete(text, of));
        assert!(row.question.zh.ends_with('？') && row.question.en.ends_with('?'), "{of} asks");
    }
    for category in Category::ALL {
        complete(&category.text().name, category.code());
        complete(&category.text().hint, category.code());
    }
    for proof in Proof::ALL {
        complete(&proof.text().label, proof.code());
        complete(&proof.text().how, proof.code());
    }
    for risk in LegalRisk::ALL {
        complete(&Table::get().risk(*risk).notice, risk.code());
    }
}

#[test]
fn rows_have_what_a_case_needs_and_nothing_twice() {
    for row in Table::get().rows() {
        let of = row.code.code();
        assert!(!row.must.is_empty() && !row.right.is_empty() && !row.claims.is_empty(), "{of}");
        assert!(!row.basis.is_empty() && !row.steps.is_empty() && !row.notes.is_empty(), "{of}");
        let proofs: BTreeSet<_> = row.must.iter().chain(&row.nice).collect();
        assert_eq!(proofs.len(), row.must.len() + row.nice.len(), "{of}: a proof twice");
        let right: BTreeSet<_> = row.right.iter().map(|right| right.category).collect();
        assert_eq!(right.len(), row.right.len(), "{of}: a category twice");
        for wrong in &row.wrong {
            assert!(wrong.category.is_some() || wrong.label.is_some(), "{of}: a wrong choice without a name");
            assert!(
                wrong.category.is_none_or(|category| !right.contains(&category)),
                "{of}: right and wrong"
            );
        }
        assert!(right.iter().all(|category| !category.text().wrong_by_default), "{of}");
        let early_is_a_step = |early: &Step| row.steps.iter().any(|choice| choice.step == *early);
        assert!(row.early.iter().all(early_is_a_step), "{of}");
    }
}

#[test]
fn every_proof_is_asked_for_somewhere() {
    let rows = Table::get().rows();
    let asked: BTreeSet<_> = rows.iter().flat_map(|row| row.must.iter().chain(&row.nice)).collect();
    // The map of payments to orders belongs to every package and to no single scenario (S14).
    let everywhere = [Proof::PaymentLink];
    let unasked: Vec<_> =
        Proof::ALL.iter().filter(|proof| !asked.contains(proof) && !everywhere.contains(proof)).collect();
    assert!(unasked.is_empty(), "{unasked:?}");
}

#[test]
fn every_law_is_one_of_the_law_table() {
    let known = known_laws();
    let form = |id: &str| {
        let parts: Vec<_> = id.split('-').collect();
        let upper = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        matches!(parts[..], ["L", statute, article] if !statute.is_empty() && upper(statute)
            && !article.is_empty() && article.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let rows = Table::get().rows().iter().map(|row| (row.code.code(), &row.basis));
    let risks = LegalRisk::ALL.iter().map(|risk| (risk.code(), &Table::get().risk(*risk).basis));
    for (of, basis) in rows.chain(risks) {
        for id in basis {
            assert!(form(id), "{of}: {id}");
            assert!(known.contains(id), "{of}: {id} is not in the law table");
        }
        assert_eq!(basis.iter().collect::<BTreeSet<_>>().len(), basis.len(), "{of}: a law twice");
    }
}

#[test]
fn an_invalid_key_is_product_quality_and_not_logistics() {
    // S39.
    for platform in Registry::built_in().profiles() {
        let advice = advise(Scenario::KeyInvalid, platform);
        assert_eq!(advice.canonical, [Category::GoodsQuality], "{}", platform.id);
        let wrong: Vec<_> = advice.wrong.iter().filter_map(|wrong| wrong.category).collect();
        assert_eq!(wrong, [Category::LogisticsDelay, Category::HowToUse], "{}", platform.id);
    }
    assert_eq!(Category::GoodsQuality.text().name.zh, "商品质量问题");
    assert_eq!(Category::LogisticsDelay.text().name.zh, "物流延迟");
}

#[test]
fn a_vanished_merchant_is_a_violating_trade() {
    // S40.
    let advice = advice(Scenario::MerchantVanished, "generic-t2");
    assert_eq!(advice.canonical, [Category::ViolatingTrade]);
    assert_eq!(Category::ViolatingTrade.text().name.zh, "违规交易");
    assert!(advice.wrong.iter().any(|wrong| wrong.category == Some(Category::GoodsQuality)));
}

#[test]
fn logistics_delay_is_named_as_wrong_for_every_scenario() {
    for scenario in Scenario::ALL {
        let advice = advice(*scenario, "qs");
        let named = advice.wrong.iter().filter(|wrong| wrong.category == Some(Category::LogisticsDelay));
        assert_eq!(named.count(), 1, "{scenario}");
        assert!(!advice.canonical.contains(&Category::LogisticsDelay), "{scenario}");
    }
}

/// Domain §4, "Mapping to real forms": scenario, canonical category, platform, entry (`-` for none).
const FORMS: &[(Scenario, Category, &str, &str)] = &[
    (Scenario::KeyInvalid, Category::GoodsQuality, "qs", "无效卡密"),
    (Scenario::KeyInvalid, Category::GoodsQuality, "qfk", "卡密无效"),
    (Scenario::KeyInvalid, Category::GoodsQuality, "rbw", "卡密错误"),
    (Scenario::KeyInvalid, Category::GoodsQuality, "fkn", "无效卡密"),
    (Scenario::KeyInvalid, Category::GoodsQuality, "acg", "售后支持"),
    (Scenario::NonDelivery, Category::NotReceived, "qs", "欺诈骗钱"),
    (Scenario::LateDelivery, Category::NotReceived, "qs", "无效卡密"),
    (Scenario::NonDelivery, Category::NotReceived, "qfk", "未收到货"),
    (Scenario::NonDelivery, Category::NotReceived, "rbw", "充值没到账"),
    (Scenario::NonDelivery, Category::NotReceived, "fkn", "其他投诉"),
    (Scenario::NonDelivery, Category::NotReceived, "acg", "售后支持"),
    (Scenario::NotAsDescribed, Category::NotAsDescribed, "qs", "描述不符"),
    (Scenario::NotAsDescribed, Category::NotAsDescribed, "qfk", "描述不符"),
    (Scenario::NotAsDescribed, Category::NotAsDescribed, "rbw", "其它问题"),
    (Scenario::NotAsDescribed, Category::NotAsDescribed, "fkn", "虚假商品"),
    (Scenario::NotAsDescribed, Category::NotAsDescribed, "acg", "售后支持"),
    (Scenario::MerchantVanished, Category::ViolatingTrade, "qs", "欺诈骗钱"),
    (Scenario::MerchantVanished, Category::ViolatingTrade, "qfk", "其他"),
    (Scenario::MerchantVanished, Category::ViolatingTrade, "rbw", "其它问题"),
    (Scenario::MerchantVanished, Category::ViolatingTrade, "fkn", "其他投诉"),
    (Scenario::MerchantVanished, Category::ViolatingTrade, "acg", "售后支持"),
    (Scenario::IllegalGoods, Category::IllegalGoods, "qs", "涉嫌色情/涉嫌赌博/实名账号/盗版侵权/非法外挂"),
    (Scenario::IllegalGoods, Category::IllegalGoods, "qfk", "其他"),
    (Scenario::IllegalGoods, Category::IllegalGoods, "rbw", "-"),
    (Scenario::IllegalGoods, Category::IllegalGoods, "fkn", "非法商品/侵权商品/恐怖色情"),
    (Scenario::IllegalGoods, Category::IllegalGoods, "acg", "-"),
    (Scenario::AccountRecovered, Category::AccountRecovered, "qs", "欺诈骗钱"),
    (Scenario::AccountRecovered, Category::AccountRecovered, "qfk", "其他"),
    (Scenario::AccountRecovered, Category::AccountRecovered, "rbw", "其它问题"),
    (Scenario::AccountRecovered, Category::AccountRecovered, "fkn", "虚假商品"),
    (Scenario::AccountRecovered, Category::AccountRecovered, "acg", "售后支持"),
];

#[test]
fn every_cell_of_the_mapping_to_real_forms_holds() {
    for (scenario, canonical, platform, entry) in FORMS {
        let advice = advice(*scenario, platform);
        let of = format!("{scenario} on {platform}");
        assert_eq!(advice.canonical.first(), Some(canonical), "{of}");
        let found: Vec<_> =
            advice.on_platform.iter().chain(&advice.alternatives).map(|own| own.name.zh.as_str()).collect();
        if *entry == "-" {
            assert_eq!(found, [""; 0], "{of}");
            complete(advice.not_mapped_reason.as_ref().unwrap(), &of);
            continue;
        }
        let wanted: Vec<_> = entry.split('/').collect();
        assert_eq!(found.first(), wanted.first(), "{of}");
        assert!(wanted.iter().all(|one| found.contains(one)), "{of}: {found:?}");
        assert_eq!(advice.choose_by_content, wanted.len() > 1, "{of}");
        assert_eq!(advice.not_mapped_reason, None, "{of}");
    }
}

#[test]
fn the_second_words_of_the_mapping_are_alternatives() {
    let second =
        |scenario, platform| advice(scenario, platform).alternatives.first().map(|own| own.name.zh.clone());
    assert_eq!(second(Scenario::NonDelivery, "qs").as_deref(), Some("无效卡密"));
    assert_eq!(second(Scenario::LateDelivery, "rbw").as_deref(), Some("业务补单"));
}

/// The example cases C01 to C05: scenario, platform, right category, entry, categories that are wrong.
#[test]
fn the_example_cases_get_their_categories() {
    use Category::{AccountRecovered, GoodsQuality, LogisticsDelay, NotAsDescribed, NotReceived};
    type Case = (&'static str, Scenario, &'static str, Category, Option<&'static str>, &'static [Category]);
    let cases: [Case; 5] = [
        ("C01", Scenario::NonDelivery, "ACG", NotReceived, Some("售后支持"), &[LogisticsDelay, GoodsQuality]),
        ("C02", Scenario::ExpiredThoughPermanent, "DJ", NotAsDescribed, None, &[]),
        ("C03", Scenario::KeyUsed, "QS", GoodsQuality, Some("无效卡密"), &[Category::HowToUse]),
        ("C04", Scenario::LateDelivery, "RBW", NotReceived, Some("充值没到账"), &[LogisticsDelay]),
        (
            "C05",
            Scenario::AccountRecovered,
            "closed_app",
            AccountRecovered,
            Some("账号被卖家找回"),
            &[GoodsQuality],
        ),
    ];
    for (case, scenario, platform, right, entry, not) in cases {
        let advice = advice(scenario, platform);
        assert_eq!(advice.canonical[0], right, "{case}");
        assert_eq!(advice.on_platform.as_ref().map(|own| own.name.zh.as_str()), entry, "{case}");
        for category in not {
            assert!(advice.wrong.iter().any(|wrong| wrong.category == Some(*category)), "{case}: {category}");
        }
    }
}

#[test]
fn a_wrong_choice_is_called_as_the_form_calls_it() {
    // C03: wrong is 不会使用, an entry of the QS form.
    let advice = advice(Scenario::KeyUsed, "qs");
    let wrong = advice.wrong.iter().find(|wrong| wrong.category == Some(Category::HowToUse)).unwrap();
    assert_eq!(wrong.on_platform.as_ref().map(|own| own.name.zh.as_str()), Some("不会使用"));
    assert_eq!(wrong.label.zh, "不会使用");
}

#[test]
fn an_entry_that_is_right_is_not_called_wrong_as_well() {
    for profile in Registry::built_in().profiles() {
        for scenario in Scenario::ALL {
            let advice = advise(*scenario, profile);
            let right: Vec<_> = advice.on_platform.iter().chain(&advice.alternatives).collect();
            let clash = advice.wrong.iter().filter_map(|wrong| wrong.on_platform.as_ref());
            assert!(clash.clone().all(|own| !right.contains(&own)), "{scenario} on {}", profile.id);
        }
    }
}

#[test]
fn advice_has_an_entry_or_says_why_not() {
    for profile in Registry::built_in().profiles() {
        for scenario in Scenario::ALL {
            let advice = advise(*scenario, profile);
            let of = format!("{scenario} on {}", profile.id);
            assert_ne!(advice.on_platform.is_some(), advice.not_mapped_reason.is_some(), "{of}");
            assert!(!advice.why.is_empty(), "{of}");
            let texts = advice.why.iter().chain(&advice.not_mapped_reason);
            let wrong = advice.wrong.iter().flat_map(|wrong| [&wrong.label, &wrong.why]);
            texts.chain(wrong).for_each(|text| complete(text, &of));
        }
    }
    let reason = advice(Scenario::KeyInvalid, "dj").not_mapped_reason.unwrap();
    assert!(reason.zh.contains("支付渠道"), "D3: {}", reason.zh);
}

#[test]
fn the_basis_of_the_example_cases_is_in_their_rows() {
    let row = |scenario| Table::get().row(scenario).basis.clone();
    let has = |basis: &[String], wanted: &str| {
        wanted.split(' ').for_each(|id| assert!(basis.iter().any(|one| one == id), "{id} not in {basis:?}"));
    };
    has(&row(Scenario::NonDelivery), "L-ECL-20 L-ECL-51 L-CC-512 L-CPL-48");
    // C02 is a refusal as well: the merchant says 概不退换.
    let both = [row(Scenario::ExpiredThoughPermanent), row(Scenario::MerchantRefuses)].concat();
    has(&both, "L-CPL-20 L-CPL-23 L-CPL-26 L-CPLR-12 L-CC-497 L-CC-622");
    has(&row(Scenario::LateDelivery), "L-ECL-20 L-CC-512 L-CC-577");
}

#[test]
fn the_proof_of_the_example_cases_is_in_their_rows() {
    let late = Table::get().row(Scenario::LateDelivery);
    // S8: the detail page and the record of non-delivery.
    assert!(
        late.must.contains(&Proof::ProductDescription) && late.must.contains(&Proof::NonDeliveryObservation)
    );
    let recovered = Table::get().row(Scenario::AccountRecovered);
    let c05 = [
        Proof::NoRecoveryPromise,
        Proof::HandOverRecord,
        Proof::LoginFailure,
        Proof::ResetFailure,
        Proof::CoverageTerms,
    ];
    assert!(c05.iter().all(|proof| recovered.must.contains(proof)));
    assert!(recovered.police_option && recovered.clocks.contains(&Deadline::CoverageClaim));
    let used = Table::get().row(Scenario::KeyUsed);
    assert!(used.must.contains(&Proof::RevealTime) && used.must.contains(&Proof::IssuerUsedAt));
}

#[test]
fn the_way_up_is_that_of_the_table() {
    let way = |scenario| {
        let row = Table::get().row(scenario);
        row.steps.iter().map(|choice| choice.step.code()).collect::<Vec<_>>().join(" ")
    };
    let table = [
        (Scenario::KeyInvalid, "E1 E3 E5 E10"),
        (Scenario::KeyUsed, "E1 E3 E5 E10"),
        (Scenario::DuplicateSale, "E1 E3 E5"),
        (Scenario::LateDelivery, "E1 E3"),
        (Scenario::NonDelivery, "E1 E3 E5"),
        (Scenario::PartialDelivery, "E1 E3 E5"),
        (Scenario::AccountRecovered, "E1 coverage E7 E10"),
        (Scenario::AccountBanned, "E1 E10"),
        (Scenario::NotAsDescribed, "E1 E5"),
        (Scenario::ExpiredThoughPermanent, "E1 E5 E10"),
        (Scenario::WrongRegion, "E1 E5"),
        (Scenario::MerchantVanished, "E1 E3 E5 E7 E10"),
        (Scenario::MerchantRefuses, "E1 E3 E5"),
        (Scenario::OffPlatformInduced, "E3 E7 E1 E10"),
        (Scenario::PriceFeeFraud, "E1 E5"),
        (Scenario::UnauthorizedCharge, "E3 E5"),
        (Scenario::MinorPurchase, "E1 E5 E10"),
        (Scenario::PlatformRefuses, "E2 E5 E10"),
        (Scenario::RechargeWrongAccount, "E0"),
        (Scenario::BalanceTrapped, "E3 E5 E7"),
        (Scenario::IllegalGoods, "E1 E8 E7"),
        (Scenario::RefundNotArrived, "E3 E5"),
    ];
    for (scenario, steps) in table {
        assert_eq!(way(scenario), steps, "{scenario}");
    }
    assert_eq!(Table::get().row(Scenario::NonDelivery).early, [Step::E3]);
}

#[test]
fn risks_are_told_where_the_deal_itself_is_doubtful() {
    let risks = |scenario, goods| Table::get().risks(scenario, goods);
    assert_eq!(risks(Scenario::AccountRecovered, None), [LegalRisk::AccountTrade]);
    assert_eq!(risks(Scenario::KeyInvalid, Some(GoodsKind::GameAccount)), [LegalRisk::AccountTrade]);
    assert_eq!(risks(Scenario::AccountBanned, Some(GoodsKind::GameAccount)), [LegalRisk::AccountTrade]);
    assert_eq!(
        risks(Scenario::KeyInvalid, Some(GoodsKind::MembershipAccount)),
        [],
        "C03 is a code, no account"
    );
    let illegal = Table::get().row(Scenario::IllegalGoods);
    assert!(illegal.performance_barred && illegal.risks.contains(&LegalRisk::ForbiddenGoods));
    let barred = Table::get().rows().iter().filter(|row| row.performance_barred);
    assert_eq!(barred.count(), 1);
    let at_once: Vec<_> =
        Table::get().rows().iter().filter(|row| row.police_at_once).map(|row| row.code).collect();
    assert_eq!(at_once, [Scenario::OffPlatformInduced]);
}
