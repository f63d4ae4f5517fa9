//! The tables under `data/recognise/`, parsed once, and how their patterns are compiled.

use regex::Regex;
use serde::de::DeserializeOwned;
use unicode_normalization::UnicodeNormalization;

/// Parses an embedded table.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).expect("data/recognise/*.toml are checked by the tests of this crate")
}

/// Compiles a pattern of an embedded table or of this module.
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("patterns of data/recognise are checked by the tests of this crate")
}

/// Compiles alternatives into one pattern, longer words first, each taken literally.
pub(super) fn any_word<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut words: Vec<&str> = words.into_iter().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.dedup();
    words.into_iter().map(regex::escape).collect::<Vec<_>>().join("|")
}

/// A character that stands for itself whatever the normalisation: most of what pages hold.
pub(super) fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// Folds a word for comparison: NFKC, lower case, no white space.
pub(super) fn fold(word: &str) -> String {
    if word.chars().all(is_plain) {
        return word.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    }
    word.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect()
}

/// Digits, letters and signs in their usual width; white space stays.
pub(super) fn narrow(text: &str) -> String {
    if text.chars().all(is_plain) {
        return text.to_owned();
    }
    text.nfkc().collect()
}

/// A text of at most `chars` characters.
pub(super) fn shorten(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(end, _)| &text[..end])
}
