//! `sigu rebuild`: drops every projection and makes it again from the log.

use serde_json::json;

use crate::output::Answer;
use crate::{Context, Outcome, session};

pub(super) fn run(context: &Context<'_>) -> Outcome {
    let leaves = session::with(context, |vault| Ok(vault.rebuild()?))?;
    Ok(Answer::new(
        context.words.say("rebuild-done", &[("leaves", leaves.to_string())]),
        json!({ "leaves": leaves }),
    ))
}
