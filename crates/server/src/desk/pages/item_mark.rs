//! 标注: a copy of a picture with boxes, arrows, numbers and covers. The marks stand in the address until the copy is
//! fixed, so that the page works without script, and reloading or going back loses none.

mod asked;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use sigu_case::{ItemId, Order};
use sigu_documents::mark::{self, Mark, MarkError};
use sigu_evidence::ItemManifest;
use sigu_vault::Vault;
use zeroize::Zeroizing;

use self::asked::{Asked, Form as Added};
use super::content::POLICY;
use super::order::fixations::{PICTURES, piece};
use super::order::{Head, load};
use crate::desk::form::{Field, Typed};
use crate::desk::page::{Frame, Visit, again, html};
use crate::desk::refusal::Refusal;
use crate::making::NotMade;
use crate::marking::{self, Unmarked};
use crate::words::Words;

/// What can be drawn, in the order of the tools.
const KINDS: [&str; 5] = ["box", "arrow", "number", "cover", "mosaic"];

#[derive(Template)]
#[template(path = "item_mark.html")]
struct Marking<'a> {
    frame: Frame<'a>,
    head: Head,
    tab: &'static str,
    item: ItemId,
    name: String,
    /// Whether it is a card secret: one cover at least.
    secret: bool,
    /// Whether it is a secret that was not asked for yet.
    asks: bool,
    /// The page with the secret shown.
    reveal: String,
    width: u32,
    height: u32,
    /// Where the original is.
    original: String,
    /// Where the marked picture is, without the marks.
    preview: String,
    /// What is shown without script.
    shown: String,
    rows: Vec<Row>,
    tools: Vec<(&'static str, String)>,
    forms: Vec<Sheet>,
    wrong: Vec<String>,
    /// How a mark is told, with `{x}` and so on where the numbers go: for the script.
    told: Vec<(&'static str, String)>,
    max: usize,
}

/// A mark that was made.
struct Row {
    /// As it is written.
    mark: String,
    name: String,
    told: String,
}

/// A form that adds marks of a kind.
struct Sheet {
    code: &'static str,
    name: String,
    /// Whether it is the one that was sent.
    open: bool,
    fields: Vec<Field>,
}

type Pairs = Vec<(String, String)>;
type At = Path<(String, String)>;

/// The page; with what is to be added or removed it leads to the address that has it so.
pub(super) async fn page(Path((label, item)): At, Query(pairs): Query<Pairs>, visit: Visit) -> Response {
    visit
        .answer(move |visit, vault| {
            let order = load(vault, &label)?;
            let id: ItemId = item.parse().map_err(|_| Refusal::not_found())?;
            if let Some((of, made)) = marking::of_copy(&order, id) {
                // A copy is not marked again: its marks go on, on the original.
                let marks = made.marks.iter().filter_map(|text| text.parse().ok()).collect();
                return Ok(to(&order, of, &Asked { marks, ..Asked::default() }));
            }
            looked(visit, vault, &order, id, pairs)
        })
        .await
}

fn looked(
    visit: &Visit,
    vault: &Vault,
    order: &Order,
    item: ItemId,
    pairs: Pairs,
) -> Result<Response, Refusal> {
    let manifest = original(order, item)?;
    let mut asked = Asked::read(&pairs);
    let mut typed = Typed::new(&visit.words, pairs);
    let adds = Added::of(&typed.raw("add"));
    if let Some(place) = typed.text("remove").and_then(|place| place.parse::<usize>().ok()) {
        asked.remove(place);
        return Ok(to(order, item, &asked));
    }
    let size = size(vault, item, manifest)?;
    if let Some(mark) = adds.and_then(|form| form.mark(&mut typed, size, asked.marks.len())) {
        asked.marks.push(mark);
        return Ok(to(order, item, &asked));
    }
    if let Some(why) = unfit(&asked, size, &visit.words) {
        typed.refuse("form", why);
    }
    let status = if typed.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = drawn(visit, order, item, &asked, (&mut typed, adds), size)?;
    Ok((status, html(&page)?).into_response())
}

/// What is wrong with the marks of an address that no page of ours leads to.
fn unfit(asked: &Asked, (width, height): (u32, u32), words: &Words) -> Option<String> {
    if asked.unread {
        return Some(words.word("marking-unread"));
    }
    if asked.marks.len() > mark::MAX_MARKS {
        return Some(why(&MarkError::TooManyMarks(asked.marks.len()), words));
    }
    let wrong = asked.marks.iter().find_map(|mark| mark::check(*mark, width, height).err());
    wrong.map(|error| why(&error, words))
}

/// Fixes the copy and goes to it.
pub(super) async fn fix(Path((label, item)): At, visit: Visit, Form(pairs): Form<Pairs>) -> Response {
    visit
        .beside(move |visit| {
            let app = &visit.desk.app;
            let id: ItemId = item.parse().map_err(|_| Refusal::not_found())?;
            let (order, bytes) = app.with_vault(|vault| read(vault, &label, id))?;
            let manifest = original(&order, id)?;
            let asked = Asked::read(&pairs);
            let covers = asked.marks.iter().any(Mark::covers);
            let drawn = if manifest.secret && !covers && !asked.marks.is_empty() {
                Err(visit.words.word("marking-uncovered"))
            } else {
                // Beside the vault: a long picture takes its time, and others want to look meanwhile.
                mark::draw(&bytes, &asked.marks).map_err(|error| why(&error, &visit.words))
            };
            app.with_vault(|vault| match drawn {
                Ok(drawn) => {
                    let file = marking::file(id, manifest, drawn);
                    let copy = marking::fix(vault, &order, id, &file, &asked.marks, visit.now);
                    let copy = copy.map_err(not_made)?;
                    Ok(Redirect::to(&format!("/orders/{}/items/{copy}?made=1", order.id)).into_response())
                }
                Err(why) => {
                    let mut typed = Typed::new(&visit.words, Vec::new());
                    typed.refuse("form", why);
                    let size = size(vault, id, manifest)?;
                    let page = self::drawn(visit, &order, id, &asked, (&mut typed, None), size)?;
                    again(&page)
                }
            })
        })
        .await
}

/// The marked picture, not fixed.
pub(super) async fn preview(Path((label, item)): At, Query(pairs): Query<Pairs>, visit: Visit) -> Response {
    visit
        .beside(move |visit| {
            let id: ItemId = item.parse().map_err(|_| Refusal::not_found())?;
            let asked = Asked::read(&pairs);
            let (order, bytes) = visit.desk.app.with_vault(|vault| read(vault, &label, id))?;
            if original(&order, id)?.secret && !asked.reveal {
                return Err(Refusal::new(StatusCode::FORBIDDEN, "item-secret"));
            }
            let unfit = |_| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "marking-no-preview");
            let png = mark::draw(&bytes, &asked.marks).map_err(unfit)?;
            let head = [(header::CONTENT_TYPE, "image/png"), (header::CONTENT_SECURITY_POLICY, POLICY)];
            Ok((head, png).into_response())
        })
        .await
}

