//! One look at a page: fetched, read, and what came of it as one value.

use sigu_capture::readable::{MAX_BYTES, Reading, Recipe, RecipeFault, Unreadable, read};
use sigu_capture::render::{RenderError, Rendered};
use sigu_case::page::fit;
use sigu_case::report::PageWatched;
use sigu_evidence::ContentId;
use url::Url;

use super::eyes::Eyes;
use super::judge::Look;
use super::memory::{Memory, TroubleKind};
use crate::outside::net::{NetFault, Seen, Sight};

/// What a look brought.
#[derive(Debug)]
pub(super) struct Fetched {
    /// What it means for the comparison.
    pub(super) look: Look,
    /// What is fixed if it is a new version.
    pub(super) whole: Option<Whole>,
    /// What the next look asks with.
    pub(super) validators: (Option<String>, Option<String>),
}

/// A page with its bytes.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) url: String,
    /// `None` where a browser read it.
    pub(super) status: Option<u16>,
    pub(super) media_type: String,
    pub(super) profile: &'static str,
    pub(super) text: String,
    pub(super) body: Vec<u8>,
}

impl Fetched {
    fn failed(kind: TroubleKind, why: &'static str, detail: impl Into<String>) -> Self {
        let look = Look::Failed { kind, why, detail: detail.into(), wait: None };
        Self { look, whole: None, validators: (None, None) }
    }
}

/// Checks that what a page is to be read by can be read itself.
///
/// # Errors
/// Names the first selector or pattern that cannot.
pub fn check_recipe(page: &PageWatched) -> Result<(), RecipeFault> {
    recipe(page).check()
}

/// What a page is read by.
fn recipe(page: &PageWatched) -> Recipe {
    Recipe { select: page.select.clone(), remove: page.remove.clone(), mask: page.mask.clone() }
}

/// Looks at a page.
pub(super) async fn fetch(eyes: &Eyes, page: &PageWatched, memory: &Memory) -> Fetched {
    if eyes.take_browser(page) {
        return shown(eyes, page, memory).await;
    }
    let (etag, modified) = memory.validators();
    let sight = Sight { url: &page.url, etag, modified, most: MAX_BYTES };
    let seen = match eyes.net.look(sight).await {
        Ok(seen) => seen,
        Err(NetFault::TooLarge) => return Fetched::failed(TroubleKind::Unextractable, "too-large", ""),
        Err(fault) => return Fetched::failed(TroubleKind::Unreachable, why(&fault), ""),
    };
    take(seen, page, memory).await
}

/// Reads what came, where it holds nobody up: a large page takes a while.
async fn take(seen: Seen, page: &PageWatched, memory: &Memory) -> Fetched {
    let (recipe, asked, known) = (recipe(page), page.url.clone(), memory.body().cloned());
    let read = tokio::task::spawn_blocking(move || judged(seen, &asked, &recipe, known.as_deref())).await;
    read.unwrap_or_else(|_| Fetched::failed(TroubleKind::Unextractable, "too-large", ""))
}

/// Looks at a page with the browser.
async fn shown(eyes: &Eyes, page: &PageWatched, memory: &Memory) -> Fetched {
    use TroubleKind::{Unextractable, Unreachable};
    let Rendered { url, html } = match eyes.render(&page.url).await {
        None => return Fetched::failed(Unextractable, "browser", ""),
        Some(Ok(rendered)) => rendered,
        Some(Err(RenderError::NotOpened(why))) => return Fetched::failed(Unreachable, "no-connection", why),
        Some(Err(_)) => return Fetched::failed(Unreachable, "browser-start", ""),
    };
    let seen = Seen {
        status: 200,
        url,
        leads_to: None,
        content_type: Some("text/html; charset=utf-8".to_owned()),
        etag: None,
        modified: None,
        wait: None,
        body: html.into_bytes(),
    };
    let mut fetched = take(seen, page, memory).await;
    if let Some(whole) = &mut fetched.whole {
        // No answer of a server: what scripts made of many.
        whole.status = None;
    }
    fetched
}

/// Why a page could not be reached, as a code.
const fn why(fault: &NetFault) -> &'static str {
    match fault {
        NetFault::Address => "address",
        NetFault::Unreachable => "no-connection",
        NetFault::Untrusted => "certificate",
        NetFault::TimedOut => "timeout",
        NetFault::CutOff => "cut-off",
        NetFault::TooLarge | NetFault::Status(_) => "status",
    }
}

