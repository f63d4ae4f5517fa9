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
