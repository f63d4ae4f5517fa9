//! Which outside proofs go along: those that bracket the leaves of the package, and what their beacons name.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use sigu_attestation::beacon::Beacon;
use sigu_attestation::drand::VerifiedRound;
use sigu_attestation::stored::ServiceName;
use sigu_bundle::{LogPart, OutsideParts, RoundPart, ServicePart, StampId, StampPart};
use sigu_evidence::{ItemId, RowKey};
use sigu_ledger::Leaf;

use crate::error::{Damage, Result};
use crate::outside::proof::{Proof, ProofFiles, Said};
use crate::outside::{beacon, table};
use crate::rows;
use crate::vault::Vault;

/// The most stamped checkpoints a package may hold (`docs/formats/attestation.md`).
const MOST_STAMPS: usize = 64;
/// The most services of one of them.
const MOST_SERVICES: usize = 16;

impl Vault {
    /// Collects what outsiders said about the leaves of a package.
    pub(super) fn outside_parts(&self, logs: &[LogPart], page: Option<Vec<u8>>) -> Result<OutsideParts> {
        let (row, newest) = (self.row_key(), self.rounds.newest());
        let leaves: Vec<(ItemId, Vec<u8>)> = logs
            .iter()
            .flat_map(|log| {
                let at = move |seq: &u64| ItemId { log: log.number, seq: *seq };
                log.leaves.iter().map(move |(seq, leaf)| (at(seq), leaf.bytes.clone()))
            })
            .collect();
        self.store().call(move |connection| {
            let proofs = table::find(connection, &row, &table::Which::All)?;
            let named = Named::read(connection, &proofs, &leaves, newest.as_ref())?;
            let places: Vec<ItemId> = leaves.iter().map(|(item, _)| *item).collect();
            let wanted = wanted(&proofs, &places, &named.tokens);
            let stamps = wanted.into_iter().map(|of| stamp(connection, &row, &proofs, of));
            Ok(OutsideParts {
                stamps: stamps.collect::<Result<_>>()?,
                rounds: named.rounds,
                checker_page: page,
            })
        })
    }
}

/// What the beacons of leaves name.
struct Named {
    rounds: Vec<RoundPart>,
    /// Where the tokens are that serve as beacons.
    tokens: Vec<StampId>,
}

impl Named {
    fn read(
        connection: &Connection,
        proofs: &[Proof],
        leaves: &[(ItemId, Vec<u8>)],
        newest: Option<&VerifiedRound>,
    ) -> Result<Self> {
        // The leaf of the export itself is yet to be logged; it will most likely name the newest.
        let mut rounds: BTreeMap<u64, String> =
            newest.iter().map(|round| (round.round(), round.to_json())).collect();
        let mut tokens = Vec::new();
        for (item, bytes) in leaves {
            let leaf = Leaf::parse(bytes).map_err(|error| Damage::row("leaves", item, error))?;
            let named = leaf.not_before.and_then(|value| Beacon::from_not_before(&value).ok());
            match named {
                Some(Beacon::Drand { round, .. }) if !rounds.contains_key(&round) => {
                    let kept = beacon::round(connection, round)?;
                    rounds.extend(kept.map(|kept| (round, kept.to_json())));
                }
                Some(Beacon::Token { digest, .. }) => {
                    let is =
                        |one: &&Proof| matches!(&one.said, Said::Token { token, .. } if *token == digest);
                    tokens.extend(proofs.iter().find(is).map(place));
                }
                _ => {}
            }
        }
        let part = |(round, json): (u64, String)| RoundPart { round, json: json.into_bytes() };
        Ok(Self { rounds: rounds.into_iter().map(part).collect(), tokens })
    }
}

fn place(proof: &Proof) -> StampId {
    StampId { log: proof.log, size: proof.size }
}

/// The checkpoints to show: of each source the first that covers each leaf, and those whose tokens are beacons. Where
/// that is more than a package holds, some between are left out: the next one covers the same leaves, a little later.
fn wanted(proofs: &[Proof], leaves: &[ItemId], beacons: &[StampId]) -> BTreeSet<StampId> {
    let mut by_source: BTreeMap<(u32, &str), BTreeSet<u64>> = BTreeMap::new();
    for proof in proofs {
        by_source.entry((proof.log, proof.source.as_str())).or_default().insert(proof.size);
    }
    let mut covering: BTreeSet<StampId> = BTreeSet::new();
    for leaf in leaves {
        for ((log, _), sizes) in by_source.iter().filter(|((log, _), _)| *log == leaf.log) {
            let first = sizes.range(leaf.seq + 1..).next();
            covering.extend(first.map(|size| StampId { log: *log, size: *size }));
        }
    }
    let mut all: BTreeSet<StampId> = beacons.iter().copied().take(MOST_STAMPS).collect();
    let room = MOST_STAMPS - all.len();
    covering.retain(|one| !all.contains(one));
    let covering: Vec<StampId> = covering.into_iter().collect();
    // The last of them covers everything: it is always among those that stay.
    let kept = |place: usize| (place + 1) * room / covering.len() > place * room / covering.len();
    let few = covering.len() <= room;
    all.extend(covering.iter().enumerate().filter(|(place, _)| few || kept(*place)).map(|(_, one)| *one));
    all
}

