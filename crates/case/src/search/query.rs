//! What somebody asks for: words that all have to stand in one entry.

use std::collections::BTreeSet;
use std::ops::Range;

use super::fold::Fold;
use super::words::{GRAM, Script, parts, runs};

/// Longest text that is asked for, in characters; the rest is not looked at.
const MAX_CHARS: usize = 200;

/// Words asked for, folded. What stands between blanks is one word and is found as it stands, signs included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    words: Vec<Vec<char>>,
}

impl Query {
    /// Reads what was typed; `None` where it has no letter, digit or Chinese character.
    pub fn read(text: &str) -> Option<Self> {
        let text: String = text.chars().take(MAX_CHARS).collect();
        let fold = Fold::of(&text);
        let words = fold.chars().split(|c| *c == ' ').filter(|word| !runs(word).is_empty());
        let words: Vec<Vec<char>> = words.map(<[char]>::to_vec).collect();
        (!words.is_empty()).then_some(Self { words })
    }

    /// Returns the parts that every entry with these words has; empty where they are too short for an index.
    ///
    /// A short word at the edge of what was typed may be a part of a longer one, so it narrows nothing down, except where
    /// nothing else does: then it is asked for as a word of its own.
    pub fn tokens(&self) -> BTreeSet<String> {
        let sure: BTreeSet<String> = self.words.iter().flat_map(|word| of_word(word, false)).collect();
        if !sure.is_empty() {
            return sure;
        }
        self.words.iter().flat_map(|word| of_word(word, true)).collect()
    }

    /// Returns where the words stand in the texts of one entry, as ranges of original characters for each text; `None`
    /// unless each word stands in some text.
    pub fn places<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Option<Vec<Vec<Range<usize>>>> {
        let folds: Vec<Fold> = texts.map(Fold::of).collect();
        let mut places = vec![Vec::new(); folds.len()];
        for word in &self.words {
            let before: usize = places.iter().map(Vec::len).sum();
            for (fold, own) in folds.iter().zip(&mut places) {
                own.extend(fold.places(word));
            }
            if places.iter().map(Vec::len).sum::<usize>() == before {
                return None;
            }
        }
        Some(places.into_iter().map(joined).collect())
    }
}

fn of_word(word: &[char], edges: bool) -> Vec<String> {
    let whole = |script: Script, run: &Range<usize>| {
        let edge = run.start == 0 || run.end == word.len();
        script == Script::Han || run.len() >= GRAM || edges || !edge
    };
    let runs = runs(word).into_iter().filter(|(script, run)| whole(*script, run));
    runs.flat_map(|(script, run)| parts(script, &word[run])).collect()
}

/// Ranges in their order, those that touch made one.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut all: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match all.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => all.push(range),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::words::tokens;
    use super::*;

    #[test]
    fn what_is_typed_becomes_parts() {
        let of = |text: &str| -> Vec<String> { Query::read(text).unwrap().tokens().into_iter().collect() };
        assert_eq!(of("點卡"), ["点卡"]);
        assert_eq!(of("ORDER-20"), ["orde", "rder"], "20 may go on");
        assert_eq!(of("充100元"), ["100"]);
        assert_eq!(of("QQ"), ["qq"], "nothing else narrows it down");
        assert_eq!(of("卡"), [""; 0]);
        assert_eq!(of("点卡 退"), ["点卡"]);
        assert_eq!(Query::read(" —， "), None);
        assert_eq!(Query::read(""), None);
    }

    #[test]
    fn every_word_has_to_stand_somewhere() {
        let texts = ["店铺 A 的点卡", "已退款 ORDER-2026"];
        let places = |asked: &str| Query::read(asked).unwrap().places(texts.into_iter());
        assert_eq!(places("點卡 退款"), Some(vec![vec![6..8], vec![1..3]]));
        assert_eq!(places("卡 点"), Some(vec![vec![6..8], vec![]]), "what touches is one");
        assert_eq!(places("点卡 会员"), None);
        assert_eq!(places("rder-20"), Some(vec![vec![], vec![5..12]]));
    }

    proptest::proptest! {
        #[test]
        fn a_phrase_of_a_text_has_no_part_the_text_has_not(
            text in "[点卡無效退款a-cA-C0-9 ，-]{1,40}", from in 0_usize..40, length in 1_usize..20,
        ) {
            let phrase: String = text.chars().skip(from).take(length).collect();
            let known = tokens(Fold::of(&text).chars());
            let Some(query) = Query::read(&phrase) else { return Ok(()) };
            let all_in = query.tokens().is_subset(&known);
            // Only what is too short to be told from a part of a longer word may be missed.
            let short = query.words.iter().all(|word| of_word(word, false).is_empty());
            proptest::prop_assert!(all_in || short, "{:?} in {:?}", phrase, text);
            proptest::prop_assert!(query.places(std::iter::once(text.as_str())).is_some());
        }
    }
}
