//! What makes evidence and complaints fail, found early enough to mend (§5.4 R1–R16, S9, S35, S66).
//!
//! Each detector is one small function of the view. What only the user can know is asked, not claimed.

mod action;
mod channels;
mod chat;
mod proof;
mod record;
mod table;

use serde::Serialize;

use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::scenario::Scenario;
use crate::subslots::Shot;
use crate::{ItemId, Slot, View};

pub use channels::{ChannelRatio, channel_ratio};
pub use table::PitfallText;

coded! {
    /// A pitfall: R1–R16 of §5.4, then the weak actions of S66.
    PitfallCode {
        /// The counterpart's identity is missing.
        R1 = "R1",
        /// The original chat may be gone.
        R2 = "R2",
        /// A recording is paused, cut or lacks shots.
        R3 = "R3",
        /// No payment is linked to the order.
        R4 = "R4",
        /// The product page was captured only after the dispute.
        R5 = "R5",
        /// Only text of one's own.
        R6 = "R6",
        /// Doubtful clock or times out of order.
        R7 = "R7",
        /// An address without bytes.
        R8 = "R8",
        /// The payer or the account is not the buyer's.
        R9 = "R9",
        /// Redeemed by the buyer's own account.
        R10 = "R10",
        /// Gaps in the dialogue.
        R11 = "R11",
        /// Unlawfully obtained.
        R12 = "R12",
        /// Changed after capture.
        R13 = "R13",
        /// A page capture without address.
        R14 = "R14",
        /// The merchant's legal name is unknown.
        R15 = "R15",
        /// No object of proof.
        R16 = "R16",
        /// Oral communication alone (S9).
        OralOnly = "oral_only",
        /// All of the dialogue off the platform (S18, D5).
        OffPlatformOnly = "off_platform_only",
        /// A complaint in the wrong category (S38).
        WrongCategory = "wrong_category",
        /// The four fixations came late (S21).
        Late = "late",
        /// Heated or threatening words (S25).
        Emotional = "emotional",
        /// Personal data or secrets given away.
        PrivacyLeaked = "privacy_leaked",
        /// A slot with nothing but addresses (S22).
        LinkOnly = "link_only",
        /// A refund only the shop shows (D9).
        RefundByShopStatusOnly = "refund_by_shop_status_only",
        /// Receipt confirmed before anything was checked.
        ConfirmedTooEarly = "confirmed_too_early",
        /// The association before 12315: the order trap (L-CRM-16).
        E4BeforeE5 = "e4_before_e5",
        /// A problem without a notice to the merchant (S33).
        NoNoticeYet = "no_notice_yet",
        /// A notice without a rule (S27).
        NoRuleCited = "no_rule_cited",
    }
}

impl PitfallCode {
    /// Returns name, reason and fix, from `data/pitfalls.toml`.
    pub fn text(self) -> &'static PitfallText {
        table::get().text(self)
    }
}

/// Whether a pitfall is there, or only the user can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PitfallState {
    /// It is there.
    Found,
    /// To be asked: the record does not tell.
    Unknown,
}

/// What exactly was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PitfallDetail {
    /// Shots a recording lacks, and whether it was paused.
    Shots {
        /// The shots.
        missing: Vec<Shot>,
        /// Whether it was paused.
        paused: bool,
    },
    /// A device clock that is off, in seconds; positive when it is fast.
    ClockOff {
        /// Seconds.
        seconds: i64,
    },
    /// Two facts of the order in the wrong order.
    OutOfOrder {
        /// What should be the earlier.
        first: String,
        /// What should be the later.
        second: String,
    },
    /// A pause in the dialogue.
    Gap {
        /// Whole hours.
        hours: i64,
    },
    /// What is known of the merchant instead of the legal name.
    Identity {
        /// The name shown.
        name: Option<String>,
        /// The payee, who may be somebody else.
        payee: Option<String>,
        /// Whether a step was taken that needs the name (12315, court).
        needed_now: bool,
    },
    /// The category chosen, and those that fit, in the platform's words where it has any.
    Category {
        /// What was chosen.
        chosen: String,
        /// What fits, best first.
        right: Vec<Bilingual>,
        /// Why the chosen one does not.
        why: Option<Bilingual>,
    },
    /// How late.
    LateBy {
        /// Seconds.
        seconds: i64,
    },
    /// The slots that hold nothing but addresses.
    Slots {
        /// The slots.
        slots: Vec<Slot>,
    },
}

/// One pitfall of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pitfall {
    /// Which.
    pub code: PitfallCode,
    /// Whether it is there or to be asked.
    pub state: PitfallState,
    /// The evidence, messages or reports it concerns.
    pub items: Vec<ItemId>,
    /// What exactly.
    pub detail: Option<PitfallDetail>,
}

impl Pitfall {
    fn found(code: PitfallCode, items: Vec<ItemId>) -> Self {
        Self { code, state: PitfallState::Found, items, detail: None }
    }

    fn asked(code: PitfallCode, items: Vec<ItemId>) -> Self {
        Self { code, state: PitfallState::Unknown, items, detail: None }
    }

    fn with(self, detail: PitfallDetail) -> Self {
        Self { detail: Some(detail), ..self }
    }
}

/// What a detector says: nothing, or one pitfall.
type Detected = Option<Pitfall>;

/// Looks for every pitfall, in the order of [`PitfallCode::ALL`]; the scenario is the one the user chose.
pub fn pitfalls(view: &View<'_>) -> Vec<Pitfall> {
    pitfalls_in(view, action::chosen(view))
}

/// As [`pitfalls`], for a scenario found elsewhere; without one a category is compared with those no
/// digital good fits.
pub fn pitfalls_in(view: &View<'_>, scenario: Option<Scenario>) -> Vec<Pitfall> {
    let detectors: [fn(&View<'_>) -> Detected; 27] = [
        chat::no_counterpart,
        chat::original_gone,
        record::broken,
        proof::no_payment_link,
        record::page_after_dispute,
        proof::own_text_only,
        record::doubtful_times,
        proof::bare_link,
        proof::not_the_buyers,
        proof::redeemed,
        chat::gaps,
        proof::unlawful,
        record::changed_after,
        record::no_address,
        proof::no_legal_name,
        proof::no_object,
        chat::oral_only,
        chat::off_platform_only,
        action::late,
        chat::emotional,
        chat::privacy_leaked,
        proof::link_only,
        action::shop_refund_only,
        action::confirmed_too_early,
        action::association_first,
        action::no_notice,
        chat::no_rule,
    ];
    let mut found: Vec<Pitfall> = detectors.iter().filter_map(|detect| detect(view)).collect();
    found.extend(action::wrong_category(view, scenario));
    found.sort_by_key(|pitfall| pitfall.code);
    found
}
