//! 规则版本: captured versions of each article side by side, with what went and what came.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use sigu_case::House;
use sigu_case::report::{Kind as _, RuleCaptured};
use sigu_documents::changes::spans;
use sigu_documents::{Span, times};
use sigu_vault::{Error, Vault};

use super::rules::rule_name;
use crate::desk::page::{Frame, Visit, html};
use crate::words::Words;

#[derive(Template)]
#[template(path = "versions.html")]
struct Versions<'a> {
    frame: Frame<'a>,
    articles: Vec<Article>,
}

struct Article {
    name: String,
    versions: Vec<Version>,
}

struct Version {
    force: String,
    captured: String,
    item: String,
    has_snapshot: bool,
    /// The words; against the version before, with what changed.
    parts: Vec<Part>,
}

struct Part {
    text: String,
    came: bool,
    went: bool,
}

/// Versions of one article, each with its leaf.
type Captured<'a> = Vec<(&'a RuleCaptured, String)>;

pub(super) async fn page(visit: Visit) -> Response {
    visit.answer(|visit, vault| html(&read(visit, vault)?)).await
}

fn read<'a>(visit: &'a Visit, vault: &Vault) -> Result<Versions<'a>, Error> {
    let (words, state) = (&visit.words, vault.house()?);
    let house = House::of(&state);
    let mut articles: BTreeMap<[&str; 3], Captured<'_>> = BTreeMap::new();
    for logged in state.house() {
        let Some(rule) = RuleCaptured::of(&logged.report) else { continue };
        let key = [rule.platform.as_str(), rule.title.as_str(), rule.article.as_str()];
        articles.entry(key).or_default().push((rule, logged.item.to_string()));
    }
    let article = |(of, mut all): ([&str; 3], Captured<'_>)| {
        all.sort_by_key(|(rule, _)| (rule.in_force_from, rule.at));
        Article { name: rule_name(&house, of, words), versions: versions(&all, words) }
    };
    Ok(Versions { frame: visit.frame("rules"), articles: articles.into_iter().map(article).collect() })
}

fn versions(all: &[(&RuleCaptured, String)], words: &Words) -> Vec<Version> {
    let mut before: Option<&str> = None;
    let mut versions = Vec::new();
    for (rule, item) in all {
        let text = rule.text.as_deref();
        let parts = match (before, text) {
            (_, None) => Vec::new(),
            (None, Some(text)) => vec![Part { text: text.to_owned(), came: false, went: false }],
            (Some(old), Some(text)) => spans(old, text).into_iter().filter_map(part).collect(),
        };
        let day = |day: Option<jiff::civil::Date>| {
            day.map_or_else(|| words.word("merchant-unknown"), |day| day.to_string())
        };
        versions.push(Version {
            force: format!("{} – {}", day(rule.in_force_from), day(rule.in_force_to)),
            captured: times::minute(rule.at),
            item: item.clone(),
            has_snapshot: rule.snapshot.is_some(),
            parts,
        });
        before = text.or(before);
    }
    versions
}

fn part(span: Span) -> Option<Part> {
    match span {
        Span::Text(text) => Some(Part { text, came: false, went: false }),
        Span::Added(text) => Some(Part { text, came: true, went: false }),
        Span::Removed(text) => Some(Part { text, came: false, went: true }),
        _ => None,
    }
}
