//! 申诉: what went wrong by questions, what to choose on the form, what is still missing, the statement, what goes
//! with it, and what was submitted.

mod asked;
mod gate;
mod stated;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_case::advice::Advice;
use sigu_case::appeal::Variant;
use sigu_case::clock::ClockKind;
use sigu_case::report::{Body, ProblemFound};
use sigu_case::{Command, House, View};
use sigu_vault::{Error, Vault};

use self::asked::Question;
use self::gate::{Gate, Group};
use self::stated::Stated;
use super::one_order;
use super::order::Head;
use super::order::findings::{self, Clock, Problem};
use crate::desk::clauses::{Clause, clauses};
use crate::desk::draft::{Edit, looked_over};
use crate::desk::form::{Field, Typed};
use crate::desk::found::found;
use crate::desk::page::{Frame, Visit, again, html};
use crate::desk::refusal::Refusal;
use crate::filing::{self, Filed};
use crate::making::NotMade;
use crate::talking;

#[derive(Template)]
#[template(path = "order_appeal.html")]
struct Appeal<'a> {
    frame: Frame<'a>,
    head: Head,
    tab: &'static str,
    /// What was kept just now.
    kept: String,
    problem: Option<Problem>,
    /// The questions, those that fit first; how many of them do.
    questions: Vec<Question>,
    fitting: usize,
    clocks: Vec<Clock>,
    gate: Option<Gate>,
    to: Vec<Field>,
    variant: &'static str,
    stated: Option<Stated>,
    /// Why there is no statement, and where to go.
    not_yet: Option<stated::NotYetSaid>,
    groups: Vec<Group>,
    clauses: Vec<Clause>,
    filed: Vec<Field>,
    filed_wrong: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// To whom the statement speaks.
    #[serde(default)]
    to: String,
    /// What was kept just now: `problem` or `filed`.
    #[serde(default)]
    kept: String,
}

type Pairs = Vec<(String, String)>;

/// The names fields have in the log, and those they have here.
const NAMED: &[(&str, &str)] =
    &[("step.category", "category"), ("step.reference", "reference"), ("happened_at", "at")];

pub(super) async fn page(Path(id): Path<String>, Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit
        .answer(move |visit, vault| {
            let mut typed = Typed::new(&visit.words, Vec::new());
            typed.suggest("to", asked.to);
            let kept = match asked.kept.as_str() {
                "problem" | "filed" => visit.words.word(&format!("appeal-kept-{}", asked.kept)),
                _ => String::new(),
            };
            html(&read(visit, vault, &id, &mut typed, kept)?)
        })
        .await
}

pub(super) async fn change(Path(id): Path<String>, visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    visit.answer(move |visit, vault| answer(visit, vault, &id, Typed::new(&visit.words, pairs))).await
}

/// Looks over a statement while it is changed.
pub(super) async fn check(Path(id): Path<String>, visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    visit
        .answer(move |visit, vault| {
            let typed = Typed::new(&visit.words, pairs);
            let (text, to) = (typed.raw("text"), variant(&typed));
            let limit = |view: &View<'_>| stated::most(view, to);
            looked_over(visit, vault, &one_order(vault, &id)?, to.venue(), text, limit)
        })
        .await
}

fn variant(typed: &Typed<'_>) -> Variant {
    typed.one("to").unwrap_or(Variant::Platform)
}

/// The statement as a button of the page asks for it.
fn edited(visit: &Visit, vault: &Vault, id: &str, typed: &Typed<'_>, edit: &Edit) -> Result<String, Refusal> {
    let order = one_order(vault, id)?;
    let state = vault.house()?;
    let house = House::of(&state);
    let view = View::new(&order, &house, visit.now);
    let look = |text: &str| {
        let gate = talking::gate(vault, &view, variant(typed).venue(), text)?;
        Ok(found(&gate, text, &visit.words))
    };
    Ok(edit.apply(typed.raw("text"), &clauses(&view, &visit.words), &[], look)?)
}

fn answer(visit: &Visit, vault: &Vault, id: &str, mut typed: Typed<'_>) -> Result<Response, Refusal> {
    if let Some(edit) = Edit::of(&typed.raw("what")) {
        let text = edited(visit, vault, id, &typed, &edit)?;
        typed.put("text", text);
        return html(&read(visit, vault, id, &mut typed, String::new())?);
    }
    let (kept, done) = match typed.raw("what").as_str() {
        "problem" => ("problem", chosen(visit, vault, id, &mut typed)?),
        "filed" => ("filed", filed(visit, vault, id, &mut typed)?),
        _ => return Err(Refusal::not_found()),
    };
    match done {
        Ok(true) => {
            let to = variant(&typed).code();
            Ok(Redirect::to(&format!("/orders/{id}/appeal?kept={kept}&to={to}")).into_response())
        }
        Ok(false) => Ok(typed_again(visit, vault, id, &mut typed)?),
        Err(error) => {
            typed.blame(error, NAMED)?;
            Ok(typed_again(visit, vault, id, &mut typed)?)
        }
    }
}

