//! Marked copies of pictures, as papers show them: with their original, never in place of its digest.

use sigu_case::report::CopyMade;
use sigu_case::{Exhibit, ItemId};
use sigu_evidence::ItemManifest;

use super::exhibits::find;
use crate::draft::Draft;

/// A copy that can be shown.
pub(super) struct Copy<'a> {
    pub(super) item: ItemId,
    pub(super) manifest: &'a ItemManifest,
    /// Whether something is covered on it.
    pub(super) covers: bool,
}

/// Returns the newest copy of a picture; once something was covered on one, only such copies count.
pub(super) fn newest<'a>(draft: &Draft<'a>, of: ItemId) -> Option<Copy<'a>> {
    let made = draft.case.view.order.of_kind::<CopyMade>().map(|(_, made)| made);
    let shown = |made: &CopyMade| {
        let manifest = find(draft, made.copy).and_then(Exhibit::manifest)?;
        let fits = made.of == of && made.copy != of && !manifest.secret;
        fits.then_some(Copy { item: made.copy, manifest, covers: made.covers })
    };
    let copies: Vec<Copy<'a>> = made.filter_map(shown).collect();
    let covering = copies.iter().rposition(|copy| copy.covers);
    let place = covering.or(copies.len().checked_sub(1))?;
    copies.into_iter().nth(place)
}

/// Tells whether an item is a copy of another.
pub(super) fn is_copy(draft: &Draft<'_>, item: ItemId) -> bool {
    original_of(draft, item).is_some()
}

/// Returns what an item is a copy of.
pub(super) fn original_of(draft: &Draft<'_>, item: ItemId) -> Option<ItemId> {
    let mut made = draft.case.view.order.of_kind::<CopyMade>();
    made.find(|(_, made)| made.copy == item).map(|(_, made)| made.of)
}
