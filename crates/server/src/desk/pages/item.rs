//! One piece of evidence: what it shows, where it comes from, what it does not prove.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use sigu_capture::environment::NOTES;
use sigu_case::report::{CaptureMade, CopyMade, ItemDescribed, RecordingEnded};
use sigu_case::{Exhibit, ItemId, Order};
use sigu_documents::times;
use sigu_evidence::{ItemManifest, mask_text};
use sigu_vault::Vault;

use super::content::{is_film, is_shown};
use super::item_mark::can;
use super::order::fixations::{PICTURES, Piece, piece};
use super::order::{Head, dashed, load};
use crate::answers::Between;
use crate::desk::page::{Frame, Visit, html};
use crate::desk::refusal::Refusal;
use crate::desk::show::{Instant, masked};
use crate::marking;
use crate::told;
use crate::words::Words;

/// The longest text that is shown, in bytes; a longer one is saved and read elsewhere.
const MAX_TEXT: u64 = 256 << 10;
/// The longest record of a capture that is read, in bytes.
const MAX_RECORD: u64 = 4 << 20;
/// Texts that are shown, masked; pages are not, since their words alone say little of them.
const TEXTS: [&str; 4] = ["text/plain", "text/csv", "text/markdown", "application/json"];

#[derive(Template)]
#[template(path = "item.html")]
struct Item<'a> {
    frame: Frame<'a>,
    head: Head,
    tab: &'static str,
    piece: Piece,
    /// How it is shown: `picture`, `film`, `sound`, `text`, `secret`, `file` or `erased`.
    sort: &'static str,
    text: String,
    media_type: String,
    size: u64,
    /// The covering copy of a secret, else the marked copies.
    copies: Vec<ItemId>,
    /// Whether it can be marked.
    marks: bool,
    /// Of a marked copy: its original.
    of: Option<ItemId>,
    /// What is said of a copy that was fixed just now; empty otherwise.
    made: String,
    key_frames: Vec<ItemId>,
    formed: Option<Instant>,
    place: String,
    /// Since when and until when, by the word of outsiders.
    between: (String, String),
    said: Vec<(String, String)>,
    conditions: Vec<String>,
    /// The archive the captured page can be looked at from.
    archive: Option<ItemId>,
    /// The same capture's other pieces.
    together: Vec<Piece>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// Whether it is a copy that was fixed just now.
    #[serde(default)]
    made: String,
}

pub(super) async fn page(
    Path((label, item)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Response {
    visit.answer(move |visit, vault| html(&read(visit, vault, (&label, &item), asked.made == "1")?)).await
}

fn read<'a>(
    visit: &'a Visit,
    vault: &Vault,
    (label, item): (&str, &str),
    new: bool,
) -> Result<Item<'a>, Refusal> {
    let order = load(vault, label)?;
    let id: ItemId = item.parse().map_err(|_| Refusal::not_found())?;
    let exhibit = order.exhibits.iter().find(|one| one.item == id).ok_or_else(Refusal::not_found)?;
    let manifest = exhibit.manifest();
    let sort = manifest.map_or("erased", sort);
    let words = &visit.words;
    let copy = marking::of_copy(&order, id);
    let capture =
        order.of_kind::<CaptureMade>().find(|(_, made)| made.items.contains(&id) || made.record == id);
    let record = capture.and_then(|(_, made)| record(vault, &order, made.record));
    let mut said = described(&order, id, words);
    said.extend(record.iter().flat_map(|record| seen(record, words)));
    let archive = super::item_page::archive_of(&order, id);
    let place = [("log", id.log.to_string()), ("seq", id.seq.to_string())];
    Ok(Item {
        frame: visit.frame_with_proofs("orders"),
        head: Head::of(&order, visit),
        tab: "evidence",
        piece: piece(exhibit, &order, visit),
        text: if sort == "text" { text(vault, id)? } else { String::new() },
        sort,
        media_type: manifest.map(|own| own.media_type.clone()).unwrap_or_default(),
        size: manifest.map_or(0, |own| own.size),
        copies: copies(&order, id, sort == "secret"),
        marks: copy.is_none() && manifest.is_some_and(can),
        of: copy.map(|(of, _)| of),
        made: copy.filter(|_| new).map(|(_, made)| made_just_now(made, words)).unwrap_or_default(),
        key_frames: key_frames(&order, id),
        formed: exhibit.formed_at.map(|at| Instant::of(at, visit.now, words)),
        place: words.say("item-place", &place),
        between: between(vault, id, words)?,
        said,
        conditions: record.map(|record| conditions(&record, words)).unwrap_or_default(),
        archive,
        together: capture.map(|(_, made)| others(&order, &made.items, id, visit)).unwrap_or_default(),
    })
}

/// Between which instants it came to be, as outsiders say.
fn between(vault: &Vault, item: ItemId, words: &Words) -> Result<(String, String), Refusal> {
    let brackets = vault.brackets(&[item])?;
    let bracket = brackets.get(&item).ok_or_else(Refusal::not_found)?;
    Ok(told::between(&Between::of(item, bracket), words, times::second))
}

