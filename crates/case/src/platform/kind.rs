//! The small vocabularies of a profile: seller types, chats, windows, limits, where refunds go.

use serde::{Deserialize, Serialize};

use crate::bilingual::Bilingual;
use crate::coded::coded;

coded! {
    /// The type of seller the buyer meets (domain §2.1).
    SellerType {
        /// 个人发卡站: a shop of one merchant.
        T1 = "T1",
        /// 寄售发卡平台: many merchants on one card platform.
        T2 = "T2",
        /// 卡盟·社区·代刷: a reseller, often passing orders on.
        T3 = "T3",
        /// 账号交易市场
        T4 = "T4",
        /// 综合电商的虚拟类目
        T5 = "T5",
        /// 群、微信、TG 直接交易
        T6 = "T6",
    }
}

coded! {
    /// Where buyer and seller can write to each other.
    ChatKind {
        /// Nowhere.
        None = "none",
        /// A link to a messenger outside the platform.
        ExternalLink = "external_link",
        /// Only in the thread of a complaint.
        ComplaintThread = "complaint_thread",
        /// Only in a ticket 工单.
        Ticket = "ticket",
        /// In the platform's own messenger.
        InApp = "in_app",
        /// Only in the messenger where the deal was made.
        Social = "social",
    }
}

coded! {
    /// Whether the platform takes complaints at all (D3).
    Appeal {
        /// It does not; the payment channel and 12315 remain.
        None = "none",
        /// Only from buyers with an account.
        LoginOnly = "login_only",
        /// It has a form, a ticket or an entry in the order.
        Form = "form",
    }
}

coded! {
    /// When the seller gets the money.
    Settlement {
        /// At once.
        T0 = "t0",
        /// The next day.
        T1 = "t1",
        /// When the buyer confirms.
        OnConfirm = "on_confirm",
    }
}

coded! {
    /// Where refunded money goes (D9).
    RefundDestination {
        /// Back to the account that paid.
        Original = "original",
        /// To the balance on the platform.
        Balance = "balance",
        /// To a wallet of the site.
        Wallet = "wallet",
        /// Nobody can say.
        Unknown = "unknown",
    }
}

coded! {
    /// What a note is about.
    NoteTopic {
        /// How a complaint works here.
        Complaint = "complaint",
        /// How orders and pages vanish.
        Trace = "trace",
        /// What delivery really means here.
        Delivery = "delivery",
        /// What else to know.
        Other = "other",
    }
}

/// Until when the platform takes a complaint (D1). No instants are computed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "n", rename_all = "snake_case", deny_unknown_fields)]
pub enum AppealWindow {
    /// So many hours after the merchant refused.
    HoursAfterRefusal(u32),
    /// Until the end of the calendar day of the order, Asia/Shanghai.
    SameDay,
    /// So many hours after the order.
    HoursAfterOrder(u32),
    /// So many days after delivery.
    DaysAfterDelivery(u32),
}

/// What may be attached to a complaint; an absent limit is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceLimit {
    /// How many files.
    pub count: Option<u32>,
    /// How large each may be, in bytes.
    pub size_bytes: Option<u64>,
    /// Media types, such as `image/png`; empty when unknown.
    #[serde(default)]
    pub types: Vec<String>,
}

/// One thing worth knowing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// What it is about.
    pub topic: NoteTopic,
    /// What to know.
    pub text: Bilingual,
}
