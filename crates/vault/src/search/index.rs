//! The index: sealed texts by leaf, and FTS5 over words that are codes under a key of their own.
//!
//! `search_rows` has the texts of a leaf, sealed. `search_words` has for each of their parts (see [`sigu_case::search`])
//! the first ten hex digits of a code; FTS5 keeps which rows have which codes, and neither places nor counts
//! (`detail=none`, `columnsize=0`), nor the texts (`content=''`). What is taken out is gone from its pages
//! (`secure-delete`). Both follow the log inside the transaction of each append.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sigu_case::search::{Part, Passage, Target, house_passages, passages};
use sigu_case::{OrderId, State};
use sigu_evidence::{RowCoder, RowKey, RowSealer};

use super::{parts, place};
use crate::error::{Damage, Result};
use crate::projection::{house_key, order_key};
use crate::rows;

/// The tables of the index.
pub(crate) const SCHEMA: &str = "
CREATE TABLE search_rows(id INTEGER PRIMARY KEY, texts BLOB NOT NULL) STRICT;
CREATE VIRTUAL TABLE search_words USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii');
INSERT INTO search_words(search_words, rank) VALUES('secure-delete', 1);
";

/// Hex digits of a word's code: enough that two words of one vault are hardly ever the same.
const CODE_CHARS: usize = 10;

/// The texts of a leaf, as they are sealed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(super) order: Option<String>,
    pub(super) target: Target,
    pub(super) at: Timestamp,
    pub(super) texts: Vec<(Part, String)>,
}

impl Row {
    fn of(order: Option<&OrderId>, passage: Passage) -> Self {
        let Passage { target, at, texts, .. } = passage;
        Self { order: order.map(ToString::to_string), target, at, texts }
    }

    fn parse(id: i64, plain: &[u8]) -> Result<Self> {
        serde_json::from_slice(plain).map_err(|error| damage(id, error.to_string()).into())
    }
}

fn damage(id: i64, what: String) -> Damage {
    Damage::row("search_rows", rows::item_of(id), what)
}

/// Returns whether the vault has an index; those of an earlier version have none until somebody writes.
pub(crate) fn is_there(connection: &Connection) -> Result<bool> {
    let query = "SELECT EXISTS(SELECT 1 FROM sqlite_schema WHERE name = 'search_words')";
    Ok(connection.prepare_cached(query)?.query_row([], |columns| columns.get(0))?)
}

/// The keys of the index.
pub(crate) struct Index {
    sealer: RowSealer,
    coder: RowCoder,
    row: RowKey,
}

impl Index {
    pub(crate) fn new(row: &RowKey) -> Self {
        Self { sealer: row.sealer(), coder: row.coder("search"), row: row.clone() }
    }

    /// The code of a part.
    pub(super) fn word(&self, part: &str) -> String {
        let mut code = crate::keys::hex(&self.coder.code(part.as_bytes())[..CODE_CHARS / 2]);
        code.truncate(CODE_CHARS);
        code
    }

    fn words(&self, row: &Row) -> String {
        let words: Vec<String> = parts(row).iter().map(|part| self.word(part)).collect();
        words.join(" ")
    }

    fn open(&self, id: i64, sealed: &[u8]) -> Result<Vec<u8>> {
        let plain = self.sealer.open(&place(id), sealed).map_err(|error| damage(id, error.to_string()))?;
        Ok(plain.to_vec())
    }

    /// Returns the texts of a leaf.
    pub(super) fn row(&self, connection: &Connection, id: i64) -> Result<Option<Row>> {
        let sealed: Option<Vec<u8>> = connection
            .prepare_cached("SELECT texts FROM search_rows WHERE id = ?1")?
            .query_row([id], |columns| columns.get(0))
            .optional()?;
        sealed.map(|sealed| Row::parse(id, &self.open(id, &sealed)?)).transpose()
    }

    /// Makes the index say what the touched orders of a state say; rows that stay the same are not written.
    pub(crate) fn follow(
        &self,
        connection: &Connection,
        touched: &BTreeSet<[u8; 32]>,
        state: &State,
    ) -> Result<()> {
        if !is_there(connection)? {
            return Ok(());
        }
        let house = house_key(&self.row);
        if touched.contains(&house) {
            self.replace(connection, &house, None, house_passages(state))?;
        }
        for order in state.orders() {
            let key = order_key(&self.row, &order.id);
            if touched.contains(&key) {
                self.replace(connection, &key, Some(&order.id), passages(order))?;
            }
        }
        Ok(())
    }

