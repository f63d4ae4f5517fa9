//! 新订单: whatever was copied is read into the fields, which are looked over and confirmed.

use askama::Template;
use axum::Form;
use axum::response::{IntoResponse, Redirect, Response};
use sigu_case::claim::yuan;
use sigu_case::recognise::{Field as Read, Hints, Recognised, Value, recognise};
use sigu_case::{Command, OrderId};
use sigu_vault::{Error, Vault};

use super::order_facts;
use crate::desk::form::{Field, Typed, local};
use crate::desk::page::{Frame, Visit, again, html};
use crate::desk::refusal::Refusal;
use crate::words::Words;

#[derive(Template)]
#[template(path = "order_new.html")]
struct New<'a> {
    frame: Frame<'a>,
    /// What was read from what was pasted.
    found: Vec<String>,
    wrong: Vec<String>,
    fields: Vec<Field>,
}

type Pairs = Vec<(String, String)>;

pub(super) async fn page(visit: Visit) -> Response {
    visit.answer(|visit, vault| show(visit, vault, Typed::new(&visit.words, Vec::new()), Vec::new())).await
}

/// Reads what was pasted into the fields. Nothing is kept of it.
pub(super) async fn recognised(visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    visit
        .answer(move |visit, vault| {
            let mut typed = Typed::new(&visit.words, pairs);
            let text = typed.raw("paste");
            let found = take_over(&mut typed, text.trim(), &visit.words);
            show(visit, vault, typed, found)
        })
        .await
}

pub(super) async fn open(visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    visit.answer(move |visit, vault| create(visit, vault, Typed::new(&visit.words, pairs))).await
}

fn show(visit: &Visit, vault: &Vault, mut typed: Typed<'_>, found: Vec<String>) -> Result<Response, Refusal> {
    typed.suggest("order", free(vault)?);
    let fields = fields(&typed);
    let wrong = typed.elsewhere(&fields);
    let page = New { frame: visit.frame("orders"), found, wrong, fields };
    if typed.is_wrong() { again(&page) } else { html(&page) }
}

/// The first number that is no order's label yet.
fn free(vault: &Vault) -> Result<String, Error> {
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
    let Some(order) = label.filter(|_| !typed.is_wrong()) else {
        return show(visit, vault, typed, Vec::new());
    };
    let path = format!("/orders/{order}");
    if let Err(error) = vault.execute(vec![Command::OpenOrder { order, facts }], visit.now) {
        typed.blame(error, order_facts::NAMED)?;
        return show(visit, vault, typed, Vec::new());
    }
    Ok(Redirect::to(&path).into_response())
}

/// Fills the fields from a text, and says what was read and what contradicts itself.
fn take_over(typed: &mut Typed<'_>, text: &str, words: &Words) -> Vec<String> {
    if text.is_empty() {
        typed.refuse("paste", words.word("new-paste-empty"));
        return Vec::new();
    }
    let read = recognise(text, &Hints::default());
    let mut names = Vec::new();
    for (name, label, value) in values(&read, text) {
        names.push(words.word(label));
        typed.suggest(name, value);
    }
    if names.is_empty() {
        return vec![words.word("new-nothing-read")];
    }
    let count = [("count", names.len().to_string()), ("names", words.list(&names))];
    let mut lines = vec![words.say("new-read-some", &count)];
    lines.extend(read.contradictions.iter().map(|one| {
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
