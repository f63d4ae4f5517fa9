//! The facts of a profile: one list of fields from which reading, merging and listing are made.

use serde::{Deserialize, Serialize};

use super::fact::{Fact, Provenance, Stated};
use super::form::{CategoryMapping, OwnCategory, Unmapped};
use super::kind::{Appeal, AppealWindow, ChatKind, EvidenceLimit, Note, RefundDestination, Settlement};
use crate::bilingual::Bilingual;

macro_rules! facts {
    ($($(#[$doc:meta])* $field:ident: $kind:ty,)+) => {
        /// Everything known of a platform; `None` is unknown.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
        pub struct Facts {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<Fact<$kind>>,)+
        }

        /// The facts as one file states them.
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct StatedFacts {
            $($field: Option<Stated<$kind>>,)+
        }

        impl StatedFacts {
            /// Fills in what the head of the file says for all.
            pub(super) fn resolve(self, head: &Provenance) -> Facts {
                Facts { $($field: self.$field.map(|stated| stated.resolve(head)),)+ }
            }
        }

        impl Facts {
            /// Takes these facts and, where one is absent, that of `base`.
            pub(super) fn over(self, base: &Self) -> Self {
                Self { $($field: self.$field.or_else(|| base.$field.clone()),)+ }
            }

            /// Returns every field's name with its provenance; `None` is unknown.
            pub fn provenance(&self) -> Vec<(&'static str, Option<&Provenance>)> {
                vec![$((stringify!($field), self.$field.as_ref().map(|fact| &fact.from)),)+]
            }
        }
    };
}

facts! {
    /// The company that runs it.
    operator_company: String,
    /// That company's address.
    operator_address: String,
    /// Its licence or credit code.
    operator_licence_no: String,
    /// Paths of order pages, with `{order_no}` and the like where the value stands.
    order_url_pattern: Vec<String>,
    /// Where buyer and seller can write to each other.
    chat_kind: ChatKind,
    /// Where a complaint is made.
    complaint_entry: Bilingual,
    /// Whether it takes complaints at all (D3).
    appeal: Appeal,
    /// The entries of its complaint form.
    categories: Vec<OwnCategory>,
    /// Which entry stands for which canonical category (D2).
    category_map: Vec<CategoryMapping>,
    /// Canonical categories without an entry, and why.
    unmapped: Vec<Unmapped>,
    /// Hours the platform gives the merchant to answer a complaint, from its submission. It does not replace
    /// the 4 h of the buyer's own message (S33).
    merchant_reply_h: u32,
    /// Until when it takes a complaint (D1).
    appeal_window: AppealWindow,
    /// Hours in which the platform decides, from submission.
    complaint_sla_h: u32,
    /// Whether an order can be complained of only once.
    one_shot: bool,
    /// How many complaints an order can have.
    max_complaints: u32,
    /// What may be attached.
    evidence_max: EvidenceLimit,
    /// Least number of characters of the description.
    description_min: u32,
    /// Most characters of the description.
    description_max: u32,
    /// Whether it has a lane of its own for virtual goods (S45).
    has_virtual_lane: bool,
    /// The lane's name.
    virtual_lane_name: Bilingual,
    /// Whether it holds the money until the buyer confirms (S56).
    escrow: bool,
    /// When the seller gets the money.
    settlement: Settlement,
    /// Hours after which receipt counts as confirmed, from delivery.
    auto_confirm_after_h: u32,
    /// Its rule on merchants' deposits (S51).
    deposit_rule: Bilingual,
    /// Its rule on the part refunded (S51).
    refund_ratio_rule: Bilingual,
    /// Where refunded money goes (D9).
    refund_destination: RefundDestination,
    /// How a refund can look paid and not be.
    refund_traps: Vec<Bilingual>,
    /// Most characters of one chat message.
    message_max: u32,
    /// What else to know.
    notes: Vec<Note>,
}
