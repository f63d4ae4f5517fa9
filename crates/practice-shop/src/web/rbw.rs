//! The card alliance: everything hangs on `/?mod=`, orders open in a modal table.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::desk::{Desk, Outcome, Thread};
use crate::goods::{Goods, GoodsView};
use crate::order::OrderView;
use crate::skin::Face;
use crate::web::{Asked, Filled, Web, cookie, notice, page, see_other, with_cookie};
use crate::world::{Wish, World, all_goods};

const VISITOR: &str = "mysid";

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/", get(front))
        .route("/ajax.php", post(ajax).get(ajax_get))
        .route("/submit/{number}", get(pay))
        .route("/user/workorder.php", get(work_order).post(send_work_order))
}

async fn front(State(world): Web, headers: HeaderMap, Query(fields): Asked) -> Response {
    match fields.text("mod", 10).as_str() {
        "buy2" | "buy" => product(&world, fields.number("tid")),
        "query" => query(&world, &headers, &fields),
        "faka" => card(&world, &fields),
        "kf" => super::common::chat_page(&world, &headers, String::new()),
        _ => home(&world),
    }
}

#[derive(Template)]
#[template(path = "rbw/home.html")]
struct Home {
    face: &'static Face,
    goods: Vec<GoodsView>,
}

fn home(world: &World) -> Response {
    page(world.skin, "商品列表", &Home { face: world.skin.face(), goods: all_goods(&world.knobs()) })
}

#[derive(Template)]
#[template(path = "rbw/buy.html")]
struct Buy {
    goods: GoodsView,
}

fn product(world: &World, id: u32) -> Response {
    match Goods::find(id) {
        Some(goods) => page(world.skin, goods.title, &Buy { goods: goods.view(&world.knobs()) }),
        None => notice(world.skin, "当前商品不存在"),
    }
}

#[derive(Template)]
#[template(path = "rbw/query.html")]
struct Orders {
    asked: String,
    status: String,
    orders: Vec<OrderView>,
}

/// Without words the orders of this browser; `status` narrows them.
fn query(world: &World, headers: &HeaderMap, fields: &super::Fields) -> Response {
    let (asked, status) = (fields.text("data", 200), fields.text("status", 2));
    let own = cookie(headers, VISITOR).unwrap_or_default();
    let mut orders = world.orders(|order| {
        let is_named = asked == order.number || asked == order.contact || asked == order.account;
        let is_id = asked == order.id.to_string();
        if asked.is_empty() { !own.is_empty() && order.password == own } else { is_named || is_id }
    });
    if let Ok(wanted) = status.parse::<i32>() {
        orders.retain(|order| order.code == wanted);
    }
    orders.truncate(20);
    page(world.skin, "订单查询", &Orders { asked, status, orders })
}

#[derive(Template)]
#[template(path = "rbw/card.html")]
struct CardPage {
    order: OrderView,
}

fn by_key(world: &World, id: u32, skey: &str) -> Option<OrderView> {
    world.orders(|order| order.id == id && order.skey == skey).into_iter().next()
}

fn card(world: &World, fields: &super::Fields) -> Response {
    match by_key(world, fields.number("id"), &fields.text("skey", 40)) {
        Some(order) => page(world.skin, "查看卡密", &CardPage { order }),
        None => notice(world.skin, "订单不存在或验证失败"),
    }
}

async fn ajax_get(State(world): Web, Query(asked): Asked) -> Response {
    let is_paid = world.order(&asked.text("trade_no", 40)).is_some_and(|order| order.is_paid);
    Json(
        json!({ "code": if is_paid { 200 } else { -1 }, "msg": if is_paid { "付款成功" } else { "未付款" } }),
    )
    .into_response()
}

async fn ajax(State(world): Web, headers: HeaderMap, Query(asked): Asked, Form(fields): Filled) -> Response {
    match asked.text("act", 20).as_str() {
        "pay" => create(&world, &headers, &fields),
        "order" => order(&world, &fields),
        "refund" => refund(&world, &fields),
        _ => said(-4, "No Act"),
    }
}

fn said(code: i32, message: &str) -> Response {
    Json(json!({ "code": code, "msg": message })).into_response()
}

