//! A text as it is read before it is compared, with a way back to the original characters.
//!
//! Every character is taken apart by NFKD, its marks are dropped, it is made small, and a traditional Chinese character
//! becomes the simplified one. Full-width `ＯＲＤＥＲ`, `Order` and `order` are one word, `點卡` is `点卡`. Blanks of any
//! kind are one space; what is invisible is not there.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Traditional characters with the simplified one each is read as.
static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let lines = include_str!("../../data/simplified.txt").lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| {
        let mut chars = line.chars();
        Some((chars.next()?, chars))
    });
    pairs.flat_map(|(simple, others)| others.map(move |other| (other, simple))).collect()
});

/// A folded text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fold {
    chars: Vec<char>,
    /// For each folded character the original one it came from, by its number.
    sources: Vec<usize>,
}

impl Fold {
    /// Folds a text, in time proportional to its length.
    pub fn of(text: &str) -> Self {
        let mut fold =
            Self { chars: Vec::with_capacity(text.len()), sources: Vec::with_capacity(text.len()) };
        for (source, c) in text.chars().enumerate() {
            if c.is_ascii() {
                fold.push(c, source);
            } else if !is_invisible(c) {
                std::iter::once(c).nfkd().for_each(|c| fold.push(c, source));
            }
        }
        if fold.chars.last() == Some(&' ') {
            fold.chars.pop();
            fold.sources.pop();
        }
        fold
    }

    fn push(&mut self, c: char, source: usize) {
        if c.is_whitespace() {
            if self.chars.last().is_some_and(|last| *last != ' ') {
                self.chars.push(' ');
                self.sources.push(source);
            }
        } else if !c.is_control() && !is_combining_mark(c) {
            let c = SIMPLIFIED.get(&c).copied().unwrap_or(c);
            for small in c.to_lowercase().filter(|c| !is_combining_mark(*c)) {
                self.chars.push(small);
                self.sources.push(source);
            }
        }
    }

    /// Returns the folded characters.
    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// Returns the folded text.
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// Returns where folded characters stand in this text, as ranges of original characters; they do not overlap.
    pub fn places(&self, wanted: &[char]) -> Vec<Range<usize>> {
        let Some(first) = wanted.first() else { return Vec::new() };
        let (mut found, mut at) = (Vec::new(), 0);
        while at + wanted.len() <= self.chars.len() {
            if self.chars[at] == *first && self.chars[at..at + wanted.len()] == *wanted {
                found.push(self.sources[at]..self.sources[at + wanted.len() - 1] + 1);
                at += wanted.len();
            } else {
                at += 1;
            }
        }
        found
    }
}

/// Signs that take no place: joiners, directions, variants, the soft hyphen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_in_many_clothes_is_one() {
        for (one, other) in [
            ("點卡無效，退款", "点卡无效,退款"),
            ("ＯＲＤＥＲ－２０２６", "order-2026"),
            ("帳\u{200b}號", "帐号"),
            ("Café\u{3000} ①", "cafe 1"),
            (" 一　二 \n", "一 二"),
            ("ﷺ㈱", "صلى الله عليه وسلم(株)"),
        ] {
            assert_eq!(Fold::of(one).text(), Fold::of(other).text(), "{one}");
        }
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for text in ["苧薴乾隆后裏", "Ａ\u{301}ß ŒİĲ ㎏ ½ 가각", "點卡 ORDER-2026 無效"] {
            let once = Fold::of(text).text();
            assert_eq!(Fold::of(&once).text(), once, "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_original() {
        let text = "訂單 Ｎo.１２　點卡點卡";
        let marked = |wanted: &str| -> Vec<String> {
            let wanted: Vec<char> = wanted.chars().collect();
            let cut = |range: Range<usize>| text.chars().skip(range.start).take(range.len()).collect();
            Fold::of(text).places(&wanted).into_iter().map(cut).collect()
        };
        assert_eq!(marked("no.12"), ["Ｎo.１２"]);
        assert_eq!(marked("点卡"), ["點卡", "點卡"]);
        assert_eq!(marked("订单 no"), ["訂單 Ｎo"]);
        assert!(marked("无").is_empty() && marked("").is_empty());
    }
}
