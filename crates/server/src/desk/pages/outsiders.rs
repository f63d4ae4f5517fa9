//! 问谁: timestamp services, calendars, public randomness, witnesses; each can be turned off, one's own added.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_vault::Vault;

use super::outside::{Row, rows, stand};
use crate::attesting::{BlockHeader, NotChanged, TypedService, services, set_services, take_header};
use crate::desk::form::{Field, Typed};
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::outside::services::{Services, ServicesRule};
use crate::refusing::of_services;
use crate::words::Words;

const PATH: &str = "/vault/outside/services";
/// What can have been done, as the address says it after a change.
const DONE: [&str; 3] = ["kept", "reset", "header"];

#[derive(Template)]
#[template(path = "outsiders.html")]
struct Page<'a> {
    frame: Frame<'a>,
    noted: String,
    /// Whether the user set anything.
    own: bool,
    rows: Vec<Row>,
    /// What a witness must know of this log.
    vkey: String,
    /// How many witnesses are wanted, of how many.
    least: Vec<(usize, String, bool)>,
    service: Vec<Field>,
    witness: Vec<Field>,
    header: Vec<Field>,
    wrong: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

type Pairs = Vec<(String, String)>;

pub(super) async fn page(Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit
        .answer(move |visit, vault| {
            html(&drawn(visit, vault, &Typed::new(&visit.words, Vec::new()), &asked.done)?)
        })
        .await
}

fn drawn<'a>(visit: &'a Visit, vault: &Vault, typed: &Typed<'_>, done: &str) -> Result<Page<'a>, Refusal> {
    let words = &visit.words;
    let list = services(vault)?;
    let hashes = ["sha256", "sm3"].map(|name| (name.to_owned(), words.word(&format!("outsiders-{name}"))));
    let service = vec![
        typed.line("name", "outsiders-name").must(),
        typed.line("label", "outsiders-label"),
        typed.line("operator", "outsiders-operator").must(),
        typed.line("url", "outsiders-url").must(),
        typed.area("roots", "outsiders-roots").must(),
        typed.choice("imprint", "outsiders-imprint", hashes, None).must(),
    ];
    let witness = vec![typed.line("line", "outsiders-line").must()];
    let header = vec![typed.area("header", "outsiders-header").must()];
    let all = service.iter().chain(&witness).chain(&header);
    let wrong = typed.beside_none(all);
    let wanted = list.least();
    let least = (0..=list.witnesses.len()).map(|count| (count, at_least(count, words), count == wanted));
    Ok(Page {
        frame: Frame { path: PATH, ..visit.frame("vault") },
        noted: DONE
            .iter()
            .find(|one| **one == done)
            .map(|one| words.word(&format!("outsiders-done-{one}")))
            .unwrap_or_default(),
        own: vault.services()?.is_some(),
        rows: rows(&stand(visit, vault)?, words),
        vkey: vault.attestable()?.key.to_string(),
        least: least.collect(),
        service,
        witness,
        header,
        wrong,
    })
}

fn at_least(count: usize, words: &Words) -> String {
    match count {
        0 => words.word("outsiders-least-none"),
        count => words.say("outsiders-least", &[("count", count.to_string())]),
    }
}

/// Makes a change; what is wrong stands beside what was typed.
pub(super) async fn change(visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    visit
        .answer(move |visit, vault| {
            let mut typed = Typed::new(&visit.words, pairs);
            let what = typed.raw("what");
            if what == "reset" {
                keep(visit, vault, None)?;
                return Ok(Redirect::to(&format!("{PATH}?done=reset")).into_response());
            }
            if what == "header" {
                return header(visit, vault, typed);
            }
            let mut list = services(vault)?;
            match changed(&mut list, &what, &mut typed) {
                Ok(()) if !typed.is_wrong() => {
                    keep(visit, vault, Some(&list))?;
                    return Ok(Redirect::to(&format!("{PATH}?done=kept")).into_response());
                }
                Ok(()) => {}
                Err(NotChanged::Unknown) => return Err(Refusal::not_found()),
                Err(error) => blame(&mut typed, &what, &error),
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&drawn(visit, vault, &typed, "")?)?).into_response())
        })
        .await
}

fn changed(list: &mut Services, what: &str, typed: &mut Typed<'_>) -> Result<(), NotChanged> {
    let (kind, name) = (typed.raw("kind"), typed.raw("which"));
    match what {
        "on" | "off" => list.turn(&kind, &name, what == "on"),
        "remove" => list.remove(&kind, &name),
        "least" => {
            list.want_witnesses(typed.raw("least").parse().unwrap_or(0));
            Ok(())
        }
        "witness" => match typed.needed("line") {
            Some(line) => list.add_witness(&line),
            None => Ok(()),
        },
        "service" => {
            let wanted = ["name", "operator", "url", "roots"].map(|field| typed.needed(field));
            let [Some(name), Some(operator), Some(url), Some(roots)] = wanted else { return Ok(()) };
            let (label, sm3) = (typed.raw("label"), typed.raw("imprint") == "sm3");
            list.add_service(TypedService { name, label, operator, url, roots, sm3 })
        }
        _ => Err(NotChanged::Unknown),
    }
}

/// Says beside its field what is wrong.
fn blame(typed: &mut Typed<'_>, what: &str, error: &NotChanged) {
    let words = typed.words().clone();
    let field = match error {
        NotChanged::Name => "name",
        NotChanged::Witness | NotChanged::Unknown => "line",
        NotChanged::Rule(_) if what == "witness" => "line",
        NotChanged::Rule(rule) => match rule.field.as_str() {
            "label" => "label",
            "operator" => "operator",
            "url" => "url",
            "roots" => "roots",
            _ => "name",
        },
    };
    let why = match error {
        NotChanged::Witness => words.word("outsiders-wrong-line"),
        NotChanged::Rule(rule) => match rule.why {
            ServicesRule::Address => words.word("outsiders-wrong-url"),
            ServicesRule::Root => words.word("outsiders-wrong-roots"),
            ServicesRule::Twice => words.word("outsiders-wrong-twice"),
            ServicesRule::Name => words.word("outsiders-wrong-name"),
            _ => words.say("refused-services", &of_services(rule, &words).values),
        },
        NotChanged::Name | NotChanged::Unknown => words.word("outsiders-wrong-name"),
    };
    typed.refuse(field, why);
}

fn keep(visit: &Visit, vault: &Vault, list: Option<&Services>) -> Result<(), Refusal> {
    let text = list.map(Services::to_toml);
    Ok(set_services(vault, &visit.desk.app.places.state, text.as_deref())?)
}

/// Takes the header of a block in.
fn header(visit: &Visit, vault: &Vault, mut typed: Typed<'_>) -> Result<Response, Refusal> {
    let read = typed.needed("header").map(|text| BlockHeader::read(text.as_bytes()));
    let why = match read {
        Some(Ok(header)) => match take_header(vault, &header, visit.now)? {
            Some(_) => return Ok(Redirect::to(&format!("{PATH}?done=header")).into_response()),
            None => Some("refused-no-promise"),
        },
        Some(Err(_)) => Some("refused-block-header"),
        None => None,
    };
    if let Some(why) = why {
        typed.refuse("header", visit.words.word(why));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&drawn(visit, vault, &typed, "")?)?).into_response())
}
