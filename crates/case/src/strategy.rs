//! The strategy review: a changed rule of a platform becomes a task, with whom it touches (S50–S52).

mod versions;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;
use sigu_evidence::ItemId;

use crate::bilingual::Bilingual;
use crate::calendar::day_of;
use crate::dossier::table::{Row, Table, TopicRow, words};
use crate::dossier::{Figures, Known, Stand, began, joined_names, name_of};
use crate::law;
use crate::platform::{
    Notice, NoticeVerdict, RuleVersion, WatchTopic, WatchedChange, watched_changes, watched_topics,
};
use crate::watch::{Noise, compare};
use crate::{House, Order, OrderId, View};

use versions::{Article, articles};

/// One side of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionSeen {
    /// The first day in force, where known.
    pub in_force_from: Known<Date>,
    /// When it was captured, where noted.
    pub captured_at: Known<Timestamp>,
    /// The item that holds the page; without one it is unverified (S27).
    pub snapshot: Known<ItemId>,
}

/// Whether the change was announced early enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoticeGiven {
    /// Judged by L-PRM-12/13, in force from 2026-02-01.
    Judged {
        /// The days and what they mean.
        notice: Notice,
    },
    /// It took effect before those rules did, and is not judged by them.
    BeforeTheMeasures,
    /// A date is not known.
    Unknown,
}

impl NoticeGiven {
    /// Judges the dates of a version.
    pub fn of(version: &RuleVersion) -> Self {
        let measures = law::Table::get().statute("PRM").and_then(|statute| statute.in_force_from);
        match (version.in_force_from, measures) {
            (Some(from), Some(since)) if from < since => Self::BeforeTheMeasures,
            (Some(_), Some(_)) if version.published_at.is_some() => Self::Judged { notice: version.notice() },
            _ => Self::Unknown,
        }
    }

    /// Returns its words, from `data/dossier.toml`.
    pub fn text(self) -> Bilingual {
        let code = match self {
            Self::BeforeTheMeasures => "before_the_measures",
            Self::Unknown => "unknown",
            Self::Judged { notice } => match notice.verdict {
                NoticeVerdict::Ample => "ample",
                NoticeVerdict::EnoughUnlessImportant => "enough_unless_important",
                NoticeVerdict::TooShort => "too_short",
                NoticeVerdict::Unknown => "unknown",
            },
        };
        let rows: &'static [Row] = &Table::get().notice;
        let days = match self {
            Self::Judged { notice } => notice.days.unwrap_or_default(),
            _ => 0,
        };
        words(rows, code).with("days", &days.to_string())
    }
}

/// A task: a rule changed, look whether to buy there as before (S52).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StrategyTask {
    /// The platform, by its profile where it has one.
    pub platform: String,
    /// The rule's title.
    pub title: String,
    /// The article.
    pub article: String,
    /// The version before.
    pub old: VersionSeen,
    /// The version after.
    pub new: VersionSeen,
    /// Watched values, old and new (S51); empty when only other words changed.
    pub changes: Vec<WatchedChange>,
    /// What to do about each changed topic.
    pub advice: Vec<Bilingual>,
    /// Whether it was announced early enough.
    pub notice: NoticeGiven,
    /// The day to have looked at it: the first day in force where that is ahead of the capture, else some days
    /// after the capture; unknown when neither is known.
    pub review_by: Known<Date>,
    /// Merchants bought from on that platform.
    pub merchants: Vec<String>,
    /// Orders on that platform that are not closed.
    pub open_orders: Vec<OrderId>,
}

