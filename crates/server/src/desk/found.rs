//! What is found in words before they leave: where, why, and what to say instead.

use std::ops::Range;

use serde::Serialize;
use sigu_case::letter::{Finding, Gate};
use sigu_evidence::{mask, mask_text};

use crate::talking::SENTENCE_ENDS;
use crate::words::Words;

/// Something found in a text, for the page and for its script. Places are characters, ends exclusive.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Found {
    /// Its number, from 1, in the order of the text.
    pub(super) number: usize,
    /// Whether it keeps the text from being sent.
    pub(super) blocks: bool,
    /// The words it is about; empty where they are a secret or at no one place.
    pub(super) part: String,
    pub(super) why: String,
    pub(super) instead: String,
    pub(super) place: Option<Range<usize>>,
    pub(super) put: Option<Put>,
    /// Whether it is a secret: the words there are not said again.
    #[serde(skip)]
    leak: bool,
}

/// What to say instead, and of which sentence.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Put {
    pub(super) place: Range<usize>,
    pub(super) text: String,
}

/// A stretch of a text: plain, or what was found there.
#[derive(Debug)]
pub(super) struct Stretch {
    pub(super) text: String,
    /// The number of what was found; none for plain words.
    pub(super) number: Option<usize>,
    pub(super) blocks: bool,
}

/// What the gate found in a text, in its order; what is at no one place comes last.
pub(super) fn found(gate: &Gate, text: &str, words: &Words) -> Vec<Found> {
    let blocked = gate.blocked.iter().map(|finding| one(finding, text, true, words));
    let warned = gate.warnings.iter().map(|finding| one(finding, text, false, words));
    let mut all: Vec<Found> = blocked.chain(warned).collect();
    all.sort_by_key(|one| (one.place.as_ref().map_or(usize::MAX, |place| place.start), !one.blocks));
    for (at, one) in all.iter_mut().enumerate() {
        one.number = at + 1;
    }
    all
}

fn one(finding: &Finding, text: &str, blocks: bool, words: &Words) -> Found {
    let leak = finding.code == "privacy_leak";
    let part = finding.span.and_then(|span| text.get(span.start_byte..span.end_byte));
    // What leaks is not said again.
    let part = part.filter(|_| !leak).map(mask_text);
    // Made of what the case knows, as drafts are: it holds no secret, and a masked number would mend nothing.
    let instead = finding.suggestion.clone();
    let place = finding.span.map(|span| span.start_char..span.end_char);
    let put = finding.span.zip(instead.clone()).map(|(span, text_instead)| Put {
        place: sentence(text, span.start_char..span.end_char),
        text: text_instead,
    });
    Found {
        number: 0,
        blocks,
        part: part.unwrap_or_default(),
        why: words.pick(&finding.text).to_owned(),
        instead: instead
            .map(|instead| format!("{} {instead}", words.word("tone-instead")))
            .unwrap_or_default(),
        place,
        put,
        leak,
    }
}

/// The sentences around a place, with the signs that end them: what is said instead is whole sentences.
fn sentence(text: &str, place: Range<usize>) -> Range<usize> {
    let chars: Vec<char> = text.chars().collect();
    let ends = |at: usize| chars.get(at).is_some_and(|one| SENTENCE_ENDS.contains(one));
    let mut start = place.start.min(chars.len());
    while start > 0 && !ends(start - 1) {
        start -= 1;
    }
    while start < place.start && chars[start].is_whitespace() {
        start += 1;
    }
    let mut end = place.end.clamp(start, chars.len());
    // A place may end with the sign itself.
    while end < chars.len() && !ends(end) && (end == place.start || !ends(end - 1)) {
        end += 1;
    }
    while end < chars.len() && ends(end) && chars[end] != '\n' {
        end += 1;
    }
    start..end
}

/// The text with one stretch in another's place.
pub(super) fn replaced(text: &str, put: &Put) -> String {
    let head = text.chars().take(put.place.start);
    let tail = text.chars().skip(put.place.end);
    head.chain(put.text.chars()).chain(tail).collect()
}

/// The text in stretches, for a page that shows what was found in it. Of places that overlap a secret comes first, and
/// then what begins first.
pub(super) fn stretches(text: &str, found: &[Found]) -> Vec<Stretch> {
    let chars: Vec<char> = text.chars().collect();
    let mut whose: Vec<Option<&Found>> = vec![None; chars.len()];
    let (leaks, others): (Vec<&Found>, Vec<&Found>) = found.iter().partition(|one| one.leak);
    for one in leaks.into_iter().chain(others) {
        let Some(place) = &one.place else { continue };
        for free in whose.iter_mut().take(place.end).skip(place.start) {
            free.get_or_insert(one);
        }
    }
    let number = |at: usize| whose[at].map(|one| one.number);
    let mut all = Vec::new();
    let mut start = 0;
    for end in 1..=chars.len() {
        if end < chars.len() && number(end) == number(start) {
            continue;
        }
        let words: String = chars[start..end].iter().collect();
        let one = whose[start];
        let leak = one.is_some_and(|one| one.leak);
        let text = if leak { mask(&words).public() } else { mask_text(&words) };
        all.push(Stretch { text, number: number(start), blocks: one.is_some_and(|one| one.blocks) });
        start = end;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(text: &str, part: &str) -> String {
        let at = text[..text.find(part).unwrap()].chars().count();
        let place = sentence(text, at..at + part.chars().count());
        text.chars().skip(place.start).take(place.len()).collect()
    }

    #[test]
    fn what_is_said_instead_replaces_whole_sentences() {
        assert_eq!(around("您好。你们这群骗子，退钱！谢谢。", "骗子"), "你们这群骗子，退钱！");
        assert_eq!(around("骗子", "骗子"), "骗子");
        assert_eq!(around("一。\n 骗子！！\n二", "骗子"), "骗子！！");
        assert_eq!(around("退钱！！！！！好", "！！！！"), "退钱！！！！！");
        assert_eq!(around("一。骗子。三。", "骗子。三"), "骗子。三。");
    }
}
