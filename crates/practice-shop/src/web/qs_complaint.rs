//! The complaint desk: on the day of the order, once, with a clock of 24 hours and a code by SMS.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::desk::{Desk, Thread, complaint_fault};
use crate::web::qs::{answer, is_today};
use crate::web::{Asked, Filled, Web, notice, page, see_other};
use crate::world::World;

/// The kinds of complaint, and whether the platform promises a full refund for them.
const TYPES: [(&str, bool); 9] = [
    ("不会使用", false),
    ("无效卡密", false),
    ("涉嫌色情", true),
    ("涉嫌赌博", true),
    ("实名账号", true),
    ("盗版侵权", false),
    ("欺诈骗钱", false),
    ("非法外挂", false),
    ("描述不符", false),
];

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/complaint", get(form))
        .route("/buyer/complaint/query", post(query))
        .route("/complaint/detail", get(detail))
}

#[derive(Template)]
#[template(path = "qs/complaint_new.html")]
struct ComplaintForm {
    order: String,
    types: [(&'static str, bool); 9],
}

async fn form(State(world): Web, Query(fields): Asked) -> Response {
    page(world.skin, "订单投诉", &ComplaintForm { order: fields.text("orderId", 60), types: TYPES })
}

pub(crate) async fn complain(State(world): Web, Form(fields): Filled) -> Response {
    match made(&world, &fields) {
        Ok(number) => answer(
            1,
            "投诉成功，查询密码已发送至您的手机",
            &json!({ "trade_no": number, "url": "/order?tscx=1" }),
        ),
        Err(why) => answer(0, why, &Value::Null),
    }
}

fn made(world: &World, fields: &super::Fields) -> Result<String, &'static str> {
    let number = fields.text("trade_no", 60);
    let (qq, phone, text) = (fields.text("qq", 20), fields.text("mobile", 20), fields.text("desc", 2_000));
    let order = world.order(&number).ok_or("订单不存在")?;
    if !order.is_paid {
        return Err("订单未支付，不能投诉");
    }
    if !is_today(world, &number) {
        return Err("只能投诉当天的订单，请于购买当日投诉");
    }
    if let Some(why) = complaint_fault(&qq, &phone, &text) {
        return Err(why);
    }
    let kind = fields.text("type", 20);
    if !TYPES.iter().any(|(name, _)| *name == kind) {
        return Err("请选择投诉类型");
    }
    let now = world.now();
    let mut books = world.books();
    if books.threads.iter().any(|one| one.desk == Desk::Complaint && one.order == number) {
        return Err("该订单已投诉过，请勿重复投诉");
    }
    let merchant = books.knobs.merchant;
    let thread = books.open(Desk::Complaint, &phone, &number, now).ok_or("系统繁忙")?;
    thread.topic = kind;
    thread.say(text, now, merchant, world.skin.face());
    let message = format!("【云栈寄售】您对订单{number}的投诉已受理，查询密码：{}，请勿泄露。", thread.code);
    books.messages.push((phone, now, message));
    Ok(number)
}

fn complaint(world: &World, fields: &super::Fields) -> Option<Thread> {
    let number = fields.text("trade_no", 60) + &fields.text("order_no", 60);
    let password = fields.text("pwd", 20) + &fields.text("password", 20);
    let books = world.books();
    let wanted = |one: &&Thread| one.desk == Desk::Complaint && one.order == number && one.code == password;
    books.threads.iter().find(wanted).cloned()
}

/// What the page says of the state, which is not always what the JSON says.
fn label(world: &World, thread: &Thread) -> &'static str {
    let outcome = thread.standing(world.now());
    if world.knobs().wrong_label { outcome.mismatched_label() } else { outcome.label() }
}

pub(crate) async fn query(State(world): Web, Form(fields): Filled) -> Response {
    let Some(thread) = complaint(&world, &fields) else {
        return answer(0, "订单号或查询密码错误", &Value::Null);
    };
    let outcome = thread.standing(world.now());
    let (status, result) = outcome.numbers();
    let lines: Vec<Value> = thread
        .lines
        .iter()
        .map(|line| {
            let at = line.at.as_second();
            json!({ "role": line.who.class(), "content": line.text, "create_at": at })
        })
        .collect();
    answer(
        1,
        "success",
        &json!({
            "trade_no": thread.order,
            "type": thread.topic,
            "status": if world.knobs().wrong_label { outcome.backend() } else { status },
            "result": result,
            "create_at": thread.opened.as_second(),
            "expire_at": thread.expires().as_second(),
            "messages": lines,
        }),
    )
}

#[derive(Template)]
#[template(path = "qs/complaint.html")]
struct Detail {
    thread: Thread,
    label: &'static str,
    left: i64,
    code: String,
    expires: String,
}

async fn detail(State(world): Web, Query(fields): Asked) -> Response {
    let Some(thread) = complaint(&world, &fields) else {
        return notice(world.skin, "订单号或查询密码错误");
    };
    let left = (thread.expires().as_second() - world.now().as_second()).max(0);
    let (label, code) = (label(&world, &thread), thread.code.clone());
    let expires = crate::clock::wall(thread.expires());
    page(world.skin, "投诉详情", &Detail { thread, label, left, code, expires })
}

pub(crate) async fn send(State(world): Web, Form(fields): Filled) -> Response {
    let Some(found) = complaint(&world, &fields) else {
        return notice(world.skin, "订单号或查询密码错误");
    };
    let (now, text) = (world.now(), fields.text("content", 2_000));
    let mut books = world.books();
    let merchant = books.knobs.merchant;
    let thread = books.threads.iter_mut().find(|one| one.number == found.number);
    if let Some(thread) = thread.filter(|_| !text.is_empty()) {
        thread.say(text, now, merchant, world.skin.face());
    }
    see_other(&format!("/complaint/detail?trade_no={}&pwd={}", found.order, found.code))
}
