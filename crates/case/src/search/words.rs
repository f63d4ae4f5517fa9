//! The parts an index knows a folded text by: pairs of Han characters, short words, and any four letters or digits.
//!
//! A phrase that stands in a text has no part that the text has not, so that no text is missed; that a text with all parts
//! has the phrase too is for [`Query`](super::Query) to see.

use std::collections::BTreeSet;
use std::ops::Range;

/// Letters and digits in one part of a longer word.
pub(super) const GRAM: usize = 4;

/// What a run of characters is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Han,
    /// Letters and digits of any other script.
    Word,
}

fn script(c: char) -> Option<Script> {
    match c {
        '々'
        | '〇'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => Some(Script::Han),
        c if c.is_alphanumeric() => Some(Script::Word),
        _ => None,
    }
}

/// The longest runs of one script, in their order.
pub(super) fn runs(chars: &[char]) -> Vec<(Script, Range<usize>)> {
    let mut runs: Vec<(Script, Range<usize>)> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        let Some(script) = script(*c) else { continue };
        match runs.last_mut() {
            Some((own, run)) if *own == script && run.end == at => run.end = at + 1,
            _ => runs.push((script, at..at + 1)),
        }
    }
    runs
}

/// The parts of a run; a short word is one part as a whole.
pub(super) fn parts(script: Script, run: &[char]) -> impl Iterator<Item = String> {
    let width = match script {
        Script::Han => 2,
        Script::Word => GRAM.min(run.len()),
    };
    run.windows(width).map(|part| part.iter().collect())
}

/// Returns the parts of a folded text, each once.
pub fn tokens(chars: &[char]) -> BTreeSet<String> {
    runs(chars).into_iter().flat_map(|(script, run)| parts(script, &chars[run])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_known_by_pairs_short_words_and_fours() {
        let of =
            |text: &str| -> Vec<String> { tokens(&text.chars().collect::<Vec<_>>()).into_iter().collect() };
        assert_eq!(of("点卡无效"), ["卡无", "无效", "点卡"]);
        assert_eq!(of("卡"), [""; 0]);
        assert_eq!(of("qq会员 vip"), ["qq", "vip", "会员"]);
        assert_eq!(of("order-20261"), ["0261", "2026", "orde", "rder"]);
        assert_eq!(of("2026"), ["2026"]);
        assert_eq!(of("，。— ¥"), [""; 0]);
    }
}
