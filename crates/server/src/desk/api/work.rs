//! Long work on the whole vault: begun, looked at, stopped, its package fetched.

use axum::Json;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sigu_vault::Error;
use utoipa::ToSchema;

use super::call::{Call, Reads, Sent, Writes, found, order, unfit};
use crate::answers::json;
use crate::desk::pages;
use crate::desk::work::{Ended, Kind, Work};
use crate::problem::Problem;
use crate::refusing::Said;

/// Long work, how far it is, or how it ended.
#[derive(Serialize, ToSchema)]
pub(super) struct Standing {
    /// Its id.
    id: String,
    /// `check`, `backup` or `export`.
    kind: &'static str,
    /// `going`, `stopping`, `done`, `stopped` or `failed`.
    state: &'static str,
    /// Bytes done.
    bytes: u64,
    /// Bytes in all; 0 while nobody knows.
    total: u64,
    /// Files done.
    files: u64,
    /// What came of it, once it is done: the report of a check, the outcome of a backup, name and bytes of a package.
    #[schema(value_type = Object)]
    result: Option<Value>,
    /// Why it failed: code, detail and advice.
    #[schema(value_type = Object)]
    problem: Option<Value>,
}

fn standing(call: &Call, work: &Work) -> Standing {
    let (bytes, total, files) = work.standing();
    let (state, result, problem) = match &*work.ended() {
        None if work.stop().is_asked() => ("stopping", None, None),
        None => ("going", None, None),
        Some(Ended::Checked { report, contents }) => {
            let mut told = json(report);
            told["clean"] = report.clean().into();
            told["contents"] = (*contents).into();
            ("done", Some(told), None)
        }
        Some(Ended::BackedUp(outcome)) => ("done", Some(json(outcome)), None),
        Some(Ended::Packed(package)) => {
            let name = pages::name_of(&package.file);
            ("done", Some(serde_json::json!({ "name": name, "bytes": package.bytes })), None)
        }
        Some(Ended::Stopped) => ("stopped", None, None),
        Some(Ended::Failed(why) | Ended::NoBackup { why, .. }) => ("failed", None, Some(told(why, call))),
        Some(Ended::Broke) => ("failed", None, Some(serde_json::json!({ "code": "api-fault" }))),
    };
    Standing { id: work.id.clone(), kind: work.kind.code(), state, bytes, total, files, result, problem }
}

fn told(why: &Said, call: &Call) -> Value {
    let (detail, advice) = (why.message(&call.words), why.advice(&call.words));
    serde_json::json!({ "code": why.key, "detail": detail, "advice": advice })
}

/// Answers with the work that goes on now. One works at a time: what goes on already is what is answered.
fn begun(call: &Call, begun: Result<String, Error>, wanted: Kind) -> Result<Response, Problem> {
    let id = begun?;
    let work = call.desk.work.of(&id).ok_or_else(gone)?;
    if work.kind != wanted {
        return Err(Problem::refused(StatusCode::CONFLICT, "api-other-work", &[("id", id)]));
    }
    let place = format!("{}/vault/work/{id}", super::BASE);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, place)], Json(standing(call, &work))).into_response())
}

fn gone() -> Problem {
    Problem::refused(StatusCode::NOT_FOUND, "api-no-work", &[]).of("id")
}

/// What a check looks at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Checking {
    /// Whether all contents are read and compared, too.
    #[serde(default)]
    contents: bool,
}

/// Begins to check the vault.
#[utoipa::path(post, path = "/vault/work/check", tag = "vault", request_body = Checking,
    responses((status = 202, body = Standing)))]
pub(super) async fn check(call: Writes, Sent(sent): Sent<Checking>) -> Response {
    call.told(begun(&call, call.desk.begin_check(sent.contents), Kind::Check))
}

/// Where a backup goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Copying {
    /// The folder, with its whole path.
    folder: String,
}

/// Begins to copy the vault to a folder.
#[utoipa::path(post, path = "/vault/work/backup", tag = "vault", request_body = Copying,
    responses((status = 202, body = Standing)))]
pub(super) async fn backup(call: Writes, Sent(sent): Sent<Copying>) -> Response {
    // A relative path would lie wherever the program happens to run.
    if !std::path::Path::new(sent.folder.trim()).is_absolute() {
        return call.told(Err(unfit("folder")));
    }
    call.told(begun(&call, call.desk.begin_backup(sent.folder), Kind::Backup))
}

/// What is packed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Packing {
    /// The order.
    order: String,
}

/// Begins to make the package of an order; secrets stay withheld.
#[utoipa::path(post, path = "/vault/work/export", tag = "vault", request_body = Packing,
    responses((status = 202, body = Standing)))]
pub(super) async fn export(call: Writes, Sent(sent): Sent<Packing>) -> Response {
    let own = call.desk.app.clone();
    let known = tokio::task::spawn_blocking(move || own.with_vault(|vault| order(vault, &sent.order)));
    let done = match known.await.map_err(Problem::fault).and_then(|known| known) {
        Ok(order) => begun(&call, call.desk.begin_export(order.id, call.now), Kind::Export),
        Err(problem) => Err(problem),
    };
    call.told(done)
}

/// How far work is, or how it ended.
#[utoipa::path(get, path = "/vault/work/{id}", tag = "vault", params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, body = Standing)))]
pub(super) async fn one(call: Reads, Path(id): Path<String>) -> Response {
    let Some(work) = call.desk.work.of(&id) else { return call.told(Err(gone())) };
    work.nearly().await;
    call.told(found(standing(&call, &work)))
}

/// Asks work to stop; it ends at the next place where nothing is half done.
#[utoipa::path(post, path = "/vault/work/{id}/stop", tag = "vault", params(("id" = String, Path, description = "Its id.")),
    responses((status = 202, body = Standing)))]
pub(super) async fn stop(call: Writes, Path(id): Path<String>) -> Response {
    let Some(work) = call.desk.work.of(&id) else { return call.told(Err(gone())) };
    work.stop().ask();
    (StatusCode::ACCEPTED, Json(standing(&call, &work))).into_response()
}

/// The package that was made.
#[utoipa::path(get, path = "/vault/work/{id}/package", tag = "vault", params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The package.", body = Vec<u8>, content_type = "application/zip")))]
pub(super) async fn package(call: Reads, Path(id): Path<String>) -> Response {
    call.beside(move |call| {
        let work = call.desk.work.of(&id).ok_or_else(gone)?;
        pages::packed(&work).map_err(Problem::from)
    })
    .await
}
