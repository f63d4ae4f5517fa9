//! Watched pages: of each a sealed line with how many versions there are and what changed last, so that lists need not
//! read texts. They follow the log as the other projections do. The texts themselves are in the leaves alone.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sigu_case::page::{PageChange, PageFixed, PageLabel};
use sigu_case::{Event, ItemId, Recorded};
use sigu_evidence::{BlobName, RowKey, RowSealer};

use super::{each, key_of_item, read_event};
use crate::error::{Damage, Result};
use crate::rows;
use crate::vault::Vault;

/// The table of watched pages.
pub(crate) const SCHEMA: &str = "
CREATE TABLE case_pages(page_key BLOB PRIMARY KEY, summary BLOB NOT NULL) STRICT;
";
/// How many changes a line keeps; older ones are in the leaves.
const CHANGES: usize = 12;

/// A line of the list of watched pages: what the log has of its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageSummary {
    /// The page.
    pub page: PageLabel,
    /// Versions that are kept.
    pub versions: u32,
    /// Versions whose content was erased.
    pub erased: u32,
    /// When the first one that is kept was seen.
    pub first_seen_at: Option<Timestamp>,
    /// The newest one that is kept.
    pub last: Option<PageLast>,
    /// The last changes between versions that are kept, oldest first.
    pub changes: Vec<PageChanged>,
}

/// The newest version of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLast {
    /// Its leaf.
    pub item: ItemId,
    /// When it was seen.
    pub seen_at: Timestamp,
    /// SHA-256 of its cleaned text, lower hex.
    pub text_sha256: String,
}

/// A version that differs from the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageChanged {
    /// Its leaf.
    pub item: ItemId,
    /// The version it was compared with.
    pub before: Option<ItemId>,
    /// When it was seen.
    pub seen_at: Timestamp,
    /// How much it differs.
    pub change: PageChange,
    /// The first day in force that it announces.
    pub in_force_from: Option<Date>,
    /// The day of publication that it announces.
    pub published_on: Option<Date>,
}

/// A version of a watched page with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageVersion {
    /// Its leaf.
    pub item: ItemId,
    /// When it was logged, by the device's clock.
    pub logged_at: Timestamp,
    /// What was fixed; without text once it is erased.
    pub fixed: PageFixed,
}

impl PageSummary {
    fn new(page: PageLabel) -> Self {
        Self { page, versions: 0, erased: 0, first_seen_at: None, last: None, changes: Vec::new() }
    }

    /// Counts the next version.
    fn add(&mut self, item: ItemId, fixed: &PageFixed) {
        if fixed.manifest.is_none() {
            self.erased += 1;
            return;
        }
        self.versions += 1;
        self.first_seen_at.get_or_insert(fixed.seen_at);
        let text_sha256 = fixed.text_sha256.map(|digest| digest.to_string()).unwrap_or_default();
        self.last = Some(PageLast { item, seen_at: fixed.seen_at, text_sha256 });
        if let Some(change) = fixed.change {
            if self.changes.len() == CHANGES {
                self.changes.remove(0);
            }
            self.changes.push(PageChanged {
                item,
                before: fixed.before,
                seen_at: fixed.seen_at,
                change,
                in_force_from: fixed.in_force_from,
                published_on: fixed.published_on,
            });
        }
    }
}

/// The keyed id of a watched page in clear columns.
pub(crate) fn key(row: &RowKey, page: &PageLabel) -> [u8; 32] {
    row.mac("page", page.as_str().as_bytes())
}

fn aad(key: &[u8; 32]) -> Vec<u8> {
    [b"page ".as_slice(), key].concat()
}

/// Returns whether the vault has the table; those of an earlier version have none until somebody writes.
pub(crate) fn are_there(connection: &Connection) -> Result<bool> {
    let query = "SELECT EXISTS(SELECT 1 FROM sqlite_schema WHERE name = 'case_pages')";
    Ok(connection.prepare_cached(query)?.query_row([], |columns| columns.get(0))?)
}

/// Returns whether a key is that of a page.
pub(crate) fn is_one(connection: &Connection, key: &[u8; 32]) -> Result<bool> {
    if !are_there(connection)? {
        return Ok(false);
    }
    let query = "SELECT EXISTS(SELECT 1 FROM case_pages WHERE page_key = ?1)";
    Ok(connection.prepare_cached(query)?.query_row([key], |columns| columns.get(0))?)
}

pub(crate) fn clear(connection: &Connection) -> Result<()> {
    if are_there(connection)? {
        connection.execute_batch("DELETE FROM case_pages")?;
    }
    Ok(())
}

/// What of these events a list of pages follows.
pub(crate) fn among(events: &[(Recorded, Option<BlobName>)]) -> Vec<(ItemId, Event)> {
    let concerns = |event: &Event| matches!(event, Event::PageFixed(_) | Event::ContentErased { .. });
    let own = events.iter().filter(|(recorded, _)| concerns(&recorded.event));
    own.map(|(recorded, _)| (recorded.item, recorded.event.clone())).collect()
}

