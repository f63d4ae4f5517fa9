//! One purchase: its label, what is known of it, and what hangs on it.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::Serialize;

use crate::{Exhibit, Message};

/// The user's short label of an order: 1 to 32 of `A-Z a-z 0-9 _ -`.
///
/// It is not the shop's order number, which is a fact that may be unknown or secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct OrderId(String);

/// A label that is empty, too long, or has a character outside `A-Z a-z 0-9 _ -`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an order's label has 1 to 32 of A-Z a-z 0-9 _ -")]
pub struct OrderIdError;

impl FromStr for OrderId {
    type Err = OrderIdError;

    fn from_str(label: &str) -> Result<Self, OrderIdError> {
        let fits = (1..=32).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if fits { Ok(Self(label.to_owned())) } else { Err(OrderIdError) }
    }
}

impl OrderId {
    /// Returns the label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What was bought (S1): the kind will drive checklists and advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GoodsKind {
    /// 游戏点卡
    GamePointCard,
    /// 会员账号
    MembershipAccount,
    /// 软件激活码
    SoftwareActivationCode,
    /// 游戏账号
    GameAccount,
    /// 企业软件授权
    EnterpriseLicence,
}

impl GoodsKind {
    /// All kinds, in the order of S1.
    pub const ALL: [Self; 5] = [
        Self::GamePointCard,
        Self::MembershipAccount,
        Self::SoftwareActivationCode,
        Self::GameAccount,
        Self::EnterpriseLicence,
    ];

    /// Returns the kind's name in stored events.
    pub const fn code(self) -> &'static str {
        match self {
            Self::GamePointCard => "game_point_card",
            Self::MembershipAccount => "membership_account",
            Self::SoftwareActivationCode => "software_activation_code",
            Self::GameAccount => "game_account",
            Self::EnterpriseLicence => "enterprise_licence",
        }
    }

    /// Finds the kind with that stored name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What is known of an order; an absent fact is unknown, never a default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OrderFacts {
    /// The product as the shop names it.
    pub title: Option<String>,
    /// What kind of goods it is.
    pub goods: Option<GoodsKind>,
    /// The shop's order number (S12).
    pub order_no: Option<String>,
    /// The amount paid, in 分 (S12).
    pub amount_fen: Option<i64>,
    /// The merchant's name or id (S12).
    pub merchant: Option<String>,
    /// The platform's name or host (S7).
    pub platform: Option<String>,
    /// When the payment succeeded.
    pub paid_at: Option<Timestamp>,
    /// When the shop delivered.
    pub delivered_at: Option<Timestamp>,
}

impl OrderFacts {
    /// Takes over every fact that `later` knows; the others stay.
    pub fn amend(&mut self, later: &Self) {
        let later = later.clone();
        self.title = later.title.or(self.title.take());
        self.goods = later.goods.or(self.goods);
        self.order_no = later.order_no.or(self.order_no.take());
        self.amount_fen = later.amount_fen.or(self.amount_fen);
        self.merchant = later.merchant.or(self.merchant.take());
        self.platform = later.platform.or(self.platform.take());
        self.paid_at = later.paid_at.or(self.paid_at);
        self.delivered_at = later.delivered_at.or(self.delivered_at);
    }

    /// Returns the instant the trade was completed: delivery, else payment (S21).
    pub fn completed_at(&self) -> Option<Timestamp> {
        self.delivered_at.or(self.paid_at)
    }
}

/// One purchase with all that was recorded of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    /// The user's label.
    pub id: OrderId,
    /// When it was opened here, by the device's clock.
    pub opened_at: Timestamp,
    /// What is known of it.
    pub facts: OrderFacts,
    /// Its exhibits, in the order of the log.
    pub exhibits: Vec<Exhibit>,
    /// Its messages, in the order of the log.
    pub messages: Vec<Message>,
    /// When packages of it left the house.
    pub exports: Vec<Timestamp>,
}
