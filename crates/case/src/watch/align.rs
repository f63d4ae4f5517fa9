//! Which clause of the old reading became which of the new one.

use std::collections::{HashMap, VecDeque};

use super::clause::{Clause, frame};

/// Beyond so many comparisons of signs clauses are not matched with similar ones: an all new page is told as clauses
/// that went and clauses that came.
const MOST_WORK: usize = 20_000_000;
/// Clauses that have so much in common belong together.
const ALIKE: f64 = 0.5;

/// What became of the clauses: places in the old and in the new list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Alignment {
    /// For each clause of the old reading the place of the same one in the new.
    pub(super) same: Vec<Option<usize>>,
    /// Old clauses without the same one in the new reading.
    pub(super) gone: Vec<usize>,
    /// New clauses without the same one in the old reading.
    pub(super) come: Vec<usize>,
}

/// Finds the clauses both readings have, wherever they stand.
pub(super) fn align(old: &[Clause], new: &[Clause]) -> Alignment {
    let mut places: HashMap<&str, VecDeque<usize>> = HashMap::new();
    for (at, clause) in new.iter().enumerate() {
        places.entry(&clause.key).or_default().push_back(at);
    }
    let take = |clause: &Clause| places.get_mut(clause.key.as_str()).and_then(VecDeque::pop_front);
    let same: Vec<Option<usize>> = old.iter().map(take).collect();
    let gone = (0..old.len()).filter(|at| same[*at].is_none()).collect();
    let mut come: Vec<usize> = places.into_values().flatten().collect();
    come.sort_unstable();
    Alignment { same, gone, come }
}

/// Matches clauses that went with clauses that came, the most alike first; each at most once.
pub(super) fn pairs(old: &[Clause], new: &[Clause], gone: &[usize], come: &[usize]) -> Vec<(usize, usize)> {
    let length = |clauses: &[Clause], places: &[usize]| -> usize {
        places.iter().map(|at| clauses[*at].key.len() + 1).sum()
    };
    let work = gone.len().saturating_mul(length(new, come)) + come.len().saturating_mul(length(old, gone));
    if work > MOST_WORK {
        return Vec::new();
    }
    let before: Vec<Vec<u64>> = gone.iter().map(|at| grams(&old[*at].key)).collect();
    let after: Vec<Vec<u64>> = come.iter().map(|at| grams(&new[*at].key)).collect();
    let mut found: Vec<(f64, usize, usize)> = Vec::new();
    for (a, one) in before.iter().enumerate() {
        let alike = after.iter().enumerate().map(|(b, other)| (likeness(one, other), a, b));
        found.extend(alike.filter(|(alike, ..)| *alike >= ALIKE));
    }
    found.sort_by(|x, y| {
        y.0.total_cmp(&x.0)
            .then_with(|| x.1.abs_diff(x.2).cmp(&y.1.abs_diff(y.2)))
            .then((x.1, x.2).cmp(&(y.1, y.2)))
    });
    let (mut used, mut taken) = (vec![false; gone.len()], vec![false; come.len()]);
    let mut pairs = Vec::new();
    for (_, a, b) in found {
        if !used[a] && !taken[b] {
            (used[a], taken[b]) = (true, true);
            pairs.push((gone[a], come[b]));
        }
    }
    pairs
}

/// Pairs of neighbouring signs, numbers made alike, sorted; of a single sign the sign.
fn grams(key: &str) -> Vec<u64> {
    let signs: Vec<char> = frame(key, false).chars().collect();
    let code = |pair: &[char]| pair.iter().fold(0, |code, sign| (code << 32) | u64::from(u32::from(*sign)));
    let mut grams: Vec<u64> =
        if signs.len() < 2 { vec![code(&signs)] } else { signs.windows(2).map(code).collect() };
    grams.sort_unstable();
    grams
}

/// How much two sorted lists have in common, from 0 to 1.
fn likeness(one: &[u64], other: &[u64]) -> f64 {
    let (mut a, mut b, mut common) = (0, 0, 0_u32);
    while let (Some(x), Some(y)) = (one.get(a), other.get(b)) {
        common += u32::from(x == y);
        a += usize::from(x <= y);
        b += usize::from(y <= x);
    }
    let whole = u32::try_from(one.len() + other.len()).unwrap_or(u32::MAX);
    2.0 * f64::from(common) / f64::from(whole.max(1))
}
