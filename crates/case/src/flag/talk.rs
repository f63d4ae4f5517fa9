//! Flags on the dialogue: invitations elsewhere, terms cited against the buyer, word of mouth.

use regex::Regex;

use super::{Flag, FlagCode, TABLE};
use crate::report::{DecisionMade, Sense};
use crate::{Channel, Direction, ItemId, View};

pub(super) fn find(view: &View<'_>) -> Vec<Flag> {
    let mut found: Vec<Flag> = view
        .said(Direction::In, Sense::Solicitation)
        .into_iter()
        .map(|(message, _)| {
            let flag = Flag::new(FlagCode::OffPlatformSolicitation, message.said_at, vec![message.item]);
            message.text.as_deref().map_or(flag.clone(), |text| flag.clone().saying(text))
        })
        .collect();
    found.extend(cited(view, FlagCode::UnfairTermCandidate, &TABLE.unfair_terms));
    found.extend(cited(view, FlagCode::ShortInspectionPeriod, &TABLE.short_periods));
    found.extend(oral_only(view));
    found
}

/// The terms cited against the buyer: in refusals, and in decisions that follow the seller.
pub(crate) fn terms(view: &View<'_>) -> Vec<(ItemId, String)> {
    let both = TABLE.unfair_terms.iter().chain(&TABLE.short_periods);
    against(view)
        .into_iter()
        .filter_map(|(item, _, text)| {
            let found = both.clone().find_map(|pattern| pattern.find(&text))?;
            Some((item, found.as_str().to_owned()))
        })
        .collect()
}

/// What was said against the buyer.
fn against(view: &View<'_>) -> Vec<(ItemId, jiff::Timestamp, String)> {
    let refusals = view.said(Direction::In, Sense::Refusal).into_iter();
    let refusals = refusals.filter_map(|(one, _)| Some((one.item, one.said_at, one.text.clone()?)));
    let decisions = view.told::<DecisionMade>().into_iter();
    let decisions = decisions.filter_map(|(item, one, at)| Some((item, at, one.text.clone()?)));
    refusals.chain(decisions).collect()
}

fn cited(view: &View<'_>, code: FlagCode, patterns: &[Regex]) -> Option<Flag> {
    against(view).into_iter().find_map(|(item, at, text)| {
        let found = patterns.iter().find_map(|pattern| pattern.find(&text))?;
        Some(Flag::new(code, at, vec![item]).saying(found.as_str()))
    })
}

/// S9: word of mouth alone proves little.
fn oral_only(view: &View<'_>) -> Option<Flag> {
    let all = view.order.dialogue();
    let first = all.first()?;
    let oral = all.iter().all(|one| one.channel == Channel::Oral);
    let items = all.iter().map(|one| one.item).collect();
    oral.then(|| Flag::new(FlagCode::OralOnly, first.said_at, items))
}
