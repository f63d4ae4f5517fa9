//! What is found in words before they leave: how a page and its script show it.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use sigu_case::letter::{Finding, Gate};
use sigu_case::tone::Venue;
use sigu_case::{House, Order, View};
use sigu_vault::Vault;

use super::page::Visit;
use super::refusal::Refusal;
use crate::talking;
use crate::words::Words;

/// Looks over words while they are written, for the script of the page.
pub(super) fn looked_over(
    visit: &Visit,
    vault: &Vault,
    order: &Order,
    venue: Venue,
    text: &str,
) -> Result<Response, Refusal> {
    let state = vault.house()?;
    let house = House::of(&state);
    let gate = talking::gate(vault, &View::new(order, &house, visit.now), venue, text)?;
    let found = found(&gate, text, &visit.words);
    Ok(Json(json!({ "chars": text.chars().count(), "found": found })).into_response())
}

/// Something found in a text, for the page and for its script.
#[derive(Serialize)]
pub(super) struct Found {
    /// Whether it keeps the text from being sent.
    pub(super) blocks: bool,
    /// The words it is about; empty where they are a secret or at no one place.
    pub(super) part: String,
    pub(super) why: String,
    pub(super) instead: String,
    /// Characters, from and to.
    start: Option<usize>,
    end: Option<usize>,
}

pub(super) fn found(gate: &Gate, text: &str, words: &Words) -> Vec<Found> {
    let one = |finding: &Finding, blocks: bool| {
        let part = finding.span.and_then(|span| text.get(span.start_byte..span.end_byte));
        // What leaks is not said again.
        let part = part.filter(|_| finding.code != "privacy_leak").map(sigu_evidence::mask_text);
        let instead = finding.suggestion.as_deref().map(sigu_evidence::mask_text);
        Found {
            blocks,
            part: part.unwrap_or_default(),
            why: words.pick(&finding.text).to_owned(),
            instead: instead
                .map(|instead| format!("{} {instead}", words.word("tone-instead")))
                .unwrap_or_default(),
            start: finding.span.map(|span| span.start_char),
            end: finding.span.map(|span| span.end_char),
        }
    };
    let blocked = gate.blocked.iter().map(|finding| one(finding, true));
    blocked.chain(gate.warnings.iter().map(|finding| one(finding, false))).collect()
}
