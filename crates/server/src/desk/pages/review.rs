//! 月末回顾: what the month's purchases say, and what to stop buying where.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use sigu_case::House;
use sigu_case::review::{CalendarMonth, Outlook, Review, RuleChange, Subject, review};
use sigu_documents::times;
use sigu_vault::Vault;

use super::merchants::listed;
use super::rules::rule_name;
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::reviewing::{few, figures, month, subject_name};
use crate::words::Words;

#[derive(Template)]
#[template(path = "review.html")]
struct Page<'a> {
    frame: Frame<'a>,
    head: String,
    until: String,
    saw: String,
    subjects: Vec<Row>,
    rules: Vec<Change>,
    few: String,
    before: String,
    /// The month after, where it has begun.
    after: Option<String>,
}

struct Row {
    name: String,
    /// Where its dossier is; empty for none.
    path: String,
    outlook: String,
    mood: &'static str,
    action: String,
    because: Vec<String>,
    saw: String,
    figures: Vec<(String, String)>,
}

struct Change {
    rule: String,
    worse: String,
    advice: Vec<String>,
    notice: String,
    merchants: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    month: String,
}

pub(super) async fn page(Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| html(&read(visit, vault, &asked.month)?)).await
}

fn read<'a>(visit: &'a Visit, vault: &Vault, asked: &str) -> Result<Page<'a>, Refusal> {
    let words = &visit.words;
    let wanted = match asked {
        "" => CalendarMonth::to_review(visit.now),
        text => text.parse().map_err(|_| Refusal::not_found())?,
    };
    let house = House::of(&vault.house()?);
    let all = visit.at_hand().figures(vault)?;
    let found = review(&house, all.lines(), wanted, visit.now);
    let (head, after) = (head(&found, words), wanted.after());
    let subjects = found.subjects.iter().map(|one| row(one, &house, words));
    let rules = found.rules.iter().map(|one| change(one, &house, words));
    Ok(Page {
        frame: Frame { path: "/rules/review", ..visit.frame("rules") },
        head,
        until: times::minute(found.until),
        saw: month(&found.in_month, words),
        subjects: subjects.collect(),
        rules: rules.collect(),
        few: few(&found, words),
        before: wanted.before().to_string(),
        after: (after.start() <= visit.now).then(|| after.to_string()),
    })
}

fn head(found: &Review, words: &Words) -> String {
    let key = if found.over { "review-head" } else { "review-head-running" };
    words.say(key, &[("month", found.month.to_string())])
}

fn row(one: &Subject, house: &House, words: &Words) -> Row {
    use sigu_case::review::SubjectKind::Merchant;
    Row {
        name: subject_name(one, house, words),
        path: if one.kind == Merchant { one.name.clone() } else { String::new() },
        outlook: words.pick(one.outlook.text()).to_owned(),
        mood: match one.outlook {
            Outlook::Stop => "bad",
            Outlook::Careful | Outlook::Look => "warn",
            Outlook::TooFew => "unknown",
            Outlook::Fine => "good",
        },
        action: one.because.first().map(|one| words.pick(one.action.text()).to_owned()).unwrap_or_default(),
        because: one.because.iter().map(|one| words.pick(&one.text).to_owned()).collect(),
        saw: if one.in_month.is_any() { month(&one.in_month, words) } else { String::new() },
        figures: figures(&one.sums, words),
    }
}

fn change(one: &RuleChange, house: &House, words: &Words) -> Change {
    let task = &one.task;
    let worse: Vec<String> = one.worse.iter().map(|topic| topic_name(house, *topic, words)).collect();
    Change {
        rule: rule_name(house, [&task.platform, &task.title, &task.article], words),
        worse: if worse.is_empty() {
            String::new()
        } else {
            words.say("review-went-down", &[("topics", words.list(&worse))])
        },
        advice: task.advice.iter().map(|one| words.pick(one).to_owned()).collect(),
        notice: words.pick(&task.notice.text()).to_owned(),
        merchants: listed(&task.merchants, words),
    }
}

/// The name of a watched topic, as the watch list has it.
fn topic_name(house: &House, topic: sigu_case::platform::WatchTopic, words: &Words) -> String {
    let list = sigu_case::strategy::watch_list(house, jiff::Timestamp::MIN);
    let found = list.topics.iter().find(|one| one.topic == topic);
    found.map(|one| words.pick(&one.name).to_owned()).unwrap_or_default()
}
