//! The logs: key, checkpoint, how each begins and which one it continues.

use std::collections::{BTreeMap, BTreeSet};

use sigu_evidence::{ContentId, Fields};
use sigu_ledger::{Checkpoint, CheckpointError, Note, SignedCheckpoint, VerifyingKey};

use super::package::Reader;
use super::tally::Tally;
use super::{LeafFacts, VerifyFault};
use crate::path::{self, Role};
use crate::{Check, FindingCode, ItemId, LinkState, LogLink, LogReport};

/// One log of the package, as far as it could be read.
pub(super) struct LogFacts {
    pub(super) number: u32,
    pub(super) key: Option<VerifyingKey>,
    /// Only where the signature holds.
    pub(super) checkpoint: Option<Checkpoint>,
    /// The note as it stands in the package, signed or not.
    pub(super) note: Option<Vec<u8>>,
    key_confirmed: bool,
    continues: Option<LogLink>,
}

impl LogFacts {
    pub(super) fn into_report(self) -> LogReport {
        LogReport {
            number: self.number,
            origin: self.key.as_ref().map(|key| key.name().to_owned()).unwrap_or_default(),
            key_fingerprint: self.key.as_ref().map(VerifyingKey::fingerprint).unwrap_or_default(),
            size: self.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size),
            signature_ok: self.checkpoint.is_some(),
            key_confirmed: self.key_confirmed,
            continues: self.continues,
            stamps: Vec::new(),
        }
    }

    fn origin(&self) -> Option<&str> {
        self.key.as_ref().map(VerifyingKey::name)
    }
}

/// Reads the keys and checkpoints of all logs that occur, in order of their numbers.
pub(super) fn read(
    reader: &Reader<'_>,
    expected: Option<&str>,
    tally: &mut Tally,
) -> Result<Vec<LogFacts>, VerifyFault> {
    let mut logs = Vec::new();
    for number in numbers(reader) {
        let key = read_key(reader, number, tally)?;
        let (note, checkpoint) = read_checkpoint(reader, number, key.as_ref(), tally)?;
        let key_confirmed = key.as_ref().is_some_and(|key| Some(key.fingerprint().as_str()) == expected);
        logs.push(LogFacts { number, key, checkpoint, note, key_confirmed, continues: None });
    }
    Ok(logs)
}

fn numbers(reader: &Reader<'_>) -> BTreeSet<u32> {
    reader.package.files.iter().filter_map(|file| file.role.and_then(Role::log)).collect()
}

/// Finds a file every log must have; its absence is a finding.
fn must_find(reader: &Reader<'_>, path: &str, tally: &mut Tally) -> Option<usize> {
    let found = reader.package.find(path);
    if found.is_none() {
        tally.fail(FindingCode::FileMissing, path);
    }
    found
}

fn read_key(reader: &Reader<'_>, log: u32, tally: &mut Tally) -> Result<Option<VerifyingKey>, VerifyFault> {
    let (vkey_path, pem_path) = (path::in_log(log, "log.vkey"), path::in_log(log, "log.pem"));
    let (vkey, pem) = (must_find(reader, &vkey_path, tally), must_find(reader, &pem_path, tally));
    let Some(vkey) = vkey else { return Ok(None) };
    let text = reader.text(vkey)?.unwrap_or_default();
    let Some(key) = text.strip_suffix('\n').and_then(|line| VerifyingKey::parse(line).ok()) else {
        tally.fail(FindingCode::KeyMalformed, vkey_path);
        return Ok(None);
    };
    if let Some(pem) = pem
        && reader.bytes(pem)?.is_none_or(|bytes| bytes != key.to_pem().as_bytes())
    {
        tally.fail(FindingCode::PemDiffers, pem_path);
    }
    tally.cover(Check::LogKeys, 1);
    Ok(Some(key))
}

/// Reads `checkpoint.note`: its bytes, and what it says if the signature holds.
fn read_checkpoint(
    reader: &Reader<'_>,
    log: u32,
    key: Option<&VerifyingKey>,
    tally: &mut Tally,
) -> Result<(Option<Vec<u8>>, Option<Checkpoint>), VerifyFault> {
    let note_path = path::in_log(log, "checkpoint.note");
    let Some(index) = must_find(reader, &note_path, tally) else { return Ok((None, None)) };
    let (Some(note), Some(key)) = (reader.bytes(index)?, key) else { return Ok((None, None)) };
    let checkpoint = match SignedCheckpoint::verify(&note, key) {
        // A line by someone else would be covered by nothing, so version 1 has none.
        Ok(_) if Note::parse(&note).is_ok_and(|note| note.signatures().len() != 1) => {
            tally.fail(FindingCode::CheckpointMalformed, note_path);
            None
        }
        Ok(signed) => {
            tally.cover(Check::Checkpoints, 1);
            Some(signed.checkpoint().clone())
        }
        Err(CheckpointError::Signature(_)) => {
            tally.fail(FindingCode::CheckpointSignature, note_path);
            None
        }
        Err(CheckpointError::Note(_) | CheckpointError::Text(_) | CheckpointError::Origin) => {
            tally.fail(FindingCode::CheckpointMalformed, note_path);
            None
        }
    };
    Ok((Some(note), checkpoint))
}

