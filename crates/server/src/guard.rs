//! Who gets through: exact host, a paired extension's origin, a token. Asked before any body is read.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::pairing::Pairing;
use crate::problem::Problem;
use crate::receiver::Receiver;
use crate::routes::PAIR;

/// Lets a request through or answers why not: 421 for a foreign host (DNS rebinding), 403 for a foreign origin (a web
/// page), 401 without a token.
pub(crate) async fn guard(State(receiver): State<Arc<Receiver>>, request: Request, next: Next) -> Response {
    let origin = match origin(&receiver, request.headers(), request.uri().path() == PAIR) {
        Ok(origin) => origin,
        Err(problem) => return problem.into_response(),
    };
    let response = if request.method() == Method::OPTIONS && origin.is_some() {
        StatusCode::NO_CONTENT.into_response()
    } else {
        match admitted(&receiver, request) {
            Ok(request) => next.run(request).await,
            Err(problem) => problem.into_response(),
        }
    };
    with_headers(response, origin.as_ref())
}

/// The origin of the request, where it has one and it may ask.
fn origin(receiver: &Receiver, headers: &HeaderMap, pairs: bool) -> Result<Option<HeaderValue>, Problem> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    if host != Some(format!("127.0.0.1:{}", receiver.port).as_str()) {
        return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "host", "this is another host"));
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(None) };
    let forbidden = || Problem::new(StatusCode::FORBIDDEN, "origin", "this origin is not paired");
    let text = origin.to_str().map_err(|_| forbidden())?;
    if !["chrome-extension://", "moz-extension://"].iter().any(|kind| text.starts_with(kind)) {
        return Err(forbidden());
    }
    let paired = || -> Result<bool, Problem> {
        let pairings = receiver.pairings.list()?;
        Ok(pairings.iter().any(|pairing| pairing.origin.as_deref() == Some(text)))
    };
    if (pairs && receiver.offer().is_some()) || paired()? {
        Ok(Some(origin.clone()))
    } else {
        Err(forbidden())
    }
}

/// Checks the token and hands the pairing on; pairing itself has none yet.
fn admitted(receiver: &Receiver, mut request: Request) -> Result<Request, Problem> {
    if request.uri().path() == PAIR {
        return Ok(request);
    }
    let refused = || Problem::new(StatusCode::UNAUTHORIZED, "token", "no token, or one that is not valid");
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(refused)?;
    let pairing = receiver.pairings.of_token(token)?.ok_or_else(refused)?;
    if let Some(origin) = request.headers().get(header::ORIGIN) {
        let same = pairing.origin.as_deref().is_some_and(|own| own.as_bytes() == origin.as_bytes());
        if !same {
            return Err(Problem::new(StatusCode::FORBIDDEN, "origin", "the token is another extension's"));
        }
    }
    request.extensions_mut().insert::<Pairing>(pairing);
    Ok(request)
}

fn with_headers(mut response: Response, origin: Option<&HeaderValue>) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        let allowed = "authorization, content-type, sigu-delivery";
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(allowed));
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("60"));
        // Browsers that guard the local network ask for this before they ask the receiver.
        headers.insert("access-control-allow-private-network", HeaderValue::from_static("true"));
    }
    response
}
