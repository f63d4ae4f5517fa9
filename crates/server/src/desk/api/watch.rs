//! Watched pages: how each stands, adding and stopping one, looking now, versions.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use sigu_case::page::{PageLabel, declared};
use sigu_case::report::{PageKind, PageWatched, PageWay};
use sigu_case::watch::Comparison;
use sigu_case::{Command, OrderId};
use sigu_vault::{JobBook, Vault};
use utoipa::ToSchema;

use super::call::{Call, Reads, Sent, Writes, found, item, made, no_item, one_of, unfit};
use crate::answers::{Page, PageShown, Pages, VersionShown};
use crate::desk::pages::saved_page;
use crate::desk::watching::look_now;
use crate::problem::Problem;
use crate::watching::{Looked, Outcome, PageStanding, check_recipe, standing};

fn all(call: &Call, vault: &Vault) -> Result<Vec<PageStanding>, Problem> {
    Ok(standing(vault, &JobBook::open(&call.desk.app.places)?)?)
}

fn unknown(name: &str) -> Problem {
    Problem::refused(StatusCode::NOT_FOUND, "refused-unknown-page", &[("page", name.to_owned())]).of("page")
}

fn known(call: &Call, vault: &Vault, name: &str) -> Result<PageStanding, Problem> {
    all(call, vault)?.into_iter().find(|one| one.watched.page.as_str() == name).ok_or_else(|| unknown(name))
}

/// All watched pages, and how each stands.
#[utoipa::path(get, path = "/watch", tag = "house", responses((status = 200, body = Pages)))]
pub(super) async fn list(call: Reads) -> Response {
    call.answer(|call, vault| found(Pages::of(&all(call, vault)?))).await
}

/// A page to be watched.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPage {
    /// Its address, `http://` or `https://`.
    url: String,
    /// Its short name; made of the address without one. The name of a page that is there declares it anew.
    page: Option<String>,
    /// What the user calls it.
    name: Option<String>,
    /// What it is: `rule`, `after_sale`, `announcement`, `shop`, `product`.
    kind: String,
    /// The platform.
    platform: Option<String>,
    /// The merchant.
    merchant: Option<String>,
    /// The open order whose product page it is.
    order: Option<String>,
    /// The title of the rule it shows.
    rule: Option<String>,
    /// The article of that rule.
    article: Option<String>,
    /// Selectors of CSS: what of it is read.
    #[serde(default)]
    select: Vec<String>,
    /// Selectors of CSS: what is left out.
    #[serde(default)]
    remove: Vec<String>,
    /// Regular expressions: what flickers.
    #[serde(default)]
    mask: Vec<String>,
    /// How often it is looked at, in hours; 24 without.
    every_hours: Option<u32>,
    /// Whether only a browser can read it, because scripts write it or a login hides it.
    #[serde(default)]
    browser: bool,
}

/// Watches a page.
#[utoipa::path(post, path = "/watch", tag = "house", request_body = NewPage,
    responses((status = 201, body = Page)))]
pub(super) async fn add(call: Writes, Sent(sent): Sent<NewPage>) -> Response {
    call.answer(move |call, vault| {
        let page = watched(call, vault, sent)?;
        let name = page.page.to_string();
        vault.execute(vec![Command::Report(page.into())], call.now)?;
        made(Page::of(&known(call, vault, &name)?))
    })
    .await
}

fn watched(call: &Call, vault: &Vault, sent: NewPage) -> Result<PageWatched, Problem> {
    let house = vault.house()?;
    let pages = declared(house.house());
    let page = match &sent.page {
        Some(name) => name.parse().map_err(|_| unfit("page"))?,
        None => PageLabel::of_address(&sent.url, |label| pages.contains_key(label)),
    };
    let order = sent.order.map(|label| label.parse::<OrderId>().map_err(|_| unfit("order")));
    let watched = PageWatched {
        at: call.now,
        page,
        url: sent.url,
        name: sent.name,
        kind: one_of::<PageKind>("kind", &sent.kind)?,
        platform: sent.platform,
        merchant: sent.merchant,
        bound_to: order.transpose()?,
        title: sent.rule,
        article: sent.article,
        select: sent.select,
        remove: sent.remove,
        mask: sent.mask,
        way: if sent.browser { PageWay::Browser } else { PageWay::Http },
        every_hours: sent.every_hours.unwrap_or(24),
        watched: true,
    };
    check_recipe(&watched).map_err(|fault| unfit(fault.field))?;
    Ok(watched)
}