/// Checks that each log begins with its key, and what each says it continues.
pub(super) fn check_beginnings(
    logs: &mut [LogFacts],
    leaves: &BTreeMap<ItemId, LeafFacts>,
    tally: &mut Tally,
) {
    for (at, leaf) in leaves {
        if leaf.kind == "genesis" && at.seq != 0 {
            tally.fail(FindingCode::GenesisMissing, path::leaf(*at));
        }
    }
    for index in 0..logs.len() {
        let at = ItemId::new(logs[index].number, 0);
        let Some(genesis) = leaves.get(&at).filter(|leaf| leaf.kind == "genesis") else {
            tally.fail(FindingCode::GenesisMissing, path::leaf(at));
            continue;
        };
        let key = logs[index].key.as_ref().map(ToString::to_string);
        if genesis.fields.text("log.vkey") != key.as_deref() {
            tally.fail(FindingCode::GenesisKey, path::disclosures(at));
        }
        if logs[..index]
            .iter()
            .any(|other| other.origin().is_some() && other.origin() == logs[index].origin())
        {
            tally.fail(FindingCode::OriginTwice, path::in_log(at.log, "log.vkey"));
        }
        logs[index].continues = link(&logs[..index], at, &genesis.fields, tally);
        tally.cover(Check::Logs, 1);
    }
}

/// What a genesis leaf says about the log before.
struct Previous<'a> {
    origin: &'a str,
    size: u64,
    root: &'a str,
    note_sha256: &'a str,
}

/// Reads the four fields; `Err` where only some are there, or not in their form.
fn previous(fields: &Fields) -> Result<Option<Previous<'_>>, ()> {
    if !["prev.origin", "prev.size", "prev.root", "prev.note_sha256"].iter().any(|name| fields.contains(name))
    {
        return Ok(None);
    }
    let size = fields.int("prev.size").and_then(|size| u64::try_from(size).ok());
    match (fields.text("prev.origin"), size, fields.text("prev.root"), fields.text("prev.note_sha256")) {
        (Some(origin), Some(size), Some(root), Some(note_sha256)) => {
            Ok(Some(Previous { origin, size, root, note_sha256 }))
        }
        _ => Err(()),
    }
}

/// Compares what a log says about the one before with the logs of lower number in the package.
fn link(before: &[LogFacts], at: ItemId, fields: &Fields, tally: &mut Tally) -> Option<LogLink> {
    let named = match previous(fields) {
        Ok(Some(previous)) => previous,
        Ok(None) if before.is_empty() => return None,
        Ok(None) | Err(()) => {
            tally.fail(FindingCode::LinkMissing, path::disclosures(at));
            return None;
        }
    };
    let same_origin = before.iter().find(|log| log.origin() == Some(named.origin));
    // The log of the number just before can only be the one that is named.
    let neighbour = before.last().filter(|log| log.number.checked_add(1) == Some(at.log));
    let state = match (same_origin, neighbour) {
        (Some(log), Some(next)) if log.number != next.number => LinkState::Broken,
        (None, Some(_)) => LinkState::Broken,
        (None, None) => LinkState::Claimed,
        (Some(log), _) => compare(log, &named),
    };
    if state == LinkState::Broken {
        tally.fail(FindingCode::LinkDiffers, path::disclosures(at));
    }
    Some(LogLink { origin: named.origin.to_owned(), size: named.size, state })
}

fn compare(log: &LogFacts, named: &Previous<'_>) -> LinkState {
    let (Some(checkpoint), Some(note)) = (&log.checkpoint, &log.note) else { return LinkState::Broken };
    let same_root = checkpoint.root.to_string() == named.root;
    let same_note = ContentId::of(note).to_string() == named.note_sha256;
    match checkpoint.size.cmp(&named.size) {
        std::cmp::Ordering::Less => LinkState::Broken,
        std::cmp::Ordering::Equal if same_root && same_note => LinkState::Joined,
        std::cmp::Ordering::Equal => LinkState::Broken,
        std::cmp::Ordering::Greater => LinkState::Later,
    }
}

/// Checks that the expected key occurs at all. Which logs it does not cover, the grade says.
pub(super) fn check_expected(logs: &[LogFacts], export: ItemId, tally: &mut Tally) {
    let Some(log) = logs.iter().find(|log| log.number == export.log) else { return };
    if !logs.iter().any(|log| log.key_confirmed) {
        let found = log.key.as_ref().map(VerifyingKey::fingerprint).unwrap_or_default();
        tally.fail_with(FindingCode::KeyUnexpected, path::in_log(log.number, "log.vkey"), found);
    }
}
