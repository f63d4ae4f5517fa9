//! Versions of a platform's rules: which was in force, is it proved, was notice given (S27, S50).

use jiff::civil::Date;
use jiff::{Timestamp, tz};
use serde::{Deserialize, Serialize};

use super::fact::{day_or_nothing, instant_or_nothing};
use crate::ItemId;

/// Days between publication and effect of any change (L-PRM-12, L-ECL-34).
pub const NOTICE_DAYS: i32 = 7;

/// Days for a change that touches many users or important rights (L-PRM-13).
pub const NOTICE_DAYS_IMPORTANT: i32 = 15;

/// One captured version of one article of a platform's rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleVersion {
    /// The platform's id.
    pub platform: String,
    /// The rule's title, without 《》.
    pub title: String,
    /// The article, as the platform counts it, such as `第5条`.
    pub article: String,
    /// Its content.
    pub text: String,
    /// The first day it is in force, in Asia/Shanghai; `None` when unknown.
    pub in_force_from: Option<Date>,
    /// The last day it is in force; `None` while it is, or when unknown.
    pub in_force_to: Option<Date>,
    /// The day it was published; `None` when unknown.
    pub published_at: Option<Date>,
    /// The fixed evidence that shows it; without one a citation is unverified (S27).
    pub snapshot: Option<ItemId>,
    /// When it was looked up; `None` when nobody noted it.
    pub retrieved_at: Option<Timestamp>,
}

/// A rule as a profile file states it; the platform is the profile.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatedRule {
    title: String,
    article: String,
    text: String,
    #[serde(default, deserialize_with = "day_or_nothing")]
    in_force_from: Option<Date>,
    #[serde(default, deserialize_with = "day_or_nothing")]
    in_force_to: Option<Date>,
    #[serde(default, deserialize_with = "day_or_nothing")]
    published_at: Option<Date>,
    #[serde(default, deserialize_with = "item_or_nothing")]
    snapshot: Option<ItemId>,
    #[serde(default, deserialize_with = "instant_or_nothing")]
    retrieved_at: Option<Timestamp>,
}

fn item_or_nothing<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<ItemId>, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

impl StatedRule {
    pub(super) fn of(self, platform: &str) -> RuleVersion {
        RuleVersion {
            platform: platform.to_owned(),
            title: self.title,
            article: self.article,
            text: self.text,
            in_force_from: self.in_force_from,
            in_force_to: self.in_force_to,
            published_at: self.published_at,
            snapshot: self.snapshot,
            retrieved_at: self.retrieved_at,
        }
    }
}

/// Which version was in force at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InForce<'a> {
    /// This one, by its own dates.
    Dated(&'a RuleVersion),
    /// This one was seen then or before, and its first day in force is not known.
    Seen(&'a RuleVersion),
    /// No captured version covers that instant.
    Unknown,
}

impl<'a> InForce<'a> {
    /// Returns the version, if any.
    pub fn version(&self) -> Option<&'a RuleVersion> {
        match self {
            Self::Dated(version) | Self::Seen(version) => Some(version),
            Self::Unknown => None,
        }
    }
}

/// A citation of a rule, ready for a message (S27).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// The rule's title.
    pub title: String,
    /// The article.
    pub article: String,
    /// Its content.
    pub text: String,
    /// The evidence that shows it.
    pub snapshot: Option<ItemId>,
    /// When it was looked up.
    pub retrieved_at: Option<Timestamp>,
    /// Whether evidence shows it (S27).
    pub verified: bool,
    /// Whether its own dates cover the instant asked for; else it was only seen then or before.
    pub dated: bool,
}

/// Whether a change was announced early enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeVerdict {
    /// At least 15 days: enough for any change (L-PRM-13).
    Ample,
    /// At least 7 days: enough unless many users or important rights are touched (L-PRM-12, L-PRM-13).
    EnoughUnlessImportant,
    /// Less than 7 days (L-PRM-12).
    TooShort,
    /// A date is not known.
    Unknown,
}

