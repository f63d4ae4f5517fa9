//! A bundle in the making: first all that the export leaf commits to, then the leaf and what proves it.
//!
//! The order matters. [`Draft::contents_sha256`] is what the vault logs; only then is there a leaf, a checkpoint
//! and a proof, which [`Draft::finish`] adds without touching anything the leaf commits to.

use std::collections::{BTreeMap, BTreeSet};

use sigu_attestation::stored::{CONSISTENCY_FILE, MAX_CONSISTENCY_HASHES, write_consistency};
use sigu_evidence::{ContentId, Disclosure};
use sigu_ledger::{Hash, TlogProof, VerifyingKey};

use crate::name::BundleName;
use crate::path::{self, Role};
use crate::{BagInfo, Entry, ItemId, Layout, OutsideParts, StampId, bag, manifest, recipe};

/// One log of the vault, as far as it goes into the package.
#[derive(Clone, Debug)]
pub struct LogPart {
    /// The number of the log inside the vault, from 1.
    pub number: u32,
    /// The key that signs its checkpoints.
    pub key: VerifyingKey,
    /// The leaves to hand over, by index; the genesis leaf (0) among them.
    pub leaves: BTreeMap<u64, LeafPart>,
}

/// One leaf and what is disclosed of it.
#[derive(Clone, Debug)]
pub struct LeafPart {
    /// The leaf as logged.
    pub bytes: Vec<u8>,
    /// The fields to open; may be empty.
    pub disclosures: Vec<Disclosure>,
}

/// What proves the leaves of one log, once the export itself is logged.
#[derive(Clone, Debug)]
pub struct LogSeal {
    /// The number of the log.
    pub number: u32,
    /// The signed checkpoint all proofs lead to.
    pub checkpoint_note: String,
    /// The inclusion proof of every leaf of the log in the package, the export leaf among them.
    pub proofs: BTreeMap<u64, Vec<Hash>>,
    /// For each size of the log that outsiders have stamped: the consistency proof from there to this checkpoint,
    /// empty for its own size.
    pub consistency: BTreeMap<u64, Vec<Hash>>,
}

/// Why a bundle cannot be made of these parts.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// The day is not `yyyy-mm-dd`, or the identifier is empty or more than one line.
    #[error("bag-info values must be a day and one non-empty line")]
    BagInfo,
    /// An entry given as an item has another path than an item's, or one path occurs twice.
    #[error("{0} is not the path of one item of the package")]
    ItemPath(String),
    /// An item without its leaf.
    #[error("the package does not hold the leaf of item {0}")]
    ItemWithoutLeaf(ItemId),
    /// A log twice, numbered 0, or without its genesis leaf.
    #[error("log {0} is given twice, is not numbered from 1, or lacks leaf 0")]
    Log(u32),
    /// The name is not `sigu-<yyyymmdd>-<log>-<seq>` with the day of the bag and the position of the export leaf.
    #[error("the name does not say the day and the position of the export")]
    Name,
    /// The export leaf belongs to a log that is not in the package, or is there already.
    #[error("the export leaf {0} belongs to no log of the package, or is already in it")]
    Export(ItemId),
    /// Seals and logs do not correspond one to one.
    #[error("log {0} has not exactly one seal")]
    Seal(u32),
    /// Leaves and proofs of a log do not correspond one to one.
    #[error("log {0} has not exactly one proof for each leaf")]
    Proofs(u32),
    /// A stamp twice, without any proof, of no log of the package, or over a note that is not a checkpoint of its size.
    #[error("the stamp of log {} at size {} belongs to no log, has no proof, or is there twice", .0.log, .0.size)]
    Stamp(StampId),
    /// A proof that is empty, too large, twice, or not of its form.
    #[error("{0} is not a proof of its form")]
    Proof(String),
    /// A round twice, or whose signature does not hold.
    #[error("round {0} is there twice, or does not hold")]
    Round(u64),
    /// The page for strangers is empty, or larger than 4 MiB.
    #[error("the page for strangers is empty or too large")]
    CheckerPage,
    /// More than 64 stamps, 16 services of one stamp, or 4096 rounds.
    #[error("more outside proofs than a package holds")]
    TooManyProofs,
    /// Stamps and consistency proofs of a log do not correspond one to one.
    #[error("log {0} has not exactly one consistency proof for each stamp")]
    Consistency(u32),
}

