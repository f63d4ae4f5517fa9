//! The bell: another `sigu` of the same user asks how the desk stands, and for a link into it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;

use super::Desk;
use crate::background;
use crate::doorbell::{Answer, Doorbell, HEADER, PATH};
use crate::words::Words;

/// Whether the desk is to be found, and its bell while it has one.
#[derive(Default)]
pub(super) struct Bell {
    wanted: bool,
    own: Mutex<Option<Doorbell>>,
}

impl Bell {
    fn own(&self) -> MutexGuard<'_, Option<Doorbell>> {
        // It is replaced whole: a thread that panicked left it as it was.
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// The same desk, which other programs of the user find; not while an earlier one over the vault is open.
    #[must_use]
    pub fn findable(mut self) -> Self {
        self.bell.wanted = true;
        self.hang_bell();
        self
    }

    /// Hangs the bell once nobody else has one. Where the state folder cannot be written, the desk is not found; it
    /// serves all the same.
    pub(super) fn hang_bell(&self) {
        let mut own = self.bell.own();
        if self.bell.wanted && own.is_none() {
            *own = Doorbell::hang(&self.app.places, self.port, (self.app.now)()).ok().flatten();
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Whether a start link is wanted.
    link: bool,
    lang: String,
}

/// The one route, outside the door of the pages: who knows the secret has the rights of the desk's owner.
pub(super) fn router(desk: Arc<Desk>) -> Router {
    Router::new().route(PATH, post(rung)).with_state(desk)
}

async fn rung(State(desk): State<Arc<Desk>>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let host = text(header::HOST.as_str()) == format!("127.0.0.1:{}", desk.port);
    let since = desk.bell.own().as_ref().filter(|bell| host && bell.knows(text(HEADER))).map(Doorbell::since);
    let Some(since) = since else { return StatusCode::UNAUTHORIZED.into_response() };
    let words = if asked.lang == "en" { Words::in_english() } else { Words::chinese() };
    let link = asked.link.then(|| desk.start_link().to_string());
    let locked = desk.app.identity.is_locked();
    let own = desk.clone();
    let told = tokio::task::spawn_blocking(move || background::look(&own, &words)).await;
    let Ok(background) = told else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    (no_store, Json(Answer { link, locked, since, background })).into_response()
}
