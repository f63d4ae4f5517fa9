//! What a recording shows, and whether it is one take (S20, §5.2).

use serde::Serialize;

use super::table;
use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::described::{Described, exhibits, is_recording};
use crate::{ItemId, View};

coded! {
    /// A shot of the script of §5.2.
    Shot {
        /// 对时
        Clock = "clock",
        /// 订单页
        OrderPage = "order_page",
        /// 商品页
        ProductPage = "product_page",
        /// 聊天
        ChatPage = "chat_page",
        /// 揭示前
        BeforeReveal = "before_reveal",
        /// 揭示
        Reveal = "reveal",
        /// 官方核验
        RedeemResult = "redeem_result",
        /// 账号状态
        AccountState = "account_state",
    }
}

impl Shot {
    /// Returns its name, from `data/subslots.toml`.
    pub fn text(self) -> &'static Bilingual {
        &table::get().shot(self).name
    }

    /// Tells whether a recording from reveal to result is incomplete without it.
    pub fn required(self) -> bool {
        table::get().shot(self).required
    }
}

/// Whether a recording is one take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Continuity {
    /// It is.
    OneTake,
    /// It was paused or cut.
    Paused,
    /// Nobody said.
    Unknown,
}

/// The shot list of one recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordingShots {
    /// The recording.
    pub item: ItemId,
    /// Whether it is one take.
    pub continuity: Continuity,
    /// Whether anybody said what it shows; until then no shot counts as missing for certain.
    pub described: bool,
    /// The shots that are there.
    pub there: Vec<Shot>,
    /// The shots that are not.
    pub missing: Vec<Shot>,
}

impl RecordingShots {
    /// Returns the missing shots a recording must not lack.
    pub fn missing_required(&self) -> Vec<Shot> {
        self.missing.iter().copied().filter(|shot| shot.required()).collect()
    }
}

/// Returns the shot list of every recording, in the order of the log.
pub fn recording_shots(view: &View<'_>) -> Vec<RecordingShots> {
    let all = exhibits(view);
    let recordings = all.iter().filter(|(exhibit, described)| is_recording(exhibit, described));
    recordings.map(|(exhibit, described)| shots(exhibit.item, described)).collect()
}

fn shots(item: ItemId, described: &Described) -> RecordingShots {
    let shown = |shot: &Shot| {
        let clock = *shot == Shot::Clock && described.clock_off_s.is_some();
        let row = table::get().shot(*shot);
        clock || !described.implied && described.parts.iter().any(|part| row.parts.contains(part))
    };
    let (there, missing) = Shot::ALL.iter().partition(|shot| shown(shot));
    let continuity = match described.continuous {
        Some(true) => Continuity::OneTake,
        Some(false) => Continuity::Paused,
        None => Continuity::Unknown,
    };
    RecordingShots { item, continuity, described: !described.implied, there, missing }
}
