//! What the buyer asks for: kinds of claims, their amounts in 分, and the sentence for it (S44, domain §4).

mod arithmetic;
mod promise;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub use arithmetic::{Coverage, FRAUD_MINIMUM_FEN, FRAUD_TIMES, Purchase, pro_rata};
pub use promise::{PromisedMultiple, promised_multiple};

use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::scenario::{Scenario, Table};

coded! {
    /// What can be asked for (domain §4, column "typical claim").
    ClaimKind {
        /// 全额退款
        FullRefund = "full_refund",
        /// 部分退款: the dead part of several items.
        PartialRefund = "partial_refund",
        /// 补发
        Reissue = "reissue",
        /// 补发，不能补发则退款
        ReissueOrRefund = "reissue_or_refund",
        /// 更换
        Replace = "replace",
        /// 补足数量
        MakeUpQuantity = "make_up_quantity",
        /// 催交付
        Deliver = "deliver",
        /// 退差价
        PriceDifference = "price_difference",
        /// 部分补偿
        PartialCompensation = "partial_compensation",
        /// 假一赔三/十 (L-NCI-10, L-CPLR-12)
        PromisedMultiple = "promised_multiple",
        /// 欺诈三倍赔偿 (L-CPL-55)
        FraudDamages = "fraud_damages",
        /// 包赔赔付 (D11)
        CoveragePayout = "coverage_payout",
        /// 恢复账号
        Recovery = "recovery",
        /// 撤销扣款 (L-ECL-57)
        ReverseCharge = "reverse_charge",
        /// 更正充值账号
        TransferCorrection = "transfer_correction",
        /// 协商
        Goodwill = "goodwill",
        /// 退余额
        BalanceRefund = "balance_refund",
        /// 已判退款到账
        PayOut = "pay_out",
        /// 重新决定
        ReDecision = "re_decision",
        /// 提供商家身份信息 (L-CPL-44)
        IdentityData = "identity_data",
        /// 举报
        Report = "report",
    }
}

/// What the data says of one kind of claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimText {
    /// Which kind.
    pub code: ClaimKind,
    /// Its name.
    pub name: Bilingual,
    /// The sentence, with the slots `{amount}`, `{count}` and `{excerpt}`.
    pub text: Bilingual,
    /// Whether it asks the other side to perform the deal.
    #[serde(default)]
    pub performance: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimsFile {
    claim: Vec<ClaimText>,
    promise: promise::PromiseTable,
}

static FILE: LazyLock<ClaimsFile> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/claims.toml")).expect("data/claims.toml is checked by its tests")
});

impl ClaimKind {
    /// Returns name and sentence of this kind, from `data/claims.toml`.
    pub fn text(self) -> &'static ClaimText {
        FILE.claim
            .iter()
            .find(|text| text.code == self)
            .expect("data/claims.toml has every kind, checked by its tests")
    }

    /// Tells whether the sentence names an amount.
    pub fn has_amount(self) -> bool {
        self.text().text.zh.contains("{amount}")
    }
}

/// Why more than the price paid may be asked (S44); `Price` when it may not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The price paid is the limit.
    Price,
    /// The seller promised a multiple; it binds (L-NCI-10, L-CPLR-12).
    Promise(PromisedMultiple),
    /// Fraud, with facts the user has confirmed (L-CPL-55).
    Fraud,
    /// A coverage agreement (D11).
    Coverage(Coverage),
}

/// A claim that passed its checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// What is asked for.
    pub kind: ClaimKind,
    /// The amount in 分, where the kind has one.
    pub amount_fen: Option<i64>,
    /// How many items it is about, where the kind counts them.
    pub count: Option<u32>,
    /// What allows the amount.
    pub basis: Basis,
}

/// A claim that cannot be made so; [`ClaimError::field`] names what to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ClaimError {
    /// The price paid is unknown, zero or negative.
    #[error("the amount paid must be more than 0")]
    NothingPaid,
    /// An amount is zero or negative.
    #[error("the amount asked must be more than 0")]
    NothingAsked,
    /// More is asked than the basis allows.
    #[error("{asked_fen} fen are asked; at most {cap_fen} fen can be")]
    AboveCap {
        /// What was asked, in 分.
        asked_fen: i64,
        /// The most that can be asked, in 分.
        cap_fen: i64,
    },
    /// The count of dead items is zero or above the count bought.
    #[error("{dead} of {total} items: must be at least 1 and at most all")]
    BadCount {
        /// Items not properly delivered.
        dead: u32,
        /// Items bought.
        total: u32,
    },
    /// The advertised price is not below the price paid.
    #[error("the advertised price must be at least 0 and below the amount paid")]
    NoDifference,
    /// The promise names no multiple.
    #[error("the promise names no multiple such as 假一赔三")]
    NoMultiple,
    /// Damages for fraud without confirmed facts.
    #[error("three times the price needs facts of fraud that the user has confirmed")]
    FraudNotConfirmed,
    /// The coverage agreement pays nothing.
    #[error("the coverage limit must be more than 0")]
    NoCoverage,
    /// The scenario bars a claim for performance (D12).
    #[error("for this scenario only a refund or a report may be asked")]
    PerformanceBarred,
    /// The kind has an amount that has to be computed from facts of its own.
    #[error("this kind of claim needs its own facts")]
    NeedsFacts,
    /// The result does not fit; no real purchase is that large.
    #[error("the amount is too large")]
    TooLarge,
}

impl ClaimError {
    /// Returns the name of the argument that must change.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::NothingPaid => "paid_fen",
            Self::NothingAsked | Self::AboveCap { .. } | Self::TooLarge => "amount_fen",
            Self::BadCount { .. } => "dead_count",
            Self::NoDifference => "advertised_fen",
            Self::NoMultiple => "promise",
            Self::FraudNotConfirmed => "fraud_confirmed",
            Self::NoCoverage => "coverage",
            Self::PerformanceBarred | Self::NeedsFacts => "kind",
        }
    }
}

/// Refuses a claim for performance where the deal itself is unlawful (D12).
pub fn permit(kind: ClaimKind, scenario: Scenario) -> Result<(), ClaimError> {
    if Table::get().row(scenario).performance_barred && kind.text().performance {
        return Err(ClaimError::PerformanceBarred);
    }
    Ok(())
}

/// Writes an amount of 分 in yuan with two decimals: `4500` is `45.00`.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

impl Claim {
    /// Returns the sentence for the statement, such as `退还已付款 45.00 元`.
    pub fn sentence(&self) -> Bilingual {
        let mut text = self.kind.text().text.clone();
        if let Some(fen) = self.amount_fen {
            text = text.with("amount", &yuan(fen));
        }
        if let Some(count) = self.count {
            text = text.with("count", &count.to_string());
        }
        if let Basis::Promise(promise) = &self.basis {
            text = text.with("excerpt", &promise.excerpt);
        }
        text
    }
}
