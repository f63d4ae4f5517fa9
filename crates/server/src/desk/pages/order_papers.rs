//! 文书: which papers can be made now, what each of the others lacks, and which of those made still hold.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sigu_case::report::DocumentMade;
use sigu_case::{ItemId, Order};
use sigu_documents::{Kind, Lang, Made, Missing, Wishes, Words as PaperWords, times};
use sigu_vault::{Error, Vault};

use super::one_order;
use crate::desk::form::Typed;
use crate::desk::page::{Frame, Visit, again, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::masked;
use crate::making::{self, NotMade};

#[derive(Template)]
#[template(path = "order_papers.html")]
struct Papers<'a> {
    frame: Frame<'a>,
    order: String,
    title: String,
    wrong: Vec<String>,
    done: Vec<Done>,
    ready: Vec<Ready>,
    lacking: Vec<Lacking>,
}

/// A paper that was made.
struct Done {
    item: String,
    name: String,
    at: String,
    /// Why it holds no more; empty while it does.
    gone: String,
    new: bool,
}

/// A paper that can be made.
struct Ready {
    kind: &'static str,
    name: String,
    paste: Option<Pasted>,
    guide: Vec<String>,
}

/// Its words, to be pasted into a form elsewhere.
struct Pasted {
    text: String,
    counted: String,
}

/// A paper that cannot be made yet.
struct Lacking {
    kind: &'static str,
    name: String,
    missing: Vec<Gap>,
    /// Whether the court is asked for here: it is the paper's own, and no fact of the order.
    court: bool,
}

/// Something it lacks, and where that is filled in; what has no page here says so in words.
struct Gap {
    name: String,
    path: Option<String>,
    how: String,
}

/// Papers say where a thing is filled in by its command; here it is a page. The first that fits counts.
const PLACES: [(&str, &str); 12] = [
    ("--role buyer", "note?what=party&role=buyer"),
    ("--role payee", "note?what=party&role=payee"),
    ("--role platform", "note?what=party&role=platform"),
    ("sigu party", "note?what=party"),
    ("sigu payment", "note?what=payment"),
    ("--as delivery", "fix?slot=delivery"),
    ("sigu fix", "fix"),
    ("sigu observe", "note?what=observe"),
    ("sigu problem", "note?what=problem"),
    ("sigu claim", "note?what=claim"),
    ("sigu step", "note?what=step"),
    ("sigu decision", "note?what=decision"),
];

fn gap(missing: Missing, order: &Order) -> Gap {
    let place = PLACES.iter().find(|(command, _)| missing.how.contains(command));
    let path = place.map(|(_, path)| format!("/orders/{}/{path}", order.id));
    Gap { name: missing.name, path, how: missing.how }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// The paper that was made just now.
    #[serde(default)]
    made: String,
}

pub(super) async fn page(Path(id): Path<String>, Query(asked): Query<Asked>, visit: Visit) -> Response {
    visit.answer(move |visit, vault| html(&read(visit, vault, &id, &asked.made, Vec::new())?)).await
}

