//! The words and numbers of dossiers, checks and reviews: `data/dossier.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::bilingual::Bilingual;
use crate::parameters::Parameter;
use crate::report::{FollowUpKind, Observed, Part};

/// The table as the data has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub(crate) parameter: Vec<Parameter>,
    pub(crate) quality: Quality,
    pub(crate) high_value_goods: Vec<String>,
    pub(crate) identity_gap: Vec<Row>,
    pub(crate) advice: Vec<Row>,
    pub(crate) factor: Vec<FactorRow>,
    pub(crate) reason: Vec<ReasonRow>,
    pub(crate) save_first: Vec<SaveRow>,
    pub(crate) topic: Vec<TopicRow>,
    pub(crate) notice: Vec<Row>,
    pub(crate) follow_up: Vec<FollowUpRow>,
    pub(crate) reading: Reading,
}

/// Which states are no problem of the goods.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quality {
    pub(crate) fine: Vec<Observed>,
    pub(crate) says_nothing: Vec<Observed>,
}

/// A code with its words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) code: String,
    pub(crate) text: Bilingual,
}

/// A factor of the check before buying.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactorRow {
    pub(crate) code: String,
    /// Whether its warning alone asks for care.
    pub(crate) weighs: bool,
    /// Whether it can be what speaks for a purchase.
    pub(crate) supports: bool,
    pub(crate) source: String,
    pub(crate) name: Bilingual,
    pub(crate) why: Bilingual,
}

/// Why a factor got its verdict.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReasonRow {
    pub(crate) code: String,
    pub(crate) verdict: String,
    pub(crate) text: Bilingual,
}

/// What to save before paying.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaveRow {
    pub(crate) part: Part,
    #[serde(default)]
    pub(crate) with_coverage: bool,
    pub(crate) what: Bilingual,
    pub(crate) why: Bilingual,
}

/// A watched topic.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TopicRow {
    pub(crate) code: String,
    pub(crate) name: Bilingual,
    pub(crate) advice: Bilingual,
}

/// A date to come back on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FollowUpRow {
    pub(crate) code: String,
    pub(crate) kind: FollowUpKind,
    /// The number that says how many days before or after.
    pub(crate) days: String,
    pub(crate) text: Bilingual,
}

/// How spans and days are read from words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reading {
    pub(crate) expiry_goods: Vec<String>,
    pub(crate) recovery_goods: Vec<String>,
    pub(crate) endless: Vec<String>,
    pub(crate) until: String,
    pub(crate) span: String,
    pub(crate) digit: Vec<DigitRow>,
    pub(crate) unit: Vec<UnitRow>,
    pub(crate) term: Vec<TermRow>,
}

/// A numeral.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DigitRow {
    pub(crate) word: String,
    pub(crate) value: u16,
}

/// A unit of time: so many months, else days, else hours.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitRow {
    pub(crate) word: String,
    #[serde(default)]
    pub(crate) months: u16,
    #[serde(default)]
    pub(crate) days: u16,
    #[serde(default)]
    pub(crate) hours: u16,
}

/// A term of membership that goods name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TermRow {
    pub(crate) word: String,
    pub(crate) months: u16,
    #[serde(default)]
    pub(crate) days: u16,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/dossier.toml"))
        .expect("data/dossier.toml is checked by its tests")
});

impl Table {
    /// Returns the table, read once.
    pub(crate) fn get() -> &'static Self {
        &TABLE
    }

    /// Returns one of the numbers.
    pub(crate) fn number(&self, name: &str) -> u32 {
        let row = self.parameter.iter().find(|row| row.name == name);
        row.expect("data/dossier.toml has every number, checked by its tests").value
    }
}

/// Returns the words of a code the table has.
pub(crate) fn words(rows: &'static [Row], code: &str) -> &'static Bilingual {
    let row = rows.iter().find(|row| row.code == code);
    &row.expect("data/dossier.toml has every code, checked by its tests").text
}
