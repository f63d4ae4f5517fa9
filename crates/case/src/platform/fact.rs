//! A fact of a profile: its value, and from where and how surely it is known.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::bilingual::Bilingual;
use crate::confidence::Confidence;

/// From where a fact is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// The source's name, such as `QS` or a page's title.
    pub source: String,
    /// The day it was last looked at.
    pub checked_at: Date,
    /// How surely it is known.
    pub confidence: Confidence,
    /// What limits it, where something does.
    pub note: Option<Bilingual>,
}

/// A value with its provenance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact<T> {
    /// What is known.
    pub value: T,
    /// From where.
    #[serde(flatten)]
    pub from: Provenance,
}

impl<T> Fact<T> {
    /// Tells whether it must be shown as 待核验.
    pub fn is_unverified(&self) -> bool {
        self.from.confidence == Confidence::D
    }
}

/// A fact as a file states it; what it leaves out comes from the head of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stated<T> {
    value: T,
    source: Option<String>,
    #[serde(default, deserialize_with = "day_or_nothing")]
    checked_at: Option<Date>,
    confidence: Option<Confidence>,
    note: Option<Bilingual>,
}

impl<T> Stated<T> {
    /// Fills in what the head of the file says for all its facts.
    pub(super) fn resolve(self, head: &Provenance) -> Fact<T> {
        let from = Provenance {
            source: self.source.unwrap_or_else(|| head.source.clone()),
            checked_at: self.checked_at.unwrap_or(head.checked_at),
            confidence: self.confidence.unwrap_or(head.confidence),
            note: self.note,
        };
        Fact { value: self.value, from }
    }
}

/// A day as a text or as TOML's own date.
#[derive(Deserialize)]
#[serde(untagged)]
enum Day {
    Native(toml::value::Datetime),
    Text(String),
}

impl Day {
    fn text(self) -> String {
        match self {
            Self::Native(native) => native.to_string(),
            Self::Text(text) => text,
        }
    }
}

/// Reads a day such as `2026-11-22`, quoted or not.
pub(super) fn day_or_nothing<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    let day =
        Day::deserialize(from).map_err(|_| serde::de::Error::custom("expected a day such as 2026-11-22"))?;
    let text = day.text();
    let bad = |_| serde::de::Error::custom(format!("`{text}` is no day, expected one such as 2026-11-22"));
    text.parse().map(Some).map_err(bad)
}

/// Reads an instant such as `2026-11-22T10:00:00+08:00`, quoted or not.
pub(super) fn instant_or_nothing<'de, D: serde::Deserializer<'de>>(
    from: D,
) -> Result<Option<jiff::Timestamp>, D::Error> {
    let example = "2026-11-22T10:00:00+08:00";
    let day = Day::deserialize(from)
        .map_err(|_| serde::de::Error::custom(format!("expected a time such as {example}")))?;
    let text = day.text();
    let bad = |_| {
        serde::de::Error::custom(format!("`{text}` is no time with zone, expected one such as {example}"))
    };
    text.parse().map(Some).map_err(bad)
}
