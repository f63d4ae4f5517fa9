//! What the engines say, in words: the sentences that commands and pages have in common.

use jiff::Timestamp;
use sigu_case::clock::{ClockKind, ClockSource, Due};
use sigu_evidence::FieldValue;

use sigu_vault::{Alarm, AlarmSign, Said};

use crate::answers::{Between, Outsider, OutsiderKind, OutsiderState, Outsiders, Word};
use crate::words::Words;

/// Returns a clock's code as message keys write it.
pub fn clock_key(kind: ClockKind) -> String {
    kind.code().replace('_', "-")
}

/// Says what a clock counts.
pub fn clock_name(kind: ClockKind, words: &Words) -> String {
    words.word(&format!("clock-{}", clock_key(kind)))
}

/// Says when a clock is due; `show` writes an instant.
pub fn clock_due(due: Due, words: &Words, show: impl Fn(Timestamp) -> String) -> String {
    match due {
        Due::At { at } => show(at),
        Due::Day { planning, legal } if planning == legal => planning.to_string(),
        Due::Day { planning, legal } => {
            words.say("clock-two-days", &[("planning", planning.to_string()), ("legal", legal.to_string())])
        }
        Due::NotPublished { year } => words.say("clock-not-published", &[("year", year.to_string())]),
    }
}

/// Says whose number a clock's length is.
pub fn clock_source(source: &ClockSource, words: &Words) -> String {
    match source {
        ClockSource::Default { id } => words.say("clock-source-default", &[("id", id.clone())]),
        ClockSource::Profile { id, unverified: true, .. } => {
            words.say("clock-source-profile-unverified", &[("id", id.clone())])
        }
        ClockSource::Profile { id, .. } => words.say("clock-source-profile", &[("id", id.clone())]),
        ClockSource::Statute { id } => id.to_string(),
        ClockSource::Said => words.word("clock-source-said"),
    }
}

/// Writes the value of a field of the log.
pub fn field_value(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Int(number) => number.to_string(),
        FieldValue::Flag(flag) => flag.to_string(),
        FieldValue::List(list) => list.join(", "),
    }
}

/// Says on whose word an instant rests.
pub fn word_by(word: &Word, words: &Words) -> String {
    words.say(&format!("outside-by-{}", word.by), &[("name", word.name.clone())])
}

/// Says before when a piece did not exist and by when it did, each with who says so; `show` writes an instant. The
/// second names the earliest, and how many others agree.
pub fn between(between: &Between, words: &Words, show: impl Fn(Timestamp) -> String) -> (String, String) {
    let before = match &between.not_before {
        None => words.word("outside-before-unknown"),
        Some(word) => {
            let values = [("at", show(word.at)), ("by", word_by(word, words))];
            words.say("outside-not-before", &values)
        }
    };
    let after = match between.not_after.as_slice() {
        [] => words.word("outside-after-unknown"),
        [first, others @ ..] => {
            let values =
                [("at", show(first.at)), ("by", word_by(first, words)), ("others", others.len().to_string())];
            words.say(if others.is_empty() { "outside-not-after" } else { "outside-not-after-more" }, &values)
        }
    };
    (before, after)
}

/// Says why an outsider gave nothing, by the code and the detail of a [`Reason`](crate::attesting::Reason).
pub fn reason(code: &str, detail: &str, words: &Words) -> String {
    // What a later version wrote down as a detail stands as it is.
    let known = match code {
        "chain" => words.try_word(&format!("outside-chain-{detail}")),
        "token" => words.try_word(&format!("token-defect-{detail}")),
        _ => None,
    };
    let detail = known.unwrap_or_else(|| detail.to_owned());
    words.say(&format!("outside-why-{code}"), &[("detail", detail)])
}

/// Says where it stands with an outsider, in one sentence; `show` writes an instant.
pub fn outsider(one: &Outsider, words: &Words, show: impl Fn(Timestamp) -> String) -> String {
    let said = match one.said_at {
        Some(at) => words.say("outside-said-at", &[("at", show(at))]),
        None => String::new(),
    };
    match one.state {
        OutsiderState::Failed => {
            let (code, detail) = one.why.clone().unwrap_or_default();
            let why = reason(&code, &detail, words);
            let next = one.next.map(show).unwrap_or_default();
            words.say("outside-state-failed", &[("why", why), ("next", next)])
        }
        OutsiderState::Whole if one.kind == OutsiderKind::Beacon => {
            words.say("outside-state-beacon", &[("said", said)])
        }
        state => {
            let values = [("said", said), ("size", one.size.to_string())];
            words.say(&format!("outside-state-{}", state.code()), &values)
        }
    }
}

/// The most heights in one sentence; the newest.
const HEIGHTS: usize = 5;

