//! How watched pages, looks and changes are told, for pages and commands alike.

use jiff::Timestamp;
use sigu_case::platform::{WatchTopic, WatchUnit, WatchedChange, WatchedValue};
use sigu_case::report::PageWatched;
use sigu_case::watch::{ClauseChange, Comparison, DiffPart, Weight};

use super::{Looked, Outcome, PageStanding, Trouble};
use crate::words::Words;

/// What the user calls a page, else what it shows, else its address.
pub fn page_name(page: &PageWatched) -> String {
    page.name.clone().or_else(|| page.title.clone()).unwrap_or_else(|| page.url.clone())
}

/// How often a page is looked at: `every 24 hours`.
pub fn every(page: &PageWatched, words: &Words) -> String {
    match page.every_hours {
        hours if hours % 24 == 0 && hours > 24 => {
            words.say("watch-days", &[("days", (hours / 24).to_string())])
        }
        hours => words.say("watch-hours", &[("hours", hours.to_string())]),
    }
}

/// How it stands with a page, in one sentence; `show` writes times.
pub fn page_state(one: &PageStanding, words: &Words, show: impl Fn(Timestamp) -> String) -> String {
    let time = |at: Option<Timestamp>| at.map_or_else(|| words.word("watch-never"), &show);
    let values = [
        ("looked", time(one.looked_at)),
        ("read", time(one.read_at)),
        ("next", one.next.map_or_else(|| words.word("watch-soon"), &show)),
        ("why", one.trouble.as_ref().map(|trouble| why(trouble, words)).unwrap_or_default()),
        ("since", one.trouble.as_ref().map(|trouble| show(trouble.since)).unwrap_or_default()),
    ];
    words.say(&format!("watch-state-{}", one.state.code()), &values)
}

/// How many versions there are, and when the last change was seen.
pub fn page_versions(one: &PageStanding, words: &Words, show: impl Fn(Timestamp) -> String) -> String {
    let Some(versions) = one.versions.as_ref().filter(|versions| versions.versions > 0) else {
        return words.word("watch-no-versions");
    };
    let count = [("count", versions.versions.to_string())];
    match versions.changes.last() {
        None => words.say("watch-versions", &count),
        Some(last) => {
            let [count] = count;
            words.say("watch-versions-changed", &[count, ("at", show(last.seen_at))])
        }
    }
}

/// Why a page cannot be compared, and what to do where that helps.
pub fn why(trouble: &Trouble, words: &Words) -> String {
    let known = words.try_word(&format!("watch-why-{}", trouble.why));
    let why = known.unwrap_or_else(|| words.word("watch-why-status"));
    if trouble.detail.is_empty() { why } else { format!("{why}{}", words.aside(&trouble.detail)) }
}

/// What came of a look, with the change clause by clause.
pub fn looked(one: &Looked, words: &Words) -> String {
    let page = ("page", one.page.to_string());
    match &one.outcome {
        Outcome::Unchanged => words.say("watch-looked-unchanged", &[page]),
        Outcome::Suspected => words.say("watch-looked-suspected", &[page]),
        Outcome::First { item } => words.say("watch-looked-first", &[page, ("item", item.to_string())]),
        Outcome::Failed(trouble) => {
            let key = format!("watch-looked-{}", trouble.kind.code());
            words.say(&key, &[page, ("why", why(trouble, words))])
        }
        Outcome::Changed { item, found, .. } => {
            let head = words.say("watch-looked-changed", &[page, ("item", item.to_string())]);
            format!("{head}\n{}", comparison(found, words))
        }
    }
}

/// A change clause by clause, as lines.
pub fn comparison(found: &Comparison, words: &Words) -> String {
    let mut lines = vec![format!("  {}", words.word(weight(found.weight)))];
    for clause in &found.clauses {
        lines.extend(clause.old.iter().map(|old| format!("  - {old}")));
        lines.extend(clause.new.iter().map(|new| format!("  + {new}")));
        let about: Vec<String> = topics(clause, words);
        if !about.is_empty() {
            lines.push(format!("    {}", words.list(&about)));
        }
        lines.extend(clause.numbers.iter().map(|change| format!("    {}", number(change, words))));
    }
    lines.join("\n")
}

/// The message that says how much a change weighs.
pub const fn weight(weight: Weight) -> &'static str {
    match weight {
        Weight::None | Weight::Noise => "watch-weight-none",
        Weight::Wording => "watch-weight-wording",
        Weight::Substance => "watch-weight-substance",
    }
}

/// What a changed clause is about.
pub fn topics(clause: &ClauseChange, words: &Words) -> Vec<String> {
    clause.topics.iter().map(|topic| topic_name(*topic, words)).collect()
}

fn topic_name(topic: WatchTopic, words: &Words) -> String {
    words.word(&format!("watch-topic-{}", topic.code().replace('_', "-")))
}

/// A watched number, old and new: `时限：48 小时 → 24 小时`.
pub fn number(change: &WatchedChange, words: &Words) -> String {
    let side = |value: &Option<WatchedValue>| {
        value.as_ref().map_or_else(|| words.word("watch-number-none"), |value| amount(value, words))
    };
    let values =
        [("topic", topic_name(change.topic, words)), ("old", side(&change.old)), ("new", side(&change.new))];
    words.say("watch-number", &values)
}

fn amount(value: &WatchedValue, words: &Words) -> String {
    let hundredths = || {
        let text = format!("{}.{:02}", value.amount / 100, value.amount % 100);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let number = match value.unit {
        WatchUnit::BasisPoints | WatchUnit::Fen => hundredths(),
        WatchUnit::Minutes | WatchUnit::Hours | WatchUnit::Days | WatchUnit::WorkingDays => {
            value.amount.to_string()
        }
    };
    words.say(&format!("watch-unit-{}", value.unit.code().replace('_', "-")), &[("number", number)])
}

/// The runs of words of a changed clause: text, whether it came, whether it went.
pub fn runs(clause: &ClauseChange) -> Vec<(String, bool, bool)> {
    let run = |part: &DiffPart| match part {
        DiffPart::Same(text) => (text.clone(), false, false),
        DiffPart::Added(text) => (text.clone(), true, false),
        DiffPart::Removed(text) => (text.clone(), false, true),
    };
    clause.parts.iter().map(run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watching::TroubleKind;

    #[test]
    fn every_word_of_a_state_a_reason_a_topic_and_a_unit_is_there() {
        for words in [Words::chinese(), Words::in_english()] {
            for topic in WatchTopic::ALL {
                assert!(!topic_name(*topic, &words).is_empty());
            }
            for unit in WatchUnit::ALL {
                let value = WatchedValue {
                    topic: WatchTopic::TimeLimit,
                    amount: 4_850,
                    unit: *unit,
                    clause: String::new(),
                };
                assert!(amount(&value, &words).contains("48"), "{unit}");
            }
            for why in [
                "address",
                "no-connection",
                "certificate",
                "timeout",
                "cut-off",
                "status",
                "browser",
                "browser-start",
                "captcha",
                "login",
                "blank",
                "moved",
                "gone",
                "forbidden",
                "selectors-rotted",
                "not-text",
                "too-large",
                "differs",
            ] {
                assert!(words.try_word(&format!("watch-why-{why}")).is_some(), "{why}");
            }
            for kind in [TroubleKind::Unreachable, TroubleKind::Unextractable, TroubleKind::Noisy] {
                let values = [("page", String::new()), ("why", String::new())];
                assert!(!words.say(&format!("watch-looked-{}", kind.code()), &values).is_empty());
            }
        }
    }
}
