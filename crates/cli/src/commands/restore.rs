//! `sigu restore`: from a backup with the recovery key; or going on with a vault that was put back or moved here.

use std::io::IsTerminal;

use serde_json::json;
use sigu_evidence::Identity;
use sigu_vault::{Disk, KeyFile, RestoreOutcome, adopt, restore};
use zeroize::Zeroizing;

use crate::args::RestoreArgs;
use crate::meter::Meter;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session};

pub(super) fn run(context: &Context<'_>, own: &RestoreArgs) -> Outcome {
    let places = session::places(context.args)?;
    let outcome = match &own.backup {
        Some(from) => {
            let recovery = recovery(context, own)?;
            let passphrase = session::passphrase(context.args, context.words, "ask-new-passphrase")?;
            let key = |identity: &Identity| match &passphrase {
                Some(passphrase) => KeyFile::seal_with(identity, passphrase.as_bytes()),
                None => KeyFile::Plain(identity.clone()),
            };
            let meter = Meter::new(0);
            restore(from, &places, &recovery, key, clock::now(), Disk::default(), &|progress| {
                meter.add(progress.bytes)
            })?
        }
        None => adopt(&places, &session::identity(context, &places)?, clock::now(), Disk::default())?,
    };
    Ok(answer(context, &outcome))
}

fn recovery(context: &Context<'_>, own: &RestoreArgs) -> Result<Identity, Problem> {
    let text = match &own.recovery_key_file {
        Some(path) => Zeroizing::new(std::fs::read_to_string(path).map_err(|error| {
            Problem::usage(
                "usage-unreadable",
                &[("path", path.display().to_string()), ("why", error.to_string())],
            )
        })?),
        None if std::io::stdin().is_terminal() => {
            let typed = rpassword::prompt_password(format!("{} ", context.words.word("ask-recovery-key")));
            Zeroizing::new(
                typed.map_err(|error| Problem::usage("usage-prompt", &[("why", error.to_string())]))?,
            )
        }
        None => return Err(Problem::usage("usage-recovery-key", &[])),
    };
    Identity::parse(text.trim()).map_err(|_| Problem::refused("refused-recovery-key", &[]))
}

fn answer(context: &Context<'_>, outcome: &RestoreOutcome) -> Answer {
    let values = [
        ("path", outcome.folder.display().to_string()),
        ("old", outcome.continues.to_string()),
        ("new", outcome.log.to_string()),
        ("fingerprint", outcome.key_fingerprint.clone()),
    ];
    Answer::new(context.words.say("restore-done", &values), json!(outcome))
}
