//! The contents: every one a leaf names is there, and no other file is.

use std::collections::BTreeMap;

use sigu_evidence::{BlobName, ItemId, ItemManifest, sealed_size};

use super::{CheckOptions, CheckReport, FindingCode, folder};
use crate::error::{Error, Result};
use crate::rows;
use crate::vault::{Progress, Vault};

/// Sealed for the vault key and the recovery key.
const RECIPIENTS: usize = 2;

type Named = BTreeMap<BlobName, (ItemId, ItemManifest)>;

pub(super) fn compare(
    vault: &Vault,
    options: CheckOptions,
    report: &mut CheckReport,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<()> {
    let Some(named) = report.note(named(vault))? else { return Ok(()) };
    files(vault, &named, report)?;
    let mut there = Vec::new();
    for (name, (item, manifest)) in &named {
        match std::fs::metadata(vault.layout.blob(name)) {
            Ok(metadata) if metadata.len() == sealed_size(manifest.size, RECIPIENTS) => {
                there.push((*item, manifest))
            }
            Ok(metadata) => {
                report.add(FindingCode::BlobDamaged, item, Some(format!("{name}: {} bytes", metadata.len())))
            }
            Err(_) => report.add(FindingCode::BlobMissing, item, Some(name.to_string())),
        }
    }
    report.blobs = there.len() as u64;
    if options.read_data {
        read(vault, &there, report, progress)?;
    }
    Ok(())
}

/// All contents that leaves name, each with the first leaf that does.
fn named(vault: &Vault) -> Result<Named> {
    let row = vault.row_key();
    let manifests = vault.store().call(move |connection| {
        let mut query = connection.prepare("SELECT id, bytes, disclosures FROM leaves ORDER BY id")?;
        let mut found = query.query([])?;
        let mut manifests = Vec::new();
        while let Some(columns) = found.next()? {
            let item = rows::item_of(columns.get(0)?);
            let (bytes, sealed): (Vec<u8>, Vec<u8>) = (columns.get(1)?, columns.get(2)?);
            // A leaf that cannot be read was named before; its content then shows as unreferenced.
            if let Ok((_, fields)) = crate::log::read_leaf(&row, item, &bytes, &sealed)
                && let Ok(manifest) = ItemManifest::from_fields(&fields)
            {
                manifests.push((item, manifest));
            }
        }
        Ok(manifests)
    })?;
    let mut named = Named::new();
    for (item, manifest) in manifests {
        named.entry(vault.keys.name.name(&manifest.content)).or_insert((item, manifest));
    }
    Ok(named)
}

/// Looks through `blobs/` for files that no leaf names.
fn files(vault: &Vault, named: &Named, report: &mut CheckReport) -> Result<()> {
    let root = vault.layout.blobs();
    for shard in folder::list(&root)? {
        if root.join(&shard).is_file() {
            report.add(FindingCode::UnexpectedFile, format!("blobs/{shard}"), None);
            continue;
        }
        for file in folder::list(&root.join(&shard))? {
            let place = format!("blobs/{shard}/{file}");
            match BlobName::from_file_name(&file) {
                Some(name) if name.relative_path() == format!("{shard}/{file}") => {
                    if !named.contains_key(&name) {
                        report.add(FindingCode::BlobUnreferenced, place, None);
                    }
                }
                _ => report.add(FindingCode::UnexpectedFile, place, None),
            }
        }
    }
    Ok(())
}

/// Unseals and hashes contents on all cores.
fn read(
    vault: &Vault,
    there: &[(ItemId, &ItemManifest)],
    report: &mut CheckReport,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<()> {
    let threads = crate::blobs::threads(there.len());
    let answers: Vec<(ItemId, Result<()>)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                scope.spawn(move || {
                    let mine = there.iter().skip(first).step_by(threads);
                    let seen = |bytes| progress(Progress { bytes, files: 0 });
                    mine.map(|(item, manifest)| {
                        let answer = vault.verify_blob(*item, manifest, &seen).map(drop);
                        progress(Progress { bytes: 0, files: 1 });
                        (*item, answer)
                    })
                    .collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a reader returns its findings")).collect()
    });
    for (item, answer) in answers {
        match answer {
            Ok(()) => report.blobs_read += 1,
            Err(Error::Damaged(_)) => report.add(FindingCode::BlobDamaged, item, None),
            Err(other) => return Err(other),
        }
    }
    Ok(())
}
