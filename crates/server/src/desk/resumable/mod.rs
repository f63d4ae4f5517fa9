//! Large files over connections that break: a file is told of, comes in pieces, and is fixed when all of it
//! is there.
//!
//! After the IETF draft of resumable uploads: `POST /uploads` tells of a file and gives its place, `HEAD`
//! says how much has come (`Upload-Offset`), `PATCH` goes on from there, `POST …/finish` fixes it, `DELETE`
//! gives it up. A piece is durable before it is acknowledged; the same file told of again goes on where it
//! broke off. One that is finished twice is fixed once.

mod finish;
mod shelf;

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, Path};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use futures_util::StreamExt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sigu_case::{OrderId, Slot};
use sigu_evidence::ContentId;
use sigu_vault::Error;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zeroize::Zeroizing;

use super::api;
use super::refusal::{self, Detail};
use super::upload::{MAX_FILE, base};
use crate::problem::Problem;
use crate::reading;
use crate::receiver::App;
use crate::refusing;
use crate::words::Words;
pub(super) use finish::shown;
use shelf::{About, Kept, Shelf};

/// Largest piece, in bytes: it lies in memory while it comes.
pub(super) const MAX_PIECE: u64 = 16 << 20;
/// What of a piece that broke off is worth keeping, in bytes.
const WORTH: usize = 64 << 10;
/// Most files that are under way at once.
const MAX_OPEN: usize = 64;
/// What stays free on the disk, in bytes.
const SPARE: u64 = 256 << 20;

const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");

/// Who listens to what comes.
pub(super) type Heard = Arc<dyn Fn(Option<&Fixed>) + Send + Sync>;

/// Who sends, and what it may say.
#[derive(Clone)]
pub(super) struct Taker {
    pub(super) app: App,
    pub(super) words: Words,
    /// Uploads are seen only through the door they came by.
    pub(super) door: &'static str,
    /// The phone sends for the order, and as the slot, that were chosen for it.
    pub(super) only: Option<(OrderId, Option<Slot>)>,
    /// Told of each piece and of each file that was fixed.
    pub(super) heard: Heard,
}

/// A file that was fixed, as it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = UploadFixed)]
pub(super) struct Fixed {
    /// Its place in the log.
    pub(super) item: String,
    /// What people are shown: the name it came with, masked.
    pub(super) name: String,
    /// Its size in words.
    pub(super) size: String,
    /// What it shows, in words.
    pub(super) slot: String,
}

/// Why something is not done: a status, the message that says it, and where to go on.
#[derive(Debug)]
struct No {
    status: StatusCode,
    key: &'static str,
    offset: Option<u64>,
    detail: Option<Detail>,
}

impl No {
    const fn new(status: StatusCode, key: &'static str) -> Self {
        Self { status, key, offset: None, detail: None }
    }

    const fn unknown() -> Self {
        Self::new(StatusCode::NOT_FOUND, "upload-unknown")
    }

    /// The sender is elsewhere than the file: this is how much has come.
    fn elsewhere(offset: u64) -> Self {
        Self { offset: Some(offset), ..Self::new(StatusCode::CONFLICT, "upload-elsewhere") }
    }
}

impl From<io::Error> for No {
    fn from(error: io::Error) -> Self {
        let full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
        let (status, key) = match full {
            true => (StatusCode::INSUFFICIENT_STORAGE, "upload-disk-full"),
            false => (StatusCode::SERVICE_UNAVAILABLE, "page-fault"),
        };
        Self { detail: Some(Detail::Text(error.to_string())), ..Self::new(status, key) }
    }
}

impl From<Error> for No {
    fn from(error: Error) -> Self {
        use sigu_vault::Refusal::{Case, Locked};
        let (status, key) = match &error {
            Error::Refused(Case(sigu_case::Refusal::UnknownOrder(_))) => {
                (StatusCode::NOT_FOUND, "upload-no-order")
            }
            Error::Refused(Locked) => (StatusCode::LOCKED, "upload-locked"),
            other => refusal::kind(other),
        };
        Self { detail: Some(Detail::Said(refusing::said(&error))), ..Self::new(status, key) }
    }
}

/// The addresses of uploads, for every router that lets someone in and says who that is.
pub(super) fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Taker: FromRequestParts<S>,
{
    described().split_for_parts().0
}

/// The same with their descriptions.
pub(super) fn described<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Taker: FromRequestParts<S>,
{
    OpenApiRouter::new()
        .routes(routes!(begin))
        .routes(routes!(state, append, give_up))
        .routes(routes!(finished))
}

