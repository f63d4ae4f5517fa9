//! Outsiders: how it stands, asking them now, who is asked, and between which instants a piece came to be.

use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sigu_case::ItemId;
use sigu_vault::{Alarm, Vault};
use utoipa::ToSchema;

use super::call::{Call, Reads, Sent, Writes, found, item, no_item, order, unfit};
use crate::answers::{Between, Outsiders};
use crate::attesting::{BlockHeader, Memory, Passed, services, set_services, standing, take_header};
use crate::desk::asking;
use crate::outside::services::Services;
use crate::problem::Problem;
use crate::refusing::of_services;

fn stand(call: &Call, vault: &Vault) -> Result<Outsiders, Problem> {
    let memory = Memory::read(&call.desk.app.places.state);
    Ok(standing(vault, &memory, call.desk.asks_by_default())?)
}

/// How it stands with timestamp services, calendars, witnesses and drand.
#[utoipa::path(get, path = "/outside", tag = "vault", responses((status = 200, body = Outsiders)))]
pub(super) async fn read(call: Reads) -> Response {
    call.answer(|call, vault| found(stand(call, vault)?)).await
}

/// What came of asking.
#[derive(Serialize, ToSchema)]
pub(super) struct Answered {
    /// Who answered, with the leaf that says so.
    kept: Vec<Kept>,
    /// Who did not.
    unanswered: Vec<NotAnswered>,
    /// The round of drand that is known now, if one was fetched.
    round: Option<u64>,
    /// What a witness saw otherwise: nothing more is signed.
    #[schema(value_type = Option<Object>)]
    alarm: Option<Alarm>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Kept {
    /// Its name.
    who: String,
    /// The leaf.
    #[schema(value_type = String)]
    item: ItemId,
}

#[derive(Serialize, ToSchema)]
pub(super) struct NotAnswered {
    /// Its name or address.
    who: String,
    /// Why: a code, such as `unreachable`.
    code: String,
    /// A status, their own words, or a code of what is wrong; may be empty.
    detail: String,
    /// When it is asked again, if nobody wants it before.
    #[schema(value_type = Option<String>, format = DateTime)]
    next: Option<Timestamp>,
}

impl From<Passed> for Answered {
    fn from(passed: Passed) -> Self {
        let unanswered = passed.unanswered.into_iter().map(|one| NotAnswered {
            who: one.who,
            code: one.why.code,
            detail: one.why.detail,
            next: one.next,
        });
        Self {
            kept: passed.kept.into_iter().map(|(who, item)| Kept { who, item }).collect(),
            unanswered: unanswered.collect(),
            round: passed.round,
            alarm: passed.alarm,
        }
    }
}

/// Asks all that is due now; answers when everybody answered or was given up on, after half a minute at most.
#[utoipa::path(post, path = "/outside/ask", tag = "vault", responses((status = 200, body = Answered)))]
pub(super) async fn ask(call: Writes) -> Response {
    let asked = match asking::now(&call.desk) {
        Some(asking) => asking.await.map_err(Problem::fault).and_then(|passed| Ok(passed?)),
        None => Err(Problem::refused(axum::http::StatusCode::CONFLICT, "refused-offline", &[])),
    };
    call.told(asked.and_then(|passed| found(Answered::from(passed))))
}

/// Who is asked.
#[derive(Serialize, ToSchema)]
pub(super) struct Asking {
    /// The list, as TOML.
    toml: String,
    /// Whether the user set it; else it is the one that comes with the program.
    own: bool,
    /// Whether they are asked without being told to.
    asks: bool,
    /// The key of the log that grows, for witnesses.
    vkey: String,
}

fn asking(call: &Call, vault: &Vault) -> Result<Asking, Problem> {
    Ok(Asking {
        toml: services(vault)?.to_toml(),
        own: vault.services()?.is_some(),
        asks: vault.asks_outsiders()?.unwrap_or_else(|| call.desk.asks_by_default()),
        vkey: vault.attestable()?.key.to_string(),
    })
}

/// Who is asked, and whether without being told to.
#[utoipa::path(get, path = "/outside/services", tag = "vault", responses((status = 200, body = Asking)))]
pub(super) async fn list(call: Reads) -> Response {
    call.answer(|call, vault| found(asking(call, vault)?)).await
}

/// What can be set; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wished {
    /// The list, as TOML; an empty text for the one that comes with the program.
    toml: Option<String>,
    /// Whether they are asked without being told to.
    asks: Option<bool>,
}

/// Sets who is asked.
#[utoipa::path(put, path = "/outside/services", tag = "vault", request_body = Wished,
    responses((status = 200, body = Asking)))]
pub(super) async fn set(call: Writes, Sent(sent): Sent<Wished>) -> Response {
    call.answer(move |call, vault| {
        if let Some(toml) = sent.toml.as_deref() {
            let text = Some(toml).filter(|toml| !toml.is_empty());
            let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            let read = text.map(Services::parse).transpose();
            read.map_err(|error| Problem::said(status, of_services(&error, &call.words)).of("toml"))?;
            set_services(vault, &call.desk.app.places.state, text)?;
        }
        if let Some(asks) = sent.asks {
            vault.set_asks_outsiders(asks)?;
        }
        found(asking(call, vault)?)
    })
    .await
}

/// The header of a block.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// 160 hex digits.
    header: String,
}

/// A header that was taken.
#[derive(Serialize, ToSchema)]
pub(super) struct TakenHeader {
    /// The leaf that says so.
    #[schema(value_type = String)]
    item: ItemId,
    /// The height the proof names.
    height: u64,
    /// The block's hash, to be compared with others.
    hash: String,
}

/// Takes the header of a block in, so that a proof of OpenTimestamps says a time.
#[utoipa::path(post, path = "/outside/header", tag = "vault", request_body = Header,
    responses((status = 200, body = TakenHeader)))]
pub(super) async fn header(call: Writes, Sent(sent): Sent<Header>) -> Response {
    call.answer(move |call, vault| {
        let header = BlockHeader::read(sent.header.as_bytes()).map_err(|_| unfit("header"))?;
        let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
        let taken = take_header(vault, &header, call.now)?
            .ok_or_else(|| Problem::refused(status, "refused-no-promise", &[]).of("header"))?;
        found(TakenHeader { item: taken.item, height: taken.height, hash: taken.hash })
    })
    .await
}

/// Between which instants a piece came to be, and by whose word.
#[utoipa::path(get, path = "/orders/{order}/items/{item}/outside", tag = "items",
    params(("order" = String, Path, description = "The label."),
        ("item" = String, Path, description = "Its place in the log.")),
    responses((status = 200, body = Between)))]
pub(super) async fn between(call: Reads, Path((label, place)): Path<(String, String)>) -> Response {
    call.answer(move |_, vault| {
        let (order, place) = (order(vault, &label)?, item(&place)?);
        if !order.exhibits.iter().any(|one| one.item == place) {
            return Err(no_item(place));
        }
        let brackets = vault.brackets(&[place])?;
        found(Between::of(place, brackets.get(&place).ok_or_else(|| no_item(place))?))
    })
    .await
}
