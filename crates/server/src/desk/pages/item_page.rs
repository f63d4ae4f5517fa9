//! 当时的页面: a captured page as it was, in a frame from which nothing gets out.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use sigu_capture::page::GAPS;
use sigu_case::report::CaptureMade;
use sigu_case::{Exhibit, ItemId, Order};
use sigu_evidence::{ItemManifest, mask_text};
use sigu_vault::Vault;

use super::item::record;
use super::order::fixations::PICTURES;
use super::order::{Head, dashed, load};
use crate::desk::door;
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::desk::replay::NotShown;
use crate::desk::show::{Instant, masked};
use crate::words::Words;

/// What the commands name besides what the engine does.
const MORE_GAPS: [&str; 3] = ["page.refused", "page.downloaded", "page.download_broken"];
/// Details named of gaps of one kind.
const NAMED: usize = 3;
/// Longest detail of a gap, in characters: addresses can be endless.
const DETAIL: usize = 120;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    reveal: String,
}

#[derive(Template)]
#[template(path = "item_page.html")]
struct ItemPage<'a> {
    frame: Frame<'a>,
    head: Head,
    tab: &'static str,
    item: ItemId,
    /// `shown`, `covered`, or why not: `large`, `broken`.
    state: &'static str,
    src: String,
    title: String,
    url: String,
    at: Option<Instant>,
    gaps: Vec<String>,
    /// A picture of the whole page.
    picture: Option<ItemId>,
    secret: bool,
}

pub(super) async fn page(
    Path((label, item)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Response {
    let origin = match visit.desk.replay_origin().await {
        Ok(origin) => origin,
        Err(error) => return visit.refuse(&Refusal::because("page-fault", error.to_string())),
    };
    let reveal = asked.reveal == "1";
    visit
        .answer(move |visit, vault| {
            let page = read(visit, vault, &label, &item, reveal)?;
            let mut response = html(&page)?;
            if page.state == "shown" {
                let policy = HeaderValue::from_str(&door::framing(&origin));
                let policy = policy.map_err(|error| Refusal::because("page-fault", error.to_string()))?;
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            }
            Ok(response)
        })
        .await
}

fn read<'a>(
    visit: &'a Visit,
    vault: &Vault,
    label: &str,
    item: &str,
    reveal: bool,
) -> Result<ItemPage<'a>, Refusal> {
    let order = load(vault, label)?;
    let asked: ItemId = item.parse().map_err(|_| Refusal::not_found())?;
    let item = archive_of(&order, asked).ok_or_else(Refusal::not_found)?;
    let manifest = kept(&order, item).ok_or_else(Refusal::not_found)?;
    let capture = capture_of(&order, item);
    let record = capture.and_then(|made| record(vault, &order, made.record));
    let words = &visit.words;
    let mut page = ItemPage {
        frame: visit.frame("orders"),
        head: Head::of(&order, visit),
        tab: "evidence",
        item,
        state: "covered",
        src: String::new(),
        title: masked(capture.and_then(|made| made.title.as_deref())),
        url: masked(capture.map(|made| made.url.as_str())),
        at: capture.map(|made| Instant::of(made.at, visit.now, words)),
        gaps: record.map(|record| gaps(&record, words)).unwrap_or_default(),
        picture: capture.and_then(|made| made.items.iter().copied().find(|item| is_picture(&order, *item))),
        secret: manifest.secret,
    };
    if manifest.secret && !reveal {
        return Ok(page);
    }
    match visit.desk.replay.show(item, words, || vault.content(item)) {
        Ok(shown) => {
            page.state = "shown";
            page.src = shown.src;
            if capture.is_none() {
                // An archive of somebody else: what it says of itself is all there is.
                (page.title, page.url) = (masked(Some(&shown.title)), masked(Some(&shown.url)));
                let at = shown.at.parse::<Timestamp>().ok();
                page.at = at.map(|at| Instant::of(at, visit.now, words));
            }
        }
        Err(NotShown::TooLarge) => page.state = "large",
        Err(NotShown::Unreadable) => page.state = "broken",
        Err(NotShown::Vault(error)) => return Err(error.into()),
    }
    Ok(page)
}

/// The archive that shows the page of an item: its own, or that of the capture it belongs to.
pub(super) fn archive_of(order: &Order, item: ItemId) -> Option<ItemId> {
    let is_archive = |item: &ItemId| kept(order, *item).is_some_and(is_wacz);
    let made = capture_of(order, item);
    let mut all = std::iter::once(item).chain(made.map(|made| made.items.clone()).unwrap_or_default());
    all.find(is_archive)
}

fn capture_of(order: &Order, item: ItemId) -> Option<&CaptureMade> {
    let mut made = order.of_kind::<CaptureMade>().map(|(_, made)| made);
    made.find(|made| made.items.contains(&item) || made.record == item)
}

fn kept(order: &Order, item: ItemId) -> Option<&ItemManifest> {
    order.exhibits.iter().find(|one| one.item == item).and_then(Exhibit::manifest)
}

fn is_wacz(manifest: &ItemManifest) -> bool {
    let named =
        manifest.file_name.as_deref().is_some_and(|name| name.to_ascii_lowercase().ends_with(".wacz"));
    manifest.media_type == "application/wacz" || named
}

fn is_picture(order: &Order, item: ItemId) -> bool {
    kept(order, item).is_some_and(|own| PICTURES.contains(&own.media_type.as_str()))
}

/// What could not be had, by its kind.
fn gaps(record: &Value, words: &Words) -> Vec<String> {
    let all: Vec<(&str, &str)> = record
        .pointer("/gaps")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|gap| Some((gap.get("code")?.as_str()?, gap.get("detail")?.as_str()?)))
        .collect();
    let known = GAPS.iter().chain(&MORE_GAPS);
    let told = known.filter_map(|code| {
        let own: Vec<&str> = all.iter().filter(|(one, _)| one == code).map(|(_, detail)| *detail).collect();
        let shown = |detail: &&str| mask_text(detail).chars().take(DETAIL).collect::<String>();
        let mut detail: Vec<String> = own.iter().take(NAMED).map(shown).collect();
        if own.len() > NAMED {
            detail.push(words.say("captured-more", &[("count", (own.len() - NAMED).to_string())]));
        }
        let values = [("count", own.len().to_string()), ("detail", words.list(&detail))];
        (!own.is_empty()).then(|| words.say(&format!("gap-{}", dashed(code)), &values))
    });
    told.collect()
}
