//! `sigu law`: what an article says in our own words, whether it was in force, and how sure we are.

use jiff::civil::Date;
use sigu_case::bilingual::Bilingual;
use sigu_case::calendar::day_of;
use sigu_case::law::{Citation, Table};
use sigu_server::answers;
use sigu_server::refusing::of_citation;

use crate::args::LawArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock};

pub(super) fn run(context: &Context<'_>, own: &LawArgs) -> Outcome {
    let on = match &own.on {
        Some(text) => {
            text.parse::<Date>().map_err(|_| Problem::usage("usage-date", &[("value", text.clone())]))?
        }
        None => day_of(clock::now()),
    };
    match &own.id {
        Some(id) => one(id, on, context.words),
        None => Ok(list(context.words)),
    }
}

fn one(id: &str, on: Date, words: &Words) -> Outcome {
    let citation = Table::get().cite(id, on).map_err(|refused| of_citation(refused, words))?;
    Ok(Answer::new(show(&citation, words), answers::json(&answers::Law { citation })))
}

fn show(citation: &Citation, words: &Words) -> String {
    let mut lines = vec![format!("{}  {}", citation.id, pick(&citation.text, words))];
    let status = pick(&citation.status.label(), words);
    lines.push(words.say("law-status", &[("status", status), ("official", citation.official.clone())]));
    for row in &citation.rows {
        lines.push(format!("  {}  {}", pick(&row.of, words), pick(&row.summary, words)));
        lines.push(format!("    {} {}", words.word("law-when"), pick(&row.when, words)));
        if let Some(note) = &row.note {
            lines.push(format!("    ! {}", pick(note, words)));
        }
    }
    lines.extend(citation.newest.as_ref().map(|newest| format!("  {}", pick(newest, words))));
    lines.push(words.word("law-not-advice"));
    lines.join("\n")
}

fn list(words: &Words) -> Answer {
    let table = Table::get();
    let line =
        |article: &sigu_case::law::Article| format!("{:<14} {}", article.id(), pick(&article.summary, words));
    let text: Vec<String> = table.articles().iter().map(line).collect();
    Answer::new(text.join("\n"), answers::json(&answers::Laws::all()))
}

/// The text in the user's language.
pub(super) fn pick(text: &Bilingual, words: &Words) -> String {
    if words.english() { text.en.clone() } else { text.zh.clone() }
}
