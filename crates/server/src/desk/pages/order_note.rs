//! 记一笔: what was seen, paid, wanted, done, decided or paid back, each a short form.

mod kinds;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_case::{Command, Order};
use sigu_vault::Vault;

use self::kinds::What;
use super::one_order;
use crate::desk::form::{Field, Typed};
use crate::desk::page::{Frame, Visit, again, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::masked;

#[derive(Template)]
#[template(path = "order_note.html")]
struct Note<'a> {
    frame: Frame<'a>,
    order: String,
    title: String,
    head: String,
    why: String,
    what: &'static str,
    /// What was noted just now.
    noted: String,
    wrong: Vec<String>,
    fields: Vec<Field>,
    others: Vec<Other>,
}

/// Another form.
struct Other {
    what: &'static str,
    name: String,
    why: String,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    what: String,
    #[serde(default)]
    noted: String,
    /// Whose role is asked about.
    #[serde(default)]
    role: String,
    /// With whom a step was taken.
    #[serde(default)]
    body: String,
}

pub(super) async fn page(Path(id): Path<String>, Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit
        .answer(move |visit, vault| {
            let order = one_order(vault, &id)?;
            let mut typed = Typed::new(&visit.words, Vec::new());
            let what = What::of(&asked.what);
            typed.suggest("role", asked.role);
            typed.suggest("body", asked.body);
            if let Some(what) = what {
                what.suggest(&mut typed);
            }
            let noted = What::of(&asked.noted).map(|noted| {
                visit.words.say("note-noted", &[("what", visit.words.word(&format!("note-{}", noted.code)))])
            });
            html(&drawn(visit, &order, what, &typed, noted.unwrap_or_default()))
        })
        .await
}

pub(super) async fn keep(
    Path(id): Path<String>,
    visit: Visit,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Response {
    visit.answer(move |visit, vault| kept(visit, vault, &id, Typed::new(&visit.words, pairs))).await
}

fn kept(visit: &Visit, vault: &Vault, id: &str, mut typed: Typed<'_>) -> Result<Response, Refusal> {
    let order = one_order(vault, id)?;
    let what = What::of(&typed.raw("what")).ok_or_else(Refusal::not_found)?;
    let at = typed.time("at").unwrap_or(visit.now);
    let report = what.report(&mut typed, order.id.clone(), at);
    if let Some(report) = report.filter(|_| !typed.is_wrong()) {
        match vault.execute(vec![Command::Report(report)], visit.now) {
            Ok(_) => {
                let path = format!("/orders/{id}/note?noted={}", what.code);
                return Ok(Redirect::to(&path).into_response());
            }
            Err(error) => typed.blame(error, kinds::NAMED)?,
        }
    }
    again(&drawn(visit, &order, Some(what), &typed, String::new()))
}

fn drawn<'a>(
    visit: &'a Visit,
    order: &Order,
    what: Option<&'static What>,
    typed: &Typed<'_>,
    noted: String,
) -> Note<'a> {
    let words = &visit.words;
    let name = |what: &What| words.word(&format!("note-{}", what.code));
    let why = |what: &What| words.word(&format!("note-{}-why", what.code));
    let fields = what.map(|what| what.fields(typed, order)).unwrap_or_default();
    let others = What::all(order).filter(|one| what.is_none_or(|what| what.code != one.code));
    Note {
        frame: visit.frame("orders"),
        order: order.id.to_string(),
        title: masked(order.facts.title.as_deref()),
        head: what.map_or_else(|| words.word("note-head"), name),
        why: what.map(why).unwrap_or_default(),
        what: what.map(|what| what.code).unwrap_or_default(),
        noted,
        wrong: typed.elsewhere(&fields),
        fields,
        others: others.map(|one| Other { what: one.code, name: name(one), why: why(one) }).collect(),
    }
}
