//! The consignment platform: a merchant's shop front, order query with 取卡密码.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::desk::same_day;
use crate::goods::{Goods, GoodsView};
use crate::order::OrderView;
use crate::skin::Face;
use crate::web::{Asked, Filled, Web, notice, page};
use crate::world::{Wish, World, all_goods};

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/", get(home))
        .route("/links/{id}", get(link))
        .route("/pay/{number}", get(pay))
        .route("/order", get(order_page))
        .nest("/home", home_routes())
}

fn home_routes() -> Router<Arc<World>> {
    Router::new()
        .route("/order/create", post(create))
        .route("/order/state", get(state))
        .route("/order/query", post(query))
        .route("/complaint/doComplaint", post(super::qs_complaint::complain))
        .route("/complaint/complaintQuery", post(super::qs_complaint::query))
        .route("/complaint/send", post(super::qs_complaint::send))
}

pub(crate) fn answer(code: i32, message: &str, data: &Value) -> Response {
    Json(json!({ "code": code, "msg": message, "data": data })).into_response()
}

#[derive(Template)]
#[template(path = "qs/home.html")]
struct Home {
    face: &'static Face,
    goods: Vec<GoodsView>,
}

async fn home(State(world): Web) -> Response {
    page(world.skin, "老周数码店", &Home { face: world.skin.face(), goods: all_goods(&world.knobs()) })
}

#[derive(Template)]
#[template(path = "qs/link.html")]
struct Link {
    face: &'static Face,
    goods: GoodsView,
}

async fn link(State(world): Web, Path(id): Path<u32>) -> Response {
    match Goods::find(id) {
        Some(goods) => page(
            world.skin,
            goods.title,
            &Link { face: world.skin.face(), goods: goods.view(&world.knobs()) },
        ),
        None => notice(world.skin, "商品不存在或已下架"),
    }
}

async fn create(State(world): Web, Form(fields): Filled) -> Response {
    let wish = Wish {
        goods: fields.number("goodid"),
        quantity: fields.number("quantity"),
        contact: fields.text("contact", 200),
        password: fields.text("pwdforsearch", 50),
        account: String::new(),
    };
    match world.place(wish) {
        Ok(order) => super::found(&format!("/pay/{}", order.number)),
        Err(why) => notice(world.skin, why),
    }
}

async fn pay(State(world): Web, Path(number): Path<String>) -> Response {
    match world.order(&number) {
        Some(order) => {
            let check = format!("../home/order/state?orderid={number}");
            super::pay::cashier(world.skin, order, format!("/order?orderId={number}"), check)
        }
        None => notice(world.skin, "订单不存在"),
    }
}

async fn state(State(world): Web, Query(fields): Asked) -> Response {
    let is_paid = world.order(&fields.text("orderid", 60)).is_some_and(|order| order.is_paid);
    Json(json!({ "code": if is_paid { 200 } else { 0 }, "msg": if is_paid { "支付成功" } else { "等待支付" } }))
        .into_response()
}

#[derive(Template)]
#[template(path = "qs/order.html")]
struct OrderPage {
    face: &'static Face,
    asked: String,
    is_complaint: bool,
    order: Option<OrderView>,
    is_open: bool,
    is_today: bool,
}

async fn order_page(State(world): Web, Query(fields): Asked) -> Response {
    let asked = fields.text("orderId", 60);
    let order = world.order(&asked);
    let is_open = world.opens(&asked, &fields.text("pwd", 50));
    let is_complaint = !fields.text("tscx", 3).is_empty();
    let title = if is_complaint { "投诉查询" } else { "订单查询" };
    let is_today = is_today(&world, &asked);
    let face = world.skin.face();
    page(world.skin, title, &OrderPage { face, asked, is_complaint, order, is_open, is_today })
}

/// The entry to the complaint desk is there on the day of the order only.
pub(crate) fn is_today(world: &World, number: &str) -> bool {
    let now = world.now();
    let books = world.books();
    books.orders.iter().any(|order| order.number == number && same_day(order.created, now))
}

/// `queryType`: 2 asks by contact, anything else by order number.
async fn query(State(world): Web, Form(fields): Filled) -> Response {
    let (words, password) = (fields.text("orderid", 200), fields.text("pwd", 50));
    let by_contact = fields.number("queryType") == 2;
    let orders =
        world.orders(|order| if by_contact { order.contact == words } else { order.number == words });
    if orders.is_empty() {
        return answer(0, "订单不存在或已被清理", &json!([]));
    }
    let list: Vec<Value> = orders
        .iter()
        .take(10)
        .map(|order| order_json(order, world.opens(&order.number, &password)))
        .collect();
    answer(1, "查询成功", &Value::Array(list))
}

fn order_json(order: &OrderView, is_open: bool) -> Value {
    json!({
        "trade_no": order.number,
        "goods_name": order.goods.title,
        "quantity": order.quantity,
        "sendout": order.sent,
        "total_price": order.amount,
        "status": order.code,
        "is_freeze": 0,
        "create_at": order.created,
        "success_at": order.paid,
        "transaction_id": order.transaction,
        "contact": order.contact,
        "take_card_password": order.has_password,
        "cards": if is_open { order.secret.clone() } else { Vec::new() },
    })
}
