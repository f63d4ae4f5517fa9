//! The state: events folded together. `apply` is total, so that any log can be replayed.

use std::collections::BTreeMap;

use sigu_evidence::ItemManifest;

use crate::page::{PageFixed, PageSeen};
use crate::report::Logged;
use crate::{Event, Exhibit, ExhibitContent, ItemId, Message, Order, OrderId, Recorded};

/// Fields that can be erased on their own; the content and what commits to it go with the whole item only.
pub const ERASABLE_FIELDS: [&str; 3] = ["note", "file.name", "file.modified_at"];

/// An event of an order the state does not know, or a second opening of one: kept aside, never dropped silently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The leaf.
    pub item: ItemId,
    /// The order it names.
    pub order: OrderId,
}

/// All orders, as they follow from the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    orders: BTreeMap<OrderId, Order>,
    /// Which order an item belongs to.
    owners: BTreeMap<ItemId, OrderId>,
    unplaced: Vec<Unplaced>,
    house: Vec<Logged>,
    /// Versions of watched pages, without their texts.
    pages: BTreeMap<ItemId, PageSeen>,
}

impl State {
    /// Returns what was reported of no order: merchants, rules, profiles; in the order of the log.
    pub fn house(&self) -> &[Logged] {
        &self.house
    }

    /// Returns the order with that label.
    pub fn order(&self, id: &OrderId) -> Option<&Order> {
        self.orders.get(id)
    }

    /// Returns all orders by label.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// Returns events that belong to no known order.
    pub fn unplaced(&self) -> &[Unplaced] {
        &self.unplaced
    }

    /// Returns the order an item belongs to.
    pub fn owner(&self, item: ItemId) -> Option<&Order> {
        self.orders.get(self.owners.get(&item)?)
    }

    /// Returns the version of a watched page that an item is.
    pub fn page(&self, item: ItemId) -> Option<&PageSeen> {
        self.pages.get(&item)
    }

    /// Returns whether an item's content is gone; `None` where there is no such item.
    pub fn erased(&self, item: ItemId) -> Option<bool> {
        if let Some(seen) = self.pages.get(&item) {
            return Some(seen.manifest.is_none());
        }
        let order = self.owner(item)?;
        let exhibit = order.exhibits.iter().find(|exhibit| exhibit.item == item);
        let message = order.messages.iter().find(|message| message.item == item);
        exhibit.map(|exhibit| exhibit.manifest().is_none()).or(message.map(|message| message.text.is_none()))
    }

    /// Folds one event in. Never fails: an event that fits nothing is kept in [`State::unplaced`].
    pub fn apply(&mut self, recorded: Recorded) {
        let Recorded { item, at, event } = recorded;
        match event {
            Event::OrderOpened { order, facts } => self.open(item, at, order, facts),
            Event::OrderAmended { order, facts } => {
                self.with_order(item, order, |known| known.facts.amend(&facts));
            }
            Event::EvidenceFixed { order, slot, formed_at, note, manifest } => {
                let content = manifest.map_or(ExhibitContent::Erased, ExhibitContent::Kept);
                let exhibit = Exhibit { item, slot, fixed_at: at, formed_at, note, content };
                self.with_order(item, order, |known| known.exhibits.push(exhibit));
            }
            Event::MessageRecorded { order, said_at, direction, channel, text, detail } => {
                let message = Message { item, recorded_at: at, said_at, direction, channel, text, detail };
                self.with_order(item, order, |known| known.messages.push(message));
            }
            Event::ExportMade { order } => self.with_order(item, order, |known| known.exports.push(at)),
            Event::PageFixed(fixed) => {
                let PageFixed { page, seen_at, manifest, .. } = *fixed;
                self.pages.insert(item, PageSeen { page, seen_at, manifest });
            }
            Event::Reported(report) => self.report(Logged { item, recorded_at: at, report }),
            Event::ContentErased { item, fields } => self.erase(item, &fields),
        }
    }

    fn report(&mut self, logged: Logged) {
        match logged.report.order().cloned() {
            Some(order) => self.with_order(logged.item, order, |known| known.reports.push(logged)),
            None => self.house.push(logged),
        }
    }

    fn open(&mut self, item: ItemId, at: jiff::Timestamp, id: OrderId, facts: crate::OrderFacts) {
        if self.orders.contains_key(&id) {
            self.unplaced.push(Unplaced { item, order: id });
            return;
        }
        self.owners.insert(item, id.clone());
        self.orders.insert(id.clone(), Order::new(id, at, facts));
    }

    fn with_order(&mut self, item: ItemId, id: OrderId, change: impl FnOnce(&mut Order)) {
        match self.orders.get_mut(&id) {
            Some(order) => {
                change(order);
                self.owners.insert(item, id);
            }
            None => self.unplaced.push(Unplaced { item, order: id }),
        }
    }

    /// An erasure of something unknown changes nothing; there is nothing left of it to show.
    fn erase(&mut self, item: ItemId, fields: &[String]) {
        if let Some(seen) = self.pages.get_mut(&item) {
            return erase_of_page(seen, fields);
        }
        let Some(order) = self.owners.get(&item).and_then(|id| self.orders.get_mut(id)) else { return };
        let gone = |field: &str| fields.is_empty() || fields.iter().any(|one| one == field);
        for exhibit in order.exhibits.iter_mut().filter(|exhibit| exhibit.item == item) {
            if gone("note") {
                exhibit.note = None;
            }
            match &mut exhibit.content {
                content if fields.is_empty() => *content = ExhibitContent::Erased,
                ExhibitContent::Kept(manifest) => forget(manifest, gone),
                ExhibitContent::Erased => {}
            }
        }
        for message in order.messages.iter_mut().filter(|message| message.item == item && fields.is_empty()) {
            message.text = None;
        }
    }
}

/// Takes what is erased out of what is known of a version.
fn erase_of_page(seen: &mut PageSeen, fields: &[String]) {
    if fields.is_empty() {
        seen.manifest = None;
    } else if let Some(manifest) = &mut seen.manifest {
        forget(manifest, |field| fields.iter().any(|one| one == field));
    }
}

/// Takes what is erased on its own out of what an item says of itself.
fn forget(manifest: &mut ItemManifest, gone: impl Fn(&str) -> bool) {
    manifest.file_name = manifest.file_name.take().filter(|_| !gone("file.name"));
    manifest.modified_at = manifest.modified_at.take().filter(|_| !gone("file.modified_at"));
}

impl State {
    /// Takes over the orders of another state; where both have an order, the other's is taken.
    pub fn merge(&mut self, other: Self) {
        self.orders.extend(other.orders);
        self.owners.extend(other.owners);
        self.unplaced.extend(other.unplaced);
        self.house.extend(other.house);
        self.pages.extend(other.pages);
    }
}
