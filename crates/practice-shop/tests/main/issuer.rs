//! The issuer's answers, and that a code is good for once.

use sigu_practice_shop::{CardState, Knobs, Skin};

use crate::browser::{Browser, shop, shop_with};

#[test]
fn a_code_is_good_for_once() {
    let shop = shop(Skin::DjUnicorn);
    let order = shop.buy(1, 2, "a", "").unwrap();
    let mut browser = Browser::of(&shop);
    browser.get("/issuer/").shows(&["登录账号", "立即兑换"]);
    let mut redeem =
        |login: &str, code: &str| browser.post("/issuer/redeem", &[("login", login), ("code", code)]);
    redeem("zhang", &order.codes[0]).shows(&[
        "兑换成功",
        "<dd>0.00</dd>",
        "<dd>94.50</dd>",
        "2026-11-22 09:30:01",
    ]);
    shop.advance(60);
    redeem("li", &order.codes[0]).shows(&["该卡已使用", "使用时间：2026-11-22 09:30:01", "z***"]);
    redeem("zhang", &order.codes[1]).shows(&["兑换成功", "<dd>94.50</dd>", "<dd>189.00</dd>"]);
    redeem("zhang", "0000000000000000").shows(&["该卡无效"]);
    let balance = browser.get("/issuer/balance?login=zhang");
    balance.shows(&["<b id=\"balance\">189.00</b>", "+94.50"]);
    balance.hides(&order.codes[0]);
    browser.get("/issuer/balance?login=li").shows(&["0.00", "暂无记录"]);
}

#[test]
fn every_state_of_a_card_has_its_answer() {
    for (knobs, code, title) in [
        (Knobs { card: CardState::Used, ..Knobs::default() }, 1002, "已使用"),
        (Knobs { card: CardState::Invalid, ..Knobs::default() }, 1001, "无效"),
        (Knobs { card: CardState::Expired, ..Knobs::default() }, 1003, "过期"),
        (Knobs { card: CardState::WrongRegion, ..Knobs::default() }, 1004, "区域限制"),
        (Knobs { wrong_region: true, ..Knobs::default() }, 1004, "区域限制"),
    ] {
        let shop = shop_with(Skin::Qs, knobs);
        let order = shop.buy(1, 1, "a", "").unwrap();
        let fields = [("login", "zhang"), ("code", order.codes[0].as_str())];
        let answer = Browser::of(&shop).post("/issuer/api/redeem", &fields).json();
        assert_eq!(answer["code"], code);
        assert!(answer["msg"].as_str().unwrap().contains(title), "{answer}");
        assert_eq!(answer["balance_before"], answer["balance_after"]);
        if code == 1002 {
            // Two days, one hour, two minutes and five seconds before the order.
            assert!(answer["detail"].as_str().unwrap().contains("2026-11-20 08:27:56"), "{answer}");
        }
    }
}
