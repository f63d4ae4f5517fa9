//! What outsiders said about the logs of this vault, kept so that others can check it.
//!
//! Each answer is a leaf `proof.received` that commits to the bytes as received; the bytes lie beside it in a table.
//! Later stamps cover that leaf, so they renew what earlier ones said. Nothing is asked here: what comes in was checked
//! by `sigu_attestation`, and is compared with the checkpoint it is about once more before it is logged.

mod alarm;
pub(crate) mod beacon;
mod brackets;
pub(crate) mod proof;
pub(crate) mod table;

pub use alarm::{Alarm, AlarmSign};
pub(crate) use beacon::Rounds;
pub use proof::{Answer, NewProof, Proof, ProofFiles, Said};

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use sigu_attestation::drand::VerifiedRound;
use sigu_case::{ItemId, State};
use sigu_ledger::{Hash, Leaf, SignedCheckpoint, TileId, VerifyingKey, consistency_proof, root_at};

use crate::error::{Damage, Error, Refusal, Result};
use crate::rows;
use crate::vault::Vault;

/// A signed checkpoint of the vault, to be shown to outsiders.
#[derive(Debug, Clone)]
pub struct Attestable {
    /// The log.
    pub log: u32,
    /// The key that signed it.
    pub key: VerifyingKey,
    /// The checkpoint; its note is what is stamped, byte for byte.
    pub signed: SignedCheckpoint,
}

impl Attestable {
    /// Returns how many leaves it covers.
    pub fn size(&self) -> u64 {
        self.signed.checkpoint().size
    }
}

impl Vault {
    /// Returns the checkpoint that outsiders should see: the first of the newest log that covers all its leaves but proofs
    /// received since. Proofs alone never ask for another proof.
    ///
    /// # Errors
    /// Damage in a leaf or checkpoint.
    pub fn attestable(&self) -> Result<Attestable> {
        self.store().call(|connection| {
            let log = rows::logs(connection)?.pop().ok_or_else(|| Damage::row("logs", 0, "no log"))?;
            let size = last_of_substance(connection, &log)? + 1;
            let found: Option<String> = connection
                .prepare_cached(
                    "SELECT note FROM checkpoints WHERE log = ?1 AND size >= ?2 ORDER BY size LIMIT 1",
                )?
                .query_row(params![log.log, rows::signed(size)], |columns| columns.get(0))
                .optional()?;
            let note = found.ok_or_else(|| Damage::row("checkpoints", log.log, "missing"))?;
            attestable(log, &note)
        })
    }

    /// Returns the newest checkpoint of the newest log, proofs included: what a renewal stamps.
    ///
    /// # Errors
    /// Damage in the checkpoint.
    pub fn newest_attestable(&self) -> Result<Attestable> {
        self.store().call(|connection| {
            let log = rows::logs(connection)?.pop().ok_or_else(|| Damage::row("logs", 0, "no log"))?;
            let note = rows::newest_checkpoint(connection, log.log)?.1;
            attestable(log, &note)
        })
    }

    /// Returns the root of the first `from` leaves of a log, and the hashes that show their tree to be the beginning of that
    /// of `to` leaves (RFC 9162 §2.1.4); no hashes where `from` is 0, as witnesses want it.
    ///
    /// # Errors
    /// Refuses sizes out of order or range; damage in the tiles.
    pub fn consistency(&self, log: u32, from: u64, to: u64) -> Result<(Hash, Vec<Hash>)> {
        self.store().call(move |connection| {
            let held = rows::size(connection, log)?;
            if from > to || to > held {
                return Err(Refusal::NoCheckpoint { log, size: to.max(from) }.into());
            }
            if from == 0 {
                return Ok((sigu_ledger::empty_root(), Vec::new()));
            }
            let damage = |error: String| Damage::row("tiles", log, error);
            let root = root_at(from, &mut |id| rows::tile(connection, log, id))
                .map_err(|error| damage(error.to_string()))?;
            if from == to {
                return Ok((root, Vec::new()));
            }
            let hashes = consistency_proof(from, to, &mut |id| rows::tile(connection, log, id))
                .map_err(|error| damage(error.to_string()))?;
            Ok((root, hashes))
        })
    }

