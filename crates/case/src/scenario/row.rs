//! One row of the scenario table: proof, categories, claims, basis, clocks, steps, warnings.

use serde::{Deserialize, Serialize};

use super::{Proof, Scenario};
use crate::bilingual::Bilingual;
use crate::category::Category;
use crate::claim::ClaimKind;
use crate::coded::coded;
use crate::step::Step;

coded! {
    /// A clock that matters in a scenario; the clock engine computes it.
    Deadline {
        /// Archive within 24 h (S21).
        Archive = "archive",
        /// Verify within 2 h (S28).
        Verify = "verify",
        /// The time the page or the merchant promised (S17).
        PromisedTime = "promised_time",
        /// The merchant's answer, 4 h by default (S33).
        Reply = "reply",
        /// Reissue or refund within 24 h of the notice (S29).
        Remedy = "remedy",
        /// 48 h after refusal or silence, or the platform's shorter window (S46, D1).
        Appeal = "appeal",
        /// The time in which the platform decides.
        PlatformDecision = "platform_decision",
        /// The claim period of a coverage agreement (S57).
        CoverageClaim = "coverage_claim",
        /// The user's own term for the platform to name the seller, 3 to 7 days (L-CPL-44).
        IdentityRequest = "identity_request",
        /// The user's own term for a human review, 72 h.
        HumanReview = "human_review",
        /// Tell the payment provider at once (L-ECL-57, L-ATF-20).
        PaymentNotice = "payment_notice",
        /// More than 15 days count as deliberate delay (L-PEN-10).
        RefundDelay = "refund_delay",
        /// Three years of limitation (L-CC-188).
        Limitation = "limitation",
    }
}

coded! {
    /// A legal risk the user must be told of before going on (D12).
    LegalRisk {
        /// Trading internet accounts may itself be unlawful (L-ATF-31).
        AccountTrade = "account_trade",
        /// The goods are forbidden (L-ECL-13).
        ForbiddenGoods = "forbidden_goods",
    }
}

/// The notice of one legal risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalRiskText {
    /// Which risk.
    pub code: LegalRisk,
    /// What to tell the user.
    pub notice: Bilingual,
    /// Statutes, by id of domain §3.
    pub basis: Vec<String>,
}

/// A right category, with the condition under which it is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RightChoice {
    /// The category.
    pub category: Category,
    /// When it is the right one; `None` when it simply is.
    pub when: Option<Bilingual>,
}

/// A common wrong choice: a category, or a way of arguing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrongChoice {
    /// The wrong category; `None` when `label` names something that is not a category.
    pub category: Option<Category>,
    /// What it is called when it is not a category, or more exactly than the category's name.
    pub label: Option<Bilingual>,
    /// Why not.
    pub why: Bilingual,
}

/// One step of the way up, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepChoice {
    /// The step.
    pub step: Step,
    /// What is special about it here, such as a report beside the complaint.
    pub note: Option<Bilingual>,
}

/// What the table says of one scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Which scenario.
    pub code: Scenario,
    /// Its number in domain §4, from 1.
    pub number: u8,
    /// Its name.
    pub name: Bilingual,
    /// The question a layman answers with yes.
    pub question: Bilingual,
    /// What tells it from its neighbours.
    pub hint: Bilingual,
    /// Proof without which the complaint is not ready (S8, S41).
    pub must: Vec<Proof>,
    /// Proof that makes it stronger.
    #[serde(default)]
    pub nice: Vec<Proof>,
    /// Right categories, best first.
    pub right: Vec<RightChoice>,
    /// Common wrong choices.
    #[serde(default)]
    pub wrong: Vec<WrongChoice>,
    /// Typical claims, first choice first.
    pub claims: Vec<ClaimKind>,
    /// Statutes, by id of domain §3, in the order of the table.
    pub basis: Vec<String>,
    /// Clocks that matter.
    #[serde(default)]
    pub clocks: Vec<Deadline>,
    /// Escalation steps, in order.
    pub steps: Vec<StepChoice>,
    /// Steps that need not wait for the one before.
    #[serde(default)]
    pub early: Vec<Step>,
    /// Legal risks to be shown (D12).
    #[serde(default)]
    pub risks: Vec<LegalRisk>,
    /// Whether reporting to the police is an option to offer.
    #[serde(default)]
    pub police_option: bool,
    /// Whether payment may still be stopped and minutes count (L-ATF-20).
    #[serde(default)]
    pub police_at_once: bool,
    /// Whether a claim to perform the deal must not be made (D12).
    #[serde(default)]
    pub performance_barred: bool,
    /// Advice of its own.
    #[serde(default)]
    pub notes: Vec<Bilingual>,
}
