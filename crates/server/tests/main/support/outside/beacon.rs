//! Relays of drand: each serves one file of `vectors/drand` as the last round, or fails; the first part of the path says
//! which.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use sigu_attestation::drand::QUICKNET_CHAIN;
use sigu_server::outside::services::Relay;
use tokio::sync::Notify;

use super::{cut, run};

/// All relays of one port.
pub(crate) struct Beacons {
    origin: String,
    release: Arc<Notify>,
}

impl Beacons {
    /// Starts them.
    pub(crate) async fn new() -> Self {
        let release = Arc::new(Notify::new());
        let path = format!("/{{way}}/{QUICKNET_CHAIN}/public/latest");
        let app = Router::new().route(&path, get(latest)).with_state(release.clone());
        Self { origin: run(app).await, release }
    }

    /// The relay that behaves so.
    pub(crate) fn relay(&self, way: &str) -> Relay {
        Relay { url: format!("{}/{way}", self.origin), enabled: true }
    }

    /// Lets `/slow` go on, which then gives a good round.
    pub(crate) fn release(&self) {
        self.release.notify_one();
    }

    /// A clock that stands ten seconds after the round of the vector.
    pub(crate) fn clock() -> Timestamp {
        sigu_attestation::drand::time_of(123).unwrap() + jiff::SignedDuration::from_secs(10)
    }
}

async fn latest(State(release): State<Arc<Notify>>, Path(way): Path<String>) -> Response {
    match way.as_str() {
        "slow" => {
            release.notified().await;
            vector("good-round-123").into_response()
        }
        "large" => vec![b' '; 4097].into_response(),
        "cut" => cut(),
        way => match way.parse() {
            Ok(status) => StatusCode::from_u16(status).unwrap().into_response(),
            Err(_) => vector(way).into_response(),
        },
    }
}

fn vector(stem: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors/drand");
    let path = path.join(format!("{stem}.json"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
