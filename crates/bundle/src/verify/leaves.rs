//! The leaves: their form, their place in the log, and what is opened of them, at once or later.

use std::collections::BTreeMap;

use sigu_evidence::{Disclosure, DisclosureError, Fields, match_all};
use sigu_ledger::{Leaf, NotBefore, TlogProof, leaf_hash, verify_inclusion};

use super::VerifyFault;
use super::logs::LogFacts;
use super::package::Reader;
use super::tally::Tally;
use crate::path::{self, Role};
use crate::{Check, FindingCode, ItemId, LateDisclosure};

/// One leaf as far as it could be read.
pub(super) struct LeafFacts {
    pub(super) kind: String,
    pub(super) at: String,
    pub(super) digests: usize,
    /// What the package opens.
    pub(super) fields: Fields,
    /// What was opened later.
    pub(super) late_fields: Fields,
    /// A content handed over later.
    pub(super) late_content: Option<Vec<u8>>,
    pub(super) in_log: bool,
    /// What the leaf says it is younger than.
    pub(super) not_before: Option<NotBefore>,
}

/// Later disclosures by the leaf they speak of.
pub(super) struct LateByLeaf<'a>(BTreeMap<ItemId, Vec<&'a LateDisclosure>>);

impl<'a> LateByLeaf<'a> {
    /// Finds the log of each by its origin; what speaks of no log of the package is a finding.
    pub(super) fn new(all: &'a [LateDisclosure], logs: &[LogFacts], tally: &mut Tally) -> Self {
        let mut by_leaf: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for late in all {
            let same = |log: &&LogFacts| log.key.as_ref().is_some_and(|key| key.name() == late.origin);
            match logs.iter().find(same) {
                Some(log) => by_leaf.entry(ItemId::new(log.number, late.seq)).or_default().push(late),
                None => tally.fail_with(FindingCode::LateUnknownLog, "", &late.origin),
            }
        }
        Self(by_leaf)
    }
}

/// The three files of one leaf.
#[derive(Clone, Copy, Default)]
struct Files {
    leaf: Option<usize>,
    proof: Option<usize>,
    disclosures: Option<usize>,
}

/// Reads and checks all leaves; those that are no leaves are missing from the answer.
pub(super) fn read(
    reader: &Reader<'_>,
    logs: &[LogFacts],
    late: &LateByLeaf<'_>,
    tally: &mut Tally,
) -> Result<BTreeMap<ItemId, LeafFacts>, VerifyFault> {
    let mut leaves = BTreeMap::new();
    for (at, files) in group(reader) {
        check_complete(at, files, tally);
        let Some((bytes, leaf)) = read_leaf(reader, at, files, tally)? else { continue };
        let log = logs.iter().find(|log| log.number == at.log);
        let in_log = check_proof(reader, at, files, log, &bytes, tally)?;
        let disclosures = read_disclosures(reader, at, files, tally)?;
        let fields = open_fields(&leaf.sd, &disclosures, at, tally);
        let mut facts = LeafFacts {
            kind: leaf.kind,
            at: leaf.at,
            digests: leaf.sd.len(),
            fields,
            late_fields: Fields::new(),
            late_content: None,
            in_log,
            not_before: leaf.not_before,
        };
        open_late(&mut facts, &leaf.sd, disclosures, at, late, tally);
        leaves.insert(at, facts);
    }
    for at in late.0.keys().filter(|at| !leaves.contains_key(at)) {
        tally.fail(FindingCode::LateUnknownLeaf, path::leaf(*at));
    }
    Ok(leaves)
}

fn group(reader: &Reader<'_>) -> BTreeMap<ItemId, Files> {
    let mut all: BTreeMap<ItemId, Files> = BTreeMap::new();
    for (index, file) in reader.package.files.iter().enumerate() {
        match file.role {
            Some(Role::Leaf(at)) => all.entry(at).or_default().leaf = Some(index),
            Some(Role::Proof(at)) => all.entry(at).or_default().proof = Some(index),
            Some(Role::Disclosures(at)) => all.entry(at).or_default().disclosures = Some(index),
            _ => {}
        }
    }
    all
}

fn check_complete(at: ItemId, files: Files, tally: &mut Tally) {
    for (found, path) in [
        (files.leaf, path::leaf(at)),
        (files.proof, path::proof(at)),
        (files.disclosures, path::disclosures(at)),
    ] {
        if found.is_none() {
            tally.fail(FindingCode::LeafIncomplete, path);
        }
    }
}

/// Reads a leaf from its stored bytes, which are also what is hashed.
fn read_leaf(
    reader: &Reader<'_>,
    at: ItemId,
    files: Files,
    tally: &mut Tally,
) -> Result<Option<(Vec<u8>, Leaf)>, VerifyFault> {
    let Some(index) = files.leaf else { return Ok(None) };
    let Some(bytes) = reader.bytes(index)? else { return Ok(None) };
    match Leaf::parse(&bytes) {
        Ok(leaf) => {
            if leaf.seq != at.seq {
                tally.fail_with(FindingCode::LeafNumber, path::leaf(at), leaf.seq);
            }
            tally.cover(Check::Leaves, 1);
            Ok(Some((bytes, leaf)))
        }
        Err(_) => {
            tally.fail(FindingCode::LeafMalformed, path::leaf(at));
            Ok(None)
        }
    }
}

