//! What [`check`](super::check) takes and gives.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Direction;

/// What a text is. The order of the variants is the priority for outgoing text (domain §6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Personal data, credentials or a full card secret where it does not belong.
    PrivacyLeak,
    /// Unlawful pressure.
    Threat,
    /// An invitation out of the platform, or a payment beside it (S36).
    OffPlatform,
    /// Insult, curse or shouting (S25).
    Emotional,
    /// None of these.
    Ok,
}

impl Label {
    /// Returns the labels, the one that leads first; in incoming text that is the invitation elsewhere.
    pub const fn by_priority(direction: Direction) -> [Self; 4] {
        match direction {
            Direction::Out => [Self::PrivacyLeak, Self::Threat, Self::OffPlatform, Self::Emotional],
            Direction::In => [Self::OffPlatform, Self::PrivacyLeak, Self::Threat, Self::Emotional],
        }
    }

    /// Returns the label's name in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PrivacyLeak => "privacy_leak",
            Self::Threat => "threat",
            Self::OffPlatform => "off_platform",
            Self::Emotional => "emotional",
            Self::Ok => "ok",
        }
    }
}

/// Where a text goes; decides which personal data may stand in it (domain §6.2, CRM 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Venue {
    /// The chat with the merchant: the default, and the strictest.
    #[default]
    MerchantChat,
    /// A group chat.
    Group,
    /// A post, a review, anything everyone can read.
    PublicPost,
    /// The platform's own complaint or appeal.
    PlatformTicket,
    /// 12315, a consumer association or another authority.
    Regulator,
    /// A court or an arbitration commission.
    Court,
    /// The police.
    Police,
    /// A bank or a payment institution, at its official entrance.
    PaymentInstitution,
}

/// What [`check`](super::check) knows besides the text.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Who speaks.
    pub direction: Direction,
    /// Where the text goes.
    pub venue: Venue,
    /// Titles of the case's products; words inside them insult nobody.
    pub product_names: &'a [String],
    /// Delivered items of the case, unmasked; found in any case, spacing or hyphenation.
    pub secrets: &'a [String],
}

impl Default for Context<'_> {
    fn default() -> Self {
        Self { direction: Direction::Out, venue: Venue::MerchantChat, product_names: &[], secrets: &[] }
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("direction", &self.direction)
            .field("venue", &self.venue)
            .field("product_names", &self.product_names)
            .field("secrets", &self.secrets.len())
            .finish()
    }
}

/// A stretch of the original text in bytes and in characters (Unicode scalar values); ends are exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// First byte.
    pub start_byte: usize,
    /// The byte after the last; on a character boundary like the first.
    pub end_byte: usize,
    /// First character.
    pub start_char: usize,
    /// The character after the last.
    pub end_char: usize,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// What it makes of the text.
    pub label: Label,
    /// The rule that found it.
    pub rule: &'static str,
    /// Where; the words themselves are not repeated, they may be a secret.
    pub span: Span,
    /// 1 (slight) to 3 (grave).
    pub severity: u8,
    /// Why, for [`reason`](super::reason).
    pub reason: &'static str,
    /// The pattern for [`rewrite`](super::rewrite) that mends it.
    pub rewrite: Option<&'static str>,
}

/// Something that is no violation but matters: a lawful notice, a refusal, an incident report, a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What it is: `lawful_notice`, `incident`, `refusal`, `warning`, `denial`, `product_name`,
    /// `order_number`, `allowed_here` and the like, as the table has them.
    pub tag: &'static str,
    /// The rule, guard or channel that noted it.
    pub rule: &'static str,
    /// Where.
    pub span: Span,
}

/// What a text is, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The label that leads.
    pub primary: Label,
    /// All labels, the primary one first; `[Ok]` when there is none.
    pub labels: Vec<Label>,
    /// The gravest hit: 0 (none) to 3.
    pub severity: u8,
    /// All hits, in the order of the text.
    pub hits: Vec<Hit>,
    /// What matters without being a violation, in the order of the text.
    pub notes: Vec<Note>,
    /// The venue that was applied.
    pub venue: Venue,
    /// Whether the text itself named that venue.
    pub venue_from_text: bool,
}

impl Verdict {
    /// Whether something was noted with that tag.
    #[must_use]
    pub fn has_note(&self, tag: &str) -> bool {
        self.notes.iter().any(|note| note.tag == tag)
    }
}
