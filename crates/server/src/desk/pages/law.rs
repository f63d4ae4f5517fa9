//! 法条: found by words or id; each in our own words, with its status, its source and the day it was checked.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use sigu_case::calendar::day_of;
use sigu_case::law::{Article, Citation, CitationRefused, Table};

use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::words::Words;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "law.html")]
struct Law<'a> {
    frame: Frame<'a>,
    asked: String,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    summary: String,
    status: String,
    checked: bool,
}

pub(super) async fn page(Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit.answer(move |visit, _| html(&list(visit, asked.q))).await
}

fn list(visit: &Visit, asked: String) -> Law<'_> {
    let wanted: Vec<String> = asked.split_whitespace().map(str::to_lowercase).collect();
    let rows = Table::get().articles().iter().map(|one| (row(one, &visit.words), one));
    let rows = rows.filter(|(row, one)| {
        let hay = [&row.id, &row.name, &row.summary, &one.summary.zh, &one.when.zh, &one.when.en];
        let hay = hay.map(|text| text.to_lowercase()).join("\n");
        wanted.iter().all(|word| hay.contains(word.as_str()))
    });
    Law { frame: visit.frame("rules"), rows: rows.map(|(row, _)| row).collect(), asked }
}

fn row(one: &Article, words: &Words) -> Row {
    let statute = Table::get().statute(&one.statute);
    let name = statute.map_or_else(|| one.statute.clone(), |statute| words.pick(&statute.short).to_owned());
    Row {
        id: one.id(),
        name: words.say("house-article", &[("law", name), ("no", one.no.clone())]),
        summary: words.pick(&one.summary).to_owned(),
        status: words.pick(&one.status().label()).to_owned(),
        checked: one.status() == sigu_case::confidence::CheckStatus::Checked,
    }
}

#[derive(Template)]
#[template(path = "law_card.html")]
struct Card<'a> {
    frame: Frame<'a>,
    id: String,
    name: String,
    status: String,
    checked: bool,
    from: Option<String>,
    official: String,
    /// The official text's address; only where it is one.
    url: Option<String>,
    rows: Vec<CardRow>,
    newest: Option<String>,
    /// Why it cannot be cited today.
    refused: Option<String>,
}

struct CardRow {
    of: String,
    summary: String,
    when: String,
    note: Option<String>,
    checked_at: String,
}

pub(super) async fn card(Path(id): Path<String>, visit: Visit) -> Response {
    let work = move |visit: &Visit, _: &_| match Table::get().cite(&id, day_of(visit.now)) {
        Ok(citation) => html(&told(visit, citation)),
        Err(CitationRefused::Unknown { .. }) => Err(Refusal::not_found()),
        Err(refused) => {
            let why = visit.words.pick(&refused.words()).to_owned();
            html(&Card { refused: Some(why), ..empty(visit, id) })
        }
    };
    visit.answer(work).await
}

fn empty(visit: &Visit, id: String) -> Card<'_> {
    Card {
        frame: visit.frame("rules"),
        name: id.clone(),
        id,
        status: String::new(),
        checked: false,
        from: None,
        official: String::new(),
        url: None,
        rows: Vec::new(),
        newest: None,
        refused: None,
    }
}

fn told(visit: &Visit, citation: Citation) -> Card<'_> {
    let words = &visit.words;
    let row = |row: &sigu_case::law::CitedRow| CardRow {
        of: words.pick(&row.of).to_owned(),
        summary: words.pick(&row.summary).to_owned(),
        when: words.pick(&row.when).to_owned(),
        note: row.note.as_ref().map(|note| words.pick(note).to_owned()),
        checked_at: row.checked_at.to_string(),
    };
    Card {
        name: words.pick(&citation.text).to_owned(),
        status: words.pick(&citation.status.label()).to_owned(),
        checked: citation.status == sigu_case::confidence::CheckStatus::Checked,
        from: citation.in_force_from.map(|day| day.to_string()),
        rows: citation.rows.iter().map(row).collect(),
        newest: citation.newest.as_ref().map(|newest| words.pick(newest).to_owned()),
        url: citation.url.filter(|url| url.starts_with("https://")),
        official: citation.official,
        ..empty(visit, citation.id)
    }
}
