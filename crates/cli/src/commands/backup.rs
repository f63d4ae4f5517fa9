//! `sigu backup`: a copy that the vault key or the recovery key opens.

use serde_json::json;

use crate::args::BackupArgs;
use crate::meter::Meter;
use crate::output::Answer;
use crate::{Context, Outcome, session};

pub(super) fn run(context: &Context<'_>, own: &BackupArgs) -> Outcome {
    let meter = Meter::new(0);
    let outcome = session::with(context, |vault| {
        Ok(sigu_vault::backup(vault, &own.folder, &|progress| meter.add(progress.bytes))?)
    })?;
    drop(meter);
    let values = [
        ("path", outcome.folder.display().to_string()),
        ("copied", outcome.copied.to_string()),
        ("kept", outcome.kept.to_string()),
        ("leaves", outcome.leaves.to_string()),
    ];
    Ok(Answer::new(context.words.say("backup-done", &values), json!(outcome)))
}
