//! An order and what it looks like at a moment, under the knobs.

use jiff::{SignedDuration, Timestamp};

use crate::clock::wall;
use crate::goods::{Goods, GoodsView, yuan};
use crate::knobs::Knobs;
use crate::number::Card;
use crate::skin::Skin;

/// Unpaid orders close after so many minutes.
pub(crate) const PAY_WITHIN_MINUTES: i64 = 5;
/// A person has to deliver goods of the manual kind.
const MANUAL_SECONDS: i64 = 600;

/// One order as the shop keeps it.
#[derive(Clone)]
pub(crate) struct Order {
    pub(crate) id: u32,
    pub(crate) number: String,
    pub(crate) skey: String,
    pub(crate) goods: &'static Goods,
    pub(crate) quantity: u32,
    pub(crate) contact: String,
    pub(crate) password: String,
    /// 下单信息 of a card alliance: the account to be filled.
    pub(crate) account: String,
    pub(crate) created: Timestamp,
    pub(crate) paid: Option<(Timestamp, String)>,
    pub(crate) cards: Vec<Card>,
    pub(crate) deleted: bool,
}

/// What an order is at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Unpaid,
    Expired,
    Waiting,
    Delivered,
    Abnormal,
    Refunded,
}

impl Order {
    pub(crate) fn fen(&self) -> i64 {
        self.goods.price * i64::from(self.quantity)
    }

    pub(crate) fn is_gone(&self, now: Timestamp, knobs: &Knobs) -> bool {
        let kept = |minutes: u32| now < later(self.created, i64::from(minutes) * 60);
        self.deleted || knobs.delete_after_minutes.is_some_and(|minutes| !kept(minutes))
    }

    fn delivered_at(&self, knobs: &Knobs) -> Option<Timestamp> {
        let least = if self.goods.manual { MANUAL_SECONDS } else { 0 };
        let wait = i64::from(knobs.delivery_delay_seconds).max(least);
        self.paid.as_ref().map(|(paid, _)| later(*paid, wait))
    }

    pub(crate) fn stage(&self, now: Timestamp, knobs: &Knobs) -> Stage {
        match self.delivered_at(knobs) {
            None if now >= later(self.created, PAY_WITHIN_MINUTES * 60) => Stage::Expired,
            None => Stage::Unpaid,
            Some(_) if knobs.refund_to_balance => Stage::Refunded,
            Some(_) if knobs.empty_status => Stage::Abnormal,
            Some(at) if now >= at => Stage::Delivered,
            Some(_) => Stage::Waiting,
        }
    }

    /// The cards that came, as lines; or the text that stands in their place.
    pub(crate) fn secret(&self, now: Timestamp, knobs: &Knobs) -> Vec<String> {
        let one = |text: &str| vec![text.to_owned()];
        let delivered = match self.stage(now, knobs) {
            Stage::Unpaid | Stage::Expired | Stage::Waiting => return Vec::new(),
            Stage::Abnormal => return one("库存可使用卡密不足，请联系管理员处理。"),
            Stage::Delivered | Stage::Refunded => self.delivered_at(knobs),
        };
        if delivered.is_none_or(|at| now < at) {
            return Vec::new();
        }
        if knobs.placeholder {
            return one("付款成功，正在发货中，请耐心等待。加急请联系客服QQ取卡。");
        }
        let mut lines: Vec<String> = self.cards.iter().take(self.sent(knobs)).map(Card::line).collect();
        if knobs.wrong_region {
            lines.push("（本卡仅限港澳台服使用）".to_owned());
        }
        lines
    }

    fn sent(&self, knobs: &Knobs) -> usize {
        let all = self.cards.len();
        knobs.delivered_cards.map_or(all, |cards| all.min(cards as usize))
    }

