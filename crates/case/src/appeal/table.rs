//! The table of statements, `data/appeals.toml`, read once.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::Variant;
use crate::bilingual::Bilingual;
use crate::claim::ClaimKind;
use crate::letter::table::regex;
use crate::scenario::Proof;
use crate::tone::Venue;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub(super) default_max: u32,
    pub(super) cites_kept: usize,
    pub(super) labels: Labels,
    pub(super) basis: BasisRow,
    variant: Vec<VariantRow>,
    sentence: Vec<SentenceRow>,
    field: Vec<FieldRow>,
    group: Vec<GroupRow>,
    pub(super) guard: Vec<GuardRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Labels {
    pub(super) fact: String,
    pub(super) basis: String,
    pub(super) claim: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BasisRow {
    pub(super) words: String,
    pub(super) quote: String,
    pub(super) unverified: String,
}

/// How one statement is built.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VariantRow {
    code: Variant,
    pub(super) venue: Venue,
    pub(super) max: Option<u32>,
    /// Who 我 is in a paper that names its parties.
    pub(super) person: Option<String>,
    #[serde(default)]
    pub(super) profile_limits: bool,
    pub(super) sentences: Vec<String>,
    #[serde(default)]
    pub(super) basis: Vec<String>,
    /// Whether nothing but `basis` is cited.
    #[serde(default)]
    pub(super) basis_only: bool,
    pub(super) duty: Option<String>,
    pub(super) ask: Vec<String>,
    #[serde(default)]
    pub(super) claim_own: Vec<ClaimKind>,
    pub(super) ask_own: Option<String>,
    #[serde(default)]
    pub(super) fields: Vec<String>,
}

impl VariantRow {
    /// Lets words of ours speak of whoever signs; what is quoted stays as it was said.
    pub(super) fn spoken(&self, words: &str) -> String {
        let Some(person) = &self.person else { return words.to_owned() };
        let mut quotes = 0_u32;
        let mut spoken = String::with_capacity(words.len());
        for sign in words.chars() {
            match sign {
                '“' => quotes += 1,
                '”' => quotes = quotes.saturating_sub(1),
                _ => {}
            }
            if sign == '我' && quotes == 0 { spoken.push_str(person) } else { spoken.push(sign) }
        }
        spoken
    }
}

/// One sentence of facts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SentenceRow {
    pub(super) id: String,
    pub(super) rank: u8,
    pub(super) of: Vec<String>,
    pub(super) short: Option<String>,
    pub(super) proof: Vec<Proof>,
}

/// A field a body wants beside the text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldRow {
    pub(super) code: String,
    pub(super) label: Bilingual,
    #[serde(default)]
    pub(super) by_user: bool,
    #[serde(default)]
    pub(super) slots: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupRow {
    code: String,
    label: Bilingual,
}

/// Words no statement may have (D4).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GuardRow {
    #[serde(deserialize_with = "regex")]
    pub(super) pattern: Regex,
    pub(super) code: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/appeals.toml"))
        .expect("data/appeals.toml is checked by its tests")
});

impl Table {
    pub(super) fn get() -> &'static Self {
        &TABLE
    }

    pub(super) fn variant(&self, variant: Variant) -> &VariantRow {
        let found = self.variant.iter().find(|row| row.code == variant);
        found.expect("data/appeals.toml has every variant, checked by its tests")
    }

    /// Returns the sentences of a variant, in the order they are read.
    pub(super) fn sentences<'t>(&'t self, row: &'t VariantRow) -> impl Iterator<Item = &'t SentenceRow> {
        row.sentences.iter().filter_map(|id| self.sentence.iter().find(|one| one.id == *id))
    }

    /// Returns the fields a variant wants.
    pub(super) fn fields<'t>(&'t self, row: &'t VariantRow) -> impl Iterator<Item = &'t FieldRow> {
        row.fields.iter().filter_map(|code| self.field.iter().find(|field| field.code == *code))
    }

    pub(super) fn group(&self, code: &str) -> Bilingual {
        let row = self.group.iter().find(|row| row.code == code);
        row.map(|row| row.label.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variant_names_sentences_and_fields_there_are() {
        let table = Table::get();
        for variant in Variant::ALL {
            let row = table.variant(*variant);
            assert_eq!(table.sentences(row).count(), row.sentences.len(), "{variant}");
            assert_eq!(table.fields(row).count(), row.fields.len(), "{variant}");
            assert!(table.sentences(row).any(|one| one.rank == 0), "{variant} has a decisive fact");
            assert!(!row.ask.is_empty());
        }
    }
}