/// Goes to the page with these marks.
fn to(order: &Order, item: ItemId, asked: &Asked) -> Response {
    let query = asked.query();
    let mark = if query.is_empty() { "" } else { "?" };
    Redirect::to(&format!("/orders/{}/items/{item}/mark{mark}{query}", order.id)).into_response()
}

fn read(vault: &Vault, label: &str, item: ItemId) -> Result<(Order, Zeroizing<Vec<u8>>), Refusal> {
    let order = load(vault, label)?;
    original(&order, item)?;
    let bytes = Zeroizing::new(vault.content(item)?);
    Ok((order, bytes))
}

/// The picture that is marked, by what is known of it.
fn original(order: &Order, item: ItemId) -> Result<&ItemManifest, Refusal> {
    let refused = |key| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, key);
    let manifest = marking::original(order, item).map_err(|why| match why {
        Unmarked::Elsewhere => Refusal::not_found(),
        Unmarked::Copy(_) => refused("marking-copy"),
        Unmarked::Erased => refused("marking-erased"),
    })?;
    if !can(manifest) {
        return Err(refused("marking-no-picture"));
    }
    if usize::try_from(manifest.size).is_ok_and(|size| size > mark::MAX_BYTES) {
        return Err(refused("marking-large"));
    }
    Ok(manifest)
}

/// Returns whether it is a picture that can be marked.
pub(super) fn can(manifest: &ItemManifest) -> bool {
    PICTURES.contains(&manifest.media_type.as_str())
}

fn size(vault: &Vault, item: ItemId, manifest: &ItemManifest) -> Result<(u32, u32), Refusal> {
    debug_assert!(can(manifest), "only pictures are read");
    let bytes = Zeroizing::new(vault.content(item)?);
    mark::size(&bytes).map_err(|error| {
        let large = error == MarkError::TooLarge;
        let key = if large { "marking-large" } else { "marking-no-picture" };
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, key)
    })
}

