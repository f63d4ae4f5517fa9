//! What was noted of a merchant outside orders: deposit, shown rate, escrow, coverage, words (S53–S57).

use jiff::Timestamp;
use sigu_evidence::mask_text;

use super::{Deposit, Known, Note, Offered, ShownRate};
use crate::House;
use crate::report::{Kind, MerchantNoted};

/// Returns what was noted by `now`, oldest first; of one instant in the order of the log.
pub(super) fn noted(house: &House, now: Timestamp) -> Vec<&MerchantNoted> {
    let all = house.notes().iter().filter(|logged| logged.report.at() <= now);
    let mut noted: Vec<_> =
        all.filter_map(|logged| Some((logged.item, MerchantNoted::of(&logged.report)?))).collect();
    noted.sort_by_key(|(item, noted)| (noted.at, *item));
    noted.into_iter().map(|(_, noted)| noted).collect()
}

/// The last deposit that was seen; a later note that says nothing of it does not unsay it.
pub(super) fn deposit(noted: &[&MerchantNoted]) -> Known<Deposit> {
    let last = noted.iter().rev().find_map(|note| {
        let (seen_at, proof) = (note.at, note.proof.into());
        note.deposit_fen.map(|amount_fen| Deposit { amount_fen, seen_at, proof })
    });
    last.into()
}

/// The last rate the platform showed.
pub(super) fn shown_rate(noted: &[&MerchantNoted]) -> Known<ShownRate> {
    let last = noted.iter().rev().find_map(|note| {
        let (seen_at, proof) = (note.at, note.proof.into());
        note.shown_rate_bp.map(|rate_bp| ShownRate { rate_bp, seen_at, proof })
    });
    last.into()
}

/// The last word on a yes or no.
pub(super) fn last(noted: &[&MerchantNoted], of: impl Fn(&MerchantNoted) -> Option<bool>) -> Known<Offered> {
    let last = noted.iter().rev().find_map(|note| {
        let (seen_at, proof) = (note.at, note.proof.into());
        of(note).map(|offered| Offered { offered, seen_at, proof })
    });
    last.into()
}

/// The words of all notes.
pub(super) fn notes(noted: &[&MerchantNoted]) -> Vec<Note> {
    let words = noted.iter().filter_map(|note| {
        let text = mask_text(note.note.as_deref()?);
        Some(Note { at: note.at, text, proof: note.proof.into() })
    });
    words.collect()
}
