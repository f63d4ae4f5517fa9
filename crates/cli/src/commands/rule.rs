//! `sigu rule`: versions of platforms' rules, tied to their captured pages.

use jiff::civil::Date;
use sigu_case::report::{Kind, RuleCaptured};
use sigu_server::answers::{self, Rules};

use super::{item_id, report, time};
use crate::args::{RuleAddArgs, RuleCommand};
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session};

pub(super) fn run(context: &Context<'_>, own: &RuleCommand) -> Outcome {
    match own {
        RuleCommand::Add(own) => add(context, own),
        RuleCommand::List => list(context),
    }
}

fn add(context: &Context<'_>, own: &RuleAddArgs) -> Outcome {
    let day = |text: &Option<String>| {
        let read = |text: &String| {
            text.parse::<Date>().map_err(|_| Problem::usage("usage-date", &[("value", text.clone())]))
        };
        text.as_ref().map(read).transpose()
    };
    let rule = RuleCaptured {
        at: own.at.as_deref().map_or_else(|| Ok(clock::now()), |text| time("--at", text))?,
        platform: own.platform.clone(),
        title: own.rule_title.trim_matches(['《', '》']).to_owned(),
        article: own.article.trim_start_matches('第').trim_end_matches('条').to_owned(),
        text: own.words.clone(),
        in_force_from: day(&own.from)?,
        in_force_to: day(&own.until)?,
        published_on: day(&own.published)?,
        snapshot: own.proof.as_deref().map(item_id).transpose()?,
    };
    report::record(context, rule.into())
}

fn list(context: &Context<'_>) -> Outcome {
    let state = session::with(context, |vault| Ok(vault.house()?))?;
    let words = context.words;
    let rules: Vec<_> =
        state.house().iter().filter(|logged| RuleCaptured::of(&logged.report).is_some()).collect();
    if rules.is_empty() {
        return Ok(Answer::new(words.word("rule-list-empty"), answers::json(&Rules::of(&state))));
    }
    let line = |logged: &&sigu_case::report::Logged| {
        let rule = RuleCaptured::of(&logged.report)?;
        let state = words.word(if rule.snapshot.is_some() { "rule-verified" } else { "rule-unverified" });
        let day = |day: Option<Date>| day.map_or_else(|| "?".to_owned(), |day| day.to_string());
        let span = format!("{} – {}", day(rule.in_force_from), day(rule.in_force_to));
        Some(format!(
            "{}  {}《{}》第{}条  {span}  {state}",
            logged.item, rule.platform, rule.title, rule.article
        ))
    };
    let lines: Vec<String> = rules.iter().filter_map(line).collect();
    Ok(Answer::new(lines.join("\n"), answers::json(&Rules::of(&state))))
}
