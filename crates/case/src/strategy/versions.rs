//! Captured versions, article by article, and which orders an article touches.

use std::collections::BTreeSet;

use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization;

use crate::House;
use crate::platform::{RuleBook, RuleVersion};
use crate::report::{Kind, RuleCaptured};

/// One article of a platform's rules with its versions, oldest first.
#[derive(Debug, Clone)]
pub(super) struct Article {
    /// The platform, by its profile where it has one.
    pub(super) platform: String,
    pub(super) title: String,
    pub(super) article: String,
    pub(super) versions: Vec<RuleVersion>,
}

/// Returns every article a version was captured of by `now`, those of profiles with it.
pub(super) fn articles(house: &House, now: Timestamp) -> Vec<Article> {
    let versions = versions(house, now);
    let names: BTreeSet<(String, String, String)> = versions
        .iter()
        .map(|one| (one.platform.clone(), plain(&one.title).to_owned(), one.article.clone()))
        .collect();
    let book = RuleBook::new(versions);
    let with_versions = |(platform, title, article): (String, String, String)| {
        let versions = book.history(&platform, &title, &article).into_iter().cloned().collect();
        Article { platform, title, article, versions }
    };
    names.into_iter().map(with_versions).collect()
}

/// The versions of all profiles and of the log, by the time they were captured; the platform is its key.
fn versions(house: &House, now: Timestamp) -> Vec<RuleVersion> {
    let built_in = house.registry().profiles().iter().flat_map(|profile| profile.rules.iter().cloned());
    let captured =
        house.notes().iter().filter_map(|logged| RuleCaptured::of(&logged.report)).map(RuleVersion::from);
    let mut all: Vec<RuleVersion> =
        built_in.chain(captured).filter(|one| one.retrieved_at.is_none_or(|at| at <= now)).collect();
    for one in &mut all {
        one.platform = key_of(house, &one.platform);
        one.article = one.article.trim().to_owned();
    }
    all.sort_by_key(|one| one.retrieved_at);
    all
}

/// The platform's profile, else its name as it is written, in lower case.
fn key_of(house: &House, platform: &str) -> String {
    let found = house.registry().find(platform);
    found.map_or_else(|| platform.trim().to_lowercase(), |profile| profile.id.clone())
}

fn plain(title: &str) -> &str {
    title.trim().trim_start_matches('《').trim_end_matches('》')
}

/// The words alone: spaces and width are no difference.
fn words(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

impl Article {
    /// Tells whether an order was placed where this rule stands: by its profile or its platform.
    pub(super) fn touches(&self, house: &House, keys: [Option<&str>; 2]) -> bool {
        keys.into_iter().flatten().any(|key| key_of(house, key) == self.platform)
    }

    /// Returns each pair of neighbours whose words differ; versions without words are passed over.
    pub(super) fn changes(&self) -> Vec<(&RuleVersion, &RuleVersion)> {
        let spoken: Vec<(String, &RuleVersion)> = self
            .versions
            .iter()
            .map(|version| (words(&version.text), version))
            .filter(|(words, _)| !words.is_empty())
            .collect();
        let pairs = spoken.windows(2).filter_map(|pair| match pair {
            [(old, before), (new, after)] if old != new => Some((*before, *after)),
            _ => None,
        });
        pairs.collect()
    }

    /// Returns how many versions with different words there are.
    pub(super) fn distinct(&self) -> u32 {
        let all: BTreeSet<String> = self
            .versions
            .iter()
            .map(|version| words(&version.text))
            .filter(|words| !words.is_empty())
            .collect();
        u32::try_from(all.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn last_checked(&self) -> Option<Timestamp> {
        self.versions.iter().filter_map(|version| version.retrieved_at).max()
    }
}
