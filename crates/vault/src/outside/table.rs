//! The rows of proofs, of rounds that leaves name, and of what was set: added to a vault by its first writer.

use rusqlite::{Connection, OptionalExtension, params};
use sigu_evidence::{ContentId, ItemId, RowKey, match_all};
use sigu_ledger::Leaf;

use super::proof::{Proof, ProofFiles, Statement};
use crate::error::{Damage, Refusal, Result};
use crate::rows;

/// `proofs`: the bytes that the leaf of the same id commits to; `log`, `size`, `token` repeat what it says, to be found by.
/// `rounds`: the rounds of drand that leaves name. `outside`: what was set, and alarms; sealed.
const SCHEMA: &str = "
CREATE TABLE proofs(id INTEGER PRIMARY KEY, log INTEGER NOT NULL, size INTEGER NOT NULL, token BLOB,
  request BLOB NOT NULL, reply BLOB NOT NULL, beside BLOB NOT NULL) STRICT;
CREATE INDEX proofs_by_size ON proofs(log, size);
CREATE INDEX proofs_by_token ON proofs(token) WHERE token IS NOT NULL;
CREATE TABLE rounds(round INTEGER PRIMARY KEY, signature BLOB NOT NULL) STRICT;
CREATE TABLE outside(key TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
";

/// How many proofs near a leaf are looked at: those of all sources of the next checkpoints.
const NEAR: u32 = 24;

/// Returns whether the vault has the tables; those of an earlier version have none until somebody writes.
pub(crate) fn are_there(connection: &Connection) -> Result<bool> {
    let query = "SELECT EXISTS(SELECT 1 FROM sqlite_schema WHERE name = 'proofs')";
    Ok(connection.prepare_cached(query)?.query_row([], |columns| columns.get(0))?)
}

/// Adds the tables, empty.
pub(crate) fn add(connection: &Connection) -> Result<()> {
    Ok(connection.execute_batch(SCHEMA)?)
}

/// Writes the bytes of the proof whose leaf stands at `item`.
pub(crate) fn put(
    connection: &Connection,
    item: ItemId,
    (statement, files): &(Statement, ProofFiles),
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO proofs(id, log, size, token, request, reply, beside) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            rows::row_id(item),
            statement.log,
            rows::signed(statement.size),
            statement.token(),
            files.request,
            files.reply,
            files.beside
        ])?;
    Ok(())
}

/// Which proofs are read.
pub(crate) enum Which<'a> {
    /// All, as they were logged.
    All,
    /// Those over a tree that holds a leaf, the nearest first.
    Over(ItemId),
    /// The token of that digest.
    Token(&'a [u8; 32]),
    /// The last token received.
    NewestToken,
}

/// Reads proofs by what their leaves say.
pub(crate) fn find(connection: &Connection, row: &RowKey, which: &Which<'_>) -> Result<Vec<Proof>> {
    if !are_there(connection)? {
        return Ok(Vec::new());
    }
    const JOIN: &str =
        "SELECT leaves.id, leaves.bytes, leaves.disclosures FROM proofs JOIN leaves USING (id)";
    let (rest, values): (String, Vec<rusqlite::types::Value>) = match which {
        Which::All => ("ORDER BY leaves.id".to_owned(), Vec::new()),
        Which::Over(item) => (
            format!("WHERE log = ?1 AND size > ?2 ORDER BY size, leaves.id LIMIT {NEAR}"),
            vec![i64::from(item.log).into(), rows::signed(item.seq).into()],
        ),
        Which::Token(digest) => ("WHERE token = ?1 LIMIT 1".to_owned(), vec![digest.to_vec().into()]),
        Which::NewestToken => {
            ("WHERE token IS NOT NULL ORDER BY leaves.id DESC LIMIT 1".to_owned(), Vec::new())
        }
    };
    let mut query = connection.prepare_cached(&format!("{JOIN} {rest}"))?;
    let mut found = query.query(rusqlite::params_from_iter(values))?;
    let mut proofs = Vec::new();
    while let Some(columns) = found.next()? {
        let item = rows::item_of(columns.get(0)?);
        let (bytes, sealed): (Vec<u8>, Vec<u8>) = (columns.get(1)?, columns.get(2)?);
        proofs.push(read(row, item, &bytes, &sealed)?.0);
    }
    Ok(proofs)
}

pub(super) fn all(connection: &Connection, row: &RowKey) -> Result<Vec<Proof>> {
    find(connection, row, &Which::All)
}

