//! `sigu follow-up suggest`: dates to come back on that follow from what is known, and setting them by their numbers.

use serde_json::json;
use sigu_case::Command;
use sigu_case::follow_up::{Suggestion, follow_ups};
use sigu_case::{House, View};
use sigu_server::following::{key, report};

use super::advise;
use super::law::pick;
use crate::args::report::FollowUpSuggestArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session, times};

pub(super) fn suggest(context: &Context<'_>, own: &FollowUpSuggestArgs) -> Outcome {
    let words = context.words;
    session::with(context, |vault| {
        let (order, now) = (advise::load(vault, &own.order)?.0, clock::now());
        let house = House::of(&vault.house()?);
        let all = follow_ups(&View::new(&order, &house, now));
        let chosen = chosen(own, &all)?;
        let reports: Vec<Command> =
            chosen.iter().map(|one| Command::Report(report(&order.id, one, now, words))).collect();
        let items = if reports.is_empty() { Vec::new() } else { vault.execute(reports, now)? };
        let json = json!({
            "suggestions": all.iter().map(with_key).collect::<Vec<_>>(),
            "set": items,
        });
        Ok(Answer::new(text(&all, &chosen, words), json))
    })
}

/// The suggestion as the API tells it, with what it is set by there.
fn with_key(one: &Suggestion) -> serde_json::Value {
    let mut json = json!(one);
    json["key"] = json!(key(one));
    json
}

/// Those that are to be set, each once, by their numbers in the list.
fn chosen<'a>(own: &FollowUpSuggestArgs, all: &'a [Suggestion]) -> Result<Vec<&'a Suggestion>, Problem> {
    if own.all {
        return Ok(all.iter().collect());
    }
    let mut numbers = own.accept.clone();
    numbers.sort_unstable();
    numbers.dedup();
    let one = |number: &usize| {
        let found = number.checked_sub(1).and_then(|at| all.get(at));
        found.ok_or_else(|| {
            let values = [("value", number.to_string()), ("count", all.len().to_string())];
            Problem::usage("usage-follow-up-number", &values)
        })
    };
    numbers.iter().map(one).collect()
}

fn text(all: &[Suggestion], chosen: &[&Suggestion], words: &Words) -> String {
    if all.is_empty() {
        return words.word("follow-none");
    }
    let line = |(number, one): (usize, &Suggestion)| {
        let due = words.say("follow-due", &[("at", times::show(one.due_at))]);
        let set =
            if chosen.contains(&one) { format!("  {}", words.word("follow-is-set")) } else { String::new() };
        format!("{number:>3}  {}  {due}{set}", pick(&one.text, words))
    };
    let mut lines: Vec<String> = (1..).zip(all).map(line).collect();
    if chosen.is_empty() {
        lines.push(words.word("follow-how"));
    }
    lines.join("\n")
}
