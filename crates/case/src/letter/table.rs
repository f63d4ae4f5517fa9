//! The table of letters, `data/letters.toml`, read once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Deserializer};

use super::LetterKind;
use crate::bilingual::Bilingual;
use crate::claim::ClaimKind;
use crate::platform::ChatKind;
use crate::report::{Observed, PromiseKind};
use crate::scenario::Scenario;

/// Everything of `data/letters.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub(super) max_chars: usize,
    pub(crate) default_basis: Vec<String>,
    pub(super) reply: BTreeMap<ChatKind, String>,
    kind: Vec<KindRow>,
    scenario: Vec<ScenarioRow>,
    demand: Vec<DemandRow>,
    observed: Vec<ObservedRow>,
    pub(crate) answer: Vec<AnswerRow>,
    pub(super) caption: CaptionRow,
    pub(super) gate: GateRow,
}

/// How one kind of letter is built.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindRow {
    code: LetterKind,
    pub(super) rule: Vec<String>,
    pub(super) facts: Vec<SentenceRow>,
    pub(super) demand: Vec<String>,
    #[serde(default)]
    pub(super) basis: Vec<String>,
    #[serde(default)]
    pub(super) contract_only: bool,
    #[serde(default)]
    pub(super) plan: bool,
}

/// One sentence: alternatives, the first whose slots are all known is taken.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SentenceRow {
    pub(super) id: String,
    #[serde(default)]
    pub(super) optional: bool,
    pub(super) of: Vec<String>,
}

/// What letters and statements say of one scenario.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScenarioRow {
    code: Scenario,
    pub(crate) states: Vec<Observed>,
    #[serde(default)]
    pub(crate) promises: Vec<PromiseKind>,
    pub(crate) cite: Vec<String>,
    pub(crate) duty: String,
    pub(crate) state: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DemandRow {
    claim: ClaimKind,
    text: String,
    bare: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ObservedRow {
    state: Observed,
    words: String,
}

/// What stands against a reason for refusing (D7).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerRow {
    #[serde(deserialize_with = "regex")]
    pub(crate) pattern: Regex,
    pub(crate) basis: String,
    pub(crate) text: String,
}

/// The pieces of a caption (S31).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaptionRow {
    pub(super) order: String,
    pub(super) paid: String,
    pub(super) promise: String,
    pub(super) actual: String,
    pub(super) secret_note: Bilingual,
    pub(super) copy_note: Bilingual,
}

/// What the gate looks for beyond tone and style.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GateRow {
    pub(super) blocking: Vec<String>,
    #[serde(deserialize_with = "regex")]
    pub(super) cites: Regex,
    #[serde(deserialize_with = "regex")]
    pub(super) open_slot: Regex,
    pub(super) labels: Vec<String>,
    finding: Vec<FindingRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FindingRow {
    code: String,
    #[serde(flatten)]
    text: Bilingual,
}

pub(crate) fn regex<'de, D: Deserializer<'de>>(from: D) -> Result<Regex, D::Error> {
    Regex::new(&String::deserialize(from)?).map_err(serde::de::Error::custom)
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/letters.toml"))
        .expect("data/letters.toml is checked by its tests")
});

impl Table {
    /// Returns the built-in table.
    pub(crate) fn get() -> &'static Self {
        &TABLE
    }

    pub(super) fn kind(&self, kind: LetterKind) -> &KindRow {
        let found = self.kind.iter().find(|row| row.code == kind);
        found.expect("data/letters.toml has every kind, checked by its tests")
    }

    pub(crate) fn scenario(&self, scenario: Scenario) -> &ScenarioRow {
        let found = self.scenario.iter().find(|row| row.code == scenario);
        found.expect("data/letters.toml has every scenario, checked by its tests")
    }

    /// Returns the words of a demand; without an amount or count those that need none.
    pub(super) fn demand(&self, claim: ClaimKind, complete: bool) -> &str {
        let row = self.demand.iter().find(|row| row.claim == claim);
        let row = row.expect("data/letters.toml has every claim, checked by its tests");
        if complete { &row.text } else { row.bare.as_ref().unwrap_or(&row.text) }
    }

    pub(crate) fn observed(&self, state: Observed) -> &str {
        let row = self.observed.iter().find(|row| row.state == state);
        row.map_or("", |row| row.words.as_str())
    }

    /// Returns what the gate says of a finding of its own.
    pub(super) fn finding(&self, code: &str) -> Bilingual {
        let row = self.gate.finding.iter().find(|row| row.code == code);
        row.map(|row| row.text.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_scenario_claim_and_state_has_its_words() {
        let table = Table::get();
        for kind in LetterKind::ALL {
            assert!(!table.kind(*kind).demand.is_empty());
        }
        for scenario in Scenario::ALL {
            let row = table.scenario(*scenario);
            assert!(row.state.last().is_some_and(|last| !last.contains('{')), "{scenario}");
            let law = crate::law::Table::get();
            assert!(row.cite.iter().all(|id| law.find(id).is_some()), "{scenario}: {:?}", row.cite);
        }
        for claim in ClaimKind::ALL {
            assert!(!table.demand(*claim, true).is_empty());
            assert!(!table.demand(*claim, false).contains('{'), "{claim}");
        }
        for state in Observed::ALL {
            assert!(!table.observed(*state).is_empty(), "{state}");
        }
        assert_eq!(table.reply.len(), ChatKind::ALL.len());
    }
}