/// Reads a leaf as a proof, with what it commits to.
fn read(row: &RowKey, item: ItemId, bytes: &[u8], sealed: &[u8]) -> Result<(Proof, Committed)> {
    let damage = |what: &str| Damage::row("leaves", item, what);
    let leaf = Leaf::parse(bytes).map_err(|error| damage(&error.to_string()))?;
    let disclosures = rows::open_disclosures(row, item, sealed)?;
    let fields = match_all(&leaf.sd, &disclosures).map_err(|error| damage(&error.to_string()))?;
    let received = leaf.at.parse().map_err(|_| damage("at"))?;
    let statement = Statement::from_fields(&fields).map_err(damage)?;
    let committed = Committed {
        reply: fields.text("proof.sha256").ok_or_else(|| damage("proof.sha256"))?.to_owned(),
        row: (statement.log, rows::signed(statement.size), statement.token()),
    };
    Ok((statement.at(item, received), committed))
}

/// What a leaf says of its row: the digest of the reply, and the columns that repeat it.
struct Committed {
    reply: String,
    row: (u32, i64, Option<Vec<u8>>),
}

/// Reads the bytes of a proof and compares them with its leaf.
pub(crate) fn files(connection: &Connection, row: &RowKey, item: ItemId) -> Result<ProofFiles> {
    Ok(whole(connection, row, item)?.1)
}

/// Reads a proof whole, its bytes compared with its leaf.
pub(crate) fn whole(connection: &Connection, row: &RowKey, item: ItemId) -> Result<(Proof, ProofFiles)> {
    let missing = || Refusal::UnknownItem(item);
    let (bytes, sealed) = rows::leaf(connection, item)?.ok_or_else(missing)?;
    if !are_there(connection)? {
        return Err(missing().into());
    }
    let found = connection
        .prepare_cached("SELECT log, size, token, request, reply, beside FROM proofs WHERE id = ?1")?
        .query_row([rows::row_id(item)], |columns| {
            let files =
                ProofFiles { request: columns.get(3)?, reply: columns.get(4)?, beside: columns.get(5)? };
            Ok(((columns.get(0)?, columns.get(1)?, columns.get(2)?), files))
        })
        .optional()?;
    let (columns, files) = found.ok_or_else(missing)?;
    let (proof, committed) = read(row, item, &bytes, &sealed)?;
    if ContentId::of(&files.reply).to_string() == committed.reply && columns == committed.row {
        Ok((proof, files))
    } else {
        Err(Damage::row("proofs", item, "not what its leaf says").into())
    }
}

/// The places of all rows, and of all leaves that say a proof was received.
pub(crate) fn places(connection: &Connection) -> Result<Vec<ItemId>> {
    if !are_there(connection)? {
        return Ok(Vec::new());
    }
    let mut query = connection.prepare_cached("SELECT id FROM proofs ORDER BY id")?;
    let found = query.query_map([], |columns| columns.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    Ok(found.into_iter().map(rows::item_of).collect())
}

fn aad(key: &str) -> String {
    format!("outside {key}")
}

/// Reads what was set under a key.
pub(super) fn setting(connection: &Connection, row: &RowKey, key: &str) -> Result<Option<String>> {
    if !are_there(connection)? {
        return Ok(None);
    }
    let sealed: Option<Vec<u8>> = connection
        .prepare_cached("SELECT sealed FROM outside WHERE key = ?1")?
        .query_row([key], |columns| columns.get(0))
        .optional()?;
    let damage = |what: String| Damage::row("outside", key, what);
    let Some(sealed) = sealed else { return Ok(None) };
    let plain = row.open(aad(key).as_bytes(), &sealed).map_err(|error| damage(error.to_string()))?;
    let text = std::str::from_utf8(&plain).map_err(|_| damage("not UTF-8".to_owned()))?;
    Ok(Some(text.to_owned()))
}

/// Sets a text under a key.
pub(super) fn set(connection: &Connection, row: &RowKey, key: &str, text: &str) -> Result<()> {
    let sealed = row.seal(aad(key).as_bytes(), text.as_bytes(), &mut crate::os_entropy);
    connection
        .prepare_cached("INSERT OR REPLACE INTO outside(key, sealed) VALUES (?1, ?2)")?
        .execute(params![key, sealed])?;
    Ok(())
}

/// Forgets what was set under a key.
pub(super) fn unset(connection: &Connection, key: &str) -> Result<()> {
    connection.prepare_cached("DELETE FROM outside WHERE key = ?1")?.execute([key])?;
    Ok(())
}
