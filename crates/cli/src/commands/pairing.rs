//! `sigu pairing`: which browsers may deliver, and taking that right away.

use serde_json::{Value, json};
use sigu_evidence::mask_text;
use sigu_server::pairing::{Pairing, Pairings};
use sigu_vault::Places;

use crate::args::import::PairingCommand;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, session, times};

pub(super) fn run(context: &Context<'_>, own: &PairingCommand) -> Outcome {
    let places = session::places(context.args)?;
    match own {
        PairingCommand::List => list(context, &places),
        PairingCommand::Revoke(own) => revoke(context, &places, own.id),
    }
}

/// All paired browsers, oldest first.
pub(super) fn all(places: &Places) -> Result<Vec<Pairing>, Problem> {
    Pairings::in_folder(&places.state).list().map_err(|error| fault(&error))
}

fn fault(error: &std::io::Error) -> Problem {
    Problem::fault("fault-pairings", &[("why", error.to_string())])
}

fn list(context: &Context<'_>, places: &Places) -> Outcome {
    let (words, all) = (context.words, all(places)?);
    let line = |one: &Pairing| {
        let values =
            [("id", one.id.to_string()), ("name", mask_text(&one.name)), ("at", times::show(one.paired_at))];
        let origin = one.origin.iter().map(|origin| {
            let origin = words.say("pairing-origin", &[("origin", origin.clone())]);
            words.aside(&origin)
        });
        format!("{}{}", words.say("pairing-one", &values), origin.collect::<String>())
    };
    let text = match all.as_slice() {
        [] => words.word("pairing-none"),
        all => all.iter().map(line).collect::<Vec<_>>().join("\n"),
    };
    Ok(Answer::new(text, json!({ "pairings": all.iter().map(to_json).collect::<Vec<Value>>() })))
}

/// A pairing without the digest of its token.
fn to_json(one: &Pairing) -> Value {
    json!({
        "id": one.id,
        "name": mask_text(&one.name),
        "origin": one.origin,
        "paired_at": one.paired_at.to_string(),
    })
}

fn revoke(context: &Context<'_>, places: &Places, id: u32) -> Outcome {
    let values = [("id", id.to_string())];
    let known = Pairings::in_folder(&places.state).revoke(id).map_err(|error| fault(&error))?;
    if !known {
        return Err(Problem::refused("refused-unknown-pairing", &values));
    }
    Ok(Answer::new(context.words.say("pairing-revoked", &values), json!({ "revoked": id })))
}
