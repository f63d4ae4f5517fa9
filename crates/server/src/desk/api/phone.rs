//! The door for a phone: opened, looked at, closed.

use std::net::Ipv4Addr;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sigu_case::Slot;
use utoipa::ToSchema;

use super::call::{Call, Reads, Sent, Writes, found, made, order, unfit};
use super::door::Grade;
use crate::answers::shapes;
use crate::desk::phone::Wanted;
use crate::desk::show::masked;
use crate::problem::Problem;

/// A file that came by the door.
#[derive(Serialize, ToSchema)]
struct Came {
    /// Its place in the log.
    item: String,
    /// Its name, masked.
    name: String,
}

/// The door for a phone.
#[derive(Serialize, ToSchema)]
pub(super) struct Phone {
    /// Whether it is open.
    open: bool,
    /// The link the phone opens, while nobody did; only for a token to write.
    link: Option<String>,
    /// For which order.
    order: Option<String>,
    /// As what; none leaves it to what each file is.
    #[schema(value_type = Option<shapes::SlotWord>)]
    slot: Option<&'static str>,
    /// Whether a phone has opened it.
    taken: bool,
    /// When it closes if nothing more comes.
    closes_at: Option<Timestamp>,
    /// How many files came.
    count: usize,
    /// The newest of them first.
    came: Vec<Came>,
    /// Addresses of this machine a phone can reach.
    addresses: Vec<String>,
}

fn standing(call: &Call) -> Phone {
    let addresses = (call.desk.addresses)().iter().map(ToString::to_string).collect();
    let Some(link) = call.desk.phone_link() else {
        let (link, order, slot, closes_at) = (None, None, None, None);
        let (open, taken, count, came) = (false, false, 0, Vec::new());
        return Phone { open, link, order, slot, taken, closes_at, count, came, addresses };
    };
    let now = link.standing();
    let waits = !now.ended && !now.taken && call.grade >= Grade::Write;
    let came = now.came.into_iter().map(|one| Came { item: one.item, name: one.name });
    Phone {
        open: !now.ended,
        link: waits.then(|| link.text().to_string()),
        order: Some(link.order.to_string()),
        slot: now.slot.map(Slot::code),
        taken: now.taken,
        closes_at: (!now.ended).then_some(now.closes),
        count: now.count,
        came: came.collect(),
        addresses,
    }
}

/// How the door for a phone stands, and what came.
#[utoipa::path(get, path = "/phone", tag = "phone", responses((status = 200, body = Phone)))]
pub(super) async fn read(call: Reads) -> Response {
    call.told(found(standing(&call)))
}

/// What the door is opened for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Opening {
    /// The order.
    order: String,
    /// What the files are to show; none leaves it to what each is.
    #[schema(value_type = Option<shapes::SlotWord>)]
    slot: Option<String>,
    /// One of the machine's addresses; the first if nothing is said.
    address: Option<String>,
}

/// Opens the door for a phone and closes the one before.
#[utoipa::path(post, path = "/phone", tag = "phone", request_body = Opening,
    responses((status = 201, body = Phone)))]
pub(super) async fn open(call: Writes, Sent(sent): Sent<Opening>) -> Response {
    let done = opened(&call, sent).await;
    call.told(done)
}

async fn opened(call: &Call, sent: Opening) -> Result<Response, Problem> {
    let addresses = (call.desk.addresses)();
    let asked: Option<Ipv4Addr> =
        sent.address.map(|text| text.parse().map_err(|_| unfit("address"))).transpose()?;
    let address = asked.or(addresses.first().copied()).filter(|one| addresses.contains(one));
    let address = address.ok_or_else(|| unfit("address"))?;
    let slot = sent.slot.map(|code| Slot::from_code(&code).ok_or_else(|| unfit("slot"))).transpose()?;
    let own = call.desk.app.clone();
    let known = tokio::task::spawn_blocking(move || own.with_vault(|vault| order(vault, &sent.order)));
    let order = known.await.map_err(Problem::fault)??;
    let title = masked(order.facts.title.as_deref());
    let wanted = Wanted { address, title, order: order.id, slot };
    call.desk.open_phone(&call.words, wanted).await?;
    made(standing(call))
}

/// Closes the door; what has come stays.
#[utoipa::path(delete, path = "/phone", tag = "phone", responses((status = 204, description = "It is closed.")))]
pub(super) async fn close(call: Writes) -> Response {
    call.desk.close_phone();
    StatusCode::NO_CONTENT.into_response()
}
