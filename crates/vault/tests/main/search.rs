//! Searching: what was recorded is found by its words, what was erased or is secret is not, and nothing readable lies in the
//! database.

use proptest::prelude::*;
use sigu_case::report::{
    Body, ItemDescribed, MerchantNoted, PayChannel, PaymentSeen, PromiseKind, PromiseMade, PromisePlace,
    Report, StepTaken,
};
use sigu_case::search::Target;
use sigu_case::{Command, ItemId, OrderFacts};
use sigu_vault::{Found, Vault};

use crate::support::{
    CARD, House, ORDER, at, fix, fix_command, fix_secret, ingest_one, manifest, message, open_order, order,
    say,
};

fn report(vault: &Vault, report: impl Into<Report>, minute: i64) -> ItemId {
    vault.execute(vec![Command::Report(report.into())], at(minute)).unwrap()[0]
}

fn amend(vault: &Vault, facts: OrderFacts, minute: i64) {
    vault.execute(vec![Command::AmendOrder { order: order(ORDER), facts }], at(minute)).unwrap();
}

fn targets(found: &Found) -> Vec<Target> {
    found.hits.iter().map(|hit| hit.target.clone()).collect()
}

/// What stands at the marks of all answers.
fn marked(found: &Found) -> Vec<String> {
    let texts = found.hits.iter().flat_map(|hit| &hit.texts);
    let cut = |text: &sigu_case::search::Marked| -> Vec<String> {
        let cut =
            |mark: &std::ops::Range<usize>| text.text.chars().skip(mark.start).take(mark.len()).collect();
        text.marks.iter().map(cut).collect()
    };
    texts.flat_map(cut).collect()
}

fn described(item: ItemId, caption: &str, url: &str, minute: i64) -> ItemDescribed {
    ItemDescribed {
        at: at(minute),
        order: order(ORDER),
        item,
        form: None,
        parts: Vec::new(),
        url: Some(url.to_owned()),
        clock_off_s: None,
        continuous: None,
        original_kept: None,
        own_account: None,
        lawful: None,
        caption: Some(caption.to_owned()),
        proves: Some("卖家承认卡密已被使用".to_owned()),
    }
}

/// A payment, a complaint, a note of the merchant.
fn fill_reports(vault: &Vault) {
    report(
        vault,
        PaymentSeen {
            at: at(8),
            order: order(ORDER),
            channel: PayChannel::WechatPay,
            txn: Some("4200001234202608019876543210".to_owned()),
            merchant_order_no: None,
            payee: Some("某某网络科技有限公司".to_owned()),
            payer: None,
            amount_fen: Some(4500),
            product: None,
            proof: None,
        },
        8,
    );
    report(
        vault,
        StepTaken {
            at: at(9),
            order: order(ORDER),
            body: Body::Platform,
            category: Some("商品与描述不符".to_owned()),
            reference: Some("TS88421".to_owned()),
            claim_fen: None,
            proof: None,
        },
        9,
    );
    report(
        vault,
        MerchantNoted {
            at: at(10),
            merchant: "橙壳数卡".to_owned(),
            deposit_fen: None,
            shown_rate_bp: None,
            escrow: None,
            coverage: None,
            note: Some("保证金页面打不开".to_owned()),
            proof: None,
        },
        10,
    );
}