fn create(world: &World, headers: &HeaderMap, fields: &super::Fields) -> Response {
    let (own, is_new) = match cookie(headers, VISITOR) {
        Some(own) => (own, false),
        None => (world.books().dice.hex(32), true),
    };
    let account = fields.text("inputvalue", 200);
    let wish = Wish {
        goods: fields.number("tid"),
        quantity: fields.number("num"),
        contact: account.clone(),
        password: own.clone(),
        account,
    };
    let response = match world.place(wish) {
        Ok(order) => {
            let url = format!("/submit/{}", order.number);
            let made = json!({ "code": 0, "msg": "提交订单成功！", "trade_no": order.number, "url": url });
            Json(made).into_response()
        }
        Err(why) => return said(-1, why),
    };
    if is_new { with_cookie(response, VISITOR, &own) } else { response }
}

async fn pay(State(world): Web, Path(number): Path<String>) -> Response {
    match world.order(&number) {
        Some(order) => {
            let check = format!("/ajax.php?act=paid&trade_no={number}");
            super::pay::cashier(world.skin, order, format!("/?mod=query&data={number}"), check)
        }
        None => notice(world.skin, "该订单不存在"),
    }
}

fn order(world: &World, fields: &super::Fields) -> Response {
    let Some(order) = by_key(world, fields.number("id"), &fields.text("skey", 40)) else {
        return said(-1, "验证失败");
    };
    let cards: Vec<Value> = order.secret.iter().map(|line| json!(line)).collect();
    Json(json!({
        "code": 0,
        "msg": "succ",
        "id": order.id,
        "name": order.goods.title,
        "money": order.amount,
        "date": order.created,
        "inputs": format!("下单账号：{}<br>区服：{}", escaped(&order.account), order.region),
        "num": order.quantity,
        "status": order.code,
        "status_text": order.label,
        "kminfo": cards,
        "desc": order.goods.usage,
        "warranty": order.goods.warranty,
        "tradeno": order.number,
        "skey": order.skey,
        "selfrefund": i32::from(order.may_ask_refund()),
    }))
    .into_response()
}

/// `inputs` is HTML in this software: what the buyer typed must not be.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

fn refund(world: &World, fields: &super::Fields) -> Response {
    match by_key(world, fields.number("id"), &fields.text("skey", 40)) {
        Some(order) if order.may_ask_refund() => said(0, "申请退款成功，请等待审核，退款将退至平台余额"),
        Some(_) => said(-1, "当前订单状态不支持申请退款"),
        None => said(-1, "验证失败"),
    }
}

const TYPES: [&str; 5] = ["业务补单", "卡密错误", "充值没到账", "订单中途改了密码", "其它"];

#[derive(Template)]
#[template(path = "rbw/work_order.html")]
struct WorkOrders {
    order: String,
    types: [&'static str; 5],
    threads: Vec<Thread>,
}

impl Thread {
    pub(crate) fn work_label(&self) -> &'static str {
        match self.outcome {
            Outcome::Open => "待处理",
            Outcome::Answered | Outcome::Platform => "待补充",
            Outcome::Solved | Outcome::Rejected | Outcome::Withdrawn => "已结单",
        }
    }
}

async fn work_order(State(world): Web, headers: HeaderMap, Query(fields): Asked) -> Response {
    let own = cookie(&headers, VISITOR).unwrap_or_default();
    let books = world.books();
    let mine = books.threads.iter().rev().filter(|one| one.desk == Desk::WorkOrder && one.owner == own);
    let threads = mine.cloned().collect();
    drop(books);
    page(world.skin, "售后工单", &WorkOrders { order: fields.text("orderid", 20), types: TYPES, threads })
}

async fn send_work_order(State(world): Web, headers: HeaderMap, Form(fields): Filled) -> Response {
    let (own, is_new) = match cookie(&headers, VISITOR) {
        Some(own) => (own, false),
        None => (world.books().dice.hex(32), true),
    };
    let (id, kind, text) = (fields.number("orderid"), fields.text("type", 20), fields.text("content", 2_000));
    let Some(order) = world.orders(|order| order.id == id).into_iter().next() else {
        return notice(world.skin, "订单不存在");
    };
    if text.is_empty() || !TYPES.contains(&kind.as_str()) {
        return notice(world.skin, "请选择问题类型并填写问题描述");
    }
    let now = world.now();
    let mut books = world.books();
    let merchant = books.knobs.merchant;
    let at = books.threads.iter().position(|one| one.desk == Desk::WorkOrder && one.order == order.number);
    let thread = match at {
        Some(at) => books.threads.get_mut(at),
        None => books.open(Desk::WorkOrder, &own, &order.number, now),
    };
    if let Some(thread) = thread {
        thread.topic = kind;
        thread.title = order.goods.title.to_owned();
        thread.say(text, now, merchant, world.skin.face());
    }
    drop(books);
    let response = see_other("/user/workorder.php?my=list");
    if is_new { with_cookie(response, VISITOR, &own) } else { response }
}
