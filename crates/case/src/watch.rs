//! Watched pages: what changed between two readings, clause by clause, and how much it weighs (S50, S51).
//!
//! Pure functions over texts; readings come from elsewhere, one block per line.

mod align;
mod announced;
mod clause;
mod noise;
pub mod open_terms;
mod table;
mod weigh;
mod words;

use std::collections::{HashMap, HashSet};

use serde::Serialize;

pub use announced::{Announced, announced};
pub use noise::{MAX_NOISE, Noise};
pub use words::{same_words, word_changes};

use align::{Alignment, align, pairs};
use clause::{Clause, clauses};
use noise::code_of;

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

/// Beyond so many comparisons of signs, all clauses together, changes are told as whole clauses.
const MOST_WORK: usize = 60_000_000;

/// Compares two readings of a page.
///
/// A clause that stands elsewhere with the same words is no change; nor are spaces, width, capitals and numbering. What
/// `noise` knows is left out. Takes time in proportion to the texts, and within bounds for what is matched and compared
/// word by word; beyond them clauses are told as gone and come.
pub fn compare(old: &str, new: &str, noise: &Noise) -> Comparison {
    let (before, after) = (clauses(old), clauses(new));
    let Alignment { same, mut gone, mut come } = align(&before, &after);
    if gone.is_empty() && come.is_empty() {
        return Comparison { clauses: Vec::new(), weight: Weight::None };
    }
    if !noise.is_empty() {
        let known = noise.known();
        gone.retain(|at| !known.contains(code_of(&before[*at]).as_str()));
        come.retain(|at| !known.contains(code_of(&after[*at]).as_str()));
    }
    let pairs = pairs(&before, &after, &gone, &come);
    let places = places(&same, &pairs);
    let (old_of, new_of): (HashMap<usize, usize>, HashSet<usize>) =
        (pairs.iter().map(|(old, new)| (*new, *old)).collect(), pairs.iter().map(|(old, _)| *old).collect());
    let went =
        gone.iter().filter(|at| !new_of.contains(at)).map(|at| ((places[*at], 1, *at), Some(*at), None));
    let came = come.iter().map(|at| ((*at + 1, 0, 0), old_of.get(at).copied(), Some(*at)));
    let mut changes: Vec<_> = went.chain(came).collect();
    changes.sort_unstable_by_key(|(place, ..)| *place);
    let mut work = MOST_WORK;
    let text = |clauses: &[Clause], at: Option<usize>| at.map(|at| clauses[at].text.clone());
    let clauses: Vec<ClauseChange> = changes
        .into_iter()
        .map(|(_, old, new)| change(text(&before, old), text(&after, new), &mut work))
        .collect();
    let weight = clauses.iter().map(|one| one.weight).max().unwrap_or(Weight::Noise);
    Comparison { clauses, weight }
}

/// For each old clause after how many clauses of the new reading it stood: behind what became of the one before it.
fn places(same: &[Option<usize>], pairs: &[(usize, usize)]) -> Vec<usize> {
    let became: HashMap<usize, usize> = pairs.iter().copied().collect();
    let mut last = 0;
    let place = |(at, same): (usize, &Option<usize>)| {
        if let Some(new) = same.or_else(|| became.get(&at).copied()) {
            last = new + 1;
        }
        last
    };
    same.iter().enumerate().map(place).collect()
}

fn change(old: Option<String>, new: Option<String>, work: &mut usize) -> ClauseChange {
    let (before, after) = (old.as_deref(), new.as_deref());
    let parts = match (before, after) {
        (Some(before), Some(after)) => parts(before, after, work),
        (before, after) => {
            let gone = before.map(|text| DiffPart::Removed(text.to_owned()));
            gone.into_iter().chain(after.map(|text| DiffPart::Added(text.to_owned()))).collect()
        }
    };
    let numbers = watched_changes(before.unwrap_or_default(), after.unwrap_or_default());
    let (topics, weight) = (weigh::topics(before, after), weigh::weight(before, after));
    ClauseChange { parts, topics, numbers, weight, old, new }
}

fn parts(old: &str, new: &str, work: &mut usize) -> Vec<DiffPart> {
    let costs = (old.len() + new.len()).saturating_mul(old.len().max(new.len()));
    match work.checked_sub(costs) {
        Some(rest) => {
            *work = rest;
            word_changes(old, new)
        }
        None => vec![DiffPart::Removed(old.to_owned()), DiffPart::Added(new.to_owned())],
    }
}
