//! What changed between two versions of a text, as runs of words that stayed, went and came.

use similar::{Algorithm, DiffTag, capture_diff_slices_by_key};
use unicode_normalization::UnicodeNormalization;

use crate::paper::Span;

/// Most pieces of a text that are compared word by word; a longer one is compared clause by clause, which costs less.
const MOST_WORDS: usize = 4_000;

/// Tells whether two texts have the same words: spaces and width are no difference.
pub fn same_words(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

fn plain(text: &str) -> String {
    text.nfkc().filter(|sign| !sign.is_whitespace()).collect()
}

/// Returns the later text with what it lost and won against the earlier one.
pub fn spans(old: &str, new: &str) -> Vec<Span> {
    let (mut before, mut after) = (words(old), words(new));
    if before.len().max(after.len()) > MOST_WORDS {
        (before, after) = (clauses(old), clauses(new));
    }
    let mut spans = Vec::new();
    for (equal, went, came) in runs(&before, &after) {
        if equal {
            spans.push(Span::Text(came));
            continue;
        }
        if !went.trim().is_empty() {
            spans.push(Span::Removed(went));
        }
        match came.trim().is_empty() {
            true if came.is_empty() => {}
            true => spans.push(Span::Text(came)),
            false => spans.push(Span::Added(came)),
        }
    }
    spans
}

/// Cuts a text into numbers and foreign words as a whole, and single signs.
fn words(text: &str) -> Vec<&str> {
    let joins = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '%');
    let (mut words, mut start, mut joined) = (Vec::new(), 0, false);
    for (at, sign) in text.char_indices() {
        if at > start && !(joined && joins(sign)) {
            words.push(&text[start..at]);
            start = at;
        }
        joined = joins(sign);
    }
    words.extend(Some(&text[start..]).filter(|rest| !rest.is_empty()));
    words
}

fn clauses(text: &str) -> Vec<&str> {
    text.split_inclusive(['。', '；', ';', '\n']).collect()
}

/// The runs of both texts: whether they are equal, and the words of each. A single sign left standing between two
/// changes belongs to them, so that a rewritten clause reads as one.
fn runs(before: &[&str], after: &[&str]) -> Vec<(bool, String, String)> {
    let ops = capture_diff_slices_by_key(Algorithm::Myers, before, after, |word| plain(word));
    let mut runs: Vec<(bool, String, String)> = Vec::new();
    for (place, op) in ops.iter().enumerate() {
        let (tag, old, new) = op.as_tag_tuple();
        let between = place > 0 && place + 1 < ops.len();
        let equal = tag == DiffTag::Equal && !(between && new.len() == 1);
        let (went, came) = (before[old].concat(), after[new].concat());
        match runs.last_mut().filter(|last| last.0 == equal) {
            Some(last) => {
                last.1.push_str(&went);
                last.2.push_str(&came);
            }
            None => runs.push((equal, went, came)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Span {
        Span::text(words)
    }

    #[test]
    fn numbers_change_as_a_whole_and_single_signs_do_not_split_a_clause() {
        let removed = |words: &str| Span::Removed(words.to_owned());
        let added = |words: &str| Span::Added(words.to_owned());
        assert_eq!(
            spans("退款比例100%，24小时内。", "退款比例80%，24小时内。"),
            [text("退款比例"), removed("100%"), added("80%"), text("，24小时内。")]
        );
        assert_eq!(spans("可退款。", "概不退换。"), [removed("可退款"), added("概不退换"), text("。")]);
        assert_eq!(spans("包退。", "包退。七日内。"), [text("包退。"), added("七日内。")]);
        assert_eq!(spans("包退。七日内。", "包退。"), [text("包退。"), removed("七日内。")]);
    }

    #[test]
    fn spaces_and_width_are_no_change() {
        assert!(same_words("５ 天内\n退", "5天内退") && !same_words("5天", "7天"));
        assert_eq!(spans("５天", "5天"), [text("5天")]);
        assert!(spans("5天 内", "5天\n内").iter().all(|span| matches!(span, Span::Text(_))));
    }

    #[test]
    fn a_long_text_is_compared_clause_by_clause() {
        let old = "甲乙丙丁。".repeat(2_000);
        let new = old.replacen("甲乙", "甲己", 1);
        let spans = spans(&old, &new);
        assert_eq!(spans[..2], [Span::Removed("甲乙丙丁。".into()), Span::Added("甲己丙丁。".into())]);
    }
}