/// Checks that a leaf is under the signed checkpoint of its log; answers whether that was shown.
fn check_proof(
    reader: &Reader<'_>,
    at: ItemId,
    files: Files,
    log: Option<&LogFacts>,
    leaf: &[u8],
    tally: &mut Tally,
) -> Result<bool, VerifyFault> {
    let Some(index) = files.proof else { return Ok(false) };
    let Some(bytes) = reader.bytes(index)? else { return Ok(false) };
    let parsed = TlogProof::parse(&bytes).ok().filter(|proof| proof.to_text().as_bytes() == bytes);
    // `extra` is covered by no signature, so version 1 has none.
    let Some(proof) = parsed.filter(|proof| proof.extra.is_none()) else {
        tally.fail(FindingCode::ProofMalformed, path::proof(at));
        return Ok(false);
    };
    if proof.index != at.seq {
        tally.fail_with(FindingCode::ProofIndex, path::proof(at), proof.index);
        return Ok(false);
    }
    if log.and_then(|log| log.note.as_deref()) != Some(proof.checkpoint_note.as_bytes()) {
        tally.fail(FindingCode::ProofCheckpoint, path::proof(at));
        return Ok(false);
    }
    // Without a signed checkpoint there is nothing to be under; that has its finding already.
    let Some(checkpoint) = log.and_then(|log| log.checkpoint.as_ref()) else { return Ok(false) };
    let included =
        verify_inclusion(&leaf_hash(leaf), at.seq, checkpoint.size, &proof.hashes, &checkpoint.root);
    if included.is_err() {
        tally.fail(FindingCode::NotIncluded, path::proof(at));
        return Ok(false);
    }
    tally.cover(Check::Inclusion, 1);
    Ok(true)
}

fn read_disclosures(
    reader: &Reader<'_>,
    at: ItemId,
    files: Files,
    tally: &mut Tally,
) -> Result<Vec<Disclosure>, VerifyFault> {
    let Some(index) = files.disclosures else { return Ok(Vec::new()) };
    let Some(bytes) = reader.bytes(index)? else { return Ok(Vec::new()) };
    let lines = String::from_utf8(bytes).ok().filter(|text| text.is_empty() || text.ends_with('\n'));
    let parsed = lines.map(|text| text.split_terminator('\n').map(Disclosure::parse).collect());
    let disclosures: Vec<Disclosure> = match parsed {
        Some(Ok(disclosures)) => disclosures,
        None | Some(Err(_)) => {
            tally.fail(FindingCode::DisclosureMalformed, path::disclosures(at));
            return Ok(Vec::new());
        }
    };
    if !disclosures.is_sorted_by(|a, b| a.name() <= b.name()) {
        tally.fail(FindingCode::DisclosureOrder, path::disclosures(at));
    }
    Ok(disclosures)
}

fn open_fields(sd: &[String], disclosures: &[Disclosure], at: ItemId, tally: &mut Tally) -> Fields {
    match match_all(sd, disclosures) {
        Ok(fields) => {
            tally.cover(Check::Disclosures, disclosures.len() as u64);
            fields
        }
        Err(error) => {
            let name = field_of(&error);
            tally.add(crate::Finding {
                code: FindingCode::DisclosureNoMatch,
                path: Some(path::disclosures(at)),
                detail: name,
            });
            Fields::new()
        }
    }
}

fn field_of(error: &DisclosureError) -> Option<String> {
    match error {
        DisclosureError::NotCommitted { name } | DisclosureError::NameRepeated { name } => {
            Some(name.to_string())
        }
        _ => None,
    }
}

/// Opens what was disclosed later, on top of what the package opens.
fn open_late(
    facts: &mut LeafFacts,
    sd: &[String],
    mut opened: Vec<Disclosure>,
    at: ItemId,
    late: &LateByLeaf<'_>,
    tally: &mut Tally,
) {
    for late in late.0.get(&at).into_iter().flatten() {
        let before = opened.len();
        // What the package opens already may be said again.
        let known = |one: &&Disclosure| opened.iter().any(|other| other.encoded() == one.encoded());
        let new: Vec<Disclosure> = late.disclosures.iter().filter(|one| !known(one)).cloned().collect();
        opened.extend(new);
        if match_all(sd, &opened).is_err() {
            tally.fail(FindingCode::LateNoMatch, path::leaf(at));
            opened.truncate(before);
            continue;
        }
        for disclosure in &late.disclosures {
            // `match_all` has just inserted the same values.
            let _ = facts.late_fields.insert(disclosure.name().clone(), disclosure.value().clone());
        }
        if late.content.is_some() {
            facts.late_content.clone_from(&late.content);
        }
        tally.cover(Check::LateDisclosures, 1);
    }
}