/// Returns a task for every change between two neighbouring captured versions of one article, newest first.
///
/// Only versions whose words were saved by `now` are compared; a difference of spaces or width is none.
pub fn review<'a>(
    house: &House,
    orders: impl IntoIterator<Item = &'a Order>,
    now: Timestamp,
) -> Vec<StrategyTask> {
    let begun: Vec<&Order> = orders.into_iter().filter(|order| began(order) <= now).collect();
    let changed = changed(house, now);
    let touched = |order: &&&Order| changed.iter().any(|article| article.touches(house, keys_of(order)));
    let read: Vec<(&Order, Option<String>, bool)> = begun
        .iter()
        .filter(touched)
        .map(|order| (*order, View::new(order, house, now)))
        .filter(|(_, view)| !view.order.facts.is_plan())
        .map(|(order, view)| (order, name_of(&view), view.order.closed().is_some()))
        .collect();
    let stands = read.iter().map(|(order, name, closed)| Stand {
        order: &order.id,
        keys: keys_of(order),
        name: name.as_deref(),
        closed: *closed,
    });
    tasks(house, &changed, &stands.collect::<Vec<_>>())
}

/// As [`review`], from what was read of the orders before.
pub fn review_of<'a>(
    house: &House,
    orders: impl IntoIterator<Item = &'a Figures>,
    now: Timestamp,
) -> Vec<StrategyTask> {
    let changed = changed(house, now);
    if changed.is_empty() {
        return Vec::new();
    }
    let mut stands: Vec<Stand<'_>> = orders.into_iter().filter_map(|one| one.stand(now)).collect();
    // The order in which the state has them: of spellings that are joined the first is told.
    stands.sort_by_key(|stand| stand.order);
    tasks(house, &changed, &stands)
}

/// Articles of which two neighbouring versions differ.
fn changed(house: &House, now: Timestamp) -> Vec<Article> {
    let mut all = articles(house, now);
    all.retain(|article| !article.changes().is_empty());
    all
}

fn keys_of(order: &Order) -> [Option<&str>; 2] {
    [order.facts.profile.as_deref(), order.facts.platform.as_deref()]
}

fn tasks(house: &House, changed: &[Article], orders: &[Stand<'_>]) -> Vec<StrategyTask> {
    let mut tasks = Vec::new();
    for article in changed {
        let touched: Vec<&Stand<'_>> =
            orders.iter().filter(|order| article.touches(house, order.keys)).collect();
        for (old, new) in article.changes() {
            tasks.push(task(article, (old, new), &touched));
        }
    }
    tasks.sort_by(|a, b| {
        let key =
            |task: &StrategyTask| (task.review_by.value().copied(), task.new.captured_at.value().copied());
        key(b).cmp(&key(a)).then_with(|| (&a.platform, &a.title).cmp(&(&b.platform, &b.title)))
    });
    tasks
}

fn task(article: &Article, (old, new): (&RuleVersion, &RuleVersion), touched: &[&Stand<'_>]) -> StrategyTask {
    let changes = watched_changes(&old.text, &new.text);
    let mut topics: Vec<WatchTopic> = changes.iter().map(|change| change.topic).collect();
    topics.extend(topics_by_words(old, new));
    topics.sort();
    topics.dedup();
    let open = touched.iter().filter(|order| !order.closed);
    StrategyTask {
        platform: article.platform.clone(),
        title: article.title.clone(),
        article: article.article.clone(),
        old: seen(old),
        new: seen(new),
        changes,
        advice: topics.into_iter().map(|topic| topic_row(topic).advice.clone()).collect(),
        notice: NoticeGiven::of(new),
        review_by: review_by(new).into(),
        merchants: joined_names(touched.iter().filter_map(|order| order.name)),
        open_orders: open.map(|order| order.order.clone()).collect(),
    }
}

/// Topics that have no numbers: where to appeal, and disclaimers, where a clause about them changed.
fn topics_by_words(old: &RuleVersion, new: &RuleVersion) -> Vec<WatchTopic> {
    let compared = compare(&old.text, &new.text, &Noise::default());
    let topics = compared.clauses.into_iter().flat_map(|clause| clause.topics);
    topics.filter(|topic| matches!(topic, WatchTopic::AppealEntry | WatchTopic::Disclaimer)).collect()
}

fn seen(version: &RuleVersion) -> VersionSeen {
    VersionSeen {
        in_force_from: version.in_force_from.into(),
        captured_at: version.retrieved_at.into(),
        snapshot: version.snapshot.into(),
    }
}

fn review_by(new: &RuleVersion) -> Option<Date> {
    let captured = new.retrieved_at.map(day_of);
    let ahead = new.in_force_from.filter(|from| captured.is_none_or(|captured| *from > captured));
    ahead.or_else(|| captured.map(|day| later(day, "review_days")))
}

/// Returns the day to have looked at a change that was seen: the first day in force where that is ahead, else some days
/// later.
pub fn review_day(seen_at: Timestamp, in_force_from: Option<Date>) -> Date {
    let seen = day_of(seen_at);
    in_force_from.filter(|from| *from > seen).unwrap_or_else(|| later(seen, "review_days"))
}

/// A day so many days later, as the table says.
fn later(day: Date, number: &str) -> Date {
    day.saturating_add(i64::from(Table::get().number(number)).days())
}

fn topic_row(topic: WatchTopic) -> &'static TopicRow {
    let mut rows = Table::get().topic.iter();
    rows.find(|row| row.code == topic.code())
        .expect("data/dossier.toml has every topic, checked by its tests")
}

/// A watched topic, captured or not (S51).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopicWatched {
    /// Which.
    pub topic: WatchTopic,
    /// Its name.
    pub name: Bilingual,
    /// How many articles about it were captured.
    pub articles: u32,
    /// When one of them was last looked up.
    pub last_checked: Known<Timestamp>,
}

