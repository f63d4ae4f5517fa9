//! What is watched in a rule: refund ratio, deposit, time limits, where to appeal, disclaimers; and how the numbers in
//! them changed (S51, S52).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::coded::coded;

coded! {
    /// A watched topic.
    WatchTopic {
        /// 退款比例
        RefundRatio = "refund_ratio",
        /// 保证金
        Deposit = "deposit",
        /// 时限
        TimeLimit = "time_limit",
        /// 申诉入口
        AppealEntry = "appeal_entry",
        /// 免责
        Disclaimer = "disclaimer",
    }
}

coded! {
    /// What an amount counts.
    WatchUnit {
        /// Hundredths of a percent: 70 % is 7000.
        BasisPoints = "basis_points",
        /// 分
        Fen = "fen",
        /// Minutes.
        Minutes = "minutes",
        /// Hours.
        Hours = "hours",
        /// Calendar days.
        Days = "days",
        /// 工作日
        WorkingDays = "working_days",
    }
}

/// One watched value as a rule states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WatchedValue {
    /// What it is about.
    pub topic: WatchTopic,
    /// How much, in `unit`.
    pub amount: i64,
    /// What the amount counts.
    pub unit: WatchUnit,
    /// The clause it stands in.
    pub clause: String,
}

/// A watched value that is not what it was (S51); absent means that the text has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WatchedChange {
    /// What it is about.
    pub topic: WatchTopic,
    /// The old value.
    pub old: Option<WatchedValue>,
    /// The new value.
    pub new: Option<WatchedValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WatchFile {
    clause_ends: String,
    units: BTreeMap<String, UnitText>,
    watch: Vec<WatchText>,
    word: Vec<WatchText>,
}

/// Which unit a word stands for, and by how much it multiplies the number.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitText {
    unit: WatchUnit,
    times: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WatchText {
    topic: WatchTopic,
    pattern: String,
}

struct Watch {
    file: WatchFile,
    patterns: Vec<(WatchTopic, Regex)>,
    words: Vec<(WatchTopic, Regex)>,
}

static WATCH: LazyLock<Watch> = LazyLock::new(|| {
    let file: WatchFile = toml::from_str(include_str!("../../data/rule_watch.toml"))
        .expect("data/rule_watch.toml is checked by its tests");
    let compile = |watch: &WatchText| {
        (watch.topic, Regex::new(&watch.pattern).expect("data/rule_watch.toml is checked by its tests"))
    };
    let patterns = file.watch.iter().map(compile).collect();
    let words = file.word.iter().map(compile).collect();
    Watch { file, patterns, words }
});

/// Tells whether a sign ends a clause.
pub(crate) fn ends_clause(sign: char) -> bool {
    WATCH.file.clause_ends.contains(sign)
}

/// Returns the topics a text is about, each once, in their order: by its values, and by its words.
pub fn watched_topics(text: &str) -> Vec<WatchTopic> {
    let text: String = text.nfkc().collect();
    let patterns = WATCH.patterns.iter().chain(&WATCH.words);
    let mut topics: Vec<WatchTopic> =
        patterns.filter(|(_, pattern)| pattern.is_match(&text)).map(|(topic, _)| *topic).collect();
    topics.sort();
    topics.dedup();
    topics
}

/// Returns the watched values of a rule's text, clause by clause, in the order of the text.
pub fn watched_values(text: &str) -> Vec<WatchedValue> {
    let text: String = text.nfkc().collect();
    let clauses = text.split(|c: char| WATCH.file.clause_ends.contains(c)).map(str::trim);
    clauses.filter(|clause| !clause.is_empty()).flat_map(values_of_clause).collect()
}

/// Every topic's values in the order of the clause; two patterns may find the same number once.
fn values_of_clause(clause: &str) -> Vec<WatchedValue> {
    let of_pattern = |(topic, pattern): &(WatchTopic, Regex)| {
        let topic = *topic;
        pattern
            .captures_iter(clause)
            .filter_map(move |found| value(topic, &found, clause))
            .collect::<Vec<_>>()
    };
    let mut found: Vec<_> = WATCH.patterns.iter().flat_map(of_pattern).collect();
    found.sort_by_key(|(at, value)| (value.topic, *at));
    found.dedup_by_key(|(at, value)| (value.topic, *at));
    found.into_iter().map(|(_, value)| value).collect()
}