fn typed_again(visit: &Visit, vault: &Vault, id: &str, typed: &mut Typed<'_>) -> Result<Response, Refusal> {
    again(&read(visit, vault, id, typed, String::new())?)
}

/// Whether it was kept; what the case says no to is the inner error.
type Kept = Result<Result<bool, Error>, Refusal>;

/// Keeps which question was answered with yes; the last answer counts.
fn chosen(visit: &Visit, vault: &Vault, id: &str, typed: &mut Typed<'_>) -> Kept {
    let order = one_order(vault, id)?.id;
    let Some(scenario) = typed.chosen("scenario") else { return Ok(Ok(false)) };
    let found = ProblemFound {
        at: visit.now,
        order,
        scenario: Some(scenario),
        fraud: typed.ticked("fraud").then_some(true),
        resale: typed.ticked("resale").then_some(true),
        note: None,
    };
    Ok(vault.execute(vec![Command::Report(found.into())], visit.now).map(|_| true))
}

/// Fixes the words as they were submitted, and notes the step with them as its proof: both or neither.
fn filed(visit: &Visit, vault: &Vault, id: &str, typed: &mut Typed<'_>) -> Kept {
    let order = one_order(vault, id)?.id;
    let (text, body) = (typed.needed("text"), typed.chosen::<Body>("body"));
    let at = typed.time("at").unwrap_or(visit.now);
    let (Some(text), Some(body), false) = (text, body, typed.is_wrong()) else { return Ok(Ok(false)) };
    let name = format!("{}.txt", visit.words.word("appeal-file-name"));
    let (category, reference) = (typed.text("category"), typed.text("reference"));
    match filing::file(vault, Filed { order, text, body, category, reference, at, name }, visit.now) {
        Ok(_) => Ok(Ok(true)),
        Err(NotMade::Vault(error)) => Ok(Err(error)),
        Err(_) => Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "page-fault")),
    }
}

fn read<'a>(
    visit: &'a Visit,
    vault: &Vault,
    id: &str,
    typed: &mut Typed<'_>,
    kept: String,
) -> Result<Appeal<'a>, Refusal> {
    let order = one_order(vault, id)?;
    let state = vault.house()?;
    let house = House::of(&state);
    let view = View::new(&order, &house, visit.now);
    let advice = Advice::of(&view, &[]);
    let words = &visit.words;
    let variant = variant(typed);
    typed.suggest("to", variant.code());
    let (stated, not_yet) = match stated::of(vault, &view, variant, typed, words)? {
        Ok(stated) => (Some(stated), None),
        Err(why) => (None, Some(why)),
    };
    let (questions, fitting) = asked::questions(&advice, typed, words);
    let to = typed.coded::<Variant>("to", "arg-variant", "variant", None).must();
    let filed = filed_fields(&advice, variant, typed);
    Ok(Appeal {
        frame: visit.frame("orders"),
        head: Head::of(&order, visit),
        tab: "appeal",
        kept,
        problem: findings::problem(&advice, words),
        questions,
        fitting,
        clocks: appeal_clocks(&advice, visit),
        gate: advice.dispute.as_ref().map(|dispute| gate::of(&dispute.readiness, &order, words)),
        to: vec![to],
        variant: variant.code(),
        stated,
        not_yet,
        groups: gate::groups(&view, words),
        clauses: clauses(&view, words),
        filed_wrong: typed.elsewhere(&filed),
        filed,
    })
}

/// The clocks of the platform's own window.
fn appeal_clocks(advice: &Advice, visit: &Visit) -> Vec<Clock> {
    let of_appeal = |kind: ClockKind| matches!(kind, ClockKind::AppealSeed | ClockKind::AppealPlatform);
    let clocks = advice.clocks.iter().filter(|clock| of_appeal(clock.kind) && clock.is_open());
    clocks.map(|clock| findings::clock(clock, visit.now, &visit.words)).collect()
}

/// What is asked of a step that was taken: whom, under which category, with which number, when.
fn filed_fields(advice: &Advice, variant: Variant, typed: &mut Typed<'_>) -> Vec<Field> {
    let body = Body::ALL.iter().find(|body| Variant::for_body(**body) == Some(variant));
    typed.suggest("body", body.unwrap_or(&Body::Platform).code());
    let own = advice.dispute.as_ref().and_then(|dispute| dispute.category.on_platform.as_ref());
    if let (Variant::Platform, Some(own)) = (variant, own) {
        typed.suggest("category", own.name.zh.as_str());
    }
    vec![
        typed.coded::<Body>("body", "arg-body", "body", None).must(),
        typed.line("category", "arg-category"),
        typed.line("reference", "arg-reference"),
        typed.when("at", "note-at"),
    ]
}