/// Fills the vault with one text of each kind; gives the items of an exhibit, a message and a promise.
fn fill(vault: &Vault) -> (ItemId, ItemId, ItemId) {
    let facts = OrderFacts {
        title: Some("王者荣耀 点券 ＶＩＰ 礼包".to_owned()),
        merchant: Some("橙壳數卡".to_owned()),
        platform: Some("异次元发卡".to_owned()),
        order_no: Some("ORDER-20260801-77A".to_owned()),
        ..OrderFacts::default()
    };
    amend(vault, facts, 2);
    let taken = ingest_one(vault, sigu_vault::Source::Bytes(b"page".to_vec()));
    let fixed = vault.execute(vec![fix_command(manifest(&taken, "订单页面截图.png"))], at(3)).unwrap()[0];
    report(vault, described(fixed, "旧的说明文字", "https://shop.example/old", 4), 4);
    report(vault, described(fixed, "付款之后的页面", "https://shop.example/order/9", 5), 5);
    let said = say(vault, "這個卡密無效，請退款。第二行 VIP-9 不退不换", 6);
    let promised = report(
        vault,
        PromiseMade {
            at: at(7),
            order: order(ORDER),
            kind: PromiseKind::Refund,
            place: PromisePlace::Dialogue,
            text: "二十四小时内原路退回".to_owned(),
            due_at: None,
            proof: None,
        },
        7,
    );
    fill_reports(vault);
    (fixed, said, promised)
}

