//! What was submitted: the words as they went, fixed, and the step with them as its proof.

use jiff::Timestamp;
use sigu_case::report::{Body, StepTaken};
use sigu_case::{Command, ItemId, OrderId, Slot};
use sigu_evidence::find_secrets;
use sigu_vault::{Source, Vault};

use crate::fixing::manifest;
use crate::making::NotMade;

/// Words that were submitted.
#[derive(Debug, Clone)]
pub struct Filed {
    /// Of which order.
    pub order: OrderId,
    /// The words.
    pub text: String,
    /// To whom.
    pub body: Body,
    /// Under which category.
    pub category: Option<String>,
    /// The number it was given there.
    pub reference: Option<String>,
    /// When.
    pub at: Timestamp,
    /// What the fixed words are called.
    pub name: String,
}

/// Fixes the words and notes the step: both or neither. Gives the places of both.
///
/// # Errors
/// Fails as the vault does; nothing is fixed then.
///
/// # Panics
/// Never: one source goes in, one answer comes out, and two commands have two places.
pub fn file(vault: &Vault, filed: Filed, now: Timestamp) -> Result<(ItemId, ItemId), NotMade> {
    let Filed { order, text, body, category, reference, at, name } = filed;
    let taken = vault.ingest(vec![Source::Bytes(text.clone().into_bytes())], &|_| {})?;
    let ingested = taken.into_iter().next().expect("one in, one out")?;
    let manifest = manifest(!find_secrets(&text).is_empty(), Slot::Other, &ingested, Some(name), false);
    let commands = |first: ItemId| {
        let fixed = Command::FixEvidence {
            order: order.clone(),
            slot: Slot::Other,
            formed_at: None,
            note: None,
            manifest,
        };
        let step = StepTaken { at, order, body, category, reference, claim_fen: None, proof: Some(first) };
        vec![fixed, Command::Report(step.into())]
    };
    let items = vault.execute_from(commands, now)?;
    Ok((items[0], items[1]))
}
