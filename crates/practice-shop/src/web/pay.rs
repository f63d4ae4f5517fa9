//! The cashier's page with its QR code, and the phone on which it is paid.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use fast_qr::QRBuilder;

use crate::order::OrderView;
use crate::skin::{Face, Skin};
use crate::web::{Web, notice, page, see_other, whole};
use crate::world::World;

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/wxpay/{number}", get(phone).post(confirm))
        .route("/wxpay/{number}/voucher", get(voucher))
}

#[derive(Template)]
#[template(path = "cashier.html")]
struct Cashier {
    order: OrderView,
    qr: String,
    then: String,
    check: String,
}

/// The page that waits for the payment; `then` is the order page, `check` says whether it is paid.
pub(crate) fn cashier(skin: Skin, order: OrderView, then: String, check: String) -> Response {
    let qr = qr(&format!("weixin://wxpay/bizpayurl?pr={}", &order.skey[..9]));
    page(skin, "收银台", &Cashier { order, qr, then, check })
}

/// A QR code as a path of unit squares.
fn qr(text: &str) -> String {
    let Ok(code) = QRBuilder::new(text).build() else { return String::new() };
    let size = code.size;
    let dark = (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).filter(|(x, y)| code[*y][*x].value());
    let path: String = dark.map(|(x, y)| format!("M{x} {y}h1v1h-1z")).collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-2 -2 {0} {0}\" shape-rendering=\"crispEdges\" \
         role=\"img\" aria-label=\"支付二维码\">\
         <path fill=\"#fff\" d=\"M-2-2h{0}v{0}h-{0}z\"/><path d=\"{path}\"/></svg>",
        size + 4
    )
}

#[derive(Template)]
#[template(path = "phone_pay.html")]
struct PhonePay {
    order: OrderView,
    face: &'static Face,
}

async fn phone(State(world): Web, Path(number): Path<String>) -> Response {
    match world.order(&number) {
        Some(order) if order.is_paid => see_other(&format!("/wxpay/{number}/voucher")),
        Some(order) => whole(&PhonePay { order, face: world.skin.face() }),
        None => notice(world.skin, "订单已关闭"),
    }
}

async fn confirm(State(world): Web, Path(number): Path<String>) -> Response {
    match world.order(&number).map(|order| order.stage) {
        Some(crate::order::Stage::Expired) | None => notice(world.skin, "订单已关闭"),
        Some(_) => {
            world.pay(&number);
            see_other(&format!("/wxpay/{number}/voucher"))
        }
    }
}

#[derive(Template)]
#[template(path = "voucher.html")]
struct Voucher {
    amount: String,
    title: &'static str,
    paid: String,
    transaction: String,
    number: String,
    face: &'static Face,
}

/// The payer's own record: it stays when the shop forgets the order.
async fn voucher(State(world): Web, Path(number): Path<String>) -> Response {
    let order = world.books().orders.iter().find(|order| order.number == number).cloned();
    let Some((order, (paid, transaction))) = order.and_then(|order| Some((order.clone(), order.paid?)))
    else {
        return notice(world.skin, "没有这笔账单");
    };
    whole(&Voucher {
        amount: crate::goods::yuan(order.fen()),
        title: order.goods.title,
        paid: crate::clock::wall(paid),
        transaction,
        number: order.number,
        face: world.skin.face(),
    })
}
