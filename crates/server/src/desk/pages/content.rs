//! The bytes of a piece of evidence: pictures, films and sound for the viewer, everything else to be saved.

use axum::body::Body;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sigu_case::ItemId;
use sigu_evidence::ItemManifest;
use sigu_vault::{MAX_DISCLOSED_CONTENT, Vault};

use super::order::fixations::PICTURES;
use super::order::load;
use crate::desk::page::Visit;
use crate::desk::refusal::Refusal;
use crate::desk::show::masked;

/// Films every browser plays; sound of any kind is played too.
const FILMS: [&str; 2] = ["video/webm", "video/mp4"];
/// The most of a film that is read at once, in bytes: a browser asks for the rest when it needs it.
const PART: u64 = 8 << 20;
/// Shown by itself, content may load nothing, run nothing and belongs to no origin.
pub(super) const POLICY: &str = "sandbox; default-src 'none'";

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    reveal: String,
}

/// Returns whether a browser may show content of this type in a page of ours.
pub(super) fn is_shown(media_type: &str) -> bool {
    PICTURES.contains(&media_type) || FILMS.contains(&media_type) || media_type.starts_with("audio/")
}

/// Returns whether it is a film.
pub(super) fn is_film(media_type: &str) -> bool {
    FILMS.contains(&media_type)
}

pub(super) async fn bytes(
    Path((label, item)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    visit: Visit,
) -> Response {
    let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let reveal = asked.reveal == "1";
    visit.answer(move |_, vault| read(vault, &label, &item, reveal, range.as_deref())).await
}

/// The content, or the part that is asked for; a secret only where it is revealed.
pub(in crate::desk) fn read(
    vault: &Vault,
    label: &str,
    item: &str,
    reveal: bool,
    range: Option<&str>,
) -> Result<Response, Refusal> {
    let order = load(vault, label)?;
    let item: ItemId = item.parse().map_err(|_| Refusal::not_found())?;
    let exhibit = order.exhibits.iter().find(|one| one.item == item).ok_or_else(Refusal::not_found)?;
    let manifest = exhibit.manifest().ok_or_else(Refusal::not_found)?;
    if manifest.secret && !reveal {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "item-secret"));
    }
    let mut response = match range.and_then(|text| Range::read(text, manifest.size)) {
        None => Body::from(whole(vault, item, manifest)?).into_response(),
        Some(Range::Outside) => {
            let status = StatusCode::RANGE_NOT_SATISFIABLE;
            (status, [(header::CONTENT_RANGE, format!("bytes */{}", manifest.size))]).into_response()
        }
        Some(Range::Part { from, to }) => {
            let bytes = vault.content_part(item, from, to - from + 1)?;
            let said = format!("bytes {from}-{to}/{}", manifest.size);
            (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, said)], bytes).into_response()
        }
    };
    dress(response.headers_mut(), item, manifest);
    Ok(response)
}

/// The whole content as a file to be saved, never shown in a page.
pub(super) fn to_save(vault: &Vault, item: ItemId, manifest: &ItemManifest) -> Result<Response, Refusal> {
    let mut response = Body::from(whole(vault, item, manifest)?).into_response();
    dress(response.headers_mut(), item, manifest);
    Ok(response)
}

/// The whole, compared with its leaf; one that is too long to be held is refused and not cut.
fn whole(vault: &Vault, item: ItemId, manifest: &ItemManifest) -> Result<Vec<u8>, Refusal> {
    if manifest.size > MAX_DISCLOSED_CONTENT {
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "item-large"));
    }
    Ok(vault.content(item)?)
}

/// A range that was asked for.
#[derive(Debug, PartialEq, Eq)]
enum Range {
    /// From a byte to a byte, both included.
    Part { from: u64, to: u64 },
    /// Nothing of it is there.
    Outside,
}

impl Range {
    /// Reads one range of bytes (RFC 9110 §14.1.2), at most [`PART`] long; `None` for what is to be passed over.
    fn read(text: &str, size: u64) -> Option<Self> {
        let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
        let (from, to) = match (first, last) {
            ("", last) => {
                let count = last.parse::<u64>().ok()?;
                if count == 0 {
                    return Some(Self::Outside);
                }
                (size.saturating_sub(count), u64::MAX)
            }
            (first, "") => (first.parse().ok()?, u64::MAX),
            (first, last) => (first.parse().ok()?, last.parse().ok()?),
        };
        if to < from {
            return None;
        }
        if from >= size {
            return Some(Self::Outside);
        }
        Some(Self::Part { from, to: to.min(size - 1).min(from.saturating_add(PART - 1)) })
    }
}

fn dress(headers: &mut HeaderMap, item: ItemId, manifest: &ItemManifest) {
    let shown = is_shown(&manifest.media_type);
    let kind = if shown { manifest.media_type.as_str() } else { "application/octet-stream" };
    let named = if shown { "inline".to_owned() } else { attachment(item, manifest) };
    let values = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, &named),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::ACCEPT_RANGES, "bytes"),
    ];
    for (name, value) in values {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
}

/// The name to save it under: the item's number for old programs, its own name, masked, in UTF-8 (RFC 6266).
fn attachment(item: ItemId, manifest: &ItemManifest) -> String {
    let own = if manifest.secret { String::new() } else { masked(manifest.file_name.as_deref()) };
    let ending = own.rsplit_once('.').map(|(_, ending)| ending);
    let plain = |ending: &&str| {
        (1..=8).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let ending = ending.filter(plain).map(|ending| format!(".{ending}")).unwrap_or_default();
    let mut said = format!("attachment; filename=\"{item}{ending}\"");
    if !own.is_empty() {
        said.push_str("; filename*=UTF-8''");
        for byte in own.bytes() {
            let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
            if plain { said.push(char::from(byte)) } else { said.push_str(&format!("%{byte:02X}")) }
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let part = |from, to| Some(Range::Part { from, to });
        for (text, size, read) in [
            ("bytes=0-", 10, part(0, 9)),
            ("bytes=2-3", 10, part(2, 3)),
            ("bytes=2-99", 10, part(2, 9)),
            ("bytes=-4", 10, part(6, 9)),
            ("bytes=-40", 10, part(0, 9)),
            ("bytes=0-", PART + 5, part(0, PART - 1)),
            ("bytes=10-", 10, Some(Range::Outside)),
            ("bytes=-0", 10, Some(Range::Outside)),
            ("bytes=0-", 0, Some(Range::Outside)),
            ("bytes=3-2", 10, None),
            ("bytes=0-1,4-5", 10, None),
            ("lines=0-1", 10, None),
        ] {
            assert_eq!(Range::read(text, size), read, "{text} of {size}");
        }
    }
}
