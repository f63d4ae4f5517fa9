//! Marked copies: which pictures can be marked, what a copy is called, how it is fixed. Commands and pages alike.

use jiff::Timestamp;
use sigu_case::report::CopyMade;
use sigu_case::{Exhibit, ItemId, Order};
use sigu_documents::mark::Mark;
use sigu_evidence::{ItemManifest, mask_text};
use sigu_vault::Vault;

use crate::making::{self, File, NotMade};

/// Why an item is not marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmarked {
    /// It is no evidence of this order.
    Elsewhere,
    /// It is a copy itself, of this original.
    Copy(ItemId),
    /// Its content was erased.
    Erased,
}

/// The original a copy was made of; `None` for what is no copy.
pub fn of_copy(order: &Order, item: ItemId) -> Option<(ItemId, &CopyMade)> {
    order.of_kind::<CopyMade>().find(|(_, made)| made.copy == item).map(|(_, made)| (made.of, made))
}

/// The picture that is marked: evidence of this order whose content is there, and no copy.
///
/// # Errors
/// Says why there is none.
pub fn original(order: &Order, item: ItemId) -> Result<&ItemManifest, Unmarked> {
    let exhibit = order.exhibits.iter().find(|one| one.item == item).ok_or(Unmarked::Elsewhere)?;
    if let Some((of, _)) = of_copy(order, item) {
        return Err(Unmarked::Copy(of));
    }
    Exhibit::manifest(exhibit).ok_or(Unmarked::Erased)
}

/// The copy as a file: `<name>-marked.png`; where the name itself holds what is to be hidden, the item's place
/// instead.
pub fn file(item: ItemId, manifest: &ItemManifest, drawn: Vec<u8>) -> File {
    let own = manifest.file_name.as_deref().unwrap_or_default();
    let stem = own.rsplit_once('.').map_or(own, |(stem, _)| stem);
    let plain = !stem.is_empty() && stem.len() <= 200 && mask_text(stem) == stem;
    let name = if plain { format!("{stem}-marked.png") } else { format!("{item}-marked.png") };
    File { name, media_type: "image/png", bytes: drawn }
}

/// Fixes the copy; one that was fixed before, byte for byte and of the same picture, is not fixed again.
///
/// # Errors
/// As [`making::fix`].
pub fn fix(
    vault: &Vault,
    order: &Order,
    of: ItemId,
    file: &File,
    marks: &[Mark],
    at: Timestamp,
) -> Result<ItemId, NotMade> {
    let covers = marks.iter().any(Mark::covers);
    let marks: Vec<String> = marks.iter().map(ToString::to_string).collect();
    let same = |(_, one): &(ItemId, &CopyMade)| {
        one.of == of && one.marks == marks && making::is_fixed_as(order, one.copy, file)
    };
    if let Some((_, before)) = order.of_kind::<CopyMade>().find(same) {
        return Ok(before.copy);
    }
    let told =
        |copy: ItemId| CopyMade { at, order: order.id.clone(), of, copy, covers, marks: marks.clone() };
    making::fix(vault, order, file, at, |copy| told(copy).into())
}
