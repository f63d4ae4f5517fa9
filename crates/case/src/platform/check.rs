//! What a profile lacks or only supposes, for `sigu profile check`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::file::dangling;
use super::{Appeal, Profile};
use crate::bilingual::Bilingual;
use crate::category::Category;
use crate::coded::coded;
use crate::confidence::Confidence;

coded! {
    /// What is wrong with a field of a profile.
    ProfileProblem {
        /// It is not known.
        Missing = "missing",
        /// It is known with confidence D: 待核验.
        Unverified = "unverified",
        /// A category is mapped to an entry the form does not have.
        DanglingEntry = "dangling_entry",
        /// A category that can be right has neither an entry nor a reason.
        UnmappedCategory = "unmapped_category",
        /// Two fields contradict each other.
        Contradiction = "contradiction",
    }
}

/// One thing to look up or to mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileFinding {
    /// The field, as in the file.
    pub field: String,
    /// The field's name for people.
    pub label: Bilingual,
    /// What is wrong with it.
    pub problem: ProfileProblem,
    /// What to do about it.
    pub advice: Bilingual,
    /// The code, category or field it is about, where there is one.
    pub about: Option<String>,
}

/// When a field is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    Always,
    WithAppeal,
    Never,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldText {
    code: String,
    label: Bilingual,
    wanted: Wanted,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProblemText {
    code: ProfileProblem,
    advice: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldsFile {
    problem: Vec<ProblemText>,
    field: Vec<FieldText>,
}

static FILE: LazyLock<FieldsFile> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/profile_fields.toml"))
        .expect("data/profile_fields.toml is checked by its tests")
});

fn finding(field: &str, problem: ProfileProblem, about: Option<String>) -> ProfileFinding {
    let label = FILE.field.iter().find(|text| text.code == field).map(|text| text.label.clone());
    let advice = FILE.problem.iter().find(|text| text.code == problem).map(|text| text.advice.clone());
    ProfileFinding {
        field: field.to_owned(),
        label: label.expect("data/profile_fields.toml has every field, checked by its tests"),
        problem,
        advice: advice.expect("data/profile_fields.toml has every problem, checked by its tests"),
        about,
    }
}

/// Returns a field's name for people; `None` for what is no field of a profile.
pub fn label_of(field: &str) -> Option<&'static Bilingual> {
    FILE.field.iter().find(|text| text.code == field).map(|text| &text.label)
}

impl Profile {
    /// Returns what is missing, unverified, unmapped or contradictory, in the order of the fields.
    pub fn check(&self) -> Vec<ProfileFinding> {
        let mut found = self.gaps();
        if let Some(code) = dangling(&self.facts) {
            found.push(finding("category_map", ProfileProblem::DanglingEntry, Some(code)));
        }
        found.extend(self.unmapped_right().into_iter().map(|category| {
            finding("category_map", ProfileProblem::UnmappedCategory, Some(category.code().to_owned()))
        }));
        found.extend(self.contradictions());
        found
    }

    fn gaps(&self) -> Vec<ProfileFinding> {
        let appeals = self.takes_complaints(false) != Some(false);
        let wanted = |field: &str| {
            let text = FILE.field.iter().find(|text| text.code == field);
            match text.map_or(Wanted::Always, |text| text.wanted) {
                Wanted::Always => true,
                Wanted::WithAppeal => appeals,
                Wanted::Never => false,
            }
        };
        let problem = |(field, from): (&'static str, Option<&super::Provenance>)| match from {
            None if wanted(field) => Some(finding(field, ProfileProblem::Missing, None)),
            Some(from) if from.confidence == Confidence::D => {
                Some(finding(field, ProfileProblem::Unverified, Some(from.source.clone())))
            }
            _ => None,
        };
        self.facts.provenance().into_iter().filter_map(problem).collect()
    }

    /// Returns the categories that can be right and have neither an entry nor a reason of the profile's own.
    ///
    /// A platform that takes no complaints needs neither.
    pub fn unmapped_right(&self) -> Vec<Category> {
        if self.takes_complaints(false) == Some(false) {
            return Vec::new();
        }
        let right = Category::ALL.iter().filter(|category| !category.text().wrong_by_default);
        right.copied().filter(|category| !self.maps(*category) && !self.explains(*category)).collect()
    }

    fn maps(&self, category: Category) -> bool {
        self.facts.category_map.iter().flat_map(|fact| &fact.value).any(|one| one.canonical == category)
    }

    fn explains(&self, category: Category) -> bool {
        let mut gaps = self.facts.unmapped.iter().flat_map(|fact| &fact.value);
        gaps.any(|gap| gap.canonical.is_empty() || gap.canonical.contains(&category))
    }

    fn contradictions(&self) -> Vec<ProfileFinding> {
        let facts = &self.facts;
        let says_none = facts.appeal.as_ref().is_some_and(|fact| fact.value == Appeal::None);
        let has_form = facts.categories.is_some() || facts.appeal_window.is_some();
        let upside_down = match (&facts.description_min, &facts.description_max) {
            (Some(least), Some(most)) => least.value > most.value,
            _ => false,
        };
        let clash =
            |field: &str, other: &str| finding(field, ProfileProblem::Contradiction, Some(other.to_owned()));
        let form = (says_none && has_form).then(|| clash("appeal", "categories, appeal_window"));
        form.into_iter().chain(upside_down.then(|| clash("description_min", "description_max"))).collect()
    }
}
