//! The four fixations of an order as panels: what is there, what is missing and how to get it.

use sigu_case::advice::Advice;
use sigu_case::report::{CopyMade, DocumentMade};
use sigu_case::subslots::{SubSlotState, SubSlotStatus};
use sigu_case::{Exhibit, FixationKind, ItemId, Lateness, Order, Slot};

use super::key_of;
use crate::desk::page::Visit;
use crate::desk::show::{Instant, masked};
use crate::words::Words;

/// Pieces of evidence one panel has room for; the rest is on the page of all evidence.
const SHOWN: usize = 6;
/// A larger picture is named and not drawn small, in bytes.
const MAX_THUMBNAIL: u64 = 16 << 20;
/// Pictures every browser draws and none runs.
pub(crate) const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/// One of the four.
pub(super) struct Panel {
    pub(super) name: String,
    pub(super) complete: bool,
    pub(super) pieces: Vec<Piece>,
    /// How many more there are than are shown.
    pub(super) more: usize,
    /// Messages kept, where the fixation is the dialogue.
    pub(super) messages: usize,
    pub(super) wants: Vec<Want>,
    pub(super) waived: Vec<Want>,
    /// The slot a new piece goes to.
    pub(super) slot: &'static str,
}

/// A piece of evidence in a list.
pub(in crate::desk::pages) struct Piece {
    pub(in crate::desk::pages) item: ItemId,
    pub(in crate::desk::pages) name: String,
    pub(in crate::desk::pages) slot: String,
    pub(in crate::desk::pages) picture: bool,
    pub(in crate::desk::pages) secret: bool,
    pub(in crate::desk::pages) fixed: Instant,
    /// By how much it came late.
    pub(in crate::desk::pages) late: Option<String>,
    /// The SHA-256, the first eight of a secret's.
    pub(in crate::desk::pages) digest: String,
    pub(in crate::desk::pages) note: String,
}

/// Something missing, or why it cannot be had.
pub(super) struct Want {
    pub(super) name: String,
    pub(super) how: String,
    pub(super) best_only: bool,
}

pub(super) fn panels(order: &Order, advice: &Advice, visit: &Visit) -> Vec<Panel> {
    let derived = derived(order);
    let own =
        |exhibit: &&Exhibit, kind| exhibit.slot.fixation() == Some(kind) && !derived.contains(&exhibit.item);
    let panel = |fixation: &sigu_case::Fixation| {
        let kind = fixation.kind;
        let all: Vec<&Exhibit> = order.exhibits.iter().filter(|one| own(one, kind)).collect();
        let talk = kind == FixationKind::Communication;
        let kept = order.messages.iter().filter(|message| talk && message.text.is_some()).count();
        let subs = || advice.sub_slots.iter().filter(move |sub| sub.fixation == kind);
        let first_missing = fixation.needs.iter().find(|need| need.required && !need.met());
        let need = first_missing.or_else(|| fixation.needs.first());
        Panel {
            name: visit.words.word(&format!("fixation-{}", key_of(&kind))),
            complete: fixation.complete,
            more: all.len().saturating_sub(SHOWN),
            pieces: all.into_iter().take(SHOWN).map(|one| piece(one, order, visit)).collect(),
            messages: kept,
            wants: subs().filter_map(|sub| missing(sub, &visit.words)).collect(),
            waived: subs().filter_map(|sub| waived(sub, &visit.words)).collect(),
            slot: need.map_or(Slot::Other, |need| need.need.slot()).code(),
        }
    };
    advice.completeness.fixations.iter().map(panel).collect()
}

/// Marked copies and papers: they were made of other evidence and fix nothing.
fn derived(order: &Order) -> Vec<ItemId> {
    let copies = order.of_kind::<CopyMade>().map(|(_, made)| made.copy);
    copies.chain(order.of_kind::<DocumentMade>().map(|(_, made)| made.document)).collect()
}

fn missing(sub: &SubSlotState, words: &Words) -> Option<Want> {
    let SubSlotStatus::Missing { how } = &sub.status else { return None };
    Some(want(sub, words, words.pick(how).to_owned()))
}

fn waived(sub: &SubSlotState, words: &Words) -> Option<Want> {
    let SubSlotStatus::Waived { reason } = &sub.status else { return None };
    Some(want(sub, words, reason.clone()))
}

fn want(sub: &SubSlotState, words: &Words, how: String) -> Want {
    Want { name: words.pick(sub.sub_slot.text()).to_owned(), how, best_only: sub.best_only }
}

/// A piece of evidence as lists show it: secrets by their mask, late ones marked.
pub(in crate::desk::pages) fn piece(exhibit: &Exhibit, order: &Order, visit: &Visit) -> Piece {
    let words = &visit.words;
    let manifest = exhibit.manifest();
    let secret = manifest.is_some_and(|manifest| manifest.secret);
    let slot = words.word(&format!("slot-{}", exhibit.slot.code()));
    let name = match manifest {
        None => words.word("erased"),
        Some(own) if own.secret => own.masked.clone().unwrap_or_else(|| words.word("item-covered")),
        Some(own) => own.file_name.as_deref().map_or_else(|| slot.clone(), |name| masked(Some(name))),
    };
    let late = match sigu_case::ArchiveClock::of(order).judge(exhibit.fixed_at) {
        Lateness::Late { late_by_s } => Some(words.say("late-by", &[("late", words.span(late_by_s))])),
        Lateness::InTime | Lateness::Unknown => None,
    };
    let drawn = |own: &&sigu_evidence::ItemManifest| {
        !own.secret && own.size <= MAX_THUMBNAIL && PICTURES.contains(&own.media_type.as_str())
    };
    Piece {
        item: exhibit.item,
        name,
        slot,
        picture: manifest.filter(drawn).is_some(),
        secret,
        fixed: Instant::of(exhibit.fixed_at, visit.now, words),
        late,
        digest: manifest.map(digest).unwrap_or_default(),
        note: masked(exhibit.note.as_deref()),
    }
}

/// The digest; of a secret only enough to compare two copies, since a short code could be tried out against the whole.
pub(in crate::desk::pages) fn digest(manifest: &sigu_evidence::ItemManifest) -> String {
    if manifest.secret { format!("{}…", manifest.content.prefix8()) } else { manifest.content.to_string() }
}