/// An article on the watch list (S50).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleWatched {
    /// The platform, by its profile where it has one.
    pub platform: String,
    /// The rule's title.
    pub title: String,
    /// The article.
    pub article: String,
    /// How many versions with different words were saved.
    pub versions: u32,
    /// When it was last looked up.
    pub last_checked: Known<Timestamp>,
    /// When to look again; unknown means that it is due.
    pub check_again: Known<Date>,
}

/// Returns how many articles of a platform's rules are on file with their words as of `now`, and the day one of them was
/// last looked up. `platform` is any of its names.
pub(crate) fn rules_on_file(house: &House, platform: &str, now: Timestamp) -> (u32, Option<Date>) {
    let own = articles(house, now).into_iter();
    let own: Vec<Article> = own
        .filter(|article| article.distinct() > 0 && article.touches(house, [Some(platform), None]))
        .collect();
    let last = own.iter().filter_map(Article::last_checked).max().map(day_of);
    (u32::try_from(own.len()).unwrap_or(u32::MAX), last)
}

/// What is watched: the topics always, the articles as they were captured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WatchList {
    /// Refund ratio, deposit, time limits, where to appeal, disclaimers.
    pub topics: Vec<TopicWatched>,
    /// Captured articles.
    pub rules: Vec<RuleWatched>,
}

/// Returns the watch list as of `now`; the topics stand in it even when nothing was captured (S51).
pub fn watch_list(house: &House, now: Timestamp) -> WatchList {
    let articles = articles(house, now);
    let topics = WatchTopic::ALL.iter().map(|topic| topic_watched(*topic, &articles)).collect();
    let rules = articles.iter().map(rule_watched).collect();
    WatchList { topics, rules }
}

fn topic_watched(topic: WatchTopic, articles: &[Article]) -> TopicWatched {
    let speaks = |article: &&Article| {
        let last = article.versions.iter().rev().find(|version| !version.text.trim().is_empty());
        last.is_some_and(|last| watched_topics(&last.text).contains(&topic))
    };
    let of: Vec<&Article> = articles.iter().filter(speaks).collect();
    TopicWatched {
        topic,
        name: topic_row(topic).name.clone(),
        articles: u32::try_from(of.len()).unwrap_or(u32::MAX),
        last_checked: of.iter().filter_map(|article| article.last_checked()).max().into(),
    }
}

fn rule_watched(article: &Article) -> RuleWatched {
    let last = article.last_checked();
    RuleWatched {
        platform: article.platform.clone(),
        title: article.title.clone(),
        article: article.article.clone(),
        versions: article.distinct(),
        last_checked: last.into(),
        check_again: last.map(|at| later(day_of(at), "rule_check_days")).into(),
    }
}
