//! 交付核验记录: from delivery over the reveal to the issuer's result, which recording shows it, and what stayed
//! unobserved (S19, S20). A secret stands here only masked.

use jiff::Timestamp;
use sigu_case::report::{Observed, Place, RecordingEnded, RecordingPiece};
use sigu_case::subslots::{
    Continuity, RecordingShots, Seen, Shot, SubSlotStatus, delivered_items, observation_log, recording_shots,
    sub_slots,
};
use sigu_case::{FixationKind, ItemId, Slot};

use super::guide;
use crate::draft::Draft;
use crate::paper::{Block, Span};
use crate::times;

/// One step of the delivery.
struct Step {
    at: Timestamp,
    what: String,
    place: String,
    seen: String,
    proofs: Vec<ItemId>,
}

pub(super) fn write(draft: &mut Draft<'_>) {
    let mut steps = told(draft);
    steps.extend(observation_log(draft.case.view).iter().map(|seen| observed(draft, seen)));
    steps.sort_by_key(|step| step.at);
    let mut cells = Vec::new();
    for step in steps {
        let shown = draft.marks(&step.proofs);
        if shown.is_empty() {
            draft.left_out(format!("{} {} {}", times::minute(step.at), step.what, step.seen).trim());
            continue;
        }
        cells.push(vec![
            Span::cell(times::second(step.at)),
            Span::cell(step.what),
            Span::cell(step.place),
            Span::cell(step.seen),
            shown,
        ]);
    }
    let delivered = delivered(draft);
    if cells.is_empty() && delivered.is_empty() {
        draft.miss("delivery");
        return;
    }
    if !cells.is_empty() {
        draft.heading(1, draft.word("delivery-steps"));
        let heads = [
            ("delivery-at", 17),
            ("delivery-what", 15),
            ("delivery-place", 14),
            ("delivery-seen", 44),
            ("delivery-exhibit", 10),
        ];
        draft.table(&heads, cells);
        used_before(draft);
    }
    contents(draft, delivered);
    recordings(draft);
    unobserved(draft);
    draft.guide(draft.word("guide-delivery"));
    guide::end(draft);
}

/// What shows when things came: evidence of the delivery, else of the order.
fn pages(draft: &Draft<'_>) -> Vec<ItemId> {
    let slots = [Slot::Delivery, Slot::Recording, Slot::Transaction].map(|slot| draft.of_slot(slot));
    slots.into_iter().find(|items| !items.is_empty()).unwrap_or_default()
}

/// What the order's page tells of the delivery.
fn told(draft: &Draft<'_>) -> Vec<Step> {
    let facts = &draft.case.view.order.facts;
    let proofs = pages(draft);
    let times = [
        ("delivery-delivered", facts.delivered_at),
        ("delivery-credited", facts.credited_at),
        ("delivery-handed-over", facts.handed_over_at),
        ("delivery-revealed", facts.revealed_at),
        ("delivery-activated", facts.activated_at),
        ("delivery-confirmed", facts.confirmed_at),
    ];
    let step = |(key, at): (&str, Option<Timestamp>)| {
        let (what, proofs) = (draft.word(key), proofs.clone());
        Some(Step { at: at?, what, place: String::new(), seen: String::new(), proofs })
    };
    times.into_iter().filter_map(step).collect()
}

fn observed(draft: &Draft<'_>, seen: &Seen) -> Step {
    let key = match seen.place {
        Place::Issuer | Place::Product => "delivery-checked",
        Place::Shop | Place::Platform | Place::Payment | Place::Device => "delivery-looked",
    };
    let mut said = vec![draft.word(&format!("observed-{}", seen.state.code().replace('_', "-")))];
    said.extend(seen.words.as_deref().map(|words| draft.say("delivery-words", &[("words", words)])));
    said.extend(seen.since.map(|since| draft.say("delivery-since", &[("since", &times::second(since))])));
    said.extend(seen.count.map(|count| draft.say("payments-count", &[("count", &count.to_string())])));
    Step {
        at: seen.at,
        what: draft.word(key),
        place: draft.word(&format!("place-{}", seen.place.code().replace('_', "-"))),
        seen: said.join("\n"),
        proofs: seen.proof.into_iter().collect(),
    }
}

/// A use before the buyer first saw the secret, where both instants are shown.
fn used_before(draft: &mut Draft<'_>) {
    let Some(revealed) = draft.case.view.order.facts.revealed_at else { return };
    for seen in observation_log(draft.case.view) {
        let Some(since) = seen.since.filter(|since| seen.state == Observed::Used && *since < revealed) else {
            continue;
        };
        let values = [("since", times::second(since)), ("revealed", times::second(revealed))];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        let mut proofs: Vec<ItemId> = seen.proof.into_iter().collect();
        if draft.numbers.cite(&proofs).is_empty() {
            continue;
        }
        proofs.extend(pages(draft));
        let fact = draft.numbers.fact(draft.say("delivery-used-before", &values), &proofs);
        draft.facts([fact], false);
    }
}

