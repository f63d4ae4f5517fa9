//! `sigu doc`: papers made of an order or of several, fixed like any other evidence; and which of them still hold.

use serde_json::{Value, json};
use sigu_case::report::DocumentMade;
use sigu_case::{House, ItemId, Order, State, View};
use sigu_documents::{
    Case, Kind, Lang, LogHead, Made, Overview, Refused, Wishes, of_merchant, of_order, of_year, pdf, text,
};
use sigu_evidence::ContentId;
use sigu_vault::Vault;

use super::made::{self, File};
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
        let made = over(vault, &state, |all| of_year(all, year, lang(context)))?;
        let (file, pages) = file(&made, own, &year.to_string())?;
        let place = own.out.clone().unwrap_or_else(|| file.name.clone().into());
        super::write_private(&place, &file.bytes)?;
        Ok(answer(&made, (&file, pages), &place, None, context.words))
    })
}

/// Makes a paper over several orders.
fn over(
    vault: &Vault,
    state: &State,
    make: impl FnOnce(&Overview<'_>) -> Result<Made, Refused>,
) -> Result<Made, Problem> {
    let house = House::of(state);
    let mut items: Vec<ItemId> = state.orders().flat_map(items_of).collect();
    items.extend(house.notes().iter().map(|logged| logged.item));
    let logged_at = vault.logged_at(&items)?;
    let all = Overview {
        orders: state.orders().collect(),
        house: &house,
        now: clock::now(),
        logged_at: &logged_at,
    };
    make(&all).map_err(|refused| missing(&refused))
}

fn items_of(order: &Order) -> Vec<ItemId> {
    let exhibits = order.exhibits.iter().map(|one| one.item);
    let messages = order.messages.iter().map(|one| one.item);
    exhibits.chain(messages).chain(order.reports.iter().map(|one| one.item)).collect()
}

fn make(context: &Context<'_>, own: &DocArgs, kind: Kind) -> Outcome {
    let (label, lang) = (order_of(own)?, lang(context));
    session::with(context, |vault| {
        let (order, house) = advise::load(vault, label)?;
        // Only these two look at other orders; reading all of them takes its time.
        let state = if matches!(kind, Kind::Merchant | Kind::Payments) { vault.state()? } else { house };
        let made = if kind == Kind::Merchant {
            over(vault, &state, |all| of_merchant(all, &order.id, lang))?
        } else {
            let house = House::of(&state);
            let others: Vec<Order> = state.orders().filter(|one| one.id != order.id).cloned().collect();
            paper(vault, (&View::new(&order, &house, clock::now()), &others), own, kind, lang)?
        };
        let (file, pages) = file(&made, own, order.id.as_str())?;
        let place = own.out.clone().unwrap_or_else(|| file.name.clone().into());
        super::write_private(&place, &file.bytes)?;
        let item = fix(vault, &order, &made, own, &file)?;
        Ok(answer(&made, (&file, pages), &place, Some(item), context.words))
    })
}

fn paper(
    vault: &Vault,
    (view, others): (&View<'_>, &[Order]),
    own: &DocArgs,
    kind: Kind,
    lang: Lang,
) -> Result<Made, Problem> {
    let logged_at = vault.logged_at(&items_of(&view.order))?;
    // What cannot be read is not shown, and the paper says so; `sigu check` says why.
    let content = |item: ItemId| vault.content(item).ok();
    let due_at = own.due.as_deref().map(|text| time("--due", text)).transpose()?;
    let wishes = Wishes { due_at, court: own.court.clone(), cite_unverified: own.cite_unverified };
    let log = (kind == Kind::Cover).then(|| log_head(vault)).transpose()?;
    let case = Case { view, content: &content, logged_at: &logged_at, wishes: &wishes, others, log };
    of_order(kind, &case, lang).map_err(|refused| missing(&refused))
}

/// Where the newest log stands, as others will know it again.
fn log_head(vault: &Vault) -> Result<LogHead, Problem> {
    let fingerprint = vault.logs()?.pop().map(|(_, _, fingerprint, _)| fingerprint).unwrap_or_default();
    Ok(LogHead { fingerprint, checkpoint: vault.newest_checkpoint()? })
}

/// Each thing that is missing, with where it is filled in.
fn missing(refused: &Refused) -> Problem {
    let lines: Vec<String> =
        refused.missing.iter().map(|one| format!("{} — {}", one.name, one.how)).collect();
    Problem::refused("refused-paper", &[("missing", lines.join("\n"))])
}

/// Writes the paper in its format, named by its kind and what it is about; with its pages where it has pages.
fn file(made: &Made, own: &DocArgs, about: &str) -> Result<(File, Option<usize>), Problem> {
    let name = format!("{}-{about}.{}", made.paper.kind.code(), own.format);
    let text = |bytes: String, media_type| (bytes.into_bytes(), media_type, None);
    let (bytes, media_type, pages) = match own.format.as_str() {
        "txt" => text(text::plain(&made.paper), "text/plain"),
        "md" => text(text::markdown(&made.paper), "text/markdown"),
        _ => {
            let set = pdf::set(&made.paper, &made.pictures)
                .map_err(|error| Problem::fault("fault-paper", &[("why", error.to_string())]))?;
            (set.bytes, "application/pdf", Some(set.pages))
        }
    };
    Ok((File { name, media_type, bytes }, pages))
}

/// Fixes the paper with what it rests on; one that was fixed before, byte for byte, is not fixed again.
fn fix(vault: &Vault, order: &Order, made: &Made, own: &DocArgs, file: &File) -> Result<ItemId, Problem> {
    let same = |(_, one): &(ItemId, &DocumentMade)| made::is_fixed_as(order, one.document, file);
    if let Some((_, before)) = order.of_kind::<DocumentMade>().find(same) {
        return Ok(before.document);
    }
    let at = clock::now();
    let told = |document: ItemId| DocumentMade {
        at,
        order: order.id.clone(),
        document,
        kind: made.paper.kind.code().to_owned(),
        format: own.format.clone(),
        as_of: made.paper.as_of,
        rests_on: made.paper.rests_on.iter().copied().collect(),
    };
    made::fix(vault, order, file, at, |document| told(document).into())
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

/// What a paper rests on and is there no more.
fn erased(order: &Order, all: &State, one: &DocumentMade) -> Vec<ItemId> {
    let gone = |item: &&ItemId| {
        let exhibit = order.exhibits.iter().find(|exhibit| exhibit.item == **item);
        let message = order.messages.iter().find(|message| message.item == **item);
        exhibit.is_some_and(|exhibit| exhibit.manifest().is_none())
            || message.is_some_and(|message| message.text.is_none())
            || all.erased(**item) == Some(true)
    };
    one.rests_on.iter().filter(gone).copied().collect()
}