/// Everything that was said over one checkpoint.
fn stamp(connection: &Connection, row: &RowKey, proofs: &[Proof], of: StampId) -> Result<StampPart> {
    let note = rows::checkpoint(connection, of.log, of.size)?
        .ok_or_else(|| Damage::row("checkpoints", format!("{} {}", of.log, of.size), "missing"))?;
    let mut part = StampPart { of, note, services: Vec::new(), ots: None, header: None, cosignatures: None };
    // The last word of each counts: a promise that became a block, a block whose header is known.
    for proof in proofs.iter().filter(|proof| place(proof) == of) {
        let files = table::files(connection, row, proof.item)?;
        match proof.said {
            Said::Token { .. } => put_service(&mut part, &proof.source, files),
            Said::Promised | Said::Block { .. } => {
                part.header = Some(files.beside).filter(|header| !header.is_empty());
                part.ots = Some(files.reply);
            }
            Said::Witness { .. } => {
                let lines = String::from_utf8_lossy(&files.reply);
                let all = part.cosignatures.get_or_insert_default();
                if !all.contains(lines.as_ref()) {
                    all.push_str(&lines);
                }
            }
        }
    }
    Ok(part)
}

/// Adds what a service said; said twice, the last counts. A name that fits no file is left out.
fn put_service(part: &mut StampPart, source: &str, files: ProofFiles) {
    let Ok(name) = source.parse::<ServiceName>() else { return };
    part.services.retain(|known| known.name != name);
    if part.services.len() < MOST_SERVICES {
        let chain_pem = String::from_utf8(files.beside).ok().filter(|pem| !pem.is_empty());
        part.services.push(ServicePart { name, request: files.request, reply: files.reply, chain_pem });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(source: &str, size: u64) -> Proof {
        let item = ItemId { log: 1, seq: size };
        let received = jiff::Timestamp::UNIX_EPOCH;
        Proof { item, received, log: 1, size, source: source.to_owned(), said: Said::Promised }
    }

    fn sizes(found: &BTreeSet<StampId>) -> Vec<u64> {
        found.iter().map(|one| one.size).collect()
    }

    #[test]
    fn of_each_source_the_first_that_covers_a_leaf() {
        let proofs = [proof("a", 3), proof("a", 5), proof("b", 4), proof("b", 9), proof("a", 9)];
        let leaf = |seq| ItemId { log: 1, seq };
        assert_eq!(sizes(&wanted(&proofs, &[leaf(0)], &[])), [3, 4]);
        assert_eq!(sizes(&wanted(&proofs, &[leaf(3)], &[])), [4, 5]);
        assert_eq!(sizes(&wanted(&proofs, &[leaf(0), leaf(8)], &[])), [3, 4, 9]);
        assert_eq!(sizes(&wanted(&proofs, &[leaf(9)], &[])), [] as [u64; 0]);
        assert_eq!(sizes(&wanted(&proofs, &[ItemId { log: 2, seq: 0 }], &[])), [] as [u64; 0]);
        let beacon = StampId { log: 1, size: 5 };
        assert_eq!(sizes(&wanted(&proofs, &[leaf(0)], &[beacon])), [3, 4, 5]);
    }

    #[test]
    fn more_than_a_package_holds_are_thinned_and_the_last_stays() {
        let proofs: Vec<Proof> = (1..=1_000).map(|size| proof("a", size)).collect();
        let leaves: Vec<ItemId> = (0..1_000).map(|seq| ItemId { log: 1, seq }).collect();
        let found = sizes(&wanted(&proofs, &leaves, &[StampId { log: 1, size: 2 }]));
        assert_eq!((found.len(), found.first(), found.last()), (MOST_STAMPS, Some(&2), Some(&1_000)));
        assert!(found.windows(2).all(|pair| pair[1] - pair[0] < 20), "evenly");
    }
}
