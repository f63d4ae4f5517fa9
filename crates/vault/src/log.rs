//! The log as a list for people: leaf by leaf, newest last, secrets masked.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use sigu_evidence::{FieldValue, Fields, ItemId, mask_text, match_all};
use sigu_ledger::Leaf;
use zeroize::Zeroizing;

use crate::error::{Damage, Refusal, Result};
use crate::ingest::SHORT;
use crate::vault::Vault;
use crate::{blobs, rows};

/// One leaf of the log.
#[derive(Debug, Clone, Serialize)]
pub struct LogEntry {
    /// Its place.
    pub item: ItemId,
    /// What kind of event it is.
    pub kind: String,
    /// The device's clock when it was logged, RFC 3339 UTC: a claim.
    pub claimed_at: String,
    /// The fields still readable, texts masked.
    pub fields: Vec<(String, FieldValue)>,
    /// The RFC 6962 hash of the leaf, lower hex.
    pub leaf_hash: String,
}

impl Vault {
    /// Returns the last `limit` leaves of all logs, oldest first; all of them without a limit.
    pub fn log(&self, limit: Option<usize>) -> Result<Vec<LogEntry>> {
        let row = self.row_key();
        let limit = limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(-1);
        self.store().call(move |connection| {
            let mut query =
                connection.prepare("SELECT id, bytes, disclosures FROM leaves ORDER BY id DESC LIMIT ?1")?;
            let mut found = query.query([limit])?;
            let mut entries = Vec::new();
            while let Some(columns) = found.next()? {
                let item = rows::item_of(columns.get(0)?);
                let (bytes, sealed): (Vec<u8>, Vec<u8>) = (columns.get(1)?, columns.get(2)?);
                let (leaf, fields) = read_leaf(&row, item, &bytes, &sealed)?;
                entries.push(LogEntry {
                    item,
                    kind: leaf.kind,
                    claimed_at: leaf.at,
                    fields: shown(&fields),
                    leaf_hash: sigu_ledger::leaf_hash(&bytes).to_string(),
                });
            }
            entries.reverse();
            Ok(entries)
        })
    }

    /// Returns when each of these leaves was logged, by the device's clock: a claim.
    ///
    /// # Errors
    /// Damage in a leaf. A leaf that is not there is left out.
    pub fn logged_at(&self, items: &[ItemId]) -> Result<BTreeMap<ItemId, Timestamp>> {
        let items = items.to_vec();
        self.store().call(move |connection| {
            let mut times = BTreeMap::new();
            for item in items {
                let Some((bytes, _)) = rows::leaf(connection, item)? else { continue };
                let leaf = Leaf::parse(&bytes).map_err(|error| Damage::row("leaves", item, error))?;
                let at = leaf.at.parse().map_err(|_| Damage::row("leaves", item, "at"))?;
                times.insert(item, at);
            }
            Ok(times)
        })
    }

    /// Returns the newest signed checkpoint of the newest log, as text (C2SP tlog-checkpoint).
    ///
    /// # Errors
    /// Fails when the database cannot be read.
    pub fn newest_checkpoint(&self) -> Result<String> {
        self.store().call(|connection| {
            let log = rows::logs(connection)?.last().map_or(1, |log| log.log);
            Ok(rows::newest_checkpoint(connection, log)?.1)
        })
    }

    /// Returns the text of a short item, such as a card secret; `None` where it is longer than [`crate::SHORT`], is no
    /// text, or is erased.
    ///
    /// # Errors
    /// Refuses an item that is not there; reports content that cannot be read as damage.
    pub fn short_text(&self, item: ItemId) -> Result<Option<Zeroizing<String>>> {
        let (_, fields) = self.leaf_fields(item)?;
        let content = fields.text("blob.sha256").and_then(|id| id.parse().ok());
        let short = fields.int("blob.size").is_some_and(|size| size <= SHORT as i64);
        let Some(content) = content.filter(|_| short) else { return Ok(None) };
        let name = self.keys.name.name(&content);
        let unreadable = |error: std::io::Error| Damage::row("blobs", item, error.to_string());
        let mut bytes = Zeroizing::new(Vec::with_capacity(SHORT));
        let reader = blobs::open(&self.layout, &name, &self.keys.vault).map_err(unreadable)?;
        // The file may be longer than its leaf says; a damaged one takes no more memory than a good one.
        std::io::Read::read_to_end(&mut std::io::Read::take(reader, SHORT as u64), &mut bytes)
            .map_err(unreadable)?;
        Ok(std::str::from_utf8(&bytes).ok().map(|text| Zeroizing::new(text.to_owned())))
    }

    /// Returns a leaf and the fields of it that are still readable.
    pub(crate) fn leaf_fields(&self, item: ItemId) -> Result<(Leaf, Fields)> {
        let row = self.row_key();
        self.store().call(move |connection| {
            let (bytes, sealed) = rows::leaf(connection, item)?.ok_or(Refusal::UnknownItem(item))?;
            read_leaf(&row, item, &bytes, &sealed)
        })
    }
}

/// Parses a leaf and matches what can be disclosed of it.
pub(crate) fn read_leaf(
    row: &sigu_evidence::RowKey,
    item: ItemId,
    bytes: &[u8],
    sealed: &[u8],
) -> Result<(Leaf, Fields)> {
    let leaf = Leaf::parse(bytes).map_err(|error| Damage::row("leaves", item, error))?;
    let disclosures = rows::open_disclosures(row, item, sealed)?;
    let fields = match_all(&leaf.sd, &disclosures).map_err(|error| Damage::row("leaves", item, error))?;
    Ok((leaf, fields))
}

/// Fields as they may be shown on a screen: free texts masked.
fn shown(fields: &Fields) -> Vec<(String, FieldValue)> {
    let masked = |value: &FieldValue| match value {
        FieldValue::Text(text) => FieldValue::Text(mask_text(text)),
        other => other.clone(),
    };
    let free = ["text", "note", "file.name", "order.title"];
    fields
        .iter()
        .map(|(name, value)| {
            // Of a secret's digest only enough to compare two copies: a short code could be tried out against the whole.
            if name.as_str() == "blob.sha256" && fields.flag("secret") == Some(true) {
                let short = fields.text("blob.sha256").unwrap_or_default().chars().take(8).collect();
                return (name.to_string(), FieldValue::Text(short));
            }
            let value = match value {
                // A page may be long; its own page shows it whole.
                FieldValue::Text(text) if name.as_str() == "page.text" => FieldValue::Text(beginning(text)),
                value if free.contains(&name.as_str()) => masked(value),
                value => value.clone(),
            };
            (name.to_string(), value)
        })
        .collect()
}

/// Longest beginning of a page's text in a list, in characters.
const BEGINNING: usize = 200;

fn beginning(text: &str) -> String {
    let mut shown: String = text.chars().take(BEGINNING).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    mask_text(&shown)
}
