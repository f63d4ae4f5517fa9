//! Figures: of each order what it says of its merchant at every instant, sealed, so that merchants are summed without
//! reading all orders. They follow the log as the other projections do.

use rusqlite::{Connection, params};
use sigu_case::dossier::Figures;
use sigu_evidence::{RowKey, RowSealer};

use crate::error::{Damage, Result};

/// The table of figures.
pub(crate) const SCHEMA: &str = "
CREATE TABLE case_figures(order_key BLOB PRIMARY KEY, figures BLOB NOT NULL) STRICT;
";

/// Returns whether the vault has figures as they are now; those of an earlier version have none, or in another form, until
/// somebody writes. What came with the present form is the table of pages.
pub(crate) fn are_there(connection: &Connection) -> Result<bool> {
    let query = "SELECT count(*) = 2 FROM sqlite_schema WHERE name IN ('case_figures', 'case_pages')";
    Ok(connection.prepare_cached(query)?.query_row([], |columns| columns.get(0))?)
}

fn aad(key: &[u8; 32]) -> Vec<u8> {
    [b"figures ".as_slice(), key].concat()
}

pub(crate) fn put(connection: &Connection, row: &RowKey, key: &[u8; 32], figures: &Figures) -> Result<()> {
    let plain = serde_json::to_vec(figures).expect("figures always serialise");
    let sealed = row.seal(&aad(key), &plain, &mut crate::os_entropy);
    connection
        .prepare_cached("INSERT OR REPLACE INTO case_figures(order_key, figures) VALUES (?1, ?2)")?
        .execute(params![key, sealed])?;
    Ok(())
}

pub(crate) fn open(sealer: &RowSealer, key: &[u8; 32], sealed: &[u8]) -> Result<Figures> {
    let damage = |what: String| Damage::row("case_figures", crate::keys::hex(&key[..4]), what);
    let plain = sealer.open(&aad(key), sealed).map_err(|error| damage(error.to_string()))?;
    Ok(serde_json::from_slice(&plain).map_err(|error| damage(error.to_string()))?)
}

pub(crate) fn clear(connection: &Connection) -> Result<()> {
    if are_there(connection)? {
        connection.execute_batch("DELETE FROM case_figures")?;
    }
    Ok(())
}

/// Reads all rows in a form that can be compared.
pub(crate) fn dump(connection: &Connection, row: &RowKey) -> Result<Vec<(Vec<u8>, Figures)>> {
    if !are_there(connection)? {
        return Ok(Vec::new());
    }
    let sealer = row.sealer();
    let mut query = connection.prepare("SELECT order_key, figures FROM case_figures ORDER BY order_key")?;
    let mut found = query.query([])?;
    let mut all = Vec::new();
    while let Some(columns) = found.next()? {
        let key: [u8; 32] = columns.get(0)?;
        all.push((key.to_vec(), open(&sealer, &key, columns.get_ref(1)?.as_blob().unwrap_or_default())?));
    }
    Ok(all)
}
