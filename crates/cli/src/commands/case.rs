//! `sigu case import`: a history kept elsewhere becomes orders, whole or not at all.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;
use sigu_case::House;
use sigu_case::history::{History, HistoryContent, HistoryError, HistoryEvidence, HistoryProblem};
use sigu_evidence::ItemManifest;
use sigu_server::fixing;
use sigu_vault::{Source, Vault};

use crate::args::CaseImportArgs;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session};

pub(super) fn import(context: &Context<'_>, own: &CaseImportArgs) -> Outcome {
    let text = std::fs::read_to_string(&own.file).map_err(|error| {
        let values = [("path", own.file.display().to_string()), ("why", error.to_string())];
        Problem::usage("usage-unreadable", &values)
    })?;
    let at = clock::now();
    let history = History::parse(&text, at).map_err(|error| wrong(&own.file, &error))?;
    let folder = own.file.parent().map(Path::to_owned).unwrap_or_default();
    let (items, house) = session::with(context, |vault| {
        let manifests = take_in(vault, &history, &folder)?;
        let items = vault.execute_from(|first| history.commands(first, manifests), at)?;
        Ok((items, House::of(&vault.house()?)))
    })?;
    let unknown: BTreeSet<&str> =
        history.profiles().filter(|id| house.registry().find(id).is_none()).collect();
    let orders: Vec<String> = history.orders().map(ToString::to_string).collect();
    let values = [("orders", orders.len().to_string()), ("events", items.len().to_string())];
    let mut lines = vec![context.words.say("case-imported", &values)];
    lines.extend(
        unknown.iter().map(|id| context.words.say("case-unknown-profile", &[("id", (*id).to_owned())])),
    );
    lines.extend(orders.iter().take(20).map(|order| format!("  sigu advise {order}")));
    Ok(Answer::new(
        lines.join("\n"),
        json!({ "orders": orders, "events": items.len(), "unknown_profiles": unknown }),
    ))
}

/// Takes the evidence in; a file that cannot be read stops the import before anything is recorded.
fn take_in(vault: &Vault, history: &History, folder: &Path) -> Result<Vec<Option<ItemManifest>>, Problem> {
    let evidence: Vec<&HistoryEvidence> = history.evidence().collect();
    let sources = evidence.iter().map(|one| match &one.content {
        HistoryContent::File(name) => Source::File(folder.join(name)),
        HistoryContent::Noted(text) => Source::Bytes(text.clone().into_bytes()),
    });
    let answers = vault.ingest(sources.collect(), &|_| {})?;
    let manifest = |(one, answer): (&&HistoryEvidence, _)| match answer {
        Ok(ingested) => {
            let name = match &one.content {
                HistoryContent::File(name) => {
                    PathBuf::from(name).file_name().map(|name| name.to_string_lossy().into_owned())
                }
                HistoryContent::Noted(_) => None,
            };
            Ok(Some(fixing::manifest(false, one.slot, &ingested, name, false)))
        }
        Err(fault) => {
            let fault: sigu_vault::SourceFault = fault;
            let values = [("line", one.line.to_string()), ("why", fault.to_string())];
            Err(Problem::refused("refused-history-evidence", &values))
        }
    };
    evidence.iter().zip(answers).map(manifest).collect()
}

/// Names the file, the line, the field, what is wrong and what is allowed.
fn wrong(file: &Path, error: &HistoryError) -> Problem {
    let place = [
        ("path", file.display().to_string()),
        ("line", error.line.to_string()),
        ("field", error.field.clone()),
    ];
    let with = |key, more: &[(&'static str, String)]| Problem::refused(key, &[&place[..], more].concat());
    match &error.problem {
        HistoryProblem::Form(why) => with("refused-history-form", &[("why", why.clone())]),
        HistoryProblem::Time(given) => with("refused-history-time", &[("value", given.clone())]),
        HistoryProblem::Amount(given) => with("refused-history-amount", &[("value", given.clone())]),
        HistoryProblem::Label(given) => with("refused-history-label", &[("value", given.clone())]),
        HistoryProblem::Word { given, allowed } => {
            with("refused-history-word", &[("value", given.clone()), ("allowed", allowed.clone())])
        }
        HistoryProblem::TooLong(bytes) => with("refused-history-long", &[("value", bytes.to_string())]),
    }
}
