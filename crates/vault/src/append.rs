//! THE write path. Nothing else writes the log.
//!
//! In this order, under the write lock: guard → decide → one transaction {leaves, disclosures, tiles, checkpoint,
//! projections} → commit → guard remembered → acknowledged. Blobs are durable before any of it.
//!
//! If we crash before the commit, no leaf names the blobs: `check` lists them as unreferenced. If we crash
//! after it, everything is there and the guard lags behind, as a prefix. If the commit itself reports a failure, its
//! outcome is looked up, never guessed.

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};
use sigu_attestation::drand::VerifiedRound;
use sigu_case::{Command, Event, ItemId, OrderId, Recorded, State, wire};
use sigu_evidence::{BlobName, Disclosure, Fields, RowKey, commit};
use sigu_ledger::{Checkpoint, Leaf, NotBefore, RightEdge, SigningKey, leaf_hash};

use crate::disk::{Disk, Op};
use crate::error::{Damage, Error, Fault, Refusal, Result};
use crate::keys::Keys;
use crate::outside::proof::{ProofFiles, Statement};
use crate::outside::{beacon, table};
use crate::rows::{self, LogRow};
use crate::vault::Vault;
use crate::{os_entropy, projection};

/// What is to become a leaf.
#[derive(Debug, Clone)]
pub(crate) struct NewLeaf {
    pub(crate) kind: &'static str,
    pub(crate) fields: Fields,
    /// The event for the projections; `None` for leaves that are not the case's.
    pub(crate) event: Option<Event>,
    pub(crate) blob: Option<BlobName>,
    /// What an outsider answered, kept beside the leaf that commits to it.
    pub(crate) proof: Option<Box<(Statement, ProofFiles)>>,
}

impl NewLeaf {
    /// Builds the leaf of an event.
    pub(crate) fn of(event: Event, vault_keys: &Keys) -> Result<Self> {
        let (kind, fields) = wire::v1::to_wire(&event).map_err(|error| Refusal::Entry(error.to_string()))?;
        let blob = match &event {
            Event::EvidenceFixed { manifest, .. } => manifest.as_ref(),
            Event::PageFixed(fixed) => fixed.manifest.as_ref(),
            _ => None,
        };
        let blob = blob.map(|manifest| vault_keys.name.name(&manifest.content));
        Ok(Self { kind, fields, event: Some(event), blob, proof: None })
    }
}

/// What an erasure leaves of a leaf's disclosures, written in the same transaction as the leaf that says so.
#[derive(Debug)]
pub(crate) struct Rewrite {
    pub(crate) item: ItemId,
    pub(crate) kept: Vec<Disclosure>,
    /// Whether the content itself is erased.
    pub(crate) content: bool,
    /// The file to remove once this is committed.
    pub(crate) blob: Option<BlobName>,
}

impl Rewrite {
    fn apply(&self, connection: &Connection, row: &RowKey) -> Result<()> {
        let id = rows::row_id(self.item);
        connection
            .prepare_cached("UPDATE leaves SET disclosures = ?2 WHERE id = ?1")?
            .execute(params![id, rows::seal_disclosures(row, self.item, &self.kept)])?;
        if self.content {
            connection.prepare_cached("UPDATE case_events SET blob = NULL WHERE id = ?1")?.execute([id])?;
        }
        if let Some(blob) = &self.blob {
            connection
                .prepare_cached("INSERT OR IGNORE INTO removals(blob) VALUES (?1)")?
                .execute([blob.to_string()])?;
        }
        Ok(())
    }
}

/// The end of a log before an append.
pub(crate) struct Head {
    pub(crate) log: LogRow,
    pub(crate) edge: RightEdge,
}

impl Vault {
    /// Answers commands and logs what follows from them, all in one durable commit. Returns the leaves' places.
    ///
    /// Commands are decided one after the other, each on the state the former ones left. If one is refused, none is logged.
    ///
    /// # Errors
    /// Refuses what the case refuses and a vault older than what this machine signed. On a fault nothing was acknowledged.
    pub fn execute(&self, commands: Vec<Command>, at: Timestamp) -> Result<Vec<ItemId>> {
        let _lock = self.begin_write()?;
        self.execute_locked(&commands, at, Ok, Vec::new())
    }

