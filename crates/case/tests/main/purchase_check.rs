//! The check before buying: every factor apart, unknown is not good, and the edges of the rules.

use sigu_case::dossier::dossier;
use sigu_case::purchase_check::{
    Advice, Detail, Factor, FactorKind, Intent, PurchaseCheck, Reason, Verdict, check, is_high_value,
};
use sigu_case::report::{MerchantNoted, Outcome, Part};
use sigu_case::{Coded, Event, GoodsKind, House};

use crate::dossier::{bought, closed, noted, problem, say, state};
use crate::made::time;

const SHOP: &str = "流萤卡铺";

fn intent() -> Intent {
    let merchant = Some(SHOP.to_owned());
    let goods = Some(GoodsKind::GamePointCard);
    Intent { merchant, goods, price_fen: 3_000, ..Intent::default() }
}

/// Checks with what the log says of the shop.
fn checked(events: Vec<Event>, intent: &Intent) -> PurchaseCheck {
    let state = state(events);
    let house = House::of(&state);
    let now = time("2026-11-22T08:00:00Z");
    let known = dossier(&house, state.orders(), now, SHOP);
    check(&house, known.as_ref(), intent, now)
}

fn reason(check: &PurchaseCheck, kind: FactorKind) -> (Verdict, Reason) {
    let factor = check.factor(kind).unwrap();
    (factor.verdict, factor.reason)
}

#[test]
fn every_code_has_words_and_every_slot_is_filled() {
    for kind in <FactorKind as Coded>::all() {
        let text = kind.text();
        assert!(!text.name.is_incomplete() && !text.why.is_incomplete(), "{kind}");
    }
    for advice in <Advice as Coded>::all() {
        assert!(!advice.text().is_incomplete(), "{advice}");
    }
    let table: toml::Table = toml::from_str(include_str!("../../data/dossier.toml")).unwrap();
    let codes = |list: &str| -> Vec<String> {
        let rows = table[list].as_array().unwrap();
        rows.iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect()
    };
    let all: Vec<String> = Reason::ALL.iter().map(|reason| reason.code().to_owned()).collect();
    assert_eq!(codes("reason"), all);
    let all: Vec<String> = FactorKind::ALL.iter().map(|kind| kind.code().to_owned()).collect();
    assert_eq!(codes("factor"), all);
    for row in table["reason"].as_array().unwrap() {
        assert!(Verdict::from_code(row["verdict"].as_str().unwrap()).is_some(), "{row:?}");
        for language in ["zh", "en"] {
            assert!(!row["text"][language].as_str().unwrap().trim().is_empty(), "{row:?}");
        }
    }
    for code in table["high_value_goods"].as_array().unwrap() {
        assert!(GoodsKind::from_code(code.as_str().unwrap()).is_some(), "{code:?}");
    }
    let rich = Intent {
        typical_price_fen: Some(3_100),
        payee: Some("路人甲".into()),
        shown_rate_bp: Some(120),
        deposit_fen: Some(1),
        ..intent()
    };
    for events in [vec![], vec![bought("A", SHOP), problem("A")]] {
        for factor in checked(events, &rich).factors {
            assert!(!factor.text.is_incomplete(), "{factor:?}");
            assert!(!factor.text.zh.contains('{') && !factor.text.en.contains('{'), "{factor:?}");
        }
    }
}

#[test]
fn nothing_known_is_unknown_and_asks_for_care() {
    let check = checked(vec![], &Intent::default());
    for kind in [
        FactorKind::Deposit,
        FactorKind::OwnRate,
        FactorKind::ShownRate,
        FactorKind::Escrow,
        FactorKind::Coverage,
        FactorKind::History,
        FactorKind::Identity,
        FactorKind::Price,
        FactorKind::Payee,
        FactorKind::SellerType,
        FactorKind::LegalRisk,
        FactorKind::Rules,
    ] {
        assert_eq!(reason(&check, kind).0, Verdict::Unknown, "{kind}");
    }
    assert_eq!(check.factors.len(), FactorKind::ALL.len());
    assert_eq!(check.advice, Advice::Careful);
}

