//! `sigu checker`: the page for strangers as a file of its own, and its digest.

use std::io::Write as _;

use serde_json::json;
use sigu_server::checker_page;

use crate::args::stamp::CheckerArgs;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome};

pub(super) fn run(context: &Context<'_>, own: &CheckerArgs) -> Outcome {
    let digest = checker_page::digest();
    let mut values = vec![("digest", digest.clone())];
    let mut text = String::new();
    if let Some(path) = &own.out {
        let shown = path.display().to_string();
        // A file that is there may be somebody else's work.
        let made = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
        let written =
            made.and_then(|mut file| file.write_all(checker_page::PAGE).and_then(|()| file.sync_all()));
        written.map_err(|error| {
            Problem::usage("usage-unwritable", &[("path", shown.clone()), ("why", error.to_string())])
        })?;
        values.push(("path", shown));
        text = context.words.say("checker-written", &values) + "\n";
    }
    text += &context.words.say("checker-digest", &values);
    Ok(Answer::new(text, json!({ "sha256": digest, "path": own.out })))
}
