//! What to send with a letter, step by step, each with its caption (S30–S32).

use serde::Serialize;
use sigu_evidence::mask_text;

use super::slots::Slots;
use super::table::Table;
use super::{Letter, LetterPart};
use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::report::{CopyMade, ItemDescribed, ObservationMade, Observed, Part};
use crate::{Exhibit, ItemId, Slot, View};

coded! {
    /// The order in which exhibits are sent (S30).
    SendStage {
        /// 订单
        Order = "order",
        /// 承诺
        Promise = "promise",
        /// 交付
        Delivery = "delivery",
        /// 失败结果
        Failure = "failure",
    }
}

/// One exhibit to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SendStep {
    /// In which stage.
    pub stage: SendStage,
    /// The exhibit.
    pub item: ItemId,
    /// What it shows.
    pub slot: Slot,
    /// What to write beside it, on a copy (S31, S32).
    pub caption: String,
    /// Whether only a masked copy may be sent.
    pub masked_copy: bool,
    /// The newest marked copy that may be sent in its place: one that covers where there is one, and of a secret none else (S32).
    pub copy: Option<ItemId>,
    /// How to send it.
    pub note: Bilingual,
    /// The message it was sent with, if it was.
    pub sent_with: Option<ItemId>,
    /// Whether the letter speaks of what it shows.
    pub cited: bool,
}

/// Plans what to send with a letter: order, promise, delivery, failure; nothing for letters that need no
/// proof.
///
/// Erased exhibits are left out; one that holds a secret is planned as a masked copy only.
pub fn send_plan(view: &View<'_>, letter: &Letter) -> Vec<SendStep> {
    if !Table::get().kind(letter.kind).plan {
        return Vec::new();
    }
    let slots = Slots::of(view, letter.scenario);
    let mut steps: Vec<SendStep> =
        view.order.exhibits.iter().filter_map(|exhibit| step(view, letter, &slots, exhibit)).collect();
    steps.sort_by_key(|step| (step.stage, step.slot, step.item));
    steps
}

fn step(view: &View<'_>, letter: &Letter, slots: &Slots, exhibit: &Exhibit) -> Option<SendStep> {
    let manifest = exhibit.manifest()?;
    let described = described(view, exhibit.item);
    let stage = stage(view, exhibit, described)?;
    let caption = &Table::get().caption;
    let own = described.and_then(|one| one.caption.as_deref()).map(mask_text);
    let cites = |part: &LetterPart| part.exhibits.contains(&exhibit.item);
    Some(SendStep {
        stage,
        item: exhibit.item,
        slot: exhibit.slot,
        caption: own.unwrap_or_else(|| default_caption(slots)),
        masked_copy: manifest.secret,
        copy: copy_of(view, exhibit.item, manifest.secret),
        note: if manifest.secret { caption.secret_note.clone() } else { caption.copy_note.clone() },
        sent_with: sent_with(view, exhibit.item),
        cited: letter.parts.iter().any(cites),
    })
}

/// Returns the newest copy of an exhibit that is kept. Of a secret only one that covers it, and so of anything else once
/// something was covered on a copy of it: that was not to be seen either.
pub fn copy_of(view: &View<'_>, item: ItemId, secret: bool) -> Option<ItemId> {
    let kept = |copy: ItemId| {
        view.order.exhibits.iter().any(|one| one.item == copy && one.manifest().is_some_and(|it| !it.secret))
    };
    let copies = || view.order.of_kind::<CopyMade>().map(|(_, made)| made).filter(|made| made.of == item);
    let newest = |covering: bool| {
        copies().rfind(|made| made.covers == covering && kept(made.copy)).map(|made| made.copy)
    };
    newest(true).or_else(|| newest(false).filter(|_| !secret))
}

/// The message an exhibit was first sent with.
pub(crate) fn sent_with(view: &View<'_>, item: ItemId) -> Option<ItemId> {
    let dialogue = view.order.dialogue();
    dialogue.into_iter().find(|message| message.detail.exhibits.contains(&item)).map(|message| message.item)
}

/// The last description of a piece of evidence.
pub(crate) fn described<'v>(view: &'v View<'_>, item: ItemId) -> Option<&'v ItemDescribed> {
    let all = view.order.of_kind::<ItemDescribed>();
    all.map(|(_, described)| described).rfind(|described| described.item == item)
}

fn stage(view: &View<'_>, exhibit: &Exhibit, described: Option<&ItemDescribed>) -> Option<SendStage> {
    if is_failure(view, exhibit.item, described) {
        return Some(SendStage::Failure);
    }
    match exhibit.slot {
        Slot::Transaction | Slot::Voucher => Some(SendStage::Order),
        Slot::Description | Slot::Chat => Some(SendStage::Promise),
        Slot::Delivery => Some(SendStage::Delivery),
        Slot::Recording => Some(SendStage::Failure),
        Slot::Other => None,
    }
}

/// Whether it shows a result that is not as promised.
pub(crate) fn is_failure(view: &View<'_>, item: ItemId, described: Option<&ItemDescribed>) -> bool {
    let fine = [Observed::Ok, Observed::Credited, Observed::RedeemedByBuyer];
    let results = [Part::RedeemResult, Part::AccountState, Part::OfficialNotice, Part::BalancePage];
    let parts = described.is_some_and(|one| one.parts.iter().any(|part| results.contains(part)));
    let shows = |made: &ObservationMade| made.proof == Some(item) && !fine.contains(&made.state);
    parts || view.order.of_kind::<ObservationMade>().any(|(_, made)| shows(made))
}

/// Order number, payment time, promise, actual state (S31); what is not known is left out.
fn default_caption(slots: &Slots) -> String {
    let row = &Table::get().caption;
    let pieces = [&row.order, &row.paid, &row.promise, &row.actual];
    let known: Vec<String> = pieces.iter().filter_map(|piece| Some(slots.fill(piece).ok()?.text)).collect();
    known.join("；")
}
