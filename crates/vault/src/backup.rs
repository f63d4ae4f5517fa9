//! Backup and restore. A backup is a folder like the vault's, without the `key` file: whoever finds it needs the vault key
//! or the recovery key. Contents that are there already are not copied again.
//!
//! A restored vault goes on in a **new log** whose genesis names the old one: the old log may have gone on elsewhere, and
//! going on with it too would be two histories under one key.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use sigu_evidence::{ContentId, Identity};

use crate::create::{Previous, whole};
use crate::disk::Disk;
use crate::error::{Fault, Refusal, Result};
use crate::keys::{KeyFile, Keys};
use crate::layout::Layout;
use crate::seal::{self, Seal};
use crate::settings::Settings;
use crate::store::Store;
use crate::vault::{Places, Progress, Stop, Vault};
use crate::{check, rows};

/// What a backup did.
#[derive(Debug, Clone, Serialize)]
pub struct BackupOutcome {
    /// The folder.
    pub folder: PathBuf,
    /// Contents copied this time.
    pub copied: u64,
    /// Contents that were there already.
    pub kept: u64,
    /// Leaves in the copied database, all logs together.
    pub leaves: u64,
}

/// What a restore did.
#[derive(Debug, Clone, Serialize)]
pub struct RestoreOutcome {
    /// The vault's folder.
    pub folder: PathBuf,
    /// The log that ended.
    pub continues: u32,
    /// The log that began.
    pub log: u32,
    /// The fingerprint of the new log's key.
    pub key_fingerprint: String,
}

/// The last file of a backup to be written: without it, it is not complete.
const MARK: &str = "backup.json";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    format: String,
    database_sha256: String,
    keys_sha256: String,
    settings_sha256: String,
    leaves: u64,
}

const FORMAT: &str = "sigu-backup/1";

/// Copies the vault into a folder, new or an earlier backup of the same vault.
///
/// # Errors
/// Refuses a folder inside the vault and one that holds something else, and to go on once the vault's [`Stop`] was asked.
pub fn backup(vault: &Vault, to: &Path, progress: &(dyn Fn(Progress) + Sync)) -> Result<BackupOutcome> {
    let target = prepare(vault, to)?;
    // Readers may go on; writers wait, so that database and keys are of one moment.
    let _lock = crate::lock::write_lock(&vault.layout.lock())?;
    let (copied, kept) = copy_blobs(&vault.layout, &target, &vault.disk, progress, &vault.stop)?;
    let database = target.root().join(".new-database");
    let _ = std::fs::remove_file(&database); // left by an interrupted backup
    let path = database.clone();
    let leaves = vault.store().call(move |connection| {
        let mut copy = Connection::open(&path)?;
        rusqlite::backup::Backup::new(connection, &mut copy)?.run_to_completion(
            4096,
            std::time::Duration::ZERO,
            None,
        )?;
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        Ok(rows::logs(connection)?.iter().map(|log| log.size).sum::<u64>())
    })?;
    let mark = target.root().join(MARK);
    if mark.exists() {
        vault.disk.remove(&mark)?;
    }
    vault.disk.settle(&[(database, target.database())])?;
    for (from, to) in [(vault.layout.keys(), target.keys()), (vault.layout.settings(), target.settings())] {
        vault.disk.replace(&to, &crate::keys::read_bytes(&from)?)?;
    }
    let text =
        serde_json::to_string(&Mark { leaves, ..digests(&target)? }).expect("strings always serialise");
    vault.disk.replace(&mark, format!("{text}\n").as_bytes())?;
    Ok(BackupOutcome { folder: to.to_owned(), copied, kept, leaves })
}

