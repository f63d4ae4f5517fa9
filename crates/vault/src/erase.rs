//! Erasing: the content and what describes it go, the leaf and its proof stay.
//!
//! The leaf that says so, the loss of the disclosures and a note of the file to remove are one transaction; the file
//! goes after it. If we crash between, the next writer finds the note and removes the file.

use jiff::Timestamp;
use serde::Serialize;
use sigu_case::{Command, ERASABLE_FIELDS, wire::v1::KEPT_ON_ERASE};
use sigu_evidence::{BlobName, Disclosure, ItemId};

use crate::append::Rewrite;
use crate::error::{Refusal, Result};
use crate::rows;
use crate::vault::Vault;

/// What an erasure did.
#[derive(Debug, Clone, Serialize)]
pub struct Erasure {
    /// The leaf that says it was erased.
    pub logged_as: ItemId,
    /// The fields that are gone.
    pub fields: Vec<String>,
    /// Whether the content's file is gone.
    pub content_removed: bool,
    /// Whether the content stays because another item has the same.
    pub content_shared: bool,
}

impl Vault {
    /// Erases an item's content with all fields that describe it, or (`fields` not empty) some fields only.
    ///
    /// Copies that left the house, and backups, are not reached.
    ///
    /// # Errors
    /// Refuses unknown items and fields, and fields without which the log could not be read as a case.
    pub fn erase(&self, item: ItemId, fields: &[String], at: Timestamp) -> Result<Erasure> {
        let _lock = self.begin_write()?;
        let disclosures = self.disclosures(item)?;
        let whole = fields.is_empty();
        let gone: Vec<String> = if whole {
            let names = disclosures.iter().map(|disclosure| disclosure.name().to_string());
            names.filter(|name| !KEPT_ON_ERASE.contains(&name.as_str())).collect()
        } else {
            check_fields(item, fields, &disclosures)?;
            fields.to_vec()
        };
        let blob = if whole { self.blob_of(item)? } else { None };
        let kept = disclosures.into_iter().filter(|kept| !gone.contains(&kept.name().to_string())).collect();
        let command = Command::EraseContent { item, fields: if whole { Vec::new() } else { gone.clone() } };
        let rewrite = Rewrite { item, kept, content: whole, blob };
        let logged = self.execute_locked(&[command], at, Ok, vec![rewrite])?;
        let shared = blob.as_ref().map(|name| self.still_named(name)).transpose()?.unwrap_or(false);
        self.finish_removals()?;
        // The erased rows must not live on in the write-ahead log; while another process reads, it stays until the close.
        self.store().fold()?;
        let removed = blob.filter(|_| !shared);
        Ok(Erasure {
            logged_as: logged[0],
            fields: gone,
            content_removed: removed.is_some(),
            content_shared: shared,
        })
    }

    pub(crate) fn disclosures(&self, item: ItemId) -> Result<Vec<Disclosure>> {
        let row = self.row_key();
        self.store().call(move |connection| {
            let (_, sealed) = rows::leaf(connection, item)?.ok_or(Refusal::UnknownItem(item))?;
            rows::open_disclosures(&row, item, &sealed)
        })
    }

    fn blob_of(&self, item: ItemId) -> Result<Option<BlobName>> {
        let (_, fields) = self.leaf_fields(item)?;
        Ok(fields.text("blob.sha256").and_then(|id| id.parse().ok()).map(|id| self.keys.name.name(&id)))
    }

    fn still_named(&self, name: &BlobName) -> Result<bool> {
        let name = name.to_string();
        self.store().call(move |connection| {
            Ok(connection
                .prepare_cached("SELECT EXISTS(SELECT 1 FROM case_events WHERE blob = ?1)")?
                .query_row([name], |row| row.get(0))?)
        })
    }

    /// Removes the files that erasures noted, unless an item has that content again. Under the write lock.
    pub(crate) fn finish_removals(&self) -> Result<()> {
        for name in self.store().call(|connection| rows::removals(connection))? {
            if !self.still_named(&name)? {
                self.remove_blob(&name)?;
            }
            self.store().call(move |connection| {
                connection.execute("DELETE FROM removals WHERE blob = ?1", [name.to_string()])?;
                Ok(())
            })?;
        }
        Ok(())
    }

    fn remove_blob(&self, name: &BlobName) -> Result<()> {
        let path = self.layout.blob(name);
        if path.exists() {
            self.disk.remove(&path)?;
            if let Some(folder) = path.parent() {
                self.disk.sync_folder(folder)?;
            }
        }
        Ok(())
    }
}

fn check_fields(item: ItemId, fields: &[String], disclosures: &[Disclosure]) -> Result<()> {
    for field in fields {
        if !ERASABLE_FIELDS.contains(&field.as_str()) {
            return Err(Refusal::from(sigu_case::Refusal::FieldStays(field.clone())).into());
        }
        if !disclosures.iter().any(|disclosure| disclosure.name().as_str() == field) {
            return Err(Refusal::UnknownField { item, field: field.clone() }.into());
        }
    }
    Ok(())
}
