//! The calendar to subscribe to: for programs that keep no cookie, behind a secret in its address.
//!
//! Whoever asks gets the calendar or one line that says why not, never a page. Asking is nobody being at the desk: it does
//! not keep the desk from locking, and a locked desk answers that it is to be asked later.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sigu_vault::Error;

use super::unlock::opens_itself;
use crate::desk::{Desk, same};
use crate::reminding::{Settings, calendar};

/// When a locked desk may be asked again, in seconds.
const LATER: &str = "3600";

pub(super) async fn feed(
    State(desk): State<Arc<Desk>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    if desk.app.identity.is_locked() && !opens_itself(&desk).await {
        let mut response = line(StatusCode::SERVICE_UNAVAILABLE, "locked");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(LATER));
        return response;
    }
    let own = desk.clone();
    let read =
        tokio::task::spawn_blocking(move || own.calendar(name.strip_suffix(".ics").unwrap_or_default()));
    match read.await {
        Ok(Ok(Some(text))) => answer(text, &headers),
        // A wrong secret, one that was renewed, and none at all are told apart by nobody.
        Ok(Ok(None)) => line(StatusCode::NOT_FOUND, "not found"),
        _ => line(StatusCode::SERVICE_UNAVAILABLE, "not now"),
    }
}

impl Desk {
    /// The calendar, for whoever knows its secret.
    fn calendar(&self, secret: &str) -> Result<Option<String>, Error> {
        let (now, at_hand) = ((self.app.now)(), self.app.identity.at_hand());
        self.app.with_vault(|vault| {
            let settings = Settings::read(vault)?;
            let fits = settings.calendar.as_ref().is_some_and(|own| same(own.show(), secret));
            if !fits {
                return Ok(None);
            }
            let agendas = at_hand.agendas(vault)?;
            Ok(Some(calendar::feed(agendas.lines(), &settings, &self.words, now)))
        })
    }

    /// Where the calendar is; `None` where there is none to subscribe to.
    pub(in crate::desk) fn calendar_address(&self, settings: &Settings) -> Option<String> {
        let secret = settings.calendar.as_ref()?;
        Some(format!("{}/calendar/{}.ics", self.origin(), secret.show()))
    }
}

fn answer(text: String, headers: &HeaderMap) -> Response {
    let etag = calendar::etag(&text);
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let known =
        asked.is_some_and(|asked| asked.split(',').any(|one| one.trim().trim_start_matches("W/") == etag));
    let kind = [(header::CONTENT_TYPE, calendar::MEDIA_TYPE), (header::CACHE_CONTROL, "private, no-cache")];
    let mut response = match known {
        true => (StatusCode::NOT_MODIFIED, kind).into_response(),
        false => (kind, text).into_response(),
    };
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

fn line(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
