//! Who gets in: exact host, own origin for whatever changes something, and the cookie that a start link gave.

use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::Desk;
use super::page::Frame;
use super::refusal::Refusal;
use crate::words::Words;

const LANGUAGE: &str = "sigu-lang";
/// Open without a cookie: the start link itself, what pages are drawn with, and the calendar, which has a secret of its
/// own.
const OPEN: [&str; 3] = ["/start", "/assets/", "/calendar/"];

/// What pages may load and do: nothing from elsewhere, no script in a page, no page of others around ours.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // With "no-referrer" browsers send forms with `Origin: null`, and no form would get in.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Lets a request through or answers why not: 421 for a foreign host (DNS rebinding), 403 for a change asked from
/// elsewhere, 401 without the cookie.
pub(super) async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let words = words(&desk, request.headers());
    let mut response = match refuse(&desk, &request) {
        Some((status, key)) => Refusal::new(status, key).show(Frame::bare(&words)),
        None => next.run(request).await,
    };
    dress(response.headers_mut());
    response
}

/// The policy of a page that shows another one in a frame, from exactly this origin.
pub(super) fn framing(origin: &str) -> String {
    format!("{POLICY}; frame-src {origin}")
}

/// Adds what every answer says of what may be done with it.
pub(super) fn dress(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

fn refuse(desk: &Desk, request: &Request) -> Option<(StatusCode, &'static str)> {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if text(header::HOST) != Some(format!("127.0.0.1:{}", desk.port).as_str()) {
        return Some((StatusCode::MISDIRECTED_REQUEST, "door-host"));
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && text(header::ORIGIN) != Some(desk.origin().as_str()) {
        return Some((StatusCode::FORBIDDEN, "door-origin"));
    }
    let path = request.uri().path();
    let open = OPEN.iter().any(|open| path == *open || (open.ends_with('/') && path.starts_with(open)));
    let entered = is_inside_browser(desk, request.headers());
    (!open && !entered).then_some((StatusCode::UNAUTHORIZED, "door-closed"))
}

/// Whether the request comes with the cookie of a browser that was let in.
pub(super) fn is_inside_browser(desk: &Desk, headers: &HeaderMap) -> bool {
    cookie(headers, &session(desk)).is_some_and(|own| desk.is_session(own))
}

/// The cookie's name: all ports of a host share their cookies, and each desk has a key of its own.
fn session(desk: &Desk) -> String {
    format!("sigu-{}", desk.port)
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
}

/// The words this browser chose, else those of the desk.
pub(super) fn words(desk: &Desk, headers: &HeaderMap) -> Words {
    match cookie(headers, LANGUAGE) {
        Some("en") => Words::in_english(),
        Some("zh") => Words::chinese(),
        _ => desk.words.clone(),
    }
}

#[derive(Deserialize)]
pub(super) struct Start {
    #[serde(default)]
    once: String,
    /// Where to go; the first page without.
    #[serde(default)]
    to: String,
}

/// The start link: it works once, gives the cookie, and is gone from the address.
pub(super) async fn start(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(asked): Query<Start>,
) -> Response {
    let Some(session) = desk.enter(&asked.once) else {
        return Refusal::new(StatusCode::UNAUTHORIZED, "door-used")
            .show(Frame::bare(&words(&desk, &headers)));
    };
    let to = if is_inside(&asked.to) { asked.to.as_str() } else { "/" };
    with_cookie(&self::session(&desk), session, Redirect::to(to))
}

#[derive(Deserialize)]
pub(super) struct Choice {
    lang: String,
    #[serde(default)]
    back: String,
}

/// Chooses the language and goes back to where that was asked.
pub(super) async fn language(axum::Form(choice): axum::Form<Choice>) -> Response {
    let lang = if choice.lang == "en" { "en" } else { "zh" };
    with_cookie(LANGUAGE, lang, Redirect::to(if is_inside(&choice.back) { &choice.back } else { "/" }))
}

/// Whether an address is a path of ours: two slashes would be another host, and browsers leave out control characters
/// between them.
pub(super) fn is_inside(path: &str) -> bool {
    let foreign = path.starts_with("//") || path.contains('\\') || path.contains(char::is_control);
    path.starts_with('/') && !foreign
}

/// Gives a cookie that scripts do not see and that goes along with requests of our own pages only.
pub(super) fn with_cookie(name: &str, value: &str, response: impl IntoResponse) -> Response {
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict");
    let mut response = response.into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