#[test]
fn a_deposit_is_sufficient_from_the_price_on() {
    for (deposit_fen, found) in [
        (None, Reason::DepositUnknown),
        (Some(0), Reason::DepositShort),
        (Some(2_999), Reason::DepositShort),
        (Some(3_000), Reason::DepositCovers),
        (Some(i64::MAX), Reason::DepositCovers),
    ] {
        let check = checked(vec![], &Intent { deposit_fen, ..intent() });
        assert_eq!(reason(&check, FactorKind::Deposit).1, found, "{deposit_fen:?}");
    }
    // What is seen now wins over an older note.
    let note = MerchantNoted { deposit_fen: Some(100_000), ..noted(SHOP, "2026-09-01T00:00:00Z") };
    let old = checked(vec![say(note.clone())], &intent());
    assert_eq!(reason(&old, FactorKind::Deposit).1, Reason::DepositCovers);
    assert_eq!(old.advice, Advice::Ok);
    let now = checked(vec![say(note)], &Intent { deposit_fen: Some(1), ..intent() });
    assert_eq!(reason(&now, FactorKind::Deposit).1, Reason::DepositShort);
    assert_eq!(now.advice, Advice::Careful);
}

#[test]
fn own_and_shown_rates_stand_apart_and_are_strict() {
    for (shown, found) in
        [(499, Reason::ShownBelow), (500, Reason::ShownNotBelow), (501, Reason::ShownNotBelow)]
    {
        let check = checked(vec![], &Intent { shown_rate_bp: Some(shown), ..intent() });
        assert_eq!(reason(&check, FactorKind::ShownRate).1, found, "{shown}");
        assert_eq!(reason(&check, FactorKind::OwnRate).1, Reason::OwnNone);
    }
    for (disputed, orders, found) in [
        (0, 1, Reason::OwnFew),
        (0, 9, Reason::OwnFew),
        (1, 1, Reason::OwnFewNotBelow),
        (1, 5, Reason::OwnFew),
        (2, 9, Reason::OwnFewNotBelow),
        (0, 10, Reason::OwnBelow),
        (1, 20, Reason::OwnNotBelow),
        (1, 21, Reason::OwnBelow),
    ] {
        let mut events = Vec::new();
        for n in 0..orders {
            let id = format!("A{n}");
            events.push(bought(&id, SHOP));
            if n < disputed {
                events.push(problem(&id));
            }
        }
        let check = checked(events, &intent());
        assert_eq!(reason(&check, FactorKind::OwnRate).1, found, "{disputed}/{orders}");
        let Detail::Own { rate, limit_bp } = check.factor(FactorKind::OwnRate).unwrap().detail else {
            panic!("{check:?}")
        };
        assert_eq!((rate.hits, rate.of, limit_bp), (disputed, orders, 500));
    }
}

#[test]
fn what_is_expensive_needs_escrow_or_coverage() {
    use GoodsKind::{EnterpriseLicence, GameAccount, GamePointCard};
    for (goods, price_fen, high) in [
        (GamePointCard, 49_999, false),
        (GamePointCard, 50_000, true),
        (GameAccount, 1, true),
        (EnterpriseLicence, 0, true),
    ] {
        let base = Intent { goods: Some(goods), price_fen, ..intent() };
        assert_eq!(is_high_value(&base), high, "{goods:?} {price_fen}");
        for (escrow, coverage, protected) in [
            (None, None, false),
            (Some(false), Some(false), false),
            (Some(true), None, true),
            (Some(false), Some(true), true),
        ] {
            let check = checked(vec![], &Intent { escrow, coverage, ..base.clone() });
            let expected = match (high, protected) {
                (false, _) => (Verdict::Good, Reason::ValueUsual),
                (true, true) => (Verdict::Good, Reason::ValueProtected),
                (true, false) => (Verdict::Warn, Reason::ValueUnprotected),
            };
            assert_eq!(reason(&check, FactorKind::HighValue), expected);
            let terms = check.save_first.iter().any(|save| save.part == Part::CoverageTerms);
            assert_eq!(terms, coverage == Some(true));
        }
    }
    // That a market is only said to have escrow is no protection.
    let said = Intent {
        goods: Some(GameAccount),
        platform: Some("closed-app".into()),
        price_fen: 186_000,
        ..intent()
    };
    let check = checked(vec![], &said);
    assert_eq!(reason(&check, FactorKind::Escrow), (Verdict::Unknown, Reason::EscrowUnverified));
    assert_eq!(reason(&check, FactorKind::HighValue).1, Reason::ValueUnprotected);
}

