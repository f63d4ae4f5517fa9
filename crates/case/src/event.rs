//! What happened: the only truth. Every event is one leaf of the log.

use jiff::Timestamp;
use sigu_evidence::ItemManifest;

use crate::page::PageFixed;
use crate::report::Report;
use crate::{Channel, Direction, ItemId, MessageDetail, OrderFacts, OrderId, Slot};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An order was opened.
    OrderOpened {
        /// Its label.
        order: OrderId,
        /// What was known of it.
        facts: OrderFacts,
    },
    /// More became known of an order, or a fact was put right.
    OrderAmended {
        /// Its label.
        order: OrderId,
        /// Only the facts that changed.
        facts: OrderFacts,
    },
    /// A piece of evidence was fixed and placed in an order.
    EvidenceFixed {
        /// The order.
        order: OrderId,
        /// What it shows.
        slot: Slot,
        /// When it came into being, where the user said so.
        formed_at: Option<Timestamp>,
        /// The user's note.
        note: Option<String>,
        /// What the item says of itself; `None` when replayed after an erasure.
        manifest: Option<ItemManifest>,
    },
    /// A line of dialogue was recorded.
    MessageRecorded {
        /// The order.
        order: OrderId,
        /// When it was said.
        said_at: Timestamp,
        /// Who spoke.
        direction: Direction,
        /// Where.
        channel: Channel,
        /// The words; `None` when replayed after an erasure.
        text: Option<String>,
        /// What it does beyond its words.
        detail: MessageDetail,
    },
    /// A version of a watched page was fixed.
    PageFixed(Box<PageFixed>),
    /// Something else was reported.
    Reported(Report),
    /// A package of an order left the house.
    ExportMade {
        /// The order.
        order: OrderId,
    },
    /// The content of an item, or some fields of its leaf, were erased.
    ContentErased {
        /// The leaf concerned.
        item: ItemId,
        /// The erased fields; empty means the content and all fields that describe it.
        fields: Vec<String>,
    },
}

impl Event {
    /// Returns the order it names. An erasure names an item only; what is about a merchant, a rule or a page names none.
    pub fn order(&self) -> Option<&OrderId> {
        match self {
            Self::OrderOpened { order, .. }
            | Self::OrderAmended { order, .. }
            | Self::EvidenceFixed { order, .. }
            | Self::MessageRecorded { order, .. }
            | Self::ExportMade { order } => Some(order),
            Self::Reported(report) => report.order(),
            Self::PageFixed(_) | Self::ContentErased { .. } => None,
        }
    }
}

/// An event with its place in the log and the time the device claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the log.
    pub item: ItemId,
    /// The device's clock when it was logged: a claim.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}