fn prepare(vault: &Vault, to: &Path) -> Result<Layout> {
    let target = Layout::new(to);
    // Looked at before anything is made: a refusal leaves nothing behind.
    let there = std::path::absolute(to).map_err(|source| Fault::io("find", to, source))?;
    let there = there.ancestors().find_map(|part| part.canonicalize().ok());
    let inside = there.zip(vault.folder().canonicalize().ok());
    if inside.is_some_and(|(to, vault)| to.starts_with(vault)) {
        return Err(Refusal::InsideVault(to.to_owned()).into());
    }
    let allowed = ["blobs", "vault.db", "keys.age", "vault.json", MARK];
    let there = if to.exists() { check_names(to)? } else { Vec::new() };
    let strange =
        there.into_iter().any(|name| !allowed.contains(&name.as_str()) && !name.starts_with(".new-"));
    if strange {
        return Err(Refusal::NotEmpty(to.to_owned()).into());
    }
    if target.settings().exists() && Settings::load(&target, &vault.keys.row).is_err() {
        return Err(Refusal::NotEmpty(to.to_owned()).into());
    }
    vault.disk.create_folder(&target.blobs())?;
    Ok(target)
}

fn check_names(folder: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder).map_err(|source| Fault::io("list", folder, source))?;
    Ok(entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

fn digests(layout: &Layout) -> Result<Mark> {
    let digest = |path: PathBuf| seal::digest_of(&path).map(|digest: ContentId| digest.to_string());
    Ok(Mark {
        format: FORMAT.to_owned(),
        database_sha256: digest(layout.database())?,
        keys_sha256: digest(layout.keys())?,
        settings_sha256: digest(layout.settings())?,
        leaves: 0,
    })
}

/// Copies contents that are missing or have another size.
fn copy_blobs(
    from: &Layout,
    to: &Layout,
    disk: &Disk,
    progress: &(dyn Fn(Progress) + Sync),
    stop: &Stop,
) -> Result<(u64, u64)> {
    let (mut copied, mut kept) = (0, 0);
    let mut moves = Vec::new();
    for shard in check_names(&from.blobs())? {
        for name in check_names(&from.blobs().join(&shard))? {
            let (source, target) =
                (from.blobs().join(&shard).join(&name), to.blobs().join(&shard).join(&name));
            let size = std::fs::metadata(&source).map_err(|error| Fault::io("read", &source, error))?.len();
            if std::fs::metadata(&target).is_ok_and(|metadata| metadata.len() == size) {
                kept += 1;
                continue;
            }
            if stop.is_asked() {
                // Best effort: what stays behind is found and written over by the next backup.
                moves.iter().for_each(|(temporary, _)| drop(std::fs::remove_file(temporary)));
            }
            stop.heed()?;
            let temporary = to.root().join(format!(".new-{name}"));
            std::fs::copy(&source, &temporary).map_err(|error| Fault::io("copy", &source, error))?;
            progress(Progress { bytes: size, files: 1 });
            moves.push((temporary, target));
            copied += 1;
        }
    }
    disk.settle(&moves)?;
    Ok((copied, kept))
}

/// Restores a backup at `places` with the vault key or the recovery key; `key` says how the vault key is kept from now on.
///
/// # Errors
/// Refuses a folder that is no complete backup, a place that holds something, and a key that does not open it.
/// On a fault nothing stands at the place.
pub fn restore(
    from: &Path,
    places: &Places,
    identity: &Identity,
    key: impl FnOnce(&Identity) -> KeyFile,
    at: Timestamp,
    disk: Disk,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<RestoreOutcome> {
    let source = Layout::new(from);
    check_mark(&source)?;
    if places.vault.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Refusal::NotEmpty(places.vault.clone()).into());
    }
    let keys = Keys::load(&source, identity)?;
    let key = key(&keys.vault);
    let outcome = whole(places, &disk, |building| {
        copy_all(&source, &Layout::new(&building.vault), &keys, &key, &disk, progress)?;
        adopt(building, &keys.vault, at, disk.clone())
    })?;
    Ok(RestoreOutcome { folder: places.vault.clone(), ..outcome })
}

