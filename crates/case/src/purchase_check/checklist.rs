//! What to save before paying, ticked as it comes.

use serde::Serialize;

use super::{SaveFirst, save_first};
use crate::View;
use crate::described::exhibits;
use crate::report::{CoverageBought, Part};

/// One thing to save, and whether it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ticked {
    /// What.
    pub save: SaveFirst,
    /// Whether some evidence is said to show it, or, for the chat, messages were recorded.
    pub done: bool,
}

/// Returns the list of an order that was not paid yet; empty once it was, or once it is closed.
///
/// Only what the user named counts: a page nobody looked at shows nothing yet.
pub fn checklist(view: &View<'_>) -> Vec<Ticked> {
    if !view.order.facts.is_plan() || view.order.closed().is_some() {
        return Vec::new();
    }
    let known = exhibits(view);
    let shown = |part: Part| {
        known.iter().any(|(_, one)| !one.implied && !one.is_link() && one.parts.contains(&part))
            || part == Part::Chat && view.order.messages.iter().any(|message| message.text.is_some())
    };
    let coverage = view.order.of_kind::<CoverageBought>().next().is_some();
    let ticked = |save: SaveFirst| Ticked { done: shown(save.part), save };
    save_first(coverage).into_iter().map(ticked).collect()
}
