//! Which leaves of an order go into a package, and which of their fields are told.

use sigu_bundle::Entry;
use sigu_case::OrderId;
use sigu_evidence::{Disclosure, Fields, ItemId, ItemManifest, find_secrets};

use super::IndexItem;
use crate::error::{Refusal, Result};
use crate::projection::order_key;
use crate::rows;
use crate::vault::Vault;

/// What stays hidden in a package. Card secrets do, unless `include_secrets` says otherwise.
#[derive(Debug, Clone, Default)]
pub struct Withhold {
    /// Fields by name, in all leaves; `blob` stands for `blob.…`, and so on for every beginning of a name.
    pub fields: Vec<String>,
    /// Fields of one leaf.
    pub of_items: Vec<(ItemId, String)>,
    /// Whether card secrets are told all the same.
    pub include_secrets: bool,
}

/// One leaf with what is told and what is withheld of it.
pub(super) struct Part {
    pub(super) item: ItemId,
    pub(super) bytes: Vec<u8>,
    pub(super) told: Vec<Disclosure>,
    withheld: Vec<String>,
    kind: String,
    claimed_at: String,
    manifest: Option<ItemManifest>,
}

impl Part {
    fn new(
        item: ItemId,
        bytes: Vec<u8>,
        disclosures: Vec<Disclosure>,
        kind: String,
        claimed_at: String,
        fields: &Fields,
        rule: &Withhold,
    ) -> Self {
        let (withheld, mut told): (Vec<Disclosure>, Vec<Disclosure>) =
            disclosures.into_iter().partition(|disclosure| hides(rule, item, disclosure, fields));
        told.sort_by(|one, other| one.name().cmp(other.name()));
        let withheld = withheld.iter().map(|disclosure| disclosure.name().to_string()).collect();
        Self {
            item,
            bytes,
            told,
            withheld,
            kind,
            claimed_at,
            manifest: ItemManifest::from_fields(fields).ok(),
        }
    }

    /// The manifest, where the content's digest is told: then the content goes along.
    pub(super) fn told_manifest(&self) -> Option<&ItemManifest> {
        self.manifest.as_ref().filter(|_| !self.withheld.iter().any(|field| field == "blob.sha256"))
    }

    pub(super) fn withheld_names(&self) -> Vec<String> {
        let item = self.item;
        self.withheld.iter().map(|field| format!("{item} {field}")).collect()
    }

    pub(super) fn index(&self, entries: &[Entry]) -> IndexItem {
        let of_item =
            |entry: &&Entry| matches!(entry.body, sigu_bundle::Body::Item(item) if item == self.item);
        IndexItem {
            item: self.item,
            kind: self.kind.clone(),
            claimed_at: self.claimed_at.clone(),
            fields: self.told.iter().map(|told| (told.name().to_string(), told.value().clone())).collect(),
            withheld: self.withheld.clone(),
            path: entries.iter().find(of_item).map(|entry| entry.path.clone()),
        }
    }
}

/// Decides over one field.
fn hides(rule: &Withhold, item: ItemId, disclosure: &Disclosure, fields: &Fields) -> bool {
    let name = disclosure.name().as_str();
    let named =
        |field: &str| name == field || name.strip_prefix(field).is_some_and(|rest| rest.starts_with('.'));
    // An earlier package's commitment says nothing here, and there may be only one.
    if name.starts_with("export.") {
        return true;
    }
    if rule.fields.iter().any(|field| named(field)) {
        return true;
    }
    if rule.of_items.iter().any(|(of, field)| *of == item && named(field)) {
        return true;
    }
    // Without its digest a content cannot be matched, and its size alone narrows a guess.
    let hides_content = |field: &str| {
        rule.fields.iter().any(|f| f == field)
            || rule.of_items.iter().any(|(of, f)| *of == item && f == field)
    };
    if name.starts_with("blob.") && hides_content("blob.sha256") {
        return true;
    }
    !rule.include_secrets && is_secret(name, disclosure, fields)
}

/// Card secrets: the content of a secret item, a message that has a masked form, and free texts with a secret in them.
fn is_secret(name: &str, disclosure: &Disclosure, fields: &Fields) -> bool {
    match name {
        "blob.sha256" | "blob.size" => fields.flag("secret") == Some(true),
        "text" => fields.contains("text.masked"),
        "note" | "file.name" | "order.title" => {
            matches!(disclosure.value(), sigu_evidence::FieldValue::Text(text) if !find_secrets(text).is_empty())
        }
        _ => false,
    }
}

/// The extension of a content's file in the package: that of its name if it is plain, else that of its kind.
pub(super) fn extension(manifest: &ItemManifest) -> String {
    let of_name = manifest
        .file_name
        .as_deref()
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, ext)| ext.to_ascii_lowercase());
    let plain = |ext: &String| {
        (1..=8).contains(&ext.len())
            && ext.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    of_name
        .filter(plain)
        .unwrap_or_else(|| if manifest.media_type.starts_with("text/") { "txt".into() } else { "bin".into() })
}

impl Vault {
    /// The leaves of an order, each with what is told of it.
    pub(super) fn parts(&self, order: &OrderId, rule: &Withhold) -> Result<Vec<Part>> {
        let row = self.row_key();
        let key = order_key(&row, order);
        let at_work = rule.clone();
        let parts: Vec<Part> = self.store().call(move |connection| {
            let mut query =
                connection.prepare_cached("SELECT id FROM case_events WHERE order_key = ?1 ORDER BY id")?;
            let ids = query
                .query_map([key], |columns| columns.get::<_, i64>(0))?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            ids.into_iter()
                .map(|id| {
                    let item = rows::item_of(id);
                    let (bytes, sealed) = rows::leaf(connection, item)?.ok_or(Refusal::UnknownItem(item))?;
                    let (leaf, fields) = crate::log::read_leaf(&row, item, &bytes, &sealed)?;
                    let disclosures = rows::open_disclosures(&row, item, &sealed)?;
                    Ok(Part::new(item, bytes, disclosures, leaf.kind, leaf.at, &fields, &at_work))
                })
                .collect()
        })?;
        check_rule(rule, &parts)?;
        Ok(parts)
    }
}

/// Refuses a field to withhold that nothing has: a typing error must not let something out.
fn check_rule(rule: &Withhold, parts: &[Part]) -> Result<()> {
    let matches = |part: &Part, field: &str| {
        part.withheld
            .iter()
            .any(|name| name == field || name.strip_prefix(field).is_some_and(|rest| rest.starts_with('.')))
    };
    let first = parts.first().map_or(ItemId { log: 1, seq: 0 }, |part| part.item);
    for field in &rule.fields {
        if !parts.iter().any(|part| matches(part, field)) {
            return Err(Refusal::UnknownField { item: first, field: field.clone() }.into());
        }
    }
    for (item, field) in &rule.of_items {
        if !parts.iter().any(|part| part.item == *item && matches(part, field)) {
            return Err(Refusal::UnknownField { item: *item, field: field.clone() }.into());
        }
    }
    Ok(())
}
