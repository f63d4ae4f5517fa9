//! 监控的网页: which pages are watched and how each stands, and the form that adds one.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_case::page::{MAX_EVERY_HOURS, PageLabel, declared};
use sigu_case::report::{PageKind, PageWatched, PageWay};
use sigu_case::{Command, OrderId};
use sigu_documents::times;
use sigu_vault::{JobBook, Vault};

use crate::desk::form::{Field, Typed};
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::watching::said::{every, page_name, page_state, page_versions};
use crate::watching::{PageState, check_recipe, standing};

pub(super) const PATH: &str = "/rules/watch";
/// What can have been done, as the address says it after a change.
pub(super) const DONE: [&str; 3] = ["added", "stopped", "looked"];
/// The names of the case's fields in the form.
const NAMED: [(&str, &str); 4] = [
    ("page.name", "title"),
    ("page.url", "url"),
    ("page.platform", "platform"),
    ("page.merchant", "merchant"),
];

#[derive(Template)]
#[template(path = "watch.html")]
struct Page<'a> {
    frame: Frame<'a>,
    noted: String,
    pages: Vec<Row>,
    fields: Vec<Field>,
    /// Fields that few need.
    more: Vec<Field>,
    /// Whether something was typed there, or is wrong.
    more_open: bool,
    wrong: Vec<String>,
}

/// A page in the list.
struct Row {
    label: String,
    name: String,
    url: String,
    kind: String,
    every: String,
    state: String,
    bad: bool,
    off: bool,
    versions: String,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) done: String,
}

type Pairs = Vec<(String, String)>;

pub(super) async fn page(Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit
        .answer(move |visit, vault| {
            html(&drawn(visit, vault, &Typed::new(&visit.words, Vec::new()), &asked.done)?)
        })
        .await
}

/// What was done, in words; nothing for what is none of it.
pub(super) fn noted(visit: &Visit, done: &str) -> String {
    let known = DONE.iter().find(|one| **one == done);
    known.map(|one| visit.words.word(&format!("watch-done-{one}"))).unwrap_or_default()
}

fn drawn<'a>(visit: &'a Visit, vault: &Vault, typed: &Typed<'_>, done: &str) -> Result<Page<'a>, Refusal> {
    let words = &visit.words;
    let all = standing(vault, &JobBook::open(&visit.desk.app.places)?)?;
    let row = |one: &crate::watching::PageStanding| Row {
        label: one.watched.page.to_string(),
        name: page_name(&one.watched),
        url: one.watched.url.clone(),
        kind: words.word(&format!("watch-kind-{}", one.watched.kind.code().replace('_', "-"))),
        every: every(&one.watched, words),
        state: page_state(one, words, times::minute),
        bad: one.state == PageState::Trouble,
        off: one.state == PageState::Stopped,
        versions: page_versions(one, words, times::minute),
    };
    let pages = all.iter().map(row).collect();
    let (fields, more) = (fields(typed, vault)?, more(typed));
    let more_open = more.iter().any(|field| !field.value.is_empty() || !field.wrong.is_empty());
    let wrong = typed.beside_none(fields.iter().chain(&more));
    Ok(Page {
        frame: Frame { path: PATH, ..visit.frame("rules") },
        noted: noted(visit, done),
        pages,
        fields,
        more,
        more_open,
        wrong,
    })
}

fn fields(typed: &Typed<'_>, vault: &Vault) -> Result<Vec<Field>, Refusal> {
    let open = vault.orders()?.into_iter().filter(|line| line.outcome.is_none());
    let orders = open.map(|line| {
        let title = line.title.map(|title| format!(" {}", sigu_evidence::mask_text(&title)));
        (line.order.clone(), format!("{}{}", line.order, title.unwrap_or_default()))
    });
    Ok(vec![
        typed.line("url", "watch-url-label").must(),
        typed.line("name", "watch-name-label"),
        typed.line("title", "watch-title-label"),
        typed.coded::<PageKind>("kind", "watch-kind-label", "watch-kind", None).must(),
        typed.line("platform", "watch-platform-label"),
        typed.line("merchant", "watch-merchant-label"),
        typed.choice("order", "watch-order-label", orders, Some("watch-order-none")),
        typed.tick("browser", "watch-browser-label"),
        typed.number("every", "watch-every-label"),
    ])
}

