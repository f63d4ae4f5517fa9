//! What papers of one order are made from.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sigu_case::report::DocumentMade;
use sigu_case::{ItemId, View};

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
        let order = &self.view.order;
        let papers: Vec<ItemId> =
            order.of_kind::<DocumentMade>().flat_map(|(item, made)| [item, made.document]).collect();
        let exhibits = order.exhibits.iter().map(|one| one.item);
        let messages = order.messages.iter().map(|one| one.item);
        let reports = order.reports.iter().map(|one| one.item);
        let told = exhibits.chain(messages).chain(reports).filter(|item| !papers.contains(item));
        let newest = told.filter_map(|item| self.logged_at.get(&item)).max();
        newest.copied().unwrap_or(order.opened_at)
    }
}
