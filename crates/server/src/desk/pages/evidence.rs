//! All evidence of an order, and what the log says of it.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use sigu_case::Order;
use sigu_evidence::FieldValue;
use sigu_vault::{LogEntry, Vault};

use super::order::fixations::{Piece, piece};
use super::order::{Head, dashed, load};
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::{Instant, masked};
use crate::told::field_value;

#[derive(Template)]
#[template(path = "evidence.html")]
struct Evidence<'a> {
    frame: Frame<'a>,
    head: Head,
    tab: &'static str,
    pieces: Vec<Piece>,
}

/// Every piece of evidence, in the order of the log.
pub(super) async fn page(Path(label): Path<String>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| html(&read(visit, vault, &label)?)).await
}

fn read<'a>(visit: &'a Visit, vault: &Vault, label: &str) -> Result<Evidence<'a>, Refusal> {
    let order = load(vault, label)?;
    let pieces = order.exhibits.iter().map(|exhibit| piece(exhibit, &order, visit)).collect();
    Ok(Evidence { frame: visit.frame("orders"), head: Head::of(&order, visit), tab: "evidence", pieces })
}

#[derive(Template)]
#[template(path = "order_log.html")]
struct Log<'a> {
    frame: Frame<'a>,
    head: Head,
    tab: &'static str,
    entries: Vec<Entry>,
}

/// A leaf of the log.
struct Entry {
    item: String,
    name: String,
    at: Option<Instant>,
    fields: Vec<(String, String)>,
    hash: String,
}

/// The entries of the log that concern the order, newest first.
pub(super) async fn log(Path(label): Path<String>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| html(&entries(visit, vault, &label)?)).await
}

fn entries<'a>(visit: &'a Visit, vault: &Vault, label: &str) -> Result<Log<'a>, Refusal> {
    let order = load(vault, label)?;
    let all = vault.log(None)?;
    let concerns = concerning(&order);
    let entries = all.iter().rev().filter(|one| concerns(one)).map(|one| entry(one, visit)).collect();
    Ok(Log { frame: visit.frame("orders"), head: Head::of(&order, visit), tab: "log", entries })
}

/// Tells whether an entry of the log concerns the order.
pub(in crate::desk) fn concerning(order: &Order) -> impl Fn(&LogEntry) -> bool + use<> {
    let (items, label) = (items(order), order.id.to_string());
    move |entry| concerns(entry, &label, &items)
}

fn items(order: &Order) -> BTreeSet<String> {
    let exhibits = order.exhibits.iter().map(|one| one.item);
    let messages = order.messages.iter().map(|one| one.item);
    let reports = order.reports.iter().map(|one| one.item);
    exhibits.chain(messages).chain(reports).map(|item| item.to_string()).collect()
}

/// An entry names the order; one that erases names the item it erases.
fn concerns(entry: &LogEntry, order: &str, items: &BTreeSet<String>) -> bool {
    let names = |(name, value): &(String, FieldValue)| match value {
        FieldValue::Text(text) if name == "order" => text == order,
        FieldValue::Text(text) => entry.kind == "content.erased" && items.contains(text),
        _ => false,
    };
    items.contains(&entry.item.to_string()) || entry.fields.iter().any(names)
}

fn entry(one: &LogEntry, visit: &Visit) -> Entry {
    let words = &visit.words;
    let at = one.claimed_at.parse().ok();
    let field = |(name, value): &(String, FieldValue)| {
        let key = format!("field-{}", dashed(name));
        (words.try_word(&key).unwrap_or_else(|| name.clone()), masked(Some(&field_value(value))))
    };
    Entry {
        item: one.item.to_string(),
        name: words.try_word(&format!("kind-{}", dashed(&one.kind))).unwrap_or_else(|| one.kind.clone()),
        at: at.map(|at| Instant::of(at, visit.now, words)),
        fields: one.fields.iter().map(field).collect(),
        hash: one.leaf_hash.clone(),
    }
}
