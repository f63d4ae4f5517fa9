//! 新订单: whatever was copied or brought along is read into the fields, which are looked over and confirmed; files
//! are fixed with the order.

use std::sync::Arc;

use askama::Template;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sigu_case::claim::yuan;
use sigu_case::recognise::{Field as Read, Hints, Recognised, Value, recognise};
use sigu_case::{Command, OrderFacts, OrderId, Slot};
use sigu_evidence::find_secrets;
use sigu_vault::{Error, Source, Vault};

use super::order_facts;
use crate::desk::belongs;
use crate::desk::brought::{Brought, Came, taken};
use crate::desk::form::{Choice, Field, Typed, local};
use crate::desk::page::{Frame, Visit, again, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::{masked, size};
use crate::fixing::manifest;
use crate::words::Words;

#[derive(Template)]
#[template(path = "order_new.html")]
struct New<'a> {
    frame: Frame<'a>,
    paste: Field,
    /// What was read from what was pasted and brought.
    found: Vec<String>,
    files: Vec<File>,
    wrong: Vec<String>,
    fields: Vec<Field>,
}

/// A file that waits.
struct File {
    id: String,
    name: String,
    size: String,
    /// Why nothing was read in it; empty where something was.
    unread: String,
    slots: Vec<Choice>,
}

pub(super) async fn page(visit: Visit) -> Response {
    visit.answer(|visit, vault| show(visit, vault, Typed::new(&visit.words, Vec::new()), Vec::new())).await
}

/// Reads what was pasted and brought into the fields. Nothing is kept of a text; files wait.
pub(super) async fn recognised(visit: Visit, request: Request) -> Response {
    with_form(visit, request, |visit, vault, mut typed| {
        let text = typed.raw("paste");
        let files = visit.desk.brought.named(&typed.every("brought"));
        let found = match (text.trim(), files.is_empty(), typed.is_wrong()) {
            ("", true, false) => {
                typed.refuse("paste", visit.words.word("new-paste-empty"));
                Vec::new()
            }
            ("", true, true) => Vec::new(),
            (text, _, _) => take_over(&mut typed, text, &files, &visit.words),
        };
        show(visit, vault, typed, found)
    })
    .await
}

pub(super) async fn open(visit: Visit, request: Request) -> Response {
    with_form(visit, request, create).await
}

/// Takes a form in, reads its files, and works on the vault with both.
async fn with_form(
    visit: Visit,
    request: Request,
    work: impl FnOnce(&Visit, &Vault, Typed<'_>) -> Result<Response, Refusal> + Send + 'static,
) -> Response {
    let Came { mut pairs, files, wrong } = taken(request).await;
    let desk = visit.desk.clone();
    // Reading a picture takes a while: the vault is not held meanwhile.
    let read = move || {
        files
            .into_iter()
            .map(|(name, bytes)| desk.brought.take(name, bytes, &desk.tools).id.clone())
            .collect::<Vec<_>>()
    };
    let Ok(new) = tokio::task::spawn_blocking(read).await else {
        return visit.refuse(&Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "page-fault"));
    };
    pairs.extend(new.into_iter().map(|id| ("brought".to_owned(), id)));
    visit
        .answer(move |visit, vault| {
            let mut typed = Typed::new(&visit.words, pairs);
            if !wrong.is_empty() {
                typed.refuse("files", visit.words.word(wrong));
            }
            work(visit, vault, typed)
        })
        .await
}

/// The files that are to come along, and those that were to and are gone.
fn brought(visit: &Visit, typed: &mut Typed<'_>) -> Vec<Arc<Brought>> {
    let wanted = typed.every("brought");
    let files = visit.desk.brought.named(&wanted);
    if files.len() < wanted.len() {
        typed.refuse("files", visit.words.word("new-files-gone"));
    }
    files
}

fn slot(typed: &Typed<'_>, one: &Brought) -> Slot {
    Slot::from_code(&typed.raw(&format!("slot-{}", one.id))).unwrap_or(one.slot)
}

fn show(visit: &Visit, vault: &Vault, mut typed: Typed<'_>, found: Vec<String>) -> Result<Response, Refusal> {
    typed.suggest("order", free(vault)?);
    let files = brought(visit, &mut typed);
    let words = &visit.words;
    let file = |one: &Arc<Brought>| File {
        id: one.id.clone(),
        name: masked(Some(&one.name)),
        size: size(one.bytes.len() as u64),
        unread: if one.unread.is_empty() { String::new() } else { words.word(one.unread) },
        slots: slots(slot(&typed, one), words),
    };
    let files = files.iter().map(file).collect();
    let (fields, paste) = (fields(&typed), typed.area("paste", "new-paste"));
    let beside: Vec<&Field> = fields.iter().chain([&paste]).collect();
    let wrong = typed.beside_none(beside.into_iter());
    let page = New { frame: visit.frame("orders"), paste, found, files, wrong, fields };
    if typed.is_wrong() { again(&page) } else { html(&page) }
}

fn slots(chosen: Slot, words: &Words) -> Vec<Choice> {
    let choice = |slot: Slot| Choice {
        value: slot.code().to_owned(),
        label: words.word(&format!("slot-{}", slot.code())),
        chosen: slot == chosen,
    };
    Slot::ALL.map(choice).into()
}

/// The first number that is no order's label yet.
pub(super) fn free(vault: &Vault) -> Result<String, Error> {
    let taken: Vec<String> = vault.orders()?.into_iter().map(|one| one.order).collect();
    let mut labels = (taken.len() + 1..).map(|number| format!("{number:02}"));
    Ok(labels.find(|label| !taken.contains(label)).unwrap_or_default())
}

