//! The sub-slots of the four fixations, the payment table, shot lists and the log of what was seen (S6,
//! S12–S20).

mod log;
mod payment;
mod shots;
mod table;

use serde::Serialize;
use sigu_evidence::mask_text;

use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::described::{exhibits, is_recording};
use crate::report::{NeedWaived, ObservationMade, Place, Waived};
use crate::{FixationKind, GoodsKind, ItemId, View};
use table::SubSlotRow;

pub use log::{Delivered, Seen, delivered_items, observation_log};
pub use payment::{MapGap, PaymentMap, PaymentRow, payment_map};
pub use shots::{Continuity, RecordingShots, Shot, recording_shots};

coded! {
    /// One thing the four fixations are made of (S12–S20).
    SubSlot {
        /// 订单详情页 (S12)
        OrderDetail = "order_detail",
        /// 支付凭证 (S13)
        Voucher = "voucher",
        /// 付款与商品对应 (S14)
        PaymentMap = "payment_map",
        /// 宣传文案 (S15)
        Copy = "copy",
        /// 规格参数 (S15)
        Spec = "spec",
        /// 售后承诺 (S15)
        AfterSale = "after_sale",
        /// 完整聊天 (S17)
        Chat = "chat",
        /// 对方资料页 (R1)
        Counterpart = "counterpart",
        /// 揭示前的发货页 (S20)
        BeforeReveal = "before_reveal",
        /// 交付内容 (S19)
        Reveal = "reveal",
        /// 官方核验结果 (S19)
        RedeemResult = "redeem_result",
        /// 录屏 (S20): best, not required.
        Recording = "recording",
    }
}

impl SubSlot {
    /// Returns its name, from `data/subslots.toml`.
    pub fn text(self) -> &'static Bilingual {
        &table::get().sub_slot(self).name
    }

    /// Returns how to get it, from `data/subslots.toml`.
    pub fn how(self) -> &'static Bilingual {
        &table::get().sub_slot(self).how
    }
}

/// How one sub-slot stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SubSlotStatus {
    /// It is there.
    Filled {
        /// The evidence or messages that fill it; empty for a payment table made of facts alone.
        by: Vec<ItemId>,
        /// Whether this only follows from the slot, because nobody said what the evidence shows.
        implied: bool,
    },
    /// It cannot be had, with the reason (S5).
    Waived {
        /// Why not.
        reason: String,
    },
    /// This kind of goods has no such thing: a recharge shows no code.
    NotApplicable,
    /// It is missing.
    Missing {
        /// How to get it.
        how: Bilingual,
    },
}

/// One sub-slot with how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubSlotState {
    /// Which.
    pub sub_slot: SubSlot,
    /// The fixation it belongs to.
    pub fixation: FixationKind,
    /// Whether it only makes the fixation better (S20).
    pub best_only: bool,
    /// How it stands.
    pub status: SubSlotStatus,
}

impl SubSlotState {
    /// Tells whether it is neither there nor excused.
    pub fn is_missing(&self) -> bool {
        matches!(self.status, SubSlotStatus::Missing { .. })
    }
}

/// Returns how every sub-slot stands, in the order of the fixations.
///
/// What the user said an item shows counts; of an undescribed item what its slot implies, and that is
/// marked. Something
/// that is there is filled even when it was waived before.
pub fn sub_slots(view: &View<'_>) -> Vec<SubSlotState> {
    SubSlot::ALL.iter().map(|sub_slot| state(view, *sub_slot)).collect()
}

fn state(view: &View<'_>, sub_slot: SubSlot) -> SubSlotState {
    let row = table::get().sub_slot(sub_slot);
    let status = filled(view, sub_slot, row)
        .or_else(|| waived(view, row.need))
        .or_else(|| not_applicable(view, row).then_some(SubSlotStatus::NotApplicable))
        .unwrap_or_else(|| SubSlotStatus::Missing { how: row.how.clone() });
    SubSlotState { sub_slot, fixation: row.fixation(), best_only: row.best_only, status }
}

fn filled(view: &View<'_>, sub_slot: SubSlot, row: &SubSlotRow) -> Option<SubSlotStatus> {
    if sub_slot == SubSlot::PaymentMap {
        let map = payment_map(view, &[]);
        let by = map.rows.iter().map(|row| row.payment).collect();
        return map.complete.then_some(SubSlotStatus::Filled { by, implied: false });
    }
    let (mut named, mut implied) = (Vec::new(), Vec::new());
    for (exhibit, described) in exhibits(view) {
        let fits = described.parts.iter().any(|part| row.parts.contains(part));
        if described.is_link() {
            continue;
        }
        if row.recordings && is_recording(exhibit, &described) || fits && !described.implied {
            named.push(exhibit.item);
        } else if fits {
            implied.push(exhibit.item);
        }
    }
    if row.observed {
        named.extend(looked_up(view));
    }
    if row.messages {
        let kept = view.order.messages.iter().filter(|message| message.text.is_some());
        named.extend(kept.map(|message| message.item));
    }
    let by_name = !named.is_empty();
    named.extend(implied);
    named.sort();
    named.dedup();
    (!named.is_empty()).then_some(SubSlotStatus::Filled { by: named, implied: !by_name })
}

/// The proofs of what was seen at the issuer or in the product itself.
fn looked_up(view: &View<'_>) -> Vec<ItemId> {
    let real = |made: &ObservationMade| matches!(made.place, Place::Issuer | Place::Product);
    let seen = view.order.of_kind::<ObservationMade>().map(|(_, made)| made);
    let proofs = seen.filter(|made| real(made)).filter_map(|made| made.proof);
    let kept = |item: &ItemId| {
        view.order.exhibits.iter().any(|exhibit| exhibit.item == *item && exhibit.manifest().is_some())
    };
    proofs.filter(kept).collect()
}

/// The last reason given (S5).
pub(crate) fn waived(view: &View<'_>, need: Waived) -> Option<SubSlotStatus> {
    let mut all = view.order.of_kind::<NeedWaived>().map(|(_, waived)| waived).rev();
    let reason = mask_text(&all.find(|waived| waived.need == need)?.reason);
    Some(SubSlotStatus::Waived { reason })
}

fn not_applicable(view: &View<'_>, row: &SubSlotRow) -> bool {
    let facts = &view.order.facts;
    let account = facts.goods == Some(GoodsKind::GameAccount);
    let recharge = facts.charge_account.is_some();
    row.not_for_accounts && account || row.not_for_recharge && recharge
}
