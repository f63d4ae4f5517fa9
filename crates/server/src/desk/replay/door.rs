//! What the listener of captured pages answers: exact host, reading only, nothing while the desk is locked, and each
//! answer under a policy that keeps it still.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sigu_capture::archive::{Kept, ReadError, Reader};

use super::body::{Handed, handed};
use super::{Shown, address};
use crate::desk::Desk;

/// Nothing runs, nothing comes from elsewhere, nothing is sent.
const POLICY: &str = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
    font-src 'self' data:; media-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'";
const HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    // Browsers would look up the names of hosts in links.
    (header::X_DNS_PREFETCH_CONTROL, "off"),
    // A sandboxed page has an origin of its own, to which even its own pictures are foreign.
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    (HeaderName::from_static("permissions-policy"), "autoplay=(), fullscreen=()"),
    (header::CACHE_CONTROL, "no-store"),
];

#[derive(Clone)]
struct Door {
    desk: Arc<Desk>,
    port: u16,
}

/// All that this listener knows.
pub(super) fn router(desk: Arc<Desk>, port: u16) -> Router {
    Router::new().fallback(answer).with_state(Door { desk, port })
}

/// What a request asks for.
struct Asked {
    token: String,
    url: String,
    /// Whether a page is asked for, and not a part of one.
    page: bool,
}

async fn answer(State(door): State<Door>, request: Request) -> Response {
    let font = is(request.headers(), "sec-fetch-dest", "font");
    let wanted = asked(&door, &request);
    let (mut response, own) = match wanted {
        Err(status) => (status.into_response(), true),
        Ok(asked) => {
            let desk = door.desk.clone();
            let found = tokio::task::spawn_blocking(move || found(&desk, &asked)).await;
            found.unwrap_or_else(|_| (StatusCode::INTERNAL_SERVER_ERROR.into_response(), true))
        }
    };
    dress(response.headers_mut(), font, own.then(|| door.desk.origin()));
    response
}

fn is(headers: &HeaderMap, name: &str, value: &str) -> bool {
    headers.get(name).is_some_and(|own| own.as_bytes() == value.as_bytes())
}

/// Takes a request apart or says why it is not answered.
fn asked(door: &Door, request: &Request) -> Result<Asked, StatusCode> {
    let headers = request.headers();
    if !is(headers, "host", &format!("127.0.0.1:{}", door.port)) {
        return Err(StatusCode::MISDIRECTED_REQUEST);
    }
    if *request.method() != Method::GET {
        return Err(StatusCode::METHOD_NOT_ALLOWED);
    }
    // It is made to be looked at in a frame of the desk, and nowhere else.
    if is(headers, "sec-fetch-dest", "document") {
        return Err(StatusCode::FORBIDDEN);
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let (token, url) = path[1..].split_once('/').ok_or(StatusCode::NOT_FOUND)?;
    let page = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let page = page.is_some_and(|accepted| accepted.contains("text/html"));
    Ok(Asked { token: token.to_owned(), url: url.to_owned(), page })
}

/// What is answered, and whether it is the page itself rather than something in it.
fn found(desk: &Desk, asked: &Asked) -> (Response, bool) {
    desk.lapse();
    if desk.app.identity.is_locked() {
        desk.replay.put_away();
        return (StatusCode::LOCKED.into_response(), true);
    }
    let Some(shown) = desk.replay.shown(&asked.token) else {
        return (StatusCode::NOT_FOUND.into_response(), true);
    };
    let own = is_same(&asked.url, &shown.page);
    let Ok(archive) = desk.replay.archive_of(&shown, &desk.app) else {
        return (missing(&shown, asked), own);
    };
    let kept = kept(&archive, &shown.page, &asked.url, own).ok().flatten();
    let response = match kept.and_then(|kept| handed(kept, &asked.token)) {
        Some(Handed { content_type, body }) => {
            ([(header::CONTENT_TYPE, content_type)], Body::from(body)).into_response()
        }
        None => missing(&shown, asked),
    };
    (response, own)
}

/// Whether two addresses name the same page, wherever in it.
fn is_same(one: &str, other: &str) -> bool {
    let plain = |url: &str| {
        url::Url::parse(url).ok().map(|mut url| {
            url.set_fragment(None);
            url
        })
    };
    plain(one).is_some() && plain(one) == plain(other)
}

/// The page itself as it was rendered, where the archive has it; everything else as it was received.
fn kept(archive: &Reader, page: &str, url: &str, own: bool) -> Result<Option<Kept>, ReadError> {
    // A damaged record of what was rendered leaves what was received.
    if own && let Ok(Some(rendered)) = archive.rendered(page) {
        return Ok(Some(rendered));
    }
    archive.find(url)
}

/// Says in the frame that a page is not there; a part of a page is just not there.
fn missing(shown: &Shown, asked: &Asked) -> Response {
    if !asked.page {
        return StatusCode::NOT_FOUND.into_response();
    }
    let word = |key: &str| shown.words.word(key);
    let back = address::place(&asked.token, &shown.page);
    let back: String = back.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let page = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><title>{what}</title>\
         <style>body{{font:1rem/1.7 system-ui,sans-serif;color:#222;background:#fff;max-width:32rem;\
         margin:15vh auto;padding:0 1.5rem}}h1{{font-size:1.3rem}}a{{color:#0b5c5c;display:inline-block;\
         padding:.6rem 0}}</style><h1>{what}</h1><p>{}</p><p><a href=\"{back}\">{}</a></p></html>",
        if shown.words.english() { "en" } else { "zh-CN" },
        word("replay-none-why"),
        word("replay-none-back"),
        what = word("replay-none"),
    );
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// `above` is who alone may frame it. A page inside the page has a sandboxed page above it, whose origin no policy can
/// name: it is kept from others by the token alone.
fn dress(headers: &mut HeaderMap, font: bool, above: Option<String>) {
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = match above {
        Some(desk) => HeaderValue::from_str(&format!("{POLICY}; frame-ancestors {desk}")),
        None => Ok(HeaderValue::from_static(POLICY)),
    };
    // The desk's origin is plain ASCII; were it not, nothing would be shown.
    let policy =
        policy.unwrap_or(HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    if font {
        // Fonts are asked for across origins always; the page's own is none.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("null"));
    }
}
