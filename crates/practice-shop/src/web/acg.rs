//! The shop whose pages are empty until a script has asked for JSON.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::goods::{Goods, GoodsView};
use crate::order::{OrderView, Stage};
use crate::web::{Asked, Filled, Web, notice, page};
use crate::world::{Wish, World, all_goods};

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/", get(home))
        .route("/item/{id}", get(item))
        .route("/user/api/order/trade", post(trade))
        .route("/user/index/query", get(query_page))
        .route("/user/api/index/query", post(query))
        .route("/user/api/index/secret", post(secret))
        .route("/user/pay/{number}", get(pay))
        .route("/user/api/index/paid", get(paid))
}

pub(crate) fn success(data: &Value) -> Response {
    Json(json!({ "code": 200, "msg": "success", "data": data })).into_response()
}

pub(crate) fn failure(why: &str) -> Response {
    Json(json!({ "code": 0, "msg": why, "data": [] })).into_response()
}

#[derive(Template)]
#[template(path = "acg/home.html")]
struct Home {
    goods: Vec<GoodsView>,
    promises: &'static [&'static str],
}

async fn home(State(world): Web) -> Response {
    let goods = all_goods(&world.knobs());
    page(world.skin, "购物", &Home { goods, promises: world.skin.face().promises })
}

#[derive(Template)]
#[template(path = "acg/item.html")]
struct Item {
    goods: GoodsView,
}

async fn item(State(world): Web, Path(id): Path<u32>) -> Response {
    match Goods::find(id) {
        Some(goods) => page(world.skin, goods.title, &Item { goods: goods.view(&world.knobs()) }),
        None => notice(world.skin, "宝贝不存在或已下架"),
    }
}

async fn trade(State(world): Web, Form(fields): Filled) -> Response {
    let wish = Wish {
        goods: fields.number("commodity_id"),
        quantity: fields.number("num"),
        contact: fields.text("contact", 200),
        password: fields.text("password", 50),
        account: String::new(),
    };
    match world.place(wish) {
        Ok(order) => {
            success(&json!({ "url": format!("/user/pay/{}", order.number), "tradeNo": order.number }))
        }
        Err(why) => failure(why),
    }
}

async fn pay(State(world): Web, Path(number): Path<String>) -> Response {
    match world.order(&number) {
        Some(order) => {
            let check = format!("/user/api/index/paid?tradeNo={number}");
            super::pay::cashier(world.skin, order, format!("/user/index/query?tradeNo={number}"), check)
        }
        None => notice(world.skin, "订单不存在"),
    }
}

async fn paid(State(world): Web, Query(fields): Asked) -> Response {
    let is_paid = world.order(&fields.text("tradeNo", 40)).is_some_and(|order| order.is_paid);
    Json(json!({ "code": if is_paid { 200 } else { 0 }, "msg": if is_paid { "success" } else { "wait" } }))
        .into_response()
}

#[derive(Template)]
#[template(path = "acg/query.html")]
struct QueryPage {
    keywords: String,
}

async fn query_page(State(world): Web, Query(fields): Asked) -> Response {
    page(world.skin, "订单查询", &QueryPage { keywords: fields.text("tradeNo", 40) })
}

async fn query(State(world): Web, Form(fields): Filled) -> Response {
    let words = fields.text("keywords", 200);
    if words.is_empty() {
        return failure("请输入订单号或联系方式");
    }
    let orders = world.orders(|order| order.number == words || order.contact == words);
    let list: Vec<Value> = orders.iter().take(10).map(order_json).collect();
    success(&json!({ "list": list, "total": orders.len() }))
}

/// The software says 已发货 even if there was no card to draw.
fn is_delivered(order: &OrderView) -> bool {
    matches!(order.stage, Stage::Delivered | Stage::Abnormal | Stage::Refunded)
}

fn order_json(order: &OrderView) -> Value {
    json!({
        "id": order.id,
        "trade_no": order.number,
        "amount": order.amount,
        "card_num": order.quantity,
        "create_time": order.created,
        "create_device": 0,
        "pay_time": order.paid,
        "status": order.code,
        "delivery_status": i32::from(is_delivered(order)),
        "password": order.has_password,
        "contact": order.contact,
        "race": order.goods.spec,
        "sku": { "区服": order.region, "渠道": order.goods.server },
        "leave_message": order.goods.usage,
        "commodity": {
            "id": order.goods.id,
            "name": order.goods.title,
            "cover": format!("/upload/goods/{}.svg", order.goods.id),
        },
        "pay": { "name": "微信支付", "icon": "wxpay" },
    })
}

async fn secret(State(world): Web, Form(fields): Filled) -> Response {
    let number = fields.text("tradeNo", 40);
    let Some(order) = world.order(&number) else { return failure("订单不存在") };
    if !order.is_paid {
        return failure("订单未支付");
    }
    if !world.opens(&number, &fields.text("password", 50)) {
        return failure("密码错误");
    }
    let text = match order.stage {
        Stage::Abnormal => "非常抱歉，在您付款前有人抢先一步拿走了最后一份，请联系客服处理。".to_owned(),
        Stage::Waiting => "正在发货中，请耐心等待...".to_owned(),
        _ => order.text(),
    };
    success(&json!({ "secret": text, "widget": [] }))
}
