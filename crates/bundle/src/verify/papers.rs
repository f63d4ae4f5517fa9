//! Papers in the package: does each still rest on evidence that is there? (`document.made`, [events](../docs/formats/event.md))

use sigu_evidence::FieldValue;

use crate::{ContentState, ItemId, ItemReport, PaperReport};

const KIND: &str = "document.made";
const PAPER: &str = "item";
const RESTS_ON: &str = "document.rests_on";

/// Looks at every paper whose manifest is disclosed. A paper that no longer holds is no defect of the package: what it
/// rested on was erased, which the log says openly.
pub(super) fn check(items: &[ItemReport]) -> Vec<PaperReport> {
    items.iter().filter(|item| item.kind == KIND).filter_map(|item| paper(item, items)).collect()
}

fn paper(made: &ItemReport, items: &[ItemReport]) -> Option<PaperReport> {
    let (Some(FieldValue::Text(paper)), Some(FieldValue::List(rests_on))) =
        (made.fields.get(PAPER), made.fields.get(RESTS_ON))
    else {
        return None;
    };
    let paper = paper.parse().ok()?;
    let rests_on: Vec<ItemId> = rests_on.iter().filter_map(|item| item.parse().ok()).collect();
    let state = |item: &ItemId| items.iter().find(|one| one.position == *item).map(|one| &one.content);
    let erased = |item: &&ItemId| matches!(state(item), Some(ContentState::Erased { .. }));
    let absent =
        |item: &&ItemId| matches!(state(item), None | Some(ContentState::Missing | ContentState::Differs));
    Some(PaperReport {
        paper,
        made: made.position,
        erased: rests_on.iter().filter(erased).copied().collect(),
        absent: rests_on.iter().filter(absent).copied().collect(),
        rests_on,
    })
}
