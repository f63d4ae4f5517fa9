//! What of the four fixations is there, what is missing, and what came late (S11–S20).

use jiff::Timestamp;
use serde::Serialize;

use crate::{ArchiveClock, FixationKind, ItemId, Lateness, Order, Slot};

/// One thing a fixation wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// The order page (S12).
    OrderPage,
    /// The payment voucher (S13); an order page does not stand in for it.
    Voucher,
    /// The product page (S15).
    ProductPage,
    /// The dialogue, as a file or as recorded messages (S17).
    Dialogue,
    /// What was delivered and its state (S19).
    DeliveryResult,
    /// A continuous recording from reveal to result (S20): best, not required.
    Recording,
}

impl Need {
    /// All needs, by fixation.
    pub const ALL: [Self; 6] = [
        Self::OrderPage,
        Self::Voucher,
        Self::ProductPage,
        Self::Dialogue,
        Self::DeliveryResult,
        Self::Recording,
    ];

    /// Returns the slot that fills the need.
    pub const fn slot(self) -> Slot {
        match self {
            Self::OrderPage => Slot::Transaction,
            Self::Voucher => Slot::Voucher,
            Self::ProductPage => Slot::Description,
            Self::Dialogue => Slot::Chat,
            Self::DeliveryResult => Slot::Delivery,
            Self::Recording => Slot::Recording,
        }
    }

    /// Returns the fixation the need belongs to.
    pub const fn fixation(self) -> FixationKind {
        match self {
            Self::OrderPage | Self::Voucher => FixationKind::Transaction,
            Self::ProductPage => FixationKind::Description,
            Self::Dialogue => FixationKind::Communication,
            Self::DeliveryResult | Self::Recording => FixationKind::Delivery,
        }
    }

    /// Returns whether a fixation is incomplete without it.
    pub const fn required(self) -> bool {
        !matches!(self, Self::Recording)
    }
}

/// How one need stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NeedState {
    /// The need.
    pub need: Need,
    /// Whether the fixation is incomplete without it.
    pub required: bool,
    /// The items that fill it, oldest first, each with how it stands to the archive window. Erased items do not count.
    pub filled_by: Vec<(ItemId, Lateness)>,
}

impl NeedState {
    /// Returns whether anything fills the need.
    pub fn met(&self) -> bool {
        !self.filled_by.is_empty()
    }

    /// Returns by how many seconds the earliest item came late, if even that one did.
    pub fn late_by_s(&self) -> Option<i64> {
        self.filled_by
            .iter()
            .map(|(_, lateness)| match lateness {
                Lateness::Late { late_by_s } => *late_by_s,
                Lateness::InTime | Lateness::Unknown => 0,
            })
            .min()
            .filter(|seconds| *seconds > 0)
    }
}

/// How one of the four fixations stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fixation {
    /// Which.
    pub kind: FixationKind,
    /// Whether every required need is met.
    pub complete: bool,
    /// Its needs.
    pub needs: Vec<NeedState>,
}

/// A fact of the order that is still unknown (S12, S14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FactGap {
    /// The shop's order number.
    OrderNo,
    /// The amount.
    Amount,
    /// The merchant.
    Merchant,
    /// The payment time.
    PaidAt,
}

impl FactGap {
    /// All gaps there can be.
    pub const ALL: [Self; 4] = [Self::OrderNo, Self::Amount, Self::Merchant, Self::PaidAt];

    fn open_in(self, order: &Order) -> bool {
        match self {
            Self::OrderNo => order.facts.order_no.is_none(),
            Self::Amount => order.facts.amount_fen.is_none(),
            Self::Merchant => order.facts.merchant.is_none(),
            Self::PaidAt => order.facts.paid_at.is_none(),
        }
    }
}

/// How an order's four fixations stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Completeness {
    /// The archive clock.
    pub archive: ArchiveClock,
    /// The four, in order.
    pub fixations: Vec<Fixation>,
    /// Facts still unknown.
    pub gaps: Vec<FactGap>,
}

impl Completeness {
    /// Computes it from the order alone.
    pub fn of(order: &Order) -> Self {
        let archive = ArchiveClock::of(order);
        let fixations = FixationKind::ALL.into_iter().map(|kind| fixation(order, archive, kind)).collect();
        let gaps = FactGap::ALL.into_iter().filter(|gap| gap.open_in(order)).collect();
        Self { archive, fixations, gaps }
    }

    /// Returns how many of the four are complete.
    pub fn complete(&self) -> usize {
        self.fixations.iter().filter(|fixation| fixation.complete).count()
    }

    /// Returns the needs that are not met, required ones first.
    pub fn missing(&self) -> Vec<Need> {
        let mut missing: Vec<Need> = self
            .fixations
            .iter()
            .flat_map(|fixation| &fixation.needs)
            .filter(|state| !state.met())
            .map(|state| state.need)
            .collect();
        missing.sort_by_key(|need| !need.required());
        missing
    }
}

fn fixation(order: &Order, archive: ArchiveClock, kind: FixationKind) -> Fixation {
    let needs: Vec<NeedState> = Need::ALL
        .into_iter()
        .filter(|need| need.fixation() == kind)
        .map(|need| NeedState { need, required: need.required(), filled_by: filled_by(order, archive, need) })
        .collect();
    let complete = needs.iter().all(|state| state.met() || !state.required);
    Fixation { kind, complete, needs }
}

fn filled_by(order: &Order, archive: ArchiveClock, need: Need) -> Vec<(ItemId, Lateness)> {
    let files = order
        .exhibits
        .iter()
        .filter(|exhibit| exhibit.slot == need.slot() && exhibit.manifest().is_some())
        .map(|exhibit| (exhibit.item, exhibit.fixed_at));
    let lines = order
        .messages
        .iter()
        .filter(|message| need == Need::Dialogue && message.text.is_some())
        .map(|message| (message.item, message.recorded_at));
    let mut items: Vec<(ItemId, Timestamp)> = files.chain(lines).collect();
    items.sort();
    items.into_iter().map(|(item, at)| (item, archive.judge(at))).collect()
}
