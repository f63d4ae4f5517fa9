//! The way of a buyer through each skin, with the addresses, labels and selectors of its software.

use serde_json::Value;
use sigu_practice_shop::{Knobs, Shop, Skin};

use crate::browser::{Browser, home, shop};

/// Pays on the phone; the voucher's address.
fn pay(browser: &mut Browser, number: &str) {
    browser.get(&format!("/wxpay/{number}")).shows(&["立即支付"]);
    let voucher = browser.post(&format!("/wxpay/{number}"), &[]).place().to_owned();
    let shown = browser.get(&voucher);
    shown.shows(&["支付成功", "商户全称", "交易单号", "商户单号", number, "2026-11-22 09:30:01"]);
}

fn last(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

fn order_dj(browser: &mut Browser) -> String {
    browser.get("/").shows(&["/buy/1", "自动发货"]);
    browser.get("/buy/1").shows(&["94.50", "质保", "退款说明", "使用说明", "有效期", "区服", "search_pwd"]);
    let fields = [("gid", "1"), ("by_amount", "2"), ("email", "a@mail.test"), ("search_pwd", "abc")];
    let bill = browser.post("/create-order", &fields).place().to_owned();
    let number = last(&bill);
    assert_eq!(bill, format!("/bill/{number}"));
    browser.get(&bill).shows(&["订单确认", &number, "189.00"]);
    browser.get(&format!("/pay-gateway/wechat/wescan/{number}")).shows(&["<svg", "微信扫码支付"]);
    let check = format!("/check-order-status/{number}");
    assert_eq!(browser.get(&check).json()["code"], 400_000);
    pay(browser, &number);
    assert_eq!(browser.get(&check).json()["code"], 200);
    number
}

#[test]
fn unicorn_sells_and_shows_the_card() {
    let shop = shop(Skin::DjUnicorn);
    let mut browser = Browser::of(&shop);
    let number = order_dj(&mut browser);
    let page = browser.get(&format!("/detail-order-sn/{number}"));
    page.shows(&[
        "class=\"card order-card\"",
        &format!("<small class=\"text-muted\">订单号：{number}</small>"),
        "<label>订单名称：</label><span>星海OL 点卡 100元面值 x 2</span>",
        "<label>购买数量：</label><span>2</span>",
        "<label>订单创建时间：</label><span>2026-11-22 09:30:01</span>",
        "<label>下单邮箱：</label><span>a@mail.test</span>",
        "<label>订单类型：</label><span>自动发货</span>",
        "<label>实际支付价格：</label><span>189.00</span>",
        "<label>订单状态：</label><span class=\"badge bg-success\">已完成</span>",
        "<label>支付方式：</label>",
        "class=\"card-info\"",
        "<textarea class=\"form-control\"",
        "id=\"copy-card\" data-clipboard-text=\"卡号：",
    ]);
    assert_eq!(page.text().matches("卡号：").count(), 4, "two cards, in the field and on the button");
}

#[test]
fn hyper_sells_and_shows_the_card() {
    let shop = shop(Skin::DjHyper);
    let mut browser = Browser::of(&shop);
    let number = order_dj(&mut browser);
    browser.get(&format!("/detail-order-sn/{number}")).shows(&[
        "class=\"orderinfo-grid\"",
        &format!("badge-outline-primary\">订单号：{number}"),
        "class=\"orderinfo-info\"",
        "<label>下单数量：</label>",
        "<label>下单时间：</label>",
        "<label>邮箱：</label>",
        "<label>订单总价：</label>",
        "class=\"orderinfo-kami\"",
        "textarea-kami",
        "kami-btn",
        "复制卡密",
    ]);
}

#[test]
fn dj_finds_orders_in_three_ways_and_five_at_most() {
    let shop = shop(Skin::DjUnicorn);
    let mut browser = Browser::of(&shop);
    let number = order_dj(&mut browser);
    let by_number = browser.post("/search-order-by-sn", &[("order_sn", &number)]);
    assert_eq!(by_number.place(), format!("/detail-order-sn/{number}"));
    let asked = [("email", "a@mail.test"), ("search_pwd", "abc")];
    browser.post("/search-order-by-email", &asked).shows(&[&number]);
    let wrong = [("email", "a@mail.test"), ("search_pwd", "no")];
    browser.post("/search-order-by-email", &wrong).hides(&number);
    assert!(browser.cookies["dujiaoka_orders"].contains(&number));
    browser.post("/search-order-by-browser", &[]).shows(&[&number]);
    for _ in 0..6 {
        shop.buy(1, 1, "a@mail.test", "abc").unwrap();
    }
    let page = browser.post("/search-order-by-email", &asked);
    assert_eq!(page.text().matches("订单号：").count(), 5);
    browser.cookies.clear();
    browser.post("/search-order-by-browser", &[]).hides(&number);
}

#[test]
fn acg_draws_from_json_and_wants_the_password() {
    let shop = shop(Skin::Acg);
    let mut browser = Browser::of(&shop);
    browser.get("/item/2").shows(&[
        "<h4>",
        "宝贝类型",
        "item-detail",
        "panel-body",
        "已售",
        "库存",
        "退款说明",
    ]);
    let fields = [("commodity_id", "2"), ("num", "1"), ("contact", "10001"), ("password", "pw")];
    let placed = browser.post("/user/api/order/trade", &fields).json();
    let number = placed["data"]["tradeNo"].as_str().unwrap().to_owned();
    let listed = |browser: &mut Browser| {
        let answer =
            browser.post("/user/api/index/query", &[("keywords", &number), ("page", "1"), ("limit", "10")]);
        answer.json()["data"]["list"][0].clone()
    };
    assert_eq!(
        (&listed(&mut browser)["status"], &listed(&mut browser)["delivery_status"]),
        (&0.into(), &0.into())
    );
    pay(&mut browser, &number);
    let order = listed(&mut browser);
    for field in [
        "trade_no",
        "amount",
        "card_num",
        "create_time",
        "pay_time",
        "race",
        "sku",
        "leave_message",
        "contact",
    ] {
        assert!(!order[field].is_null(), "{field}: {order}");
    }
    assert_eq!((&order["status"], &order["delivery_status"]), (&1.into(), &1.into()));
    let page = browser.get(&format!("/user/index/query?tradeNo={number}"));
    page.shows(&["order-query-form", "name=\"keywords\"", &number]);
    page.hides("2026-11-22");
    let mut secret = |password: &str| -> Value {
        browser.post("/user/api/index/secret", &[("tradeNo", &number), ("password", password)]).json()
    };
    assert_eq!(secret("wrong")["msg"], "密码错误");
    let code = secret("pw")["data"]["secret"].as_str().unwrap().to_owned();
    assert_eq!((code.len(), code.matches('-').count()), (19, 3), "{code}");
}

#[test]
fn acg_script_uses_the_selectors_of_the_software() {
    let shop = shop(Skin::Acg);
    let script = Browser::of(&shop).get("/assets/acg/acg.js");
    script.shows(&[
        "order-item",
        "order-no-text",
        "order-time-text",
        "payment-time-text",
        "payment-name",
        "amount-number",
        "status-badge status-",
        "goods-name",
        "goods-sku",
        "shipment-badge",
        "shipment-waiting",
        "shipment-paid",
        "card-display",
        "card-password-section",
        "card-password-input",
        "view-card-btn",
        "dataset.no",
    ]);
}

#[test]
fn qs_sells_with_a_password_before_the_cards() {
    let shop = shop(Skin::Qs);
    let mut browser = Browser::of(&shop);
    browser.get("/links/1").shows(&["商品名称", "取卡密码", "退款说明", "使用说明", "联系方式"]);
    let fields = [("goodid", "1"), ("quantity", "1"), ("contact", "10001"), ("pwdforsearch", "k9")];
    let number = last(browser.post(&home("order/create"), &fields).place());
    pay(&mut browser, &number);
    let page = browser.get(&format!("/order?orderId={number}"));
    page.shows(&[
        "订单号：",
        "下单时间：",
        "付款方式：",
        "支付金额：",
        "发放卡密1张",
        "联系商家：",
        "取卡密码",
    ]);
    page.hides("copyText");
    browser.get(&format!("/order?orderId={number}&pwd=k9")).shows(&[
        "id=\"copyText\"",
        "导出卡密",
        "复制卡密",
        "卡号：",
        "    卡密：",
        "订单投诉",
    ]);
    let query = [("orderid", number.as_str()), ("queryType", "1"), ("pwd", "k9")];
    let found = browser.post(&home("order/query"), &query).json()["data"][0].clone();
    assert_eq!((&found["status"], &found["sendout"], &found["quantity"]), (&1.into(), &1.into(), &1.into()));
    assert_eq!(found["cards"].as_array().unwrap().len(), 1);
}

#[test]
fn rbw_sells_and_opens_a_modal_from_json() {
    let shop = shop(Skin::Rbw);
    let mut browser = Browser::of(&shop);
    browser.get("/?mod=buy2&tid=1").shows(&["商品简介", "下单账号", "退款说明"]);
    let placed =
        browser.post("/ajax.php?act=pay", &[("tid", "1"), ("num", "1"), ("inputvalue", "10001")]).json();
    let number = placed["trade_no"].as_str().unwrap().to_owned();
    browser.get(placed["url"].as_str().unwrap()).shows(&["微信扫码支付"]);
    pay(&mut browser, &number);
    let page = browser.get("/?mod=query");
    page.shows(&[
        "layui-card qt-card",
        "商品总价：94.50元",
        "订单状态：<font",
        "下单时间：",
        "详细信息：10001",
        "xiangqing",
        "查看详情",
        "查看卡密",
        "id=\"orderItem\"",
    ]);
    let text = page.text();
    let skey = text.split("data-skey=\"").nth(1).unwrap().split('"').next().unwrap();
    let id = text.split("data-id=\"").nth(1).unwrap().split('"').next().unwrap();
    let order = browser.post("/ajax.php?act=order", &[("id", id), ("skey", skey)]).json();
    assert_eq!((&order["code"], &order["status"], &order["money"]), (&0.into(), &1.into(), &"94.50".into()));
    assert_eq!(browser.post("/ajax.php?act=order", &[("id", id), ("skey", "0")]).json()["code"], -1);
    browser.get(&format!("/?mod=faka&id={id}&skey={skey}")).shows(&["卡号：", "orderid"]);
    browser.get("/assets/rbw/rbw.js").shows(&[
        "contextmenu",
        "F12",
        "商品名称",
        "订单编号",
        "订单金额",
        "订单状态",
        "下单时间",
        "下单信息",
        "订单操作",
        "商品简介",
        "售后反馈",
        "申请退款",
        "'orderid'",
    ]);
}

#[test]
fn every_skin_has_its_house_pages() {
    for skin in Skin::ALL {
        let shop = shop(skin);
        let mut browser = Browser::of(&shop);
        browser.get("/about").shows(&["统一社会信用代码", "客服QQ", ".test"]);
        browser.get("/rules").shows(&["售后规则》", "第三条", "V1.3"]);
        browser.get("/kefu").shows(&["在线客服", "chat-form"]);
        browser.get("/").shows(&[&format!("/assets/{skin}/{skin}.css"), "viewport"]);
        browser.get(&format!("/assets/{skin}/{skin}.css")).shows(&["--main"]);
        browser.get("/upload/goods/1.svg").shows(&["<svg"]);
        assert_eq!(browser.get("/no-such-page").status, 404);
    }
}

#[test]
fn a_purchase_made_directly_can_be_looked_at() {
    for skin in Skin::ALL {
        let shop = shop(skin);
        let bought = shop.buy(6, 2, "buyer@mail.test", "").unwrap();
        assert_eq!((bought.codes.len(), bought.amount_fen, bought.at), (2, 5_760, shop.now()));
        let path = |url: &str| url.strip_prefix(&shop.url("")).unwrap().to_owned();
        let mut browser = Browser::of(&shop);
        browser.get(&path(&bought.order_url)).shows(&[&bought.order_no]);
        browser.get(&path(&bought.product_url)).shows(&["30元"]);
        browser.get(&path(&bought.voucher_url)).shows(&[&bought.transaction_id]);
        let debug = format!("{bought:?}");
        assert!(!debug.contains(&bought.codes[0]) && !debug.contains(&bought.order_no), "{debug}");
    }
}

#[test]
fn unpaid_orders_close_after_five_minutes() {
    let shop = shop(Skin::DjUnicorn);
    let mut browser = Browser::of(&shop);
    let fields = [("gid", "1"), ("by_amount", "1"), ("email", "a@mail.test")];
    let number = last(browser.post("/create-order", &fields).place());
    shop.advance(5 * 60);
    assert_eq!(browser.get(&format!("/check-order-status/{number}")).json()["code"], 400_001);
    browser.get(&format!("/detail-order-sn/{number}")).shows(&["已过期"]);
    browser.post(&format!("/wxpay/{number}"), &[]).shows(&["订单已关闭"]);
}

#[test]
fn wishes_that_make_no_sense_are_refused() {
    let shop = shop(Skin::DjUnicorn);
    let mut browser = Browser::of(&shop);
    for (gid, amount, email, why) in [
        ("99", "1", "a@mail.test", "商品不存在"),
        ("1", "0", "a@mail.test", "数量不正确"),
        ("1", "51", "a@mail.test", "数量不正确"),
        ("1", "-1", "a@mail.test", "数量不正确"),
        ("1", "1", "", "请填写联系方式"),
    ] {
        browser.post("/create-order", &[("gid", gid), ("by_amount", amount), ("email", email)]).shows(&[why]);
    }
    assert!(shop.buy(1, 51, "a", "").is_err());
}

#[test]
fn the_shop_runs_in_asynchronous_tests_and_ends() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let shop = Shop::start(sigu_practice_shop::Settings::default()).await.unwrap();
        shop.set(Knobs { placeholder: true, ..Knobs::default() });
        assert!(shop.knobs().placeholder);
        let address = shop.address();
        tokio::net::TcpStream::connect(address).await.unwrap();
        shop.stop().await;
        tokio::net::TcpStream::connect(address).await.unwrap_err();
    });
}
