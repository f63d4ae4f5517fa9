//! 锁定: what is shown while the key is forgotten, how it comes back, and the form that came in between.

use std::sync::Arc;

use askama::Template;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, RequestExt};
use serde::Deserialize;
use sigu_vault::{Error, Refusal as VaultRefusal};
use zeroize::Zeroizing;

use super::order_fix::MAX_UPLOAD;
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::masked;
use crate::desk::{Desk, door, lock, upload};
use crate::keys::{self, KeyProblem};

/// Open while locked: what shows no word of the vault. The calendar says itself that it is locked.
const OPEN: [&str; 6] = ["/assets/", "/calendar/", "/start", "/language", "/lock", "/unlock"];
/// Forms with passphrases or keys in them: what was typed there does not wait.
const PRIVATE: [&str; 2] = ["/vault/settings", "/settings/reminders"];
/// Longest value shown when a form is sent once more, in characters.
const SHOWN: usize = 300;

#[derive(Template)]
#[template(path = "lock.html")]
struct LockPage<'a> {
    frame: Frame<'a>,
    back: String,
    /// The name of a form that waits.
    waiting: String,
    /// How many of its fields were filled in.
    kept: usize,
    files: bool,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "resume.html")]
struct Resume<'a> {
    frame: Frame<'a>,
    to: String,
    from: String,
    pairs: Vec<(String, String)>,
    shown: Vec<String>,
    files: bool,
}

/// Lets requests through while the key is at hand; answers 423 with the lock page while it is not.
pub(in crate::desk) async fn gate(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if OPEN.iter().any(|open| path == *open || (open.ends_with('/') && path.starts_with(open))) {
        return next.run(request).await;
    }
    let now = (desk.app.now)();
    desk.lapse();
    if desk.app.identity.is_locked() && !opens_itself(&desk).await {
        return locked(&desk, request).await;
    }
    if is_someone(&request) {
        desk.lock.seen(now);
    }
    next.run(request).await
}

/// What pages ask for by themselves: news, pictures, style.
const BY_ITSELF: [&str; 5] = ["empty", "image", "style", "script", "font"];

fn is_by_script(request: &Request) -> bool {
    request.headers().get("sec-fetch-dest").is_some_and(|value| value.as_bytes() == b"empty")
}

/// Whether a person asked, and not the page by itself; the page of long work comes again without script, too. What is
/// sent is always somebody's: words are looked over while they are typed.
fn is_someone(request: &Request) -> bool {
    if *request.method() != Method::GET {
        return true;
    }
    let dest = request.headers().get("sec-fetch-dest").and_then(|value| value.to_str().ok());
    let by_itself = dest.is_some_and(|dest| BY_ITSELF.contains(&dest));
    !by_itself && !request.uri().path().starts_with("/vault/work/")
}

/// A key that no passphrase keeps is simply read again.
pub(in crate::desk) async fn opens_itself(desk: &Arc<Desk>) -> bool {
    let own = desk.clone();
    let opened = tokio::task::spawn_blocking(move || {
        let no_passphrase = || Err(KeyProblem::from(Error::from(VaultRefusal::Locked)));
        keys::open::<KeyProblem>(&own.app.places, no_passphrase)
    });
    match opened.await {
        Ok(Ok(identity)) => {
            desk.app.identity.take_in(identity);
            true
        }
        _ => false,
    }
}

async fn locked(desk: &Arc<Desk>, request: Request) -> Response {
    let words = door::words(desk, request.headers());
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let mut page = LockPage {
        frame: Frame::bare(&words),
        back: path.clone(),
        waiting: String::new(),
        kept: 0,
        files: false,
        wrong: None,
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        page.back = came_from(desk, request.headers()).unwrap_or_else(|| "/".to_owned());
        // What a script sends while somebody types is sent again anyway.
        if !PRIVATE.iter().any(|private| path.starts_with(private))
            && !is_by_script(&request)
            && let Some((pairs, files)) = typed(request).await
        {
            page.kept = pairs.iter().filter(|(_, value)| !value.trim().is_empty()).count();
            page.files = files;
            page.waiting = desk.lock.keep(path, page.back.clone(), pairs, files);
        }
    }
    show(StatusCode::LOCKED, &page)
}

fn show(status: StatusCode, page: &LockPage<'_>) -> Response {
    match html(page) {
        Ok(response) => (status, response).into_response(),
        Err(refusal) => refusal.show(Frame::bare(page.frame.w)),
    }
}

