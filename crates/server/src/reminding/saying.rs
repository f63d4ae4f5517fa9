//! How channels, distances and outcomes are called, for pages and commands.

use sigu_case::remind::Distance;
use sigu_evidence::mask_text;

use super::channel::Channel;
use super::keeping::{Standing, ToldState};
use super::send::NotSent;
use crate::words::Words;

/// Names a channel: as the user calls it, else by its kind; where it goes, as far as may be shown.
pub fn channel_name(channel: &Channel, words: &Words) -> String {
    let kind = words.word(&format!("remind-kind-{}", channel.kind.code()));
    match channel.name.is_empty() {
        true => kind,
        false => format!("{}{}", mask_text(&channel.name), words.aside(&kind)),
    }
}

/// Says why a message was not taken.
pub fn why(error: &NotSent, words: &Words) -> String {
    words.say(&format!("remind-why-{}", error.code), &[("detail", error.detail.clone())])
}

/// Says how a channel stands; `show` writes an instant.
pub fn standing(
    standing: Option<&Standing>,
    words: &Words,
    show: impl Fn(jiff::Timestamp) -> String,
) -> String {
    let Some(one) = standing else { return words.word("remind-state-new") };
    if one.failures == 0 {
        return words.say("remind-state-good", &[("at", show(one.at))]);
    }
    // What a later version wrote has no words here.
    let known = NotSent::CODES.into_iter().find(|code| *code == one.code);
    let why = why(&NotSent::of(known.unwrap_or("unreachable")), words);
    let next = one.next.map_or_else(|| words.word("remind-state-soon"), show);
    words.say(
        "remind-state-failed",
        &[("why", why.trim_end_matches(['：', ':', ' ']).to_owned()), ("next", next)],
    )
}

/// Says how far from its due time a reminder is.
pub fn distance(distance: Distance, words: &Words) -> String {
    match distance {
        Distance::AtOnce => words.word("remind-at-once"),
        Distance::Half => words.word("remind-at-half"),
        Distance::AtDue => words.word("remind-at-due"),
        Distance::Snoozed { .. } => words.word("remind-at-snoozed"),
        Distance::Before { minutes } => {
            words.say("remind-at-before", &[("span", words.span(i64::from(minutes) * 60))])
        }
    }
}

/// The message of how a reminder stands.
pub fn state_key(state: ToldState) -> String {
    format!("remind-told-{}", state.code().replace('_', "-"))
}