    /// Returns the first `width` hashes of a tile of a log (C2SP tlog-tiles).
    ///
    /// # Errors
    /// Damage where the tile is not there, or shorter.
    pub fn tile_of(&self, log: u32, id: TileId, width: u16) -> Result<Vec<Hash>> {
        self.store().call(move |connection| {
            let mut hashes = rows::tile(connection, log, id)?;
            if hashes.len() < usize::from(width) {
                return Err(Damage::row("tiles", log, "short").into());
            }
            hashes.truncate(usize::from(width));
            Ok(hashes)
        })
    }

    /// Returns `width` leaves of a log from `index * 256` on, byte for byte (C2SP tlog-tiles, entries).
    ///
    /// # Errors
    /// Damage where one is not there.
    pub fn entries_of(&self, log: u32, index: u64, width: u16) -> Result<Vec<Vec<u8>>> {
        self.store().call(move |connection| {
            let first = index * sigu_ledger::TILE_WIDTH as u64;
            let leaf = |seq| {
                let item = ItemId { log, seq };
                let found = rows::leaf(connection, item)?;
                Ok(found.ok_or_else(|| Damage::row("leaves", item, "missing"))?.0)
            };
            (first..first + u64::from(width)).map(leaf).collect()
        })
    }

    /// Logs what outsiders answered, each as a leaf, all in one commit. Returns the leaves' places.
    ///
    /// # Errors
    /// Refuses an answer about another checkpoint than it names, and what [`Vault::execute`] refuses.
    pub fn keep_proofs(&self, proofs: Vec<NewProof>, at: Timestamp) -> Result<Vec<ItemId>> {
        let _lock = self.begin_write()?;
        let head = self.head()?;
        let leaves = proofs
            .into_iter()
            .map(|proof| {
                let note = self.checkpoint_of(proof.log, proof.size)?;
                proof.into_leaf(&note)
            })
            .collect::<Result<Vec<_>>>()?;
        self.append(head, leaves, Vec::new(), State::default(), at)
    }

    /// Returns the checkpoint of a log at exactly that size.
    ///
    /// # Errors
    /// Refuses a size that had none; damage in the checkpoint.
    pub fn checkpoint_of(&self, log: u32, size: u64) -> Result<SignedCheckpoint> {
        self.store().call(move |connection| {
            let found = rows::logs(connection)?.into_iter().find(|one| one.log == log);
            let found = found.zip(rows::checkpoint(connection, log, size)?);
            let (row, note) = found.ok_or(Error::from(Refusal::NoCheckpoint { log, size }))?;
            Ok(attestable(row, &note)?.signed)
        })
    }

    /// Returns every proof received, in the order they were logged.
    ///
    /// # Errors
    /// Damage in a leaf.
    pub fn proofs(&self) -> Result<Vec<Proof>> {
        let row = self.row_key();
        self.store().call(move |connection| table::all(connection, &row))
    }

    /// Returns the bytes of a proof: what was sent, what came back, what belongs beside it.
    ///
    /// # Errors
    /// Refuses a leaf that is no proof; damage where the bytes are not those the leaf commits to.
    pub fn proof_files(&self, item: ItemId) -> Result<ProofFiles> {
        let row = self.row_key();
        self.store().call(move |connection| table::files(connection, &row, item))
    }

