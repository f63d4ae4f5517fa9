//! The platform's own complaint form: its entries, and which stands for which canonical category (D2, S38).

use serde::{Deserialize, Serialize};

use super::Profile;
use crate::bilingual::Bilingual;
use crate::category::Category;
use crate::scenario::Scenario;

/// One entry of the platform's own form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnCategory {
    /// The entry's code on the platform, else its words.
    pub code: String,
    /// Its words, and what they mean in English.
    pub name: Bilingual,
    /// What the platform says beside it.
    pub note: Option<Bilingual>,
}

/// Which entry stands for a canonical category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryMapping {
    /// The canonical category.
    pub canonical: Category,
    /// The code of the entry.
    pub own: String,
    /// For which scenarios only; empty means for all. Mappings that name a scenario come first.
    #[serde(default)]
    pub scenarios: Vec<Scenario>,
    /// Whether the content of the goods decides between this entry and its neighbours: then the user chooses.
    #[serde(default)]
    pub by_content: bool,
    /// What to mind when choosing it.
    pub note: Option<Bilingual>,
}

/// Canonical categories without an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unmapped {
    /// Which; empty means all that have no mapping.
    #[serde(default)]
    pub canonical: Vec<Category>,
    /// Why, and what to do instead.
    pub reason: Bilingual,
}

impl Profile {
    /// Returns the entry of the platform's form with that code.
    pub fn own_category(&self, code: &str) -> Option<&OwnCategory> {
        self.facts.categories.as_ref()?.value.iter().find(|own| own.code == code)
    }

    /// Returns the mappings of `canonical` that fit `scenario`, those made for the scenario first.
    ///
    /// There are none where no complaints are taken, whatever the profile inherited.
    pub fn mappings(&self, canonical: Category, scenario: Scenario) -> Vec<&CategoryMapping> {
        let open = self.takes_complaints(false) != Some(false);
        let all = self.facts.category_map.iter().filter(|_| open).flat_map(|fact| &fact.value);
        let mut found: Vec<_> = all
            .filter(|mapping| mapping.canonical == canonical)
            .filter(|mapping| mapping.scenarios.is_empty() || mapping.scenarios.contains(&scenario))
            .collect();
        found.sort_by_key(|mapping| mapping.scenarios.is_empty());
        found
    }

    /// Returns the entry for `canonical` whatever the scenario.
    pub(crate) fn plain_entry(&self, canonical: Category) -> Option<&OwnCategory> {
        let all = self.facts.category_map.iter().flat_map(|fact| &fact.value);
        let mut plain = all.filter(|one| one.canonical == canonical && one.scenarios.is_empty());
        plain.find_map(|mapping| self.own_category(&mapping.own))
    }

    /// Returns why the form has nothing that fits: no complaints are taken, or the reason of the first of
    /// `canonical` that has one.
    pub fn unmapped_reason(&self, canonical: &[Category]) -> Bilingual {
        let reasons = super::built_in::reasons();
        if self.takes_complaints(false) == Some(false) {
            return reasons.no_appeal.clone();
        }
        let all = || self.facts.unmapped.iter().flat_map(|fact| &fact.value);
        let named = canonical.iter().find_map(|one| all().find(|gap| gap.canonical.contains(one)));
        let found = named.or_else(|| all().find(|gap| gap.canonical.is_empty()));
        found.map_or_else(|| reasons.unknown.clone(), |gap| gap.reason.clone())
    }
}
