//! What a phone can do: look at its one page, send files, choose the slot, end.

use std::convert::Infallible;
use std::sync::Arc;

use askama::Template;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Multipart, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router, middleware};
use serde::Deserialize;
use sigu_case::{Command, Slot};
use sigu_vault::Vault;

use super::door::{COOKIE, guard};
use super::{Link, Standing};
use crate::desk::door::{cookie, with_cookie};
use crate::desk::form::Choice;
use crate::desk::pages::assets;
use crate::desk::resumable::{self, Fixed, Taker, shown};
use crate::desk::show::{masked, size};
use crate::desk::upload::{Came, MAX_FILE, NotTaken, Said, Upload, take};
use crate::refusing;
use crate::words::Words;

/// Largest form besides files, in bytes.
const MAX_FORM: usize = 8 << 10;

impl FromRequestParts<Arc<Link>> for Taker {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, link: &Arc<Link>) -> Result<Self, Infallible> {
        Ok(link.taker())
    }
}

/// All that is behind the phone's door: nothing of the desk's pages is.
pub(super) fn router(link: Arc<Link>) -> Router {
    Router::new()
        .route("/u/{secret}", get(enter))
        .route("/", get(page).post(send).layer(DefaultBodyLimit::max(MAX_FILE as usize)))
        .route("/slot", post(choose))
        .route("/end", post(end))
        .route("/assets/{name}", get(assets::asset))
        .merge(resumable::routes())
        .fallback(async |State(link): State<Arc<Link>>| said(&link, StatusCode::NOT_FOUND, "page-not-found"))
        .method_not_allowed_fallback(async |State(link): State<Arc<Link>>| {
            said(&link, StatusCode::METHOD_NOT_ALLOWED, "page-not-found")
        })
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(middleware::from_fn_with_state(link.clone(), guard))
        .with_state(link)
}

#[derive(Template)]
#[template(path = "phone_said.html")]
struct SaidPage<'a> {
    w: &'a Words,
    what: String,
    advice: String,
    /// Whether there is something to go on to.
    on: bool,
}

/// Says one thing, as a page.
pub(super) fn said(link: &Link, status: StatusCode, key: &str) -> Response {
    let w = &link.words;
    let advice = w.word(&format!("{key}-advice"));
    drawn(status, &SaidPage { w, what: w.word(key), advice, on: false })
}

fn drawn(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The link: it works once. The page that answers leads on by itself, so that the cookie, which goes along
/// with requests of our own pages only, is there then.
async fn enter(
    State(link): State<Arc<Link>>,
    method: Method,
    headers: HeaderMap,
    Path(secret): Path<String>,
) -> Response {
    if cookie(&headers, COOKIE).is_some_and(|own| link.is_guest(own)) {
        return Redirect::to("/").into_response();
    }
    // What only looks at the head of an answer is no browser that somebody sits before.
    let cookie = if method == Method::GET { link.enter(&secret) } else { None };
    let Some(cookie) = cookie else { return said(&link, StatusCode::UNAUTHORIZED, "phone-used") };
    let w = &link.words;
    let page = SaidPage { w, what: w.word("phone-in"), advice: w.word("phone-in-advice"), on: true };
    with_cookie(COOKIE, cookie, drawn(StatusCode::OK, &page))
}

#[derive(Template)]
#[template(path = "phone_send.html")]
struct Send<'a> {
    w: &'a Words,
    order: String,
    title: String,
    slots: Vec<Choice>,
    came: Vec<Fixed>,
    said: String,
    wrong: Vec<String>,
}

impl<'a> Send<'a> {
    fn of(link: &'a Link, wrong: Vec<String>) -> Self {
        let Standing { slot, came, count, .. } = link.standing();
        Self {
            w: &link.words,
            order: link.order.to_string(),
            title: link.title.clone(),
            slots: slots(&link.words, slot),
            said: link.words.say("phone-came", &[("count", count.to_string())]),
            came,
            wrong,
        }
    }
}

