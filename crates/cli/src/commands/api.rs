//! `sigu api-token` and `sigu openapi`: who may use the API, and what it can do.

use serde_json::{Value, json};
use sigu_evidence::mask_text;
use sigu_server::access::{Access, Accesses, Level, MAX_NAME_CHARS, MAX_TOKENS, NotGiven};

use crate::args::import::{ApiTokenAddArgs, ApiTokenCommand};
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session, times};

pub(super) fn token(context: &Context<'_>, own: &ApiTokenCommand) -> Outcome {
    let all = Accesses::in_folder(&session::places(context.args)?.state);
    match own {
        ApiTokenCommand::Add(own) => add(context, &all, own),
        ApiTokenCommand::List => list(context, &all),
        ApiTokenCommand::Revoke(own) => revoke(context, &all, &own.name),
    }
}

fn fault(error: &std::io::Error) -> Problem {
    Problem::fault("fault-tokens", &[("why", error.to_string())])
}

fn add(context: &Context<'_>, all: &Accesses, own: &ApiTokenAddArgs) -> Outcome {
    let level = if own.write { Level::Write } else { Level::Read };
    let values = [("max", MAX_NAME_CHARS.to_string()), ("most", MAX_TOKENS.to_string())];
    let token = all.add(&own.name, level, clock::now()).map_err(|why| match why {
        NotGiven::Name => Problem::refused("refused-token-name", &values),
        NotGiven::Taken => Problem::refused("refused-token-taken", &values),
        NotGiven::Many => Problem::refused("refused-token-many", &values),
        NotGiven::Io(error) => fault(&error),
    })?;
    let values = [
        ("token", token.to_string()),
        ("name", own.name.trim().to_owned()),
        ("level", context.words.word(&format!("access-{}", level.code()))),
    ];
    let json = json!({ "name": own.name.trim(), "level": level, "token": token.as_str() });
    Ok(Answer::new(context.words.say("token-made", &values), json))
}

fn list(context: &Context<'_>, all: &Accesses) -> Outcome {
    let (words, all) = (context.words, all.list().map_err(|error| fault(&error))?);
    let line = |one: &Access| {
        let values = [
            ("name", mask_text(&one.name)),
            ("level", words.word(&format!("access-{}", one.level.code()))),
            ("at", times::show(one.made_at)),
        ];
        words.say("token-one", &values)
    };
    let text = match all.as_slice() {
        [] => words.word("token-none"),
        all => all.iter().map(line).collect::<Vec<_>>().join("\n"),
    };
    Ok(Answer::new(text, json!({ "tokens": all.iter().map(to_json).collect::<Vec<Value>>() })))
}

/// A token without its digest.
fn to_json(one: &Access) -> Value {
    json!({
        "id": one.id,
        "name": mask_text(&one.name),
        "level": one.level,
        "made_at": one.made_at.to_string(),
    })
}

fn revoke(context: &Context<'_>, all: &Accesses, name: &str) -> Outcome {
    let values = [("name", name.to_owned())];
    if !all.revoke(name).map_err(|error| fault(&error))? {
        return Err(Problem::refused("refused-unknown-token", &values));
    }
    Ok(Answer::new(context.words.say("token-revoked", &values), json!({ "revoked": name })))
}

/// Prints the description of the API; it is JSON either way.
pub(super) fn openapi() -> Outcome {
    let document = sigu_server::openapi();
    let text = document
        .to_pretty_json()
        .map_err(|error| Problem::fault("fault-made", &[("why", error.to_string())]))?;
    let json = serde_json::to_value(&document).unwrap_or_default();
    Ok(Answer::new(text, json))
}
