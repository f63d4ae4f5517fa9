//! A whole history kept elsewhere, in YAML, becomes the commands that record it (`sigu case import`).
//!
//! The form is that of `docs/formats/history.md`: shop, goods, order, payment, promises, dialogue, evidence, events.
//! Evidence comes first, because what the rest says of it needs its leaf: [`History::evidence`] tells what is to be
//! taken in, [`History::commands`] gives the commands once that is done. Nothing here guesses what is not written.

mod commands;
mod facts;
mod form;
mod read;
mod words;

use jiff::Timestamp;

use crate::{OrderId, Slot};

pub use words::{observed_in, promise_in};

/// The longest history that is read, in bytes: 64 MiB.
pub const MAX_HISTORY_BYTES: usize = 64 << 20;

/// Why a history is not taken; nothing of it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, {field}: {problem}")]
pub struct HistoryError {
    /// The line, from 1; 0 where it is unknown.
    pub line: u64,
    /// The field, as the file names it; empty where the file is not YAML at all.
    pub field: String,
    /// What is wrong.
    pub problem: HistoryProblem,
}

/// What is wrong with a history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryProblem {
    /// It is not YAML, has an unknown or a doubled field, or a value of another kind; the parser says which.
    #[error("{0}")]
    Form(String),
    /// Not a time `YYYY-MM-DDThh:mm:ss`, with or without a zone.
    #[error("{0:?} is not a time")]
    Time(String),
    /// Not an amount in yuan with at most two decimals.
    #[error("{0:?} is not an amount")]
    Amount(String),
    /// A word that is not one of those allowed.
    #[error("{given:?} is not one of {allowed}")]
    Word {
        /// What is written.
        given: String,
        /// What is allowed.
        allowed: String,
    },
    /// A label of an order that cannot be one.
    #[error("{0:?} cannot be the label of an order")]
    Label(String),
    /// The file is longer than [`MAX_HISTORY_BYTES`].
    #[error("the file has {0} bytes, too many")]
    TooLong(usize),
}

/// A piece of evidence a history tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEvidence {
    /// Its order.
    pub order: OrderId,
    /// What it shows.
    pub slot: Slot,
    /// When it came into being.
    pub formed_at: Timestamp,
    /// Where its bytes are.
    pub content: HistoryContent,
    /// The line of the file that tells of it.
    pub line: u64,
}

/// Where the bytes of a piece of evidence are.
#[derive(Clone, PartialEq, Eq)]
pub enum HistoryContent {
    /// In a file, named relative to the history.
    File(String),
    /// In the history itself: the words noted. It proves no more than a note does (R6).
    Noted(String),
}

impl std::fmt::Debug for HistoryContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "File({path:?})"),
            Self::Noted(text) => write!(f, "Noted({} bytes)", text.len()),
        }
    }
}

/// A history that was read and found sound.
#[derive(Debug, Clone)]
pub struct History {
    cases: Vec<commands::Case>,
}

impl History {
    /// Reads a file with one case or a list of cases. What it tells without any time is taken as told at `now`.
    ///
    /// # Errors
    /// Names the line and the field of the first thing that is wrong.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self, HistoryError> {
        if text.len() > MAX_HISTORY_BYTES {
            let problem = HistoryProblem::TooLong(text.len());
            return Err(HistoryError { line: 0, field: String::new(), problem });
        }
        let forms = form::read(text)?;
        Ok(Self {
            cases: forms.into_iter().map(|form| commands::Case::new(form, now)).collect::<Result<_, _>>()?,
        })
    }

    /// Returns the platform profiles it names for its orders.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        self.cases.iter().filter_map(commands::Case::profile)
    }

    /// Returns the labels of its orders.
    pub fn orders(&self) -> impl Iterator<Item = &OrderId> {
        self.cases.iter().map(commands::Case::order)
    }
}