/// Everything the export leaf will commit to.
#[derive(Clone, Debug)]
pub struct Draft {
    date: String,
    entries: Vec<Entry>,
    leaves: BTreeSet<ItemId>,
    logs: BTreeSet<u32>,
    stamps: BTreeSet<StampId>,
    contents: String,
}

impl Draft {
    /// Collects the parts, in order of their paths.
    ///
    /// `index_html` and `index_json` are taken as they are. Items must have their leaf among `logs`; that the leaf
    /// discloses their digest is for [`crate::verify`] to see. `outside` is what outsiders said before the export was
    /// logged; its default is nothing.
    pub fn new(
        bag: BagInfo,
        index_html: Vec<u8>,
        index_json: Vec<u8>,
        items: Vec<Entry>,
        logs: Vec<LogPart>,
        outside: OutsideParts,
    ) -> Result<Self, DraftError> {
        if !bag.is_valid() {
            return Err(DraftError::BagInfo);
        }
        let (leaves, numbers) = check_logs(&logs)?;
        check_items(&items, &leaves)?;
        let (proofs, stamps) = outside.entries(&logs)?;
        let mut entries = vec![
            Entry::bytes(path::BAGIT, bag::DECLARATION.into()),
            Entry::bytes(path::INDEX_HTML, index_html),
            Entry::bytes(path::INDEX_JSON, index_json),
            Entry::bytes(path::VERIFY_MD, recipe::VERIFY_MD.into()),
            Entry::bytes(path::CHECK_INCLUSION, recipe::CHECK_INCLUSION.into()),
        ];
        entries.extend(items);
        entries.extend(proofs);
        let payload = entries.iter().filter(|e| path::is_payload(&e.path));
        let (bytes, files) = payload.fold((0, 0), |(bytes, files), e| (bytes + e.size, files + 1));
        entries.push(Entry::bytes(path::BAG_INFO, bag.to_text(bytes, files).into()));
        for log in &logs {
            push_log(&mut entries, log);
        }
        sort(&mut entries);
        let contents = list(entries.iter());
        Ok(Self { date: bag.date, entries, leaves, logs: numbers, stamps, contents })
    }

    /// The SHA-256 of `trust/contents.txt`: the value of `export.contents_sha256` in the leaf to be logged.
    pub fn contents_sha256(&self) -> ContentId {
        ContentId::of(self.contents.as_bytes())
    }

    /// Adds the logged export leaf and what proves all leaves, and writes the manifests.
    ///
    /// `name` is the name of the top folder. That the proofs are right is for [`crate::verify`] to see.
    pub fn finish(
        self,
        name: &str,
        export: (ItemId, LeafPart),
        seals: Vec<LogSeal>,
    ) -> Result<Layout, DraftError> {
        let (at, leaf) = export;
        let Self { date, mut entries, mut leaves, logs, stamps, contents } = self;
        BundleName::parse(name).filter(|n| n.is_for(&date, at)).ok_or(DraftError::Name)?;
        if !logs.contains(&at.log) || !leaves.insert(at) {
            return Err(DraftError::Export(at));
        }
        push_leaf(&mut entries, at, &leaf);
        entries.push(Entry::bytes(path::CONTENTS, contents.into_bytes()));
        check_seals(&seals, &logs, &leaves, &stamps)?;
        for seal in seals {
            push_seal(&mut entries, seal);
        }
        push_manifests(&mut entries);
        Ok(Layout::new(name.to_owned(), entries))
    }
}

