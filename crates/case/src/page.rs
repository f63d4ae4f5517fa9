//! A watched page: its label, what was declared of it, and the versions of it that were seen (S50).
//!
//! A page belongs to no order. Its versions are events of their own key in the vault, since their texts are long; what
//! was declared of it is a report of the house.

mod article;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sigu_evidence::{ContentId, ItemId, ItemManifest};

pub use article::article_of;

use crate::coded::coded;
use crate::report::{Kind as _, Logged, PageWatched};

/// Longest interval between two looks, in hours: a year.
pub const MAX_EVERY_HOURS: u32 = 24 * 366;
/// Most selectors, or patterns, of one list of a recipe.
pub const MAX_RECIPE_LINES: usize = 50;
/// Longest selector or pattern, in characters.
pub const MAX_RECIPE_CHARS: usize = 500;
/// Most bytes of a version's text that its leaf holds, as JSON writes it: what a field takes, less room for quotes.
pub const MAX_PAGE_TEXT_BYTES: usize = 500 * 1024;

/// The user's short name of a watched page: 1 to 32 of `A-Z a-z 0-9 _ -`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct PageLabel(String);

/// A name that is empty, too long, or has a character outside `A-Z a-z 0-9 _ -`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a page's name has 1 to 32 of A-Z a-z 0-9 _ -")]
pub struct PageLabelError;

impl FromStr for PageLabel {
    type Err = PageLabelError;

    fn from_str(label: &str) -> Result<Self, PageLabelError> {
        let fits = (1..=32).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if fits { Ok(Self(label.to_owned())) } else { Err(PageLabelError) }
    }
}

impl<'de> serde::Deserialize<'de> for PageLabel {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let label = String::deserialize(deserializer)?;
        label.parse().map_err(serde::de::Error::custom)
    }
}

impl PageLabel {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Makes a name of an address: host and path, in lower case, with `-` for what a name cannot have.
    ///
    /// `taken` tells which names there are; a number is added to one of them.
    pub fn of_address(url: &str, taken: impl Fn(&Self) -> bool) -> Self {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let rest = rest.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        let rest = rest.strip_prefix("www.").unwrap_or(&rest);
        let plain = rest.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
        let joined = plain.collect::<Vec<_>>().join("-");
        // The end of an address tells pages of one host apart.
        let start = joined.len().saturating_sub(28);
        let base = joined[start..].trim_matches('-').to_owned();
        let base = if base.is_empty() { "page".to_owned() } else { base };
        let numbered = (2..).map(|number| Self(format!("{base}-{number}")));
        let mut all = std::iter::once(Self(base.clone())).chain(numbered);
        all.find(|label| !taken(label)).expect("there is always a higher number")
    }
}

impl fmt::Display for PageLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

coded! {
    /// How much a version differs from the one before, as it was judged when it was seen.
    PageChange {
        /// Words that say nothing of what is owed.
        Wording = "wording",
        /// A term, a number, a right.
        Substance = "substance",
    }
}

/// A version of a watched page, to be logged with the bytes it was read from.
///
/// After an erasure nothing is left but the page and when it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFixed {
    /// The page.
    pub page: PageLabel,
    /// When it was seen, by the device's clock.
    pub seen_at: Timestamp,
    /// The address at which it was found at last.
    pub url: Option<String>,
    /// The status the server answered with; `None` where a browser read it.
    pub status: Option<u32>,
    /// The version of the cleaning profile, such as `readable/1`.
    pub profile: Option<String>,
    /// The cleaned text, one block a line; its beginning only where `cut`.
    pub text: Option<String>,
    /// Whether the text was longer than a leaf holds.
    pub cut: bool,
    /// SHA-256 of the whole cleaned text.
    pub text_sha256: Option<ContentId>,
    /// The version it was compared with; `None` for the first.
    pub before: Option<ItemId>,
    /// How much it differs from that one.
    pub change: Option<PageChange>,
    /// The first day in force that the text announces.
    pub in_force_from: Option<Date>,
    /// The day of publication that the text announces.
    pub published_on: Option<Date>,
    /// What the item, the raw bytes, says of itself.
    pub manifest: Option<ItemManifest>,
}

/// Cuts a text to what a leaf holds, at the end of a line where there is one. Tells whether it was longer.
pub fn fit(text: &str) -> (&str, bool) {
    let mut room = MAX_PAGE_TEXT_BYTES;
    for (place, c) in text.char_indices() {
        let takes = match c {
            '"' | '\\' | '\n' | '\r' | '\t' => 2,
            c if c.is_control() => 6,
            c => c.len_utf8(),
        };
        if takes > room {
            let line = text[..place].rfind('\n').unwrap_or(place);
            return (&text[..line], true);
        }
        room -= takes;
    }
    (text, false)
}

/// What the state knows of a version: enough to cite it and to erase it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSeen {
    /// The page.
    pub page: PageLabel,
    /// When it was seen.
    pub seen_at: Timestamp,
    /// What it says of itself; `None` once it is erased.
    pub manifest: Option<ItemManifest>,
}

/// Returns what was declared last of each page, with its leaf; those that are watched no more stand in it too.
pub fn declared(notes: &[Logged]) -> BTreeMap<&PageLabel, (ItemId, &PageWatched)> {
    let pages = notes.iter().filter_map(|logged| Some((logged.item, PageWatched::of(&logged.report)?)));
    pages.map(|(item, watched)| (&watched.page, (item, watched))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gives_a_name_that_is_free() {
        let none = |_: &PageLabel| false;
        for (url, name) in [
            ("https://www.example.com/rules", "example-com-rules"),
            ("https://shop.example/?id=1#a", "shop-example"),
            ("https://help.example.com/zh/articles/2001/after-sale", "com-zh-articles-2001-after-sale"),
            ("http://例子.测试/规则", "page"),
        ] {
            let label = PageLabel::of_address(url, none);
            assert!(label.as_str().parse::<PageLabel>().is_ok(), "{label}");
            assert!(name.ends_with(label.as_str()), "{label} for {name}");
        }
        let taken = |label: &PageLabel| label.as_str() == "shop-example";
        assert_eq!(PageLabel::of_address("https://shop.example/", taken).as_str(), "shop-example-2");
    }

    #[test]
    fn a_text_is_cut_at_a_line_and_says_so() {
        assert_eq!(fit("短\n的"), ("短\n的", false));
        let long = "一行规则\n".repeat(60_000);
        let (kept, cut) = fit(&long);
        assert!(cut && kept.ends_with('则') && kept.len() < MAX_PAGE_TEXT_BYTES);
        let quotes = "\"".repeat(MAX_PAGE_TEXT_BYTES);
        assert!(serde_json::to_string(fit(&quotes).0).unwrap().len() <= 512 * 1024);
        let controls = "\u{1}".repeat(MAX_PAGE_TEXT_BYTES);
        assert!(serde_json::to_string(fit(&controls).0).unwrap().len() <= 512 * 1024);
    }
}
