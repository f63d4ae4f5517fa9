//! One projection of all orders, read once and then brought up to date by what the log has got since.
//!
//! A sheet is the truth of one checkpoint. The next reading compares that checkpoint with the vault's: where it is the
//! newest, the sheet stands; where the log went on from it, only the orders of later leaves are read again; where it is
//! none of this vault's, as after another vault was put in its place or an older one restored, all of them are.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};
use sigu_case::dossier::Figures;
use sigu_case::{ItemId, OrderId};
use sigu_evidence::{RowKey, RowSealer};

use crate::error::{Damage, Result};
use crate::projection::{Agenda, OrderSummary, figures, house_key, open_agenda, open_summary, order_key};
use crate::rows;
use crate::vault::Vault;

/// The keyed id of an order.
type Key = [u8; 32];

/// Where a log stood.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    log: u32,
    size: u64,
    /// The signed checkpoint of that size: no other log and no other history has it.
    note: String,
}

impl Mark {
    fn of(connection: &Connection) -> Result<Self> {
        let newest = "SELECT log FROM logs ORDER BY log DESC LIMIT 1";
        let log: Option<u32> =
            connection.prepare_cached(newest)?.query_row([], |columns| columns.get(0)).optional()?;
        let log = log.ok_or_else(|| Damage::row("logs", 0, "no log"))?;
        let (size, note) = rows::newest_checkpoint(connection, log)?;
        Ok(Self { log, size, note })
    }

    /// Returns whether the log went on from here.
    fn is_past_of(&self, now: &Self, connection: &Connection) -> Result<bool> {
        let before = self.log == now.log && self.size < now.size;
        Ok(before && rows::checkpoint(connection, self.log, self.size)?.as_ref() == Some(&self.note))
    }
}

/// What a sheet has of each order.
pub trait Line: Sized + Send + Sync + 'static {
    /// Whether vaults of an earlier version may lack it.
    const IS_ADDED: bool;
    /// Asks for keys and sealed rows.
    const ALL: &'static str;
    /// Opens one of them.
    ///
    /// # Errors
    /// Damage in the row.
    fn open(sealer: &RowSealer, key: &[u8; 32], sealed: &[u8]) -> Result<Self>;
}

impl Line for OrderSummary {
    const IS_ADDED: bool = false;
    const ALL: &'static str = "SELECT order_key, summary FROM case_orders";
    fn open(sealer: &RowSealer, key: &[u8; 32], sealed: &[u8]) -> Result<Self> {
        open_summary(sealer, key, sealed)
    }
}

impl Line for Agenda {
    const IS_ADDED: bool = false;
    const ALL: &'static str = "SELECT order_key, agenda FROM case_orders";
    fn open(sealer: &RowSealer, key: &[u8; 32], sealed: &[u8]) -> Result<Self> {
        open_agenda(sealer, key, sealed)
    }
}

impl Line for Figures {
    const IS_ADDED: bool = true;
    const ALL: &'static str = "SELECT order_key, figures FROM case_figures";
    fn open(sealer: &RowSealer, key: &[u8; 32], sealed: &[u8]) -> Result<Self> {
        figures::open(sealer, key, sealed)
    }
}

/// One projection of all orders as a checkpoint has it.
#[derive(Debug)]
pub struct Sheet<T> {
    mark: Mark,
    lines: BTreeMap<Key, Arc<T>>,
    /// How many lines were read to make it from the one before.
    read: usize,
}

impl<T> Sheet<T> {
    /// Returns the lines, in no order.
    pub fn lines(&self) -> impl Iterator<Item = &T> {
        self.lines.values().map(AsRef::as_ref)
    }

    pub(crate) fn keyed(&self) -> impl Iterator<Item = (&Key, &T)> {
        self.lines.iter().map(|(key, line)| (key, line.as_ref()))
    }

    /// Returns how many orders there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Returns whether there is no order.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Returns how many lines were read when it was brought up to date last.
    pub const fn read(&self) -> usize {
        self.read
    }
}

impl Vault {
    /// Returns the sheet as the log has it now: `before` itself where nothing was logged since.
    ///
    /// # Errors
    /// Damage in the projections; `rebuild` makes them again.
    pub fn sheet<T: Line>(&self, before: Option<&Arc<Sheet<T>>>) -> Result<Arc<Sheet<T>>> {
        if T::IS_ADDED && !self.store().call(|connection| figures::are_there(connection))? {
            // A vault of an earlier version: whoever writes first makes them.
            drop(self.begin_write()?);
        }
        let (row, before) = (self.row_key(), before.cloned());
        self.store().call(move |connection| {
            // One look: the checkpoint and the rows are of the same commit.
            let look = connection.transaction()?;
            let mark = Mark::of(&look)?;
            let Some(before) = before else { return whole(&look, &row, mark) };
            if before.mark == mark {
                return Ok(before);
            }
            if !before.mark.is_past_of(&mark, &look)? {
                return whole(&look, &row, mark);
            }
            match touched(&look, &row, &before.mark)? {
                Some(keys) => renewed(&look, &row, mark, &before, keys),
                None => whole(&look, &row, mark),
            }
        })
    }

    /// Returns the line of one order among those of a sheet.
    pub fn line<'a, T>(&self, sheet: &'a Sheet<T>, order: &OrderId) -> Option<&'a T> {
        sheet.lines.get(&order_key(&self.row_key(), order)).map(AsRef::as_ref)
    }
}

fn whole<T: Line>(connection: &Connection, row: &RowKey, mark: Mark) -> Result<Arc<Sheet<T>>> {
    let sealer = row.sealer();
    let mut query = connection.prepare(T::ALL)?;
    let mut found = query.query([])?;
    let mut lines = BTreeMap::new();
    while let Some(columns) = found.next()? {
        let key: Key = columns.get(0)?;
        let line = T::open(&sealer, &key, columns.get_ref(1)?.as_blob().unwrap_or_default())?;
        lines.insert(key, Arc::new(line));
    }
    Ok(Arc::new(Sheet { mark, read: lines.len(), lines }))
}

/// The orders that leaves after `mark` belong to; `None` where one belongs to no order, which may change any of them.
fn touched(connection: &Connection, row: &RowKey, mark: &Mark) -> Result<Option<Vec<Key>>> {
    let first = rows::row_id(ItemId { log: mark.log, seq: mark.size });
    let mut query = connection.prepare_cached("SELECT DISTINCT order_key FROM case_events WHERE id >= ?1")?;
    let keys = query.query_map([first], |columns| columns.get(0))?.collect::<rusqlite::Result<Vec<Key>>>()?;
    Ok((!keys.contains(&house_key(row))).then_some(keys))
}

fn renewed<T: Line>(
    connection: &Connection,
    row: &RowKey,
    mark: Mark,
    before: &Sheet<T>,
    keys: Vec<Key>,
) -> Result<Arc<Sheet<T>>> {
    let sealer = row.sealer();
    let mut query = connection.prepare_cached(&format!("{} WHERE order_key = ?1", T::ALL))?;
    let mut lines = before.lines.clone();
    let read = keys.len();
    for key in keys {
        let sealed: Option<Vec<u8>> = query.query_row([key], |columns| columns.get(1)).optional()?;
        match sealed {
            Some(sealed) => drop(lines.insert(key, Arc::new(T::open(&sealer, &key, &sealed)?))),
            None => drop(lines.remove(&key)),
        }
    }
    Ok(Arc::new(Sheet { mark, lines, read }))
}