/// Returns where the number stands, and the value.
fn value(topic: WatchTopic, found: &Captures<'_>, clause: &str) -> Option<(usize, WatchedValue)> {
    let number = found.name("value")?;
    let unit = WATCH.file.units.get(&found.name("unit")?.as_str().to_lowercase())?;
    let amount = scaled(number.as_str(), unit.times)?;
    Some((number.start(), WatchedValue { topic, amount, unit: unit.unit, clause: clause.to_owned() }))
}

/// Reads a number below 100,000,000 as Chinese writes it: 十五, 一百零五, 两万, 〇; `None` when it is none.
fn chinese(number: &str) -> Option<i64> {
    let (mut whole, mut part, mut digit) = (0_i64, 0_i64, None);
    for sign in number.chars() {
        if let Some(value) = "零一二三四五六七八九".chars().position(|known| known == sign) {
            digit = i64::try_from(value).ok();
            continue;
        }
        match sign {
            '〇' => digit = Some(0),
            '两' => digit = Some(2),
            '十' | '百' | '千' => {
                let unit = match sign {
                    '十' => 10,
                    '百' => 100,
                    _ => 1_000,
                };
                part += digit.take().unwrap_or(1) * unit;
            }
            '万' => {
                whole += (part + digit.take().unwrap_or(0)) * 10_000;
                part = 0;
            }
            _ => return None,
        }
    }
    (number.chars().count() <= 12).then_some(whole + part + digit.unwrap_or(0))
}

/// Reads `1,000.5` or 十五 times `times`; `None` when it does not fit or would not be a whole number.
fn scaled(number: &str, times: i64) -> Option<i64> {
    if let Some(number) = chinese(number) {
        return number.checked_mul(times);
    }
    let number = number.replace(',', "");
    let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
    let scale = 10_i64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let digits: i64 = format!("{whole}{part}").parse().ok()?;
    let product = digits.checked_mul(times)?;
    (product % scale == 0).then_some(product / scale)
}

/// Compares two versions of a rule's text and returns the watched values that changed, came or went.
///
/// Values belong together when they stand in the same clause but for its numbers; what is left over is paired
/// by topic in the order of the text. A clause that only moved is no change.
pub fn watched_changes(old: &str, new: &str) -> Vec<WatchedChange> {
    let (mut old, mut new) = (watched_values(old), watched_values(new));
    pair_off(&mut old, &mut new, |before, after| {
        measure(before) == measure(after) && frame(before) == frame(after)
    });
    let mut changes = pair_off(&mut old, &mut new, |before, after| frame(before) == frame(after));
    changes.extend(pair_off(&mut old, &mut new, |before, after| before.topic == after.topic));
    let gone = old.into_iter().map(|value| (Some(value), None));
    let come = new.into_iter().map(|value| (None, Some(value)));
    changes.extend(gone.chain(come));
    let mut changes: Vec<_> =
        changes.into_iter().filter_map(|(before, after)| change(before, after)).collect();
    changes.sort_by_key(|change| change.topic);
    changes
}

type Pair = (Option<WatchedValue>, Option<WatchedValue>);

/// Takes out of both lists what belongs together.
fn pair_off(
    old: &mut Vec<WatchedValue>,
    new: &mut Vec<WatchedValue>,
    together: impl Fn(&WatchedValue, &WatchedValue) -> bool,
) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for before in std::mem::take(old) {
        match new.iter().position(|after| together(&before, after)) {
            Some(at) => pairs.push((Some(before), Some(new.remove(at)))),
            None => old.push(before),
        }
    }
    pairs
}

fn measure(value: &WatchedValue) -> (i64, WatchUnit) {
    (value.amount, value.unit)
}

/// The clause without its numbers and units: what the value is about.
fn frame(value: &WatchedValue) -> (WatchTopic, String) {
    let words: String =
        value.clause.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '.' | ',')).collect();
    (value.topic, words)
}

fn change(old: Option<WatchedValue>, new: Option<WatchedValue>) -> Option<WatchedChange> {
    if old.as_ref().map(measure) == new.as_ref().map(measure) {
        return None;
    }
    let topic = old.as_ref().or(new.as_ref())?.topic;
    Some(WatchedChange { topic, old, new })
}