/// Says of which blocks headers are wanted, so that promises say a time; nothing where of none.
pub fn headers_wanted(one: &Outsider, words: &Words) -> Option<String> {
    let more = one.headers_wanted.len().saturating_sub(HEIGHTS);
    let heights: Vec<String> = one.headers_wanted.iter().skip(more).map(u64::to_string).collect();
    let key = match (heights.is_empty(), more) {
        (true, _) => return None,
        (_, 0) => "outside-headers",
        _ => "outside-headers-more",
    };
    Some(words.say(key, &[("heights", words.list(&heights)), ("more", more.to_string())]))
}

/// How far two clocks may be apart before it is worth a word, in milliseconds.
const SKEW: i64 = 2_000;

/// Says that this machine's clock is off, by what an outsider's clock showed; nothing where it is not.
pub fn skew(one: &Outsider, words: &Words) -> Option<String> {
    let off = one.skew_ms.filter(|off| off.abs() > SKEW)?;
    let key = if off > 0 { "outside-clock-behind" } else { "outside-clock-ahead" };
    Some(words.say(key, &[("who", one.label.clone()), ("seconds", (off.abs() / 1_000).to_string())]))
}

/// Says how many vouch for everything.
pub fn voices(all: &Outsiders, words: &Words) -> String {
    let key = match all.voices {
        0 => "outside-voices-none",
        1 => "outside-voices-one",
        _ => "outside-voices",
    };
    words.say(key, &[("voices", all.voices.to_string()), ("size", all.size.to_string())])
}

/// Returns the message on witnesses.
pub fn quorum(all: &Outsiders) -> &'static str {
    match all.quorum {
        None => "outside-no-witness",
        Some(true) => "outside-quorum-met",
        Some(false) => "outside-quorum-unmet",
    }
}

/// Returns the message on what a proof is.
pub const fn proof(said: &Said) -> &'static str {
    match said {
        Said::Token { .. } => "proof-token",
        Said::Promised => "proof-promise",
        Said::Block { .. } => "proof-block",
        Said::Witness { .. } => "proof-cosignature",
    }
}

/// Says what a witness saw otherwise; `show` writes an instant.
pub fn alarm(alarm: &Alarm, words: &Words, show: impl Fn(Timestamp) -> String) -> String {
    let (key, size) = match alarm.sign {
        AlarmSign::More { size } => ("outside-alarm-more", size),
        AlarmSign::Another { size } => ("outside-alarm-another", size),
    };
    let values = [
        ("witness", alarm.witness.clone()),
        ("log", alarm.log.to_string()),
        ("size", size.to_string()),
        ("at", show(alarm.at)),
    ];
    words.say(key, &values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(kind: OutsiderKind, state: OutsiderState) -> Outsider {
        Outsider {
            kind,
            name: "a".to_owned(),
            label: "A".to_owned(),
            operator: String::new(),
            urls: Vec::new(),
            free: true,
            tested: true,
            state,
            size: 7,
            said_at: Some(Timestamp::UNIX_EPOCH),
            skew_ms: Some(-3_000),
            why: Some(("unreachable".to_owned(), String::new())),
            next: Some(Timestamp::UNIX_EPOCH),
            promises: 1,
            headers_wanted: (1..=7).collect(),
        }
    }

    #[test]
    fn every_outsider_and_proof_has_words_in_both_languages() {
        for words in [Words::chinese(), Words::in_english()] {
            let mut said = Vec::new();
            for kind in OutsiderKind::ALL {
                said.push(words.word(&format!("outside-kind-{}", kind.code())));
                said.extend(
                    OutsiderState::ALL.map(|state| outsider(&one(kind, state), &words, |at| at.to_string())),
                );
            }
            let some = one(OutsiderKind::Calendars, OutsiderState::Header);
            said.extend(headers_wanted(&some, &words));
            said.extend(skew(&some, &words));
            for by in ["service", "block", "witness", "drand"] {
                said.push(word_by(&Word { at: Timestamp::UNIX_EPOCH, by, name: "A".to_owned() }, &words));
            }
            let block = Said::Block { height: 1, latest: None };
            let witness = Said::Witness { at: Timestamp::UNIX_EPOCH, key: [0; 32] };
            said.extend([Said::Promised, block, witness].map(|one| words.word(proof(&one))));
            said.push(words.word("proof-token"));
            assert!(said.iter().all(|one| !one.is_empty()), "{said:?}");
        }
    }

    #[test]
    fn of_many_headers_the_newest_are_named() {
        let mut some = one(OutsiderKind::Calendars, OutsiderState::Header);
        let said = |one: &Outsider| headers_wanted(one, &Words::in_english()).unwrap_or_default();
        assert_eq!(said(&some), "Headers wanted of Bitcoin blocks 3, 4, 5, 6, 7 and 2 before.");
        some.headers_wanted.truncate(5);
        assert_eq!(said(&some), "Headers wanted of Bitcoin blocks 1, 2, 3, 4, 5.");
        some.headers_wanted.clear();
        assert_eq!(said(&some), "");
    }
}
