//! Pages every skin has: chat, merchant, rules; and its pictures and style sheets.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::desk::{Desk, Line};
use crate::goods::Goods;
use crate::skin::Face;
use crate::web::{Asked, Filled, Web, cookie, page, see_other, whole, with_cookie};
use crate::world::World;

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/kefu", get(chat))
        .route("/kefu/send", post(say))
        .route("/about", get(about))
        .route("/rules", get(rules))
        .route("/_phone/{number}", get(phone))
        .route("/upload/goods/{file}", get(picture))
        .route("/assets/{folder}/{file}", get(asset))
}

#[derive(Template)]
#[template(path = "chat.html")]
struct Chat {
    face: &'static Face,
    order: String,
    opened: String,
    lines: Vec<Line>,
}

/// The visitor of this browser, and whether it is a new one.
pub(crate) fn visitor(world: &World, headers: &HeaderMap) -> (String, bool) {
    match cookie(headers, "PHPSESSID") {
        Some(session) => (session, false),
        None => (world.books().dice.hex(26), true),
    }
}

async fn chat(State(world): Web, headers: HeaderMap, Query(fields): Asked) -> Response {
    chat_page(&world, &headers, fields.text("order", 60))
}

pub(crate) fn chat_page(world: &World, headers: &HeaderMap, order: String) -> Response {
    let (who, is_new) = visitor(world, headers);
    let books = world.books();
    let thread = books.threads.iter().find(|thread| thread.desk == Desk::Chat && thread.owner == who);
    let lines = thread.map(|thread| thread.lines.clone()).unwrap_or_default();
    let opened = thread.map_or_else(|| crate::clock::wall(world.now()), |thread| thread.opened_at());
    drop(books);
    let response = page(world.skin, "在线客服", &Chat { face: world.skin.face(), order, opened, lines });
    if is_new { with_cookie(response, "PHPSESSID", &who) } else { response }
}

async fn say(State(world): Web, headers: HeaderMap, Form(fields): Filled) -> Response {
    let (who, is_new) = visitor(&world, &headers);
    let (text, now) = (fields.text("content", 2_000), world.now());
    let mut books = world.books();
    let merchant = books.knobs.merchant;
    let at = books.threads.iter().position(|thread| thread.desk == Desk::Chat && thread.owner == who);
    let thread = match at {
        Some(at) => books.threads.get_mut(at),
        None => books.open(Desk::Chat, &who, &fields.text("order", 60), now),
    };
    if let Some(thread) = thread.filter(|_| !text.is_empty()) {
        thread.say(text, now, merchant, world.skin.face());
    }
    drop(books);
    let response = see_other("/kefu");
    if is_new { with_cookie(response, "PHPSESSID", &who) } else { response }
}

#[derive(Template)]
#[template(path = "about.html")]
struct About {
    face: &'static Face,
    is_platform: bool,
}

async fn about(State(world): Web) -> Response {
    let is_platform = world.skin == crate::skin::Skin::Qs;
    page(world.skin, "商家主页", &About { face: world.skin.face(), is_platform })
}

#[derive(Template)]
#[template(path = "rules.html")]
struct Rules {
    face: &'static Face,
    is_second: bool,
}

async fn rules(State(world): Web) -> Response {
    let is_second = world.knobs().rules_version >= 2;
    page(world.skin, "平台售后规则", &Rules { face: world.skin.face(), is_second })
}

#[derive(Template)]
#[template(path = "phone.html")]
struct Phone {
    number: String,
    messages: Vec<(String, String)>,
}

/// The buyer's telephone, so that codes sent by SMS can be read.
async fn phone(State(world): Web, Path(number): Path<String>) -> Response {
    let books = world.books();
    let mine = books.messages.iter().filter(|(to, ..)| *to == number);
    let messages = mine.map(|(_, at, text)| (crate::clock::wall(*at), text.clone())).collect();
    drop(books);
    whole(&Phone { number, messages })
}

async fn picture(Path(file): Path<String>) -> Response {
    let goods = file.strip_suffix(".svg").and_then(|id| id.parse().ok()).and_then(Goods::find);
    match goods {
        Some(goods) => ([(header::CONTENT_TYPE, "image/svg+xml")], goods.picture()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn asset(Path((_, file)): Path<(String, String)>) -> Response {
    const CSS: &str = "text/css; charset=utf-8";
    const JS: &str = "text/javascript; charset=utf-8";
    let (kind, text) = match file.as_str() {
        "base.css" => (CSS, include_str!("../../assets/base.css")),
        "dj-unicorn.css" => (CSS, include_str!("../../assets/dj-unicorn.css")),
        "dj-hyper.css" => (CSS, include_str!("../../assets/dj-hyper.css")),
        "acg.css" => (CSS, include_str!("../../assets/acg.css")),
        "qs.css" => (CSS, include_str!("../../assets/qs.css")),
        "rbw.css" => (CSS, include_str!("../../assets/rbw.css")),
        "shop.js" => (JS, include_str!("../../assets/shop.js")),
        "acg.js" => (JS, include_str!("../../assets/acg.js")),
        "qs.js" => (JS, include_str!("../../assets/qs.js")),
        "rbw.js" => (JS, include_str!("../../assets/rbw.js")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}
