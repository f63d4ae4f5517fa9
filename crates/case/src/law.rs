//! The law table: statutes, articles in our own words, citations refused outside the time in force.
//!
//! The data is `data/law.toml` (domain section 3). Every text stands in Chinese and English; what is not
//! certain says so (待核验). The times in force are those of the text that was read: a citation of another
//! day's law is refused rather than guessed.

mod cite;
mod id;
pub(crate) mod numerals;
mod table;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::bilingual::Bilingual;
use crate::confidence::{CheckStatus, Confidence};

pub use cite::{Citation, CitationRefused, CitedRow};
pub use table::Table;

/// One version of an instrument: the text that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statute {
    /// The code in ids, such as `CPL`.
    pub code: String,
    /// The full title.
    pub full: Bilingual,
    /// The title in citations, without 书名号.
    pub short: Bilingual,
    /// Who issued it.
    pub issuer: Bilingual,
    /// Its document number, where it has one of its own and the source gives it.
    pub number: Option<String>,
    /// Where it is officially published.
    pub official: String,
    /// The official page, where its whole address is known.
    pub url: Option<String>,
    /// The day it was promulgated, where the source gives it.
    pub promulgated: Option<Date>,
    /// The first day in force of the text that was read; `None` if the source does not give it.
    pub in_force_from: Option<Date>,
    /// The last day in force; `None` while it is in force.
    pub in_force_to: Option<Date>,
    /// The code of the instrument that replaced it.
    pub replaced_by: Option<String>,
    /// The days on which its text changed.
    #[serde(default)]
    pub amendments: Vec<Amendment>,
    /// What to look up before relying on it.
    pub newest: Option<Bilingual>,
}

impl Statute {
    /// Tells whether the text was in force on that day; an unknown first day counts as always before.
    pub fn in_force_on(&self, on: Date) -> bool {
        self.in_force_from.is_none_or(|from| from <= on) && self.in_force_to.is_none_or(|to| on <= to)
    }

    /// Tells whether the text of that day is the text that was read: from a known first day on, and not
    /// before the last amendment.
    pub fn read_as_of(&self, on: Date) -> bool {
        self.in_force_from.is_some() && self.amendments.iter().all(|change| change.on <= on)
    }
}

/// A change of an instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// The day of the change.
    pub on: Date,
    /// By what it was changed.
    pub by: Bilingual,
}

/// One row of the table: an article, several that share a summary, or the instrument as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// The code of its instrument.
    pub statute: String,
    /// The number as text: `20`, `11/12`, `7–9`, or `*` for the whole instrument.
    pub no: String,
    /// What it says, in our own words.
    pub summary: Bilingual,
    /// When it helps.
    pub when: Bilingual,
    /// How well the summary is supported.
    pub confidence: Confidence,
    /// The day the row was checked.
    pub checked_at: Date,
    /// Whether it is to be checked again before a release.
    #[serde(default)]
    pub check_before_release: bool,
    /// What to mind.
    pub note: Option<Bilingual>,
    /// The sub-items that may be cited: `6` is 第一款第六项, `para. 1 item 6`.
    #[serde(default)]
    pub parts: BTreeMap<String, Bilingual>,
}

impl Article {
    /// Returns the row's id: `L-CPL-20`, `L-CRM-11/12`, or `L-NCI` for the whole instrument.
    pub fn id(&self) -> String {
        match self.no.as_str() {
            "*" => format!("L-{}", self.statute),
            no => format!("L-{}-{no}", self.statute),
        }
    }

    /// Returns whether the row itself is checked.
    pub fn status(&self) -> CheckStatus {
        CheckStatus::of(self.confidence, self.check_before_release)
    }
}

/// A value that no longer holds and is still printed on many pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Superseded {
    /// The code of the repealed instrument.
    pub statute: String,
    /// The value that was.
    pub value: Bilingual,
    /// How it is written on pages, without spaces that matter.
    pub wrong: Vec<String>,
    /// The value now.
    pub now: Bilingual,
    /// The article that holds now.
    pub replaced_by: String,
}