    /// Remembers a round of drand on this machine: leaves logged from now on are younger than the newest that is known.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn keep_round(&self, round: &VerifiedRound) -> Result<()> {
        self.rounds.keep(round, &self.disk)
    }

    /// Returns the newest round known on this machine.
    pub fn newest_round(&self) -> Option<VerifiedRound> {
        self.rounds.newest()
    }

    /// Returns the round a leaf names, if a leaf of this vault does.
    ///
    /// # Errors
    /// Damage where what is kept is no round of drand.
    pub fn round(&self, number: u64) -> Result<Option<VerifiedRound>> {
        self.store().call(move |connection| beacon::round(connection, number))
    }

    /// Returns which outsiders are asked, as the user set it; `None` where nothing was set.
    ///
    /// # Errors
    /// Damage where it is not what was written.
    pub fn services(&self) -> Result<Option<String>> {
        self.text_set(SERVICES)
    }

    /// Sets which outsiders are asked, or that nothing is set. What the text means is for who asks them.
    ///
    /// # Errors
    /// A fault of the disk, or another process that writes.
    pub fn set_services(&self, text: Option<&str>) -> Result<()> {
        self.set_text(SERVICES, text)
    }

    /// Returns how the user is reminded, as it was set; `None` where nothing was set. It is sealed: addresses with their
    /// secrets stand in it.
    ///
    /// # Errors
    /// Damage where it is not what was written.
    pub fn reminding(&self) -> Result<Option<String>> {
        self.text_set(REMINDING)
    }

    /// Sets how the user is reminded, or that nothing is set. What the text means is for who reminds.
    ///
    /// # Errors
    /// A fault of the disk, or another process that writes.
    pub fn set_reminding(&self, text: Option<&str>) -> Result<()> {
        self.set_text(REMINDING, text)
    }

    fn text_set(&self, key: &'static str) -> Result<Option<String>> {
        let row = self.row_key();
        self.store().call(move |connection| table::setting(connection, &row, key))
    }

    fn set_text(&self, key: &'static str, text: Option<&str>) -> Result<()> {
        let _lock = self.begin_write()?;
        let (row, text) = (self.row_key(), text.map(str::to_owned));
        self.store().call(move |connection| match text {
            Some(text) => table::set(connection, &row, key, &text),
            None => table::unset(connection, key),
        })
    }

    /// Returns whether outsiders may be asked without being told to, as the user set it; `None` where nothing was set.
    ///
    /// # Errors
    /// Damage where it is not what was written.
    pub fn asks_outsiders(&self) -> Result<Option<bool>> {
        Ok(self.text_set(ASKING)?.map(|text| text == "yes"))
    }

    /// Sets whether outsiders may be asked without being told to.
    ///
    /// # Errors
    /// A fault of the disk, or another process that writes.
    pub fn set_asks_outsiders(&self, asks: bool) -> Result<()> {
        self.set_text(ASKING, Some(if asks { "yes" } else { "no" }))
    }
}

const SERVICES: &str = "services";
const ASKING: &str = "asking";
const REMINDING: &str = "reminding";
/// The kind of leaf that holds an outsider's answer.
pub(crate) const KIND: &str = "proof.received";

/// The place of the last leaf that is not a proof. There is one: the genesis leaf is none.
fn last_of_substance(connection: &rusqlite::Connection, log: &rows::LogRow) -> Result<u64> {
    let mut query = connection
        .prepare_cached("SELECT id, bytes FROM leaves WHERE id >= ?1 AND id < ?2 ORDER BY id DESC")?;
    let first = rows::row_id(ItemId { log: log.log, seq: 0 });
    let end = rows::row_id(ItemId { log: log.log + 1, seq: 0 });
    let mut found = query.query([first, end])?;
    while let Some(columns) = found.next()? {
        let item = rows::item_of(columns.get(0)?);
        let bytes: Vec<u8> = columns.get(1)?;
        let leaf = Leaf::parse(&bytes).map_err(|error| Damage::row("leaves", item, error))?;
        if leaf.kind != KIND {
            return Ok(item.seq);
        }
    }
    Err(Damage::row("leaves", log.log, "no genesis leaf").into())
}

fn attestable(log: rows::LogRow, note: &str) -> Result<Attestable> {
    let signed = SignedCheckpoint::verify(note.as_bytes(), &log.key)
        .map_err(|error| Damage::row("checkpoints", log.log, error))?;
    Ok(Attestable { log: log.log, key: log.key, signed })
}
