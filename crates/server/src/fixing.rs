//! What a piece of evidence says of itself when it is fixed: its type, and whether it is a card secret.

use sigu_case::Slot;
use sigu_evidence::{ItemManifest, Source, find_secrets, mask, mask_text};
use sigu_vault::{Ingested, ShortContent};

/// Describes an item; `secret` where the user says that it is one.
pub fn manifest(
    secret: bool,
    slot: Slot,
    ingested: &Ingested,
    name: Option<String>,
    stdin: bool,
) -> ItemManifest {
    let secret = secret_text(secret, slot, ingested);
    let guess = name.as_deref().and_then(|name| mime_guess::from_path(name).first());
    let media_type =
        guess.map_or_else(|| sniffed(ingested).to_owned(), |mime| mime.essence_str().to_ascii_lowercase());
    ItemManifest {
        content: ingested.content,
        size: ingested.size,
        media_type,
        file_name: name,
        source: if stdin { Source::Stdin } else { Source::File },
        modified_at: ingested.modified_at.map(|at| format!("{at:.3}")),
        secret: secret.is_some(),
        masked: secret.map(masked),
    }
}

fn sniffed(ingested: &Ingested) -> &'static str {
    if ingested.text { "text/plain" } else { "application/octet-stream" }
}

/// The text of a card secret: where the user says so, or where a short text delivered looks like one.
fn secret_text(asked: bool, slot: Slot, ingested: &Ingested) -> Option<&str> {
    match ingested.short.as_ref().and_then(ShortContent::text) {
        Some(text) if asked || (slot == Slot::Delivery && !find_secrets(text).is_empty()) => Some(text),
        None if asked => Some(""),
        _ => None,
    }
}

/// The mask of a secret: of each code in a text that says what it is, else of the whole.
fn masked(text: &str) -> String {
    if text.is_empty() {
        return mask(text).public();
    }
    let parts = mask_text(text);
    let parts = parts.split_whitespace().collect::<Vec<_>>().join(" ");
    if find_secrets(text).is_empty() { mask(text).public() } else { parts.chars().take(120).collect() }
}
