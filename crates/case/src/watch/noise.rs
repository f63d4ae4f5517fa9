//! What is known to flicker on a page.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use sigu_evidence::ContentId;

use super::align::align;
use super::clause::{Clause, clauses, frame};
use super::weigh::is_about_terms;

/// So many clauses of each kind are remembered; then the oldest is forgotten.
pub const MAX_NOISE: usize = 256;
/// A clause that came back so often rotates.
const BACK: u8 = 2;

/// What flickers on one page: clauses that differed between two looks taken right after each other, and clauses that
/// came back. Bounded ([`MAX_NOISE`]); to be kept with the page.
///
/// A clause about terms is known by its exact words and amounts only, so that a new amount in it is never noise; of
/// others numbers are no difference. It holds digests, no words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Noise {
    clauses: Vec<String>,
    back: Vec<(String, u8)>,
}

impl Noise {
    /// Learns from two looks taken right after each other: what differs between them flickers.
    pub fn learn(&mut self, first: &str, second: &str) {
        for clause in differing(first, second) {
            let code = code_of(&clause);
            self.add(code);
        }
    }

    /// Learns from a page that is `again` as it was before `between`: a clause that came or went like this twice
    /// rotates. Once is no habit, for merchants take an edit back, too.
    pub fn came_back(&mut self, between: &str, again: &str) {
        for clause in differing(between, again) {
            let code = code_of(&clause);
            let place = self.back.iter().position(|(known, _)| *known == code);
            let times = place.map_or(1, |at| self.back.remove(at).1.saturating_add(1));
            if times >= BACK {
                self.add(code);
            } else {
                self.back.push((code, times));
                forget(&mut self.back);
            }
        }
    }

    /// Tells whether nothing is known to flicker.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Returns how many clauses are known to flicker.
    pub fn len(&self) -> usize {
        self.clauses.len()
    }

    fn add(&mut self, code: String) {
        if !self.clauses.contains(&code) {
            self.clauses.push(code);
            forget(&mut self.clauses);
        }
    }

    /// What is known, for asking of many clauses.
    pub(super) fn known(&self) -> HashSet<&str> {
        self.clauses.iter().map(String::as_str).collect()
    }
}

fn forget<T>(known: &mut Vec<T>) {
    let over = known.len().saturating_sub(MAX_NOISE);
    known.drain(..over);
}

/// Clauses one of the readings has and the other has not.
fn differing(one: &str, other: &str) -> Vec<Clause> {
    let (one, other) = (clauses(one), clauses(other));
    let found = align(&one, &other);
    let gone = found.gone.into_iter().map(|at| one[at].clone());
    gone.chain(found.come.into_iter().map(|at| other[at].clone())).collect()
}

/// By what a clause that flickers is known again.
pub(super) fn code_of(clause: &Clause) -> String {
    let terms = is_about_terms(&clause.text, &clause.key);
    let digest = ContentId::of(frame(&clause.key, terms).as_bytes()).to_string();
    digest[digest.len().saturating_sub(32)..].to_owned()
}
