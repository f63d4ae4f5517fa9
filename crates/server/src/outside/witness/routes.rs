//! What a witness answers over HTTP: `POST /add-checkpoint`, and `GET /<hex>/checkpoint` for who monitors.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, StatusCode};
use axum::routing::{get, post};
use tokio::sync::Semaphore;

use super::{Answer, Told, Witness, WitnessError};

/// More than any request that is well-formed has: 63 hashes and a note of 64 KiB.
const MAX_BODY_BYTES: usize = 72 * 1024;
/// How long the body of a request may take.
const READING: Duration = Duration::from_secs(10);
/// How many requests wait for the disk at once; the others wait for them.
const AT_ONCE: usize = 8;
const WORDS: &str = "text/plain; charset=utf-8";

type Said = (StatusCode, [(HeaderName, &'static str); 1], String);

struct Door {
    witness: Arc<Witness>,
    tell: Box<dyn Fn(Told) + Send + Sync>,
    disk: Semaphore,
}

/// Makes the app that serves a witness; `tell` hears of each submission.
pub fn router(witness: Arc<Witness>, tell: impl Fn(Told) + Send + Sync + 'static) -> Router {
    let door = Door { witness, tell: Box::new(tell), disk: Semaphore::new(AT_ONCE) };
    Router::new()
        .route("/add-checkpoint", post(add))
        .route("/{origin}/checkpoint", get(latest))
        .with_state(Arc::new(door))
}

async fn add(State(door): State<Arc<Door>>, request: Request) -> Said {
    let body = match tokio::time::timeout(READING, to_bytes(request.into_body(), MAX_BODY_BYTES)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return said(StatusCode::BAD_REQUEST, "not a request of add-checkpoint\n"),
        Err(_) => return said(StatusCode::REQUEST_TIMEOUT, "the request took too long\n"),
    };
    let answered = at_disk(&door, move |witness| witness.submit(&body)).await;
    match answered {
        Ok(Answer { status, content_type, body, cosigned }) => {
            (door.tell)(match cosigned {
                Some((origin, size)) => Told::Cosigned { origin, size },
                None => Told::Refused { status },
            });
            // All that `Decision` has are statuses.
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [(CONTENT_TYPE, content_type)], body)
        }
        Err(error) => failed(&door, error),
    }
}

async fn latest(State(door): State<Arc<Door>>, Path(origin): Path<String>) -> Said {
    match at_disk(&door, move |witness| witness.latest(&origin)).await {
        Ok(Some(note)) => (StatusCode::OK, [(CONTENT_TYPE, WORDS)], note),
        Ok(None) => said(StatusCode::NOT_FOUND, "this log is not known here, or was not seen yet\n"),
        Err(error) => failed(&door, error),
    }
}

/// Works where waiting for the disk holds nobody up.
async fn at_disk<T: Send + 'static>(
    door: &Arc<Door>,
    work: impl FnOnce(&Witness) -> Result<T, WitnessError> + Send + 'static,
) -> Result<T, WitnessError> {
    let broke = |why: &str| WitnessError::Io {
        path: std::path::PathBuf::new(),
        error: std::io::Error::other(why.to_owned()),
    };
    // The semaphore is never closed; the work panics only by a bug.
    let _turn = door.disk.acquire().await.map_err(|_| broke("closing"))?;
    let witness = door.witness.clone();
    let done = tokio::task::spawn_blocking(move || work(&witness)).await;
    done.unwrap_or_else(|_| Err(broke("the work broke off")))
}

/// A fault of the folder: the asker learns that it is to come again, the owner what is wrong.
fn failed(door: &Door, error: WitnessError) -> Said {
    (door.tell)(Told::Fault(error));
    said(StatusCode::INTERNAL_SERVER_ERROR, "the witness cannot read or write its state\n")
}

fn said(status: StatusCode, words: &str) -> Said {
    (status, [(CONTENT_TYPE, WORDS)], words.to_owned())
}
