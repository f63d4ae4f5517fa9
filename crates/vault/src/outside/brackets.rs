//! Between which instants the leaves of this vault came to be, as far as outsiders said.

use std::collections::BTreeMap;

use rusqlite::Connection;
use sigu_attestation::beacon::Beacon;
use sigu_attestation::bracket::{Bound, Bracket, Source};
use sigu_attestation::drand::time_of;
use sigu_evidence::{ItemId, RowKey};
use sigu_ledger::Leaf;

use super::proof::Said;
use super::table::{self, Which};
use crate::error::{Damage, Refusal, Result};
use crate::rows;
use crate::vault::Vault;

impl Vault {
    /// Returns between which instants each of these leaves came to be, and by whose word, as the proofs say that were
    /// checked when they were received. A package holds them for others to check.
    ///
    /// # Errors
    /// Refuses a leaf that is not there; damage in a leaf.
    pub fn brackets(&self, items: &[ItemId]) -> Result<BTreeMap<ItemId, Bracket>> {
        let (row, items) = (self.row_key(), items.to_vec());
        self.store().call(move |connection| {
            items.into_iter().map(|item| Ok((item, bracket(connection, &row, item)?))).collect()
        })
    }
}

fn bracket(connection: &Connection, row: &RowKey, item: ItemId) -> Result<Bracket> {
    let bytes = rows::leaf(connection, item)?.ok_or(Refusal::UnknownItem(item))?.0;
    let leaf = Leaf::parse(&bytes).map_err(|error| Damage::row("leaves", item, error))?;
    let beacon = leaf.not_before.and_then(|value| Beacon::from_not_before(&value).ok());
    let not_before = beacon.map(|beacon| younger_than(connection, row, beacon)).transpose()?.flatten();
    let mut not_after: Vec<(String, Bound)> = Vec::new();
    for proof in table::find(connection, row, &Which::Over(item))? {
        let Some(bound) = proof.not_after() else { continue };
        match not_after.iter_mut().find(|(source, _)| *source == proof.source) {
            Some((_, known)) if known.at <= bound.at => {}
            Some((_, known)) => *known = bound,
            None => not_after.push((proof.source, bound)),
        }
    }
    let mut not_after: Vec<Bound> = not_after.into_iter().map(|(_, bound)| bound).collect();
    not_after.sort_by_key(|bound| bound.at);
    Ok(Bracket { not_before, not_after })
}

/// The instant before which a leaf with this beacon did not exist, if what it names is in the vault.
fn younger_than(connection: &Connection, row: &RowKey, beacon: Beacon) -> Result<Option<Bound>> {
    Ok(match beacon {
        Beacon::Drand { round, randomness } => {
            let known = super::beacon::round(connection, round)?;
            let known = known.filter(|known| known.randomness() == randomness);
            known.and_then(|_| Some(Bound { at: time_of(round)?, by: Source::Drand { round } }))
        }
        Beacon::Token { digest, .. } => {
            let found = table::find(connection, row, &Which::Token(digest.as_bytes()))?.pop();
            found.and_then(|proof| match proof.said {
                Said::Token { earliest, signer, root, .. } => {
                    Some(Bound { at: earliest, by: Source::Service { signer, root } })
                }
                _ => None,
            })
        }
    })
}