    /// As [`Vault::execute`], for commands that name leaves of their own batch: `commands` gets the place the first leaf
    /// will have. Each command logs one leaf.
    ///
    /// # Errors
    /// As [`Vault::execute`].
    pub fn execute_from(
        &self,
        commands: impl FnOnce(ItemId) -> Vec<Command>,
        at: Timestamp,
    ) -> Result<Vec<ItemId>> {
        let _lock = self.begin_write()?;
        let head = self.head()?;
        let commands = commands(ItemId { log: head.log.log, seq: head.log.size });
        self.execute_locked(&commands, at, Ok, Vec::new())
    }

    /// As [`Vault::execute`], under a lock already held; `adorn` may add fields to each leaf.
    pub(crate) fn execute_locked(
        &self,
        commands: &[Command],
        at: Timestamp,
        adorn: impl Fn(NewLeaf) -> Result<NewLeaf>,
        rewrites: Vec<Rewrite>,
    ) -> Result<Vec<ItemId>> {
        let mut state = self.house()?;
        for order in orders_of(self, commands)? {
            self.load_order(&order, &mut state)?;
        }
        for item in commands.iter().flat_map(Command::items_elsewhere) {
            self.load_page_version(item, &mut state)?;
        }
        let head = self.head()?;
        // What is projected now has to be what the log will say: its leaves carry three digits of a second.
        let logged_at: Timestamp = claimed(at)?.parse().map_err(|_| Refusal::ImpossibleClock(at))?;
        let mut leaves = Vec::new();
        for command in commands {
            for event in sigu_case::decide(&state, command, at)? {
                let item = ItemId { log: head.log.log, seq: head.log.size + leaves.len() as u64 };
                // The next command of the batch is decided on what this one leaves.
                state.apply(Recorded { item, at: logged_at, event: event.clone() });
                let leaf = NewLeaf::of(event, &self.keys)?;
                // Since it was taken in, another process may have erased the only item that had this content.
                if leaf.blob.as_ref().is_some_and(|blob| !self.layout.blob(blob).exists()) {
                    return Err(Refusal::Entry(format!("the content of {item} is not in the vault")).into());
                }
                leaves.push(adorn(leaf)?);
            }
        }
        self.append(head, leaves, rewrites, state, at)
    }

    /// Reads the end of the newest log and compares it with what this machine signed.
    pub(crate) fn head(&self) -> Result<Head> {
        let (log, edge) = self.store().call(|connection| {
            let log = rows::logs(connection)?.pop().ok_or_else(|| Damage::row("logs", 0, "no log"))?;
            let edge = RightEdge::load(log.size, &mut |id| rows::tile(connection, log.log, id))
                .map_err(|error| Damage::row("tiles", log.log, error))?;
            Ok((log, edge))
        })?;
        self.check_guard(&log)?;
        self.check_alarm(&log)?;
        Ok(Head { log, edge })
    }

    /// Refuses to go on where this machine signed more, or something else, or nothing.
    pub(crate) fn check_guard(&self, log: &LogRow) -> Result<()> {
        let Some(last) = self.guard.last(&log.key)? else {
            return Err(Refusal::NotWrittenHere { log: log.log }.into());
        };
        if last.size > log.size {
            return Err(Refusal::OlderThanSigned { log: log.log, held: log.size, signed: last.size }.into());
        }
        let number = log.log;
        let root = self.store().call(move |connection| {
            sigu_ledger::root_at(last.size, &mut |id| rows::tile(connection, number, id))
                .map_err(|error| Damage::row("tiles", number, error).into())
        })?;
        if root == last.root {
            Ok(())
        } else {
            Err(Refusal::OtherHistory { log: log.log, signed: last.size }.into())
        }
    }

