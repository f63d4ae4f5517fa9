//! Rows of the database as values: ids, tiles, disclosures. Every `from` here is a check.

use rusqlite::{Connection, OptionalExtension, params};
use sigu_case::ItemId;
use sigu_evidence::{Disclosure, RowKey};
use sigu_ledger::{Hash, TileId, VerifyingKey};

use crate::error::{Damage, Result};

/// Leaves per log that fit the id: 2^40.
const SEQ_BITS: u32 = 40;

/// Packs a leaf's place into the id of its row.
pub(crate) fn row_id(item: ItemId) -> i64 {
    (i64::from(item.log) << SEQ_BITS) | i64::try_from(item.seq).expect("a log has fewer than 2^40 leaves")
}

/// Unpacks the id of a row.
pub(crate) fn item_of(id: i64) -> ItemId {
    ItemId {
        log: u32::try_from(id >> SEQ_BITS).unwrap_or(0),
        seq: u64::try_from(id & ((1 << SEQ_BITS) - 1)).unwrap_or(0),
    }
}

/// One log of the vault.
#[derive(Debug, Clone)]
pub(crate) struct LogRow {
    pub(crate) log: u32,
    pub(crate) key: VerifyingKey,
    pub(crate) size: u64,
}

/// Returns all logs with the number of their leaves, oldest first.
pub(crate) fn logs(connection: &Connection) -> Result<Vec<LogRow>> {
    let mut query = connection.prepare_cached("SELECT log, vkey FROM logs ORDER BY log")?;
    let rows = query.query_map([], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, String>(1)?)))?;
    rows.map(|row| {
        let (log, vkey) = row?;
        let key = vkey.parse().map_err(|error| Damage::row("logs", log, error))?;
        Ok(LogRow { log, key, size: size(connection, log)? })
    })
    .collect()
}

/// Returns the number of leaves of a log.
pub(crate) fn size(connection: &Connection, log: u32) -> Result<u64> {
    let (from, to) = (row_id(ItemId { log, seq: 0 }), row_id(ItemId { log: log + 1, seq: 0 }));
    let last: Option<i64> = connection
        .prepare_cached("SELECT max(id) FROM leaves WHERE id >= ?1 AND id < ?2")?
        .query_row(params![from, to], |row| row.get(0))?;
    Ok(last.map_or(0, |id| item_of(id).seq + 1))
}

/// Reads a tile of a log.
pub(crate) fn tile(connection: &Connection, log: u32, id: TileId) -> Result<Vec<Hash>> {
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached("SELECT hashes FROM tiles WHERE log = ?1 AND level = ?2 AND tile = ?3")?
        .query_row(params![log, id.level, signed(id.index)], |row| row.get(0))
        .optional()?;
    let name = || format!("{log}/{}/{}", id.level, id.index);
    let bytes = bytes.ok_or_else(|| Damage::row("tiles", name(), "missing"))?;
    let (whole, rest) = bytes.as_chunks::<32>();
    if !rest.is_empty() || whole.is_empty() || whole.len() > sigu_ledger::TILE_WIDTH {
        return Err(Damage::row("tiles", name(), "wrong length").into());
    }
    Ok(whole.iter().map(|hash| Hash::from_bytes(*hash)).collect())
}

/// Writes a tile of a log.
pub(crate) fn put_tile(connection: &Connection, log: u32, id: TileId, hashes: &[Hash]) -> Result<()> {
    let bytes: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
    connection
        .prepare_cached("INSERT OR REPLACE INTO tiles(log, level, tile, hashes) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![log, id.level, signed(id.index), bytes])?;
    Ok(())
}

/// Returns the checkpoint of a log at exactly that size.
pub(crate) fn checkpoint(connection: &Connection, log: u32, size: u64) -> Result<Option<String>> {
    Ok(connection
        .prepare_cached("SELECT note FROM checkpoints WHERE log = ?1 AND size = ?2")?
        .query_row(params![log, signed(size)], |row| row.get(0))
        .optional()?)
}

/// Reads a leaf's bytes and its sealed disclosures.
pub(crate) fn leaf(connection: &Connection, item: ItemId) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
    Ok(connection
        .prepare_cached("SELECT bytes, disclosures FROM leaves WHERE id = ?1")?
        .query_row([row_id(item)], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// Seals the disclosures of a leaf for its row; the row's place is authenticated with them.
pub(crate) fn seal_disclosures(row: &RowKey, item: ItemId, disclosures: &[Disclosure]) -> Vec<u8> {
    let lines: Vec<&str> = disclosures.iter().map(Disclosure::encoded).collect();
    row.seal(disclosures_aad(item).as_bytes(), lines.join("\n").as_bytes(), &mut crate::os_entropy)
}

/// Unseals the disclosures of a leaf.
pub(crate) fn open_disclosures(row: &RowKey, item: ItemId, sealed: &[u8]) -> Result<Vec<Disclosure>> {
    let damage = |what: String| Damage::row("leaves", item, what);
    let plain = row
        .open(disclosures_aad(item).as_bytes(), sealed)
        .map_err(|error| damage(format!("disclosures: {error}")))?;
    let text = std::str::from_utf8(&plain).map_err(|_| damage("disclosures: not UTF-8".to_owned()))?;
    text.split('\n')
        .filter(|line| !line.is_empty())
        .map(|line| Disclosure::parse(line).map_err(|error| damage(format!("disclosures: {error}")).into()))
        .collect()
}

fn disclosures_aad(item: ItemId) -> String {
    format!("disclosures {item}")
}

/// SQLite's integers are signed; sizes here stay far below 2^63.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).expect("sizes and indices stay below 2^40")
}

/// Returns the newest checkpoint of a log with its size.
pub(crate) fn newest_checkpoint(connection: &Connection, log: u32) -> Result<(u64, String)> {
    let found: Option<(i64, String)> = connection
        .prepare_cached("SELECT size, note FROM checkpoints WHERE log = ?1 ORDER BY size DESC LIMIT 1")?
        .query_row([log], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (size, note) = found.ok_or_else(|| Damage::row("checkpoints", log, "missing"))?;
    Ok((u64::try_from(size).unwrap_or(0), note))
}

/// Returns the files that erasures have yet to remove.
pub(crate) fn removals(connection: &Connection) -> Result<Vec<sigu_evidence::BlobName>> {
    let mut query = connection.prepare_cached("SELECT blob FROM removals ORDER BY blob")?;
    let names = query.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    names
        .into_iter()
        .map(|name| Ok(name.parse().map_err(|error| Damage::row("removals", &name, error))?))
        .collect()
}
