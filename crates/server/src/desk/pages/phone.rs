//! 手机上传: opens the door for a phone, shows its link, tells what came.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_case::Slot;
use sigu_vault::Vault;

use crate::desk::Desk;
use crate::desk::form::{Field, Typed};
use crate::desk::page::{Frame, Visit, again, html};
use crate::desk::phone::{Link, Wanted};
use crate::desk::refusal::Refusal;
use crate::desk::resumable::Fixed;
use crate::desk::show::{Instant, masked};

#[derive(Template)]
#[template(path = "phone.html")]
struct Phone<'a> {
    frame: Frame<'a>,
    link: Option<Open>,
    /// What came by the link that ended last.
    ended: Option<Came>,
    fields: Vec<Field>,
    wrong: Vec<String>,
    /// Whether the machine has no address a phone could reach.
    alone: bool,
    /// Whether there is no order yet.
    empty: bool,
}

/// A link that is open.
struct Open {
    text: String,
    waits: bool,
    slot: String,
    closes: Instant,
    came: Came,
}

/// What came by a link.
struct Came {
    order: String,
    title: String,
    said: String,
    files: Vec<Fixed>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    order: String,
    #[serde(default)]
    slot: String,
}

pub(super) async fn page(Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit
        .answer(move |visit, vault| {
            let mut typed = Typed::new(&visit.words, Vec::new());
            typed.suggest("order", asked.order);
            typed.suggest("slot", asked.slot);
            html(&drawn(visit, vault, &mut typed, Vec::new())?)
        })
        .await
}

fn drawn<'a>(
    visit: &'a Visit,
    vault: &Vault,
    typed: &mut Typed<'_>,
    wrong: Vec<String>,
) -> Result<Phone<'a>, Refusal> {
    let words = &visit.words;
    let mut orders = vault.orders()?;
    // Those that are open first; among them the newest purchase.
    orders.sort_by_key(|one| (one.outcome.is_some(), std::cmp::Reverse(one.completed_at)));
    let empty = orders.is_empty();
    let orders = orders.into_iter().map(|one| {
        let name = format!("{} {}", one.order, masked(one.title.as_deref()));
        (one.order, name.chars().take(60).collect::<String>().trim_end().to_owned())
    });
    let addresses = (visit.desk.addresses)();
    let slots = std::iter::once(("auto".to_owned(), words.word("phone-slot-auto")))
        .chain(Slot::ALL.map(|slot| (slot.code().to_owned(), words.word(&format!("slot-{}", slot.code())))));
    let mut fields = vec![
        typed.choice("order", "phone-order", orders, None).must(),
        typed.choice("slot", "phone-slot", slots, None).must(),
    ];
    if addresses.len() > 1 {
        let own = addresses.iter().map(|one| (one.to_string(), one.to_string()));
        fields.push(typed.choice("address", "phone-address", own, None).must());
    }
    let (mut link, mut ended) = (None, None);
    if let Some(own) = visit.desk.phone_link() {
        let standing = own.standing();
        let came = Came {
            order: own.order.to_string(),
            title: own.title.clone(),
            said: words.say("phone-came", &[("count", standing.count.to_string())]),
            files: standing.came,
        };
        if standing.ended {
            ended = Some(came);
        } else {
            link = Some(Open {
                text: own.text().to_string(),
                waits: !standing.taken,
                slot: standing.slot.map_or_else(
                    || words.word("phone-slot-auto"),
                    |slot| words.word(&format!("slot-{}", slot.code())),
                ),
                closes: Instant::of(standing.closes, visit.now, words),
                came,
            });
        }
    }
    let frame = visit.frame("orders");
    Ok(Phone { frame, link, ended, fields, wrong, alone: addresses.is_empty(), empty })
}

/// Opens the door.
pub(super) async fn open(visit: Visit, Form(pairs): Form<Vec<(String, String)>>) -> Response {
    let asked = visit.clone();
    // What was wanted is left here by the thread that reads the vault.
    let (to, from) = tokio::sync::oneshot::channel();
    let answered = visit
        .answer(move |visit, vault| {
            let mut typed = Typed::new(&visit.words, pairs);
            match wanted(visit, vault, &mut typed)? {
                Ok(wanted) => {
                    drop(to.send(wanted));
                    Ok(Redirect::to("/phone").into_response())
                }
                Err(wrong) => again(&drawn(visit, vault, &mut typed, wrong)?),
            }
        })
        .await;
    let Ok(wanted) = from.await else { return answered };
    match asked.desk.open_phone(&asked.words, wanted).await {
        Ok(()) => answered,
        // The address went away in this moment, or the system forbids it.
        Err(_) => asked.refuse(&Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "phone-no-door")),
    }
}

/// What is wanted, or what is wrong beside no field.
fn wanted(
    visit: &Visit,
    vault: &Vault,
    typed: &mut Typed<'_>,
) -> Result<Result<Wanted, Vec<String>>, Refusal> {
    let words = &visit.words;
    let addresses = (visit.desk.addresses)();
    // Only addresses that are offered; where there is one, nobody is asked.
    let asked = typed.text("address").and_then(|text| text.parse().ok());
    let address = asked.or(addresses.first().copied()).filter(|one| addresses.contains(one));
    let Some(address) = address else {
        let gone = if addresses.is_empty() { "phone-alone" } else { "phone-no-door-advice" };
        return Ok(Err(vec![words.word(gone)]));
    };
    let order = typed.text("order").and_then(|label| label.parse().ok());
    let order = match order {
        Some(label) => vault.order(&label)?,
        None => None,
    };
    let Some(order) = order else {
        typed.refuse("order", words.word("write-choose"));
        return Ok(Err(Vec::new()));
    };
    let slot = typed.text("slot").and_then(|code| Slot::from_code(&code));
    Ok(Ok(Wanted { address, title: masked(order.facts.title.as_deref()), order: order.id, slot }))
}

/// Closes the door.
pub(super) async fn end(State(desk): State<Arc<Desk>>) -> Response {
    desk.close_phone();
    Redirect::to("/phone").into_response()
}

/// The code of the link, while nobody used it.
pub(super) async fn code(State(desk): State<Arc<Desk>>) -> Response {
    let waits = |link: &Arc<Link>| {
        let standing = link.standing();
        !standing.ended && !standing.taken
    };
    match desk.phone_link().filter(waits) {
        Some(link) => crate::desk::phone::code(&link),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
