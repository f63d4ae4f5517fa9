//! `sigu services`: which outsiders are asked, and whether without being told to.

use serde_json::json;
use sigu_server::attesting::{services, set_services};
use sigu_server::outside::services::Services;
use sigu_server::refusing::of_services;

use crate::args::stamp::ServicesArgs;
use crate::output::Answer;
use crate::problem::Problem;
use crate::session::Keys;
use crate::{Context, Outcome};

pub(super) fn run(context: &Context<'_>, own: &ServicesArgs) -> Outcome {
    let words = context.words;
    let keys = Keys::of(context)?;
    let state = &keys.places().state;
    let mut lines = Vec::new();
    if let Some(path) = &own.set {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let values = [("path", path.display().to_string()), ("why", error.to_string())];
            Problem::usage("usage-unreadable", &values)
        })?;
        Services::parse(&text).map_err(|error| Problem::from(of_services(&error, words)))?;
        keys.with(|vault| Ok(set_services(vault, state, Some(&text))?))?;
        lines.push(words.say("services-set", &[("path", path.display().to_string())]));
    }
    if own.reset {
        keys.with(|vault| Ok(set_services(vault, state, None)?))?;
        lines.push(words.word("services-reset"));
    }
    if let Some(automatic) = &own.automatic {
        keys.with(|vault| Ok(vault.set_asks_outsiders(automatic == "yes")?))?;
    }
    let (set, asks, found) = keys.with(|vault| {
        let found = services(vault).map_err(Problem::from)?;
        Ok((vault.services()?.is_some(), vault.asks_outsiders()?.unwrap_or(true), found))
    })?;
    let toml = found.to_toml();
    if lines.is_empty() && own.automatic.is_none() {
        lines.push(toml.clone());
        lines.push(words.word(if set { "services-own" } else { "services-default" }));
    }
    lines.push(words.word(if asks { "services-on" } else { "services-off" }));
    Ok(Answer::new(lines.join("\n"), json!({ "toml": toml, "own": set, "asks": asks })))
}
