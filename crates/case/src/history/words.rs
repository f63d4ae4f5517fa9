//! The words of a history and what they mean here, from `data/history.toml`.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use crate::report::{
    Body, Destination, Observed, Outcome, Part, PayChannel, Place, PromiseKind, RefundProof, RefundState,
    Stage, Verdict,
};
use crate::{Channel, Slot};

/// What an event of a history becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Becomes {
    Silence(Body),
    Step(Body),
    Stage(Body, Stage),
    Decision(Body),
    Refund(Option<Body>, RefundState, Destination),
    Observation(Observed, Place),
    Problem,
}

/// What a piece of evidence of a history shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shows {
    pub(super) slot: Slot,
    pub(super) parts: Vec<Part>,
    pub(super) observed: Option<(Observed, Place)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    happening: Vec<HappeningRow>,
    verdict: Vec<CodeRow>,
    outcome: Vec<CodeRow>,
    channel: Vec<CodeRow>,
    pay: Vec<CodeRow>,
    proof: Vec<CodeRow>,
    evidence: Vec<EvidenceRow>,
    observed: Vec<ObservedRow>,
    promise: Vec<PromiseRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HappeningRow {
    what: String,
    becomes: String,
    body: Option<String>,
    stage: Option<String>,
    state: Option<String>,
    destination: Option<String>,
    observed: Option<String>,
    place: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeRow {
    words: Vec<String>,
    code: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceRow {
    what: String,
    slot: String,
    parts: Vec<String>,
    observed: Option<String>,
    place: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ObservedRow {
    state: String,
    pattern: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PromiseRow {
    kind: String,
    pattern: String,
}

/// The table, ready for use.
pub(super) struct Words {
    pub(super) happenings: Vec<(String, Becomes)>,
    pub(super) verdicts: Vec<(String, Verdict)>,
    pub(super) outcomes: Vec<(String, Outcome)>,
    pub(super) channels: Vec<(String, Channel)>,
    pub(super) pays: Vec<(String, PayChannel)>,
    pub(super) proofs: Vec<(String, RefundProof)>,
    pub(super) evidence: Vec<(String, Shows)>,
    observed: Vec<(Observed, Regex)>,
    promises: Vec<(PromiseKind, Regex)>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let rows: Rows = toml::from_str(include_str!("../../data/history.toml"))
        .expect("data/history.toml is checked by its tests");
    Words::new(&rows).expect("data/history.toml is checked by its tests")
});

impl Words {
    pub(super) fn get() -> &'static Self {
        &WORDS
    }

    fn new(rows: &Rows) -> Option<Self> {
        Some(Self {
            happenings: rows
                .happening
                .iter()
                .map(|row| Some((row.what.clone(), becomes(row)?)))
                .collect::<Option<_>>()?,
            verdicts: coded(&rows.verdict, Verdict::from_code)?,
            outcomes: coded(&rows.outcome, Outcome::from_code)?,
            channels: coded(&rows.channel, Channel::from_code)?,
            pays: coded(&rows.pay, PayChannel::from_code)?,
            proofs: coded(&rows.proof, RefundProof::from_code)?,
            evidence: rows
                .evidence
                .iter()
                .map(|row| Some((row.what.clone(), shows(row)?)))
                .collect::<Option<_>>()?,
            observed: rows
                .observed
                .iter()
                .map(|row| Some((Observed::from_code(&row.state)?, Regex::new(&row.pattern).ok()?)))
                .collect::<Option<_>>()?,
            promises: rows
                .promise
                .iter()
                .map(|row| Some((PromiseKind::from_code(&row.kind)?, Regex::new(&row.pattern).ok()?)))
                .collect::<Option<_>>()?,
        })
    }
}

fn coded<T: Copy>(rows: &[CodeRow], find: impl Fn(&str) -> Option<T>) -> Option<Vec<(String, T)>> {
    let mut words = Vec::new();
    for row in rows {
        let value = find(&row.code)?;
        words.extend(row.words.iter().map(|word| (word.clone(), value)));
    }
    Some(words)
}

fn becomes(row: &HappeningRow) -> Option<Becomes> {
    let body = row.body.as_deref().map(Body::from_code);
    Some(match row.becomes.as_str() {
        "silence" => Becomes::Silence(body??),
        "step" => Becomes::Step(body??),
        "stage" => Becomes::Stage(body??, Stage::from_code(row.stage.as_deref()?)?),
        "decision" => Becomes::Decision(body??),
        "refund" => Becomes::Refund(
            body.flatten(),
            RefundState::from_code(row.state.as_deref()?)?,
            Destination::from_code(row.destination.as_deref()?)?,
        ),
        "observation" => {
            let (observed, place) = observed(row.observed.as_deref(), row.place.as_deref())?;
            Becomes::Observation(observed, place)
        }
        "problem" => Becomes::Problem,
        _ => return None,
    })
}

fn shows(row: &EvidenceRow) -> Option<Shows> {
    Some(Shows {
        slot: Slot::from_code(&row.slot)?,
        parts: row.parts.iter().map(|part| Part::from_code(part)).collect::<Option<_>>()?,
        observed: row
            .observed
            .is_some()
            .then(|| observed(row.observed.as_deref(), row.place.as_deref()))
            .flatten(),
    })
}

fn observed(state: Option<&str>, place: Option<&str>) -> Option<(Observed, Place)> {
    Some((Observed::from_code(state?)?, Place::from_code(place?)?))
}

/// Tells the state that the words of a page or an issuer mean; `None` where they do not tell.
pub fn observed_in(text: &str) -> Option<Observed> {
    WORDS.observed.iter().find(|(_, pattern)| pattern.is_match(text)).map(|(state, _)| *state)
}

/// Tells what kind of promise words are.
pub fn promise_in(text: &str) -> PromiseKind {
    WORDS
        .promises
        .iter()
        .find(|(_, pattern)| pattern.is_match(text))
        .map_or(PromiseKind::Other, |(kind, _)| *kind)
}
