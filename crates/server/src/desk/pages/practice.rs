//! 练习: a first case in ten minutes. What is ticked off is what the practice vault holds, and nothing else.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_case::report::{DocumentMade, RecordingEnded};
use sigu_case::{Completeness, Direction, Order};
use sigu_documents::Kind;
use sigu_vault::{Error, Vault};

use super::order::key_of;
use crate::desk::door;
use crate::desk::page::{Frame, Visit, html};
use crate::desk::practice::{NotBegun, Open, places, remove};
use crate::desk::refusal::Refusal;

/// Each ends where the next begins.
const STEPS: [&str; 6] = ["order", "four", "film", "talk", "paper", "package"];

#[derive(Template)]
#[template(path = "practice.html")]
struct Guide<'a> {
    frame: Frame<'a>,
    has_shop: bool,
    /// Where the shop is; empty while it is closed.
    shop: String,
    steps: Vec<Step>,
    all_done: bool,
    /// Whether there is a practice vault to begin anew.
    begun: bool,
    /// What opens the evidence browser on the shop.
    browse: String,
    wrong: String,
}

struct Step {
    key: &'static str,
    title: String,
    what: String,
    why: String,
    done: bool,
    /// Where it is done on the practice desk; empty while it cannot be.
    to: String,
    link: String,
    /// The four, by name, and whether each is complete.
    parts: Vec<(String, bool)>,
}

pub(super) async fn page(visit: Visit) -> Response {
    if let Some(guide) = &visit.desk.guide {
        return Redirect::to(guide).into_response();
    }
    show(visit, StatusCode::OK, String::new()).await
}

async fn show(visit: Visit, status: StatusCode, wrong: String) -> Response {
    let open = visit.desk.practice.open().await;
    visit
        .beside(move |visit| {
            let order = match &open {
                Some(open) => open.app.with_vault::<_, Error>(newest)?,
                None => None,
            };
            let page = guide(visit, open.as_ref(), order.as_ref(), wrong);
            Ok((status, html(&page)?).into_response())
        })
        .await
}

/// The order that was opened last.
fn newest(vault: &Vault) -> Result<Option<Order>, Error> {
    let mut newest: Option<Order> = None;
    for one in vault.orders()? {
        let order = one.order.parse().ok().map(|id| vault.order(&id)).transpose()?.flatten();
        let later = |order: &Order| newest.as_ref().is_none_or(|other| other.opened_at <= order.opened_at);
        if order.as_ref().is_some_and(later) {
            newest = order;
        }
    }
    Ok(newest)
}

fn guide<'a>(visit: &'a Visit, open: Option<&Open>, order: Option<&Order>, wrong: String) -> Guide<'a> {
    let steps: Vec<Step> = STEPS.iter().map(|key| step(key, visit, order)).collect();
    let own = places(&visit.desk.app.places);
    let shop = open.map(|open| open.shop.clone()).unwrap_or_default();
    Guide {
        frame: Frame { path: "/practice", ..visit.frame("vault") },
        has_shop: visit.desk.practice.has_shop(),
        all_done: steps.iter().all(|step| step.done),
        begun: own.vault.exists(),
        browse: order.map_or_else(String::new, |order| {
            let (vault, state) = (own.vault.display(), own.state.display());
            format!("sigu --vault \"{vault}\" --state-dir \"{state}\" browse {shop} --order {}", order.id)
        }),
        steps,
        shop,
        wrong,
    }
}

fn step(key: &'static str, visit: &Visit, order: Option<&Order>) -> Step {
    let words = &visit.words;
    let page = |page: &str| order.map(|order| format!("/orders/{}{page}", order.id)).unwrap_or_default();
    let to = match key {
        "order" => "/orders/new".to_owned(),
        "four" => page("/fix"),
        "talk" => page("/talk"),
        "paper" => page("/papers"),
        "package" => order.map(|_| "/vault".to_owned()).unwrap_or_default(),
        _ => String::new(),
    };
    Step {
        key,
        title: words.word(&format!("practice-{key}")),
        what: words.word(&format!("practice-{key}-what")),
        why: words.word(&format!("practice-{key}-why")),
        done: order.is_some_and(|order| is_done(key, order)),
        link: if to.is_empty() { String::new() } else { words.word(&format!("practice-{key}-do")) },
        to: to.replace('%', "%25"),
        parts: if key == "four" { parts(visit, order) } else { Vec::new() },
    }
}

fn is_done(key: &str, order: &Order) -> bool {
    match key {
        "four" => Completeness::of(order).fixations.iter().all(|one| one.complete),
        "film" => {
            let film = |manifest: &sigu_evidence::ItemManifest| manifest.media_type.starts_with("video/");
            let brought = order.exhibits.iter().filter_map(|one| one.manifest()).any(film);
            brought || order.of_kind::<RecordingEnded>().next().is_some()
        }
        "talk" => order.messages.iter().any(|one| one.direction == Direction::Out),
        "paper" => order.of_kind::<DocumentMade>().any(|(_, one)| one.kind == Kind::Appeal.code()),
        "package" => !order.exports.is_empty(),
        _ => true,
    }
}

fn parts(visit: &Visit, order: Option<&Order>) -> Vec<(String, bool)> {
    let Some(order) = order else { return Vec::new() };
    let name = |one: &sigu_case::Fixation| visit.words.word(&format!("fixation-{}", key_of(&one.kind)));
    Completeness::of(order).fixations.iter().map(|one| (name(one), one.complete)).collect()
}

/// Opens the shop and the practice desk.
pub(super) async fn start(visit: Visit) -> Response {
    if visit.desk.guide.is_some() {
        return visit.refuse(&Refusal::not_found());
    }
    let desk = visit.desk.clone();
    match desk.practice.start(&desk).await {
        Ok(()) => Redirect::to("/practice").into_response(),
        Err(not) => not_begun(visit, not).await,
    }
}

async fn not_begun(visit: Visit, not: NotBegun) -> Response {
    let (status, why) = match not {
        NotBegun::Vault(error) => return visit.refuse(&Refusal::from(error)),
        NotBegun::NoShop => return Redirect::to("/practice").into_response(),
        NotBegun::Shop(why) => {
            (StatusCode::SERVICE_UNAVAILABLE, visit.words.say("practice-not-begun", &[("why", why)]))
        }
        NotBegun::NotOurs(path) => {
            let path = path.display().to_string();
            (StatusCode::CONFLICT, visit.words.say("practice-not-ours", &[("path", path)]))
        }
    };
    show(visit, status, why).await
}

pub(super) async fn stop(visit: Visit) -> Response {
    visit.desk.practice.stop().await;
    Redirect::to("/practice").into_response()
}

/// Begins anew, with an empty practice vault.
pub(super) async fn again(visit: Visit) -> Response {
    if visit.desk.guide.is_some() {
        return visit.refuse(&Refusal::not_found());
    }
    visit.desk.practice.stop().await;
    let real = visit.desk.app.places.clone();
    match tokio::task::spawn_blocking(move || remove(&real)).await {
        Ok(Ok(())) => start(visit).await,
        Ok(Err(not)) => not_begun(visit, not).await,
        Err(_) => visit.refuse(&Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "page-fault")),
    }
}

#[derive(Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    to: String,
}

/// Goes over to the practice desk, to one of its pages.
pub(super) async fn enter(Query(asked): Query<Entered>, visit: Visit) -> Response {
    let to = if door::is_inside(&asked.to) { asked.to.as_str() } else { "/" };
    match visit.desk.practice.open().await {
        Some(open) => Redirect::to(&open.link(to)).into_response(),
        None => Redirect::to("/practice").into_response(),
    }
}