/// The page of ours a form stood on.
fn came_from(desk: &Desk, headers: &HeaderMap) -> Option<String> {
    let from = headers.get(header::REFERER)?.to_str().ok()?;
    let path = from.strip_prefix(&desk.origin())?;
    door::is_inside(path).then(|| path.to_owned())
}

/// The texts of a form, and whether files came with it; those are read and dropped, for a browser shows an answer only
/// when all was sent.
async fn typed(mut request: Request) -> Option<(Vec<(String, String)>, bool)> {
    let kind = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?.to_owned();
    if kind.starts_with("multipart/form-data") {
        DefaultBodyLimit::max(MAX_UPLOAD).apply(&mut request);
        let form = request.extract::<Multipart, _>().await.ok()?;
        return Some((upload::texts(form).await.ok()?, true));
    }
    DefaultBodyLimit::max(super::MAX_FORM).apply(&mut request);
    let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, &()).await.ok()?;
    Some((pairs, false))
}

#[derive(Deserialize)]
pub(super) struct Tried {
    #[serde(default)]
    passphrase: String,
    #[serde(default)]
    back: String,
    #[serde(default)]
    waiting: String,
}

/// Takes the key back by the passphrase.
pub(super) async fn unlock(visit: Visit, Form(tried): Form<Tried>) -> Response {
    let passphrase = Zeroizing::new(tried.passphrase);
    let desk = visit.desk.clone();
    let _turn = desk.lock.one_at_a_time.lock().await;
    let own = desk.clone();
    let opened =
        tokio::task::spawn_blocking(move || keys::open::<KeyProblem>(&own.app.places, || Ok(passphrase)));
    let wrong = match opened.await {
        Ok(Ok(identity)) => {
            desk.app.identity.take_in(identity);
            desk.lock.seen(visit.now);
            return opened_to(&visit, &tried.waiting, &tried.back);
        }
        Ok(Err(KeyProblem::Vault(Error::Refused(VaultRefusal::WrongPassphrase)))) => {
            visit.words.word("lock-wrong")
        }
        Ok(Err(KeyProblem::Vault(error))) => return Refusal::from(error).show(Frame::bare(&visit.words)),
        Ok(Err(problem)) => {
            return Refusal::because("page-fault", problem.to_string()).show(Frame::bare(&visit.words));
        }
        Err(_) => {
            return Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "page-fault")
                .show(Frame::bare(&visit.words));
        }
    };
    let waiting = desk.lock.waiting(&tried.waiting);
    let kept = waiting.as_ref().map_or(0, |one| one.pairs.iter().filter(|pair| !pair.1.is_empty()).count());
    let page = LockPage {
        frame: Frame::bare(&visit.words),
        back: tried.back,
        kept,
        files: waiting.as_ref().is_some_and(|one| one.files),
        waiting: tried.waiting,
        wrong: Some(wrong),
    };
    show(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Back to where one was, or to the form that waited: it is sent by whoever wrote it, not by us.
fn opened_to(visit: &Visit, waiting: &str, back: &str) -> Response {
    let inside = |path: &str| if door::is_inside(path) { path.to_owned() } else { "/".to_owned() };
    let Some(one) = visit.desk.lock.waiting(waiting) else {
        return Redirect::to(&inside(back)).into_response();
    };
    visit.desk.lock.drop_waiting(waiting);
    let written = one.pairs.iter().filter(|(_, value)| value.trim().chars().count() > 1);
    let shown = written.map(|(_, value)| masked(Some(&value.chars().take(SHOWN).collect::<String>())));
    let page = Resume {
        frame: Frame {
            path: "/",
            ..visit.frame(if one.to.starts_with("/orders") { "orders" } else { "vault" })
        },
        shown: shown.collect(),
        to: inside(&one.to),
        from: inside(&one.from),
        pairs: one.pairs,
        files: one.files,
    };
    html(&page).unwrap_or_else(|refusal| refusal.show(Frame::bare(&visit.words)))
}

#[derive(Deserialize)]
pub(super) struct LockAsked {
    #[serde(default)]
    back: String,
}

/// Forgets the key at once.
pub(super) async fn lock(visit: Visit, Form(asked): Form<LockAsked>) -> Response {
    let places = visit.desk.app.places.clone();
    let asks = tokio::task::spawn_blocking(move || lock::asks(&places)).await.unwrap_or(false);
    if asks {
        visit.desk.app.identity.forget();
        visit.desk.work.put_away();
        visit.desk.replay.put_away();
        visit.desk.brought.put_away();
    }
    Redirect::to(if door::is_inside(&asked.back) { &asked.back } else { "/" }).into_response()
}
