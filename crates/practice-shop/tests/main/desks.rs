//! Chat, tickets, complaints and work orders: their windows, and how the merchant answers.

use serde_json::{Value, json};
use sigu_practice_shop::{Knobs, Merchant, Outcome, Shop, Skin};

use crate::browser::{Browser, home, shop, shop_with};

const TEXT: &str = "卡密输入官方页面提示已被使用，使用时间早于购买时间，要求退款。";

fn complain(shop: &Shop, number: &str, changed: (&str, &str)) -> Value {
    let mut fields = vec![
        ("trade_no", number),
        ("qq", "1000000"),
        ("mobile", "19900009999"),
        ("type", "无效卡密"),
        ("desc", TEXT),
    ];
    fields.retain(|(name, _)| *name != changed.0);
    fields.push(changed);
    Browser::of(shop).post(&home("complaint/doComplaint"), &fields).json()
}

/// The six digits of the last message.
fn code(shop: &Shop) -> String {
    let message = shop.phone_messages("19900009999").pop().unwrap();
    message.split("查询密码：").nth(1).unwrap().chars().take(6).collect()
}

#[test]
fn complaints_have_conditions() {
    let shop = shop(Skin::Qs);
    let order = shop.buy(1, 1, "a", "").unwrap();
    for (name, value, why) in [
        ("qq", "1234", "QQ"),
        ("mobile", "12345", "手机号"),
        ("desc", "不到二十个字的说明不能提交", "20个字"),
        ("type", "卖得太贵", "投诉类型"),
        ("trade_no", "YZ0", "订单不存在"),
    ] {
        let answer = complain(&shop, &order.order_no, (name, value));
        assert_eq!(answer["code"], 0, "{name}");
        assert!(answer["msg"].as_str().unwrap().contains(why), "{answer}");
    }
    assert_eq!(complain(&shop, &order.order_no, ("x", ""))["code"], 1);
    let again = complain(&shop, &order.order_no, ("x", ""));
    assert!(again["msg"].as_str().unwrap().contains("已投诉过"), "{again}");
    let page = Browser::of(&shop).get("/complaint?orderId=1");
    assert_eq!(
        (page.text().matches("type=\"radio\"").count(), page.text().matches("全额退款").count()),
        (9, 3)
    );
}

#[test]
fn complaints_are_for_the_day_of_the_order() {
    let shop = shop(Skin::Qs);
    let (order, other) = (shop.buy(1, 1, "a", "").unwrap(), shop.buy(1, 1, "a", "").unwrap());
    let entry = |browser: &mut Browser| {
        browser.get(&format!("/order?orderId={}", order.order_no)).text().contains("complaint-entry")
    };
    let mut browser = Browser::of(&shop);
    // 09:30:01 and 14 h 29 min 58 s are 23:59:59.
    shop.advance(14 * 3_600 + 29 * 60 + 58);
    assert!(entry(&mut browser));
    assert_eq!(complain(&shop, &other.order_no, ("x", ""))["code"], 1);
    shop.advance(1);
    assert!(!entry(&mut browser));
    let answer = complain(&shop, &order.order_no, ("x", ""));
    assert!(answer["msg"].as_str().unwrap().contains("当天"), "{answer}");
}

#[test]
fn a_complaint_runs_for_24_hours_behind_a_code() {
    let shop = shop_with(Skin::Qs, Knobs { merchant: Merchant::Silent, ..Knobs::default() });
    let order = shop.buy(1, 1, "a", "").unwrap();
    complain(&shop, &order.order_no, ("x", ""));
    let (mut browser, code) = (Browser::of(&shop), code(&shop));
    browser.get("/_phone/19900009999").shows(&[&code]);
    let detail = format!("/complaint/detail?trade_no={}&pwd={code}", order.order_no);
    browser.get(&detail).shows(&["data-left=\"86400\"", "待处理", "2026-11-23 09:30:01"]);
    browser.get(&detail.replace(&code, "0")).shows(&["查询密码错误"]);
    let fields = [("trade_no", order.order_no.as_str()), ("pwd", &code)];
    let found = browser.post(&home("complaint/complaintQuery"), &fields).json()["data"].clone();
    let seconds = |name: &str| found[name].as_i64().unwrap();
    assert_eq!((seconds("expire_at") - seconds("create_at"), seconds("status")), (86_400, 0));
    shop.advance(86_400);
    browser.get(&detail).shows(&["平台介入处理中", "data-left=\"0\""]);
    assert!(shop.decide(&order.order_no, Outcome::Solved));
    browser.get(&detail).shows(&["买家胜诉"]);
    let found = browser.post(&home("complaint/complaintQuery"), &fields).json()["data"].clone();
    assert_eq!((&found["status"], &found["result"]), (&1.into(), &2.into()));
}

