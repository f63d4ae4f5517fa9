//! `sigu profile`: what is known of platforms, what is missing, and profiles of the user's own.

use std::path::Path;

use serde_json::json;
use sigu_case::House;
use sigu_case::platform::{Profile, ProfileError, Registry};
use sigu_case::report::{ProfileAdded, Report};
use sigu_server::answers;

use super::law::pick;
use super::report;
use crate::args::{ProfileCommand, ProfileFileArgs, ProfileIdArgs};
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session};

pub(super) fn run(context: &Context<'_>, own: &ProfileCommand) -> Outcome {
    match own {
        ProfileCommand::List => list(context),
        ProfileCommand::Show(own) => show(context, own),
        ProfileCommand::Check(own) => check(context, own),
        ProfileCommand::Add(own) => add(context, own),
    }
}

fn house(context: &Context<'_>) -> Result<House, Problem> {
    session::with(context, |vault| Ok(House::of(&vault.house()?)))
}

fn list(context: &Context<'_>) -> Outcome {
    let house = house(context)?;
    let profiles = house.registry().profiles();
    let mut lines: Vec<String> = profiles
        .iter()
        .map(|one| format!("{:<18} {:<4} {}", one.id, one.seller_type.code(), pick(&one.name, context.words)))
        .collect();
    lines.extend(
        house.unreadable.iter().map(|why| context.words.say("profile-unreadable", &[("why", why.clone())])),
    );
    Ok(Answer::new(lines.join("\n"), answers::json(&answers::Profiles::of(&house))))
}

fn show(context: &Context<'_>, own: &ProfileIdArgs) -> Outcome {
    let house = house(context)?;
    let profile = find(house.registry(), &own.profile_id)?;
    let words = context.words;
    let facts = serde_json::to_value(&profile.facts).unwrap_or_default();
    let mut lines = vec![format!("{}  {}", profile.id, pick(&profile.name, words))];
    for (field, from) in profile.facts.provenance() {
        let unknown = || words.word("profile-unknown");
        let value = facts.get(field).and_then(|fact| fact.get("value")).map_or_else(unknown, brief);
        let source = from
            .map_or_else(String::new, |from| words.aside(&format!("{} {}", from.source, from.confidence)));
        lines.push(format!("  {field}: {value}{source}"));
    }
    Ok(Answer::new(lines.join("\n"), answers::json(&answers::Profile { profile })))
}

/// A fact on one line.
fn brief(value: &serde_json::Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() > 120 {
        format!("{}…", text.chars().take(120).collect::<String>())
    } else {
        text
    }
}

/// Checks a built-in or added profile by its name, or a file before it is added.
fn check(context: &Context<'_>, own: &ProfileIdArgs) -> Outcome {
    let path = Path::new(&own.profile_id);
    let read;
    let house;
    let profile = if path.is_file() {
        read = from_file(path)?;
        read.1.find(&read.0).ok_or_else(|| unknown(&read.0))?
    } else {
        house = self::house(context)?;
        find(house.registry(), &own.profile_id)?
    };
    let words = context.words;
    let findings = profile.check();
    let line = |one: &sigu_case::platform::ProfileFinding| {
        let about = one.about.as_deref().map(|about| words.aside(about)).unwrap_or_default();
        format!("  {}  {}{about}", one.field, pick(&one.advice, words))
    };
    let mut lines = vec![
        words.say("profile-checked", &[("id", profile.id.clone()), ("count", findings.len().to_string())]),
    ];
    lines.extend(findings.iter().map(line));
    Ok(Answer::new(lines.join("\n"), json!({ "profile": profile.id, "findings": findings })))
}

fn add(context: &Context<'_>, own: &ProfileFileArgs) -> Outcome {
    let text = text_of(&own.file)?;
    let (id, _) = from_file(&own.file)?;
    report::record(context, Report::from(ProfileAdded { at: clock::now(), id, toml: text }))
}

fn text_of(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|error| {
        Problem::usage(
            "usage-unreadable",
            &[("path", path.display().to_string()), ("why", error.to_string())],
        )
    })
}

/// Reads a file as a profile; returns its id, and a registry that has it.
fn from_file(path: &Path) -> Result<(String, Registry), Problem> {
    let before = Registry::built_in().profiles();
    let registry = Registry::with_user(vec![(path.display().to_string(), text_of(path)?)])
        .map_err(|error| wrong(&error))?;
    let changed = registry.profiles().iter().find(|one| !before.contains(one)).map(|one| one.id.clone());
    match changed {
        Some(id) => Ok((id, registry)),
        None => Err(Problem::refused("refused-profile-adds-nothing", &[])),
    }
}

fn wrong(error: &ProfileError) -> Problem {
    let values = [
        ("path", error.file.clone()),
        ("line", error.line.to_string()),
        ("field", error.field.clone()),
        ("why", error.problem.clone()),
        ("allowed", error.allowed.clone()),
    ];
    Problem::refused("refused-profile", &values)
}

fn find<'a>(registry: &'a Registry, id: &str) -> Result<&'a Profile, Problem> {
    registry.find(id).ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> Problem {
    Problem::refused("refused-unknown-profile", &[("id", id.to_owned())])
}
