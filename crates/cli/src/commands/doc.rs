//! `sigu doc`: papers made of an order or of several, fixed like any other evidence; and which of them still hold.

use serde_json::json;
use sigu_case::ItemId;
use sigu_case::report::DocumentMade;
use sigu_documents::{Kind, Lang, Made, Wishes, of_rules, of_year};
use sigu_server::answers;
use sigu_server::making::{File, about, file, fix_paper, over, papers};

use super::{advise, time};
use crate::args::DocArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session};

pub(super) fn run(context: &Context<'_>, own: &DocArgs) -> Outcome {
    match Kind::from_code(&own.paper) {
        Some(Kind::Year) => review(context, own),
        Some(Kind::RuleLog) => rule_log(context, own),
        Some(kind) => make(context, own, kind),
        None => list(context, own),
    }
}

/// The order a paper is made of, which all but one of them need.
fn order_of(own: &DocArgs) -> Result<&str, Problem> {
    let paper = || [("paper", own.paper.clone())];
    if own.year.is_some() {
        return Err(Problem::usage("usage-paper-no-year", &paper()));
    }
    own.order.as_deref().ok_or_else(|| Problem::usage("usage-paper-order", &paper()))
}

/// Papers are Chinese unless English is asked for, whatever the locale: Chinese offices read them.
fn lang(context: &Context<'_>) -> Lang {
    if context.args.lang.as_deref() == Some("en") { Lang::En } else { Lang::Zh }
}

/// The review of a year is the buyer's own and belongs to no order: it is written, and fixed nowhere.
fn review(context: &Context<'_>, own: &DocArgs) -> Outcome {
    let year = match (own.year, &own.order) {
        (_, Some(_)) => return Err(Problem::usage("usage-paper-no-order", &[])),
        (None, None) => return Err(Problem::usage("usage-paper-year", &[])),
        (Some(year), None) => year,
    };
    session::with(context, |vault| {
        let state = vault.state()?;
        let made = over(vault, &state, clock::now(), |all| of_year(all, year, lang(context)))?;
        written(own, &made, &year.to_string(), context.words)
    })
}

/// The log of captured rules belongs to no order either: it is written, and fixed nowhere.
fn rule_log(context: &Context<'_>, own: &DocArgs) -> Outcome {
    if own.order.is_some() || own.year.is_some() {
        return Err(Problem::usage("usage-paper-alone", &[("paper", own.paper.clone())]));
    }
    session::with(context, |vault| {
        let made = over(vault, &vault.house()?, clock::now(), |all| of_rules(all, lang(context)))?;
        written(own, &made, "rules", context.words)
    })
}

/// Writes a paper that is fixed nowhere.
fn written(own: &DocArgs, made: &Made, about: &str, words: &Words) -> Outcome {
    let (file, pages) = file(made, &own.format, about)?;
    let place = own.out.clone().unwrap_or_else(|| file.name.clone().into());
    super::write_private(&place, &file.bytes)?;
    Ok(answer(made, (&file, pages), &place, None, words))
}

fn make(context: &Context<'_>, own: &DocArgs, kind: Kind) -> Outcome {
    let (label, lang) = (order_of(own)?, lang(context));
    session::with(context, |vault| {
        let (order, _) = advise::load(vault, label)?;
        let made = about(vault, &order, &wishes(own)?, kind, lang, clock::now())?;
        let (file, pages) = file(&made, &own.format, order.id.as_str())?;
        let place = own.out.clone().unwrap_or_else(|| file.name.clone().into());
        super::write_private(&place, &file.bytes)?;
        let item = fix_paper(vault, &order, &made, &own.format, &file, clock::now())?;
        Ok(answer(&made, (&file, pages), &place, Some(item), context.words))
    })
}

/// What was chosen for the paper on the command line.
fn wishes(own: &DocArgs) -> Result<Wishes, Problem> {
    let due_at = own.due.as_deref().map(|text| time("--due", text)).transpose()?;
    Ok(Wishes { due_at, court: own.court.clone(), cite_unverified: own.cite_unverified })
}

fn answer(
    made: &Made,
    (file, pages): (&File, Option<usize>),
    place: &std::path::Path,
    item: Option<ItemId>,
    words: &Words,
) -> Answer {
    let path = place.display().to_string();
    let mut lines = vec![match item {
        Some(item) => words.say("doc-made", &[("path", path), ("item", item.to_string())]),
        None => words.say("doc-made-only", &[("path", path)]),
    }];
    if let Some(paste) = &made.paper.paste {
        let count = [("chars", paste.chars.to_string()), ("max", paste.max_chars.to_string())];
        lines.push(words.say("notice-chars", &count));
        if !paste.shortened.is_empty() {
            lines.push(words.say("doc-shortened", &[("what", words.list(&paste.shortened))]));
        }
    }
    lines.extend(made.paper.guide.iter().map(|line| format!("  - {line}")));
    let mut json = answers::json(&answers::PaperMade::of(made, file, pages, item));
    json["path"] = json!(place);
    Answer::new(lines.join("\n"), json)
}

fn list(context: &Context<'_>, own: &DocArgs) -> Outcome {
    let label = order_of(own)?;
    let words = context.words;
    session::with(context, |vault| {
        let (order, _) = advise::load(vault, label)?;
        let all = papers(vault, &order)?;
        let line = |(one, erased): &(&DocumentMade, Vec<ItemId>)| {
            let named: Vec<String> = erased.iter().map(ToString::to_string).collect();
            let state = if erased.is_empty() {
                words.word("doc-holds")
            } else {
                words.say("doc-holds-no-more", &[("items", words.list(&named))])
            };
            format!("{:>6}  {}.{}  {state}", one.document.to_string(), one.kind, one.format)
        };
        let mut lines: Vec<String> = all.iter().map(line).collect();
        if lines.is_empty() {
            lines.push(words.word("doc-none"));
        }
        Ok(Answer::new(lines.join("\n"), answers::json(&answers::Papers::of(&all))))
    })
}
