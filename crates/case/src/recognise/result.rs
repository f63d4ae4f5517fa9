//! What the recogniser gives back, safe to print: no raw secret is in it.

use std::ops::Range;

use serde::Serialize;

use super::{
    Chat, Contradiction, Delivery, Field, Form, Mail, OrderNumber, OrderState, Reading, SecretUrl,
    SystemGuess,
};

/// A byte range of [`Readable::text`](super::Readable::text), on character boundaries.
///
/// For UTF-8 input that is no e-mail these are byte offsets of the input itself.
pub type Span = Range<usize>;

/// What was left out for its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Truncation {
    /// More bytes than are read.
    Size,
    /// More lines or elements than are kept.
    Length,
    /// Elements, JSON values or mail parts nested deeper than is followed.
    Nesting,
    /// The text ends inside a tag, a string or a part.
    Unfinished,
}

/// What the user should know about how the input was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// Not everything was read.
    Truncated(Truncation),
    /// Bytes that are no UTF-8 were replaced; how many places.
    BrokenText(usize),
    /// A part declares an encoding that is not decoded here; its ASCII may still be read.
    Undecodable(String),
    /// The input has NUL bytes.
    NulBytes,
    /// There is nothing to read.
    Empty,
}

/// Everything found in one input. All texts are masked; raw text is reached by spans only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recognised {
    /// What kind of input it is.
    pub form: Form,
    /// Which shop systems it may come from, the likeliest first.
    pub systems: Vec<SystemGuess>,
    /// Every field found, in the order of the text.
    pub fields: Vec<Reading>,
    /// Fields such an input should hold and does not (S12).
    pub missing: Vec<Field>,
    /// Numbers of orders, payments and tickets.
    pub order_numbers: Vec<OrderNumber>,
    /// Addresses that open the delivered content, masked.
    pub secret_urls: Vec<SecretUrl>,
    /// The order's state, if one is shown; an empty or unknown word is `Unknown`.
    pub state: Option<OrderState>,
    /// How many cards the page itself says were delivered.
    pub delivered_count: Option<u32>,
    /// How many the page itself says were bought, beside that count.
    pub bought_count: Option<u32>,
    /// The delivered content, masked.
    pub delivery: Option<Delivery>,
    /// The dialogue, if the input is one.
    pub chat: Option<Chat>,
    /// The e-mail's head and parts, if the input is one.
    pub mail: Option<Mail>,
    /// What does not fit together.
    pub contradictions: Vec<Contradiction>,
    /// How the reading went.
    pub notes: Vec<Note>,
}

impl Recognised {
    /// Returns the most reliable reading of a field: by confidence, then by how usual its label is.
    #[must_use]
    pub fn best(&self, field: Field) -> Option<&Reading> {
        super::field::best(&self.fields, field)
    }

    /// Returns the reading of a field that may be shown as a fact: read with [`Confidence::High`](super::Confidence::High) and contradicted
    /// by no other reading of the field; anything else is for the user to confirm.
    #[must_use]
    pub fn sure(&self, field: Field) -> Option<&Reading> {
        self.best(field).filter(|one| one.is_sure())
    }

    /// Tells whether something was left out of the reading.
    #[must_use]
    pub fn truncated(&self) -> bool {
        self.notes.iter().any(|note| matches!(note, Note::Truncated(_)))
    }
}
