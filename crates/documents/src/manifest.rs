//! What a paper rests on: its own manifest, attached to the PDF and logged with it.

use serde::Serialize;
use sigu_evidence::ItemId;

use crate::paper::Paper;

/// The manifest of a paper, `sigu-paper/1`.
#[derive(Debug, Clone, Serialize)]
pub struct Manifest {
    /// The version of this form.
    pub format: &'static str,
    /// The kind of paper.
    pub kind: &'static str,
    /// What it is about.
    pub about: String,
    /// The date of its newest fact, in UTC.
    pub as_of: String,
    /// The items it rests on, by log and number.
    pub rests_on: Vec<ItemId>,
}

impl Manifest {
    /// Reads it off a paper.
    pub fn of(paper: &Paper) -> Self {
        Self {
            format: "sigu-paper/1",
            kind: paper.kind.code(),
            about: paper.about.clone(),
            as_of: paper.as_of.to_string(),
            rests_on: paper.rests_on.iter().copied().collect(),
        }
    }

    /// Returns it as JSON with a final line end.
    ///
    /// # Panics
    /// Never: it always serialises.
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).expect("a manifest always serialises");
        json.push(b'\n');
        json
    }
}
