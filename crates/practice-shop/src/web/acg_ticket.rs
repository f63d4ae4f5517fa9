//! Tickets: for members only, a picture of the purchase is needed, ended ones take no answer.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Json, Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::json;

use crate::desk::{Desk, Outcome, Thread, Who};
use crate::web::acg::{failure, success};
use crate::web::{Filled, Web, cookie, found, page, see_other, with_cookie};
use crate::world::World;

const MEMBER: &str = "USER_TOKEN";
const LARGEST_PICTURE: usize = 14 << 20;

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/user/authentication/login", get(login_page).post(login))
        .route("/user/ticket", get(tickets))
        .route("/user/ticket/create", get(create_page))
        .route("/user/api/ticket/create", post(create))
        .route("/user/ticket/detail/{number}", get(detail))
        .route("/user/ticket/detail/{number}/reply", post(reply))
}

fn member(headers: &HeaderMap) -> Option<String> {
    cookie(headers, MEMBER).filter(|name| !name.is_empty())
}

#[derive(Template)]
#[template(path = "acg/login.html")]
struct Login;

async fn login_page(State(world): Web) -> Response {
    page(world.skin, "登录", &Login)
}

/// Any name is a member; only letters and digits, since the name is the cookie.
async fn login(Form(fields): Filled) -> Response {
    let name: String = fields.text("username", 30).chars().filter(char::is_ascii_alphanumeric).collect();
    with_cookie(found("/user/ticket"), MEMBER, if name.is_empty() { "guest" } else { &name })
}

#[derive(Template)]
#[template(path = "acg/tickets.html")]
struct Tickets {
    threads: Vec<Thread>,
}

async fn tickets(State(world): Web, headers: HeaderMap) -> Response {
    let Some(name) = member(&headers) else { return found("/user/authentication/login") };
    let books = world.books();
    let mine = books.threads.iter().rev().filter(|one| one.desk == Desk::Ticket && one.owner == name);
    let threads = mine.cloned().collect();
    drop(books);
    page(world.skin, "我的工单", &Tickets { threads })
}

#[derive(Template)]
#[template(path = "acg/ticket_new.html")]
struct NewTicket;

async fn create_page(State(world): Web, headers: HeaderMap) -> Response {
    match member(&headers) {
        Some(_) => page(world.skin, "提交工单", &NewTicket),
        None => found("/user/authentication/login"),
    }
}

#[derive(serde::Deserialize)]
struct Ticket {
    #[serde(rename = "type", default)]
    kind: u8,
    #[serde(default)]
    trade_no: String,
    title: String,
    content: String,
    /// Data URLs.
    #[serde(default)]
    images: Vec<String>,
}

impl Ticket {
    fn fault(&self) -> Option<&'static str> {
        let is_picture = |url: &String| {
            let kinds = ["data:image/jpeg;", "data:image/png;", "data:image/webp;"];
            url.len() <= LARGEST_PICTURE && kinds.iter().any(|kind| url.starts_with(kind))
        };
        if !(4..=100).contains(&self.title.chars().count()) {
            return Some("标题长度为4-100个字符");
        }
        if self.content.is_empty() || self.content.len() > 100 * 1024 {
            return Some("内容不能为空，且不超过100KB");
        }
        if self.images.len() > 8 || !self.images.iter().all(is_picture) {
            return Some("最多8张图片，支持 JPG/PNG/WebP，每张不超过10MB");
        }
        (self.kind == 1 && self.images.is_empty()).then_some("售后支持必须上传购买凭证")
    }
}

async fn create(State(world): Web, headers: HeaderMap, Json(ticket): Json<Ticket>) -> Response {
    let Some(name) = member(&headers) else { return failure("请先登录") };
    if let Some(why) = ticket.fault() {
        return failure(why);
    }
    if ticket.kind == 1 && !world.order(&ticket.trade_no).is_some_and(|order| order.is_paid) {
        return failure("请选择已支付的订单");
    }
    let now = world.now();
    let mut books = world.books();
    let merchant = books.knobs.merchant;
    let Some(thread) = books.open(Desk::Ticket, &name, &ticket.trade_no, now) else {
        return failure("系统繁忙");
    };
    thread.title = ticket.title;
    thread.topic = if ticket.kind == 1 { "售后支持" } else { "售前咨询" }.to_owned();
    thread.pictures = ticket.images;
    thread.say(ticket.content, now, merchant, world.skin.face());
    success(&json!({ "ticket_no": thread.number, "url": format!("/user/ticket/detail/{}", thread.number) }))
}

#[derive(Template)]
#[template(path = "acg/ticket.html")]
struct Detail {
    thread: Thread,
}

impl Thread {
    /// The state of a ticket: whose turn it is, or how it ended.
    pub(crate) fn ticket_label(&self) -> &'static str {
        match self.outcome {
            Outcome::Solved => "已解决",
            Outcome::Rejected | Outcome::Withdrawn => "已关闭",
            _ if self.lines.last().is_some_and(|line| line.who != Who::Buyer) => "待用户回复",
            _ => "待客服回复",
        }
    }

    pub(crate) fn is_ended(&self) -> bool {
        matches!(self.outcome, Outcome::Solved | Outcome::Rejected | Outcome::Withdrawn)
    }
}

async fn detail(State(world): Web, headers: HeaderMap, Path(number): Path<String>) -> Response {
    let Some(name) = member(&headers) else { return found("/user/authentication/login") };
    let books = world.books();
    let thread = books.threads.iter().find(|one| one.number == number && one.owner == name).cloned();
    drop(books);
    match thread {
        Some(thread) => page(world.skin, "工单详情", &Detail { thread }),
        None => super::notice(world.skin, "工单不存在"),
    }
}

async fn reply(
    State(world): Web,
    headers: HeaderMap,
    Path(number): Path<String>,
    Form(fields): Filled,
) -> Response {
    let Some(name) = member(&headers) else { return found("/user/authentication/login") };
    let (now, text) = (world.now(), fields.text("content", 30_000));
    let mut books = world.books();
    let merchant = books.knobs.merchant;
    let thread = books.threads.iter_mut().find(|one| one.number == number && one.owner == name);
    match thread {
        Some(thread) if thread.is_ended() => {
            drop(books);
            super::notice(world.skin, "工单已结束，如有新问题请重新提交工单")
        }
        Some(thread) if !text.is_empty() => {
            thread.say(text, now, merchant, world.skin.face());
            see_other(&format!("/user/ticket/detail/{number}"))
        }
        _ => {
            drop(books);
            super::notice(world.skin, "工单不存在或内容为空")
        }
    }
}