/// Copies a backup into a folder that becomes a vault.
fn copy_all(
    source: &Layout,
    target: &Layout,
    keys: &Keys,
    key: &KeyFile,
    disk: &Disk,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<()> {
    disk.create_folder(&target.blobs())?;
    disk.create_folder(&target.incoming())?;
    copy_blobs(source, target, disk, progress, &Stop::default())?;
    for (from, to) in [(source.keys(), target.keys()), (source.settings(), target.settings())] {
        disk.replace(&to, &crate::keys::read_bytes(&from)?)?;
    }
    disk.write_new(&target.lock(), b"")?;
    disk.replace(&target.key(), key.to_text().as_bytes())?;
    Seal::Open.store(target, &keys.row, disk)?;
    let database = target.root().join(".new-database");
    std::fs::copy(source.database(), &database).map_err(|error| Fault::io("copy", &database, error))?;
    Ok(disk.settle(&[(database, target.database())])?)
}

fn check_mark(source: &Layout) -> Result<()> {
    let refusal = || Refusal::NoBackup(source.root().to_owned());
    let text = std::fs::read_to_string(source.root().join(MARK)).map_err(|_| refusal())?;
    let mark: Mark = serde_json::from_str(&text).map_err(|_| refusal())?;
    if mark.format != FORMAT {
        return Err(Refusal::UnknownFormat(mark.format).into());
    }
    let found = digests(source)?;
    for (path, same) in [
        (source.database(), found.database_sha256 == mark.database_sha256),
        (source.keys(), found.keys_sha256 == mark.keys_sha256),
        (source.settings(), found.settings_sha256 == mark.settings_sha256),
    ] {
        if !same {
            return Err(crate::Damage::file(&path, "is not as it was backed up").into());
        }
    }
    Ok(())
}

/// Goes on with a vault that this machine did not write, or that is older than what it signed: in a new log.
///
/// # Errors
/// Reports damage of the old log; nothing is signed on top of it.
pub fn adopt(places: &Places, identity: &Identity, at: Timestamp, disk: Disk) -> Result<RestoreOutcome> {
    let layout = Layout::new(&places.vault);
    let keys = Keys::load(&layout, identity)?;
    let settings = Settings::load(&layout, &keys.row)?;
    let store = Store::open(&layout.database())?;
    let mut vault = Vault::assemble(layout, &places.state, disk, keys, settings, store);
    let report = check::check(places, identity, check::CheckOptions::default(), &|_| {})?;
    if let Some(finding) = report.findings.iter().find(|finding| blocks(finding)) {
        return Err(crate::Damage::file(Path::new(&finding.place), finding.code.code()).into());
    }
    let previous = vault.store().call(|connection| {
        let log = rows::logs(connection)?.pop().ok_or_else(|| crate::Damage::row("logs", 0, "no log"))?;
        let (size, note) = rows::newest_checkpoint(connection, log.log)?;
        let signed = sigu_ledger::SignedCheckpoint::verify(note.as_bytes(), &log.key)
            .map_err(|error| crate::Damage::row("checkpoints", log.log, error))?;
        Ok(Previous {
            log: log.log,
            origin: log.key.name().to_owned(),
            size,
            root: signed.checkpoint().root.to_string(),
            note_sha256: ContentId::of(note.as_bytes()).to_string(),
        })
    })?;
    vault.start_log(Some(&previous), at)?;
    let key_fingerprint = vault.logs()?.pop().map(|(_, _, fingerprint, _)| fingerprint).unwrap_or_default();
    vault.close()?;
    Ok(RestoreOutcome {
        folder: places.vault.clone(),
        continues: previous.log,
        log: previous.log + 1,
        key_fingerprint,
    })
}

/// Findings of the old history that forbid to go on from it. That it is older than what was signed is why we are here.
fn blocks(finding: &check::CheckFinding) -> bool {
    use check::FindingCode::{OlderThanSigned, OtherHistory, ProjectionDiffers, SeenOtherwise};
    finding.severity == check::Severity::Damage
        && !matches!(finding.code, OlderThanSigned | OtherHistory | ProjectionDiffers | SeenOtherwise)
}