    fn replace(
        &self,
        connection: &Connection,
        key: &[u8; 32],
        order: Option<&OrderId>,
        passages: Vec<Passage>,
    ) -> Result<()> {
        let first: Option<i64> = connection
            .prepare_cached("SELECT min(id) FROM case_events WHERE order_key = ?1")?
            .query_row([key], |columns| columns.get(0))?;
        let mut wanted = BTreeMap::new();
        for passage in passages {
            let Some(id) = passage.leaf.map(rows::row_id).or(first) else { continue };
            let row = Row::of(order, passage);
            wanted.insert(id, (serde_json::to_vec(&row).expect("texts always serialise"), row));
        }
        for (id, old) in self.kept(connection, key)? {
            match wanted.get(&id) {
                Some((plain, _)) if *plain == old => drop(wanted.remove(&id)),
                _ => self.remove(connection, id, &old)?,
            }
        }
        for (id, (plain, row)) in wanted {
            self.put(connection, id, &plain, &row)?;
        }
        Ok(())
    }

    /// The rows of an order, unsealed.
    fn kept(&self, connection: &Connection, key: &[u8; 32]) -> Result<Vec<(i64, Vec<u8>)>> {
        let mut query = connection.prepare_cached(
            "SELECT search_rows.id, texts FROM case_events JOIN search_rows USING (id) WHERE order_key = ?1",
        )?;
        let mut found = query.query([key])?;
        let mut kept = Vec::new();
        while let Some(columns) = found.next()? {
            let id = columns.get(0)?;
            kept.push((id, self.open(id, columns.get_ref(1)?.as_blob().unwrap_or_default())?));
        }
        Ok(kept)
    }

    fn remove(&self, connection: &Connection, id: i64, plain: &[u8]) -> Result<()> {
        // FTS5 holds no text: it has to be told which words the row had.
        connection
            .prepare_cached("INSERT INTO search_words(search_words, rowid, words) VALUES('delete', ?1, ?2)")?
            .execute(params![id, self.words(&Row::parse(id, plain)?)])?;
        connection.prepare_cached("DELETE FROM search_rows WHERE id = ?1")?.execute([id])?;
        Ok(())
    }

    fn put(&self, connection: &Connection, id: i64, plain: &[u8], row: &Row) -> Result<()> {
        let sealed = self.sealer.seal(&place(id), plain, &mut crate::os_entropy);
        connection
            .prepare_cached("INSERT INTO search_rows(id, texts) VALUES (?1, ?2)")?
            .execute(params![id, sealed])?;
        connection
            .prepare_cached("INSERT INTO search_words(rowid, words) VALUES (?1, ?2)")?
            .execute(params![id, self.words(row)])?;
        Ok(())
    }

    /// Reads everything in a form that can be compared: by leaf the texts, and a sum over the codes of their words.
    pub(crate) fn dump(&self, connection: &Connection) -> Result<Vec<(i64, Vec<u8>, u64)>> {
        if !is_there(connection)? {
            return Ok(Vec::new());
        }
        connection.execute_batch(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_seen USING fts5vocab('main', 'search_words', 'instance')",
        )?;
        let mut sums: BTreeMap<i64, u64> = BTreeMap::new();
        let mut query = connection.prepare("SELECT doc, term FROM temp.search_seen")?;
        let mut found = query.query([])?;
        while let Some(columns) = found.next()? {
            let code = columns.get_ref(1)?.as_str().unwrap_or_default();
            let code = u64::from_str_radix(code, 16).unwrap_or(u64::MAX);
            let sum = sums.entry(columns.get(0)?).or_default();
            *sum = sum.wrapping_add(code);
        }
        let mut query = connection.prepare("SELECT id, texts FROM search_rows ORDER BY id")?;
        let mut found = query.query([])?;
        let mut all = Vec::new();
        while let Some(columns) = found.next()? {
            let id = columns.get(0)?;
            let plain = self.open(id, columns.get_ref(1)?.as_blob().unwrap_or_default())?;
            all.push((id, plain, sums.remove(&id).unwrap_or_default()));
        }
        // Words of no row.
        all.extend(sums.into_iter().map(|(id, sum)| (id, Vec::new(), sum)));
        Ok(all)
    }
}

/// Empties the index without reading it.
pub(crate) fn clear(connection: &Connection) -> Result<()> {
    if is_there(connection)? {
        connection.execute_batch(
            "DELETE FROM search_rows; INSERT INTO search_words(search_words) VALUES('delete-all');",
        )?;
    }
    Ok(())
}
