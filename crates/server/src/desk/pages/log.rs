//! 日志: everything that happened, newest first.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use sigu_vault::{Error, LogEntry, Vault};

use crate::desk::page::{Frame, Part, Visit, html};
use crate::desk::show::Instant;
use crate::index_page::{field_name, field_value};

/// Entries on one page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "log.html")]
struct Log<'a> {
    frame: Frame<'a>,
    entries: Vec<Entry>,
    part: Part,
}

struct Entry {
    item: String,
    kind: String,
    when: Option<Instant>,
    hash: String,
    fields: Vec<(String, String)>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    page: usize,
}

pub(super) async fn page(Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| html(&read(visit, vault, asked.page)?)).await
}

fn read<'a>(visit: &'a Visit, vault: &Vault, page: usize) -> Result<Log<'a>, Error> {
    let all: u64 = vault.logs()?.iter().map(|(_, _, _, size)| size).sum();
    let part = Part::of(page, usize::try_from(all).unwrap_or(usize::MAX), PAGE);
    let last = vault.log(Some(part.through()))?;
    let entries = last.iter().rev().skip(part.before()).map(|one| entry(one, visit)).collect();
    Ok(Log { frame: visit.frame("vault"), entries, part })
}

fn entry(one: &LogEntry, visit: &Visit) -> Entry {
    let words = &visit.words;
    let key = format!("kind-{}", one.kind.replace(['.', '_'], "-"));
    let at = one.claimed_at.parse::<Timestamp>().ok();
    let fields = one.fields.iter().map(|(name, value)| (field_name(name, words), field_value(value)));
    Entry {
        item: one.item.to_string(),
        kind: words.try_word(&key).unwrap_or_else(|| one.kind.clone()),
        when: at.map(|at| Instant::of(at, visit.now, words)),
        hash: one.leaf_hash.clone(),
        fields: fields.collect(),
    }
}
