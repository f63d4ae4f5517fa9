//! How strong one piece of evidence is by itself.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sigu_evidence::Source as Bytes;

use super::score::{Sum, between};
use super::{Component, ComponentCode, Rung, table};
use crate::described::Described;
use crate::report::{
    DecisionMade, Form, ObservationMade, PaymentSeen, PromiseMade, RefundSeen, StepMoved, StepTaken,
};
use crate::{Channel, Exhibit, ItemId, Slot, View};

/// What is known of an item that nobody described.
pub(super) struct Traits<'a> {
    pub(super) typed: bool,
    pub(super) media: &'a str,
    pub(super) url: bool,
    pub(super) continuous: Option<bool>,
}

/// How strong one piece of evidence is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExhibitStrength {
    /// The piece of evidence.
    pub item: ItemId,
    /// Its rung on the ladder of §5.3.
    pub rung: Rung,
    /// Whether the rung was guessed from media type and slot, because nobody said what it is.
    pub guessed: bool,
    /// Seconds from what it shows to its fixing (S23); `None` when the time of the trade is unknown.
    pub delay_s: Option<i64>,
    /// What the score is made of; the points add up to it.
    pub components: Vec<Component>,
    /// In hundredths, 0 to 100.
    pub score: u32,
}

/// Weighs one piece of evidence by itself (§5.1 (7), §5.3).
///
/// The delay counts from the completion of the trade, or from the latest report that names the item as
/// its proof,
/// to the fixing; it is the log that vouches for the fixing, while the user alone says when a page was shown.
pub fn exhibit_strength(view: &View<'_>, exhibit: &Exhibit) -> ExhibitStrength {
    let described = Described::exhibit(view, exhibit);
    let (rung, guessed) = rung(exhibit, &described);
    let delay = delay(view, exhibit);
    let mut sum = Sum::default();
    if exhibit.manifest().is_none() {
        sum.add(ComponentCode::Erased, 0);
    } else {
        weigh(&mut sum, view, exhibit, &described, rung, delay);
    }
    let (components, score) = sum.done();
    let delay_s = delay.map(|delay| delay.as_secs());
    ExhibitStrength { item: exhibit.item, rung, guessed, delay_s, components, score }
}

fn weigh(
    sum: &mut Sum,
    view: &View<'_>,
    exhibit: &Exhibit,
    described: &Described,
    rung: Rung,
    delay: Option<SignedDuration>,
) {
    let points = &table::get().points;
    sum.add(ComponentCode::OneSource, points.one_source);
    sum.add_with(ComponentCode::Rung, table::get().rung(rung).points, "rung", rung.text());
    let chat_off_platform = exhibit.slot == Slot::Chat && only_off_platform(view);
    if rung == Rung::S0 || chat_off_platform {
        sum.add(ComponentCode::EditableChannel, points.editable_channel);
    }
    sum.delay(delay);
    sum.bound();
    sum.bonuses(matches!(described.form, Some(Form::OfficialData | Form::Notarised)));
}

/// The rung of a piece of evidence, and whether it was guessed.
pub(super) fn rung(exhibit: &Exhibit, described: &Described) -> (Rung, bool) {
    if let Some(form) = described.form {
        return (table::get().of_form(form, described.continuous), false);
    }
    let Some(manifest) = exhibit.manifest() else { return (Rung::S0, true) };
    let traits = Traits {
        typed: manifest.source == Bytes::Text,
        media: &manifest.media_type,
        url: described.url.is_some(),
        continuous: described.continuous,
    };
    (table::get().guess(&traits), true)
}

/// From what the item shows to its fixing.
pub(super) fn delay(view: &View<'_>, exhibit: &Exhibit) -> Option<SignedDuration> {
    let completed = view.order.facts.completed_at();
    let event = shown_at(view, exhibit.item).max(completed)?;
    Some(between(event, exhibit.fixed_at))
}

/// When the latest of the things happened that the item is the proof of.
fn shown_at(view: &View<'_>, item: ItemId) -> Option<Timestamp> {
    let rests = |proof: Option<ItemId>, at: Timestamp| (proof == Some(item)).then_some(at);
    [
        view.order.of_kind::<ObservationMade>().filter_map(|(_, one)| rests(one.proof, one.at)).max(),
        view.order.of_kind::<PaymentSeen>().filter_map(|(_, one)| rests(one.proof, one.at)).max(),
        view.order.of_kind::<PromiseMade>().filter_map(|(_, one)| rests(one.proof, one.at)).max(),
        view.order.of_kind::<RefundSeen>().filter_map(|(_, one)| rests(one.proof, one.at)).max(),
        view.order.of_kind::<DecisionMade>().filter_map(|(_, one)| rests(one.proof, one.at)).max(),
        view.order.of_kind::<StepTaken>().filter_map(|(_, one)| rests(one.proof, one.at)).max(),
        view.order.of_kind::<StepMoved>().filter_map(|(_, one)| rests(one.proof, one.at)).max(),
    ]
    .into_iter()
    .max()
    .flatten()
}

/// Whether whatever was written was written off the platform.
fn only_off_platform(view: &View<'_>) -> bool {
    let mut written =
        view.order.messages.iter().filter(|message| message.channel != Channel::Oral).peekable();
    written.peek().is_some() && written.all(|message| message.channel == Channel::OffPlatform)
}