fn check_logs(logs: &[LogPart]) -> Result<(BTreeSet<ItemId>, BTreeSet<u32>), DraftError> {
    let (mut leaves, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    for log in logs {
        if log.number == 0 || !log.leaves.contains_key(&0) || !numbers.insert(log.number) {
            return Err(DraftError::Log(log.number));
        }
        leaves.extend(log.leaves.keys().map(|seq| ItemId::new(log.number, *seq)));
    }
    Ok((leaves, numbers))
}

fn check_items(items: &[Entry], leaves: &BTreeSet<ItemId>) -> Result<(), DraftError> {
    let mut seen = BTreeSet::new();
    for item in items {
        let Some(Role::Item(at)) = Role::of(&item.path) else {
            return Err(DraftError::ItemPath(item.path.clone()));
        };
        if !seen.insert(at) {
            return Err(DraftError::ItemPath(item.path.clone()));
        }
        if !leaves.contains(&at) {
            return Err(DraftError::ItemWithoutLeaf(at));
        }
    }
    Ok(())
}

fn check_seals(
    seals: &[LogSeal],
    logs: &BTreeSet<u32>,
    leaves: &BTreeSet<ItemId>,
    stamps: &BTreeSet<StampId>,
) -> Result<(), DraftError> {
    let mut open = logs.clone();
    for seal in seals {
        if !open.remove(&seal.number) {
            return Err(DraftError::Seal(seal.number));
        }
        let of_log = ItemId::new(seal.number, 0)..=ItemId::new(seal.number, u64::MAX);
        if !leaves.range(of_log).map(|at| &at.seq).eq(seal.proofs.keys()) {
            return Err(DraftError::Proofs(seal.number));
        }
        let of_log = stamps.iter().filter(|of| of.log == seal.number).map(|of| &of.size);
        let short = seal.consistency.values().all(|proof| proof.len() <= MAX_CONSISTENCY_HASHES);
        if !short || !of_log.eq(seal.consistency.keys()) {
            return Err(DraftError::Consistency(seal.number));
        }
    }
    open.first().map_or(Ok(()), |number| Err(DraftError::Seal(*number)))
}

fn push_log(entries: &mut Vec<Entry>, log: &LogPart) {
    let vkey = format!("{}\n", log.key);
    entries.push(Entry::bytes(path::in_log(log.number, "log.vkey"), vkey.into()));
    entries.push(Entry::bytes(path::in_log(log.number, "log.pem"), log.key.to_pem().into()));
    for (seq, leaf) in &log.leaves {
        push_leaf(entries, ItemId::new(log.number, *seq), leaf);
    }
}

fn push_leaf(entries: &mut Vec<Entry>, at: ItemId, leaf: &LeafPart) {
    entries.push(Entry::bytes(path::leaf(at), leaf.bytes.clone()));
    let mut opened: Vec<&Disclosure> = leaf.disclosures.iter().collect();
    opened.sort_by(|a, b| a.name().cmp(b.name()));
    let lines: String = opened.iter().map(|d| format!("{}\n", d.encoded())).collect();
    entries.push(Entry::bytes(path::disclosures(at), lines.into()));
}

fn push_seal(entries: &mut Vec<Entry>, seal: LogSeal) {
    for (index, hashes) in seal.proofs {
        let proof = TlogProof { index, hashes, checkpoint_note: seal.checkpoint_note.clone(), extra: None };
        let at = ItemId::new(seal.number, index);
        entries.push(Entry::bytes(path::proof(at), proof.to_text().into()));
    }
    for (size, hashes) in seal.consistency {
        let of = StampId { log: seal.number, size };
        let text = write_consistency(&hashes);
        entries.push(Entry::bytes(path::stamped(of, CONSISTENCY_FILE), text.into()));
    }
    let note = path::in_log(seal.number, "checkpoint.note");
    entries.push(Entry::bytes(note, seal.checkpoint_note.into()));
}

/// Adds both manifests; the second lists the first.
fn push_manifests(entries: &mut Vec<Entry>) {
    sort(entries);
    let payload = list(entries.iter().filter(|e| path::is_payload(&e.path)));
    entries.push(Entry::bytes(path::MANIFEST, payload.into()));
    sort(entries);
    let tags = list(entries.iter().filter(|e| !path::is_payload(&e.path)));
    entries.push(Entry::bytes(path::TAG_MANIFEST, tags.into()));
    sort(entries);
}

fn list<'a>(entries: impl Iterator<Item = &'a Entry>) -> String {
    let mut text = String::new();
    for entry in entries {
        manifest::push_line(&mut text, &entry.sha256, &entry.path);
    }
    text
}

fn sort(entries: &mut [Entry]) {
    entries.sort_by(|a, b| a.path.cmp(&b.path));
}
