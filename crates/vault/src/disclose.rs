//! Opening withheld fields of one leaf later, for somebody who has the package already.

use std::io::Read;

use sigu_bundle::LateDisclosure;
use sigu_evidence::ItemId;

use crate::error::{Damage, Refusal, Result};
use crate::vault::Vault;
use crate::{blobs, rows};

/// The largest content that goes into the file itself, in bytes.
pub const MAX_DISCLOSED_CONTENT: u64 = 64 << 20;

impl Vault {
    /// Opens fields of a leaf; `blob` stands for all that begin with `blob.`, and brings the content along.
    ///
    /// # Errors
    /// Refuses unknown items, fields the leaf does not have, and contents over [`MAX_DISCLOSED_CONTENT`].
    pub fn disclose(&self, item: ItemId, fields: &[String]) -> Result<LateDisclosure> {
        let all = self.disclosures(item)?;
        let named = |name: &str, field: &str| {
            name == field || name.strip_prefix(field).is_some_and(|rest| rest.starts_with('.'))
        };
        for field in fields {
            if !all.iter().any(|disclosure| named(disclosure.name().as_str(), field)) {
                return Err(Refusal::UnknownField { item, field: field.clone() }.into());
            }
        }
        let wanted = |name: &str| fields.iter().any(|field| named(name, field));
        let disclosures: Vec<_> =
            all.into_iter().filter(|disclosure| wanted(disclosure.name().as_str())).collect();
        let content = if wanted("blob.sha256") { Some(self.content(item)?) } else { None };
        let logs = self.store().call(|connection| rows::logs(connection))?;
        let log = logs.into_iter().find(|log| log.log == item.log).ok_or(Refusal::UnknownItem(item))?;
        Ok(LateDisclosure { origin: log.key.name().to_owned(), seq: item.seq, disclosures, content })
    }

    /// Returns the content of an item, compared with its leaf.
    ///
    /// # Errors
    /// Refuses unknown items and contents over [`MAX_DISCLOSED_CONTENT`]; reports one that is gone or is not what its
    /// leaf says as damage.
    pub fn content(&self, item: ItemId) -> Result<Vec<u8>> {
        let (_, fields) = self.leaf_fields(item)?;
        let manifest = sigu_evidence::ItemManifest::from_fields(&fields).map_err(|_| Damage::Blob(item))?;
        if manifest.size > MAX_DISCLOSED_CONTENT {
            return Err(Refusal::ContentTooLarge { item, size: manifest.size }.into());
        }
        self.verify_blob(item, &manifest, &|_| {})?;
        let mut content = Vec::new();
        blobs::open(&self.layout, &self.keys.name.name(&manifest.content), &self.keys.vault)
            .and_then(|mut reader| reader.read_to_end(&mut content))
            .map_err(|_| Damage::Blob(item))?;
        Ok(content)
    }

    /// Returns at most `most` bytes of an item's content from byte `start` on, for a film that is played while it is
    /// read. Every byte is authenticated as the vault's; only [`Vault::content`] compares the whole with its leaf.
    ///
    /// # Errors
    /// Refuses unknown items; reports content that is gone or altered as damage.
    pub fn content_part(&self, item: ItemId, start: u64, most: u64) -> Result<Vec<u8>> {
        let (_, fields) = self.leaf_fields(item)?;
        let manifest = sigu_evidence::ItemManifest::from_fields(&fields).map_err(|_| Damage::Blob(item))?;
        let mut content = Vec::new();
        if start >= manifest.size {
            return Ok(content);
        }
        let read = |mut reader: blobs::BlobReader| {
            reader.go_to(start)?;
            reader.take(most).read_to_end(&mut content)
        };
        blobs::open(&self.layout, &self.keys.name.name(&manifest.content), &self.keys.vault)
            .and_then(read)
            .map_err(|_| Damage::Blob(item))?;
        Ok(content)
    }
}
