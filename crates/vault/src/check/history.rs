//! The log: every leaf, tile, checkpoint and disclosure, the guard, and the projections that follow.

use std::collections::BTreeMap;

use rusqlite::Connection;
use sigu_evidence::{FieldValue, ItemId, NameKey, RowKey};
use sigu_ledger::{Hash, Leaf, RightEdge, SignedCheckpoint, TileId, leaf_hash};

use super::outside::Named;
use super::{CheckReport, FindingCode, claimed};
use crate::error::{Error, Refusal, Result};
use crate::projection;
use crate::rows::{self, LogRow};
use crate::vault::Vault;

pub(super) fn compare(vault: &Vault, report: &mut CheckReport) -> Result<()> {
    let row = vault.row_key();
    let name = NameKey::from_bytes(*vault.keys.name.as_bytes());
    let seen = vault.store().call(move |connection| {
        let mut report = CheckReport::default();
        let looked = look(connection, &row, &name, &mut report);
        report.note(looked)?;
        Ok(report)
    });
    let Some(seen) = report.note(seen)? else { return Ok(()) };
    report.findings.extend(seen.findings);
    report.leaves = seen.leaves;
    report.checkpoints = seen.checkpoints;
    guard(vault, report)
}

fn look(connection: &mut Connection, row: &RowKey, name: &NameKey, report: &mut CheckReport) -> Result<()> {
    let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |columns| columns.get(0))?;
    if verdict != "ok" {
        report.add(FindingCode::DatabaseDamaged, "vault.db", Some(verdict));
    }
    let logs = rows::logs(connection)?;
    let mut named = Named::default();
    for log in &logs {
        compare_log(connection, row, log, &mut named, report)?;
    }
    named.compare(connection, row, report)?;
    strangers(connection, &logs, report)?;
    for name in rows::removals(connection)? {
        report.add(FindingCode::ErasureUnfinished, name, None);
    }
    follow(connection, row, name, report)
}

/// Rows of logs that are not there.
fn strangers(connection: &Connection, logs: &[LogRow], report: &mut CheckReport) -> Result<()> {
    let known: Vec<u32> = logs.iter().map(|log| log.log).collect();
    if known.is_empty() {
        report.add(FindingCode::LogKeyWrong, "logs", None);
    }
    let mut query = connection.prepare(
        "SELECT DISTINCT log FROM checkpoints UNION SELECT DISTINCT log FROM tiles UNION SELECT DISTINCT id >> 40 FROM leaves",
    )?;
    for log in query.query_map([], |columns| columns.get::<_, u32>(0))? {
        let log = log?;
        if !known.contains(&log) {
            report.add(FindingCode::LeafDamaged, format!("log {log}"), None);
        }
    }
    Ok(())
}

fn compare_log(
    connection: &Connection,
    row: &RowKey,
    log: &LogRow,
    named: &mut Named,
    report: &mut CheckReport,
) -> Result<()> {
    let mut edge = RightEdge::new();
    let mut checkpoints = checkpoints(connection, log.log)?;
    if !checkpoints.contains_key(&log.size) {
        report.add(FindingCode::CheckpointDamaged, format!("log {} size {}", log.log, log.size), None);
    }
    let mut query = connection
        .prepare("SELECT id, bytes, disclosures FROM leaves WHERE id >= ?1 AND id < ?2 ORDER BY id")?;
    let first = rows::row_id(ItemId { log: log.log, seq: 0 });
    let end = rows::row_id(ItemId { log: log.log + 1, seq: 0 });
    let mut found = query.query([first, end])?;
    let mut last_time = None;
    while let Some(columns) = found.next()? {
        let item = rows::item_of(columns.get(0)?);
        let (bytes, sealed): (Vec<u8>, Vec<u8>) = (columns.get(1)?, columns.get(2)?);
        if item.seq != edge.size() {
            report.add(FindingCode::LeafDamaged, item, Some(format!("leaf {} is missing", edge.size())));
            return Ok(());
        }
        edge.append(leaf_hash(&bytes));
        if let Some(leaf) = compare_leaf(row, log, item, &bytes, &sealed, report)? {
            let at = claimed(&leaf.at);
            if at < last_time {
                report.add(FindingCode::ClockWentBack, item, Some(leaf.at.clone()));
            }
            last_time = at.max(last_time);
            named.note(item, &leaf, report);
        }
        if let Some(note) = checkpoints.remove(&edge.size()) {
            compare_checkpoint(log, &edge, &note, report);
        }
    }
    for size in checkpoints.into_keys() {
        report.add(FindingCode::CheckpointDamaged, format!("log {} size {size}", log.log), None);
    }
    compare_tiles(connection, log.log, edge, report)
}