    /// Appends leaves to the newest log: one transaction, one checkpoint. `state` is what they leave of the orders they
    /// touch.
    pub(crate) fn append(
        &self,
        head: Head,
        leaves: Vec<NewLeaf>,
        rewrites: Vec<Rewrite>,
        state: State,
        at: Timestamp,
    ) -> Result<Vec<ItemId>> {
        if leaves.is_empty() {
            return Ok(Vec::new());
        }
        let signer = self.keys.signer(head.log.log).ok_or(Refusal::WrongKey)?;
        let batch = Batch {
            log: head.log.log,
            first: head.log.size,
            claimed_at: claimed(at)?,
            at,
            row: self.row_key(),
            round: self.rounds.newest(),
            signer: SigningKey::from_seed(signer.name(), *signer.seed()).map_err(|_| Refusal::WrongKey)?,
            disk: self.disk.clone(),
        };
        let key = head.log.key.clone();
        let (items, note) = self
            .store()
            .call(move |connection| batch.write(connection, head.edge, &leaves, &rewrites, &state))?;
        self.guard.remember(&key, &note, &self.disk)?;
        Ok(items)
    }
}

/// Least leaves for a thread of their own.
const SHARE: usize = 256;

/// A leaf ready to be written.
#[derive(Clone)]
struct Made {
    item: ItemId,
    bytes: Vec<u8>,
    sealed: Vec<u8>,
}

/// One append, on the database's thread.
pub(crate) struct Batch {
    pub(crate) log: u32,
    pub(crate) first: u64,
    pub(crate) claimed_at: String,
    pub(crate) at: Timestamp,
    pub(crate) row: RowKey,
    /// The newest round of drand known here.
    pub(crate) round: Option<VerifiedRound>,
    pub(crate) signer: SigningKey,
    pub(crate) disk: Disk,
}

impl Batch {
    /// Writes everything in one transaction and returns the places and the signed checkpoint.
    pub(crate) fn write(
        &self,
        connection: &mut Connection,
        mut edge: RightEdge,
        leaves: &[NewLeaf],
        rewrites: &[Rewrite],
        state: &State,
    ) -> Result<(Vec<ItemId>, String)> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if self.first == 0 {
            // A log and its genesis leaf come into being together.
            let vkey = self.signer.verifying_key().to_string();
            transaction.execute("INSERT INTO logs(log, vkey) VALUES (?1, ?2)", params![self.log, vkey])?;
        }
        let not_before = beacon::choose(&transaction, &self.row, self.round.as_ref())?;
        let mut items = Vec::with_capacity(leaves.len());
        for (entry, leaf) in self.made(leaves, not_before.as_ref())?.into_iter().zip(leaves) {
            edge.append(leaf_hash(&entry.bytes));
            items.push(entry.item);
            transaction
                .prepare_cached("INSERT INTO leaves(id, bytes, disclosures) VALUES (?1, ?2, ?3)")?
                .execute(params![rows::row_id(entry.item), entry.bytes, entry.sealed])?;
            if let Some(proof) = &leaf.proof {
                table::put(&transaction, entry.item, proof)?;
            }
        }
        for (id, hashes) in edge.take_changed() {
            rows::put_tile(&transaction, self.log, id, &hashes)?;
        }
        let note = self.put_checkpoint(&transaction, &edge)?;
        for rewrite in rewrites {
            rewrite.apply(&transaction, &self.row)?;
        }
        projection::follow_batch(&transaction, &self.row, self.at, &items, leaves, state)?;
        commit_or_look(transaction, &self.disk, self.log, edge.size(), &note)?;
        Ok((items, note))
    }

    /// Makes the bytes of leaves, in their order; many are shared among the machine's threads.
    #[allow(clippy::disallowed_methods, reason = "asks how many threads the machine runs")]
    fn made(&self, leaves: &[NewLeaf], not_before: Option<&NotBefore>) -> Result<Vec<Made>> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let share = leaves.len().div_ceil(threads).max(SHARE);
        let shares: Vec<Result<Vec<Made>>> = std::thread::scope(|scope| {
            let start = |(place, own)| {
                scope.spawn(move || self.make_all(self.first + (place * share) as u64, own, not_before))
            };
            let running: Vec<_> = leaves.chunks(share).enumerate().map(start).collect();
            running
                .into_iter()
                .map(|one| one.join().expect("a thread that makes leaves returns its failures"))
                .collect()
        });
        Ok(shares.into_iter().collect::<Result<Vec<_>>>()?.concat())
    }

    fn make_all(&self, first: u64, leaves: &[NewLeaf], not_before: Option<&NotBefore>) -> Result<Vec<Made>> {
        let place = |(ahead, leaf): (usize, &NewLeaf)| {
            self.make(ItemId { log: self.log, seq: first + ahead as u64 }, leaf, not_before)
        };
        leaves.iter().enumerate().map(place).collect()
    }

    fn make(&self, item: ItemId, leaf: &NewLeaf, not_before: Option<&NotBefore>) -> Result<Made> {
        let (disclosures, sd) = commit(&leaf.fields, &mut os_entropy);
        let mut nonce = [0; 16];
        os_entropy(&mut nonce);
        let entry = Leaf {
            kind: leaf.kind.to_owned(),
            seq: item.seq,
            at: self.claimed_at.clone(),
            nonce,
            sd,
            not_before: not_before.cloned(),
        };
        let bytes = entry.encode().map_err(|_| Error::from(Refusal::EntryTooLarge))?;
        let sealed = rows::seal_disclosures(&self.row, item, &disclosures);
        Ok(Made { item, bytes, sealed })
    }

    fn put_checkpoint(&self, connection: &Connection, edge: &RightEdge) -> Result<String> {
        let checkpoint =
            Checkpoint { origin: self.signer.name().to_owned(), size: edge.size(), root: edge.root() };
        let note = checkpoint.sign(&self.signer).map_err(|_| Refusal::WrongKey)?.note().to_owned();
        connection
            .prepare_cached("INSERT INTO checkpoints(log, size, note) VALUES (?1, ?2, ?3)")?
            .execute(params![self.log, rows::signed(edge.size()), note])?;
        Ok(note)
    }
}