/// Removes what nobody went on with.
pub(super) fn sweep(app: &App) {
    // What stays is tried again with the next upload, also where the desk is locked now.
    let Ok(shelf) = Shelf::of(app) else { return };
    let _ = shelf.lock().and_then(|_lock| shelf.sweep());
}

impl Taker {
    /// Works beside the requests that are being served; a refusal is answered in words.
    async fn answer<F>(self, work: F) -> Response
    where
        F: FnOnce(&Self) -> Result<Response, No> + Send + 'static,
    {
        let (words, door) = (self.words.clone(), self.door);
        let done = tokio::task::spawn_blocking(move || work(&self)).await;
        let fault = |_| No::new(StatusCode::INTERNAL_SERVER_ERROR, "page-fault");
        done.map_err(fault).and_then(|done| done).unwrap_or_else(|no| said(&words, door, &no))
    }

    fn find(&self, id: &str) -> Result<Kept, No> {
        let kept = Shelf::of(&self.app)?.find(id)?.ok_or_else(No::unknown)?;
        let own = kept.about.door == self.door
            && self.only.as_ref().is_none_or(|(order, _)| order.as_str() == kept.about.order);
        if own { Ok(kept) } else { Err(No::unknown()) }
    }
}

fn said(words: &Words, door: &str, no: &No) -> Response {
    let why = match &no.detail {
        Some(detail) => format!("{}{}", words.word(no.key), words.aside(&detail.words(words))),
        None => words.word(no.key),
    };
    let mut response = if door == API {
        Problem::refused(no.status, "api-upload", &[("why", why)]).in_words(words)
    } else {
        (no.status, Json(json!({ "why": why }))).into_response()
    };
    if let Some(offset) = no.offset {
        response.headers_mut().insert(OFFSET, HeaderValue::from(offset));
    }
    response
}

/// How far an upload is.
fn stands(status: StatusCode, kept: &Kept) -> Result<Response, No> {
    let offset = kept.offset()?;
    let base = if kept.about.door == API { api::BASE } else { "" };
    let place = format!("{base}/uploads/{}", kept.id);
    let body = Json(Stands { place: place.clone(), offset, size: kept.about.size });
    let headers =
        [(OFFSET, offset.to_string()), (LENGTH, kept.about.size.to_string()), (header::LOCATION, place)];
    Ok((status, headers, body).into_response())
}

/// The door of the API.
pub(super) const API: &str = "api";

/// Where an upload is, and how far.
#[derive(Serialize, ToSchema)]
#[schema(as = UploadStanding)]
struct Stands {
    /// Its place.
    place: String,
    /// Bytes that have come.
    offset: u64,
    /// Bytes in all.
    size: u64,
}

/// What a sender says of a file before it comes.
#[derive(Deserialize, ToSchema)]
#[schema(as = UploadBegin)]
struct Told {
    /// Its name.
    #[serde(default)]
    name: String,
    /// Its bytes; at most 2 GiB.
    size: u64,
    /// In milliseconds since 1970, as browsers have it.
    modified: Option<i64>,
    /// The order.
    #[serde(default)]
    order: String,
    /// What it shows; nothing or `auto` leaves it to what the file is.
    #[serde(default)]
    slot: String,
    /// A note.
    #[serde(default)]
    note: String,
    /// When it came into being.
    #[serde(default)]
    formed_at: String,
    /// Whether it is a card secret.
    #[serde(default)]
    secret: bool,
}

/// Tells of a large file and gives its place; the same file told of again goes on where it broke off.
#[utoipa::path(post, path = "/uploads", tag = "items", request_body = Told,
    responses((status = 201, body = Stands), (status = 200, description = "It goes on.", body = Stands)))]
async fn begin(taker: Taker, Json(told): Json<Told>) -> Response {
    taker.answer(move |taker| begun(taker, told)).await
}

