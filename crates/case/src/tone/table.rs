//! `data/tone.toml`: its schema, and the patterns compiled once.

mod channels;
mod rules;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Deserializer};

use channels::{ChannelFile, LawfulFile, StyleFile};
pub(super) use channels::{Lawful, Style};
pub(super) use rules::{Guard, Rule, Scope, Shield, Window};
use rules::{GuardFile, RuleFile, Words};

use super::fold::FoldRow;
use super::verdict::Venue;

/// The table as the engine uses it.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::parse(include_str!("../../data/tone.toml")).expect("data/tone.toml is checked by its tests")
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "version")]
    _version: u32,
    word: BTreeMap<String, String>,
    fold: FoldRow,
    guard: Vec<GuardFile>,
    rule: Vec<RuleFile>,
    lawful: LawfulFile,
    channel: Vec<ChannelFile>,
    venue: Vec<VenueRow>,
    reason: Vec<ReasonRow>,
    rewriting: Rewriting,
    style: StyleFile,
}

/// Everything compiled.
pub(super) struct Table {
    pub(super) fold: FoldRow,
    pub(super) rules: Vec<Rule>,
    pub(super) lawful: Lawful,
    pub(super) venues: Vec<VenueRow>,
    pub(super) reasons: Vec<ReasonRow>,
    pub(super) rewriting: Rewriting,
    pub(super) style: Style,
}

/// A venue and the personal data it may have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VenueRow {
    pub(super) id: Venue,
    pub(super) allows: Vec<String>,
    #[serde(default, deserialize_with = "maybe_regex")]
    pub(super) head: Option<Regex>,
}

/// A reason in two languages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonRow {
    pub(super) code: String,
    pub(super) zh: String,
    pub(super) en: String,
    pub(super) basis: Vec<String>,
}

/// The sentences of §6.3.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rewriting {
    pub(super) slots: BTreeMap<String, String>,
    pub(super) optional: Vec<String>,
    pub(super) pattern: Vec<RewritingPattern>,
}

/// One sentence with slots.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RewritingPattern {
    pub(super) id: String,
    pub(super) text: String,
}

fn maybe_regex<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Regex>, D::Error> {
    let text = String::deserialize(source)?;
    Regex::new(&text).map(Some).map_err(serde::de::Error::custom)
}

impl Table {
    /// Reads a table; the error says which row is wrong.
    fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let words = Words(file.word);
        let guards: Result<Vec<_>, String> =
            file.guard.into_iter().map(|row| rules::guard(row, &words)).collect();
        let guards = guards?;
        let rules: Result<Vec<_>, String> =
            file.rule.into_iter().map(|row| rules::rule(row, &words, &guards)).collect();
        Ok(Self {
            fold: file.fold.indexed(),
            rules: rules?,
            lawful: channels::lawful(&file.lawful, file.channel)?,
            venues: file.venue,
            reasons: file.reason,
            rewriting: file.rewriting,
            style: channels::style(file.style)?,
        })
    }

    /// The row of a venue.
    pub(super) fn venue(&self, venue: Venue) -> &VenueRow {
        self.venues.iter().find(|row| row.id == venue).expect("data/tone.toml has a row for every venue")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_whole() {
        let table = Table::parse(include_str!("../../data/tone.toml")).unwrap();
        let mut ids = BTreeSet::new();
        for rule in &table.rules {
            assert!(ids.insert(&rule.id), "{} twice", rule.id);
            assert!(rule.label.is_some() != rule.tag.is_some(), "{}: a label or a tag", rule.id);
            assert!(rule.patterns.is_empty() == rule.finder.is_some(), "{}: patterns or a finder", rule.id);
            assert!(rule.severity <= 3 && (rule.severity > 0) == rule.label.is_some(), "{}", rule.id);
            let known = table.reasons.iter().any(|row| row.code == rule.reason);
            assert!(known || rule.label.is_none(), "{}: no reason {}", rule.id, rule.reason);
            let mends = |id: &String| table.rewriting.pattern.iter().any(|row| &row.id == id);
            assert!(rule.rewrite.as_ref().is_none_or(mends), "{}: no such rewriting", rule.id);
        }
        assert_eq!(table.venues.len(), 8);
    }

    #[test]
    fn every_slot_of_a_sentence_has_a_name() {
        let slot = Regex::new(r"\{([a-z_]+)\}").unwrap();
        for row in &TABLE.rewriting.pattern {
            for found in slot.captures_iter(&row.text) {
                assert!(TABLE.rewriting.slots.contains_key(&found[1]), "{}: {}", row.id, &found[1]);
            }
        }
    }
}
