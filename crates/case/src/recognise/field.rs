//! The fields of an order, and one reading of one of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Moment, OrderState, Span};

/// A field of an order, a voucher or a delivery (domain dossier 2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 订单号: the shop's number (S12).
    OrderNo,
    /// 交易单号: the payment channel's number (S14).
    PaymentTxn,
    /// 商品名称
    ProductName,
    /// 购买数量
    Quantity,
    /// 实付款, in 分 (S12).
    AmountPaid,
    /// 单价, in 分.
    UnitPrice,
    /// 面值, in 分: not a price.
    FaceValue,
    /// 下单时间
    CreatedAt,
    /// 付款时间
    PaidAt,
    /// 发货时间
    DeliveredAt,
    /// 退款时间
    RefundedAt,
    /// 退款金额, in 分.
    RefundAmount,
    /// 支付方式
    PayMethod,
    /// 订单状态
    Status,
    /// 发货状态
    DeliveryStatus,
    /// 投诉状态
    ComplaintStatus,
    /// 自动发货, 人工处理
    DeliveryMode,
    /// 下单邮箱, 联系方式
    Contact,
    /// 充值账号
    ChargeAccount,
    /// 卡密
    Secret,
    /// 使用说明
    Usage,
    /// 商家ID, 店铺名称 (S12).
    MerchantId,
    /// 收款方 (S7).
    Payee,
}

/// How sure a reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A guess by place.
    Low,
    /// A label without a colon, or the value on another line.
    Medium,
    /// A label with its value beside it, a known element or a key.
    High,
}

/// What a field says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Words; secrets in them are masked.
    Text(String),
    /// An amount in 分.
    AmountFen(i64),
    /// How many.
    Quantity(u32),
    /// An instant, read in Asia/Shanghai.
    Instant(Moment),
    /// A state, and the word or code that stands for it (empty if the page shows none).
    Status {
        /// Which of ours it is.
        state: OrderState,
        /// As the page shows it.
        shown: String,
    },
    /// A secret's mask.
    Masked(String),
    /// The label is there and its value is empty.
    Empty,
    /// A value that could not be read as what the field is: a date without its year, an amount in words.
    Unread(String),
}

impl Value {
    /// Tells whether there is a value that was understood.
    #[must_use]
    pub fn is_read(&self) -> bool {
        !matches!(self, Self::Empty | Self::Unread(_))
    }
}

/// Where a value was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The line of the source, from 1.
    pub line: usize,
    /// On a page the elements around it, innermost last; in JSON the keys.
    pub path: Option<String>,
}

/// One reading of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Which field.
    pub field: Field,
    /// What it says.
    pub value: Value,
    /// The label as written, or the selector of a known element.
    pub label: String,
    /// Where.
    pub place: Place,
    /// The value's bytes in the readable text.
    pub span: Span,
    /// How sure.
    pub confidence: Confidence,
    /// Whether another reading of the field says something else.
    pub competes: bool,
    /// How usual the label is for the field: 0 is the most usual.
    pub rank: usize,
}

impl Reading {
    /// Tells whether the value was understood, stands where such a value belongs and is contradicted by none.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        self.value.is_read() && self.confidence == Confidence::High && !self.competes
    }
}

/// The most reliable reading of a field.
pub(super) fn best(fields: &[Reading], field: Field) -> Option<&Reading> {
    let of_field = fields.iter().filter(|one| one.field == field);
    of_field.min_by_key(|one| (!one.value.is_read(), std::cmp::Reverse(one.confidence), one.rank))
}

/// Marks readings of one field that say different things.
pub(super) fn mark_competing(fields: &mut [Reading]) {
    let mut first: BTreeMap<Field, Value> = BTreeMap::new();
    let mut competing = BTreeSet::new();
    for one in fields.iter().filter(|one| one.value.is_read() && one.field != Field::Secret) {
        let known = first.entry(one.field).or_insert_with(|| one.value.clone());
        if !agree(known, &one.value) {
            competing.insert(one.field);
        }
    }
    for one in fields.iter_mut().filter(|one| one.value.is_read()) {
        one.competes = competing.contains(&one.field);
    }
}

fn agree(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Instant(left), Value::Instant(right)) => left.agrees(right),
        (Value::Status { state: left, .. }, Value::Status { state: right, .. }) => left == right,
        _ => left == right,
    }
}
