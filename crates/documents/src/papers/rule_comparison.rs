//! 规则版本对照: each clause as it stood at payment against the newest version that was seen (S27, S50, S51).

use std::collections::BTreeSet;

use jiff::Timestamp;
use sigu_case::catalogue::number_of;
use sigu_case::claim::yuan;
use sigu_case::platform::{RuleBook, RuleVersion, WatchUnit, WatchedValue, watched_changes};
use sigu_case::report::{Kind as _, RuleCaptured};
use sigu_case::{ItemId, View};
use sigu_evidence::mask_text;

use super::guide;
use crate::changes::{same_words, spans};
use crate::draft::Draft;
use crate::paper::{Block, Span};
use crate::times;

/// One clause with its versions whose words were saved, oldest first.
struct Clause {
    name: String,
    then: Option<RuleVersion>,
    now: Option<RuleVersion>,
    /// When the words of the newest version were last seen.
    last_seen: Option<Timestamp>,
}

pub(super) fn write(draft: &mut Draft<'_>) {
    let clauses = clauses(draft.case.view);
    if clauses.is_empty() {
        draft.miss("rules");
        return;
    }
    let (mut compared, mut missing) = (0, Vec::new());
    for clause in &clauses {
        match verdict(draft, clause) {
            Ok((then, now, same)) => {
                section(draft, clause, (then, now), same);
                compared += 1;
            }
            Err(key) => missing.push((clause.name.clone(), key)),
        }
    }
    for (name, key) in missing {
        let order = draft.case.view.order.id.to_string();
        let how = draft.say(&format!("{key}-how"), &[("order", &order)]);
        let name = draft.say(key, &[("clause", &name)]);
        match compared {
            0 => draft.miss_so(name, how),
            _ => draft.wanted(&name, &how),
        }
    }
    draft.note(draft.word("rules-foot"));
    draft.guide(draft.word("guide-rules"));
    guide::end(draft);
}

/// When the order was paid, else placed: the version of that day applies.
fn bought_at(view: &View<'_>) -> Timestamp {
    let facts = &view.order.facts;
    facts.paid_at.or(facts.created_at).unwrap_or(view.order.opened_at)
}

/// The clauses of the order's platform of which words were saved, with the version of then and of now.
fn clauses(view: &View<'_>) -> Vec<Clause> {
    let versions = versions(view);
    let names: BTreeSet<(String, String)> =
        versions.iter().map(|one| (one.title.clone(), one.article.clone())).collect();
    let (here, at) = (view.profile.id.as_str(), bought_at(view));
    let book = RuleBook::new(versions);
    let clause = |(title, article): (String, String)| {
        let spoken: Vec<RuleVersion> = book
            .history(here, &title, &article)
            .into_iter()
            .filter(|one| !one.text.trim().is_empty())
            .cloned()
            .collect();
        let spoken = RuleBook::new(spoken);
        let in_force = |at| spoken.in_force(here, &title, &article, at).version().cloned();
        let (then, now) = (in_force(at), in_force(view.now));
        let newest = now.iter().flat_map(|now| {
            let all = spoken.history(here, &title, &article).into_iter();
            all.filter(|one| same_words(&one.text, &now.text)).filter_map(|one| one.retrieved_at)
        });
        let last_seen = newest.max();
        Clause { name: named(&title, &article), then, now, last_seen }
    };
    names.into_iter().map(clause).collect()
}

/// The versions of the order's platform: those of its profile, and those captured by now under any of its names.
fn versions(view: &View<'_>) -> Vec<RuleVersion> {
    let registry = view.house.registry();
    let key = |name: &str| {
        registry.find(name).map_or_else(|| name.trim().to_lowercase(), |profile| profile.id.clone())
    };
    let own: Vec<String> = [Some(view.profile.id.as_str()), view.order.facts.platform.as_deref()]
        .into_iter()
        .flatten()
        .map(key)
        .collect();
    let notes = view.house.notes().iter().filter_map(|logged| RuleCaptured::of(&logged.report));
    let captured = notes.map(RuleVersion::from).filter(|one| own.contains(&key(&one.platform)));
    let all = view.profile.rules.iter().cloned().chain(captured);
    let seen = all.filter(|one| one.retrieved_at.is_none_or(|at| at <= view.now));
    seen.map(|one| RuleVersion {
        platform: view.profile.id.clone(),
        title: one.title.trim().trim_start_matches('《').trim_end_matches('》').to_owned(),
        article: one.article.trim().to_owned(),
        text: mask_text(&one.text),
        ..one
    })
    .collect()
}

