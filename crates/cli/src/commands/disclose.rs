//! `sigu disclose`: opens withheld fields of one item for somebody who has the package already.

use serde_json::json;

use super::{item_id, write_private};
use crate::args::DiscloseArgs;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, session};

pub(super) fn run(context: &Context<'_>, own: &DiscloseArgs) -> Outcome {
    let item = item_id(&own.item)?;
    if own.out.exists() {
        return Err(Problem::refused("refused-exists", &[("path", own.out.display().to_string())]));
    }
    let opened = session::with(context, |vault| Ok(vault.disclose(item, &own.field)?))?;
    write_private(&own.out, opened.to_json())?;
    let fields: Vec<String> =
        opened.disclosures.iter().map(|disclosure| disclosure.name().to_string()).collect();
    let values = [
        ("path", own.out.display().to_string()),
        ("item", item.to_string()),
        ("fields", context.words.list(&fields)),
    ];
    let json =
        json!({ "path": own.out, "item": item, "fields": fields, "content": opened.content.is_some() });
    Ok(Answer::new(context.words.say("disclosed", &values), json))
}