fn more(typed: &Typed<'_>) -> Vec<Field> {
    vec![
        typed.line("rule", "watch-rule-label"),
        typed.line("article", "watch-article-label"),
        typed.area("select", "watch-select-label"),
        typed.area("remove", "watch-remove-label"),
    ]
}

/// Adds a page; what is wrong stands beside what was typed.
pub(super) async fn add(visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    visit
        .answer(move |visit, vault| {
            let mut typed = Typed::new(&visit.words, pairs);
            if let Some(page) = read(&mut typed, vault, visit)? {
                let at = Redirect::to(&format!("{PATH}/{}?done=added", page.page));
                match vault.execute(vec![Command::Report(page.into())], visit.now) {
                    Ok(_) => return Ok(at.into_response()),
                    Err(error) => blame(&mut typed, error)?,
                }
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&drawn(visit, vault, &typed, "")?)?).into_response())
        })
        .await
}

fn blame(typed: &mut Typed<'_>, error: sigu_vault::Error) -> Result<(), Refusal> {
    use sigu_case::Refusal as Case;
    let words = typed.words();
    if let sigu_vault::Error::Refused(sigu_vault::Refusal::Case(why)) = &error {
        let said = crate::refusing::said(&error);
        let name = match why {
            Case::PageAddress(_) => "url",
            Case::PageInterval(_) => "every",
            Case::PageRecipe { field: "page.remove" } => "remove",
            Case::PageRecipe { .. } => "select",
            _ => {
                typed.blame(error, &NAMED)?;
                return Ok(());
            }
        };
        typed.refuse(name, format!("{} {}", said.message(words), said.advice(words)));
        return Ok(());
    }
    Err(error.into())
}

fn read(typed: &mut Typed<'_>, vault: &Vault, visit: &Visit) -> Result<Option<PageWatched>, Refusal> {
    let words = typed.words();
    let house = vault.house()?;
    let pages = declared(house.house());
    let url = typed.needed("url").unwrap_or_default();
    let page = match typed.text("name") {
        None => Some(PageLabel::of_address(&url, |label| pages.contains_key(label))),
        Some(name) => {
            let read = name.parse::<PageLabel>().ok();
            if read.is_none() {
                typed.refuse("name", words.word("usage-page-label-advice"));
            }
            read
        }
    };
    let every = match typed.text("every").map(|text| text.parse::<u32>()) {
        None => 24,
        Some(Ok(hours)) if (1..=MAX_EVERY_HOURS).contains(&hours) => hours,
        Some(_) => {
            typed.refuse("every", words.word("watch-every-wrong"));
            24
        }
    };
    let kind = typed.chosen::<PageKind>("kind").unwrap_or(PageKind::Rule);
    let lines = |text: String| -> Vec<String> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let plain = |text: String, ends: &[char]| text.trim_matches(ends).to_owned();
    let watched = page.map(|page| PageWatched {
        at: visit.now,
        page,
        url,
        name: typed.text("title"),
        kind,
        platform: typed.text("platform"),
        merchant: typed.text("merchant"),
        bound_to: typed.text("order").and_then(|label| label.parse::<OrderId>().ok()),
        title: typed.text("rule").map(|text| plain(text, &['《', '》'])),
        article: typed.text("article").map(|text| plain(text, &['第', '条', ' '])),
        select: lines(typed.raw("select")),
        remove: lines(typed.raw("remove")),
        mask: Vec::new(),
        way: if typed.ticked("browser") { PageWay::Browser } else { PageWay::Http },
        every_hours: every,
        watched: true,
    });
    let Some(watched) = watched else { return Ok(None) };
    if let Err(fault) = check_recipe(&watched) {
        let name = if fault.field == "remove" { "remove" } else { "select" };
        let values = [("field", fault.value.clone()), ("value", fault.why), ("why", String::new())];
        typed.refuse(name, words.say("refused-page-selector", &values));
    }
    Ok((!typed.is_wrong()).then_some(watched))
}
