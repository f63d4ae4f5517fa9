//! `sigu doc`: papers made of an order or of several, fixed like any other evidence; and which of them still hold.

use serde_json::{Value, json};
use sigu_case::report::DocumentMade;
use sigu_case::{House, ItemId, Order, View};
use sigu_documents::{Kind, Lang, Made, Wishes, of_merchant, of_year};
use sigu_evidence::ContentId;
use sigu_server::making::{File, erased, file, fix_paper, over, paper};

use super::{advise, time};
use crate::args::DocArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session};

pub(super) fn run(context: &Context<'_>, own: &DocArgs) -> Outcome {
    match Kind::from_code(&own.paper) {
        Some(Kind::Year) => review(context, own),
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
        let (file, pages) = file(&made, &own.format, &year.to_string())?;
        let place = own.out.clone().unwrap_or_else(|| file.name.clone().into());
        super::write_private(&place, &file.bytes)?;
        Ok(answer(&made, (&file, pages), &place, None, context.words))
    })
}

fn make(context: &Context<'_>, own: &DocArgs, kind: Kind) -> Outcome {
    let (label, lang) = (order_of(own)?, lang(context));
    session::with(context, |vault| {
        let (order, house) = advise::load(vault, label)?;
        // Only these two look at other orders; reading all of them takes its time.
        let state = if matches!(kind, Kind::Merchant | Kind::Payments) { vault.state()? } else { house };
        let made = if kind == Kind::Merchant {
            over(vault, &state, clock::now(), |all| of_merchant(all, &order.id, lang))?
        } else {
            let house = House::of(&state);
            let others: Vec<Order> = state.orders().filter(|one| one.id != order.id).cloned().collect();
            paper(vault, (&View::new(&order, &house, clock::now()), &others), &wishes(own)?, kind, lang)?
        };
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
    let json = json!({
        "path": place, "item": item, "kind": made.paper.kind, "pages": pages, "bytes": file.bytes.len(),
        "sha256": ContentId::of(&file.bytes).to_string(), "paste": made.paper.paste, "guide": made.paper.guide,
        "rests_on": made.paper.rests_on,
    });
    Answer::new(lines.join("\n"), json)
}

fn list(context: &Context<'_>, own: &DocArgs) -> Outcome {
    let label = order_of(own)?;
    let (order, all) = session::with(context, |vault| {
        let (order, house) = advise::load(vault, label)?;
        // A dossier rests on other orders too; without one they need not be read.
        let several = order.of_kind::<DocumentMade>().any(|(_, one)| one.kind == Kind::Merchant.code());
        let all = if several { vault.state()? } else { house };
        Ok((order, all))
    })?;
    let words = context.words;
    let mut lines = Vec::new();
    let mut rows: Vec<Value> = Vec::new();
    for (_, one) in order.of_kind::<DocumentMade>() {
        let erased = erased(&order, &all, one);
        let named: Vec<String> = erased.iter().map(ToString::to_string).collect();
        let state = if erased.is_empty() {
            words.word("doc-holds")
        } else {
            words.say("doc-holds-no-more", &[("items", words.list(&named))])
        };
        lines.push(format!("{:>6}  {}.{}  {state}", one.document.to_string(), one.kind, one.format));
        rows.push(json!({
            "item": one.document, "kind": one.kind, "format": one.format, "rests_on": one.rests_on, "erased": erased,
        }));
    }
    if lines.is_empty() {
        lines.push(words.word("doc-none"));
    }
    Ok(Answer::new(lines.join("\n"), json!({ "papers": rows })))
}
