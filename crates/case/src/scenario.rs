//! The twenty-two ways a purchase goes wrong, and what each needs (domain §4).

mod proof;
mod row;

use std::sync::LazyLock;

use serde::Deserialize;

pub use proof::{Proof, ProofText};
pub use row::{Deadline, LegalRisk, LegalRiskText, RightChoice, Row, StepChoice, WrongChoice};

use crate::GoodsKind;
use crate::coded::coded;

coded! {
    /// What went wrong, in the order of the table of domain §4.
    Scenario {
        /// 卡密无效
        KeyInvalid = "key_invalid",
        /// 卡密已使用
        KeyUsed = "key_used",
        /// 一卡多售
        DuplicateSale = "duplicate_sale",
        /// 延迟到账
        LateDelivery = "late_delivery",
        /// 未发货、占位内容
        NonDelivery = "non_delivery",
        /// 少发/部分无效
        PartialDelivery = "partial_delivery",
        /// 账号被找回
        AccountRecovered = "account_recovered",
        /// 售后封号
        AccountBanned = "account_banned",
        /// 与描述不符
        NotAsDescribed = "not_as_described",
        /// “永久”却过期
        ExpiredThoughPermanent = "expired_though_permanent",
        /// 区服不符
        WrongRegion = "wrong_region",
        /// 商家失联
        MerchantVanished = "merchant_vanished",
        /// 商家拒绝/推诿
        MerchantRefuses = "merchant_refuses",
        /// 诱导线下付款
        OffPlatformInduced = "off_platform_induced",
        /// 低价诱骗/乱收费
        PriceFeeFraud = "price_fee_fraud",
        /// 未授权扣款/自动续费
        UnauthorizedCharge = "unauthorized_charge",
        /// 未成年人购买
        MinorPurchase = "minor_purchase",
        /// 平台驳回/不作为
        PlatformRefuses = "platform_refuses",
        /// 充错账号
        RechargeWrongAccount = "recharge_wrong_account",
        /// 余额/保证金不退
        BalanceTrapped = "balance_trapped",
        /// 违禁商品
        IllegalGoods = "illegal_goods",
        /// 已判退未到账
        RefundNotArrived = "refund_not_arrived",
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenariosFile {
    scenario: Vec<Row>,
    risk: Vec<LegalRiskText>,
}

/// The scenario table of `data/scenarios.toml`.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Row>,
    risks: Vec<LegalRiskText>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file: ScenariosFile = toml::from_str(include_str!("../data/scenarios.toml"))
        .expect("data/scenarios.toml is checked by its tests");
    Table { rows: file.scenario, risks: file.risk }
});

impl Table {
    /// Returns the built-in table, read once.
    pub fn get() -> &'static Self {
        &TABLE
    }

    /// Returns what the table says of `scenario`.
    pub fn row(&self, scenario: Scenario) -> &Row {
        self.rows
            .iter()
            .find(|row| row.code == scenario)
            .expect("data/scenarios.toml has a row for every scenario, checked by its tests")
    }

    /// Returns all rows, in the order of the data.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Returns the legal risks to show (D12): those of the row, and the account trade of any game account.
    ///
    /// A membership may be a mere code, so its kind alone tells no risk.
    pub fn risks(&self, scenario: Scenario, goods: Option<GoodsKind>) -> Vec<LegalRisk> {
        let mut risks = self.row(scenario).risks.clone();
        if goods == Some(GoodsKind::GameAccount) && !risks.contains(&LegalRisk::AccountTrade) {
            risks.push(LegalRisk::AccountTrade);
        }
        risks
    }

    /// Returns the notice of a legal risk (D12).
    pub fn risk(&self, risk: LegalRisk) -> &LegalRiskText {
        self.risks
            .iter()
            .find(|text| text.code == risk)
            .expect("data/scenarios.toml has every legal risk, checked by its tests")
    }
}
