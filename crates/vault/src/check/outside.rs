//! What outsiders said: every answer beside the leaf that commits to it, every round that a leaf names.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use sigu_attestation::beacon::Beacon;
use sigu_attestation::drand::time_of;
use sigu_evidence::{ContentId, ItemId, RowKey};
use sigu_ledger::{Hash, Leaf};

use super::{CheckReport, FindingCode, claimed};
use crate::error::Result;
use crate::outside::{KIND, beacon, table};

/// Clocks of devices are off by seconds; only more is worth a word.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(1);

/// What the leaves name of outsiders.
#[derive(Default)]
pub(super) struct Named {
    proofs: BTreeSet<ItemId>,
    rounds: BTreeMap<u64, Hash>,
}

impl Named {
    /// Takes down what a leaf names.
    pub(super) fn note(&mut self, item: ItemId, leaf: &Leaf, report: &mut CheckReport) {
        if leaf.kind == KIND {
            self.proofs.insert(item);
        }
        // A beacon that is not known here says nothing; the leaf is good.
        let named = leaf.not_before.as_ref().and_then(|value| Beacon::from_not_before(value).ok());
        let younger_than = match named {
            Some(Beacon::Drand { round, randomness }) => {
                self.rounds.insert(round, randomness);
                time_of(round)
            }
            Some(Beacon::Token { seconds, .. }) => {
                i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok())
            }
            None => None,
        };
        let behind = claimed(&leaf.at)
            .zip(younger_than)
            .is_some_and(|(at, known)| known.duration_since(at) > TOLERANCE);
        if behind {
            report.add(FindingCode::ClockBehind, item, Some(leaf.at.clone()));
        }
    }

    /// Compares what is named with what is kept.
    pub(super) fn compare(
        self,
        connection: &Connection,
        row: &RowKey,
        report: &mut CheckReport,
    ) -> Result<()> {
        let kept: BTreeSet<ItemId> = table::places(connection)?.into_iter().collect();
        for item in kept.symmetric_difference(&self.proofs) {
            report.add(FindingCode::ProofDamaged, item, None);
        }
        for item in kept.intersection(&self.proofs) {
            let read = table::whole(connection, row, *item);
            report.note(read)?;
        }
        for (round, randomness) in self.rounds {
            // A leaf commits to the digest of the signature; that it is drand's was checked before it was logged.
            let same = beacon::signature(connection, round)?
                .is_some_and(|signature| ContentId::of(&signature).to_string() == randomness.to_string());
            if !same {
                report.add(FindingCode::RoundDamaged, format!("round {round}"), None);
            }
        }
        Ok(())
    }
}