#[test]
fn the_label_can_contradict_the_json() {
    let shop = shop_with(Skin::Qs, Knobs { wrong_label: true, ..Knobs::default() });
    let order = shop.buy(1, 1, "a", "").unwrap();
    complain(&shop, &order.order_no, ("x", ""));
    let (mut browser, code) = (Browser::of(&shop), code(&shop));
    let detail = format!("/complaint/detail?trade_no={}&pwd={code}", order.order_no);
    // Back end: 2 平台介入中, 3 已解决, 4 已驳回; the page reads them by another table.
    for (outcome, status, label) in [
        (Outcome::Platform, 2, "已解决"),
        (Outcome::Solved, 3, "已驳回"),
        (Outcome::Rejected, 4, "平台介入中"),
    ] {
        shop.decide(&order.order_no, outcome);
        let fields = [("order_no", order.order_no.as_str()), ("password", &code)];
        assert_eq!(browser.post("/buyer/complaint/query", &fields).json()["data"]["status"], status);
        browser.get(&detail).shows(&[&format!("complaint-status\">{label}<")]);
    }
}

#[test]
fn merchants_answer_in_their_manner() {
    for (merchant, wanted) in [
        (Merchant::Helpful, "马上核实"),
        (Merchant::Refusing, "概不退换"),
        (Merchant::SolicitingWechat, "微信 xiaozhan_test"),
        (Merchant::Silent, ""),
    ] {
        let shop = shop_with(Skin::DjUnicorn, Knobs { merchant, ..Knobs::default() });
        let mut browser = Browser::of(&shop);
        let to = browser.post("/kefu/send", &[("content", "卡密用不了")]).place().to_owned();
        let page = browser.get(&to);
        page.shows(&["卡密用不了", wanted]);
        let answers = page.text().matches("chat-line merchant\"").count();
        assert_eq!(answers, usize::from(merchant != Merchant::Silent), "{merchant:?}");
        Browser::of(&shop).get("/kefu").hides("卡密用不了");
    }
}

#[test]
fn tickets_want_a_member_and_a_picture() {
    let shop = shop(Skin::Acg);
    let order = shop.buy(2, 1, "a", "").unwrap();
    let mut browser = Browser::of(&shop);
    assert_eq!(browser.get("/user/ticket").place(), "/user/authentication/login");
    browser.post("/user/authentication/login", &[("username", "zhang")]);
    browser.get("/user/ticket/create").shows(&["请勿在工单中提交密码", "购买凭证"]);
    let picture = "data:image/png;base64,iVBORw0KGgo=";
    let mut ticket =
        json!({ "type": 1, "trade_no": order.order_no, "title": "卡密无效", "content": TEXT, "images": [] });
    let mut send = |ticket: &Value| browser.post_json("/user/api/ticket/create", ticket).json();
    assert_eq!(send(&ticket)["msg"], "售后支持必须上传购买凭证");
    ticket["images"] = json!(["data:text/html;base64,aGk="]);
    assert!(send(&ticket)["msg"].as_str().unwrap().contains("PNG"));
    ticket["images"] = json!([picture]);
    ticket["title"] = json!("短");
    assert!(send(&ticket)["msg"].as_str().unwrap().contains("标题"));
    ticket["title"] = json!("卡密无效");
    let made = send(&ticket);
    let number = made["data"]["ticket_no"].as_str().unwrap().to_owned();
    assert!(number.starts_with("TK261122093001") && number.len() == 22, "{number}");
    browser.get(made["data"]["url"].as_str().unwrap()).shows(&["待用户回复", &number, picture]);
    shop.decide(&order.order_no, Outcome::Solved);
    let reply = browser.post(&format!("/user/ticket/detail/{number}/reply"), &[("content", "还没好")]);
    reply.shows(&["工单已结束"]);
}

#[test]
fn work_orders_go_from_waiting_to_closed() {
    let shop = shop_with(Skin::Rbw, Knobs { merchant: Merchant::Silent, ..Knobs::default() });
    let mut browser = Browser::of(&shop);
    let placed =
        browser.post("/ajax.php?act=pay", &[("tid", "1"), ("num", "1"), ("inputvalue", "10001")]).json();
    let number = placed["trade_no"].as_str().unwrap();
    let fields = [("orderid", "10086"), ("type", "卡密错误"), ("content", TEXT)];
    let to = browser.post("/user/workorder.php?my=add_submit", &fields).place().to_owned();
    browser.get(&to).shows(&["待处理", "卡密错误", TEXT, "充值没到账", "24 小时内回复"]);
    assert!(shop.decide(number, Outcome::Solved));
    browser.get(&to).shows(&["已结单"]);
}

#[test]
fn an_alliance_order_can_be_asked_back_only_while_open() {
    for (knobs, code) in [(Knobs { empty_status: true, ..Knobs::default() }, 0), (Knobs::default(), -1)] {
        let shop = shop_with(Skin::Rbw, knobs);
        let order = shop.buy(1, 1, "a", "").unwrap();
        let mut browser = Browser::of(&shop);
        let page = browser.get(&format!("/?mod=query&data={}", order.order_no)).text();
        let skey = page.split("data-skey=\"").nth(1).unwrap().split('"').next().unwrap();
        let answer = browser.post("/ajax.php?act=refund", &[("id", "10086"), ("skey", skey)]).json();
        assert_eq!(answer["code"], code, "{answer}");
    }
}
