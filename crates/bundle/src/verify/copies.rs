//! Marked copies in the package, each with its original (`copy.made`, [events](../docs/formats/event.md)).

use sigu_evidence::FieldValue;

use crate::{CopyReport, ItemId, ItemReport};

const KIND: &str = "copy.made";
const COPY: &str = "item";
const OF: &str = "copy.of";
const COVERS: &str = "copy.covers";

/// Looks at every copy whose report is disclosed. An original that is withheld or erased is no defect.
pub(super) fn check(items: &[ItemReport]) -> Vec<CopyReport> {
    items.iter().filter(|item| item.kind == KIND).filter_map(|item| copy(item, items)).collect()
}

fn copy(made: &ItemReport, items: &[ItemReport]) -> Option<CopyReport> {
    let item = |name: &str| match made.fields.get(name) {
        Some(FieldValue::Text(text)) => text.parse::<ItemId>().ok(),
        _ => None,
    };
    let of = item(OF)?;
    let covers = matches!(made.fields.get(COVERS), Some(FieldValue::Flag(true)));
    let original = items.iter().find(|one| one.position == of).map(|one| one.content.clone());
    Some(CopyReport { copy: item(COPY)?, made: made.position, of, covers, original })
}
