//! Who gets in from the own network: exact host, own origin for whatever changes something, and the one
//! cookie.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::Link;
use super::routes::said;
use crate::desk::door::{cookie, dress};

pub(super) const COOKIE: &str = "sigu-phone";
/// Open without the cookie: the link itself, and what pages are drawn with.
const OPEN: [&str; 2] = ["/u/", "/assets/"];

/// Lets a request through or answers why not, before any body is read.
pub(super) async fn guard(State(link): State<Arc<Link>>, request: Request, next: Next) -> Response {
    let mut response = match refuse(&link, &request) {
        Some((status, key)) => said(&link, status, key),
        None => next.run(request).await,
    };
    dress(response.headers_mut());
    response
}

fn refuse(link: &Link, request: &Request) -> Option<(StatusCode, &'static str)> {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if text(header::HOST) != Some(link.place.to_string().as_str()) {
        return Some((StatusCode::MISDIRECTED_REQUEST, "door-host"));
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && text(header::ORIGIN) != Some(link.origin().as_str()) {
        return Some((StatusCode::FORBIDDEN, "phone-origin"));
    }
    if link.is_over() {
        return Some((StatusCode::GONE, "phone-over"));
    }
    let path = request.uri().path();
    let open = OPEN.iter().any(|open| path.starts_with(open));
    let entered = cookie(request.headers(), COOKIE).is_some_and(|own| link.is_guest(own));
    (!open && !entered).then_some((StatusCode::UNAUTHORIZED, "phone-closed"))
}
