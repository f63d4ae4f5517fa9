//! The codes of flags, their weight, and their texts.

use serde::{Deserialize, Serialize};

use super::TABLE;
use crate::bilingual::Bilingual;
use crate::coded::coded;

coded! {
    /// What is flagged.
    FlagCode {
        /// Shown as delivered, and the content only stands in for a card (D10).
        StatusPayloadContradiction = "StatusPayloadContradiction",
        /// The money went to another name than the merchant's (§2.8).
        PayeeMismatch = "PayeeMismatch",
        /// Nobody named the company or person behind the shop (S7, R15).
        MerchantIdentityMissing = "MerchantIdentityMissing",
        /// The time inside the order number is not the order's (§2.3).
        OrderTimeContradiction = "OrderTimeContradiction",
        /// The voucher shows another amount than the order.
        AmountMismatch = "AmountMismatch",
        /// The shop takes no complaints at all (D3).
        PlatformHasNoAppeal = "PlatformHasNoAppeal",
        /// A refusal cites a term that may be void (L-CPL-26, L-CC-497).
        UnfairTermCandidate = "UnfairTermCandidate",
        /// A refusal cites a warranty or inspection period of hours or days (D7, L-CC-622).
        ShortInspectionPeriod = "ShortInspectionPeriod",
        /// The other side invited away from the platform (S36).
        OffPlatformSolicitation = "OffPlatformSolicitation",
        /// A refund was decided, announced or failed, and the payment side shows none (D9).
        RefundNotArrived = "RefundNotArrived",
        /// Money came back to the platform's balance only (D9).
        RefundToBalanceOnly = "RefundToBalanceOnly",
        /// Trading internet accounts may itself be unlawful (D12, L-ATF-31).
        AccountTradeLegalRisk = "AccountTradeLegalRisk",
        /// The goods may be forbidden (D12).
        IllegalGoodsRisk = "IllegalGoodsRisk",
        /// One payment is recorded for several things (S14).
        SharedPayment = "SharedPayment",
        /// The order was paid in two transactions of the same amount.
        DuplicateTransaction = "DuplicateTransaction",
        /// Bought for resale or business: no consumer (L-CPL-2).
        ResaleRisk = "ResaleRisk",
        /// The buyer's own account redeemed it (R10).
        OwnRedemption = "OwnRedemption",
        /// Goods of high value without escrow or coverage (S56, S57).
        NoEscrow = "NoEscrow",
        /// A dialogue by word of mouth only (S9).
        OralOnly = "OralOnly",
    }
}

coded! {
    /// How much weight a flag has in its order.
    FlagLevel {
        /// To be acted on or argued with.
        Warning = "warning",
        /// A gap to be filled in time.
        Gap = "gap",
    }
}

/// What the data says of one flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagText {
    /// Which.
    pub code: FlagCode,
    /// Its name.
    pub name: Bilingual,
    /// What it means.
    pub why: Bilingual,
    /// What to do.
    #[serde(rename = "do")]
    pub to_do: Bilingual,
    /// Statutes, by id of domain §3.
    #[serde(default)]
    pub basis: Vec<String>,
}

impl FlagCode {
    /// Returns its name, meaning and advice, from `data/flags.toml`.
    pub fn text(self) -> &'static FlagText {
        let found = TABLE.flags.iter().find(|text| text.code == self);
        found.expect("data/flags.toml has every flag, checked by its tests")
    }
}
