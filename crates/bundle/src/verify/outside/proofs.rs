//! OpenTimestamps and witnesses over a stamped checkpoint.

use std::collections::BTreeSet;

use sigu_attestation::bracket::Stamp;
use sigu_attestation::opentimestamps::{BlockHeader, Proof};
use sigu_attestation::witness::{CosignerKey, Policy, VerifiedCosignature, verify_cosignatures};
use sigu_ledger::{Checkpoint, Note, SignedCheckpoint};

use crate::verify::logs::LogFacts;
use crate::{BlockEnd, BlockReport, HeaderReport, KnownBlock, OtsReport, SeenReport, WitnessReport};

/// Judges a proof; gives the bounds it leads to, each with whether it is only a claim.
pub(super) fn ots(
    bytes: &[u8],
    header: Option<&[u8]>,
    signed: &SignedCheckpoint,
    known: &[KnownBlock],
) -> (OtsReport, Vec<(bool, Stamp)>) {
    let about = |proof: &Proof| proof.is_about(signed.note().as_bytes());
    let Some(proof) = Proof::parse(bytes).ok().filter(about) else {
        return (OtsReport::Refused, Vec::new());
    };
    let roots = proof.bitcoin_roots();
    let beside = header.and_then(|bytes| BlockHeader::parse(bytes).ok());
    let confirms = |header: &BlockHeader| roots.iter().any(|(_, root)| header.confirms(root).is_ok());
    let header_refused = header.is_some() && !beside.as_ref().is_some_and(confirms);
    let (mut blocks, mut stamps) = (Vec::new(), Vec::new());
    for (height, root) in &roots {
        let found = find_header(root, beside.as_ref(), known);
        let end = match found {
            None => BlockEnd::NoHeader,
            Some((claim, header)) => {
                if let Ok(stamp) = Stamp::by_block(signed, &proof, &header) {
                    stamps.push((claim, stamp));
                }
                let told = HeaderReport { hash: hex(&header.hash()), not_after: header.latest() };
                if claim { BlockEnd::Claimed(told) } else { BlockEnd::Shown(told) }
            }
        };
        let mut usual = *root;
        usual.reverse();
        blocks.push(BlockReport { height: *height, merkle_root: hex(&usual), end });
    }
    let pending = proof.pending().len();
    (OtsReport::Leads { blocks, pending, header_refused }, stamps)
}

/// The header of the block with this Merkle root, and whether it is only a claim.
fn find_header(
    root: &[u8; 32],
    beside: Option<&BlockHeader>,
    known: &[KnownBlock],
) -> Option<(bool, BlockHeader)> {
    let of_reader = known.iter().find_map(|block| match block {
        KnownBlock::Header(header) if header.confirms(root).is_ok() => Some(*header),
        _ => None,
    });
    if let Some(header) = of_reader {
        return Some((false, header));
    }
    let header = beside.filter(|header| header.confirms(root).is_ok())?;
    let is_known = known.iter().any(|block| block.hash() == header.hash());
    Some((!is_known, *header))
}

/// Judges lines of witnesses; gives those of the reader's policy, which hold.
pub(super) fn witnesses(
    lines: &[u8],
    checkpoint: &Checkpoint,
    policy: Option<&Policy>,
) -> (WitnessReport, Vec<VerifiedCosignature>) {
    let known: Vec<CosignerKey> =
        policy.iter().flat_map(|policy| policy.witnesses().map(|(_, key, _)| key.clone())).collect();
    let text = std::str::from_utf8(lines).ok().filter(|text| !text.is_empty());
    let seen = text.and_then(|text| verify_cosignatures(text, checkpoint, &known).ok());
    let (Some(text), Some(seen)) = (text, seen) else { return (WitnessReport::Refused, Vec::new()) };
    let shown =
        seen.iter().map(|one| SeenReport { name: one.cosigner().name().to_owned(), at: one.at() }).collect();
    // The lines were read as those of a note just now.
    let note = Note::parse(format!("{}\n{text}", checkpoint.to_text()));
    let strangers: BTreeSet<String> = note
        .iter()
        .flat_map(Note::signatures)
        .filter(|line| !known.iter().any(|key| key.key_id() == line.key_id && key.name() == line.name))
        .map(|line| line.name.clone())
        .collect();
    (WitnessReport::Lines { shown, strangers: strangers.into_iter().collect() }, seen)
}

/// Whether these witnesses are enough: for a policy that asks for some and, if it names logs, for this one.
pub(super) fn is_enough(policy: &Policy, log: &LogFacts, seen: &[VerifiedCosignature]) -> bool {
    let same = |key: &sigu_ledger::VerifyingKey| {
        log.key.as_ref().is_some_and(|own| own.public_key() == key.public_key())
    };
    let for_this_log = policy.logs().next().is_none() || policy.logs().any(|(key, _)| same(key));
    let cosigners = seen.iter().map(VerifiedCosignature::cosigner);
    for_this_log && policy.asks_for_witnesses() && policy.is_satisfied_by(cosigners)
}

fn hex(bytes: &[u8; 32]) -> String {
    sigu_ledger::Hash::from_bytes(*bytes).to_string()
}
