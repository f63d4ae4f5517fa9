//! The shop over HTTP: the routes of each skin, and the frame around every page.

mod acg;
mod acg_ticket;
mod common;
pub(crate) mod control;
mod dj;
mod issuer;
mod pay;
mod qs;
mod qs_complaint;
mod rbw;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use tokio_rustls::TlsAcceptor;

use crate::order::Order;
use crate::skin::{Face, Skin};
use crate::tls::TlsListener;
use crate::world::World;

/// Eight pictures of a ticket, as text.
const LARGEST_REQUEST: usize = 16 << 20;

pub(crate) type Web = State<Arc<World>>;
pub(crate) type Asked = Query<Fields>;
pub(crate) type Filled = Form<Fields>;

/// Serves until the future is dropped.
pub(crate) async fn serve(
    listener: std::net::TcpListener,
    world: Arc<World>,
    acceptor: Option<TlsAcceptor>,
) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let (app, address) = (router(Arc::clone(&world)), world.address);
    match acceptor {
        Some(acceptor) => axum::serve(TlsListener::new(listener, acceptor, address), app).await,
        None => axum::serve(listener, app).await,
    }
}

pub(crate) fn router(world: Arc<World>) -> Router {
    let skin = match world.skin {
        Skin::DjUnicorn | Skin::DjHyper => dj::routes(),
        Skin::Acg => acg::routes().merge(acg_ticket::routes()),
        Skin::Qs => qs::routes().merge(qs_complaint::routes()),
        Skin::Rbw => rbw::routes(),
    };
    skin.merge(common::routes())
        .merge(pay::routes())
        .merge(issuer::routes())
        .merge(control::routes())
        .with_state(world)
        .merge(crate::pages::routes())
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
        .fallback(|| async {
            (StatusCode::NOT_FOUND, Html("<h1>404 Not Found</h1><hr><center>nginx</center>"))
        })
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
}

/// Where the order page of a paid order stands.
pub(crate) fn order_path(skin: Skin, order: &Order) -> String {
    let number = &order.number;
    match skin {
        Skin::DjUnicorn | Skin::DjHyper => format!("/detail-order-sn/{number}"),
        Skin::Acg => format!("/user/index/query?tradeNo={number}"),
        Skin::Qs => format!("/order?orderId={number}"),
        Skin::Rbw => format!("/?mod=query&data={number}"),
    }
}

pub(crate) fn product_path(skin: Skin, goods: u32) -> String {
    match skin {
        Skin::DjUnicorn | Skin::DjHyper => format!("/buy/{goods}"),
        Skin::Acg => format!("/item/{goods}"),
        Skin::Qs => format!("/links/{goods}"),
        Skin::Rbw => format!("/?mod=buy2&tid={goods}"),
    }
}

/// What a form or a query says; unknown fields are kept and missing ones are empty.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// The field without blanks around it, at most `most` characters.
    pub(crate) fn text(&self, name: &str, most: usize) -> String {
        self.0.get(name).map(|text| text.trim().chars().take(most).collect()).unwrap_or_default()
    }

    pub(crate) fn number(&self, name: &str) -> u32 {
        self.0.get(name).and_then(|text| text.trim().parse().ok()).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "frame.html")]
struct Frame<'a> {
    skin: &'static str,
    face: &'static Face,
    title: &'a str,
    body: String,
}

/// A page of the shop: the body in the frame of the skin.
pub(crate) fn page(skin: Skin, title: &str, body: &impl Template) -> Response {
    let body = match body.render() {
        Ok(body) => body,
        Err(error) => return broken(&error),
    };
    whole(&Frame { skin: skin.name(), face: skin.face(), title, body })
}

/// A page that brings its own frame.
pub(crate) fn whole(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => broken(&error),
    }
}

fn broken(error: &askama::Error) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Notice<'a> {
    text: &'a str,
}

/// The shop's sentence that something does not go.
pub(crate) fn notice(skin: Skin, text: &str) -> Response {
    page(skin, "提示", &Notice { text })
}

pub(crate) fn found(path: &str) -> Response {
    // Old shop software answers forms with 302.
    (StatusCode::FOUND, [(header::LOCATION, path.to_owned())]).into_response()
}

pub(crate) fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// A cookie's value, as it was sent.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Adds a session cookie to an answer; values that are no header text are left out.
pub(crate) fn with_cookie(mut response: Response, name: &str, value: &str) -> Response {
    if let Ok(line) = format!("{name}={value}; Path=/; SameSite=Lax").parse() {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    response
}
