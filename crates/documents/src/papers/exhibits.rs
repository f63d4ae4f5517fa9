//! The exhibits themselves, one section each: what it is, when and how it was seen, then what it shows.

use serde_json::Value;
use sigu_case::catalogue::CatalogueRow;
use sigu_case::report::CaptureMade;
use sigu_case::{Direction, Exhibit, ItemId};
use sigu_evidence::{ItemManifest, mask_text};

use super::{copies, recording};
use crate::draft::Draft;
use crate::paper::{Block, Span};
use crate::times;

/// Most characters of a text that are printed; the rest is in the package.
const MAX_TEXT: usize = 3_000;

/// Writes every exhibit of the catalogue.
pub(super) fn write(draft: &mut Draft<'_>) {
    for row in draft.rows.clone() {
        let text = draft.say("exhibit-heading", &[("no", &row.no.to_string()), ("name", &row.name)]);
        draft.push(Block::Heading { level: 1, text, exhibit: Some(row.no) });
        header(draft, &row);
        if find(draft, row.item).is_some() {
            contents(draft, &row);
        } else {
            dialogue(draft, &row);
        }
    }
}

pub(super) fn find<'a>(draft: &Draft<'a>, item: ItemId) -> Option<&'a Exhibit> {
    draft.case.view.order.exhibits.iter().find(|one| one.item == item)
}

fn header(draft: &mut Draft<'_>, row: &CatalogueRow) {
    let logged = draft.case.logged_at.get(&row.item).copied();
    let manifest = find(draft, row.item).and_then(Exhibit::manifest);
    let digest = manifest.map_or(String::new(), |manifest| match manifest.secret {
        true => draft.say("exhibit-digest-secret", &[("prefix", &manifest.content.prefix8())]),
        false => manifest.content.to_string(),
    });
    let at = |time: Option<jiff::Timestamp>| Span::cell(time.map(times::second).unwrap_or_default());
    let rows = [
        ("exhibit-source", Span::cell(row.source.clone())),
        ("exhibit-proves", Span::cell(row.proves.clone())),
        ("exhibit-formed", at(row.formed_at)),
        ("exhibit-obtained", at(Some(row.obtained_at))),
        ("exhibit-logged", at(logged)),
        ("exhibit-not-later", Span::cell(draft.word("exhibit-no-outside-time"))),
        ("exhibit-leaf", Span::cell(row.item.to_string())),
        ("exhibit-digest", Span::cell(digest)),
        ("exhibit-environment", Span::cell(environment(draft, row.item))),
    ];
    let rows = rows.into_iter().map(|(key, value)| (draft.word(key), value)).collect();
    draft.fields(rows);
    draft.numbers.cite(&[row.item]);
}

/// Under which conditions a captured page was seen, from the record of its capture.
fn environment(draft: &Draft<'_>, item: ItemId) -> String {
    let order = &draft.case.view.order;
    let record = order.of_kind::<CaptureMade>().find(|(_, made)| made.items.contains(&item));
    let Some(record) = record.and_then(|(_, made)| (draft.case.content)(made.record)) else {
        return String::new();
    };
    let Ok(record) = serde_json::from_slice::<Value>(&record) else { return String::new() };
    let seen = &record["environment"];
    let text = |value: &Value| value.as_str().map(mask_text).unwrap_or_default();
    let mut said = vec![draft.say(
        "environment-device",
        &[("os", &text(&seen["device"]["os"])), ("browser", &text(&seen["browser"]["product"]))],
    )];
    if let Some(offset) = seen["clock"]["offset_s"].as_i64() {
        said.push(draft.say("environment-clock", &[("seconds", &offset.to_string())]));
    }
    if seen["network"]["proxy"].is_string() {
        said.push(draft.word("environment-proxy"));
    }
    let edits = seen["page"]["edits"].as_array().map_or(0, Vec::len);
    let watched = seen["page"]["watched"].as_bool().unwrap_or_default();
    said.push(match (watched, edits) {
        (false, _) => draft.word("environment-unwatched"),
        (true, 0) => draft.word("environment-unedited"),
        (true, edits) => draft.say("environment-edited", &[("count", &edits.to_string())]),
    });
    let gaps = record["gaps"].as_array().map_or(0, Vec::len);
    if gaps > 0 {
        said.push(draft.say("environment-gaps", &[("count", &gaps.to_string())]));
    }
    draft.words.sentences(&said)
}

/// What the items of a row show: copies with their originals, the frames of a recording after everything else.
fn contents(draft: &mut Draft<'_>, row: &CatalogueRow) {
    let (frames, others): (Vec<ItemId>, Vec<ItemId>) =
        row.covers.iter().partition(|item| recording::is_key_frame(draft, **item));
    for item in others {
        let beside = item != row.item && copies::is_copy(draft, item);
        if !beside && !recording::is_piece_of_a_whole(draft, item) {
            content(draft, item);
        }
    }
    recording::key_frames(draft, &frames);
}

/// What one item shows.
fn content(draft: &mut Draft<'_>, item: ItemId) {
    let Some(exhibit) = find(draft, item) else { return };
    let Some(manifest) = exhibit.manifest() else { return };
    let name = manifest.file_name.as_deref().map_or_else(|| item.to_string(), mask_text);
    let kind = manifest.media_type.as_str();
    if kind.starts_with("image/") {
        let alt = match copies::original_of(draft, item) {
            Some(of) => draft.say("picture-copy-alone", &[("name", &name), ("of", &of.to_string())]),
            None => draft.say("picture-alt", &[("name", &name)]),
        };
        picture(draft, item, manifest, &name, &alt);
    } else if kind.starts_with("video/") {
        video(draft, item, manifest, &name);
    } else if manifest.secret {
        secret(draft, manifest, &name);
    } else if kind.starts_with("text/plain") {
        text(draft, item, &name);
    } else {
        in_package(draft, manifest, &name);
    }
}

