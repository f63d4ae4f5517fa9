//! What is said to the other side: a draft by the engine, and what must not leave with it.

use jiff::Timestamp;
use sigu_case::advice::Dispute;
use sigu_case::claim::{Claim, ClaimKind};
use sigu_case::diagnosis::diagnose;
use sigu_case::letter::{Gate, Letter, LetterInput, LetterKind, draft, gate_knowing};
use sigu_case::report::Sense;
use sigu_case::tone::Venue;
use sigu_case::{Direction, MessageDetail, Order, View, dialogue};
use sigu_vault::{Error, Vault};
use zeroize::Zeroizing;

/// Why nothing can be drafted yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotYet {
    /// Nothing is known to be wrong.
    NoProblem,
    /// What is asked for lacks an amount or a number.
    ClaimOpen(ClaimKind),
}

/// What went wrong and what is claimed; both must be known before anything can be written.
///
/// # Errors
/// Says which of the two is not known.
pub fn dispute(view: &View<'_>) -> Result<(Dispute, Claim), NotYet> {
    let scenario = diagnose(view).scenario.ok_or(NotYet::NoProblem)?;
    let dispute = Dispute::of(view, scenario);
    let claim = dispute.claim.claim.clone().ok_or(NotYet::ClaimOpen(dispute.claim.kind))?;
    Ok((dispute, claim))
}

/// Drafts a letter of a kind; with weak merit a notice becomes a request for goodwill.
///
/// # Errors
/// As [`dispute`].
pub fn letter(
    view: &View<'_>,
    kind: LetterKind,
    due_at: Option<Timestamp>,
    cite_unverified: bool,
) -> Result<Letter, NotYet> {
    let (dispute, claim) = dispute(view)?;
    let kind = if dispute.merit.goodwill && kind == LetterKind::Notice { LetterKind::Goodwill } else { kind };
    let input = LetterInput {
        kind,
        scenario: dispute.scenario,
        claim: &claim,
        laws: &dispute.laws(),
        rules: &dispute.rules(),
        due_at,
        cite_unverified,
    };
    Ok(draft(view, &input))
}

/// Looks over a text for the merchant's chat, knowing the order's delivered secrets, so that none of them leaves.
///
/// # Errors
/// Fails as the vault does.
pub fn gate(vault: &Vault, view: &View<'_>, text: &str) -> Result<Gate, Error> {
    let secrets = secrets(vault, &view.order)?;
    let plain: Vec<String> = secrets.iter().map(|secret| secret.to_string()).collect();
    let gate = gate_knowing(text, view, Venue::MerchantChat, &plain);
    drop(Zeroizing::new(plain));
    Ok(gate)
}

fn secrets(vault: &Vault, order: &Order) -> Result<Vec<Zeroizing<String>>, Error> {
    let secret = order.exhibits.iter().filter(|one| one.manifest().is_some_and(|manifest| manifest.secret));
    let texts = secret.map(|one| vault.short_text(one.item)).collect::<Result<Vec<_>, _>>()?;
    Ok(texts.into_iter().flatten().collect())
}

/// What a sent text does: a draft that was not changed is a notice with its time, other words are read.
pub fn sent(text: &str, letter: Option<&Letter>, said_at: Timestamp) -> MessageDetail {
    match letter.filter(|letter| letter.text == text) {
        Some(letter) => MessageDetail {
            sense: Some(Sense::Notice),
            due_at: Some(letter.due_at),
            ..MessageDetail::default()
        },
        None => dialogue::detail(Direction::Out, text, said_at),
    }
}