fn judged(seen: Seen, asked: &str, recipe: &Recipe, known: Option<&str>) -> Fetched {
    let validators = (seen.etag.clone(), seen.modified.clone());
    if seen.status == 304 {
        return Fetched { look: Look::Same, whole: None, validators };
    }
    if let Some(failed) = refused(&seen, asked, recipe) {
        return failed;
    }
    if known == Some(ContentId::of(&seen.body).to_string().as_str()) {
        return Fetched { look: Look::Same, whole: None, validators };
    }
    match read(&seen.body, seen.content_type.as_deref(), recipe) {
        Ok(reading) => Fetched { validators, ..whole(seen, reading) },
        Err(why) => unreadable(&why),
    }
}

/// A status that is no page, or a page that stands for another.
fn refused(seen: &Seen, asked: &str, recipe: &Recipe) -> Option<Fetched> {
    use TroubleKind::{Unextractable, Unreachable};
    let status = seen.status.to_string();
    let of_body = || match read(&seen.body, seen.content_type.as_deref(), &Recipe::default()) {
        Err(Unreadable::Captcha) => Some(Fetched::failed(Unextractable, "captcha", status.clone())),
        _ => None,
    };
    Some(match seen.status {
        200..=299 => return elsewhere(seen, asked, recipe),
        300..=399 => {
            let to = seen.leads_to.clone().unwrap_or_default();
            let why = if is_login(&to) { "login" } else { "moved" };
            Fetched::failed(Unextractable, why, to)
        }
        401 | 407 => Fetched::failed(Unextractable, "login", status),
        404 | 410 => Fetched::failed(Unextractable, "gone", status),
        403 => of_body().unwrap_or_else(|| Fetched::failed(Unextractable, "forbidden", status)),
        429 | 500..=599 => {
            let mut failed = of_body().unwrap_or_else(|| Fetched::failed(Unreachable, "status", status));
            if let Look::Failed { wait, .. } = &mut failed.look {
                *wait = seen.wait;
            }
            failed
        }
        _ => Fetched::failed(Unextractable, "status", status),
    })
}

/// Where a page led to a login, or to the front page: that is not the page.
fn elsewhere(seen: &Seen, asked: &str, recipe: &Recipe) -> Option<Fetched> {
    let (from, to) = (Url::parse(asked).ok()?, Url::parse(&seen.url).ok()?);
    let led = from.path() != to.path();
    if led && is_login(&seen.url) {
        return Some(Fetched::failed(TroubleKind::Unextractable, "login", seen.url.clone()));
    }
    // Where the user says what to read, the page says itself whether it is there.
    let front = led && to.path().trim_end_matches('/').is_empty() && recipe.select.is_empty();
    front.then(|| Fetched::failed(TroubleKind::Unextractable, "moved", seen.url.clone()))
}

fn is_login(url: &str) -> bool {
    let path = Url::parse(url).map(|url| url.path().to_ascii_lowercase()).unwrap_or_default();
    let words = ["login", "signin", "sign-in", "sign_in", "passport", "sso", "oauth"];
    path.split(['/', '.']).any(|part| words.contains(&part))
}

fn whole(seen: Seen, reading: Reading) -> Fetched {
    let media = seen.content_type.as_deref().unwrap_or("text/html");
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let media = if media == "text/plain" { media } else { "text/html".to_owned() };
    let whole = Whole {
        url: seen.url,
        status: Some(seen.status),
        media_type: media,
        profile: reading.profile,
        text: reading.text.clone(),
        body: seen.body,
    };
    // What is compared is what a leaf holds: of a longer text its beginning.
    Fetched {
        look: Look::Read(fit(&reading.text).0.to_owned()),
        whole: Some(whole),
        validators: (None, None),
    }
}

fn unreadable(why: &Unreadable) -> Fetched {
    let detail = match why {
        Unreadable::Moved { to } => to.clone().unwrap_or_default(),
        Unreadable::SelectorsRotted { selector } => selector.clone(),
        Unreadable::NotText { media } => media.clone(),
        _ => String::new(),
    };
    let code = match why {
        Unreadable::Captcha => "captcha",
        Unreadable::Login => "login",
        Unreadable::Blank => "blank",
        Unreadable::Moved { .. } => "moved",
        Unreadable::SelectorsRotted { .. } => "selectors-rotted",
        Unreadable::NotText { .. } => "not-text",
        Unreadable::TooLarge => "too-large",
    };
    let detail: String = detail.chars().take(300).collect();
    Fetched::failed(TroubleKind::Unextractable, code, detail)
}
