//! Making a package of one order: what to tell, what to withhold, and the leaf that binds it all.
//!
//! In this order: every content is read and compared with its leaf → the parts are laid out → the leaf `export.made`, which
//! commits to them, is logged → the proofs under its checkpoint → the file is written beside its place and moved there.
//! A package that could not be written has its leaf all the same; the leaf says that one was about to leave.

mod outside;
mod parts;
mod place;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use sigu_bundle::{BagInfo, Draft, Entry, LeafPart, LogPart, LogSeal, StampId};
use sigu_case::{Command, Order, OrderId};
use sigu_evidence::{ContentId, FieldValue, Fields, ItemId, ItemManifest, Recipient};
use sigu_ledger::{Hash, consistency_proof, inclusion_proof};

use crate::append::NewLeaf;
use crate::error::{Damage, Error, Fault, Refusal, Result};
use crate::rows;
use crate::vault::{Progress, Vault};

use parts::Part;
pub use parts::Withhold;

/// What to export and where to.
#[derive(Debug, Clone)]
pub struct ExportPlan {
    /// The order.
    pub order: OrderId,
    /// What stays hidden.
    pub withhold: Withhold,
    /// Sealed for this recipient alone; in clear for everyone without.
    pub recipient: Option<Recipient>,
    /// The file to write, which must not exist; without it, the package's own name in `folder`.
    pub out: Option<PathBuf>,
    /// Where the package goes if it has no other name.
    pub folder: PathBuf,
    /// The page for strangers that goes along, whole.
    pub checker_page: Option<Vec<u8>>,
}

/// One line of a package's list for people.
#[derive(Debug, Clone, Serialize)]
pub struct IndexItem {
    /// The leaf.
    pub item: ItemId,
    /// What kind of event it is.
    pub kind: String,
    /// The device's clock when it was logged: a claim.
    pub claimed_at: String,
    /// The fields told.
    pub fields: Vec<(String, FieldValue)>,
    /// The names of the fields withheld.
    pub withheld: Vec<String>,
    /// The content's file in the package, if it is in it.
    pub path: Option<String>,
}

/// The two forms of the list: for people and for programs.
#[derive(Debug, Clone)]
pub struct IndexPages {
    /// `data/index.html`.
    pub html: Vec<u8>,
    /// `data/index.json`.
    pub json: Vec<u8>,
}

/// What left the house.
#[derive(Debug, Clone, Serialize)]
pub struct ExportSummary {
    /// The file.
    pub path: PathBuf,
    /// The leaf that says so.
    pub logged_as: ItemId,
    /// Bytes of the file.
    pub bytes: u64,
    /// Contents in it.
    pub items: usize,
    /// Leaves in it.
    pub leaves: usize,
    /// Withheld fields, as `<item> <field>`.
    pub withheld: Vec<String>,
    /// The fingerprint of the newest log's key, to be told by another way.
    pub key_fingerprint: String,
}

