//! What a user may ask for. A command carries values only; [`crate::decide`] answers it.

use jiff::Timestamp;
use sigu_evidence::ItemManifest;

use crate::page::PageFixed;
use crate::report::Report;
use crate::{Channel, Direction, ItemId, MessageDetail, OrderFacts, OrderId, Slot};

/// Longest note, in characters.
pub const MAX_NOTE_CHARS: usize = 2_000;
/// Longest message, in characters.
pub const MAX_TEXT_CHARS: usize = 20_000;

/// What a user may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Opens an order.
    OpenOrder {
        /// Its label, not yet used.
        order: OrderId,
        /// What is known of it.
        facts: OrderFacts,
    },
    /// Adds to or puts right what is known of an order.
    AmendOrder {
        /// Its label.
        order: OrderId,
        /// At least one fact.
        facts: OrderFacts,
    },
    /// Places an item, whose bytes are already durable, in an order.
    FixEvidence {
        /// The order.
        order: OrderId,
        /// What it shows.
        slot: Slot,
        /// When it came into being, not after now.
        formed_at: Option<Timestamp>,
        /// A note.
        note: Option<String>,
        /// What the item says of itself.
        manifest: ItemManifest,
    },
    /// Records a line of dialogue.
    RecordMessage {
        /// The order.
        order: OrderId,
        /// When it was said, not after now.
        said_at: Timestamp,
        /// Who spoke.
        direction: Direction,
        /// Where.
        channel: Channel,
        /// The words.
        text: String,
        /// What it does beyond its words.
        detail: MessageDetail,
    },
    /// Logs a version of a watched page, whose bytes are already durable.
    FixPage(Box<PageFixed>),
    /// Reports something else.
    Report(Report),
    /// Notes that a package is about to leave the house.
    MakeExport {
        /// The order.
        order: OrderId,
    },
    /// Erases an item's content, or some fields of its leaf.
    EraseContent {
        /// The leaf.
        item: ItemId,
        /// The fields; empty means the content and all fields that describe it.
        fields: Vec<String>,
    },
}

impl Command {
    /// Returns the order it names; `None` for an erasure, which names an item, and for what is about no order.
    pub fn order(&self) -> Option<&OrderId> {
        match self {
            Self::OpenOrder { order, .. }
            | Self::AmendOrder { order, .. }
            | Self::FixEvidence { order, .. }
            | Self::RecordMessage { order, .. }
            | Self::MakeExport { order } => Some(order),
            Self::Report(report) => report.order(),
            Self::FixPage(_) | Self::EraseContent { .. } => None,
        }
    }

    /// Returns the order it names without being of it: the one whose product page is to be watched.
    pub fn order_elsewhere(&self) -> Option<&OrderId> {
        match self {
            Self::Report(Report::PageWatched(watched)) => watched.bound_to.as_ref(),
            _ => None,
        }
    }

    /// Returns the items it names without naming their order.
    pub fn items_elsewhere(&self) -> Vec<ItemId> {
        match self {
            Self::EraseContent { item, .. } => vec![*item],
            Self::FixPage(fixed) => fixed.before.into_iter().collect(),
            Self::Report(report) if report.order().is_none() => report.items(),
            _ => Vec::new(),
        }
    }
}
