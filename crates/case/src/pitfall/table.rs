//! The words and limits of `data/pitfalls.toml`.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::PitfallCode;
use crate::bilingual::Bilingual;

/// What to tell the user of one pitfall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PitfallText {
    /// Which.
    pub code: PitfallCode,
    /// The requirement, section or law it comes from.
    pub source: String,
    /// Its name.
    pub name: Bilingual,
    /// Why it weakens the case.
    pub why: Bilingual,
    /// What to do.
    pub fix: Bilingual,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) clock_off_s: u64,
    pub(super) gap_h: i64,
    pub(super) changed_after_s: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    limits: Limits,
    order: OrderRows,
    words: Patterns,
    pitfall: Vec<PitfallText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderRows {
    pairs: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    authorised: String,
    rule: String,
}

#[derive(Debug)]
pub(super) struct Table {
    pub(super) limits: Limits,
    pub(super) pairs: Vec<(String, String)>,
    pub(super) authorised: Regex,
    pub(super) rule: Regex,
    texts: Vec<PitfallText>,
}

const CHECKED: &str = "data/pitfalls.toml is checked by its tests";

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../data/pitfalls.toml")).expect(CHECKED);
    Table {
        limits: file.limits,
        pairs: file.order.pairs,
        authorised: Regex::new(&file.words.authorised).expect(CHECKED),
        rule: Regex::new(&file.words.rule).expect(CHECKED),
        texts: file.pitfall,
    }
});

/// Returns the table, read once.
pub(super) fn get() -> &'static Table {
    &TABLE
}

impl Table {
    pub(super) fn text(&self, code: PitfallCode) -> &PitfallText {
        self.texts.iter().find(|text| text.code == code).expect(CHECKED)
    }
}
