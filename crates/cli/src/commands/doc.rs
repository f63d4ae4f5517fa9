//! `sigu doc`: papers made of an order, fixed like any other evidence; and which of them still hold.

use serde_json::{Value, json};
use sigu_case::report::DocumentMade;
use sigu_case::{Command, House, ItemId, Order, Slot, View};
use sigu_documents::{Case, Kind, Lang, Made, Refused, Wishes, of_order, pdf, text};
use sigu_evidence::{ContentId, ItemManifest, Source as Origin};
use sigu_vault::{Source, Vault};

use super::{advise, time};
use crate::args::DocArgs;
use crate::lang::Words;
use crate::output::Answer;
use crate::problem::Problem;
use crate::{Context, Outcome, clock, session};

pub(super) fn run(context: &Context<'_>, own: &DocArgs) -> Outcome {
    match Kind::from_code(&own.paper) {
        Some(kind) => make(context, own, kind),
        None => list(context, own),
    }
}

/// A paper as it leaves.
struct File {
    name: String,
    media_type: &'static str,
    bytes: Vec<u8>,
    pages: Option<usize>,
}

fn make(context: &Context<'_>, own: &DocArgs, kind: Kind) -> Outcome {
    // Papers are Chinese unless English is asked for, whatever the locale: Chinese offices read them.
    let lang = if context.args.lang.as_deref() == Some("en") { Lang::En } else { Lang::Zh };
    session::with(context, |vault| {
        let (order, state) = advise::load(vault, &own.order)?;
        let house = House::of(&state);
        let view = View::new(&order, &house, clock::now());
        let made = paper(vault, &view, own, kind, lang)?;
        let file = file(&made, own, &order, kind)?;
        let place = own.out.clone().unwrap_or_else(|| file.name.clone().into());
        super::write_private(&place, &file.bytes)?;
        let item = fix(vault, &order, &made, own, &file)?;
        Ok(answer(&made, &file, &place, item, context.words))
    })
}

fn paper(vault: &Vault, view: &View<'_>, own: &DocArgs, kind: Kind, lang: Lang) -> Result<Made, Problem> {
    let order = &view.order;
    let exhibits = order.exhibits.iter().map(|one| one.item);
    let messages = order.messages.iter().map(|one| one.item);
    let items: Vec<ItemId> =
        exhibits.chain(messages).chain(order.reports.iter().map(|one| one.item)).collect();
    let logged_at = vault.logged_at(&items)?;
    // What cannot be read is not shown, and the paper says so; `sigu check` says why.
    let content = |item: ItemId| vault.content(item).ok();
    let due_at = own.due.as_deref().map(|text| time("--due", text)).transpose()?;
    let wishes = Wishes { due_at, court: own.court.clone(), cite_unverified: own.cite_unverified };
    let case = Case { view, content: &content, logged_at: &logged_at, wishes: &wishes };
    of_order(kind, &case, lang).map_err(|refused| missing(&refused))
}

/// Each thing that is missing, with where it is filled in.
fn missing(refused: &Refused) -> Problem {
    let lines: Vec<String> =
        refused.missing.iter().map(|one| format!("{} — {}", one.name, one.how)).collect();
    Problem::refused("refused-paper", &[("missing", lines.join("\n"))])
}

fn file(made: &Made, own: &DocArgs, order: &Order, kind: Kind) -> Result<File, Problem> {
    let name = format!("{}-{}.{}", kind.code(), order.id, own.format);
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
    Ok(File { name, media_type, bytes, pages })
}

/// Fixes the paper with what it rests on; one that was fixed before, byte for byte, is not fixed again.
fn fix(vault: &Vault, order: &Order, made: &Made, own: &DocArgs, file: &File) -> Result<ItemId, Problem> {
    let content = ContentId::of(&file.bytes);
    let same = |(_, one): &(ItemId, &DocumentMade)| {
        let fixed = order.exhibits.iter().find(|exhibit| exhibit.item == one.document);
        fixed.and_then(|exhibit| exhibit.manifest()).is_some_and(|manifest| manifest.content == content)
    };
    if let Some((_, before)) = order.of_kind::<DocumentMade>().find(same) {
        return Ok(before.document);
    }
    let ingested = vault.ingest(vec![Source::Bytes(file.bytes.clone())], &|_| {})?;
    let ingested = ingested.into_iter().next().expect("one in, one out");
    let ingested = ingested.map_err(|why| Problem::fault("fault-paper", &[("why", why.to_string())]))?;
    let manifest = ItemManifest {
        content: ingested.content,
        size: ingested.size,
        media_type: file.media_type.to_owned(),
        file_name: Some(file.name.clone()),
        source: Origin::Text,
        modified_at: None,
        secret: false,
        masked: None,
    };
    let at = clock::now();
    let commands = |first: ItemId| {
        let fixed = Command::FixEvidence {
            order: order.id.clone(),
            slot: Slot::Other,
            formed_at: None,
            note: None,
            manifest: manifest.clone(),
        };
        let told = DocumentMade {
            at,
            order: order.id.clone(),
            document: first,
            kind: made.paper.kind.code().to_owned(),
            format: own.format.clone(),
            as_of: made.paper.as_of,
            rests_on: made.paper.rests_on.iter().copied().collect(),
        };
        vec![fixed, Command::Report(told.into())]
    };
    Ok(vault.execute_from(commands, at)?[0])
}

fn answer(made: &Made, file: &File, place: &std::path::Path, item: ItemId, words: &Words) -> Answer {
    let values = [("path", place.display().to_string()), ("item", item.to_string())];
    let mut lines = vec![words.say("doc-made", &values)];
    if let Some(paste) = &made.paper.paste {
        let count = [("chars", paste.chars.to_string()), ("max", paste.max_chars.to_string())];
        lines.push(words.say("notice-chars", &count));
    }
    lines.extend(made.paper.guide.iter().map(|line| format!("  - {line}")));
    let json = json!({
        "path": place, "item": item, "kind": made.paper.kind, "pages": file.pages, "bytes": file.bytes.len(),
        "sha256": ContentId::of(&file.bytes).to_string(), "paste": made.paper.paste, "guide": made.paper.guide,
        "rests_on": made.paper.rests_on,
    });
    Answer::new(lines.join("\n"), json)
}

fn list(context: &Context<'_>, own: &DocArgs) -> Outcome {
    let (order, _) = session::with(context, |vault| advise::load(vault, &own.order))?;
    let words = context.words;
    let mut lines = Vec::new();
    let mut rows: Vec<Value> = Vec::new();
    for (_, one) in order.of_kind::<DocumentMade>() {
        let erased = erased(&order, one);
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
fn erased(order: &Order, one: &DocumentMade) -> Vec<ItemId> {
    let gone = |item: &&ItemId| {
        let exhibit = order.exhibits.iter().find(|exhibit| exhibit.item == **item);
        let message = order.messages.iter().find(|message| message.item == **item);
        exhibit.is_some_and(|exhibit| exhibit.manifest().is_none())
            || message.is_some_and(|message| message.text.is_none())
    };
    one.rests_on.iter().filter(gone).copied().collect()
}