fn made_just_now(made: &CopyMade, words: &Words) -> String {
    let fixed = words.say("marking-fixed", &[("copy", made.copy.to_string()), ("item", made.of.to_string())]);
    if made.covers { format!("{fixed}{}", words.word("mark-look")) } else { fixed }
}

fn sort(manifest: &ItemManifest) -> &'static str {
    let kind = manifest.media_type.as_str();
    if manifest.secret {
        "secret"
    } else if PICTURES.contains(&kind) {
        "picture"
    } else if is_film(kind) {
        "film"
    } else if is_shown(kind) {
        "sound"
    } else if TEXTS.contains(&kind) && manifest.size <= MAX_TEXT {
        "text"
    } else {
        "file"
    }
}

fn text(vault: &Vault, item: ItemId) -> Result<String, Refusal> {
    Ok(mask_text(&String::from_utf8_lossy(&vault.content(item)?)))
}

/// Copies of it that are pictures and still kept; of a secret only those that cover it.
fn copies(order: &Order, item: ItemId, covering: bool) -> Vec<ItemId> {
    let made = order.of_kind::<CopyMade>().filter(|(_, made)| made.of == item && (made.covers || !covering));
    made.map(|(_, made)| made.copy).filter(|copy| is_picture(order, *copy)).collect()
}

fn is_picture(order: &Order, item: ItemId) -> bool {
    let kept = order.exhibits.iter().find(|one| one.item == item).and_then(Exhibit::manifest);
    kept.is_some_and(|own| !own.secret && PICTURES.contains(&own.media_type.as_str()))
}

fn key_frames(order: &Order, item: ItemId) -> Vec<ItemId> {
    let ended = order.of_kind::<RecordingEnded>().find(|(_, ended)| ended.whole == Some(item));
    let frames = ended.map(|(_, ended)| ended.key_frames.clone()).unwrap_or_default();
    frames.into_iter().filter(|frame| is_picture(order, *frame)).collect()
}

fn others(order: &Order, items: &[ItemId], own: ItemId, visit: &Visit) -> Vec<Piece> {
    let other = |one: &&Exhibit| one.item != own && items.contains(&one.item);
    order.exhibits.iter().filter(other).map(|one| piece(one, order, visit)).collect()
}

/// What the user said of it, by what was said last.
fn described(order: &Order, item: ItemId, words: &Words) -> Vec<(String, String)> {
    let all: Vec<&ItemDescribed> =
        order.of_kind::<ItemDescribed>().map(|(_, one)| one).filter(|one| one.item == item).collect();
    let last = |get: fn(&ItemDescribed) -> Option<String>| all.iter().rev().find_map(|one| get(one));
    let told = [
        ("item-url", last(|one| one.url.clone())),
        ("item-caption", last(|one| one.caption.clone())),
        ("item-proves", last(|one| one.proves.clone())),
        ("item-clock-off", last(|one| one.clock_off_s.map(|seconds| seconds.to_string()))),
    ];
    let told = told.into_iter().filter_map(|(key, value)| Some((words.word(key), masked(Some(&value?)))));
    told.collect()
}

/// The record of a capture, where it is kept and can be read.
pub(super) fn record(vault: &Vault, order: &Order, item: ItemId) -> Option<Value> {
    let own = order.exhibits.iter().find(|one| one.item == item)?.manifest()?;
    let bytes = (own.size <= MAX_RECORD).then(|| vault.content(item).ok())??;
    serde_json::from_slice(&bytes).ok()
}

/// Under which conditions it was seen, by the record: address, times, browser, device. A browser's delivery names its
/// own fields, so each is looked for in both places.
fn seen(record: &Value, words: &Words) -> Vec<(String, String)> {
    let find = |paths: &[&str]| {
        let found = paths.iter().find_map(|path| record.pointer(path)?.as_str());
        found.filter(|text| !text.is_empty()).map(mask_text)
    };
    let time = |paths: &[&str]| {
        let at = find(paths)?;
        Some(at.parse().map_or(at, sigu_documents::times::second))
    };
    let told = [
        ("item-seen-url", find(&["/url"])),
        ("item-seen-title", find(&["/title"])),
        ("item-seen-began", time(&["/began_at", "/taken_at"])),
        ("item-seen-ended", time(&["/ended_at"])),
        ("item-seen-browser", find(&["/environment/browser/product", "/user_agent"])),
        ("item-seen-device", find(&["/environment/device/os"])),
        ("item-seen-zone", find(&["/environment/device/zone"])),
    ];
    told.into_iter().filter_map(|(key, value)| Some((words.word(key), value?))).collect()
}

/// The notes on the conditions that this program knows, in words.
fn conditions(record: &Value, words: &Words) -> Vec<String> {
    let notes = record.pointer("/environment/notes").and_then(Value::as_array);
    let said = |note: &Value| {
        let code = note.get("code")?.as_str().filter(|code| NOTES.contains(code))?;
        let detail = note.get("detail").and_then(Value::as_str).map(mask_text).unwrap_or_default();
        Some(words.say(&format!("seen-{}", dashed(code)), &[("detail", detail)]))
    };
    notes.into_iter().flatten().filter_map(said).collect()
}
