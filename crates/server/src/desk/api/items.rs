//! Evidence: what there is, its bytes, and files that are fixed.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sigu_case::{Completeness, Slot};
use utoipa::{IntoParams, ToSchema};

use super::MAX_FILE;
use super::call::{Asked, Call, Reads, Writes, found, item, made, no_item, order, unfit};
use crate::answers::{Evidence, File, Fixed, Item, NotFixed, shapes};
use crate::desk::pages::bytes_of;
use crate::desk::upload::{self, NotTaken, Said};
use crate::problem::Problem;

/// All evidence of an order, with where each piece comes from.
#[utoipa::path(get, path = "/orders/{order}/items", tag = "items",
    params(("order" = String, Path, description = "The label.")), responses((status = 200, body = Evidence<'_>)))]
pub(super) async fn list(call: Reads, Path(label): Path<String>) -> Response {
    call.answer(move |_, vault| found(Evidence::of(&order(vault, &label)?))).await
}

/// One piece of evidence: its file, its copies, the capture it belongs to, what was said of it.
#[utoipa::path(get, path = "/orders/{order}/items/{item}", tag = "items",
    params(("order" = String, Path, description = "The label."),
        ("item" = String, Path, description = "Its place in the log, such as 1-79.")),
    responses((status = 200, body = Item<'_>)))]
pub(super) async fn one(call: Reads, Path((label, place)): Path<(String, String)>) -> Response {
    call.answer(move |_, vault| {
        let (order, place) = (order(vault, &label)?, item(&place)?);
        let exhibit = order.exhibits.iter().find(|one| one.item == place);
        found(Item::of(&order, exhibit.ok_or_else(|| no_item(place))?))
    })
    .await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// `show` to be given a card secret in clear; only a token to write may.
    secret: Option<String>,
}

impl Wanted {
    /// Whether a secret is to be given.
    pub(super) fn reveals(&self, call: &Call) -> Result<bool, Problem> {
        match self.secret.as_deref() {
            None => Ok(false),
            Some("show") => call.must_write().map(|()| true),
            Some(_) => Err(unfit("secret")),
        }
    }
}

/// The content of a piece of evidence, byte for byte; `Range` is understood.
#[utoipa::path(get, path = "/orders/{order}/items/{item}/content", tag = "items",
    params(("order" = String, Path, description = "The label."),
        ("item" = String, Path, description = "Its place in the log."), Wanted),
    responses((status = 200, description = "The content.", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, description = "The part that was asked for.", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn content(
    call: Reads,
    Path((label, place)): Path<(String, String)>,
    Asked(wanted): Asked<Wanted>,
    headers: HeaderMap,
) -> Response {
    let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    call.answer(move |call, vault| {
        let reveal = wanted.reveals(call)?;
        let order = order(vault, &label)?;
        let own = item(&place)?;
        if !order.exhibits.iter().any(|one| one.item == own && one.manifest().is_some()) {
            return Err(no_item(own));
        }
        bytes_of(vault, &label, &place, reveal, range.as_deref()).map_err(Problem::from)
    })
    .await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Told {
    /// What it shows.
    #[param(value_type = shapes::SlotWord)]
    slot: String,
    /// What it is called.
    name: Option<String>,
    /// A note.
    note: Option<String>,
    /// When it came into being.
    formed_at: Option<Timestamp>,
    /// Whether it is a card secret.
    #[serde(default)]
    secret: bool,
}

/// What became of a file, as `sigu fix --json` tells it.
#[derive(Serialize, ToSchema)]
pub(super) struct FixedFiles {
    /// What was fixed.
    fixed: Vec<Fixed>,
    /// What was not.
    failed: Vec<NotFixed>,
}

/// Fixes a file: the body is the file, byte for byte, at most 2 GiB. Large files over connections that break go to
/// `/uploads`.
#[utoipa::path(post, path = "/orders/{order}/items", tag = "items",
    params(("order" = String, Path, description = "The label."), Told),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file."),
    responses((status = 201, body = FixedFiles)))]
pub(super) async fn fix(
    call: Writes,
    Path(label): Path<String>,
    Asked(told): Asked<Told>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let done = fixed(&call, label, told, &headers, body).await;
    match done {
        Ok(response) => response,
        Err(problem) => problem.in_words(&call.words),
    }
}

async fn fixed(
    call: &Writes,
    label: String,
    told: Told,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let large = || {
        let max = [("max", (MAX_FILE >> 20).to_string())];
        Problem::refused(StatusCode::PAYLOAD_TOO_LARGE, "api-large", &max)
    };
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > MAX_FILE) {
        return Err(large());
    }
    let slot = Slot::from_code(&told.slot).ok_or_else(|| unfit("slot"))?;
    // Before gigabytes are read for an order that is not there.
    let (own, asked) = (call.desk.app.clone(), label.clone());
    let known = move || own.with_vault(|vault| order(vault, &asked).map(|_| ()));
    tokio::task::spawn_blocking(known).await.map_err(Problem::fault)??;
    let ingested = match upload::take_body(&call.desk.app, body).await {
        Ok(Ok(ingested)) => ingested,
        Ok(Err(fault)) => {
            return Err(Problem::refused(
                StatusCode::BAD_REQUEST,
                "api-broke-off",
                &[("why", fault.to_string())],
            ));
        }
        Err(NotTaken::Vault(error)) => return Err(error.into()),
        Err(NotTaken::TooLarge) => return Err(large()),
        Err(_) => {
            return Err(Problem::refused(
                StatusCode::BAD_REQUEST,
                "api-broke-off",
                &[("why", String::new())],
            ));
        }
    };
    let name = told.name.as_deref().map(upload::base).filter(|name| !name.is_empty());
    let said = Said { slot: Some(slot), formed_at: told.formed_at, note: told.note, secret: told.secret };
    let response = call
        .answer(move |call, vault| {
            let id = order(vault, &label)?.id;
            let command = said.fix(&id, &ingested, name);
            let items = vault.execute(vec![command], call.now)?;
            let order = order(vault, &label)?;
            let exhibit = order.exhibits.iter().find(|one| one.item == items[0]);
            let exhibit = exhibit.ok_or_else(|| no_item(items[0]))?;
            let manifest = exhibit.manifest().ok_or_else(|| no_item(items[0]))?;
            let lateness = Completeness::of(&order).archive.judge(exhibit.fixed_at);
            let (item, file, fixed_at) = (exhibit.item, File::of(manifest), exhibit.fixed_at);
            made(FixedFiles { fixed: vec![Fixed { item, file, fixed_at, lateness }], failed: Vec::new() })
        })
        .await;
    Ok(response)
}
