//! What is set for the desk on this machine. The passphrase is set by a person, at the desk or on the command line.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use sigu_vault::{Error, Fault};
use utoipa::ToSchema;

use super::call::{Reads, Sent, Writes, found, unfit};
use crate::desk::lock::IDLE;
use crate::keys;
use crate::problem::Problem;

/// What is set.
#[derive(Serialize, ToSchema)]
pub(super) struct Settings {
    /// After how many minutes without anyone the desk locks; 0 for never.
    idle_minutes: u32,
    /// What can be chosen.
    idle_choices: [u32; 4],
    /// How the vault key is kept: `plain`, `passphrase` or `store`.
    key: &'static str,
    /// Whether this program can use the system's key store.
    has_store: bool,
}

fn standing(call: &super::call::Call) -> Result<Response, Problem> {
    let key = keys::form(&call.desk.app.places)?.code();
    let idle_minutes = call.desk.lock.idle_minutes();
    found(Settings { idle_minutes, idle_choices: IDLE, key, has_store: keys::HAS_STORE })
}

/// What is set.
#[utoipa::path(get, path = "/settings", tag = "vault", responses((status = 200, body = Settings)))]
pub(super) async fn read(call: Reads) -> Response {
    call.beside(standing).await
}

/// What can be set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wished {
    /// After how many minutes without anyone the desk locks.
    idle_minutes: u32,
}

/// Sets when the desk locks.
#[utoipa::path(put, path = "/settings", tag = "vault", request_body = Wished,
    responses((status = 200, body = Settings)))]
pub(super) async fn set(call: Writes, Sent(sent): Sent<Wished>) -> Response {
    call.beside(move |call| {
        if !IDLE.contains(&sent.idle_minutes) {
            return Err(unfit("idle_minutes"));
        }
        let places = &call.desk.app.places;
        let kept = call.desk.lock.set_idle(places, sent.idle_minutes);
        kept.map_err(|error| Error::from(Fault::io("write", &places.state, error)))?;
        standing(call)
    })
    .await
}
