//! Pitfalls of captures and recordings.

use jiff::{SignedDuration, Timestamp};

use super::{Detected, Pitfall, PitfallCode, PitfallDetail, action, table};
use crate::described::{captured_at, exhibits, is_recording};
use crate::report::Form;
use crate::strength::{Rung, exhibit_strength};
use crate::subslots::{Continuity, RecordingShots, recording_shots};
use crate::{ItemId, Slot, View};

/// R3, S20: a pause or a missing shot; asked while nobody said what a recording shows.
pub(super) fn broken(view: &View<'_>) -> Detected {
    let all = recording_shots(view);
    let paused = |one: &RecordingShots| one.continuity == Continuity::Paused;
    let lacks = |one: &RecordingShots| one.described && !one.missing_required().is_empty();
    let bad: Vec<&RecordingShots> = all.iter().filter(|one| paused(one) || lacks(one)).collect();
    if let Some(first) = bad.first() {
        let missing = if first.described { first.missing_required() } else { Vec::new() };
        let detail = PitfallDetail::Shots { missing, paused: bad.iter().any(|one| paused(one)) };
        let items = bad.iter().map(|one| one.item).collect();
        return Some(Pitfall::found(PitfallCode::R3, items).with(detail));
    }
    let open = |one: &&RecordingShots| one.continuity == Continuity::Unknown || !one.described;
    let items: Vec<ItemId> = all.iter().filter(open).map(|one| one.item).collect();
    (!items.is_empty()).then(|| Pitfall::asked(PitfallCode::R3, items))
}

/// R5: every capture of the product page is younger than the dispute.
pub(super) fn page_after_dispute(view: &View<'_>) -> Detected {
    let dispute = action::dispute_at(view)?;
    let all = exhibits(view);
    let pages: Vec<_> =
        all.iter().filter(|(one, described)| one.slot == Slot::Description && !described.is_link()).collect();
    let late = pages.iter().all(|(page, _)| captured_at(page) > dispute);
    let items = pages.iter().map(|(page, _)| page.item).collect();
    (late && !pages.is_empty()).then(|| Pitfall::found(PitfallCode::R5, items))
}

/// R7: a clock off by more than the limit, or facts of the order against their order.
pub(super) fn doubtful_times(view: &View<'_>) -> Detected {
    let limit = table::get().limits.clock_off_s;
    let all = exhibits(view);
    let off = all.iter().filter_map(|(one, described)| Some((one.item, described.clock_off_s?)));
    if let Some((item, seconds)) =
        off.filter(|(_, off)| off.unsigned_abs() > limit).max_by_key(|(_, off)| off.unsigned_abs())
    {
        let detail = PitfallDetail::ClockOff { seconds };
        return Some(Pitfall::found(PitfallCode::R7, vec![item]).with(detail));
    }
    let times = view.order.facts.times();
    let time = |name: &str| times.iter().find(|(known, _)| *known == name).and_then(|(_, at)| *at);
    let wrong = |pair: &&(String, String)| time(&pair.0).zip(time(&pair.1)).is_some_and(|(a, b)| a > b);
    let (first, second) = table::get().pairs.iter().find(wrong)?.clone();
    let detail = PitfallDetail::OutOfOrder { first, second };
    Some(Pitfall::found(PitfallCode::R7, Vec::new()).with(detail))
}

/// R13: a file that says it was changed well after its capture. Whether bytes changed since they were
/// fixed is for
/// the log's own check.
pub(super) fn changed_after(view: &View<'_>) -> Detected {
    let slack = SignedDuration::from_secs(table::get().limits.changed_after_s);
    let all = exhibits(view);
    let changed = all.iter().filter(|(one, _)| {
        let file: Option<Timestamp> = one
            .manifest()
            .and_then(|manifest| manifest.modified_at.as_deref())
            .and_then(|text| text.parse().ok());
        file.zip(one.formed_at).is_some_and(|(file, formed)| file.duration_since(formed) > slack)
    });
    let items: Vec<ItemId> = changed.map(|(one, _)| one.item).collect();
    (!items.is_empty()).then(|| Pitfall::asked(PitfallCode::R13, items))
}

/// R14: a screenshot of a page with no address beside it.
pub(super) fn no_address(view: &View<'_>) -> Detected {
    let all = exhibits(view);
    let pages = all.iter().filter(|(one, described)| {
        matches!(one.slot, Slot::Transaction | Slot::Description)
            && !is_recording(one, described)
            && !matches!(described.form, Some(Form::OfficialData | Form::Notarised))
            && described.url.is_none()
            && exhibit_strength(view, one).rung != Rung::S0
    });
    let items: Vec<ItemId> = pages.map(|(one, _)| one.item).collect();
    (!items.is_empty()).then(|| Pitfall::found(PitfallCode::R14, items))
}
