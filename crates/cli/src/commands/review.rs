//! `sigu review`: a month of purchases, and what to stop buying where.

use sigu_case::House;
use sigu_case::dossier::Figures;
use sigu_case::review::{CalendarMonth, Review, RuleChange, Subject, review};
use sigu_server::answers;
use sigu_server::reviewing::{few, month, rate, subject_name};

use super::law::pick;
use super::order::plain_table;
use super::yuan;
use crate::args::review::ReviewArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::{Context, Outcome, clock, session};

pub(super) fn run(context: &Context<'_>, own: &ReviewArgs) -> Outcome {
    let now = clock::now();
    let wanted = own.month.unwrap_or_else(|| CalendarMonth::to_review(now));
    let (house, found) = session::with(context, |vault| {
        let house = House::of(&vault.house()?);
        let figures = vault.sheet::<Figures>(None)?;
        let found = review(&house, figures.lines(), wanted, now);
        Ok((house, found))
    })?;
    let text = text(&found, &house, context.words);
    Ok(Answer::new(text, answers::json(&answers::MonthReview { review: found })))
}

fn text(found: &Review, house: &House, words: &Words) -> String {
    let head = [("month", found.month.to_string())];
    let mut lines = vec![words.say(if found.over { "review-head" } else { "review-head-running" }, &head)];
    lines.push(month(&found.in_month, words));
    if found.subjects.is_empty() && found.rules.is_empty() {
        lines.push(words.word("review-nothing"));
        return lines.join("\n");
    }
    let heads =
        ["col-review-subject", "col-orders", "col-disputes", "col-rate", "col-review-lost", "col-review"];
    let mut table = plain_table(heads.map(|key| words.word(key)));
    for one in &found.subjects {
        table.add_row([
            subject_name(one, house, words),
            one.sums.orders.to_string(),
            one.sums.disputes.hits.to_string(),
            rate(&one.sums.disputes, words),
            yuan(one.sums.lost_fen),
            pick(one.outlook.text(), words),
        ]);
    }
    lines.push(table.to_string());
    lines.extend(found.subjects.iter().flat_map(|one| reasons(one, house, words)));
    lines.extend(found.rules.iter().map(|change| rule_line(change, words)));
    lines.push(few(found, words));
    lines.join("\n")
}

fn reasons(subject: &Subject, house: &House, words: &Words) -> Vec<String> {
    let Some(first) = subject.because.first() else { return Vec::new() };
    let head = format!("{}: {}", subject_name(subject, house, words), pick(first.action.text(), words));
    let because = subject.because.iter().map(|one| format!("  – {}", pick(&one.text, words)));
    std::iter::once(head).chain(because).collect()
}

fn rule_line(change: &RuleChange, words: &Words) -> String {
    let task = &change.task;
    let values = [
        ("platform", task.platform.clone()),
        ("title", task.title.clone()),
        ("article", task.article.clone()),
        ("merchants", words.list(&task.merchants)),
    ];
    words.say(if change.worse.is_empty() { "review-rule" } else { "review-rule-worse" }, &values)
}