impl Vault {
    /// Makes a package of one order. `render` makes the list for people; `progress` hears of bytes read and written.
    ///
    /// # Errors
    /// Refuses an unknown order, one with nothing in it, a field to withhold that nothing has, a file that exists; reports content that is
    /// not what its leaf says as damage, before anything is logged.
    pub fn export(
        &self,
        plan: &ExportPlan,
        at: Timestamp,
        render: &dyn Fn(&Order, &[IndexItem]) -> IndexPages,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<ExportSummary> {
        let order =
            self.order(&plan.order)?.ok_or_else(|| sigu_case::Refusal::UnknownOrder(plan.order.clone()))?;
        if order.exhibits.is_empty() && order.messages.is_empty() {
            return Err(Refusal::NothingToExport(plan.order.clone()).into());
        }
        place::refuse_taken(plan.out.as_deref())?;
        let parts = self.parts(&plan.order, &plan.withhold)?;
        let entries = self.contents(&parts, progress)?;
        let list: Vec<IndexItem> = parts.iter().map(|part| part.index(&entries)).collect();
        let pages = render(&order, &list);
        let date =
            at.to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap_or(jiff::tz::TimeZone::UTC)).date();
        let bag = BagInfo { date: date.to_string(), external_identifier: plan.order.to_string() };
        let logs = self.log_parts(&parts)?;
        // Before the export is logged: its leaf commits to them.
        let outside = self.outside_parts(&logs, plan.checker_page.clone())?;
        let stamped: Vec<StampId> = outside.stamps.iter().map(|stamp| stamp.of).collect();
        let draft = Draft::new(bag, pages.html, pages.json, entries.clone(), logs.clone(), outside)
            .map_err(package)?;
        let withheld: Vec<String> = parts.iter().flat_map(Part::withheld_names).collect();
        let (item, leaf) = self.log_export(plan, &draft.contents_sha256(), &withheld, at)?;
        let name = format!("sigu-{}-{item}", date.strftime("%Y%m%d"));
        let seals = self.seals(&logs, item, stamped)?;
        let leaves = seals.iter().map(|seal| seal.proofs.len()).sum();
        let layout = draft.finish(&name, (item, leaf), seals).map_err(package)?;
        let path = plan.out.clone().unwrap_or_else(|| {
            plan.folder.join(if plan.recipient.is_some() {
                format!("{name}.zip.age")
            } else {
                format!("{name}.zip")
            })
        });
        let bytes = place::write(self, &layout, &path, plan.recipient.as_ref(), progress)?;
        let key_fingerprint =
            self.logs()?.pop().map(|(_, _, fingerprint, _)| fingerprint).unwrap_or_default();
        Ok(ExportSummary {
            path,
            logged_as: item,
            bytes,
            items: entries.len(),
            leaves,
            withheld,
            key_fingerprint,
        })
    }

    /// Logs the export and returns its leaf with what is told of it: everything.
    fn log_export(
        &self,
        plan: &ExportPlan,
        contents: &ContentId,
        withheld: &[String],
        at: Timestamp,
    ) -> Result<(ItemId, LeafPart)> {
        let _lock = self.begin_write()?;
        let mut extra = Fields::new();
        let put = |fields: &mut Fields, name: &str, value: FieldValue| {
            fields.put(name, value).map_err(|_| Error::from(Refusal::EntryTooLarge))
        };
        put(&mut extra, "export.contents_sha256", contents.to_string().into())?;
        put(&mut extra, "export.withheld", withheld.to_vec().into())?;
        if let Some(recipient) = &plan.recipient {
            put(&mut extra, "export.recipient", recipient.to_string().into())?;
        }
        let adorn = |mut leaf: NewLeaf| {
            for (name, value) in extra.iter() {
                leaf.fields
                    .insert(name.clone(), value.clone())
                    .map_err(|_| Error::from(Refusal::EntryTooLarge))?;
            }
            Ok(leaf)
        };
        let items =
            self.execute_locked(&[Command::MakeExport { order: plan.order.clone() }], at, adorn, Vec::new())?;
        let item = items[0];
        Ok((item, LeafPart { bytes: self.leaf_bytes(item)?, disclosures: self.disclosures(item)? }))
    }

    pub(crate) fn leaf_bytes(&self, item: ItemId) -> Result<Vec<u8>> {
        self.store()
            .call(move |connection| Ok(rows::leaf(connection, item)?.ok_or(Refusal::UnknownItem(item))?.0))
    }

    /// Reads every content that goes along and compares it with its leaf, on all cores.
    fn contents(&self, parts: &[Part], progress: &(dyn Fn(Progress) + Sync)) -> Result<Vec<Entry>> {
        let wanted: Vec<(ItemId, &ItemManifest)> =
            parts.iter().filter_map(|part| Some((part.item, part.told_manifest()?))).collect();
        let threads = crate::blobs::threads(wanted.len());
        let chunks: Vec<Vec<(ItemId, &ItemManifest)>> =
            (0..threads).map(|n| wanted.iter().skip(n).step_by(threads).copied().collect()).collect();
        let read = std::thread::scope(|scope| {
            let workers: Vec<_> = chunks
                .into_iter()
                .map(|chunk| {
                    scope.spawn(move || {
                        chunk
                            .into_iter()
                            .map(|(item, manifest)| {
                                let seen = |bytes| progress(Progress { bytes, files: 0 });
                                let read = self.verify_blob(item, manifest, &seen)?;
                                progress(Progress { bytes: 0, files: 1 });
                                let ext = parts::extension(manifest);
                                Ok(Entry::item(item, &ext, read.size, read.crc32, read.content))
                            })
                            .collect::<Result<Vec<Entry>>>()
                    })
                })
                .collect();
            workers
                .into_iter()
                .map(|worker| worker.join().expect("a reader returns its failures"))
                .collect::<Result<Vec<_>>>()
        })?;
        let mut entries: Vec<Entry> = read.into_iter().flatten().collect();
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(entries)
    }

