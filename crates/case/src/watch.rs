//! Watched pages: what changed between two readings, clause by clause, and how much it weighs (S50, S51).
//!
//! Pure functions over texts; readings come from elsewhere, one block per line.

mod announced;
mod noise;
pub mod open_terms;

use serde::Serialize;

pub use announced::{Announced, announced};
pub use noise::Noise;

use crate::coded::coded;
use crate::platform::{WatchTopic, WatchedChange, watched_changes};

coded! {
    /// How much the change of a page weighs.
    Weight {
        /// The same words.
        None = "none",
        /// Only what is known to flicker.
        Noise = "noise",
        /// Other words, none of them about terms.
        Wording = "wording",
        /// What a buyer can rely on or has to keep to.
        Substance = "substance",
    }
}

/// A changed number: its topic, the old value, the new one.
pub type NumberChange = WatchedChange;

/// A run of words in the comparison of two clauses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum DiffPart {
    /// In both, as the new one writes it.
    Same(String),
    /// Only in the old one.
    Removed(String),
    /// Only in the new one.
    Added(String),
}

/// One clause that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseChange {
    /// How it was; `None` when it is new.
    pub old: Option<String>,
    /// How it is; `None` when it is gone.
    pub new: Option<String>,
    /// Word by word.
    pub parts: Vec<DiffPart>,
    /// What it is about, old or new.
    pub topics: Vec<WatchTopic>,
    /// Watched numbers that changed.
    pub numbers: Vec<NumberChange>,
    /// What this change alone weighs: wording or substance.
    pub weight: Weight,
}

/// What changed between two readings of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The clauses that changed, in the order of the new text, those gone where they were; without what only flickers.
    pub clauses: Vec<ClauseChange>,
    /// The weight of the heaviest.
    pub weight: Weight,
}

/// Compares two readings of a page.
///
/// A clause that stands elsewhere with the same words is no change; nor are spaces, width and numbering.
pub fn compare(old: &str, new: &str, noise: &Noise) -> Comparison {
    let _ = noise;
    // A first version: the clauses one side has and the other has not.
    let (before, after): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let gone = before.iter().filter(|line| !after.contains(line)).map(|line| alone(Some(line), None));
    let come = after.iter().filter(|line| !before.contains(line)).map(|line| alone(None, Some(line)));
    let clauses: Vec<ClauseChange> = gone.chain(come).collect();
    let weight = clauses.iter().map(|one| one.weight).max().unwrap_or(Weight::None);
    Comparison { clauses, weight }
}

fn alone(old: Option<&str>, new: Option<&str>) -> ClauseChange {
    let parts = old.map(|old| DiffPart::Removed(old.to_owned())).into_iter();
    ClauseChange {
        old: old.map(str::to_owned),
        new: new.map(str::to_owned),
        parts: parts.chain(new.map(|new| DiffPart::Added(new.to_owned()))).collect(),
        topics: Vec::new(),
        numbers: watched_changes(old.unwrap_or_default(), new.unwrap_or_default()),
        weight: Weight::Substance,
    }
}