pub(super) async fn make(
    Path(id): Path<String>,
    visit: Visit,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Response {
    visit.answer(move |visit, vault| made(visit, vault, &id, &Typed::new(&visit.words, pairs))).await
}

fn made(visit: &Visit, vault: &Vault, id: &str, typed: &Typed<'_>) -> Result<Response, Refusal> {
    let order = one_order(vault, id)?;
    let kind = typed.text("paper").and_then(|code| Kind::from_code(&code)).filter(|kind| kind.by_order());
    let kind = kind.ok_or_else(Refusal::not_found)?;
    let wishes = Wishes { court: typed.text("court"), ..Wishes::default() };
    let why = match written(visit, vault, &order, kind, &wishes) {
        Ok(item) => {
            return Ok(Redirect::to(&format!("/orders/{id}/papers?made={item}#i{item}")).into_response());
        }
        Err(NotMade::Vault(error)) => return Err(error.into()),
        Err(NotMade::Missing(refused)) => {
            refused.missing.into_iter().map(|one| format!("{}: {}", one.name, one.how)).collect()
        }
        Err(other) => vec![visit.words.say("fault-paper", &[("why", other.to_string())])],
    };
    again(&read(visit, vault, id, "", why)?)
}

/// Makes a paper as PDF and fixes it.
fn written(
    visit: &Visit,
    vault: &Vault,
    order: &Order,
    kind: Kind,
    wishes: &Wishes,
) -> Result<ItemId, NotMade> {
    // Offices read Chinese, whatever language the pages are in.
    let made = making::about(vault, order, wishes, kind, Lang::Zh, visit.now)?;
    let (file, _) = making::file(&made, "pdf", order.id.as_str())?;
    making::fix_paper(vault, order, &made, "pdf", &file, visit.now)
}

fn read<'a>(
    visit: &'a Visit,
    vault: &Vault,
    id: &str,
    new: &str,
    wrong: Vec<String>,
) -> Result<Papers<'a>, Refusal> {
    let order = one_order(vault, id)?;
    let state = vault.house()?;
    let (mut ready, mut lacking) = (Vec::new(), Vec::new());
    for (kind, tried) in making::tried(vault, &order, &state, lang(visit), visit.now)? {
        let name = named(kind, lang(visit));
        match tried {
            Ok(made) => ready.push(ready_of(kind, name, made, visit)),
            Err(refused) => {
                let court = kind == Kind::SmallClaims && refused.missing.len() == 1;
                let missing = refused.missing.into_iter().map(|one| gap(one, &order)).collect();
                lacking.push(Lacking { kind: kind.code(), name, missing, court });
            }
        }
    }
    // What is nearest comes first.
    lacking.sort_by_key(|one| one.missing.len());
    Ok(Papers {
        frame: visit.frame("orders"),
        order: order.id.to_string(),
        title: masked(order.facts.title.as_deref()),
        wrong,
        done: done(visit, vault, &order, new)?,
        ready,
        lacking,
    })
}

fn lang(visit: &Visit) -> Lang {
    if visit.words.english() { Lang::En } else { Lang::Zh }
}

fn named(kind: Kind, lang: Lang) -> String {
    PaperWords::of(lang).word(&format!("title-{}", kind.code()))
}

fn ready_of(kind: Kind, name: String, made: Made, visit: &Visit) -> Ready {
    let paste = made.paper.paste.map(|paste| {
        let count = [("chars", paste.chars.to_string()), ("max", paste.max_chars.to_string())];
        Pasted { text: paste.text, counted: visit.words.say("notice-chars", &count) }
    });
    Ready { kind: kind.code(), name, paste, guide: made.paper.guide }
}

fn done(visit: &Visit, vault: &Vault, order: &Order, new: &str) -> Result<Vec<Done>, Error> {
    let words = &visit.words;
    let row = |(one, gone): (&DocumentMade, Vec<ItemId>)| {
        let gone: Vec<String> = gone.iter().map(ToString::to_string).collect();
        let kind = Kind::from_code(&one.kind).filter(|kind| kind.by_order());
        let name = kind.map_or_else(|| one.kind.clone(), |kind| named(kind, lang(visit)));
        let item = one.document.to_string();
        Done {
            name: format!("{name} · {}", one.format.to_uppercase()),
            at: times::minute(one.at),
            gone: match gone.is_empty() {
                true => String::new(),
                false => words.say("doc-holds-no-more", &[("items", words.list(&gone))]),
            },
            new: item == new,
            item,
        }
    };
    // The newest first.
    Ok(making::papers(vault, order)?.into_iter().rev().map(row).collect())
}

/// Hands a paper out as a file: never shown in place.
pub(super) async fn download(Path((id, item)): Path<(String, String)>, visit: Visit) -> Response {
    visit
        .answer(move |_, vault| {
            let order = one_order(vault, &id)?;
            let item: ItemId = item.parse().map_err(|_| Refusal::not_found())?;
            let made = order.of_kind::<DocumentMade>().find(|(_, one)| one.document == item);
            let kept = order.exhibits.iter().any(|one| one.item == item && one.manifest().is_some());
            let (_, made) = made.filter(|_| kept).ok_or_else(Refusal::not_found)?;
            let kind = Kind::from_code(&made.kind).ok_or_else(Refusal::not_found)?;
            let (end, media_type) = match made.format.as_str() {
                "pdf" => ("pdf", "application/pdf"),
                "md" => ("md", "text/markdown; charset=utf-8"),
                _ => ("txt", "text/plain; charset=utf-8"),
            };
            let name = format!("attachment; filename=\"{}-{}.{end}\"", kind.code(), order.id);
            let head = [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, name)];
            Ok((head, vault.content(item)?).into_response())
        })
        .await
}