fn fields(typed: &Typed<'_>) -> Vec<Field> {
    let label = typed.line("order", "new-label").must();
    std::iter::once(label).chain(order_facts::first(typed)).collect()
}

fn create(visit: &Visit, vault: &Vault, mut typed: Typed<'_>) -> Result<Response, Refusal> {
    let label = typed.needed("order").and_then(|text| text.parse::<OrderId>().ok());
    if label.is_none() {
        typed.refuse("order", visit.words.word("usage-order-label-advice"));
    }
    let facts = order_facts::all(&mut typed);
    let files = brought(visit, &mut typed);
    let Some(order) = label.filter(|_| !typed.is_wrong()) else {
        return show(visit, vault, typed, Vec::new());
    };
    let path = format!("/orders/{order}");
    // No file is taken in for an order that cannot be opened.
    if vault.order(&order)?.is_some() {
        typed.refuse("order", visit.words.word("write-label-taken"));
        return show(visit, vault, typed, Vec::new());
    }
    let commands = commands(vault, order, facts, &files, &typed)?;
    if let Err(error) = vault.execute(commands, visit.now) {
        typed.blame(error, order_facts::NAMED)?;
        return show(visit, vault, typed, Vec::new());
    }
    visit.desk.brought.done(&typed.every("brought"));
    Ok(Redirect::to(&path).into_response())
}

/// Opens the order and fixes its files: both or neither.
fn commands(
    vault: &Vault,
    order: OrderId,
    facts: OrderFacts,
    files: &[Arc<Brought>],
    typed: &Typed<'_>,
) -> Result<Vec<Command>, Refusal> {
    let sources = files.iter().map(|one| Source::Bytes(one.bytes.to_vec())).collect();
    let ingested = if files.is_empty() { Vec::new() } else { vault.ingest(sources, &|_| {})? };
    let mut commands = vec![Command::OpenOrder { order: order.clone(), facts }];
    for (one, ingested) in files.iter().zip(ingested) {
        let fault = |_| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "page-fault");
        let (ingested, slot) = (ingested.map_err(fault)?, slot(typed, one));
        // Words with a card in them are a secret wherever they are put; of pictures people say it afterwards.
        let secret = ingested.text && !find_secrets(&one.text).is_empty() && slot == Slot::Delivery;
        let manifest = manifest(secret, slot, &ingested, Some(one.name.clone()), false);
        let (order, formed_at, note) = (order.clone(), None, None);
        commands.push(Command::FixEvidence { order, slot, formed_at, note, manifest });
    }
    Ok(commands)
}

/// Fills the fields from a text and from what was read in files, and says what was read and what contradicts itself.
fn take_over(typed: &mut Typed<'_>, text: &str, files: &[Arc<Brought>], words: &Words) -> Vec<String> {
    let pasted = (!text.is_empty()).then(|| (recognise(text, &Hints::default()), text));
    let of_files = files.iter().filter(|one| !one.text.is_empty()).map(|one| {
        let is_text = !one.bytes.starts_with(b"\x89PNG") && !one.bytes.starts_with(&[0xFF, 0xD8]);
        let hints = belongs::hints(Some(&one.name));
        let read = if is_text { recognise(&one.bytes, &hints) } else { recognise(one.text.as_str(), &hints) };
        (read, one.text.as_str())
    });
    let all: Vec<(Recognised, &str)> = pasted.into_iter().chain(of_files).collect();
    let mut names: Vec<String> = Vec::new();
    for (name, label, value) in all.iter().flat_map(|(read, text)| values(read, text)) {
        let label = words.word(label);
        if !names.contains(&label) {
            names.push(label);
        }
        typed.suggest(name, value);
    }
    if names.is_empty() {
        return vec![words.word("new-nothing-read")];
    }
    let count = [("count", names.len().to_string()), ("names", words.list(&names))];
    let mut lines = vec![words.say("new-read-some", &count)];
    lines.extend(all.iter().flat_map(|(read, _)| &read.contradictions).map(|one| {
        let code = serde_json::to_value(one.code).unwrap_or_default();
        let code = code.as_str().unwrap_or_default().replace('_', "-");
        let sides = [("left", one.left.shown.clone()), ("right", one.right.shown.clone())];
        let what = words.word(&format!("contradiction-{code}"));
        format!("{what} {}", words.say("recognised-against", &sides))
    }));
    lines
}

/// What was read, by the name of its field and the message that names it.
fn values(read: &Recognised, text: &str) -> Vec<(&'static str, &'static str, String)> {
    let of = |field| match &read.best(field)?.value {
        Value::Text(text) => Some(text.clone()),
        Value::AmountFen(fen) => Some(yuan(*fen)),
        Value::Instant(moment) => Some(local(moment.at)),
        _ => None,
    };
    let number = || read.order_numbers.iter().find(|one| !one.masked).map(|one| one.text.clone());
    let found = [
        ("title", "arg-title", of(Read::ProductName)),
        ("order_no", "arg-no", of(Read::OrderNo).or_else(number)),
        ("amount", "arg-amount", of(Read::AmountPaid)),
        ("merchant", "arg-merchant", of(Read::MerchantId)),
        ("platform", "arg-platform", host(text)),
        ("paid_at", "new-paid", of(Read::PaidAt)),
        ("delivered_at", "new-delivered", of(Read::DeliveredAt)),
    ];
    found.into_iter().filter_map(|(name, label, value)| Some((name, label, value?))).collect()
}

/// The host of the first address in a text.
fn host(text: &str) -> Option<String> {
    let rest = text.split_once("https://").or_else(|| text.split_once("http://"))?.1;
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let host: String = rest.chars().take_while(|c| inside(*c)).take(100).collect();
    Some(host).filter(|host| host.contains('.'))
}
