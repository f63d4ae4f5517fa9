//! The test bench's own door: JSON in, JSON out. It is no part of the shop.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};

use crate::desk::{Desk, Line, Outcome, Who};
use crate::web::Web;
use crate::world::World;

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/_control/knobs", post(knobs))
        .route("/_control/buy", post(buy))
        .route("/_control/delete", post(delete))
        .route("/_control/advance", post(advance))
        .route("/_control/decide", post(decide_by_json))
}

fn refused(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": why }))).into_response()
}

async fn knobs(State(world): Web, Json(changes): Json<Value>) -> Response {
    let mut books = world.books();
    match books.knobs.merged(&changes) {
        Ok(knobs) => {
            books.knobs = knobs;
            Json(&books.knobs).into_response()
        }
        Err(why) => refused(&why),
    }
}

async fn buy(State(world): Web, Json(wish): Json<Value>) -> Response {
    if !wish.is_object() {
        return refused("a JSON object is expected");
    }
    let number = |name: &str, usual: u64| {
        u32::try_from(wish.get(name).and_then(Value::as_u64).unwrap_or(usual)).unwrap_or(u32::MAX)
    };
    let text = |name: &str, usual: &str| wish.get(name).and_then(Value::as_str).unwrap_or(usual).to_owned();
    let (contact, password) = (text("contact", "buyer@mail.test"), text("password", ""));
    match crate::shop::buy(&world, number("goods", 1), number("quantity", 1), &contact, &password) {
        Ok(bought) => Json(json!({
            "order_no": bought.order_no,
            "order_url": bought.order_url,
            "product_url": bought.product_url,
            "voucher_url": bought.voucher_url,
            "transaction_id": bought.transaction_id,
            "codes": bought.codes,
            "amount_fen": bought.amount_fen,
        }))
        .into_response(),
        Err(why) => refused(why),
    }
}

async fn delete(State(world): Web, Json(wanted): Json<Value>) -> Response {
    let number = wanted.get("order_no").and_then(Value::as_str).unwrap_or_default();
    let mut books = world.books();
    match books.orders.iter_mut().find(|order| order.number == number) {
        Some(order) => {
            order.deleted = true;
            Json(json!({ "deleted": number })).into_response()
        }
        None => refused("no such order"),
    }
}

async fn advance(State(world): Web, Json(wanted): Json<Value>) -> Response {
    let Some(seconds) = wanted.get("seconds").and_then(Value::as_i64) else { return refused("seconds?") };
    world.clock.advance(seconds);
    Json(json!({ "now": world.now() })).into_response()
}

#[derive(serde::Deserialize)]
struct Decision {
    order_no: String,
    outcome: Outcome,
}

async fn decide_by_json(State(world): Web, Json(decision): Json<Decision>) -> Response {
    if decide(&world, &decision.order_no, decision.outcome) {
        Json(json!({ "decided": decision.order_no })).into_response()
    } else {
        refused("no complaint about this order")
    }
}

/// Decides the complaint or work order about an order; whether there was one.
pub(crate) fn decide(world: &World, order: &str, outcome: Outcome) -> bool {
    let now = world.now();
    let mut books = world.books();
    let about = |desk: Desk| matches!(desk, Desk::Complaint | Desk::WorkOrder | Desk::Ticket);
    let Some(thread) = books.threads.iter_mut().find(|one| about(one.desk) && one.order == order) else {
        return false;
    };
    thread.outcome = outcome;
    let text = format!("处理结果：{}", outcome.label());
    thread.lines.push(Line { who: Who::Platform, at: now, text });
    true
}
