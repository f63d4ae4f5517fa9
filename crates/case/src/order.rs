//! One purchase: its label, what is known of it, and what hangs on it.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::Serialize;

use crate::report::{Kind, Logged, MessageJudged, Outcome, Report, Sense};
use crate::{Exhibit, ItemId, Message};

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

impl<'de> serde::Deserialize<'de> for OrderId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let label = String::deserialize(deserializer)?;
        label.parse().map_err(serde::de::Error::custom)
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
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
    /// When the order was placed.
    pub created_at: Option<Timestamp>,
    /// When what was bought was credited: a direct recharge.
    pub credited_at: Option<Timestamp>,
    /// When an account was handed over: 换绑 done.
    pub handed_over_at: Option<Timestamp>,
    /// When the buyer confirmed receipt.
    pub confirmed_at: Option<Timestamp>,
    /// When it was activated: the rule window of S28 counts from it.
    pub activated_at: Option<Timestamp>,
    /// When the secret was first shown to the buyer.
    pub revealed_at: Option<Timestamp>,
    /// How many pieces were bought.
    pub quantity: Option<u32>,
    /// The price of one, in 分.
    pub unit_fen: Option<i64>,
    /// The status as the page shows it.
    pub status: Option<String>,
    /// The platform profile that applies, by its id.
    pub profile: Option<String>,
    /// The account to be credited.
    pub charge_account: Option<String>,
    /// A second number of the shop.
    pub internal_no: Option<String>,
    /// Whether the payment is held in escrow until receipt is confirmed.
    pub escrow: Option<bool>,
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
        self.created_at = later.created_at.or(self.created_at);
        self.credited_at = later.credited_at.or(self.credited_at);
        self.handed_over_at = later.handed_over_at.or(self.handed_over_at);
        self.confirmed_at = later.confirmed_at.or(self.confirmed_at);
        self.activated_at = later.activated_at.or(self.activated_at);
        self.revealed_at = later.revealed_at.or(self.revealed_at);
        self.quantity = later.quantity.or(self.quantity);
        self.unit_fen = later.unit_fen.or(self.unit_fen);
        self.status = later.status.or(self.status.take());
        self.profile = later.profile.or(self.profile.take());
        self.charge_account = later.charge_account.or(self.charge_account.take());
        self.internal_no = later.internal_no.or(self.internal_no.take());
        self.escrow = later.escrow.or(self.escrow);
    }

    /// Returns every instant it knows, with the name of the fact.
    pub fn times(&self) -> [(&'static str, Option<Timestamp>); 8] {
        [
            ("created_at", self.created_at),
            ("paid_at", self.paid_at),
            ("delivered_at", self.delivered_at),
            ("credited_at", self.credited_at),
            ("handed_over_at", self.handed_over_at),
            ("confirmed_at", self.confirmed_at),
            ("activated_at", self.activated_at),
            ("revealed_at", self.revealed_at),
        ]
    }

    fn forget_after(&mut self, at: Timestamp) {
        for time in [
            &mut self.created_at,
            &mut self.paid_at,
            &mut self.delivered_at,
            &mut self.credited_at,
            &mut self.handed_over_at,
            &mut self.confirmed_at,
            &mut self.activated_at,
            &mut self.revealed_at,
        ] {
            *time = time.filter(|time| *time <= at);
        }
    }

    /// Tells whether this is a purchase that is only thought of: a price was noted, and nothing says that it was made.
    ///
    /// No sum, rate or count of purchases has it.
    pub fn is_plan(&self) -> bool {
        let happened = self.times().into_iter().any(|(_, time)| time.is_some());
        let placed = self.order_no.is_some() || self.internal_no.is_some() || self.status.is_some();
        self.unit_fen.is_some() && self.amount_fen.is_none() && !happened && !placed
    }

    /// Returns the price of one piece, in 分: as noted, else the amount by the number of pieces.
    pub fn price_of_one(&self) -> Option<i64> {
        let pieces = i64::from(self.quantity.unwrap_or(1)).max(1);
        self.unit_fen.or_else(|| self.amount_fen.map(|fen| fen / pieces))
    }

    /// Returns the instant the trade was completed: what ends the delivery, else payment (S21).
    pub fn completed_at(&self) -> Option<Timestamp> {
        self.received_at().or(self.paid_at)
    }

    /// Returns the last act of delivery that is known: confirmation, else hand-over, credit, delivery.
    pub fn received_at(&self) -> Option<Timestamp> {
        self.confirmed_at.or(self.handed_over_at).or(self.credited_at).or(self.delivered_at)
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
    /// Everything else that was reported of it, in the order of the log.
    pub reports: Vec<Logged>,
}

impl Order {
    /// Starts an order with nothing but its facts.
    pub fn new(id: OrderId, opened_at: Timestamp, facts: OrderFacts) -> Self {
        let (exhibits, messages, exports, reports) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { id, opened_at, facts, exhibits, messages, exports, reports }
    }

    /// Returns the reports of one kind with their leaves, in the order of the log.
    pub fn of_kind<'a, K: Kind + 'a>(&'a self) -> impl DoubleEndedIterator<Item = (ItemId, &'a K)> {
        self.reports.iter().filter_map(|logged| Some((logged.item, K::of(&logged.report)?)))
    }
}

impl Order {
    /// Returns the order as it stood at an instant: only what had happened by then, whenever it was recorded.
    ///
    /// Names, amounts and texts of the facts stay; instants after `at` are unknown. Exhibits count from when they came
    /// into being, else from when they were fixed.
    pub fn as_of(&self, at: Timestamp) -> Self {
        let mut then = self.clone();
        then.facts.forget_after(at);
        then.exhibits.retain(|exhibit| exhibit.formed_at.unwrap_or(exhibit.fixed_at) <= at);
        then.messages.retain(|message| message.said_at <= at);
        then.exports.retain(|export| *export <= at);
        then.reports.retain(|logged| logged.report.at() <= at);
        then
    }

    /// Returns the messages in the order they were said, whatever the order they were recorded in.
    pub fn dialogue(&self) -> Vec<&Message> {
        let mut messages: Vec<&Message> = self.messages.iter().collect();
        messages.sort_by_key(|message| (message.said_at, message.item));
        messages
    }

    /// Returns what a message does and the time it sets: the last word of the user, else what was recorded with it.
    pub fn sense(&self, message: &Message) -> (Option<Sense>, Option<Timestamp>) {
        let judged = self.of_kind::<MessageJudged>().rev().find(|(_, judged)| judged.message == message.item);
        judged.map_or((message.detail.sense, message.detail.due_at), |(_, judged)| {
            (Some(judged.sense), judged.due_at)
        })
    }

    /// Returns whether the order is closed, with how it ended.
    pub fn closed(&self) -> Option<Outcome> {
        self.reports.iter().rev().find_map(|logged| match &logged.report {
            Report::OrderClosed(closed) => Some(Some(closed.outcome)),
            Report::OrderReopened(_) => Some(None),
            _ => None,
        })?
    }
}
