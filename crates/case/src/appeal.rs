//! Statements to platforms, payment institutions and 12315: fact, basis, claim, each fact with its proof
//! (S41–S45).
//!
//! Wording stands in `data/appeals.toml` and `data/letters.toml`; facts come from the view. A statement
//! asserts nothing
//! that nobody reported, promises no outcome and calls no right lost (D4).

mod compose;
mod package;
mod table;

use serde::Serialize;

pub use package::{GroupState, Package, PackageGroup, package};

use crate::bilingual::Bilingual;
use crate::claim::{Claim, ClaimError};
use crate::coded::coded;
use crate::letter::Finding;
use crate::report::Body;
use crate::scenario::{Proof, Scenario};
use crate::tone::Venue;
use crate::{ItemId, View, law, platform};

coded! {
    /// To whom a statement speaks, which decides its length and its words.
    Variant {
        /// 平台投诉 (S42)
        Platform = "platform",
        /// 人工复核 (L-PRM-19)
        HumanReview = "human_review",
        /// 支付渠道投诉: at most 300 characters (§2.8)
        Payment = "payment",
        /// 12315 投诉 (L-CRM-10)
        Complaint12315 = "complaint_12315",
        /// 12315 举报, kept apart from the complaint (L-CRM-9)
        Report12315 = "report_12315",
        /// 请平台提供商家身份信息 (L-CPL-44)
        Identity = "identity",
        /// 消费者协会调解 (L-CPL-37)
        Association = "association",
        /// 起诉状 (L-CPP-124)
        SmallClaims = "small_claims",
        /// 报案材料 (L-ATF-20)
        Police = "police",
    }
}

impl Variant {
    /// Returns where its words are heard, which decides what may stand in them.
    pub fn venue(self) -> Venue {
        table::Table::get().variant(self).venue
    }

    /// Returns what is written to a body; `None` for those with forms of their own.
    pub const fn for_body(body: Body) -> Option<Self> {
        match body {
            Body::Platform => Some(Self::Platform),
            Body::PlatformReview => Some(Self::HumanReview),
            Body::WechatPay | Body::Alipay | Body::Bank => Some(Self::Payment),
            Body::Complaint12315 => Some(Self::Complaint12315),
            Body::Report12315 => Some(Self::Report12315),
            Body::Association => Some(Self::Association),
            Body::Police => Some(Self::Police),
            Body::Court => Some(Self::SmallClaims),
            _ => None,
        }
    }
}

coded! {
    /// The parts of a statement, in their order (S43).
    StatementPartKind {
        /// 事实
        Fact = "fact",
        /// 依据
        Basis = "basis",
        /// 诉求
        Claim = "claim",
    }
}

/// What a statement is made of besides the view.
#[derive(Debug, Clone)]
pub struct AppealInput<'a> {
    /// To whom.
    pub variant: Variant,
    /// What went wrong.
    pub scenario: Scenario,
    /// What is asked for.
    pub claim: &'a Claim,
    /// Statutes that may be cited, best first.
    pub laws: &'a [law::Citation],
    /// Rules of the platform that may be cited, best first; they stand before statutes.
    pub rules: &'a [platform::Citation],
    /// Whether citations that are to be checked (待核验) may stand in the text; then they are marked.
    pub cite_unverified: bool,
    /// Whether sentences that no exhibit or message shows may stand as the buyer's own statement.
    pub own_statements: bool,
    /// A limit in characters below that of the variant and the profile.
    pub max_chars: Option<u32>,
}

/// One sentence with what shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// Its name in the table.
    pub code: String,
    /// Its words, without footnotes.
    pub text: String,
    /// The exhibits, messages and rule snapshots that show it.
    pub proofs: Vec<ItemId>,
    /// Whether part of it rests on the buyer's word alone.
    pub own_statement: bool,
}

/// One labelled part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementPart {
    /// Which.
    pub kind: StatementPartKind,
    /// Its label, such as 【事实】.
    pub label: String,
    /// Its sentences.
    pub sentences: Vec<Sentence>,
}

/// A sentence that could not be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Its name in the table.
    pub code: String,
    /// The fact that is not known; `None` when it is known and only unproved.
    pub unknown: Option<String>,
    /// What would show it.
    pub proof: Vec<Proof>,
    /// The same in words.
    pub how: Vec<Bilingual>,
}

/// Where a limit comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitSource {
    /// The default of the article: 500 characters (S42).
    Default,
    /// The platform's profile.
    Profile,
    /// The body's own form.
    Body,
    /// The caller.
    Given,
}

/// How long a statement may be, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// At least.
    pub min: Option<u32>,
    /// At most.
    pub max: u32,
    /// Where the upper limit comes from.
    pub source: LimitSource,
    /// Whether the profile's own limit is unverified (待核验).
    pub unverified: bool,
}

/// A footnote: a number of the evidence catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Footnote {
    /// The number in the catalogue.
    pub no: u32,
    /// How it stands in the text, such as ①.
    pub mark: String,
    /// The row's item.
    pub item: ItemId,
    /// The row's name.
    pub name: String,
}

/// A field a form wants beside the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldNeed {
    /// Its code.
    pub code: String,
    /// Its name.
    pub label: Bilingual,
    /// Whether the case knows it.
    pub known: bool,
    /// Whether it is the user's own to fill in at the body's entrance; never kept here.
    pub by_user: bool,
}

/// A statement, ready to be looked over and copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// To whom.
    pub variant: Variant,
    /// The whole text with labels and footnotes.
    pub text: String,
    /// Its characters (Unicode scalar values).
    pub chars: usize,
    /// How long it may be.
    pub limit: Limit,
    /// Fact, basis, claim.
    pub parts: Vec<StatementPart>,
    /// What the footnotes stand for.
    pub footnotes: Vec<Footnote>,
    /// What could not be said, and what would prove it.
    pub left_out: Vec<LeftOut>,
    /// What was shortened to fit, in the order it went.
    pub shortened: Vec<String>,
    /// Citations left out because they are to be checked (待核验).
    pub unverified: Vec<String>,
    /// Fields the form wants besides.
    pub fields: Vec<FieldNeed>,
    /// `over_limit`, `below_min`, words of the guard, and what the gate finds for where it goes.
    pub findings: Vec<Finding>,
}

/// Why there is no statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum StatementError {
    /// A part would be empty (S43).
    #[error("the part {part} would be empty")]
    EmptyPart {
        /// Which.
        part: StatementPartKind,
        /// What could not be said, and what would prove it.
        left_out: Vec<LeftOut>,
    },
    /// The claim names no amount or count, and its kind needs one (S44).
    #[error("the claim needs an amount or a count")]
    ClaimIncomplete,
    /// The scenario bars a claim for performance (D12).
    #[error(transparent)]
    Claim {
        /// Why.
        #[from]
        error: ClaimError,
    },
}

/// Writes a statement.
///
/// To fit, citations beyond the third go; then sentences by rank, the most dispensable first; then
/// citations but the
/// first; then the order sentence becomes its number, and goes; then the footnotes. The decisive fact and
/// the claim always stay.
///
/// # Errors
/// A part that would be empty, a claim without its amount, and a claim for performance where it is barred.
pub fn statement(view: &View<'_>, input: &AppealInput<'_>) -> Result<Statement, StatementError> {
    compose::statement(view, input)
}