/// The rows of what was delivered: masked form and first digits, never the secret.
fn delivered(draft: &mut Draft<'_>) -> Vec<Vec<Vec<Span>>> {
    let mut rows = Vec::new();
    for one in delivered_items(draft.case.view) {
        let shown = draft.marks(&[one.item]);
        if shown.is_empty() {
            continue;
        }
        let row = draft.rows.iter().find(|row| row.covers.contains(&one.item));
        let name = row.map(|row| row.name.clone()).unwrap_or_default();
        let fingerprint = one.fingerprint.map(|digits| format!("{digits}…")).unwrap_or_default();
        rows.push(vec![
            Span::cell(times::second(one.fixed_at)),
            Span::cell(one.masked.unwrap_or(name)),
            Span::cell(fingerprint),
            shown,
        ]);
    }
    rows
}

fn contents(draft: &mut Draft<'_>, rows: Vec<Vec<Vec<Span>>>) {
    if rows.is_empty() {
        return;
    }
    draft.heading(1, draft.word("delivery-contents"));
    let heads =
        [("delivery-fixed", 24), ("delivery-content", 42), ("delivery-digest", 22), ("delivery-exhibit", 12)];
    draft.table(&heads, rows);
    draft.note(draft.word("delivery-masked"));
}

/// Each recording: whether it is one take, what it shows and what it does not.
fn recordings(draft: &mut Draft<'_>) {
    let all = recording_shots(draft.case.view);
    let mut sections = Vec::new();
    for one in &all {
        let mut facts = vec![draft.numbers.fact(take(draft, one), &[one.item])];
        if one.described && !one.there.is_empty() {
            let text = draft.say("recording-shows", &[("shots", &shots(draft, &one.there))]);
            facts.push(draft.numbers.fact(text, &[one.item]));
        }
        sections.push(facts);
    }
    if sections.iter().flatten().all(Option::is_none) {
        return;
    }
    draft.heading(1, draft.word("delivery-recordings"));
    for facts in sections {
        draft.facts(facts, false);
    }
}

fn shots(draft: &Draft<'_>, shots: &[Shot]) -> String {
    let names: Vec<&str> = shots.iter().map(|shot| draft.words.pick(shot.text())).collect();
    draft.words.list(&names)
}

/// The sentence of a recording: its own record tells more than what was said of it.
fn take(draft: &Draft<'_>, one: &RecordingShots) -> String {
    let order = &draft.case.view.order;
    let of_piece = order
        .of_kind::<RecordingPiece>()
        .find(|(_, piece)| piece.piece == one.item)
        .map(|(_, piece)| piece.recording);
    let ended = order
        .of_kind::<RecordingEnded>()
        .find(|(_, ended)| ended.whole == Some(one.item) || of_piece == Some(ended.recording));
    if let Some((_, ended)) = ended {
        let seconds = (ended.duration_ms / 1_000).to_string();
        let key = if ended.continuous { "video-continuous" } else { "video-broken" };
        return draft.say(key, &[("seconds", &seconds)]);
    }
    draft.word(match one.continuity {
        Continuity::OneTake => "recording-one-take",
        Continuity::Paused => "recording-paused",
        Continuity::Unknown => "recording-unknown",
    })
}

/// What nobody saw: parts of the delivery without evidence, and shots a recording lacks.
fn unobserved(draft: &mut Draft<'_>) {
    let mut items = Vec::new();
    for state in sub_slots(draft.case.view).iter().filter(|one| one.fixation == FixationKind::Delivery) {
        let name = draft.words.pick(state.sub_slot.text()).to_owned();
        match &state.status {
            SubSlotStatus::Missing { how } => {
                items.push(Span::cell(draft.say("unobserved-missing", &[("name", &name)])));
                let how = draft.words.pick(how).to_owned();
                draft.wanted(&name, &how);
            }
            SubSlotStatus::Waived { reason } => {
                let values = [("name", name.as_str()), ("reason", reason.as_str())];
                items.push(Span::cell(draft.say("unobserved-waived", &values)));
            }
            SubSlotStatus::Filled { .. } | SubSlotStatus::NotApplicable => {}
        }
    }
    for one in recording_shots(draft.case.view) {
        let missing = one.missing_required();
        let mark = draft.marks(&[one.item]);
        if mark.is_empty() || missing.is_empty() {
            continue;
        }
        let key = if one.described { "unobserved-shots" } else { "unobserved-undescribed" };
        let text = draft.say(key, &[("shots", &shots(draft, &missing))]);
        items.push([mark, Span::cell(text)].concat());
    }
    if !items.is_empty() {
        draft.heading(1, draft.word("delivery-unobserved"));
        draft.push(Block::List { numbered: false, items });
    }
}
