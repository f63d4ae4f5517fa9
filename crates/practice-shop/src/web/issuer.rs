//! The issuer's site: exchange page and balance.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;

use crate::goods::yuan;
use crate::issuer::{Entry, Redeemed, redeem};
use crate::web::{Asked, Filled, Web, whole};
use crate::world::World;

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/issuer/", get(form))
        .route("/issuer/redeem", post(submit))
        .route("/issuer/api/redeem", post(api))
        .route("/issuer/balance", get(balance))
}

/// The result as the page shows it.
struct Shown {
    result: Redeemed,
    code: String,
    before: String,
    after: String,
    at: String,
}

#[derive(Template)]
#[template(path = "issuer/redeem.html")]
struct RedeemPage {
    login: String,
    shown: Option<Shown>,
}

async fn form(Query(fields): Asked) -> Response {
    whole(&RedeemPage { login: fields.text("login", 60), shown: None })
}

fn holdings(entries: &[Entry], login: &str) -> i64 {
    entries.iter().filter(|entry| entry.login == login).map(|entry| entry.fen).sum()
}

fn submitted(world: &World, login: &str, code: &str) -> Shown {
    let now = world.now();
    let mut books = world.books();
    let before = holdings(&books.entries, login);
    let result = redeem(&mut books, login, code, now);
    let after = holdings(&books.entries, login);
    Shown {
        result,
        code: code.to_owned(),
        before: yuan(before),
        after: yuan(after),
        at: crate::clock::wall(now),
    }
}

async fn submit(State(world): Web, Form(fields): Filled) -> Response {
    let (login, code) = (fields.text("login", 60), fields.text("code", 80));
    let shown = submitted(&world, &login, &code);
    whole(&RedeemPage { login, shown: Some(shown) })
}

async fn api(State(world): Web, Form(fields): Filled) -> Response {
    let shown = submitted(&world, &fields.text("login", 60), &fields.text("code", 80));
    Json(json!({
        "code": shown.result.code(),
        "msg": shown.result.title(),
        "detail": shown.result.detail(),
        "balance_before": shown.before,
        "balance_after": shown.after,
        "time": shown.at,
    }))
    .into_response()
}

#[derive(Template)]
#[template(path = "issuer/balance.html")]
struct Balance {
    login: String,
    balance: String,
    at: String,
    entries: Vec<Entry>,
}

async fn balance(State(world): Web, Query(fields): Asked) -> Response {
    let login = fields.text("login", 60);
    let books = world.books();
    let entries: Vec<Entry> =
        books.entries.iter().rev().filter(|entry| entry.login == login).cloned().collect();
    let balance = yuan(holdings(&entries, &login));
    drop(books);
    whole(&Balance { login, balance, at: crate::clock::wall(world.now()), entries })
}