    /// Groups the leaves by log; the genesis leaf of each log, and of all logs after the first, are among them:
    /// without them the links between the logs could not be shown.
    fn log_parts(&self, parts: &[Part]) -> Result<Vec<LogPart>> {
        let logs = self.store().call(|connection| rows::logs(connection))?;
        let newest = logs.last().map_or(0, |log| log.log);
        let mut grouped = Vec::new();
        for log in logs {
            let leaves = parts.iter().filter(|part| part.item.log == log.log);
            let mut leaves: std::collections::BTreeMap<u64, LeafPart> = leaves
                .map(|part| {
                    (part.item.seq, LeafPart { bytes: part.bytes.clone(), disclosures: part.told.clone() })
                })
                .collect();
            if leaves.is_empty() && grouped.is_empty() && log.log != newest {
                continue;
            }
            let genesis = ItemId { log: log.log, seq: 0 };
            let part = LeafPart { bytes: self.leaf_bytes(genesis)?, disclosures: self.disclosures(genesis)? };
            leaves.insert(0, part);
            grouped.push(LogPart { number: log.log, key: log.key, leaves });
        }
        Ok(grouped)
    }

    /// Proves all leaves under the newest checkpoint of each log.
    fn seals(&self, logs: &[LogPart], export: ItemId, stamped: Vec<StampId>) -> Result<Vec<LogSeal>> {
        let wanted: Vec<(u32, Vec<u64>)> = logs
            .iter()
            .map(|log| {
                let export = (log.number == export.log).then_some(export.seq);
                (log.number, log.leaves.keys().copied().chain(export).collect())
            })
            .collect();
        self.store().call(move |connection| {
            wanted
                .into_iter()
                .map(|(log, leaves)| {
                    let (size, note) = rows::newest_checkpoint(connection, log)?;
                    let mut tiles = TileCache::new(connection, log);
                    let proofs = leaves.into_iter().map(|seq| {
                        let proof = inclusion_proof(seq, size, &mut |id| tiles.read(id))
                            .map_err(|error| Damage::row("tiles", log, error))?;
                        Ok((seq, proof))
                    });
                    let proofs = proofs.collect::<Result<_>>()?;
                    let seen = stamped.iter().filter(|of| of.log == log && of.size < size);
                    let consistency = seen.map(|of| {
                        let hashes = consistency_proof(of.size, size, &mut |id| tiles.read(id))
                            .map_err(|error| Damage::row("tiles", log, error))?;
                        Ok((of.size, hashes))
                    });
                    let mut consistency: BTreeMap<u64, Vec<Hash>> = consistency.collect::<Result<_>>()?;
                    let own = stamped.iter().any(|of| of.log == log && of.size == size);
                    consistency.extend(own.then(|| (size, Vec::new())));
                    Ok(LogSeal { number: log, checkpoint_note: note, proofs, consistency })
                })
                .collect()
        })
    }
}

/// Tiles read once: ten thousand proofs touch the same few.
struct TileCache<'a> {
    connection: &'a rusqlite::Connection,
    log: u32,
    tiles: std::collections::HashMap<sigu_ledger::TileId, Arc<Vec<sigu_ledger::Hash>>>,
}

impl<'a> TileCache<'a> {
    fn new(connection: &'a rusqlite::Connection, log: u32) -> Self {
        Self { connection, log, tiles: std::collections::HashMap::new() }
    }

    fn read(&mut self, id: sigu_ledger::TileId) -> Result<Vec<sigu_ledger::Hash>> {
        if let Some(tile) = self.tiles.get(&id) {
            return Ok(tile.to_vec());
        }
        let tile = rows::tile(self.connection, self.log, id)?;
        self.tiles.insert(id, Arc::new(tile.clone()));
        Ok(tile)
    }
}

fn package(error: impl std::fmt::Display) -> Error {
    Fault::Package(error.to_string()).into()
}