    pub(crate) fn view(&self, skin: Skin, now: Timestamp, knobs: &Knobs) -> OrderView {
        let stage = self.stage(now, knobs);
        let secret = self.secret(now, knobs);
        let is_delivered = !secret.is_empty() && stage != Stage::Abnormal && !knobs.placeholder;
        let goods = self.goods.view(knobs);
        let (label, badge, code) = words(skin, stage, self.goods.manual);
        OrderView {
            id: self.id,
            number: self.number.clone(),
            skey: self.skey.clone(),
            title: format!("{} x {}", self.goods.title, self.quantity),
            quantity: self.quantity,
            amount: yuan(self.fen()),
            contact: self.contact.clone(),
            account: self.account.clone(),
            has_password: !self.password.is_empty(),
            created: wall(self.created),
            paid: self.paid.as_ref().map(|(at, _)| wall(*at)).unwrap_or_default(),
            is_paid: self.paid.is_some(),
            transaction: self.paid.as_ref().map(|(_, id)| id.clone()).unwrap_or_default(),
            sent: if is_delivered { self.sent(knobs) } else { 0 },
            stage,
            label,
            badge,
            code,
            region: if knobs.wrong_region { "港澳台服" } else { self.goods.region },
            goods,
            secret,
        }
    }
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

/// An order ready for a page.
pub(crate) struct OrderView {
    pub(crate) id: u32,
    pub(crate) number: String,
    pub(crate) skey: String,
    pub(crate) title: String,
    pub(crate) quantity: u32,
    pub(crate) amount: String,
    pub(crate) contact: String,
    pub(crate) account: String,
    pub(crate) has_password: bool,
    pub(crate) created: String,
    pub(crate) paid: String,
    pub(crate) is_paid: bool,
    pub(crate) transaction: String,
    pub(crate) sent: usize,
    pub(crate) stage: Stage,
    pub(crate) label: &'static str,
    pub(crate) badge: &'static str,
    pub(crate) code: i32,
    pub(crate) region: &'static str,
    pub(crate) goods: GoodsView,
    pub(crate) secret: Vec<String>,
}

impl OrderView {
    pub(crate) fn kind(&self) -> &'static str {
        self.goods.mode
    }

    pub(crate) fn text(&self) -> String {
        self.secret.join("\n")
    }

    pub(crate) fn is_refunded(&self) -> bool {
        self.stage == Stage::Refunded
    }

    /// Whether the buyer of a card alliance may ask for the money himself.
    pub(crate) fn may_ask_refund(&self) -> bool {
        matches!(self.code, 0 | 3)
    }
}

/// State word, badge colour and number of a skin's software.
fn words(skin: Skin, stage: Stage, is_manual: bool) -> (&'static str, &'static str, i32) {
    match skin {
        Skin::DjUnicorn | Skin::DjHyper => match stage {
            Stage::Unpaid => ("待支付", "secondary", 1),
            Stage::Expired => ("已过期", "dark", -1),
            Stage::Waiting if is_manual => ("待处理", "info", 2),
            Stage::Waiting => ("处理中", "primary", 3),
            Stage::Abnormal if skin == Skin::DjHyper => ("", "danger", 6),
            Stage::Abnormal => ("异常", "danger", 6),
            // This software has no state for refunds.
            Stage::Delivered | Stage::Refunded => ("已完成", "success", 4),
        },
        Skin::Acg => match stage {
            Stage::Unpaid | Stage::Expired => ("未支付", "pending", 0),
            _ => ("已支付", "paid", 1),
        },
        Skin::Qs => match stage {
            Stage::Unpaid => ("未支付", "warning", 0),
            Stage::Expired => ("已关闭", "default", 2),
            Stage::Refunded => ("已退款", "danger", 3),
            _ => ("已支付", "success", 1),
        },
        Skin::Rbw => match stage {
            Stage::Unpaid | Stage::Expired => ("未付款", "gray", -1),
            Stage::Waiting if is_manual => ("待处理", "orange", 0),
            Stage::Waiting => ("正在处理", "blue", 2),
            Stage::Delivered => ("已完成", "green", 1),
            Stage::Abnormal => ("异常", "red", 3),
            Stage::Refunded => ("已退款(平台余额)", "red", 4),
        },
    }
}