/// 《title》第5条; an article is a number, or stands as the platform writes it.
pub(super) fn named(title: &str, article: &str) -> String {
    match article.chars().all(|sign| sign.is_ascii_digit()) {
        true => format!("《{title}》第{article}条"),
        false => format!("《{title}》{article}"),
    }
}

/// Decides by what the case knows: both versions and whether their words are the same, or the key of what is missing.
/// The same words count only if they were seen again after the payment.
fn verdict<'c>(
    draft: &Draft<'_>,
    clause: &'c Clause,
) -> Result<(&'c RuleVersion, &'c RuleVersion, bool), &'static str> {
    let then = clause.then.as_ref().ok_or("missing-rule-then")?;
    let now = clause.now.as_ref().ok_or("missing-rule-now")?;
    let same = same_words(&then.text, &now.text);
    if same && clause.last_seen.is_none_or(|seen| seen <= bought_at(draft.case.view)) {
        return Err("missing-rule-now");
    }
    let shown = |one: &RuleVersion| one.snapshot.is_some_and(|item| number_of(&draft.rows, item).is_some());
    let unproved = !(shown(then) && shown(now));
    if unproved && !draft.case.wishes.cite_unverified {
        return Err("missing-rule-page");
    }
    Ok((then, now, same))
}

fn section(draft: &mut Draft<'_>, clause: &Clause, (then, now): (&RuleVersion, &RuleVersion), same: bool) {
    draft.heading(1, clause.name.clone());
    let rows = vec![side(draft, "rules-then", then), side(draft, "rules-now", now)];
    let heads = [
        ("rules-version", 20),
        ("rules-published", 18),
        ("rules-from", 18),
        ("rules-seen", 24),
        ("rules-exhibit", 20),
    ];
    draft.table(&heads, rows);
    let proofs: Vec<ItemId> = [then.snapshot, now.snapshot].into_iter().flatten().collect();
    let at = times::second(bought_at(draft.case.view));
    let seen = clause.last_seen.map(times::second).unwrap_or_else(|| draft.word("rules-unknown"));
    let key = if same { "rules-same" } else { "rules-differ" };
    let fact = draft.numbers.fact(draft.say(key, &[("at", &at), ("seen", &seen)]), &proofs);
    draft.facts([fact], false);
    if same {
        draft.push(Block::Quote { text: now.text.clone() });
        return;
    }
    draft.push(Block::Para { spans: spans(&then.text, &now.text) });
    watched(draft, then, now);
}

fn side(draft: &mut Draft<'_>, key: &str, version: &RuleVersion) -> Vec<Vec<Span>> {
    let mut shown = draft.marks(version.snapshot.as_slice());
    if shown.is_empty() {
        shown = Span::cell(draft.word("rules-unverified"));
    }
    let unknown = draft.word("rules-unknown");
    let day = |day: Option<jiff::civil::Date>| {
        Span::cell(day.map_or_else(|| unknown.clone(), |day| day.to_string()))
    };
    vec![
        Span::cell(draft.word(key)),
        day(version.published_at),
        day(version.in_force_from),
        Span::cell(version.retrieved_at.map_or_else(|| unknown.clone(), times::second)),
        shown,
    ]
}

/// Refund ratio, deposit and time limits that changed, old and new (S51).
pub(super) fn watched<S>(draft: &mut Draft<'_, S>, then: &RuleVersion, now: &RuleVersion) {
    let mut items = Vec::new();
    for change in watched_changes(&then.text, &now.text) {
        let topic = draft.word(&format!("topic-{}", change.topic.code().replace('_', "-")));
        let side = |value: Option<&WatchedValue>| {
            value.map_or_else(|| draft.word("rules-none"), |value| amount(draft, value))
        };
        let (old, new) = (side(change.old.as_ref()), side(change.new.as_ref()));
        let values = [("topic", topic.as_str()), ("old", old.as_str()), ("new", new.as_str())];
        items.push(Span::cell(draft.say("rules-change", &values)));
    }
    if !items.is_empty() {
        draft.push(Block::List { numbered: false, items });
    }
}

fn amount<S>(draft: &Draft<'_, S>, value: &WatchedValue) -> String {
    let key = format!("unit-{}", value.unit.code().replace('_', "-"));
    let number = match value.unit {
        WatchUnit::BasisPoints => yuan(value.amount).trim_end_matches('0').trim_end_matches('.').to_owned(),
        WatchUnit::Fen => yuan(value.amount),
        WatchUnit::Minutes | WatchUnit::Hours | WatchUnit::Days | WatchUnit::WorkingDays => {
            value.amount.to_string()
        }
    };
    draft.say(&key, &[("number", &number)])
}