fn begun(taker: &Taker, told: Told) -> Result<Response, No> {
    if told.size > MAX_FILE {
        return Err(No::new(StatusCode::PAYLOAD_TOO_LARGE, "fix-too-large"));
    }
    let about = about(taker, &told)?;
    let order: OrderId =
        about.order.parse().map_err(|_| No::new(StatusCode::NOT_FOUND, "upload-no-order"))?;
    let known = taker.app.with_vault(|vault| vault.order(&order))?;
    known.ok_or_else(|| No::new(StatusCode::NOT_FOUND, "upload-no-order"))?;
    let shelf = Shelf::of(&taker.app)?;
    let _lock = shelf.lock()?;
    shelf.sweep()?;
    let mut open = shelf.open()?;
    // The same file again goes on where it broke off; what is sent is compared as a whole at the end. Without
    // its time two files of a phone may well be alike in name and size.
    let same = |one: &Kept| {
        let own = &one.about;
        let whose = (&own.door, &own.order) == (&about.door, &about.order);
        let file = (&own.name, own.size, own.modified_at) == (&about.name, about.size, about.modified_at);
        whose && file && about.modified_at.is_some()
    };
    if let Some(place) = open.iter().position(same) {
        let mut kept = open.swap_remove(place);
        let _lock = kept.lock()?;
        kept.say(about)?;
        (taker.heard)(None);
        return stands(StatusCode::OK, &kept);
    }
    if open.len() >= MAX_OPEN {
        return Err(No::new(StatusCode::TOO_MANY_REQUESTS, "upload-too-many"));
    }
    let left = |one: &Kept| one.about.size.saturating_sub(one.offset().unwrap_or_default());
    let owed: u64 = open.iter().map(left).sum();
    // Once in pieces, once in the vault.
    if !fits(free(&taker.app.places.state), owed + 2 * told.size) {
        return Err(No::new(StatusCode::INSUFFICIENT_STORAGE, "upload-disk-full"));
    }
    let kept = shelf.begin(about)?;
    (taker.heard)(None);
    stands(StatusCode::CREATED, &kept)
}

fn about(taker: &Taker, told: &Told) -> Result<About, No> {
    let formed_at = match told.formed_at.trim() {
        "" => None,
        text => Some(reading::time(text).map_err(|_| unreadable("write-no-time"))?),
    };
    let slot = |code: &str| match code {
        "" | "auto" => Ok(None),
        code => Slot::from_code(code).map(Some).ok_or_else(|| unreadable("write-choose")),
    };
    let (order, slot) = match &taker.only {
        Some((order, slot)) => (order.as_str().to_owned(), *slot),
        None => (told.order.clone(), slot(&told.slot)?),
    };
    let note = told.note.trim();
    Ok(About {
        door: taker.door.to_owned(),
        order,
        slot: slot.map(|slot| slot.code().to_owned()),
        note: (!note.is_empty()).then(|| note.to_owned()),
        formed_at,
        secret: told.secret,
        name: base(&told.name),
        size: told.size,
        modified_at: told.modified.and_then(|at| Timestamp::from_millisecond(at).ok()),
    })
}

const fn unreadable(key: &'static str) -> No {
    No::new(StatusCode::UNPROCESSABLE_ENTITY, key)
}

/// What is free where a folder lies, in bytes; `None` where the system does not say.
fn free(folder: &std::path::Path) -> Option<u64> {
    #[cfg(unix)]
    return rustix::fs::statvfs(folder).ok().map(|known| known.f_bavail.saturating_mul(known.f_frsize));
    #[cfg(not(unix))]
    return {
        let _ = folder;
        None
    };
}

fn fits(free: Option<u64>, wanted: u64) -> bool {
    free.is_none_or(|free| free >= wanted.saturating_add(SPARE))
}

/// How much of a file has come: `Upload-Offset`.
#[utoipa::path(get, path = "/uploads/{id}", tag = "items", params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Stands)))]
async fn state(taker: Taker, Path(id): Path<String>) -> Response {
    taker.answer(move |taker| stands(StatusCode::OK, &taker.find(&id)?)).await
}

/// Gives a file up.
#[utoipa::path(delete, path = "/uploads/{id}", tag = "items", params(("id" = String, Path, description = "Its id.")),
    responses((status = 204, description = "It is gone.")))]
async fn give_up(taker: Taker, Path(id): Path<String>) -> Response {
    taker
        .answer(move |taker| {
            let kept = taker.find(&id)?;
            let _lock = kept.lock()?;
            kept.remove()?;
            Ok(StatusCode::NO_CONTENT.into_response())
        })
        .await
}

/// A number of a header of ours.
fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// Sends the next piece, at most 16 MiB; it is durable when it is answered.
#[utoipa::path(patch, path = "/uploads/{id}", tag = "items",
    params(("id" = String, Path, description = "Its id."),
        ("Upload-Offset" = u64, Header, description = "How much has come before it.")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 204, description = "It is kept; `Upload-Offset` says how much has come.")))]