fn not_made(error: NotMade) -> Refusal {
    match error {
        NotMade::Vault(error) => error.into(),
        other => Refusal::because("page-fault", other.to_string()),
    }
}

/// Why there is no copy, in words that stand on the page.
fn why(error: &MarkError, words: &Words) -> String {
    match error {
        MarkError::NoMarks => words.word("marking-none-why"),
        MarkError::TooManyMarks(_) => words.say("marking-many", &[("max", mark::MAX_MARKS.to_string())]),
        MarkError::Outside { mark, .. } | MarkError::Empty(mark) | MarkError::Number(mark) => {
            words.say("marking-unfit", &[("mark", format!("{} {}", name(*mark, words), told(*mark, words)))])
        }
        MarkError::TooLarge => words.word("marking-large"),
        MarkError::Unreadable(_) => words.word("marking-no-picture"),
    }
}

fn drawn<'a>(
    visit: &'a Visit,
    order: &Order,
    item: ItemId,
    asked: &Asked,
    (typed, added): (&mut Typed<'_>, Option<Added>),
    (width, height): (u32, u32),
) -> Result<Marking<'a>, Refusal> {
    let words = &visit.words;
    let exhibit = order.exhibits.iter().find(|one| one.item == item).ok_or_else(Refusal::not_found)?;
    let manifest = original(order, item)?;
    let base = format!("/orders/{}/items/{item}", order.id);
    let reveal = if manifest.secret { "?reveal=1" } else { "" };
    let (original, preview) = (format!("{base}/content{reveal}"), format!("{base}/mark/preview"));
    let fits = |mark: &Mark| mark::check(*mark, width, height).is_ok();
    let shown = if asked.marks.is_empty() || !asked.marks.iter().all(fits) {
        original.clone()
    } else {
        format!("{preview}?{}", asked.query())
    };
    Added::suggest(typed, &asked.marks);
    let forms: Vec<Sheet> = Added::ALL
        .into_iter()
        .map(|form| Sheet {
            code: form.code(),
            name: words.word(&format!("marking-add-{}", form.code())),
            open: added == Some(form),
            fields: form.fields(typed),
        })
        .collect();
    let shown_fields = forms.iter().flat_map(|sheet| &sheet.fields);
    let wrong = typed.beside_none(shown_fields);
    Ok(Marking {
        // What is drawn is not to be lost to a page that draws itself again.
        frame: Frame { live: "", ..visit.frame("orders") },
        head: Head::of(order, visit),
        tab: "evidence",
        item,
        name: piece(exhibit, order, visit).name,
        secret: manifest.secret,
        asks: manifest.secret && !asked.reveal,
        reveal: format!("{base}/mark?{}", Asked { reveal: true, ..asked.clone() }.query()),
        width,
        height,
        original,
        preview,
        shown,
        rows: asked.marks.iter().map(|mark| row(*mark, words)).collect(),
        tools: KINDS.iter().map(|kind| (*kind, words.word(&format!("marking-{kind}")))).collect(),
        forms,
        wrong,
        told: asked::patterns(words),
        max: mark::MAX_MARKS,
    })
}

fn row(mark: Mark, words: &Words) -> Row {
    Row { mark: mark.to_string(), name: name(mark, words), told: told(mark, words) }
}

fn name(mark: Mark, words: &Words) -> String {
    let key = match mark {
        Mark::Box(_) => "marking-box",
        Mark::Arrow { .. } => "marking-arrow",
        Mark::Number { .. } => "marking-number",
        Mark::Cover(_) => "marking-cover",
        Mark::Mosaic(_) => "marking-mosaic",
    };
    words.word(key)
}

/// Where it is, in words.
fn told(mark: Mark, words: &Words) -> String {
    let say = |key, values: [(&'static str, u32); 4]| {
        words.say(key, &values.map(|(name, value)| (name, value.to_string())))
    };
    match mark {
        Mark::Box(area) | Mark::Cover(area) | Mark::Mosaic(area) => say(
            "marking-told-area",
            [("x", area.x), ("y", area.y), ("width", area.width), ("height", area.height)],
        ),
        Mark::Arrow { from, to } => {
            say("marking-told-arrow", [("x", from.x), ("y", from.y), ("width", to.x), ("height", to.y)])
        }
        Mark::Number { number, at } => {
            say("marking-told-number", [("n", number.into()), ("x", at.x), ("y", at.y), ("width", 0)])
        }
    }
}
