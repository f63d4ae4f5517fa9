//! `sigu stamp`: asks outsiders now, and shows how it stands with them.

use std::path::Path;

use serde_json::{Value, json};
use sigu_server::answers::{self, Outsiders};
use sigu_server::attesting::{BlockHeader, Memory, Passed, pass, standing, take_header};
use sigu_server::outside::net::{Limits, Net};
use sigu_server::{App, told};
use sigu_vault::AlarmSign;

use super::capture::runtime;
use crate::args::stamp::StampArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::session::Keys;
use crate::{Context, Outcome, clock, session, times};

pub(super) fn run(context: &Context<'_>, own: &StampArgs) -> Outcome {
    if let Some(header) = &own.block_header {
        return take(context, header);
    }
    let keys = Keys::of(context)?;
    let places = keys.places().clone();
    if own.list {
        return list(context, &keys, &places.state);
    }
    let net = net()?;
    let identity = keys.identity().clone().into();
    let app = App { places, identity, now: clock::now, version: env!("CARGO_PKG_VERSION") };
    let passed = runtime()?.block_on(pass(&app, &net, true)).map_err(Problem::from)?;
    let exit = u8::from(passed.alarm.is_some());
    Ok(Answer::new(text(&passed, context.words), json_of(&passed)).with_exit(exit))
}

/// The way out to those who are asked.
pub(super) fn net() -> Result<Net, Problem> {
    Net::new(Limits::default(), clock::now)
        .map_err(|error| Problem::fault("fault-net-setup", &[("why", error.to_string())]))
}

fn text(passed: &Passed, words: &Words) -> String {
    let mut lines = Vec::new();
    for (who, item) in &passed.kept {
        lines.push(words.say("stamp-kept", &[("who", who.clone()), ("item", item.to_string())]));
    }
    if let Some(round) = passed.round {
        lines.push(words.say("stamp-round", &[("round", round.to_string())]));
    }
    for one in &passed.unanswered {
        let why = told::reason(&one.why.code, &one.why.detail, words);
        lines.push(words.say("stamp-failed", &[("who", one.who.clone()), ("why", why)]));
    }
    if let Some(alarm) = &passed.alarm {
        lines.push(told::alarm(alarm, words, times::show));
        lines.push(words.word("outside-alarm-advice"));
    }
    if lines.is_empty() {
        lines.push(words.word("stamp-nothing"));
    }
    lines.join("\n")
}

fn json_of(passed: &Passed) -> Value {
    let kept = passed.kept.iter().map(|(who, item)| json!({ "who": who, "item": item }));
    let unanswered = passed.unanswered.iter().map(
        |one| json!({ "who": one.who, "code": one.why.code, "detail": one.why.detail, "next": one.next }),
    );
    let alarm = passed.alarm.as_ref().map(|alarm| {
        let (saw, size) = match alarm.sign {
            AlarmSign::More { size } => ("more", size),
            AlarmSign::Another { size } => ("another", size),
        };
        json!({ "log": alarm.log, "witness": alarm.witness, "saw": saw, "size": size, "at": alarm.at })
    });
    json!({
        "kept": kept.collect::<Vec<_>>(),
        "unanswered": unanswered.collect::<Vec<_>>(),
        "round": passed.round,
        "alarm": alarm,
        "next": passed.next,
    })
}

/// How it stands; nobody is asked.
fn list(context: &Context<'_>, keys: &Keys, state: &Path) -> Outcome {
    let memory = Memory::read(state);
    let found = keys.with(|vault| standing(vault, &memory, true).map_err(Problem::from))?;
    Ok(Answer::new(listed(&found, context.words), answers::json(&found)))
}

fn listed(found: &Outsiders, words: &Words) -> String {
    let mut lines = vec![told::voices(found, words)];
    lines.extend(found.alarm.as_ref().map(|alarm| told::alarm(alarm, words, times::show)));
    lines.push(words.word(told::quorum(found)));
    if !found.asks {
        lines.push(words.word("stamp-off"));
    }
    for one in &found.outsiders {
        let kind = words.word(&format!("outside-kind-{}", one.kind.code()));
        lines.push(format!("{kind}  {}  {}", one.label, told::outsider(one, words, times::show)));
        let more = [told::headers_wanted(one, words), told::skew(one, words)];
        lines.extend(more.into_iter().flatten().map(|said| format!("    {said}")));
    }
    lines.join("\n")
}

/// Takes the header of a block in.
fn take(context: &Context<'_>, given: &str) -> Outcome {
    let header = header(given)?;
    let taken = session::with(context, |vault| Ok(take_header(vault, &header, clock::now())?))?;
    let Some(taken) = taken else { return Err(Problem::refused("refused-no-promise", &[])) };
    let values = [
        ("height", taken.height.to_string()),
        ("item", taken.item.to_string()),
        ("hash", taken.hash.clone()),
    ];
    let json = json!({ "item": taken.item, "height": taken.height, "hash": taken.hash });
    Ok(Answer::new(context.words.say("stamp-header-kept", &values), json))
}

/// Reads a header from a file, or as it was typed.
fn header(given: &str) -> Result<BlockHeader, Problem> {
    let bytes = std::fs::read(given).unwrap_or_else(|_| given.as_bytes().to_vec());
    BlockHeader::read(&bytes).map_err(|_| Problem::refused("refused-block-header", &[]))
}