async fn append(taker: Taker, Path(id): Path<String>, headers: HeaderMap, body: Body) -> Response {
    // A task of its own: where the connection breaks, what came is kept all the same.
    let (words, door) = (taker.words.clone(), taker.door);
    match tokio::spawn(appended(taker, id, headers, body)).await {
        Ok(Ok(response)) => response,
        Ok(Err(no)) => said(&words, door, &no),
        Err(_) => said(&words, door, &No::new(StatusCode::INTERNAL_SERVER_ERROR, "page-fault")),
    }
}

async fn appended(taker: Taker, id: String, headers: HeaderMap, body: Body) -> Result<Response, No> {
    let wanted =
        number(&headers, &OFFSET).ok_or_else(|| No::new(StatusCode::BAD_REQUEST, "upload-no-offset"))?;
    let own = taker.clone();
    let found = move || -> Result<(Kept, u64), No> {
        let kept = own.find(&id)?;
        let offset = kept.offset()?;
        Ok((kept, offset))
    };
    let (kept, offset) = beside(found).await?;
    if offset != wanted {
        return Err(No::elsewhere(offset));
    }
    let room = kept.about.size.saturating_sub(offset).min(MAX_PIECE);
    let told = number(&headers, &header::CONTENT_LENGTH).unwrap_or(room);
    if told > room {
        return Err(beyond(offset));
    }
    let (piece, whole) = read(body, told, room).await.map_err(|()| beyond(offset))?;
    if piece.is_empty() || (!whole && piece.len() < WORTH) {
        return Err(No::elsewhere(offset));
    }
    beside(move || {
        let _lock = kept.lock()?;
        // Another request may have been faster, or have given the file up.
        let kept = taker.find(&kept.id)?;
        let now = kept.offset()?;
        if now != offset {
            return Err(No::elsewhere(now));
        }
        if !kept.keep(offset, &piece)? {
            return Err(No::new(StatusCode::PAYLOAD_TOO_LARGE, "upload-too-many-pieces"));
        }
        (taker.heard)(None);
        let now = offset + piece.len() as u64;
        Ok((StatusCode::NO_CONTENT, [(OFFSET, now.to_string())]).into_response())
    })
    .await
}

fn beyond(offset: u64) -> No {
    No { offset: Some(offset), ..No::new(StatusCode::PAYLOAD_TOO_LARGE, "upload-beyond") }
}

async fn beside<T: Send + 'static>(work: impl FnOnce() -> Result<T, No> + Send + 'static) -> Result<T, No> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(No::new(StatusCode::INTERNAL_SERVER_ERROR, "page-fault")))
}

/// Reads a piece, and says whether it came whole; fails where there is more than has room.
async fn read(body: Body, told: u64, room: u64) -> Result<(Zeroizing<Vec<u8>>, bool), ()> {
    // Reserved at once: a growing vector would leave unwiped copies behind.
    let mut piece = Zeroizing::new(Vec::with_capacity(usize::try_from(told).map_err(drop)?));
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let Ok(part) = part else { return Ok((piece, false)) };
        if (piece.len() + part.len()) as u64 > room {
            return Err(());
        }
        piece.extend_from_slice(&part);
    }
    Ok((piece, true))
}

/// What a sender says at the end.
#[derive(Deserialize, Default, ToSchema)]
#[schema(as = UploadEnd)]
struct Ending {
    /// Of all that it sent, where it could compute it.
    sha256: Option<String>,
}

/// Fixes a file of which all has come; twice is once.
#[utoipa::path(post, path = "/uploads/{id}/finish", tag = "items",
    params(("id" = String, Path, description = "Its id.")), request_body = Option<Ending>,
    responses((status = 200, body = Fixed)))]
async fn finished(taker: Taker, Path(id): Path<String>, ending: Option<Json<Ending>>) -> Response {
    taker
        .answer(move |taker| {
            let digest = ending.and_then(|Json(ending)| ending.sha256);
            let wrong = || No::new(StatusCode::BAD_REQUEST, "upload-no-digest");
            let digest = digest.map(|text| text.parse::<ContentId>().map_err(|_| wrong())).transpose()?;
            let fixed = finish::fix(taker, &taker.find(&id)?, digest)?;
            (taker.heard)(Some(&fixed));
            Ok(Json(fixed).into_response())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_needs_room_and_something_to_spare() {
        assert!(fits(None, u64::MAX) && fits(Some(SPARE + 10), 10));
        assert!(!fits(Some(SPARE + 9), 10) && !fits(Some(0), 0) && !fits(Some(u64::MAX - 1), u64::MAX));
        #[cfg(unix)]
        assert!(free(std::path::Path::new("/")).is_some());
    }
}
