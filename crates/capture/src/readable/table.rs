//! The cleaning profile: `data/readable.toml`, read once.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    drop: Drop,
    keep: KeepRow,
    noise: Vec<NoiseRow>,
    signs: SignsRow,
}

/// What is left out of a page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Drop {
    pub(super) elements: BTreeSet<String>,
    pub(super) frames: BTreeSet<String>,
    pub(super) roles: BTreeSet<String>,
    pub(super) ads: BTreeSet<String>,
    pub(super) frame_words: BTreeSet<String>,
    pub(super) frame_names: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeepRow {
    pattern: String,
    least: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoiseRow {
    #[serde(rename = "name")]
    _name: String,
    pattern: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignsRow {
    captcha: SignRow,
    login: SignRow,
    moved: SignRow,
    blank: SignRow,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignRow {
    title: String,
    text: String,
    mark: String,
    most: usize,
    ends: usize,
}

/// By what one kind of page is known.
pub(super) struct Sign {
    pub(super) title: Regex,
    pub(super) text: Regex,
    pub(super) mark: Regex,
    /// Most signs of text such a page has.
    pub(super) most: usize,
    /// Most ends of sentences.
    pub(super) ends: usize,
}

/// The profile, ready to use.
pub(super) struct Table {
    pub(super) drop: Drop,
    /// Terms that stay although they stand in the frame, in lines at least so long.
    pub(super) keep: Regex,
    pub(super) least: usize,
    pub(super) noise: Vec<Regex>,
    /// The same patterns at once: most lines match none.
    pub(super) any_noise: RegexSet,
    pub(super) captcha: Sign,
    pub(super) login: Sign,
    pub(super) moved: Sign,
    pub(super) blank: Sign,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../data/readable.toml"))
        .expect("data/readable.toml is checked by its tests");
    Table::of(file)
});

fn pattern(text: &str) -> Regex {
    let built = RegexBuilder::new(text).case_insensitive(true).build();
    built.expect("data/readable.toml is checked by its tests")
}

impl Sign {
    fn of(row: &SignRow) -> Self {
        let (title, text, mark) = (pattern(&row.title), pattern(&row.text), pattern(&row.mark));
        Self { title, text, mark, most: row.most, ends: row.ends }
    }
}

impl Table {
    fn of(file: File) -> Self {
        assert_eq!(file.version, super::PROFILE, "data/readable.toml is checked by its tests");
        let rows = file.noise.iter().map(|row| row.pattern.as_str());
        let any = RegexSetBuilder::new(rows.clone()).case_insensitive(true).build();
        Self {
            keep: pattern(&file.keep.pattern),
            least: file.keep.least,
            noise: rows.map(pattern).collect(),
            any_noise: any.expect("data/readable.toml is checked by its tests"),
            captcha: Sign::of(&file.signs.captcha),
            login: Sign::of(&file.signs.login),
            moved: Sign::of(&file.signs.moved),
            blank: Sign::of(&file.signs.blank),
            drop: file.drop,
        }
    }

    pub(super) fn get() -> &'static Self {
        &TABLE
    }
}

impl Drop {
    /// Tells whether a class or id has one of the words of advertisement and the like.
    pub(super) fn is_ad(&self, name: &str) -> bool {
        words(name).any(|word| self.ads.contains(&word))
    }

    /// Tells whether a class or id is one of the page's frame.
    pub(super) fn is_frame(&self, name: &str) -> bool {
        self.frame_names.contains(&name.to_ascii_lowercase())
            || words(name).any(|word| self.frame_words.contains(&word))
    }
}

/// The words of a name such as `leftNav-2 ad_box`, in small letters.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for sign in name.chars().take(128) {
        if !sign.is_ascii_alphabetic() || (small && sign.is_ascii_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| sign.is_ascii_alphabetic()) {
            word.push(sign.to_ascii_lowercase());
        }
        small = sign.is_ascii_lowercase();
    }
    words.into_iter().filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_of_the_version_that_is_told() {
        let table = Table::get();
        assert!(table.noise.iter().all(|noise| !noise.is_match("")));
        assert_eq!(table.noise.len(), table.any_noise.len());
    }

    #[test]
    fn names_are_cut_at_signs_digits_and_capitals() {
        let cut = |name: &str| words(name).collect::<Vec<_>>();
        assert_eq!(cut("leftNav-2 ad_box"), ["left", "nav", "ad", "box"]);
        assert_eq!(cut("shadow"), ["shadow"]);
        let drop = &Table::get().drop;
        assert!(
            drop.is_ad("top-ad-1")
                && drop.is_ad("cookieBar")
                && !drop.is_ad("shadow")
                && !drop.is_ad("download")
        );
        assert!(drop.is_frame("mainNav") && drop.is_frame("Header") && !drop.is_frame("rule-header"));
    }
}
