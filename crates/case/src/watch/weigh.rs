//! How much a changed clause weighs: whether it is about terms.

use super::Weight;
use super::clause::key;
use super::table::Table;
use crate::platform::{WatchTopic, watched_topics};

/// Topics of either side, each once.
pub(super) fn topics(old: Option<&str>, new: Option<&str>) -> Vec<WatchTopic> {
    let sides = old.into_iter().chain(new);
    let mut topics: Vec<WatchTopic> = sides.flat_map(watched_topics).collect();
    topics.sort();
    topics.dedup();
    topics
}

/// Weighs a clause that changed, came or went.
pub(super) fn weight(old: Option<&str>, new: Option<&str>) -> Weight {
    let (before, after) = (old.map(key), new.map(key));
    if let (Some(before), Some(after)) = (&before, &after)
        && signs(before) == signs(after)
    {
        return Weight::Wording;
    }
    let mut sides = old.zip(before.as_deref()).into_iter().chain(new.zip(after.as_deref()));
    if sides.any(|(text, key)| is_about_terms(text, key)) { Weight::Substance } else { Weight::Wording }
}

/// Tells whether a clause is about what a buyer can rely on or has to keep to.
pub(super) fn is_about_terms(text: &str, key: &str) -> bool {
    let table = Table::get();
    // The day of a date counts nothing; what stays of the clause may.
    let counts = || table.counted.is_match(&table.date.replace_all(key, " "));
    table.terms.is_match(key) || counts() || !watched_topics(text).is_empty()
}

/// The signs that are no punctuation; between digits every sign counts.
fn signs(key: &str) -> String {
    let all: Vec<char> = key.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| all.get(at)).is_some_and(char::is_ascii_digit);
    let between = |at: usize| digit(at.checked_sub(1)) && digit(Some(at + 1));
    let counts = |at: usize| {
        all[at].is_alphanumeric() || matches!(all[at], '%' | '¥' | '$' | '<' | '>') || between(at)
    };
    (0..all.len()).filter(|at| counts(*at)).map(|at| all[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_agreed_weighs_and_the_rest_is_wording() {
        use Weight::{Substance, Wording};
        let table = [
            (Some("退款比例为80%"), Some("退款比例为70%"), Substance),
            (Some("七日内可退"), Some("三日内可退"), Substance),
            (Some("欢迎光临"), Some("欢迎再来"), Wording),
            (Some("2026年3月1日 小编"), Some("2026年3月2日 小编"), Wording),
            (Some("热度 1201"), Some("热度 1388"), Wording),
            (None, Some("本店概不负责"), Substance),
            (Some("买家须提供录屏"), None, Substance),
            (None, Some("祝您生活愉快"), Wording),
            (Some("售价 ¥99"), Some("售价 ¥109"), Substance),
            (Some("包退，包换"), Some("包退、包换"), Wording),
            (Some("手续费 1.5"), Some("手续费 15"), Substance),
            (Some("Items ship fast"), Some("Items ship soon"), Wording),
            (Some("Refunds are given"), Some("No refunds are given"), Substance),
            (Some("valid for 30 days"), Some("valid for 7 days"), Substance),
        ];
        for (old, new, want) in table {
            assert_eq!(weight(old, new), want, "{old:?} {new:?}");
        }
    }
}