/// The choice of slots with that of none.
pub(in crate::desk) fn slots(words: &Words, chosen: Option<Slot>) -> Vec<Choice> {
    let auto =
        Choice { value: "auto".to_owned(), label: words.word("phone-slot-auto"), chosen: chosen.is_none() };
    let each = Slot::ALL.map(|slot| Choice {
        value: slot.code().to_owned(),
        label: words.word(&format!("slot-{}", slot.code())),
        chosen: chosen == Some(slot),
    });
    std::iter::once(auto).chain(each).collect()
}

async fn page(State(link): State<Arc<Link>>) -> Response {
    drawn(StatusCode::OK, &Send::of(&link, Vec::new()))
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    slot: String,
}

async fn choose(State(link): State<Arc<Link>>, Form(chosen): Form<Chosen>) -> Response {
    link.choose(Slot::from_code(&chosen.slot));
    Redirect::to("/").into_response()
}

async fn end(State(link): State<Arc<Link>>) -> Response {
    link.end();
    said(&link, StatusCode::OK, "phone-over")
}

/// Files that come with a plain form.
async fn send(State(link): State<Arc<Link>>, form: Multipart) -> Response {
    let taken = take(&link.app, form, |_| true).await;
    let own = link.clone();
    let done = tokio::task::spawn_blocking(move || own.fix(taken)).await;
    match done {
        Ok(wrong) if wrong.is_empty() => Redirect::to("/").into_response(),
        Ok(wrong) => drawn(StatusCode::UNPROCESSABLE_ENTITY, &Send::of(&link, wrong)),
        Err(_) => said(&link, StatusCode::INTERNAL_SERVER_ERROR, "page-fault"),
    }
}

impl Link {
    /// Fixes what came with a form; gives what went wrong.
    fn fix(&self, taken: Result<Upload, NotTaken>) -> Vec<String> {
        let files = match taken {
            Ok(upload) => upload.files,
            Err(NotTaken::Vault(error)) => return vec![refusing::said(&error).message(&self.words)],
            Err(NotTaken::Gone | NotTaken::TooLarge) => return vec![self.words.word("page-fault")],
            Err(NotTaken::Form(error)) => {
                let large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
                return vec![self.words.word(if large { "fix-too-large" } else { "fix-broke-off" })];
            }
        };
        if files.is_empty() {
            return vec![self.words.word("fix-nothing")];
        }
        let said = Said { slot: self.standing().slot, ..Said::default() };
        let (mut commands, mut wrong) = (Vec::new(), Vec::new());
        for Came { name, answer } in files {
            match answer {
                Ok(ingested) => commands.push(said.fix(&self.order, &ingested, name)),
                Err(fault) => wrong.push(format!("{}: {fault}", masked(name.as_deref()))),
            }
        }
        let fixed = self.app.with_vault(|vault| self.execute(vault, commands));
        match fixed {
            Ok(fixed) => fixed.iter().for_each(|one| self.heard(Some(one))),
            Err(error) => wrong.push(refusing::said(&error).message(&self.words)),
        }
        wrong
    }

    fn execute(&self, vault: &Vault, commands: Vec<Command>) -> sigu_vault::Result<Vec<Fixed>> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let items = vault.execute(commands.clone(), (self.app.now)())?;
        let fixed = items.iter().zip(commands).filter_map(|(item, command)| match command {
            Command::FixEvidence { slot, manifest, .. } => Some(Fixed {
                item: item.to_string(),
                name: shown(&manifest),
                size: size(manifest.size),
                slot: self.words.word(&format!("slot-{}", slot.code())),
            }),
            _ => None,
        });
        Ok(fixed.collect())
    }
}

/// The code of a link, as a picture.
pub(in crate::desk) fn code(link: &Link) -> Response {
    let Some(svg) = sigu_documents::code::svg(&link.text()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    ([(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"))], svg).into_response()
}