/// What holds a secret and is no picture is not shown.
fn secret(draft: &mut Draft<'_>, manifest: &ItemManifest, name: &str) {
    let masked = manifest.masked.as_deref().unwrap_or(name);
    draft.note(draft.say("exhibit-secret", &[("name", masked)]));
}

/// A picture, with the newest copy made of it. A copy on which something is covered stands in its place: what the user
/// covered is not to be seen, even where it is no card secret. A secret without one is not shown.
fn picture(draft: &mut Draft<'_>, item: ItemId, manifest: &ItemManifest, name: &str, alt: &str) {
    let copy = copies::newest(draft, item);
    let covers = copy.as_ref().is_some_and(|copy| copy.covers);
    if manifest.secret && !covers {
        secret(draft, manifest, name);
        uncovered(draft, item);
        return;
    }
    draft.numbers.rest_on(item);
    if !covers {
        show(draft, item, manifest, alt);
    } else if !manifest.secret {
        draft.guide(draft.say("guide-covered", &[("name", name)]));
    }
    if let Some(copy) = copy {
        let key = if copy.covers { "picture-copy" } else { "picture-marked" };
        let alt = draft.say(key, &[("name", alt), ("digest", &manifest.content.prefix8())]);
        show(draft, copy.item, copy.manifest, &alt);
    }
}

/// Tells the sender how a picture that holds a secret can be printed.
pub(super) fn uncovered(draft: &mut Draft<'_>, item: ItemId) {
    let values = [("item", &*item.to_string()), ("order", draft.case.view.order.id.as_str())];
    draft.guide(draft.say("guide-uncovered", &values));
}

/// Tells whether a picture can be shown: it is no secret, or a copy covers what is.
pub(super) fn is_shown(draft: &Draft<'_>, item: ItemId) -> bool {
    let secret = find(draft, item).and_then(Exhibit::manifest).is_some_and(|manifest| manifest.secret);
    !secret || copies::newest(draft, item).is_some_and(|copy| copy.covers)
}

/// A picture under words of its own.
pub(super) fn captioned(draft: &mut Draft<'_>, item: ItemId, caption: &str) {
    let Some(manifest) = find(draft, item).and_then(Exhibit::manifest) else { return };
    let name = manifest.file_name.as_deref().map_or_else(|| item.to_string(), mask_text);
    picture(draft, item, manifest, &name, caption);
}

fn show(draft: &mut Draft<'_>, item: ItemId, manifest: &ItemManifest, alt: &str) {
    draft.numbers.rest_on(item);
    let shown =
        (draft.case.content)(item).map(|bytes| draft.pictures.add(bytes, alt.to_owned(), alt.to_owned()));
    match shown {
        Some(Ok(block)) => draft.push(block),
        Some(Err(_)) | None => {
            let values = [("name", alt), ("kind", manifest.media_type.as_str())];
            draft.note(draft.say("picture-not-shown", &values));
        }
    }
}

fn text(draft: &mut Draft<'_>, item: ItemId, name: &str) {
    let Some(bytes) = (draft.case.content)(item) else { return };
    let whole = mask_text(&String::from_utf8_lossy(&bytes));
    let shown: String = whole.chars().take(MAX_TEXT).collect();
    draft.note(draft.say("exhibit-text", &[("name", name)]));
    draft.numbers.rest_on(item);
    let cut = shown.len() < whole.len();
    draft.push(Block::Quote { text: shown });
    if cut {
        draft.note(draft.say("exhibit-text-cut", &[("chars", &whole.chars().count().to_string())]));
    }
}

fn video(draft: &mut Draft<'_>, item: ItemId, manifest: &ItemManifest, name: &str) {
    if manifest.secret {
        secret(draft, manifest, name);
    } else {
        in_package(draft, manifest, name);
    }
    recording::length(draft, item);
}

fn in_package(draft: &mut Draft<'_>, manifest: &ItemManifest, name: &str) {
    let values =
        [("name", name), ("kind", manifest.media_type.as_str()), ("bytes", &manifest.size.to_string())];
    draft.note(draft.say("exhibit-in-package", &values));
}

/// The messages that were entered, as a table.
fn dialogue(draft: &mut Draft<'_>, row: &CatalogueRow) {
    let order = &draft.case.view.order;
    let said = order.dialogue().into_iter().filter(|one| row.covers.contains(&one.item));
    let mut rows = Vec::new();
    for message in said {
        let who = match message.direction {
            Direction::In => draft.word("timeline-them"),
            Direction::Out => draft.word("timeline-buyer"),
        };
        let channel = draft.word(&format!("channel-{}", message.channel.code().replace('_', "-")));
        let words = message.text.as_deref().map(mask_text).unwrap_or_default();
        rows.push(vec![
            vec![Span::Text(times::second(message.said_at))],
            vec![Span::Text(who)],
            vec![Span::Text(channel)],
            vec![Span::Text(words)],
        ]);
    }
    draft.numbers.cite(&row.covers);
    row.covers.iter().for_each(|item| draft.numbers.rest_on(*item));
    draft.table(
        &[("timeline-at", 18), ("timeline-who", 10), ("timeline-channel", 12), ("timeline-what", 60)],
        rows,
    );
}
