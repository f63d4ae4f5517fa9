//! The kinds of papers, by the names under which they are asked for.

use serde::Serialize;

/// Declares the kinds, their codes and their list, so that none can lag behind.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)+) => {
        /// A kind of paper.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])* $name,)+
        }

        impl Kind {
            /// All kinds, in the order in which they are listed.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Returns the kind's name in commands, files and stored events.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }
        }
    };
}

kinds! {
    /// 沟通函: to the merchant (S26–S33).
    Letter = "letter",
    /// 申诉书: fact, basis, claim to the platform (S41–S45).
    Appeal = "appeal",
    /// 人工复核申请 (L-PRM-19).
    HumanReview = "human-review",
    /// 微信支付投诉, at most 300 characters (§2.8).
    WechatPay = "wechat-pay",
    /// 支付宝投诉, at most 300 characters (§2.8).
    Alipay = "alipay",
    /// 12315 投诉登记 (L-CRM-10).
    Complaint12315 = "complaint-12315",
    /// 12315 举报, apart from the complaint (L-CRM-9).
    Report12315 = "report-12315",
    /// 请平台提供商家身份与交易记录 (L-CPL-44, L-ECL-62).
    IdentityRequest = "identity-request",
    /// 消费者协会调解申请 (L-CPL-37).
    Association = "association",
    /// 起诉状 of a small claim, by elements (L-CPP-124), with the catalogue of evidence.
    SmallClaims = "small-claims",
    /// 报案材料摘要 (L-ATF-20).
    PoliceSummary = "police-summary",
    /// 证据目录 with the exhibits behind it (§3.9).
    Catalogue = "catalogue",
    /// 沟通时间线 (S34, S65).
    Timeline = "timeline",
    /// 付款与商品对应表 (S14).
    Payments = "payments",
    /// 交付核验记录 (S19, S20).
    DeliveryCheck = "delivery-check",
    /// 规则版本对照 (S50, S51).
    RuleComparison = "rule-comparison",
    /// 证据包封面.
    Cover = "cover",
    /// 商家档案: all that the orders and notes say of one merchant (S53, S64).
    Merchant = "merchant",
    /// 年度回顾: a year of purchases in numbers, for the buyer alone.
    Year = "year",
    /// 规则跟踪记录: every captured version of every rule, and what changed (S50, S64).
    RuleLog = "rule-log",
}

impl Kind {
    /// Finds the kind of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// Tells whether it is made of one order ([`crate::of_order`]); the others are made of several.
    pub const fn of_one_order(self) -> bool {
        !matches!(self, Self::Merchant | Self::Year | Self::RuleLog)
    }

    /// Tells whether it is asked for by an order; the others are the buyer's own, and belong to none.
    pub const fn by_order(self) -> bool {
        !matches!(self, Self::Year | Self::RuleLog)
    }

    /// Tells whether the exhibits stand behind it, in the same paper.
    pub const fn with_exhibits(self) -> bool {
        matches!(self, Self::Appeal | Self::SmallClaims | Self::Catalogue)
    }
}

impl Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// The language of a paper's own words. What people said and what offices read stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_code() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(*kind));
        }
    }
}
