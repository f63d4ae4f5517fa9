//! The single merchant's shop, in two themes that differ in the order page.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;

use crate::goods::{Goods, GoodsView};
use crate::order::{OrderView, Stage};
use crate::skin::Skin;
use crate::web::{Filled, Web, cookie, found, notice, page, with_cookie};
use crate::world::{Wish, World, all_goods};

/// The buyer's own orders in this browser.
const COOKIE: &str = "dujiaoka_orders";
/// A search shows no more orders.
const LATEST: usize = 5;

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/", get(home))
        .route("/buy/{id}", get(product))
        .route("/create-order", post(create))
        .route("/bill/{number}", get(bill))
        .route("/pay-gateway/{handle}/{payway}/{number}", get(gateway))
        .route("/detail-order-sn/{number}", get(detail))
        .route("/check-order-status/{number}", get(check))
        .route("/order-search", get(search))
        .route("/search-order-by-sn", post(by_number))
        .route("/search-order-by-email", post(by_email))
        .route("/search-order-by-browser", post(by_browser))
}

#[derive(Template)]
#[template(path = "dj/home.html")]
struct Home {
    goods: Vec<GoodsView>,
    promises: &'static [&'static str],
}

async fn home(State(world): Web) -> Response {
    let goods = all_goods(&world.knobs());
    page(world.skin, "首页", &Home { goods, promises: world.skin.face().promises })
}

#[derive(Template)]
#[template(path = "dj/product.html")]
struct Product {
    goods: GoodsView,
}

async fn product(State(world): Web, Path(id): Path<u32>) -> Response {
    match Goods::find(id) {
        Some(goods) => page(world.skin, goods.title, &Product { goods: goods.view(&world.knobs()) }),
        None => notice(world.skin, "商品不存在或已下架"),
    }
}

async fn create(State(world): Web, headers: HeaderMap, Form(fields): Filled) -> Response {
    let wish = Wish {
        goods: fields.number("gid"),
        quantity: fields.number("by_amount"),
        contact: fields.text("email", 200),
        password: fields.text("search_pwd", 50),
        account: String::new(),
    };
    let order = match world.place(wish) {
        Ok(order) => order,
        Err(why) => return notice(world.skin, why),
    };
    let mut numbers = own(&headers);
    numbers.push(order.number.clone());
    let first = numbers.len().saturating_sub(20);
    let quoted: Vec<String> = numbers[first..].iter().map(|number| format!("%22{number}%22")).collect();
    let list = format!("%5B{}%5D", quoted.join("%2C"));
    with_cookie(found(&format!("/bill/{}", order.number)), COOKIE, &list)
}

/// The order numbers in the browser's cookie, a JSON list in URL encoding.
fn own(headers: &HeaderMap) -> Vec<String> {
    let list = cookie(headers, COOKIE).unwrap_or_default().replace("%22", "\"").replace("%2C", ",");
    let is_number = |text: &&str| text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    list.split('"').filter(is_number).map(str::to_owned).collect()
}

#[derive(Template)]
#[template(path = "dj/bill.html")]
struct Bill {
    order: OrderView,
}

async fn bill(State(world): Web, Path(number): Path<String>) -> Response {
    match world.order(&number) {
        Some(order) => page(world.skin, "订单确认", &Bill { order }),
        None => notice(world.skin, "订单不存在或已失效"),
    }
}

async fn gateway(State(world): Web, Path((_, _, number)): Path<(String, String, String)>) -> Response {
    match world.order(&number) {
        Some(order) if order.is_paid => found(&format!("/detail-order-sn/{number}")),
        Some(order) => {
            let (then, check) =
                (format!("/detail-order-sn/{number}"), format!("/check-order-status/{number}"));
            super::pay::cashier(world.skin, order, then, check)
        }
        None => notice(world.skin, "订单不存在或已失效"),
    }
}

#[derive(Template)]
#[template(path = "dj/unicorn_order.html")]
struct UnicornOrders {
    orders: Vec<OrderView>,
}

#[derive(Template)]
#[template(path = "dj/hyper_order.html")]
struct HyperOrders {
    orders: Vec<OrderView>,
}

fn details(skin: Skin, orders: Vec<OrderView>) -> Response {
    match skin {
        Skin::DjHyper => page(skin, "订单详情", &HyperOrders { orders }),
        _ => page(skin, "订单详情", &UnicornOrders { orders }),
    }
}

async fn detail(State(world): Web, Path(number): Path<String>) -> Response {
    one(&world, &number)
}

fn one(world: &World, number: &str) -> Response {
    match world.order(number) {
        Some(order) => details(world.skin, vec![order]),
        None => notice(world.skin, "订单不存在！"),
    }
}

async fn check(State(world): Web, Path(number): Path<String>) -> Response {
    let (message, code) = match world.order(&number) {
        Some(order) if order.is_paid => ("success", 200),
        Some(order) if order.stage == Stage::Unpaid => ("wait", 400_000),
        _ => ("expired", 400_001),
    };
    Json(json!({ "msg": message, "code": code })).into_response()
}

#[derive(Template)]
#[template(path = "dj/search.html")]
struct Search;

async fn search(State(world): Web) -> Response {
    page(world.skin, "订单查询", &Search)
}

async fn by_number(State(world): Web, Form(fields): Filled) -> Response {
    let number = fields.text("order_sn", 40);
    match world.order(&number) {
        Some(_) => found(&format!("/detail-order-sn/{number}")),
        None => notice(world.skin, "订单不存在！"),
    }
}

async fn by_email(State(world): Web, Form(fields): Filled) -> Response {
    let (email, password) = (fields.text("email", 200), fields.text("search_pwd", 50));
    listed(&world, |order| order.contact == email && order.password == password)
}

async fn by_browser(State(world): Web, headers: HeaderMap) -> Response {
    let numbers = own(&headers);
    listed(&world, |order| numbers.contains(&order.number))
}

fn listed(world: &World, wanted: impl Fn(&crate::order::Order) -> bool) -> Response {
    let mut orders = world.orders(wanted);
    orders.truncate(LATEST);
    if orders.is_empty() {
        notice(world.skin, "未找到相关订单！")
    } else {
        details(world.skin, orders)
    }
}