#[test]
fn the_other_factors() {
    let one = |change: fn(&mut Intent), kind: FactorKind| {
        let mut intent = intent();
        change(&mut intent);
        reason(&checked(vec![], &intent), kind)
    };
    type Row = (fn(&mut Intent), FactorKind, Verdict, Reason);
    let table: &[Row] = &[
        (|i| i.typical_price_fen = Some(5_000), FactorKind::Price, Verdict::Good, Reason::PriceUsual),
        (|i| i.typical_price_fen = Some(5_001), FactorKind::Price, Verdict::Warn, Reason::PriceLow),
        (|i| i.typical_price_fen = Some(0), FactorKind::Price, Verdict::Unknown, Reason::PriceUnknown),
        (|i| i.payee = Some("云州市流萤卡铺".into()), FactorKind::Payee, Verdict::Good, Reason::PayeeMatches),
        (
            |i| i.payee = Some("云州市小鹿百货店".into()),
            FactorKind::Payee,
            Verdict::Warn,
            Reason::PayeeUnrelated,
        ),
        (|i| i.platform = Some("acg".into()), FactorKind::SellerType, Verdict::Warn, Reason::SellerNoAppeal),
        (
            |i| i.platform = Some("generic-t6".into()),
            FactorKind::SellerType,
            Verdict::Warn,
            Reason::SellerNoAppeal,
        ),
        (|i| i.platform = Some("qs".into()), FactorKind::SellerType, Verdict::Good, Reason::SellerWithAppeal),
        (
            |i| i.goods = Some(GoodsKind::GameAccount),
            FactorKind::LegalRisk,
            Verdict::Warn,
            Reason::AccountTrade,
        ),
        (|i| i.off_platform_asked = true, FactorKind::OffPlatform, Verdict::Bad, Reason::OffPlatformAsked),
    ];
    for (change, kind, verdict, expected) in table {
        assert_eq!(one(*change, *kind), (*verdict, *expected), "{kind}");
    }
}

#[test]
fn history_weighs_by_how_disputes_ended() {
    let order = || bought("A", SHOP);
    let table = [
        (vec![order()], Reason::HistoryGood),
        (vec![order(), problem("A")], Reason::HistoryDisputed),
        (vec![order(), problem("A"), closed("A", Outcome::Reissued)], Reason::HistoryDisputed),
        (vec![order(), problem("A"), closed("A", Outcome::GivenUp)], Reason::HistoryUnresolved),
    ];
    for (events, expected) in table {
        let check = checked(events, &intent());
        assert_eq!(reason(&check, FactorKind::History).1, expected);
    }
}

#[test]
fn the_advice_follows_its_rule() {
    let factor = |kind: FactorKind, verdict: Verdict| Factor {
        kind,
        verdict,
        reason: Reason::PriceUsual,
        detail: Detail::None,
        text: sigu_case::bilingual::Bilingual::default(),
    };
    use FactorKind::{Deposit, Escrow, HighValue, OffPlatform, Price};
    use Verdict::{Bad, Good, Unknown, Warn};
    let table: &[(&[(FactorKind, Verdict)], Advice)] = &[
        (&[], Advice::Careful),
        (&[(Deposit, Unknown)], Advice::Careful),
        (&[(Price, Good)], Advice::Careful),
        (&[(Deposit, Good)], Advice::Ok),
        (&[(Deposit, Good), (Escrow, Warn)], Advice::Ok),
        (&[(Deposit, Good), (HighValue, Warn)], Advice::Careful),
        (&[(Deposit, Good), (Escrow, Good), (OffPlatform, Bad)], Advice::BetterNot),
    ];
    for (factors, expected) in table {
        let factors: Vec<Factor> = factors.iter().map(|(kind, verdict)| factor(*kind, *verdict)).collect();
        assert_eq!(Advice::of(&factors), *expected, "{factors:?}");
    }
    let asked = checked(vec![], &Intent { off_platform_asked: true, deposit_fen: Some(9_999), ..intent() });
    assert_eq!(asked.advice, Advice::BetterNot);
    let parts: Vec<Part> = asked.save_first.iter().map(|save| save.part).collect();
    use Part::{AfterSale, Chat, Copy, Licence, PlatformRule, ShopHome, Spec};
    assert_eq!(parts, [Copy, Spec, AfterSale, ShopHome, Licence, PlatformRule, Chat]);
}
