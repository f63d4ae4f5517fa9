//! Each knob changes what it should, on the pages that exist already.

use serde_json::json;
use sigu_practice_shop::{Knobs, Purchase, Shop, Skin};

use crate::browser::{Answer, Browser, shop, shop_with};

fn page(shop: &Shop, url: &str) -> Answer {
    Browser::of(shop).get(url.strip_prefix(&shop.url("")).unwrap())
}

fn bought(shop: &Shop) -> Purchase {
    shop.buy(1, 3, "buyer@mail.test", "").unwrap()
}

#[test]
fn knobs_change_the_order_page() {
    // (skin, knob, value, what the order page shows then, what it does not show then)
    let table = [
        (Skin::DjUnicorn, "placeholder", "true", "正在发货中，请耐心等待", "卡号："),
        (Skin::DjUnicorn, "delivery-delay-seconds", "60", ">处理中</span>", "卡号："),
        (Skin::DjUnicorn, "empty_status", "true", ">异常</span>", "卡号："),
        (Skin::DjUnicorn, "wrong_region", "true", "仅限港澳台服使用", ""),
        (Skin::DjHyper, "empty_status", "true", "<label>订单状态：</label><span></span>", "已完成"),
        (Skin::Qs, "refund_to_balance", "true", "已退至平台余额", ""),
        (Skin::Qs, "delivered_cards", "1", "发放卡密1张", "发放卡密3张"),
        (Skin::Qs, "placeholder", "true", "发放卡密0张", "卡号："),
        (Skin::Rbw, "refund_to_balance", "true", "已退款(平台余额)", "已完成</font>"),
        (Skin::Rbw, "empty_status", "true", ">异常</font>", ""),
        (Skin::Rbw, "delivery_delay_seconds", "60", ">正在处理</font>", "查看卡密"),
    ];
    for (skin, name, value, shown, hidden) in table {
        let shop = shop(skin);
        let order = bought(&shop);
        let before = page(&shop, &order.order_url);
        shop.set(Knobs::default().with(name, value).unwrap());
        let after = page(&shop, &order.order_url);
        after.shows(&[shown]);
        before.hides(shown);
        if !hidden.is_empty() {
            before.shows(&[hidden]);
            after.hides(hidden);
        }
    }
}

#[test]
fn some_software_knows_no_refund() {
    for skin in [Skin::DjUnicorn, Skin::DjHyper] {
        let shop = shop_with(skin, Knobs { refund_to_balance: true, ..Knobs::default() });
        let order = page(&shop, &bought(&shop).order_url);
        order.shows(&["已完成"]);
        order.hides("已退款");
    }
}

#[test]
fn partial_delivery_shows_the_first_cards_only() {
    let shop = shop(Skin::DjUnicorn);
    let order = bought(&shop);
    shop.set(Knobs { delivered_cards: Some(2), ..Knobs::default() });
    let text = page(&shop, &order.order_url);
    text.shows(&[&order.codes[0], &order.codes[1]]);
    text.hides(&order.codes[2]);
}

#[test]
fn acg_says_delivered_even_without_a_card() {
    let knobs = Knobs { empty_status: true, ..Knobs::default() };
    let shop = shop_with(Skin::Acg, knobs);
    let order = bought(&shop);
    let mut browser = Browser::of(&shop);
    let found = browser.post("/user/api/index/query", &[("keywords", &order.order_no)]).json();
    assert_eq!(found["data"]["list"][0]["delivery_status"], 1);
    let secret = browser.post("/user/api/index/secret", &[("tradeNo", &order.order_no)]).json();
    assert!(secret["data"]["secret"].as_str().unwrap().contains("抢先"), "{secret}");
}

#[test]
fn a_delay_ends() {
    let shop = shop_with(Skin::DjUnicorn, Knobs { delivery_delay_seconds: 60, ..Knobs::default() });
    let order = bought(&shop);
    shop.advance(59);
    page(&shop, &order.order_url).hides(&order.codes[0]);
    shop.advance(1);
    page(&shop, &order.order_url).shows(&[&order.codes[0], "已完成"]);
}

