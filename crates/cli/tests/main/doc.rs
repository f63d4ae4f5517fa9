//! Papers through the binary: made, fixed, exported, and said to hold no more once what they rest on is gone.

use serde_json::Value;

use crate::process::Home;

fn home() -> Home {
    let home = Home::with_vault();
    home.good(&["order", "new", "A", "--title", "点卡", "--amount", "30", "--paid", "2026-11-20 20:32:58"]);
    home.file("page.txt", "订单号 20261120203258 点卡 30.00 元 已发货");
    home.good(&["fix", "page.txt", "--order", "A", "--as", "transaction"]);
    home
}

fn papers(value: &Value) -> &Vec<Value> {
    value["papers"].as_array().expect("a list of papers")
}

#[test]
fn a_paper_is_fixed_once_and_holds_until_what_it_rests_on_is_erased() {
    let home = home();
    assert!(papers(&home.json(&["doc", "list", "--order", "A"])).is_empty());
    let made = home.json(&["doc", "catalogue", "--order", "A"]);
    let pdf = std::fs::read(home.path().join("catalogue-A.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && made["pages"].as_u64() >= Some(2), "{made}");
    let again = home.json(&["doc", "catalogue", "--order", "A", "--out", "again.pdf"]);
    assert_eq!(
        std::fs::read(home.path().join("again.pdf")).unwrap(),
        pdf,
        "the same case gives the same bytes"
    );
    assert_eq!(again["item"], made["item"], "and is fixed once");
    home.exits(1, &["doc", "catalogue", "--order", "A"]);
    let exhibit = made["rests_on"][0].as_str().unwrap().to_owned();

    home.good(&["export", "--order", "A", "--out", "before.zip"]);
    let verified = home.json(&["verify", "before.zip"]);
    assert_eq!(papers(&verified).len(), 1, "{verified}");
    assert!(papers(&verified)[0]["erased"].as_array().unwrap().is_empty());

    home.good(&["erase", &exhibit, "--yes"]);
    let listed = home.json(&["doc", "list", "--order", "A"]);
    assert_eq!(papers(&listed)[0]["erased"][0], exhibit.as_str());
    home.good(&["export", "--order", "A", "--out", "after.zip"]);
    let verified = home.json(&["verify", "after.zip"]);
    assert_eq!(papers(&verified)[0]["erased"][0], exhibit.as_str(), "{verified}");
}

#[test]
fn what_is_missing_is_named_and_nothing_is_written() {
    let home = home();
    let told = home.exits(1, &["doc", "letter", "--order", "A", "--lang", "zh"]);
    assert!(
        told.contains("缺少") && told.contains("出了什么问题") && told.contains("sigu observe A"),
        "{told}"
    );
    assert!(!home.path().join("letter-A.pdf").exists());
    let text = home.json(&["doc", "catalogue", "--order", "A", "--format", "md", "--out", "c.md"]);
    assert!(text["pages"].is_null());
    assert!(std::fs::read_to_string(home.path().join("c.md")).unwrap().starts_with("# 证据目录"));
}

#[test]
fn the_cover_carries_the_log_as_it_stands() {
    let home = home();
    let page = home.json(&["fix", "page.txt", "--order", "A", "--as", "delivery"]);
    let page = page["fixed"][0]["item"].as_str().expect("an item").to_owned();
    home.good(&["observe", "A", "not-delivered", "--at", "2026-11-21 09:00", "--proof", &page]);
    let log = home.json(&["log"]);
    let fingerprint = log["logs"][0]["fingerprint"].as_str().expect("a fingerprint").to_owned();
    home.good(&["doc", "cover", "--order", "A", "--format", "txt", "--out", "cover.txt"]);
    let text = std::fs::read_to_string(home.path().join("cover.txt")).unwrap();
    assert!(text.contains(&fingerprint) && text.contains("sigu/v1/"), "{text}");
    let pdf = home.json(&["doc", "cover", "--order", "A"]);
    assert!(pdf["pages"].as_u64() >= Some(1), "{pdf}");
}

#[test]
fn a_dossier_is_fixed_in_its_order_and_a_year_in_none() {
    let home = home();
    let paid = ["--amount", "45", "--paid", "2026-09-21 14:30:12", "--merchant", "小栈数码"];
    home.good(&[&["order", "new", "B", "--title", "会员"], &paid[..]].concat());
    home.good(&["order", "set", "A", "--merchant", "小栈数码"]);
    home.file("delivery.txt", "卡号 YST0093821 已被使用");
    home.good(&["fix", "delivery.txt", "--order", "B", "--as", "transaction"]);
    let made = home.json(&["doc", "merchant", "--order", "A"]);
    assert!(std::fs::read(home.path().join("merchant-A.pdf")).unwrap().starts_with(b"%PDF-"), "{made}");
    let exhibits = made["rests_on"].as_array().unwrap();
    assert_eq!(exhibits.len(), 2, "one of each order: {made}");
    home.exits(2, &["doc", "merchant"]);
    // What is erased in the other order is seen in this one.
    home.good(&["erase", exhibits[1].as_str().unwrap(), "--yes"]);
    let listed = home.json(&["doc", "list", "--order", "A"]);
    assert_eq!(papers(&listed)[0]["erased"][0], exhibits[1], "{listed}");

    let review = home.json(&["doc", "year", "--year", "2026", "--format", "md"]);
    assert!(review["item"].is_null(), "{review}");
    let text = std::fs::read_to_string(home.path().join("year-2026.md")).unwrap();
    assert!(text.contains("| 9 月 | 45.00 | 0.00 | 0.00 |"), "{text}");
    assert_eq!(papers(&home.json(&["doc", "list", "--order", "A"])).len(), 1, "it is fixed nowhere");
    let told = home.exits(2, &["doc", "year", "--lang", "zh"]);
    assert!(told.contains("--year 年份"), "{told}");
    let told = home.exits(2, &["doc", "catalogue", "--lang", "zh"]);
    assert!(told.contains("--order"), "{told}");
    home.exits(2, &["doc", "catalogue", "--order", "A", "--year", "2026"]);
    home.exits(2, &["doc", "year", "--year", "2026", "--order", "A"]);
    let told = home.exits(1, &["doc", "year", "--year", "2020", "--lang", "zh"]);
    assert!(told.contains("2020 年的记录"), "{told}");
}

#[test]
fn one_payment_of_two_orders_is_seen() {
    let home = home();
    home.good(&["order", "new", "B", "--title", "会员"]);
    let txn = "4200001234202605201234567890";
    for order in ["A", "B"] {
        home.file("voucher.txt", "微信支付 30.00");
        let fixed = home.json(&["fix", "voucher.txt", "--order", order, "--as", "voucher"]);
        let item = fixed["fixed"][0]["item"].as_str().expect("an item").to_owned();
        home.good(&[
            "payment",
            order,
            "--channel",
            "wechat-pay",
            "--txn",
            txn,
            "--amount",
            "30",
            "--proof",
            &item,
        ]);
    }
    home.good(&["doc", "payments", "--order", "A", "--format", "md", "--out", "payments.md"]);
    let text = std::fs::read_to_string(home.path().join("payments.md")).unwrap();
    assert!(text.contains("同一交易单号还出现在订单 B 中"), "{text}");
}