/// The days between publication and effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Days; negative when it took effect before it was published; `None` when a date is not known.
    pub days: Option<i32>,
    /// What that means.
    pub verdict: NoticeVerdict,
}

impl RuleVersion {
    /// Compares publication and first day in force with L-PRM-12 and L-PRM-13.
    ///
    /// Applies to rules that took effect from 2026-02-01 on; before that only L-ECL-34 asks for 7 days.
    pub fn notice(&self) -> Notice {
        let days =
            self.published_at.zip(self.in_force_from).map(|(published, from)| days_between(published, from));
        let verdict = match days {
            None => NoticeVerdict::Unknown,
            Some(days) if days >= NOTICE_DAYS_IMPORTANT => NoticeVerdict::Ample,
            Some(days) if days >= NOTICE_DAYS => NoticeVerdict::EnoughUnlessImportant,
            Some(_) => NoticeVerdict::TooShort,
        };
        Notice { days, verdict }
    }

    fn is(&self, platform: &str, title: &str, article: &str) -> bool {
        self.platform == platform && plain_title(&self.title) == plain_title(title) && self.article == article
    }

    /// The first day it is known to stand: its own date, else the day it was seen.
    fn known_from(&self) -> Option<Date> {
        self.in_force_from.or_else(|| self.retrieved_at.map(day_in_china))
    }

    fn covers(&self, day: Date) -> bool {
        self.known_from().is_some_and(|from| from <= day) && self.in_force_to.is_none_or(|to| day <= to)
    }
}

/// Captured versions of rules, asked by instant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct RuleBook {
    versions: Vec<RuleVersion>,
}

impl RuleBook {
    /// Makes a book of captured versions, in any order.
    pub fn new(versions: Vec<RuleVersion>) -> Self {
        Self { versions }
    }

    /// Returns the version of the article that was in force at `at`, read as a day in Asia/Shanghai.
    ///
    /// Of several that cover the day the latest wins, since a newer version replaces an older one.
    pub fn in_force(&self, platform: &str, title: &str, article: &str, at: Timestamp) -> InForce<'_> {
        let day = day_in_china(at);
        let covering =
            self.history(platform, title, article).into_iter().filter(|version| version.covers(day));
        match covering.max_by_key(|version| version.known_from()) {
            Some(version) if version.in_force_from.is_some() => InForce::Dated(version),
            Some(version) => InForce::Seen(version),
            None => InForce::Unknown,
        }
    }

    /// Returns all versions of the article, oldest first; those without any date come first.
    pub fn history(&self, platform: &str, title: &str, article: &str) -> Vec<&RuleVersion> {
        let mut found: Vec<_> =
            self.versions.iter().filter(|version| version.is(platform, title, article)).collect();
        found.sort_by_key(|version| version.known_from());
        found
    }

    /// Cites the version in force at `at`; `None` when no version covers it.
    pub fn cite(&self, platform: &str, title: &str, article: &str, at: Timestamp) -> Option<Citation> {
        let found = self.in_force(platform, title, article, at);
        let version = found.version()?;
        Some(Citation {
            title: version.title.clone(),
            article: version.article.clone(),
            text: version.text.clone(),
            snapshot: version.snapshot,
            retrieved_at: version.retrieved_at,
            verified: version.snapshot.is_some(),
            dated: matches!(found, InForce::Dated(_)),
        })
    }
}

fn plain_title(title: &str) -> &str {
    title.trim().trim_start_matches('《').trim_end_matches('》')
}

/// The calendar day of an instant in mainland China, which has been +08:00 without change since 1991.
fn day_in_china(at: Timestamp) -> Date {
    at.to_zoned(tz::Offset::constant(8).to_time_zone()).date()
}

fn days_between(from: Date, to: Date) -> i32 {
    let hours = from.duration_until(to).as_hours();
    i32::try_from(hours / 24).unwrap_or(i32::MAX)
}