#[test]
fn goods_of_the_manual_kind_wait_for_a_person() {
    let shop = shop(Skin::DjUnicorn);
    let order = shop.buy(5, 1, "a", "").unwrap();
    page(&shop, &order.order_url).shows(&["待处理", "人工处理"]);
    shop.advance(600);
    page(&shop, &order.order_url).shows(&["已完成", &order.codes[0]]);
}

#[test]
fn records_vanish_but_the_voucher_stays() {
    for skin in Skin::ALL {
        let shop = shop_with(skin, Knobs { delete_after_minutes: Some(120), ..Knobs::default() });
        let (timed, deleted) = (bought(&shop), bought(&shop));
        assert!(shop.delete_order(&deleted.order_no) && !shop.delete_order(&deleted.order_no));
        let states = |order: &Purchase| page(&shop, &order.order_url).text().contains("星海OL");
        let by_json = |order: &Purchase| {
            let found = Browser::of(&shop).post("/user/api/index/query", &[("keywords", &order.order_no)]);
            found.json()["data"]["total"] == 1
        };
        let there = |order: &Purchase| if skin == Skin::Acg { by_json(order) } else { states(order) };
        assert!(there(&timed) && !there(&deleted), "{skin}");
        shop.advance(120 * 60 - 1);
        assert!(there(&timed), "{skin}");
        shop.advance(1);
        assert!(!there(&timed), "{skin}");
        page(&shop, &timed.voucher_url).shows(&[&timed.transaction_id]);
    }
}

#[test]
fn the_product_text_is_edited_after_the_purchase() {
    for skin in Skin::ALL {
        let shop = shop(skin);
        let order = bought(&shop);
        page(&shop, &order.product_url).shows(&["包换包退", "核实后全额退款"]);
        shop.set(Knobs::default().with("edited_text", "虚拟商品售出不退不换").unwrap());
        let after = page(&shop, &order.product_url);
        after.shows(&["虚拟商品售出不退不换"]);
        after.hides("核实后全额退款");
    }
}

#[test]
fn the_rules_have_two_versions() {
    let shop = shop_with(Skin::Qs, Knobs { rules_version: 2, ..Knobs::default() });
    let rules = Browser::of(&shop).get("/rules");
    rules.shows(&["V2.0", "退款退至平台余额"]);
    rules.hides("V1.3");
}

#[test]
fn the_control_door_turns_knobs_and_makes_orders() {
    let shop = shop(Skin::Rbw);
    let mut browser = Browser::of(&shop);
    let answer = browser.post_json("/_control/knobs", &json!({ "card": "used", "merchant": "silent" }));
    assert_eq!((&answer.json()["card"], answer.status), (&"used".into(), 200));
    assert_eq!(browser.post_json("/_control/knobs", &json!({ "cart": 1 })).status, 400);
    assert_eq!(browser.post_json("/_control/knobs", &json!({ "card": "lost" })).status, 400);
    let order = browser.post_json("/_control/buy", &json!({ "goods": 2, "quantity": 2 })).json();
    assert_eq!(order["codes"].as_array().unwrap().len(), 2);
    let number = json!({ "order_no": order["order_no"] });
    assert_eq!(browser.post_json("/_control/delete", &number).status, 200);
    let before = shop.now();
    browser.post_json("/_control/advance", &json!({ "seconds": 90 }));
    assert_eq!(shop.now().as_second() - before.as_second(), 90);
    assert_eq!(
        browser.post_json("/_control/decide", &json!({"order_no": "1", "outcome": "solved"})).status,
        400
    );
}

#[test]
fn names_and_values_of_knobs_are_checked() {
    let knobs = Knobs::default();
    assert_eq!(knobs.with("delete-after-minutes", "5").unwrap().delete_after_minutes, Some(5));
    for (name, value) in
        [("nothing", "1"), ("card", "gone"), ("delivered_cards", "-1"), ("placeholder", "ja")]
    {
        let why = knobs.with(name, value).unwrap_err();
        assert!(why.contains("旋钮") && why.contains("knob"), "{why}");
    }
}
