//! 平台档案: each fact with its source and the day it was checked; what nobody knows is said to be unknown.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use serde_json::Value;
use sigu_case::House;
use sigu_case::platform::{Profile, label_of};
use sigu_vault::Vault;

use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::words::Words;

#[derive(Template)]
#[template(path = "profile.html")]
struct Page<'a> {
    frame: Frame<'a>,
    id: String,
    name: String,
    hosts: String,
    facts: Vec<Fact>,
    /// Names of what nobody knows yet.
    unknown: Vec<String>,
    findings: Vec<(String, String)>,
}

struct Fact {
    label: String,
    value: String,
    source: String,
    checked: String,
    unverified: bool,
    note: Option<String>,
}

pub(super) async fn page(Path(id): Path<String>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| html(&read(visit, vault, &id)?)).await
}

fn read<'a>(visit: &'a Visit, vault: &Vault, id: &str) -> Result<Page<'a>, Refusal> {
    let (words, house) = (&visit.words, House::of(&vault.house()?));
    let profile = house.registry().find(id).ok_or(Refusal::not_found())?;
    let findings = profile.check().into_iter().map(|one| {
        let about = one.about.as_deref().map(|about| words.aside(about)).unwrap_or_default();
        (words.pick(&one.label).to_owned(), format!("{}{about}", words.pick(&one.advice)))
    });
    let (facts, unknown) = facts(profile, words);
    Ok(Page {
        frame: visit.frame("rules"),
        id: profile.id.clone(),
        name: words.pick(&profile.name).to_owned(),
        hosts: words.list(&profile.hosts),
        facts,
        unknown,
        findings: findings.collect(),
    })
}

fn label(field: &str, words: &Words) -> String {
    label_of(field).map_or_else(|| field.to_owned(), |label| words.pick(label).to_owned())
}

/// What is known, and the names of what is not.
fn facts(profile: &Profile, words: &Words) -> (Vec<Fact>, Vec<String>) {
    let values = serde_json::to_value(&profile.facts).unwrap_or_default();
    let (mut facts, mut unknown) = (Vec::new(), Vec::new());
    for (field, from) in profile.facts.provenance() {
        let value = values.get(field).and_then(|fact| fact.get("value"));
        let (Some(value), Some(from)) = (value, from) else {
            unknown.push(label(field, words));
            continue;
        };
        // Which of its categories stands for which of ours is for the complaint's page, not for reading.
        if field == "category_map" {
            continue;
        }
        facts.push(Fact {
            label: label(field, words),
            value: said(value, words),
            source: format!("{} {}", from.source, from.confidence),
            checked: from.checked_at.to_string(),
            unverified: from.confidence == sigu_case::confidence::Confidence::D,
            note: from.note.as_ref().map(|note| words.pick(note).to_owned()),
        });
    }
    (facts, unknown)
}

/// A value as people read it; a text in two languages in theirs.
fn said(value: &Value, words: &Words) -> String {
    match value {
        Value::String(text) => code(text, words).unwrap_or_else(|| text.clone()),
        Value::Bool(true) => words.word("house-offered"),
        Value::Bool(false) => words.word("house-not-offered"),
        Value::Array(all) => words.list(&all.iter().map(|one| said(one, words)).collect::<Vec<_>>()),
        Value::Object(map) => match map.get(if words.english() { "en" } else { "zh" }) {
            Some(text) => said(text, words),
            None if map.contains_key("kind") => {
                let kind = map["kind"].as_str().unwrap_or_default().replace('_', "-");
                let number = map.get("n").map(ToString::to_string).unwrap_or_default();
                match kind.as_str() {
                    "same-day" | "hours-after-refusal" | "hours-after-order" | "days-after-delivery" => {
                        words.say(&format!("house-window-{kind}"), &[("n", number)])
                    }
                    _ => format!("{kind} {number}"),
                }
            }
            None if map.contains_key("name") => said(&map["name"], words),
            None if map.contains_key("text") => said(&map["text"], words),
            None => {
                let parts = map.iter().filter(|(_, part)| !part.is_null());
                let parts = parts.map(|(name, part)| format!("{name} {}", said(part, words)));
                words.list(&parts.collect::<Vec<_>>())
            }
        },
        other => other.to_string(),
    }
}

/// The words of a code of ours; a text of others is none.
fn code(text: &str, words: &Words) -> Option<String> {
    let is_code = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    is_code.then(|| words.try_word(&format!("house-fact-{}", text.replace('_', "-")))).flatten()
}
