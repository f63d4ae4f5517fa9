//! What is made of an order: papers, and marked copies of pictures.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use sigu_case::{ItemId, Order};
use sigu_documents::mark::{self, Mark};
use sigu_documents::{Kind, Lang, Wishes};
use sigu_evidence::{ContentId, ItemManifest};
use utoipa::{IntoParams, ToSchema};
use zeroize::Zeroizing;

use super::call::{Asked, Call, Reads, Sent, Writes, found, item, made, order, unfit};
use crate::answers::{Marked, Missing, PaperLacking, PaperMade, PaperReady, Papers, shapes};
use crate::making::{self, NotMade};
use crate::marking;
use crate::problem::Problem;
use crate::refusing::{Said, of_mark, of_not_made, of_unmarked};
use crate::words::Words;

impl From<NotMade> for Problem {
    fn from(error: NotMade) -> Self {
        match error {
            NotMade::Vault(error) => error.into(),
            other => unprocessable(of_not_made(&other)),
        }
    }
}

/// A refusal of an engine or a maker.
pub(super) fn unprocessable(said: Said) -> Problem {
    let status = match said.kind {
        crate::refusing::Kind::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    Problem::said(status, said)
}

fn lang(words: &Words) -> Lang {
    if words.english() { Lang::En } else { Lang::Zh }
}

/// The papers of an order: those that were made and whether they still hold, those that can be made, what others lack.
#[utoipa::path(get, path = "/orders/{order}/papers", tag = "papers",
    params(("order" = String, Path, description = "The label.")), responses((status = 200, body = Papers)))]
pub(super) async fn papers(call: Reads, Path(label): Path<String>) -> Response {
    call.answer(move |call, vault| {
        let order = order(vault, &label)?;
        let mut all = Papers::of(&making::papers(vault, &order)?);
        let state = vault.house()?;
        for (kind, tried) in making::tried(vault, &order, &state, lang(&call.words), call.now)? {
            match tried {
                Ok(made) => {
                    let (paste, guide) = (made.paper.paste, made.paper.guide);
                    all.ready.push(PaperReady { kind, paste, guide });
                }
                Err(refused) => {
                    let missing = refused.missing.into_iter();
                    let missing = missing.map(|one| Missing { name: one.name, how: one.how }).collect();
                    all.lacking.push(PaperLacking { kind, missing });
                }
            }
        }
        found(all)
    })
    .await
}

/// A paper to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Which.
    #[schema(value_type = shapes::PaperKind)]
    kind: String,
    /// `pdf` if nothing is said, `md` or `txt`.
    format: Option<String>,
    /// `zh` if nothing is said, because offices read it; or `en`.
    lang: Option<String>,
    /// The court, for a claim to it.
    court: Option<String>,
    /// The due time a notice sets.
    due_at: Option<Timestamp>,
    /// Whether citations that are to be checked may stand in it.
    #[serde(default)]
    cite_unverified: bool,
}

