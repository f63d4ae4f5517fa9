//! Two texts compared word by word, as runs of words that stayed, went and came.

use similar::{Algorithm, DiffTag, capture_diff_slices_by_key};
use unicode_normalization::UnicodeNormalization;

use super::DiffPart;

/// Most pieces of a text that are compared word by word; a longer one is compared clause by clause, which costs less.
const MOST_WORDS: usize = 4_000;

/// Tells whether two texts have the same words: spaces and width are no difference.
pub fn same_words(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

fn plain(text: &str) -> String {
    text.nfkc().filter(|sign| !sign.is_whitespace()).collect()
}

/// Returns the later text with what it lost and won against the earlier one; numbers and foreign words change as a
/// whole, Chinese sign by sign.
pub fn word_changes(old: &str, new: &str) -> Vec<DiffPart> {
    let (mut before, mut after) = (words(old), words(new));
    if before.len().max(after.len()) > MOST_WORDS {
        (before, after) = (sentences(old), sentences(new));
    }
    let mut parts = Vec::new();
    for (equal, went, came) in runs(&before, &after) {
        if equal {
            parts.push(DiffPart::Same(came));
            continue;
        }
        if !went.trim().is_empty() {
            parts.push(DiffPart::Removed(went));
        }
        match came.trim().is_empty() {
            true if came.is_empty() => {}
            true => parts.push(DiffPart::Same(came)),
            false => parts.push(DiffPart::Added(came)),
        }
    }
    parts
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

fn sentences(text: &str) -> Vec<&str> {
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