/// One page with its versions and what changed in each.
#[utoipa::path(get, path = "/watch/{page}", tag = "house",
    params(("page" = String, Path, description = "The page's short name.")),
    responses((status = 200, body = PageShown)))]
pub(super) async fn one(call: Reads, Path(name): Path<String>) -> Response {
    call.answer(move |call, vault| {
        let one = known(call, vault, &name)?;
        let versions = VersionShown::of(&vault.page(&one.watched.page)?);
        found(PageShown { page: Page::of(&one), versions })
    })
    .await
}

/// Whether a page is watched.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Watched {
    /// Whether it is to be watched.
    watched: bool,
}

/// Stops watching a page, or watches it again; its versions stay.
#[utoipa::path(put, path = "/watch/{page}", tag = "house", request_body = Watched,
    params(("page" = String, Path, description = "The page's short name.")),
    responses((status = 200, body = Page)))]
pub(super) async fn set(call: Writes, Path(name): Path<String>, Sent(sent): Sent<Watched>) -> Response {
    call.answer(move |call, vault| {
        let one = known(call, vault, &name)?;
        if one.watched.watched != sent.watched {
            let page = PageWatched { at: call.now, watched: sent.watched, ..one.watched };
            vault.execute(vec![Command::Report(page.into())], call.now)?;
        }
        found(Page::of(&known(call, vault, &name)?))
    })
    .await
}

/// What came of looking.
#[derive(Serialize, ToSchema)]
pub(super) struct Look {
    /// `unchanged`, `suspected` (another look is to tell), `first`, `changed`, `unreachable`, `unextractable`, `noisy`.
    state: String,
    /// The leaf of the version that was fixed.
    item: Option<String>,
    /// Why there is nothing to compare: a code, such as `captcha`.
    why: Option<String>,
    /// What changed, clause by clause.
    #[schema(value_type = Option<Object>)]
    change: Option<Comparison>,
}

impl Look {
    fn of(looked: Option<Looked>) -> Self {
        let plain = |state: &str| Self { state: state.to_owned(), item: None, why: None, change: None };
        match looked.map(|looked| looked.outcome) {
            Some(Outcome::Unchanged) => plain("unchanged"),
            Some(Outcome::First { item }) => Self { item: Some(item.to_string()), ..plain("first") },
            Some(Outcome::Changed { item, found, .. }) => {
                Self { item: Some(item.to_string()), change: Some(*found), ..plain("changed") }
            }
            Some(Outcome::Failed(trouble)) => Self { why: Some(trouble.why), ..plain(trouble.kind.code()) },
            Some(Outcome::Suspected) | None => plain("suspected"),
        }
    }
}

/// Looks at a page now. A difference is confirmed by a second look: this takes some seconds.
#[utoipa::path(post, path = "/watch/{page}/look", tag = "house",
    params(("page" = String, Path, description = "The page's short name.")),
    responses((status = 200, body = Look)))]
pub(super) async fn look(call: Writes, Path(name): Path<String>) -> Response {
    let page = name.clone();
    let is_there = call.beside(move |call| {
        call.desk.app.with_vault(|vault| known(call, vault, &page).map(drop))?;
        found(())
    });
    let is_there = is_there.await;
    if !is_there.status().is_success() {
        return is_there;
    }
    let looked = match name.parse() {
        Ok(label) => look_now(&call.desk, vec![label]).await,
        Err(_) => return call.beside(move |_| Err(unknown(&name))).await,
    };
    call.beside(move |_| match looked {
        None => Err(Problem::refused(StatusCode::CONFLICT, "refused-offline", &[])),
        Some(looked) => found(Look::of(looked?.pages.pop())),
    })
    .await
}

/// The bytes of a version as they came, to be saved.
#[utoipa::path(get, path = "/watch/{page}/{item}/content", tag = "house",
    params(("page" = String, Path, description = "The page's short name."),
        ("item" = String, Path, description = "The leaf of the version.")),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn bytes(call: Reads, Path((name, place)): Path<(String, String)>) -> Response {
    call.answer(move |_, vault| {
        let label: PageLabel = name.parse().map_err(|_| unknown(&name))?;
        let leaf = item(&place)?;
        saved_page(vault, &label, leaf)?.ok_or_else(|| no_item(place))
    })
    .await
}
