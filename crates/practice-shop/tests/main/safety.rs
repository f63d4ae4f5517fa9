//! What a buyer types is text on every page, and no input brings the shop down.

use serde_json::json;
use sigu_practice_shop::Skin;

use crate::browser::{Browser, encoded, shop};

const ATTACK: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>";

#[test]
fn what_buyers_type_is_text() {
    for skin in Skin::ALL {
        let shop = shop(skin);
        let order = shop.buy(1, 1, ATTACK, "").unwrap();
        let mut browser = Browser::of(&shop);
        let path = order.order_url.strip_prefix(&shop.url("")).unwrap().to_owned();
        let typed = encoded(ATTACK);
        browser.post("/kefu/send", &[("content", ATTACK)]);
        let paths = [
            path,
            "/kefu".to_owned(),
            format!("/issuer/?login={typed}"),
            format!("/issuer/balance?login={typed}"),
            format!("/order?orderId={typed}"),
            format!("/user/index/query?tradeNo={typed}"),
            format!("/?mod=query&data={typed}"),
            format!("/complaint?orderId={typed}"),
            format!("/user/workorder.php?orderid={typed}"),
            format!("/_phone/{typed}"),
            format!("/_pages/frames?other={}", encoded("http://127.0.0.1:1/\"><script>alert(1)</script>")),
        ];
        for path in paths {
            let page = browser.get(&path);
            page.hides("<script>alert(");
            page.hides("<img src=x");
        }
    }
}

#[test]
fn the_alliance_escapes_inside_its_json() {
    let shop = shop(Skin::Rbw);
    let mut browser = Browser::of(&shop);
    browser.post("/ajax.php?act=pay", &[("tid", "1"), ("num", "1"), ("inputvalue", ATTACK)]);
    let page = browser.get("/?mod=query").text();
    let skey = page.split("data-skey=\"").nth(1).unwrap().split('"').next().unwrap();
    let order = browser.post("/ajax.php?act=order", &[("id", "10086"), ("skey", skey)]).json();
    let inputs = order["inputs"].as_str().unwrap();
    assert!(inputs.contains("&lt;script&gt;") && !inputs.contains("<script"), "{inputs}");
}

#[test]
fn odd_requests_are_answered() {
    for skin in Skin::ALL {
        let shop = shop(skin);
        let mut browser = Browser::of(&shop);
        let long = "界".repeat(5_000);
        for path in [
            "/",
            "/kefu/send",
            "/issuer/redeem",
            "/create-order",
            "/user/api/index/secret",
            "/ajax.php?act=x",
        ] {
            let answer =
                browser.post(path, &[("gid", &long), ("content", &long), ("login", &long), ("id", "-1")]);
            assert!(answer.status < 500, "{skin} {path} {}", answer.status);
        }
        for path in ["/_control/knobs", "/_control/buy", "/_control/decide", "/user/api/ticket/create"] {
            let answer = browser.post_json(path, &json!([1, "x", null]));
            assert!((400..500).contains(&answer.status), "{skin} {path} {}", answer.status);
        }
        assert_eq!(browser.get("/about").status, 200);
    }
}