/// Makes a paper and fixes it, with what it rests on. Its content is that of its item.
#[utoipa::path(post, path = "/orders/{order}/papers", tag = "papers", request_body = Wanted,
    params(("order" = String, Path, description = "The label.")), responses((status = 201, body = PaperMade<'_>)))]
pub(super) async fn make(call: Writes, Path(label): Path<String>, Sent(wanted): Sent<Wanted>) -> Response {
    call.answer(move |call, vault| {
        let order = order(vault, &label)?;
        let kind = Kind::from_code(&wanted.kind).filter(|kind| kind.by_order());
        let kind = kind.ok_or_else(|| unfit("kind"))?;
        let format = wanted.format.as_deref().unwrap_or("pdf");
        if !["pdf", "md", "txt"].contains(&format) {
            return Err(unfit("format"));
        }
        let lang = match wanted.lang.as_deref() {
            None | Some("zh") => Lang::Zh,
            Some("en") => Lang::En,
            Some(_) => return Err(unfit("lang")),
        };
        let Wanted { court, due_at, cite_unverified, .. } = &wanted;
        let wishes = Wishes { due_at: *due_at, court: court.clone(), cite_unverified: *cite_unverified };
        let paper = making::about(vault, &order, &wishes, kind, lang, call.now)?;
        let (file, pages) = making::file(&paper, format, order.id.as_str())?;
        let item = making::fix_paper(vault, &order, &paper, format, &file, call.now)?;
        made(PaperMade::of(&paper, &file, pages, Some(item)))
    })
    .await
}

/// Marks to be drawn on a copy.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Marks {
    /// `box X,Y,W,H`, `cover X,Y,W,H`, `mosaic X,Y,W,H`, `arrow X,Y,X2,Y2` or `number N,X,Y`, in pixels from the upper
    /// left corner.
    marks: Vec<String>,
}

fn read(marks: &[String]) -> Result<Vec<Mark>, Problem> {
    marks.iter().map(|text| text.parse().map_err(|_| unfit("marks"))).collect()
}

fn original(order: &Order, item: ItemId) -> Result<&ItemManifest, Problem> {
    marking::original(order, item).map_err(|why| unprocessable(of_unmarked(order, item, why)))
}

fn drawn(call: &Call, label: &str, item: ItemId, marks: &[Mark]) -> Result<(Order, Vec<u8>), Problem> {
    let (order, bytes) = call.desk.app.with_vault(|vault| {
        let order = order(vault, label)?;
        original(&order, item)?;
        let bytes = Zeroizing::new(vault.content(item)?);
        Ok::<_, Problem>((order, bytes))
    })?;
    // Beside the vault: a long picture takes its time, and others want to look meanwhile.
    let drawn = mark::draw(&bytes, marks).map_err(|error| unprocessable(of_mark(&error)).of("marks"))?;
    Ok((order, drawn))
}

/// Makes a marked copy of a picture and fixes it; the original stays as it was. A copy of a card secret must cover
/// something.
#[utoipa::path(post, path = "/orders/{order}/items/{item}/marks", tag = "items", request_body = Marks,
    params(("order" = String, Path, description = "The label."),
        ("item" = String, Path, description = "The original's place in the log.")),
    responses((status = 201, body = Marked)))]
pub(super) async fn mark(
    call: Writes,
    Path((label, place)): Path<(String, String)>,
    Sent(sent): Sent<Marks>,
) -> Response {
    call.beside(move |call| {
        let (own, marks) = (item(&place)?, read(&sent.marks)?);
        let covers = marks.iter().any(Mark::covers);
        let (order, drawn) = drawn(call, &label, own, &marks)?;
        let manifest = original(&order, own)?;
        if manifest.secret && !covers {
            let values = [("item", own.to_string())];
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Err(Problem::refused(status, "refused-mark-uncovered", &values).of("marks"));
        }
        let file = marking::file(own, manifest, drawn);
        let copy = call.desk.app.with_vault(|vault| {
            marking::fix(vault, &order, own, &file, &marks, call.now).map_err(Problem::from)
        })?;
        made(Marked {
            item: copy,
            of: own,
            covers,
            marks: marks.iter().map(ToString::to_string).collect(),
            bytes: file.bytes.len(),
            sha256: ContentId::of(&file.bytes).to_string(),
            sha256_of_original: manifest.content.prefix8(),
        })
    })
    .await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "parameters that come several times are read pair by pair; this describes them")]
pub(super) struct Shown {
    /// A mark, as `marks` of the copy have it; may come several times.
    mark: Vec<String>,
    /// `show` where the original is a card secret; only a token to write may.
    secret: Option<String>,
}

/// The marked picture as it would be, not fixed.
#[utoipa::path(get, path = "/orders/{order}/items/{item}/marks/preview", tag = "items",
    params(("order" = String, Path, description = "The label."),
        ("item" = String, Path, description = "The original's place in the log."), Shown),
    responses((status = 200, description = "The picture.", body = Vec<u8>, content_type = "image/png")))]
pub(super) async fn preview(
    call: Reads,
    Path((label, place)): Path<(String, String)>,
    Asked(pairs): Asked<Vec<(String, String)>>,
) -> Response {
    call.beside(move |call| {
        let of = |wanted: &str| -> Vec<String> {
            pairs.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.clone()).collect()
        };
        let shows = of("secret").iter().any(|value| value == "show");
        if shows {
            call.must_write()?;
        }
        let marks = read(&of("mark"))?;
        let own = item(&place)?;
        let order = call.desk.app.with_vault(|vault| order(vault, &label))?;
        if original(&order, own)?.secret && !shows {
            return Err(Problem::refused(StatusCode::FORBIDDEN, "api-secret", &[]).of("secret"));
        }
        let (_, png) = drawn(call, &label, own, &marks)?;
        Ok(([(header::CONTENT_TYPE, "image/png")], png).into_response())
    })
    .await
}
