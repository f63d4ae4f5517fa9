//! Pitfalls of the dialogue.

use super::{Detected, Pitfall, PitfallCode, PitfallDetail, table};
use crate::described::{Described, exhibits};
use crate::report::{Part, Sense, Waived};
use crate::strength::{Rung, exhibit_strength};
use crate::subslots::waived;
use crate::tone::{Context, Label, check};
use crate::{Channel, Direction, ItemId, Slot, View};

fn messages(view: &View<'_>) -> Vec<ItemId> {
    view.order.dialogue().into_iter().map(|message| message.item).collect()
}

fn chat_exhibits(view: &View<'_>) -> Vec<(ItemId, Described)> {
    let all = exhibits(view).into_iter();
    let chats =
        all.filter(|(one, described)| one.slot == Slot::Chat || described.parts.contains(&Part::Chat));
    chats.map(|(one, described)| (one.item, described)).collect()
}

/// R1: there is a dialogue, and nothing shows who the other side is.
pub(super) fn no_counterpart(view: &View<'_>) -> Detected {
    let shown = exhibits(view).iter().any(|(_, one)| one.parts.contains(&Part::Counterpart));
    if shown || waived(view, Waived::Dialogue).is_some() {
        return None;
    }
    let mut items: Vec<ItemId> = chat_exhibits(view).into_iter().map(|(item, _)| item).collect();
    items.extend(messages(view));
    (!items.is_empty()).then(|| Pitfall::found(PitfallCode::R1, items))
}

/// R2: asked of every chat capture; of the messages, when there is no capture.
pub(super) fn original_gone(view: &View<'_>) -> Detected {
    let captures = chat_exhibits(view);
    let of_messages = || messages(view).into_iter().map(|item| (item, Described::item(view, item))).collect();
    let alone = captures.is_empty();
    let subjects: Vec<(ItemId, Described)> = if alone { of_messages() } else { captures };
    let with = |kept| -> Vec<ItemId> {
        let mut found = Vec::new();
        found.extend(subjects.iter().filter(|(_, one)| one.original_kept == kept).map(|(item, _)| *item));
        found
    };
    let (gone, open) = (with(Some(false)), with(None));
    if !gone.is_empty() {
        return Some(Pitfall::found(PitfallCode::R2, gone));
    }
    let answered = alone && !with(Some(true)).is_empty();
    (!open.is_empty() && !answered).then(|| Pitfall::asked(PitfallCode::R2, open))
}

/// R11: erased messages are gaps; a long pause, or an answer to nothing, is asked about.
pub(super) fn gaps(view: &View<'_>) -> Detected {
    let said = view.order.dialogue();
    let erased: Vec<ItemId> = said.iter().filter(|one| one.text.is_none()).map(|one| one.item).collect();
    if !erased.is_empty() {
        return Some(Pitfall::found(PitfallCode::R11, erased));
    }
    let pauses =
        said.windows(2).map(|pair| (pair[1].said_at.duration_since(pair[0].said_at).as_hours(), pair));
    if let Some((hours, pair)) = pauses.max_by_key(|(hours, _)| *hours)
        && hours >= table::get().limits.gap_h
    {
        let items = pair.iter().map(|message| message.item).collect();
        return Some(Pitfall::asked(PitfallCode::R11, items).with(PitfallDetail::Gap { hours }));
    }
    let first = said.first()?;
    let answers = matches!(view.order.sense(first).0, Some(Sense::Refusal | Sense::Acceptance));
    let to_nothing = answers && first.direction == Direction::In;
    to_nothing.then(|| Pitfall::asked(PitfallCode::R11, vec![first.item]))
}

/// S9: nothing but spoken words, own notes of them, and own text.
pub(super) fn oral_only(view: &View<'_>) -> Detected {
    let said = view.order.dialogue();
    let oral = !said.is_empty() && said.iter().all(|message| message.channel == Channel::Oral);
    let own = |exhibit| exhibit_strength(view, exhibit).rung == Rung::S0;
    (oral && view.order.exhibits.iter().all(own))
        .then(|| Pitfall::found(PitfallCode::OralOnly, messages(view)))
}

/// S18, D5: whatever was written was written elsewhere.
pub(super) fn off_platform_only(view: &View<'_>) -> Detected {
    let said = view.order.dialogue();
    let written: Vec<_> = said.iter().filter(|message| message.channel != Channel::Oral).collect();
    let elsewhere = written.iter().all(|message| message.channel == Channel::OffPlatform);
    let items = written.iter().map(|message| message.item).collect();
    (elsewhere && !written.is_empty()).then(|| Pitfall::found(PitfallCode::OffPlatformOnly, items))
}

/// S25: outgoing words that insult or threaten.
pub(super) fn emotional(view: &View<'_>) -> Detected {
    labelled(view, PitfallCode::Emotional, &[Label::Emotional, Label::Threat])
}

/// Outgoing personal data or secrets where they do not belong.
pub(super) fn privacy_leaked(view: &View<'_>) -> Detected {
    labelled(view, PitfallCode::PrivacyLeaked, &[Label::PrivacyLeak])
}

fn labelled(view: &View<'_>, code: PitfallCode, labels: &[Label]) -> Detected {
    let names: Vec<String> = view.order.facts.title.iter().cloned().collect();
    let context = Context { direction: Direction::Out, product_names: &names, ..Context::default() };
    let own = view.order.dialogue().into_iter().filter(|message| message.direction == Direction::Out);
    let items: Vec<ItemId> = own
        .filter(|message| {
            let found = message.text.as_deref().map(|text| check(text, &context).labels).unwrap_or_default();
            found.iter().any(|label| labels.contains(label))
        })
        .map(|message| message.item)
        .collect();
    (!items.is_empty()).then(|| Pitfall::found(code, items))
}

/// S27: there are notices, and none names a rule.
pub(super) fn no_rule(view: &View<'_>) -> Detected {
    let notices = view.said(Direction::Out, Sense::Notice);
    let cites = |text: &str| table::get().rule.is_match(text);
    let cited = notices.iter().any(|(notice, _)| notice.text.as_deref().is_some_and(cites));
    let items: Vec<ItemId> = notices.iter().map(|(notice, _)| notice.item).collect();
    (!cited && !items.is_empty()).then(|| Pitfall::found(PitfallCode::NoRuleCited, items))
}