fn compare_leaf(
    row: &RowKey,
    log: &LogRow,
    item: ItemId,
    bytes: &[u8],
    sealed: &[u8],
    report: &mut CheckReport,
) -> Result<Option<Leaf>> {
    report.leaves += 1;
    let read = crate::log::read_leaf(row, item, bytes, sealed);
    let Some((leaf, fields)) = report.note(read)? else { return Ok(None) };
    if leaf.seq != item.seq {
        report.add(FindingCode::LeafDamaged, item, Some(format!("says it is {}", leaf.seq)));
    }
    if item.seq == 0 && fields.get("log.vkey") != Some(&FieldValue::Text(log.key.to_string())) {
        report.add(FindingCode::LogKeyWrong, item, None);
    }
    if sigu_case::wire::v1::from_wire(&leaf.kind, &fields).is_err() {
        report.add(FindingCode::DisclosuresDamaged, item, None);
    }
    Ok(Some(leaf))
}

fn checkpoints(connection: &Connection, log: u32) -> Result<BTreeMap<u64, String>> {
    let mut query = connection.prepare("SELECT size, note FROM checkpoints WHERE log = ?1")?;
    let found =
        query.query_map([log], |columns| Ok((columns.get::<_, i64>(0)?, columns.get::<_, String>(1)?)))?;
    found.map(|columns| Ok(columns.map(|(size, note)| (u64::try_from(size).unwrap_or(0), note))?)).collect()
}

fn compare_checkpoint(log: &LogRow, edge: &RightEdge, note: &str, report: &mut CheckReport) {
    report.checkpoints += 1;
    let place = || format!("log {} size {}", log.log, edge.size());
    match SignedCheckpoint::verify(note.as_bytes(), &log.key) {
        Ok(signed) if signed.checkpoint().size == edge.size() && signed.checkpoint().root == edge.root() => {}
        Ok(_) => report.add(FindingCode::CheckpointDamaged, place(), Some("root".to_owned())),
        Err(error) => report.add(FindingCode::CheckpointDamaged, place(), Some(error.to_string())),
    }
}

fn compare_tiles(
    connection: &Connection,
    log: u32,
    mut edge: RightEdge,
    report: &mut CheckReport,
) -> Result<()> {
    let expected: BTreeMap<TileId, Vec<Hash>> = edge.take_changed().into_iter().collect();
    let count: i64 =
        connection.query_row("SELECT count(*) FROM tiles WHERE log = ?1", [log], |columns| columns.get(0))?;
    if usize::try_from(count).ok() != Some(expected.len()) {
        report.add(FindingCode::TileDamaged, format!("log {log}"), Some(format!("{count} tiles")));
    }
    for (id, hashes) in expected {
        let place = format!("{log}/{}/{}", id.level, id.index);
        match report.note(rows::tile(connection, log, id))? {
            Some(stored) if stored != hashes => report.add(FindingCode::TileDamaged, place, None),
            _ => {}
        }
    }
    Ok(())
}

/// Makes the projections again in a transaction that is given up, and compares.
fn follow(connection: &mut Connection, row: &RowKey, name: &NameKey, report: &mut CheckReport) -> Result<()> {
    let Some(before) = report.note(projection::dump(connection, row))? else { return Ok(()) };
    let transaction = connection.transaction()?;
    let rebuilt = projection::rebuild(&transaction, row, name);
    let Some(_) = report.note(rebuilt)? else { return Ok(()) };
    let after = projection::dump(&transaction, row)?;
    drop(transaction);
    if before != after {
        report.add(
            FindingCode::ProjectionDiffers,
            "case_events, case_orders, case_figures, case_pages, search_rows, search_words, followers",
            None,
        );
    }
    Ok(())
}

fn guard(vault: &Vault, report: &mut CheckReport) -> Result<()> {
    let Some(logs) = report.note(vault.store().call(|connection| rows::logs(connection)))? else {
        return Ok(());
    };
    let Some(log) = logs.last() else { return Ok(()) };
    match vault.check_guard(log).and_then(|()| vault.check_alarm(log)) {
        Ok(()) => {}
        Err(Error::Refused(refusal)) => {
            let code = match refusal {
                Refusal::OlderThanSigned { .. } => FindingCode::OlderThanSigned,
                Refusal::OtherHistory { .. } => FindingCode::OtherHistory,
                Refusal::SeenOtherwise(_) => FindingCode::SeenOtherwise,
                _ => FindingCode::NotWrittenHere,
            };
            report.add(code, format!("log {}", log.log), Some(refusal.to_string()));
        }
        Err(other) => drop(report.note::<()>(Err(other))?),
    }
    Ok(())
}
