//! The issuer's exchange page: which codes exist, and each of them once.

use jiff::{SignedDuration, Timestamp};

use crate::clock::wall;
use crate::goods::yuan;
use crate::knobs::CardState;
use crate::world::Books;

/// What the issuer answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Redeemed {
    Ok { name: &'static str },
    Used { at: Timestamp, by: String },
    Invalid,
    Expired,
    WrongRegion,
}

impl Redeemed {
    pub(crate) fn code(&self) -> u32 {
        match self {
            Redeemed::Ok { .. } => 0,
            Redeemed::Invalid => 1001,
            Redeemed::Used { .. } => 1002,
            Redeemed::Expired => 1003,
            Redeemed::WrongRegion => 1004,
        }
    }

    pub(crate) fn title(&self) -> &'static str {
        match self {
            Redeemed::Ok { .. } => "兑换成功",
            Redeemed::Used { .. } => "该卡已使用",
            Redeemed::Invalid => "卡号或卡密错误，该卡无效",
            Redeemed::Expired => "该卡已过期",
            Redeemed::WrongRegion => "区域限制：该卡不能在当前账号所在区服使用",
        }
    }

    pub(crate) fn detail(&self) -> String {
        match self {
            Redeemed::Ok { name } => format!("{name} 已到账"),
            Redeemed::Used { at, by } => format!("使用时间：{}　使用账号：{by}", wall(*at)),
            Redeemed::Invalid => "请核对后重新输入，连续输错 5 次将锁定 1 小时".to_owned(),
            Redeemed::Expired => "过期日期：2025-12-31".to_owned(),
            Redeemed::WrongRegion => "卡所属区服：港澳台服　账号所属区服：国服".to_owned(),
        }
    }
}

/// One line of an account's history.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) login: String,
    pub(crate) at: Timestamp,
    pub(crate) name: &'static str,
    pub(crate) fen: i64,
    pub(crate) code: String,
}

impl Entry {
    pub(crate) fn time(&self) -> String {
        wall(self.at)
    }

    pub(crate) fn amount(&self) -> String {
        yuan(self.fen)
    }

    /// The code as the history shows it.
    pub(crate) fn masked(&self) -> String {
        let tail: String = self.code.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        format!("****{tail}")
    }
}

/// Redeems a code for a login name.
pub(crate) fn redeem(books: &mut Books, login: &str, code: &str, now: Timestamp) -> Redeemed {
    let wanted = code.trim();
    let owned = books.orders.iter().find(|order| {
        order.paid.is_some() && order.cards.iter().any(|card| card.code.eq_ignore_ascii_case(wanted))
    });
    let Some(order) = owned else { return Redeemed::Invalid };
    if let Some(entry) = books.entries.iter().find(|entry| entry.code.eq_ignore_ascii_case(wanted)) {
        return Redeemed::Used { at: entry.at, by: veiled(&entry.login) };
    }
    match books.knobs.card {
        CardState::Used => {
            let before = order.created - SignedDuration::from_secs(2 * 86_400 + 3_725);
            return Redeemed::Used { at: before, by: "s***7".to_owned() };
        }
        CardState::Invalid => return Redeemed::Invalid,
        CardState::Expired => return Redeemed::Expired,
        CardState::WrongRegion => return Redeemed::WrongRegion,
        CardState::Ok if books.knobs.wrong_region => return Redeemed::WrongRegion,
        CardState::Ok => {}
    }
    let goods = order.goods;
    let entry = Entry {
        login: login.to_owned(),
        at: now,
        name: goods.title,
        fen: goods.price,
        code: wanted.to_owned(),
    };
    books.entries.push(entry);
    Redeemed::Ok { name: goods.title }
}

fn veiled(login: &str) -> String {
    let first = login.chars().next().map(String::from).unwrap_or_default();
    format!("{first}***")
}
