//! 外部证明: who vouches for the log, since when, and who is asked.

use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_documents::times;
use sigu_vault::Vault;

use crate::answers::{OutsiderState, Outsiders};
use crate::attesting::{Memory, standing};
use crate::desk::asking;
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::Instant;
use crate::{told, words::Words};

const PATH: &str = "/vault/outside";
/// How long a page waits for outsiders that answer quickly.
const NEARLY: Duration = Duration::from_secs(3);
/// Proofs on the page; the log has all.
const PROOFS: usize = 20;

#[derive(Template)]
#[template(path = "outside.html")]
struct Page<'a> {
    frame: Frame<'a>,
    /// What a witness saw otherwise; empty for nothing.
    alarm: String,
    voices: String,
    none: bool,
    quorum: String,
    asks: bool,
    /// Whether there is a way out at all.
    net: bool,
    busy: bool,
    asked: bool,
    outsiders: Vec<Row>,
    proofs: Vec<Proof>,
}

pub(super) struct Row {
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) kind_word: String,
    pub(super) label: String,
    pub(super) operator: String,
    /// `good`, `soon` or `quiet`.
    pub(super) mood: &'static str,
    pub(super) state: String,
    pub(super) on: bool,
    /// Whether it is one that was not yet seen to work from here.
    pub(super) untested: bool,
    pub(super) urls: Vec<String>,
    /// Of which blocks headers are wanted; empty for none.
    pub(super) headers: String,
    skew: String,
}

struct Proof {
    item: String,
    who: String,
    size: u64,
    said: String,
    at: Option<Instant>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    asked: String,
}

pub(super) async fn page(Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| html(&read(visit, vault, asked.asked == "1")?)).await
}

fn read<'a>(visit: &'a Visit, vault: &Vault, asked: bool) -> Result<Page<'a>, Refusal> {
    let (words, desk) = (&visit.words, &visit.desk);
    let found = stand(visit, vault)?;
    let alarm = found.alarm.as_ref().map(|alarm| told::alarm(alarm, words, times::second));
    Ok(Page {
        frame: Frame { path: PATH, ..visit.frame_with_proofs("vault") },
        alarm: alarm.unwrap_or_default(),
        voices: told::voices(&found, words),
        none: found.voices == 0,
        quorum: words.word(told::quorum(&found)),
        asks: found.asks,
        net: desk.asking.net.is_some(),
        busy: desk.asking.is_busy(),
        asked,
        outsiders: rows(&found, words),
        proofs: proofs(visit, vault)?,
    })
}

/// How it stands with outsiders.
pub(super) fn stand(visit: &Visit, vault: &Vault) -> Result<Outsiders, Refusal> {
    let memory = Memory::read(&visit.desk.app.places.state);
    Ok(standing(vault, &memory, visit.desk.asks_by_default())?)
}

/// What a page shows of each.
pub(super) fn rows(found: &Outsiders, words: &Words) -> Vec<Row> {
    let row = |one: &crate::answers::Outsider| Row {
        kind: one.kind.code(),
        name: one.name.clone(),
        kind_word: words.word(&format!("outside-kind-{}", one.kind.code())),
        label: one.label.clone(),
        operator: one.operator.clone(),
        mood: match one.state {
            OutsiderState::Whole => "good",
            OutsiderState::Failed => "soon",
            _ => "quiet",
        },
        state: told::outsider(one, words, times::second),
        on: one.state != OutsiderState::Off,
        untested: !one.tested && one.kind.code() == "timestamp",
        urls: one.urls.clone(),
        headers: told::headers_wanted(one, words).unwrap_or_default(),
        skew: told::skew(one, words).unwrap_or_default(),
    };
    found.outsiders.iter().map(row).collect()
}

fn proofs(visit: &Visit, vault: &Vault) -> Result<Vec<Proof>, Refusal> {
    let words = &visit.words;
    let all = vault.proofs()?;
    let shown = all.into_iter().rev().take(PROOFS).map(|one| Proof {
        item: one.item.to_string(),
        size: one.size,
        said: words.word(told::proof(&one.said)),
        at: one.not_after().map(|bound| Instant::of(bound.at, visit.now, words)),
        who: one.source,
    });
    Ok(shown.collect())
}

/// Asks now, passing over waits; who takes long is asked on while the page is shown.
pub(super) async fn ask(visit: Visit) -> Response {
    if let Some(asking) = asking::now(&visit.desk) {
        // What comes of it the page shows; that the vault is locked or damaged, every page says.
        drop(tokio::time::timeout(NEARLY, asking).await);
    }
    Redirect::to("/vault/outside?asked=1").into_response()
}

#[derive(Deserialize)]
pub(super) struct Switch {
    #[serde(default)]
    asks: String,
}

/// Sets whether outsiders are asked without being told to.
pub(super) async fn switch(visit: Visit, Form(typed): Form<Switch>) -> Response {
    visit
        .answer(move |_, vault| {
            vault.set_asks_outsiders(typed.asks == "yes")?;
            Ok(Redirect::to(PATH).into_response())
        })
        .await
}
