//! What papers are made from: one order, or all of them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sigu_case::report::DocumentMade;
use sigu_case::{House, ItemId, Order, OrderId, View};

/// One order, and what is known of its evidence beyond its events.
pub struct Case<'a> {
    /// The order as it stands.
    pub view: &'a View<'a>,
    /// Returns the content of an item, if it is kept and not larger than a paper can show.
    pub content: &'a dyn Fn(ItemId) -> Option<Vec<u8>>,
    /// When each item was logged, by the device's clock.
    pub logged_at: &'a BTreeMap<ItemId, Timestamp>,
    /// What the user chose for this paper.
    pub wishes: &'a Wishes,
    /// The other orders, searched for the same payment (S14).
    pub others: &'a [Order],
    /// Where the log stands, for the cover; `None` where that is not known.
    pub log: Option<LogHead>,
}

/// Where a log stands, by which others know it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHead {
    /// The SHA-256 of its public key, lower-case hex.
    pub fingerprint: String,
    /// Its newest signed checkpoint (C2SP tlog-checkpoint), with the newlines it has.
    pub checkpoint: String,
}

/// What a user can choose for a paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// When an answer is asked for; the letter's own time without it.
    pub due_at: Option<Timestamp>,
    /// The court a suit goes to, by its name.
    pub court: Option<String>,
    /// Whether citations to be checked (待核验) may stand in the text, marked so.
    pub cite_unverified: bool,
}

impl Case<'_> {
    /// Returns when the newest thing the papers tell of was logged; papers themselves do not count.
    pub fn as_of(&self) -> Timestamp {
        newest(&self.view.order, self.logged_at)
    }
}

/// All orders, and when their items were logged: what papers over several orders are made from.
pub struct Overview<'a> {
    /// Every order that is known.
    pub orders: Vec<&'a Order>,
    /// What belongs to no order.
    pub house: &'a House,
    /// The instant at which they are looked at.
    pub now: Timestamp,
    /// When each item was logged, by the device's clock.
    pub logged_at: &'a BTreeMap<ItemId, Timestamp>,
}

impl<'a> Overview<'a> {
    /// Looks at those of the orders that are named, in the order of the names.
    pub(crate) fn views<'b>(&self, ids: impl IntoIterator<Item = &'b OrderId>) -> Vec<View<'a>> {
        let order = |id: &OrderId| self.orders.iter().copied().find(|order| order.id == *id);
        ids.into_iter().filter_map(order).map(|order| View::new(order, self.house, self.now)).collect()
    }

    /// Returns when the newest thing of these orders and items was logged.
    pub(crate) fn as_of(&self, views: &[View<'_>], items: &[ItemId]) -> Timestamp {
        let orders = views.iter().map(|view| newest(&view.order, self.logged_at));
        let items = items.iter().filter_map(|item| self.logged_at.get(item).copied());
        orders.chain(items).max().unwrap_or(self.now)
    }
}

/// When the newest thing of an order was logged; its papers do not count, else each would make the next one newer.
fn newest(order: &Order, logged_at: &BTreeMap<ItemId, Timestamp>) -> Timestamp {
    let papers: Vec<ItemId> =
        order.of_kind::<DocumentMade>().flat_map(|(item, made)| [item, made.document]).collect();
    let exhibits = order.exhibits.iter().map(|one| one.item);
    let messages = order.messages.iter().map(|one| one.item);
    let reports = order.reports.iter().map(|one| one.item);
    let told = exhibits.chain(messages).chain(reports).filter(|item| !papers.contains(item));
    let newest = told.filter_map(|item| logged_at.get(&item)).max();
    newest.copied().unwrap_or(order.opened_at)
}
