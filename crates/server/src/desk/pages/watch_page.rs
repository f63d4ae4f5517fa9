//! One watched page: how it stands, its versions, and what changed in each, clause by clause.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use sigu_case::page::PageLabel;
use sigu_case::report::PageWatched;
use sigu_case::watch::{ClauseChange, Comparison};
use sigu_case::{Command, ItemId};
use sigu_documents::times;
use sigu_vault::{JobBook, Vault};

use super::content;
use super::watch::{Asked, PATH, noted};
use crate::answers::VersionShown;
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::desk::watching::look_now;
use crate::watching::said;
use crate::watching::{PageStanding, PageState, standing};
use crate::words::Words;

#[derive(Template)]
#[template(path = "watch_page.html")]
struct Page<'a> {
    frame: Frame<'a>,
    noted: String,
    label: String,
    name: String,
    url: String,
    every: String,
    state: String,
    bad: bool,
    on: bool,
    /// Newest first.
    versions: Vec<Version>,
}

struct Version {
    item: String,
    seen: String,
    /// In force from, published on, where the page says so.
    dates: String,
    erased: bool,
    first: bool,
    weight: String,
    strong: bool,
    clauses: Vec<Clause>,
    text: String,
}

struct Clause {
    /// Runs of words: text, whether it came, whether it went.
    runs: Vec<(String, bool, bool)>,
    topics: Vec<String>,
    numbers: Vec<String>,
}

pub(super) async fn page(Path(name): Path<String>, Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| html(&drawn(visit, vault, &name, &asked.done)?)).await
}

fn label(name: &str) -> Result<PageLabel, Refusal> {
    name.parse().map_err(|_| Refusal::not_found())
}

fn one(visit: &Visit, vault: &Vault, name: &str) -> Result<PageStanding, Refusal> {
    let label = label(name)?;
    let all = standing(vault, &JobBook::open(&visit.desk.app.places)?)?;
    all.into_iter().find(|one| one.watched.page == label).ok_or_else(Refusal::not_found)
}

fn drawn<'a>(visit: &'a Visit, vault: &Vault, name: &str, done: &str) -> Result<Page<'a>, Refusal> {
    let (words, one) = (&visit.words, one(visit, vault, name)?);
    let versions = vault.page(&one.watched.page)?;
    let shown = VersionShown::of(&versions);
    let offline = done == "offline";
    Ok(Page {
        frame: visit.frame("rules"),
        noted: if offline { words.word("watch-offline") } else { noted(visit, done) },
        label: one.watched.page.to_string(),
        name: said::page_name(&one.watched),
        url: one.watched.url.clone(),
        every: said::every(&one.watched, words),
        state: said::page_state(&one, words, times::minute),
        bad: one.state == PageState::Trouble,
        on: one.watched.watched,
        versions: shown.into_iter().rev().map(|version| drawn_version(version, words)).collect(),
    })
}

fn drawn_version(version: VersionShown, words: &Words) -> Version {
    let day = |key: &str, day: Option<jiff::civil::Date>| day.map(|day| format!("{} {day}", words.word(key)));
    let dates = [day("watch-published", version.published_on), day("watch-in-force", version.in_force_from)];
    let found = version.difference.as_ref();
    Version {
        item: version.item.to_string(),
        seen: times::minute(version.seen_at),
        dates: dates.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        erased: version.text.is_none(),
        first: found.is_none() && version.text.is_some(),
        weight: found.map(|found| words.word(said::weight(found.weight))).unwrap_or_default(),
        strong: version.change.as_deref() == Some("substance"),
        clauses: found.map(|found| clauses(found, words)).unwrap_or_default(),
        text: version.text.map(|text| sigu_evidence::mask_text(&text)).unwrap_or_default(),
    }
}

fn clauses(found: &Comparison, words: &Words) -> Vec<Clause> {
    let clause = |one: &ClauseChange| Clause {
        runs: said::runs(one),
        topics: said::topics(one, words),
        numbers: one.numbers.iter().map(|change| said::number(change, words)).collect(),
    };
    found.clauses.iter().map(clause).collect()
}

type Pairs = Vec<(String, String)>;

/// Looks at it now, stops watching it, or watches it again.
pub(super) async fn change(Path(name): Path<String>, visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    let what = pairs.iter().find(|(own, _)| own == "what").map(|(_, what)| what.clone()).unwrap_or_default();
    if what == "look" {
        return look(visit, &name).await;
    }
    visit
        .answer(move |visit, vault| {
            let one = one(visit, vault, &name)?;
            let watched = match what.as_str() {
                "stop" => false,
                "again" => true,
                _ => return Err(Refusal::not_found()),
            };
            let page = PageWatched { at: visit.now, watched, ..one.watched };
            vault.execute(vec![Command::Report(page.into())], visit.now)?;
            let done = if watched { "added" } else { "stopped" };
            Ok(Redirect::to(&format!("{PATH}/{name}?done={done}")).into_response())
        })
        .await
}

/// Looks beside the page: the answer comes when it is there, or when it takes longer than somebody waits.
async fn look(visit: Visit, name: &str) -> Response {
    let Ok(label) = label(name) else { return visit.refuse(&Refusal::not_found()) };
    let desk = visit.desk.clone();
    let looked = look_now(&desk, vec![label]).await;
    let name = name.to_owned();
    visit
        .beside(move |_| {
            let done = match looked {
                None => "offline",
                Some(looked) => {
                    looked?;
                    "looked"
                }
            };
            Ok(Redirect::to(&format!("{PATH}/{name}?done={done}")).into_response())
        })
        .await
}

/// The bytes of a version, to be saved: never shown as a page of the desk.
pub(super) async fn bytes(Path((name, item)): Path<(String, String)>, visit: Visit) -> Response {
    visit
        .answer(move |_, vault| {
            let (label, item) = (label(&name)?, item.parse::<ItemId>().map_err(|_| Refusal::not_found())?);
            saved(vault, &label, item)?.ok_or_else(Refusal::not_found)
        })
        .await
}

/// The bytes of a version of this page as a file; `None` where the item is none, or its content is erased.
pub(in crate::desk) fn saved(
    vault: &Vault,
    page: &PageLabel,
    item: ItemId,
) -> Result<Option<Response>, Refusal> {
    let version = vault.page_version(item)?.filter(|version| version.fixed.page == *page);
    let manifest = version.and_then(|version| version.fixed.manifest);
    manifest.map(|manifest| content::to_save(vault, item, &manifest)).transpose()
}
