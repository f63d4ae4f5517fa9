//! `sigu log`: what happened, leaf by leaf.

use sigu_server::answers;
use sigu_server::told::field_value;

use crate::args::LogArgs;
use crate::output::Answer;
use crate::{Context, Outcome, session, times};

pub(super) fn run(context: &Context<'_>, own: &LogArgs) -> Outcome {
    let (log, logs) =
        session::with(context, |vault| Ok((answers::Log::of(vault, own.last)?, vault.logs()?)))?;
    let words = context.words;
    let mut lines: Vec<String> = Vec::new();
    for (log, _, fingerprint, size) in &logs {
        let values =
            [("log", log.to_string()), ("size", size.to_string()), ("fingerprint", fingerprint.clone())];
        lines.push(words.say("log-head", &values));
    }
    for entry in &log.entries {
        let kind = words.word(&format!("kind-{}", entry.kind.replace(['.', '_'], "-")));
        lines.push(format!("{:>6}  {}  {kind}", entry.item.to_string(), times::show_text(&entry.claimed_at)));
        for (name, value) in &entry.fields {
            lines.push(format!("        {name} = {}", field_value(value)));
        }
    }
    Ok(Answer::new(lines.join("\n"), answers::json(&log)))
}
