//! The escalation ladder E0–E11: who can be turned to, what they can do, what they want, and their clocks.
//!
//! Data types only; the data is `data/ladder.toml` (domain sections 2.8, 3.8 and 3.9, S28–S33, S46–S48, D4).
//! Which step is next in a case is decided elsewhere.

mod table;

use serde::{Deserialize, Serialize};

use crate::bilingual::Bilingual;
use crate::confidence::{CheckStatus, Confidence};
use crate::step::Step;

pub use table::Ladder;

/// One step of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Its place in the ladder.
    pub code: Step,
    /// Who is turned to.
    pub body: Bilingual,
    /// What they can do.
    pub can: Bilingual,
    /// What they cannot do.
    pub cannot: Bilingual,
    /// How well the row is supported.
    pub confidence: Confidence,
    /// What it rests on: ids of the law table.
    #[serde(default)]
    pub basis: Vec<String>,
    /// Codes of the fields wanted whatever the route; see [`Ladder::field`].
    #[serde(default)]
    pub fields: Vec<String>,
    /// Ways in that want different things; none if there is only one.
    #[serde(default)]
    pub routes: Vec<Route>,
    /// The clocks, in the order they start.
    pub clocks: Vec<Clock>,
    /// Later steps that taking this one first may close: the order trap.
    #[serde(default)]
    pub closes: Vec<Closing>,
    /// Steps that stay open although one might fear otherwise.
    #[serde(default)]
    pub keeps_open: Vec<StaysOpen>,
    /// What to mind.
    #[serde(default)]
    pub notes: Vec<Bilingual>,
}

impl Rung {
    /// Returns whether the row is checked.
    pub fn status(&self) -> CheckStatus {
        CheckStatus::of(self.confidence, false)
    }
}

/// One way into a step: a payment channel, a form, a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Its name in data, unique in its step.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// Where the user finds it.
    pub entry: Bilingual,
    /// How well it is supported.
    pub confidence: Confidence,
    /// Codes of the fields wanted besides those of the step.
    pub fields: Vec<String>,
}

impl Route {
    /// Returns whether the route is checked; the wording of an app's menu rarely is.
    pub fn status(&self) -> CheckStatus {
        CheckStatus::of(self.confidence, false)
    }
}

/// A field some body wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in data.
    pub code: String,
    /// Its label.
    pub label: Bilingual,
}

/// What a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// Hours from the instant.
    Hours,
    /// Working days; the first day does not count.
    WorkingDays,
    /// Calendar days; the first day does not count.
    CalendarDays,
    /// Months.
    Months,
    /// Years.
    Years,
    /// Nothing is counted: at once, or no limit is known.
    None,
}

/// What starts a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockEvent {
    /// A message with a demand was sent to the merchant.
    MessageSent,
    /// The merchant was first told of the problem.
    NoticeGiven,
    /// The merchant refused, or was silent past the reply time (S46).
    MerchantRefused,
    /// A decision by a person was asked of the platform.
    ReviewRequested,
    /// The payment channel has the complaint.
    ChannelComplaintFiled,
    /// 12315 received the complaint.
    ComplaintReceived,
    /// 12315 accepted the complaint.
    ComplaintAccepted,
    /// Mediation ended.
    MediationEnded,
    /// A lead on a violation was found in mediation.
    LeadFound,
    /// The telecom operator has the complaint.
    OperatorComplaintFiled,
    /// The fee in dispute arose.
    FeeCharged,
    /// The buyer knew, or should have known, of the harm.
    HarmKnown,
    /// The court received the papers of a suit.
    SuitFiled,
    /// The court registered the case.
    CaseRegistered,
    /// The court set the time for evidence.
    EvidencePeriodSet,
    /// Nothing: the clock counts nothing.
    Nothing,
}

/// Where the number of a clock comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockOrigin {
    /// A default of the article; a platform may set another.
    Default,
    /// The platform's or the body's own rule.
    BodyRule,
    /// Law.
    Statute,
    /// The user's own reminder; nobody is bound by it.
    OwnReminder,
}

/// One clock of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// What is counted.
    pub kind: ClockKind,
    /// How many; `None` only for [`ClockKind::None`].
    pub n: Option<u16>,
    /// By how many of the same it may be prolonged.
    pub extension: Option<u16>,
    /// What starts it.
    pub from: ClockEvent,
    /// What must have happened at its end.
    pub what: Bilingual,
    /// Where the number comes from.
    pub origin: ClockOrigin,
    /// An id of the law table, or a requirement such as `S46`.
    pub basis: Option<String>,
    /// How well it is supported.
    pub confidence: Confidence,
}

impl Clock {
    /// Returns whether the clock is checked; confidence C and D are shown as 待核验.
    pub fn status(&self) -> CheckStatus {
        CheckStatus::of(self.confidence, false)
    }
}

/// A step that may be refused once another was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// The step that may be refused.
    pub step: Step,
    /// The rule, an id of the law table.
    pub basis: String,
    /// How well it is supported that this body falls under the rule.
    pub confidence: Confidence,
    /// What to tell the user before the choice.
    pub note: Bilingual,
}

/// A step that stays open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaysOpen {
    /// The step that stays open.
    pub step: Step,
    /// What to tell the user.
    pub note: Bilingual,
}