/// Commits; when the commit reports a failure, finds out whether it happened all the same.
fn commit_or_look(
    transaction: rusqlite::Transaction<'_>,
    disk: &Disk,
    log: u32,
    size: u64,
    note: &str,
) -> Result<()> {
    let path = transaction.path().unwrap_or("vault.db").to_owned();
    let mut failure = None;
    let outcome = disk.run(Op::Commit, path.as_ref(), || {
        transaction.commit().map_err(|error| {
            failure = Some(error);
            std::io::Error::other("commit")
        })
    });
    let Err(fault) = outcome else { return Ok(()) };
    // A second connection sees only what is committed.
    let looked = Connection::open_with_flags(&path, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE)
        .map_err(Error::from)
        .and_then(|second| rows::checkpoint(&second, log, size));
    match looked {
        Ok(Some(found)) if found == note => Ok(()),
        Ok(_) => Err(failure.map_or(fault, Fault::Db).into()),
        Err(_) => Err(Fault::OutcomeUnknown.into()),
    }
}

/// The orders that commands concern, including those whose items they erase.
fn orders_of(vault: &Vault, commands: &[Command]) -> Result<std::collections::BTreeSet<OrderId>> {
    let mut orders = std::collections::BTreeSet::new();
    for command in commands {
        orders.extend(command.order().cloned());
        // Only what is there can be loaded; the case says no to the rest.
        orders.extend(command.order_elsewhere().cloned());
        for item in command.items_elsewhere() {
            orders.extend(vault.order_of(item)?);
        }
    }
    Ok(orders)
}

/// The device's clock as a leaf carries it: UTC with three digits.
pub(crate) fn claimed(at: Timestamp) -> Result<String> {
    let year = at.to_zoned(jiff::tz::TimeZone::UTC).year();
    if !(1970..=9999).contains(&year) {
        return Err(Refusal::ImpossibleClock(at).into());
    }
    Ok(format!("{at:.3}"))
}
