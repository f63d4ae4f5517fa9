//! What is known of one piece of evidence: everything the user said of it, and what its slot implies.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::report::{CopyMade, DocumentMade, Form, ItemDescribed, Part, RecordingEnded, RecordingPiece};
use crate::strength::table;
use crate::{Exhibit, ItemId, Slot, View};

/// All descriptions of one item together; a later one amends the earlier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Described {
    pub(crate) form: Option<Form>,
    pub(crate) parts: Vec<Part>,
    /// Whether the parts follow from the slot and were not named.
    pub(crate) implied: bool,
    pub(crate) url: Option<String>,
    pub(crate) clock_off_s: Option<i64>,
    pub(crate) continuous: Option<bool>,
    pub(crate) original_kept: Option<bool>,
    pub(crate) own_account: Option<bool>,
    pub(crate) lawful: Option<bool>,
    pub(crate) caption: Option<String>,
    pub(crate) proves: Option<String>,
}

impl Described {
    /// Takes together what was said of an item by now; of a piece of evidence see [`Described::exhibit`].
    pub(crate) fn item(view: &View<'_>, item: ItemId) -> Self {
        let mut all = Self::default();
        for (_, one, _) in view.told::<ItemDescribed>().into_iter().filter(|(_, one, _)| one.item == item) {
            all.amend(one);
        }
        all
    }

    /// As [`Described::item`], with the parts of its slot where none were named.
    pub(crate) fn exhibit(view: &View<'_>, exhibit: &Exhibit) -> Self {
        let mut all = Self::item(view, exhibit.item);
        if all.parts.is_empty() {
            all.parts = table::get().implied(exhibit.slot).to_vec();
            all.implied = true;
        }
        all
    }

    fn amend(&mut self, later: &ItemDescribed) {
        self.form = later.form.or(self.form);
        for part in &later.parts {
            if !self.parts.contains(part) {
                self.parts.push(*part);
            }
        }
        self.url = later.url.clone().or(self.url.take());
        self.clock_off_s = later.clock_off_s.or(self.clock_off_s);
        self.continuous = later.continuous.or(self.continuous);
        self.original_kept = later.original_kept.or(self.original_kept);
        self.own_account = later.own_account.or(self.own_account);
        self.lawful = later.lawful.or(self.lawful);
        self.caption = later.caption.clone().or(self.caption.take());
        self.proves = later.proves.clone().or(self.proves.take());
    }

    /// Tells whether it is an address without bytes (R8).
    pub(crate) fn is_link(&self) -> bool {
        self.form == Some(Form::Link)
    }
}

/// Returns the exhibits whose content is kept, with what is known of each. The pieces of a recording whose whole
/// is there stand for nothing of their own, nor do marked copies and papers, which were made of other evidence.
pub(crate) fn exhibits<'a>(view: &'a View<'_>) -> Vec<(&'a Exhibit, Described)> {
    let (pieces, derived) = (pieces(view), derived(view));
    let kept = view.order.exhibits.iter().filter(|exhibit| exhibit.manifest().is_some());
    let kept = kept.filter(|exhibit| !pieces.contains(&exhibit.item) && !derived.contains(&exhibit.item));
    kept.map(|exhibit| (exhibit, Described::exhibit(view, exhibit))).collect()
}

/// Returns the items that were made of other evidence: marked copies and papers.
pub(crate) fn derived(view: &View<'_>) -> BTreeSet<ItemId> {
    let copies = view.order.of_kind::<CopyMade>().map(|(_, made)| made.copy);
    copies.chain(view.order.of_kind::<DocumentMade>().map(|(_, made)| made.document)).collect()
}

/// Returns the items that are pieces of a recording whose whole is there.
fn pieces(view: &View<'_>) -> BTreeSet<ItemId> {
    let ended = view.told::<RecordingEnded>();
    let wholes: BTreeSet<ItemId> = ended
        .iter()
        .filter(|(_, ended, _)| ended.whole.is_some())
        .map(|(_, ended, _)| ended.recording)
        .collect();
    let pieces = view.told::<RecordingPiece>();
    pieces.iter().filter(|(_, one, _)| wholes.contains(&one.recording)).map(|(_, one, _)| one.piece).collect()
}

/// Tells whether a piece of evidence is a recording, by its slot or by what was said of it.
pub(crate) fn is_recording(exhibit: &Exhibit, described: &Described) -> bool {
    exhibit.slot == Slot::Recording || described.form == Some(Form::Recording)
}

/// Returns when a piece of evidence was captured: when it came into being, else when it was fixed.
pub(crate) fn captured_at(exhibit: &Exhibit) -> Timestamp {
    exhibit.formed_at.unwrap_or(exhibit.fixed_at)
}
