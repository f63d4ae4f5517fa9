//! 订单: every order in one list, those that are open first.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use sigu_vault::{Error, OrderSummary, Vault};

use crate::at_hand::listed;
use crate::desk::page::{Frame, Part, Visit, html};
use crate::desk::show::{Instant, masked, money};
use crate::words::Words;

/// Orders on one page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "orders.html")]
struct Orders<'a> {
    frame: Frame<'a>,
    rows: Vec<Row>,
    count: usize,
    part: Part,
}

struct Row {
    order: String,
    title: String,
    merchant: String,
    amount: String,
    complete: usize,
    due: Option<Instant>,
    ended: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    page: usize,
}

pub(super) async fn page(Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| html(&read(visit, vault, asked.page)?)).await
}

fn read<'a>(visit: &'a Visit, vault: &Vault, page: usize) -> Result<Orders<'a>, Error> {
    let lines = visit.at_hand().summaries(vault)?;
    let all = listed(&lines);
    let part = Part::of(page, all.len(), PAGE);
    let shown = all.iter().skip(part.before()).take(PAGE);
    let rows = shown.map(|one| row(one, visit)).collect();
    Ok(Orders { frame: visit.frame("orders"), rows, count: all.len(), part })
}

fn row(one: &OrderSummary, visit: &Visit) -> Row {
    let words: &Words = &visit.words;
    let open = one.outcome.is_none() && one.complete < 4;
    Row {
        order: one.order.clone(),
        title: masked(one.title.as_deref()),
        merchant: masked(one.merchant.as_deref()),
        amount: one.amount_fen.map(|fen| money(fen, words)).unwrap_or_default(),
        complete: one.complete,
        due: one.archive_due_at.filter(|_| open).map(|at| Instant::of(at, visit.now, words)),
        ended: one.outcome.map(|how| words.word(&format!("outcome-{}", how.code().replace('_', "-")))),
    }
}