/// Follows events in the order of the log, inside their transaction; their leaves are there already.
pub(crate) fn follow<'a>(
    connection: &Connection,
    row: &RowKey,
    events: impl Iterator<Item = (ItemId, &'a Event)>,
) -> Result<()> {
    for (item, event) in events {
        match event {
            Event::PageFixed(fixed) => {
                let key = key(row, &fixed.page);
                let mut summary =
                    read(connection, row, &key)?.unwrap_or_else(|| PageSummary::new(fixed.page.clone()));
                summary.add(item, fixed);
                put(connection, row, &key, &summary)?;
            }
            Event::ContentErased { item, .. } => follow_erasure(connection, row, *item)?,
            _ => {}
        }
    }
    Ok(())
}

/// What is left of a page after one of its versions was erased is counted anew.
fn follow_erasure(connection: &Connection, row: &RowKey, item: ItemId) -> Result<()> {
    let Some(key) = key_of_item(connection, item)? else { return Ok(()) };
    if !is_one(connection, &key)? {
        return Ok(());
    }
    let mut summary: Option<PageSummary> = None;
    each(connection, row, &key, |recorded| {
        if let Event::PageFixed(fixed) = &recorded.event {
            summary.get_or_insert_with(|| PageSummary::new(fixed.page.clone())).add(recorded.item, fixed);
        }
    })?;
    summary.map_or(Ok(()), |summary| put(connection, row, &key, &summary))
}

fn put(connection: &Connection, row: &RowKey, key: &[u8; 32], summary: &PageSummary) -> Result<()> {
    let plain = serde_json::to_vec(summary).expect("a line of a page always serialises");
    let sealed = row.seal(&aad(key), &plain, &mut crate::os_entropy);
    connection
        .prepare_cached("INSERT OR REPLACE INTO case_pages(page_key, summary) VALUES (?1, ?2)")?
        .execute(params![key, sealed])?;
    Ok(())
}

fn read(connection: &Connection, row: &RowKey, key: &[u8; 32]) -> Result<Option<PageSummary>> {
    let sealed: Option<Vec<u8>> = connection
        .prepare_cached("SELECT summary FROM case_pages WHERE page_key = ?1")?
        .query_row([key], |columns| columns.get(0))
        .optional()?;
    sealed.map(|sealed| open(&row.sealer(), key, &sealed)).transpose()
}

fn open(sealer: &RowSealer, key: &[u8; 32], sealed: &[u8]) -> Result<PageSummary> {
    let damage = |what: String| Damage::row("case_pages", crate::keys::hex(&key[..4]), what);
    let plain = sealer.open(&aad(key), sealed).map_err(|error| damage(error.to_string()))?;
    Ok(serde_json::from_slice(&plain).map_err(|error| damage(error.to_string()))?)
}

/// Reads all rows in a form that can be compared.
pub(crate) fn dump(connection: &Connection, row: &RowKey) -> Result<Vec<(Vec<u8>, PageSummary)>> {
    if !are_there(connection)? {
        return Ok(Vec::new());
    }
    let sealer = row.sealer();
    let mut query = connection.prepare("SELECT page_key, summary FROM case_pages ORDER BY page_key")?;
    let mut found = query.query([])?;
    let mut all = Vec::new();
    while let Some(columns) = found.next()? {
        let key: [u8; 32] = columns.get(0)?;
        all.push((key.to_vec(), open(&sealer, &key, columns.get_ref(1)?.as_blob().unwrap_or_default())?));
    }
    Ok(all)
}

fn version(recorded: Recorded) -> Option<PageVersion> {
    match recorded.event {
        Event::PageFixed(fixed) => {
            Some(PageVersion { item: recorded.item, logged_at: recorded.at, fixed: *fixed })
        }
        _ => None,
    }
}

impl Vault {
    /// Returns a line for each page of which a version was fixed, by name.
    ///
    /// # Errors
    /// Damage in the rows; `rebuild` makes them again.
    pub fn pages(&self) -> Result<Vec<PageSummary>> {
        let row = self.row_key();
        let all = self.store().call(move |connection| dump(connection, &row))?;
        let mut pages: Vec<PageSummary> = all.into_iter().map(|(_, summary)| summary).collect();
        pages.sort_by(|one, other| one.page.cmp(&other.page));
        Ok(pages)
    }

    /// Returns the versions of a page with their texts, oldest first; none where none was fixed.
    ///
    /// # Errors
    /// Damage in the leaves.
    pub fn page(&self, page: &PageLabel) -> Result<Vec<PageVersion>> {
        let row = self.row_key();
        let key = key(&row, page);
        self.store().call(move |connection| {
            let mut versions = Vec::new();
            each(connection, &row, &key, |recorded| versions.extend(version(recorded)))?;
            Ok(versions)
        })
    }

    /// Returns one version with its text; `None` where the item is none.
    ///
    /// # Errors
    /// Damage in the leaf.
    pub fn page_version(&self, item: ItemId) -> Result<Option<PageVersion>> {
        let row = self.row_key();
        self.store().call(move |connection| {
            let Some((bytes, sealed)) = rows::leaf(connection, item)? else { return Ok(None) };
            Ok(read_event(&row, item, &bytes, &sealed)?.and_then(version))
        })
    }
}
