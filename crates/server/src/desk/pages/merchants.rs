//! 商家: every merchant that was bought from, those with disputes first.

use askama::Template;
use axum::response::Response;
use sigu_case::dossier::{Dossier, Known, Rate};
use sigu_documents::times;
use sigu_evidence::mask_text;
use sigu_vault::{Error, Vault};

use crate::desk::page::{Frame, Visit, html};
use crate::words::Words;

#[derive(Template)]
#[template(path = "merchants.html")]
struct Merchants<'a> {
    frame: Frame<'a>,
    rows: Vec<Row>,
}

struct Row {
    /// The name as it is asked for.
    name: String,
    /// All names as they are shown.
    names: String,
    orders: usize,
    disputed: usize,
    rate: String,
    last: String,
}

pub(super) async fn page(visit: Visit) -> Response {
    visit.answer(|visit, vault| html(&read(visit, vault)?)).await
}

fn read<'a>(visit: &'a Visit, vault: &Vault) -> Result<Merchants<'a>, Error> {
    let found = visit.at_hand().merchants(vault, visit.now)?;
    let mut all: Vec<&Dossier> = found.iter().collect();
    all.sort_by_key(|one| std::cmp::Reverse((one.disputed.len(), one.orders.len())));
    let rows = all.into_iter().map(|one| row(one, &visit.words)).collect();
    Ok(Merchants { frame: visit.frame("merchants"), rows })
}

fn row(one: &Dossier, words: &Words) -> Row {
    Row {
        name: one.name.clone(),
        names: listed(&one.names, words),
        orders: one.orders.len(),
        disputed: one.disputed.len(),
        rate: rate(&one.dispute_rate, words),
        last: known(&one.last_order, words, |at| times::day(*at)),
    }
}

/// What is known, else that it is not.
pub(super) fn known<T>(value: &Known<T>, words: &Words, show: impl FnOnce(&T) -> String) -> String {
    value.value().map_or_else(|| words.word("merchant-unknown"), show)
}

/// Names of people or shops one after the other.
pub(super) fn listed(names: &[String], words: &Words) -> String {
    words.list(&names.iter().map(|name| mask_text(name)).collect::<Vec<_>>())
}

/// A rate with its sample and interval; without a sample it is unknown (D8).
pub(super) fn rate(rate: &Rate, words: &Words) -> String {
    let (Some(share), Some(interval)) = (rate.share_bp.value(), rate.interval.value()) else {
        return words.word("merchant-unknown");
    };
    let values = [
        ("share", percent(*share)),
        ("of", rate.of.to_string()),
        ("low", percent(interval.low_bp)),
        ("high", percent(interval.high_bp)),
    ];
    words.say("merchant-rate", &values)
}

/// Hundredths of a percent as people read them.
pub(super) fn percent(bp: u32) -> String {
    format!("{}.{:02}%", bp / 100, bp % 100)
}