#[test]
fn every_kind_of_text_is_found_with_its_place() {
    let house = House::new();
    house.with(|vault| {
        let (fixed, said, promised) = fill(vault);
        let merchant = Target::Merchant("橙壳数卡".to_owned());
        for (asked, target, words) in [
            ("点券", Target::Order, "点券"),
            ("點券", Target::Order, "点券"),
            ("vip", Target::Order, "ＶＩＰ"),
            ("异次元", Target::Order, "异次元"),
            ("ORDER-2026", Target::Order, "ORDER-2026"),
            ("ｏｒｄｅｒ－２０２６", Target::Order, "ORDER-2026"),
            ("260801", Target::Order, "260801"),
            (ORDER, Target::Order, ORDER),
            ("截图", Target::Exhibit(fixed), "截图"),
            ("付款之后", Target::Exhibit(fixed), "付款之后"),
            ("已被使用", Target::Exhibit(fixed), "已被使用"),
            ("shop.example/order/9", Target::Exhibit(fixed), "shop.example/order/9"),
            ("无效,请退款", Target::Message(said), "無效，請退款"),
            ("卡密", Target::Message(said), "卡密"),
            ("VIP-9", Target::Message(said), "VIP-9"),
            ("原路", Target::Report(promised), "原路"),
            ("保证金", merchant, "保证金"),
        ] {
            let found = vault.search(asked, 50).unwrap();
            assert!(targets(&found).contains(&target), "{asked}: {found:?}");
            assert!(marked(&found).iter().any(|found| found == words), "{asked}: {found:?}");
        }
        for (asked, hits) in
            [("98765432", 1), ("科技有限", 1), ("描述不符", 1), ("ts88421", 1), ("橙壳数卡", 2)]
        {
            assert_eq!(vault.search(asked, 50).unwrap().hits.len(), hits, "{asked}");
        }
        for nothing in ["旧的说明", "shop.example/old", "卡密有效", "ORDER-2027", "点券会员", "——", ""]
        {
            assert_eq!(vault.search(nothing, 50).unwrap(), Found::default(), "{nothing}");
        }
    });
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn all_words_have_to_be_in_one_entry_and_one_character_is_looked_for_in_orders() {
    let house = House::new();
    house.with(|vault| {
        let (_, said, _) = fill(vault);
        assert_eq!(targets(&vault.search("数卡 礼包", 9).unwrap()), [Target::Order]);
        assert_eq!(targets(&vault.search("退款 不换", 9).unwrap()), [Target::Message(said)]);
        assert!(vault.search("数卡 退款", 9).unwrap().hits.is_empty(), "in two entries");
        assert_eq!(targets(&vault.search("橙", 9).unwrap()), [Target::Order]);
        assert_eq!(targets(&vault.search("款", 9).unwrap()), [], "only in a message");
    });
}

#[test]
fn the_last_recorded_comes_first_and_more_is_said() {
    let house = House::new();
    house.with(|vault| {
        let commands = (0..60).map(|number| message(&format!("第 {number} 次催促发货"), number));
        let said = vault.execute(commands.collect(), at(70)).unwrap();
        let found = vault.search("催促", 50).unwrap();
        assert!(found.more);
        let last: Vec<Target> = said.iter().rev().take(50).map(|item| Target::Message(*item)).collect();
        assert_eq!(targets(&found), last);
        let all = vault.search("催促", 60).unwrap();
        assert_eq!((all.hits.len(), all.more), (60, false));
    });
}

/// Every byte that the vault keeps, its database first of all.
fn database(house: &House) -> Vec<u8> {
    std::fs::read(house.places.vault.join("vault.db")).unwrap()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn nothing_readable_lies_in_the_database_and_secrets_are_not_found() {
    let house = House::new();
    house.with(|vault| {
        fill(vault);
        fix_secret(vault, CARD, 20);
        say(vault, &format!("卡密：{CARD} 请查收"), 21);
        for part in [CARD, "M9XW", "2TRD", "M9XW-2TRD"] {
            assert_eq!(vault.search(part, 50).unwrap(), Found::default(), "{part}");
        }
        assert_eq!(vault.search("请查收", 50).unwrap().hits.len(), 1);
    });
    let bytes = database(&house);
    for text in [
        CARD,
        "M9XW",
        "m9xw",
        "点券",
        "無效",
        "无效",
        "order-2026",
        "ORDER-2026",
        "rder-",
        "截图",
        "橙壳",
        ORDER,
    ] {
        assert!(!holds(&bytes, text), "{text}");
    }
    assert!(holds(&bytes, "search_words"), "it is the database that was read");
}

/// The codes that the index has, by FTS5's own view of it.
fn codes(house: &House) -> i64 {
    let connection = rusqlite::Connection::open(house.places.vault.join("vault.db")).unwrap();
    connection
        .execute_batch("CREATE VIRTUAL TABLE temp.seen USING fts5vocab('main', 'search_words', 'row')")
        .unwrap();
    connection.query_row("SELECT count(*) FROM temp.seen", [], |row| row.get(0)).unwrap()
}

#[test]
fn what_was_erased_is_gone_from_the_index_too() {
    let house = House::new();
    house.with(|vault| fix(vault, "kept", 2));
    let before = codes(&house);
    let (fixed, said) = house.with(|vault| {
        let taken = ingest_one(vault, sigu_vault::Source::Bytes(b"page".to_vec()));
        let fixed = vault.execute(vec![fix_command(manifest(&taken, "支付宝账单.png"))], at(3)).unwrap()[0];
        report(vault, described(fixed, "一处说明", "https://a.example/zzzz", 4), 4);
        (fixed, say(vault, "这句话将被删除", 5))
    });
    assert!(codes(&house) > before + 10);
    house.with(|vault| {
        vault.erase(fixed, &["file.name".to_owned()], at(6)).unwrap();
        assert_eq!(vault.search("支付宝", 9).unwrap(), Found::default());
        assert_eq!(vault.search("一处说明", 9).unwrap().hits.len(), 1);
        vault.erase(fixed, &[], at(7)).unwrap();
        vault.erase(said, &[], at(8)).unwrap();
        for gone in ["一处说明", "zzzz", "将被删除", "已被使用"] {
            assert_eq!(vault.search(gone, 9).unwrap(), Found::default(), "{gone}");
        }
    });
    assert_eq!(codes(&house), before, "not even a code is left");
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn an_index_made_again_gives_the_same_answers() {
    let house = House::new();
    let asked = ["点券", "退款", "ORDER-2026", "橙壳数卡", "橙", "原路", "已被使用", "page"];
    house.with(|vault| {
        fill(vault);
        open_order(vault, "dk02", 30).unwrap();
        let gone = say(vault, "退款 erased", 31);
        vault.erase(gone, &[], at(32)).unwrap();
        let answers = asked.map(|asked| vault.search(asked, 50).unwrap());
        assert!(answers.iter().all(|found| !found.hits.is_empty() || found == answers.last().unwrap()));
        vault.rebuild().unwrap();
        assert_eq!(asked.map(|asked| vault.search(asked, 50).unwrap()), answers);
    });
    assert_eq!(house.assert_clean(), []);
}

#[test]
fn what_follows_an_append_is_what_a_rebuild_makes_whatever_the_clock_says() {
    let house = House::new();
    house.with(|vault| {
        let fine = at(2) + jiff::SignedDuration::from_nanos(123_456_789);
        let taken = ingest_one(vault, sigu_vault::Source::Bytes(b"page".to_vec()));
        vault.execute(vec![fix_command(manifest(&taken, "page.txt")), message("退款", 2)], fine).unwrap();
        let facts = OrderFacts::default();
        vault.execute(vec![Command::OpenOrder { order: order("dk09"), facts }], fine).unwrap();
    });
    assert_eq!(house.assert_clean(), []);
}

/// Changes the database behind the back of a writer at work, who then closes it with what stands there.
fn meddled(house: &House, sql: &str) {
    house.with(|vault| {
        say(vault, "the last word", 40);
        let connection = rusqlite::Connection::open(house.places.vault.join("vault.db")).unwrap();
        connection.execute_batch(sql).unwrap();
    });
}

#[test]
fn a_vault_from_before_the_index_gets_one() {
    let house = House::new();
    house.with(fill);
    meddled(&house, "DROP TABLE search_words; DROP TABLE search_rows; PRAGMA user_version = 1");
    assert_eq!(house.assert_clean(), [], "it is whole without one");
    house.with(|vault| assert_eq!(vault.search("点券", 9).unwrap().hits.len(), 1));
    assert_eq!(house.assert_clean(), []);
    house.with(|vault| assert_eq!(vault.search("退款", 9).unwrap().hits.len(), 1));
}

#[test]
fn a_damaged_index_is_found_by_a_check_and_made_again() {
    let house = House::new();
    house.with(fill);
    meddled(&house, "INSERT INTO search_words(rowid, words) VALUES (77, '0123456789')");
    assert_eq!(house.codes(), [sigu_vault::FindingCode::ProjectionDiffers]);
    house.with(|vault| vault.rebuild().unwrap());
    assert_eq!(house.assert_clean(), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_phrase_from_anywhere_is_found_and_one_from_nowhere_is_not(
        texts in prop::collection::vec("[点卡會員無效退款订单換貨]{2,12}[，。 -]?[a-cA-C0-9]{0,9}", 1..6),
        picked in any::<prop::sample::Index>(), from in 0_usize..12, length in 2_usize..9,
        random in "[点卡会员无效退款甲乙]{2,6}",
    ) {
        let house = House::new();
        let simple = |text: &str| sigu_case::search::Fold::of(text).text();
        house.with(|vault| {
            let said: Vec<ItemId> = texts.iter().map(|text| say(vault, text, 3)).collect();
            let picked = picked.index(texts.len());
            let phrase: String = texts[picked].chars().skip(from).take(length).collect();
            let pairs = sigu_case::search::tokens(sigu_case::search::Fold::of(&phrase).chars());
            // A pair of Chinese characters or four letters; fewer may be a part of a longer word.
            if pairs.iter().any(|part| !part.is_ascii() || part.len() == 4) {
                let found = vault.search(&phrase, 50).unwrap();
                prop_assert!(targets(&found).contains(&Target::Message(said[picked])), "{phrase:?}: {found:?}");
            }
            let found = targets(&vault.search(&random, 50).unwrap());
            for (text, item) in texts.iter().zip(&said) {
                let there = simple(&sigu_evidence::mask_text(text)).contains(&simple(&random));
                prop_assert_eq!(found.contains(&Target::Message(*item)), there, "{:?} in {:?}", random, text);
            }
            Ok(())
        })?;
    }
}
