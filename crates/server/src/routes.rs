//! The five questions the extension asks, and how long an answer may take.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde::Deserialize;
use serde_json::{Value, json};
use sigu_vault::os_entropy;

use crate::delivery::{self, DeliveryId};
use crate::guard::guard;
use crate::pairing::{CodeFault, Pairing};
use crate::problem::Problem;
use crate::receiver::Receiver;
use crate::{orders, recording};

pub(crate) const PAIR: &str = "/api/v1/pair";
/// Largest delivery, sealed, in bytes: 200 MB.
const MAX_DELIVERY: usize = 200_000_000;
/// Largest request to pair, in bytes.
const MAX_PAIR: usize = 4 << 10;
/// How long a body may take to come.
const BODY_TIME: Duration = Duration::from_secs(120);

type Shared = State<Arc<Receiver>>;
type Answer = Result<Response, Problem>;

/// All routes behind the guard.
pub(crate) fn router(receiver: Arc<Receiver>) -> Router {
    Router::new()
        .route(PAIR, post(pair))
        .route("/api/v1/orders", get(open_orders))
        .route("/api/v1/captures", post(capture))
        .route("/api/v1/recordings/{id}/pieces/{n}", post(piece))
        .route("/api/v1/recordings/{id}/end", post(end))
        .fallback(async || Problem::new(StatusCode::NOT_FOUND, "not_found", "no such question"))
        .method_not_allowed_fallback(async || {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "not in this way")
        })
        .layer(middleware::from_fn_with_state(receiver.clone(), guard))
        .with_state(receiver)
}

#[derive(Deserialize)]
struct PairRequest {
    code: String,
    #[serde(default)]
    name: String,
}

async fn pair(State(receiver): Shared, headers: HeaderMap, body: Body) -> Answer {
    let body = read(body, MAX_PAIR).await?;
    let asked: PairRequest =
        serde_json::from_slice(&body).map_err(|error| Problem::bad("json", error.to_string()))?;
    let now = (receiver.app.now)();
    // Before the code is used up: the extension asks again once the app is unlocked.
    let recipient = receiver.app.identity.get()?.recipient().to_string();
    {
        let mut offer = receiver.offer();
        let tried = offer
            .as_mut()
            .map_or(Err(CodeFault::Gone), |offer| offer.try_code(&asked.code, receiver.port, now));
        match tried {
            // One use: it goes before anything else can fail.
            Ok(()) => *offer = None,
            Err(CodeFault::Wrong) => {
                return Err(Problem::new(StatusCode::FORBIDDEN, "code_wrong", "this is not the code"));
            }
            Err(CodeFault::Gone) => {
                return Err(Problem::new(StatusCode::GONE, "code_gone", "ask the app for a new code"));
            }
        }
    }
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let token = receiver.pairings.add(&asked.name, origin, now, &mut os_entropy)?;
    Ok(Json(json!({
        "token": token.as_str(),
        "recipient": recipient,
        "app": { "version": receiver.app.version },
    }))
    .into_response())
}

async fn open_orders(State(receiver): Shared) -> Answer {
    let list = blocking(move || orders::open(&receiver)).await?;
    Ok(Json(list).into_response())
}

async fn capture(
    State(receiver): Shared,
    Extension(pairing): Extension<Pairing>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let id = DeliveryId::of(headers.get("sigu-delivery").and_then(|id| id.to_str().ok()))?;
    answered(&receiver, body, move |receiver, sealed| delivery::fix(receiver, pairing.id, &id, sealed)).await
}

async fn piece(State(receiver): Shared, Path((id, n)): Path<(String, u32)>, body: Body) -> Answer {
    let id = DeliveryId::of(Some(&id))?;
    answered(&receiver, body, move |receiver, sealed| recording::keep_piece(receiver, &id, n, &sealed)).await
}

async fn end(
    State(receiver): Shared,
    Extension(pairing): Extension<Pairing>,
    Path(id): Path<String>,
    body: Body,
) -> Answer {
    let id = DeliveryId::of(Some(&id))?;
    answered(&receiver, body, move |receiver, sealed| recording::end(receiver, pairing.id, &id, &sealed))
        .await
}

/// Reads one body and works on it away from the loop; the next delivery waits.
async fn answered(
    receiver: &Arc<Receiver>,
    body: Body,
    work: impl FnOnce(&Receiver, Bytes) -> Result<Value, Problem> + Send + 'static,
) -> Answer {
    let _turn = receiver.one_at_a_time.lock().await;
    let sealed = read(body, MAX_DELIVERY).await?;
    let receiver = receiver.clone();
    let answer = blocking(move || work(&receiver, sealed)).await?;
    Ok(Json(answer).into_response())
}

async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let reading = tokio::time::timeout(BODY_TIME, axum::body::to_bytes(body, limit));
    match reading.await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => {
            let message = format!("a body of at most {limit} bytes is wanted whole");
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body", message))
        }
        Err(_) => Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "slow", "the body did not come")),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::fault)?
}
