//! 规则与法条: where everything of rules and law is found: what changed, what to look at again, platforms.

use askama::Template;
use axum::response::Response;
use sigu_case::House;
use sigu_case::strategy::{review_of, watch_list};
use sigu_documents::times;
use sigu_vault::{Error, Vault};

use super::merchants::{known, listed};
use crate::desk::page::{Frame, Visit, html};
use crate::words::Words;

#[derive(Template)]
#[template(path = "rules.html")]
struct Rules<'a> {
    frame: Frame<'a>,
    tasks: Vec<Task>,
    topics: Vec<Topic>,
    watched: Vec<Watched>,
    profiles: Vec<Platform>,
    unreadable: Vec<String>,
}

/// A rule that changed, and what to do about it (S52).
struct Task {
    rule: String,
    advice: Vec<String>,
    notice: String,
    by: String,
    merchants: String,
    orders: Vec<String>,
}

struct Topic {
    name: String,
    articles: u32,
    checked: String,
}

struct Watched {
    rule: String,
    versions: u32,
    checked: String,
    again: String,
    due: bool,
}

struct Platform {
    id: String,
    name: String,
    kind: &'static str,
    open: usize,
}

pub(super) async fn page(visit: Visit) -> Response {
    visit.answer(|visit, vault| html(&read(visit, vault)?)).await
}

/// How a rule is named: `平台《规则》第 3 条`, the platform by its name where it has a profile.
pub(super) fn rule_name(house: &House, of: [&str; 3], words: &Words) -> String {
    let [platform, title, article] = of.map(str::to_owned);
    let known = house.registry().find(&platform);
    let platform = known.map_or(platform, |one| words.pick(&one.name).to_owned());
    words.say("house-rule", &[("platform", platform), ("title", title), ("article", article)])
}

fn read<'a>(visit: &'a Visit, vault: &Vault) -> Result<Rules<'a>, Error> {
    let (words, house) = (&visit.words, House::of(&vault.house()?));
    let figures = visit.at_hand().figures(vault)?;
    let tasks = review_of(&house, figures.lines(), visit.now).into_iter().map(|task| Task {
        rule: rule_name(&house, [&task.platform, &task.title, &task.article], words),
        advice: task.advice.iter().map(|one| words.pick(one).to_owned()).collect(),
        notice: words.pick(&task.notice.text()).to_owned(),
        by: known(&task.review_by, words, ToString::to_string),
        merchants: listed(&task.merchants, words),
        orders: task.open_orders.iter().map(ToString::to_string).collect(),
    });
    let list = watch_list(&house, visit.now);
    let today = sigu_case::calendar::day_of(visit.now);
    let topics = list.topics.iter().map(|topic| Topic {
        name: words.pick(&topic.name).to_owned(),
        articles: topic.articles,
        checked: known(&topic.last_checked, words, |at| times::day(*at)),
    });
    let watched = list.rules.iter().map(|rule| Watched {
        rule: rule_name(&house, [&rule.platform, &rule.title, &rule.article], words),
        versions: rule.versions,
        checked: known(&rule.last_checked, words, |at| times::day(*at)),
        again: rule.check_again.value().map(ToString::to_string).unwrap_or_default(),
        due: rule.check_again.value().is_none_or(|day| *day <= today),
    });
    let profiles = house.registry().profiles().iter().map(|one| Platform {
        id: one.id.clone(),
        name: words.pick(&one.name).to_owned(),
        kind: one.seller_type.code(),
        open: one.check().len(),
    });
    Ok(Rules {
        frame: visit.frame("rules"),
        tasks: tasks.collect(),
        topics: topics.collect(),
        watched: watched.collect(),
        profiles: profiles.collect(),
        unreadable: house.unreadable.clone(),
    })
}
