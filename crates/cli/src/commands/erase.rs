//! `sigu erase`: the content goes, its place in the log stays.

use serde_json::json;

use super::item_id;
use crate::args::EraseArgs;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session};

pub(super) fn run(context: &Context<'_>, own: &EraseArgs) -> Outcome {
    let item = item_id(&own.item)?;
    if !own.yes {
        return Err(Problem::refused("refused-erase-unconfirmed", &[("item", item.to_string())]));
    }
    let erasure = session::with(context, |vault| Ok(vault.erase(item, &own.field, clock::now())?))?;
    let words = context.words;
    let values = [
        ("item", item.to_string()),
        ("fields", words.list(&erasure.fields)),
        ("by", erasure.logged_as.to_string()),
    ];
    let mut text = words.say("erased-done", &values);
    if erasure.content_shared {
        text = format!("{text}\n{}", words.word("erased-shared"));
    }
    text = format!("{text}\n{}", words.word("erased-copies"));
    Ok(Answer::new(text, json!(erasure)))
}
