//! What is said, drafted, submitted and noted.

use jiff::Timestamp;
use serde::Serialize;
use sigu_case::appeal;
use sigu_case::category::CategoryAdvice;
use sigu_case::letter::{self, Gate, SendStep};
use sigu_case::next::NextStep;
use sigu_case::readiness::Readiness;
use sigu_case::report::Sense;
use sigu_case::timeline::TimelineRow;
use sigu_case::{ItemId, OrderId};
use utoipa::ToSchema;

use super::shapes;

/// The dialogue of an order, with what did not come.
#[derive(Serialize, ToSchema)]
pub struct Talk {
    /// The order.
    #[schema(value_type = String)]
    pub order: OrderId,
    /// In the order of time.
    #[schema(value_type = Vec<shapes::TimelineRow>)]
    pub timeline: Vec<TimelineRow>,
}

/// A draft, what stands against it, and what to send with it: `sigu notice`.
#[derive(Serialize, ToSchema)]
pub struct Letter<'a> {
    /// The draft.
    #[schema(value_type = shapes::LetterText)]
    pub letter: &'a letter::Letter,
    /// The words that were looked at, masked.
    pub text: String,
    /// What was found in them.
    #[schema(value_type = shapes::Gate)]
    pub gate: &'a Gate,
    /// What to send, in order.
    #[schema(value_type = Vec<shapes::SendStep>)]
    pub plan: Vec<SendStep>,
    /// The leaf, if they were recorded as sent.
    #[schema(value_type = Option<String>)]
    pub sent: Option<ItemId>,
}

/// What was found in words before they leave.
#[derive(Serialize, ToSchema)]
pub struct LookedOver {
    /// How many characters they have.
    pub chars: usize,
    /// What was found.
    #[schema(value_type = shapes::Gate)]
    pub gate: Gate,
}

/// A statement with what the form wants besides: `sigu appeal`.
#[derive(Serialize, ToSchema)]
pub struct Statement<'a> {
    /// The statement.
    #[schema(value_type = shapes::StatementText)]
    pub statement: &'a appeal::Statement,
    /// What to choose on the form.
    #[schema(value_type = shapes::Category)]
    pub category: &'a CategoryAdvice,
    /// What is still missing.
    #[schema(value_type = shapes::Readiness)]
    pub readiness: &'a Readiness,
}

/// A line that was recorded: `sigu reply`, `sigu message add`.
#[derive(Serialize, ToSchema)]
pub struct Said {
    /// Its leaf.
    #[schema(value_type = String)]
    pub item: ItemId,
    /// When it was said.
    pub said_at: Timestamp,
    /// Whether it was said off the platform, where records are easily edited.
    pub off_platform: bool,
    /// What it does, where the words tell.
    #[schema(value_type = Option<shapes::SenseWord>)]
    pub sense: Option<Sense>,
    /// The time it sets or promises.
    pub due_at: Option<Timestamp>,
    /// What to do now, where it came from the other side.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<shapes::NextStep>)]
    pub next: Option<NextStep>,
}

/// Something that was noted: one leaf.
#[derive(Serialize, ToSchema)]
pub struct Noted {
    /// Its leaf.
    #[schema(value_type = String)]
    pub item: ItemId,
    /// Which kind.
    pub kind: &'static str,
    /// When it happened.
    pub at: Timestamp,
}

/// Words that were submitted.
#[derive(Serialize, ToSchema)]
pub struct Filed {
    /// The step's leaf.
    #[schema(value_type = String)]
    pub item: ItemId,
    /// The words as they were submitted, fixed.
    #[schema(value_type = String)]
    pub proof: ItemId,
}

/// What was read from a text: `sigu recognise`.
#[derive(Serialize, ToSchema)]
pub struct Recognised {
    /// Readings with where they stand, and contradictions.
    #[schema(value_type = shapes::Readings)]
    pub recognised: sigu_case::recognise::Recognised,
}
