//! `sigu publish`: the log as static files that any C2SP tool can audit; digests only, no content.

use std::path::Path;

use serde_json::json;
use sigu_server::outside::publish::{PublishError, Published, Shelf, Source, publish};
use sigu_vault::{Alarm, AlarmSign, Attestable, Error, Said, Vault};

use super::capture::runtime;
use crate::args::stamp::PublishArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session};

/// What a bucket is opened with: variables of the environment, and their names as settings.
const SETTINGS: [(&str, &str); 5] = [
    ("AWS_ACCESS_KEY_ID", "access_key_id"),
    ("AWS_SECRET_ACCESS_KEY", "secret_access_key"),
    ("AWS_SESSION_TOKEN", "token"),
    ("AWS_REGION", "region"),
    ("AWS_ENDPOINT_URL", "endpoint"),
];

pub(super) fn run(context: &Context<'_>, own: &PublishArgs) -> Outcome {
    let words = context.words;
    let shelf = shelf(&own.to).map_err(|error| said(&error, &own.to, words))?;
    let runtime = runtime()?;
    let (seen, outcome) = session::with(context, |vault| {
        loop {
            let seen = vault.newest_attestable()?;
            let lines = cosignatures(vault, &seen)?;
            let mut source = source(vault, seen.log);
            let done = runtime.block_on(publish(&shelf, &seen.key, &seen.signed, &lines, &mut source));
            drop(source);
            let overtaken = done.as_ref().err().map(|error| was_overtaken(vault, &seen, error, &own.to));
            // What is published by now was signed here by now: the next turn knows it.
            if !overtaken.transpose()?.unwrap_or(false) {
                return Ok((seen, done));
            }
        }
    })?;
    let Published { before, made } = outcome.map_err(|error| said(&error, &own.to, words))?;
    let values = [
        ("to", own.to.clone()),
        ("size", seen.size().to_string()),
        ("made", made.to_string()),
        ("before", before.to_string()),
        ("vkey", seen.key.to_string()),
    ];
    let json = json!({ "to": own.to, "size": seen.size(), "before": before, "files": made, "vkey": seen.key.to_string() });
    Ok(Answer::new(words.say("publish-done", &values), json))
}

#[allow(clippy::disallowed_methods, reason = "the edge reads the environment")]
fn shelf(to: &str) -> Result<Shelf, PublishError> {
    if !to.starts_with("s3://") {
        return Shelf::folder(Path::new(to));
    }
    let set = SETTINGS.into_iter().filter_map(|(variable, name)| {
        let value = std::env::var(variable).ok().filter(|value| !value.is_empty())?;
        Some((name.to_owned(), value))
    });
    Shelf::bucket(to, set)
}

/// The lines of witnesses over exactly this checkpoint.
fn cosignatures(vault: &Vault, seen: &Attestable) -> Result<String, Error> {
    let mut lines = String::new();
    for proof in vault.proofs()? {
        let is = (proof.log, proof.size) == (seen.log, seen.size());
        if is && matches!(proof.said, Said::Witness { .. }) {
            lines.push_str(&String::from_utf8_lossy(&vault.proof_files(proof.item)?.reply));
        }
    }
    Ok(lines)
}

/// The log as it is read from the vault.
fn source(vault: &Vault, log: u32) -> Source<'_> {
    let told = |error: Error| error.to_string();
    Source {
        tile: Box::new(move |id, width| {
            let read = vault.tile_of(log, id, width).map_err(told);
            Box::pin(std::future::ready(read))
        }),
        entries: Box::new(move |index, width| {
            let read = vault.entries_of(log, index, width).map_err(told);
            Box::pin(std::future::ready(read))
        }),
        root: Box::new(move |size| {
            let read = vault.consistency(log, size, size).map(|(root, _)| root).map_err(told);
            Box::pin(std::future::ready(read))
        }),
    }
}

/// What is published is as good as a witness: more, or another history there, ends all signing; unless another process
/// signed and published it since `seen` was read, which is no alarm but a reason to look again.
fn was_overtaken(vault: &Vault, seen: &Attestable, error: &PublishError, to: &str) -> Result<bool, Error> {
    let sign = match error {
        PublishError::Ahead { size } => AlarmSign::More { size: *size },
        PublishError::Fork { size } => AlarmSign::Another { size: *size },
        _ => return Ok(false),
    };
    Ok(!vault.raise_alarm(&Alarm { log: seen.log, witness: to.to_owned(), sign, at: clock::now() })?)
}

fn said(error: &PublishError, to: &str, words: &Words) -> Problem {
    let why = match error {
        PublishError::Address => String::new(),
        PublishError::Setting(name) => words.say("publish-why-setting", &[("name", name.clone())]),
        PublishError::Ahead { size } => words.say("publish-why-ahead", &[("size", size.to_string())]),
        PublishError::Fork { size } => words.say("publish-why-fork", &[("size", size.to_string())]),
        PublishError::Foreign => words.word("publish-why-foreign"),
        PublishError::Differs { path } => words.say("publish-why-differs", &[("path", path.clone())]),
        PublishError::Source(why) | PublishError::Store(why) => why.clone(),
    };
    let values = [("to", to.to_owned()), ("why", why)];
    match error {
        PublishError::Address => Problem::usage("usage-publish-address", &values),
        PublishError::Setting(_) => Problem::usage("usage-publish-setting", &values),
        PublishError::Ahead { .. } | PublishError::Fork { .. } => {
            Problem::refused("refused-published-otherwise", &values)
        }
        PublishError::Foreign | PublishError::Differs { .. } => {
            Problem::refused("refused-published-foreign", &values)
        }
        PublishError::Source(_) | PublishError::Store(_) => Problem::fault("fault-publish", &values),
    }
}
