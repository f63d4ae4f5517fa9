//! Not before: what a new leaf is younger than.
//!
//! The newest round of drand this machine knows lies in its state folder, where whoever asks the network puts it; a leaf
//! that names a round keeps it in the vault. Without a network the last token serves: its signature could not be foretold
//! either. Which of the two is later is taken.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use sigu_attestation::beacon::Beacon;
use sigu_attestation::drand::{VerifiedRound, time_of, verify_answer};
use sigu_evidence::RowKey;
use sigu_ledger::NotBefore;

use super::proof::Said;
use super::table::{self, Which};
use crate::disk::Disk;
use crate::error::{Damage, Result};
use crate::rows;

/// Where this machine keeps the newest round.
#[derive(Debug, Clone)]
pub(crate) struct Rounds {
    folder: PathBuf,
}

impl Rounds {
    pub(crate) fn new(state: &Path) -> Self {
        Self { folder: state.to_owned() }
    }

    fn path(&self) -> PathBuf {
        self.folder.join("round.json")
    }

    /// The newest round; what is not one, or cannot be read, is as good as none.
    pub(crate) fn newest(&self) -> Option<VerifiedRound> {
        let bytes = std::fs::read(self.path()).ok()?;
        verify_answer(&bytes, None).ok()
    }

    /// Keeps a round that is later than the one that is there.
    pub(crate) fn keep(&self, round: &VerifiedRound, disk: &Disk) -> Result<()> {
        if self.newest().is_some_and(|known| known.round() >= round.round()) {
            return Ok(());
        }
        if !self.folder.is_dir() {
            disk.create_folder(&self.folder)?;
        }
        Ok(disk.replace(&self.path(), round.to_json().as_bytes())?)
    }
}

/// Chooses what the leaves of a batch are younger than, and keeps the round they name.
pub(crate) fn choose(
    connection: &Connection,
    row: &RowKey,
    round: Option<&VerifiedRound>,
) -> Result<Option<NotBefore>> {
    let token = newest_token(connection, row)?;
    let drawn = round.and_then(|round| Some((round, time_of(round.round())?)));
    match (drawn, token) {
        (Some((round, at)), token) if token.is_none_or(|(_, of_token)| at >= of_token) => {
            put(connection, round)?;
            Ok(Some(Beacon::of_round(round).to_not_before()))
        }
        (_, token) => Ok(token.map(|(beacon, _)| beacon.to_not_before())),
    }
}

/// The last token as a beacon, and the instant before which it did not exist.
fn newest_token(connection: &Connection, row: &RowKey) -> Result<Option<(Beacon, Timestamp)>> {
    let newest = table::find(connection, row, &Which::NewestToken)?.pop();
    Ok(newest.and_then(|proof| match proof.said {
        Said::Token { gen_time, earliest, token, .. } => {
            let seconds = u64::try_from(gen_time.as_second()).ok()?;
            Some((Beacon::Token { digest: token, seconds }, earliest))
        }
        _ => None,
    }))
}

fn put(connection: &Connection, round: &VerifiedRound) -> Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO rounds(round, signature) VALUES (?1, ?2)")?
        .execute(params![rows::signed(round.round()), round.signature().as_slice()])?;
    Ok(())
}

/// Reads the signature of a round that a leaf names, as it is kept.
pub(crate) fn signature(connection: &Connection, number: u64) -> Result<Option<Vec<u8>>> {
    let Ok(key) = i64::try_from(number) else { return Ok(None) };
    if !table::are_there(connection)? {
        return Ok(None);
    }
    Ok(connection
        .prepare_cached("SELECT signature FROM rounds WHERE round = ?1")?
        .query_row([key], |columns| columns.get(0))
        .optional()?)
}

/// Reads a round that a leaf names, checked.
pub(crate) fn round(connection: &Connection, number: u64) -> Result<Option<VerifiedRound>> {
    let damage = |what: String| Damage::row("rounds", number, what);
    let Some(bytes) = signature(connection, number)? else { return Ok(None) };
    let signature = bytes.as_slice().try_into().map_err(|_| damage("length".to_owned()))?;
    let round = VerifiedRound::verify(number, signature).map_err(|error| damage(error.to_string()))?;
    Ok(Some(round))
}
