//! Putting a package where the user wants it: written beside its place, made durable, moved there.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sigu_bundle::Layout;
use sigu_evidence::{ItemId, Recipient, SealWriter};

use crate::error::{Fault, Refusal, Result};
use crate::vault::{Progress, Vault};
use crate::{blobs, os_entropy};

pub(super) fn refuse_taken(out: Option<&Path>) -> Result<()> {
    match out {
        Some(path) if path.exists() => Err(Refusal::Exists(path.to_owned()).into()),
        _ => Ok(()),
    }
}

/// Writes the package and returns its size in bytes.
pub(super) fn write(
    vault: &Vault,
    layout: &Layout,
    path: &Path,
    recipient: Option<&Recipient>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<u64> {
    refuse_taken(Some(path))?;
    let temporary = beside(path);
    let written = fill(vault, layout, &temporary, recipient, progress).and_then(|bytes| {
        vault.disk.rename(&temporary, path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        vault.disk.sync_folder(folder)?;
        Ok(bytes)
    });
    if written.is_err() {
        // A part of a package is of no use to anyone.
        let _ = std::fs::remove_file(&temporary);
    }
    written
}

/// A name of its own for each try: what a killed one left behind is in nobody's way.
fn beside(path: &Path) -> PathBuf {
    let mut random = [0; 4];
    os_entropy(&mut random);
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.part", crate::keys::hex(&random)));
    PathBuf::from(name)
}

fn fill(
    vault: &Vault,
    layout: &Layout,
    temporary: &Path,
    recipient: Option<&Recipient>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<u64> {
    let file = vault.disk.create_new(temporary)?;
    let mut open = |item: ItemId| -> io::Result<Box<dyn Read>> {
        let (_, fields) = vault.leaf_fields(item).map_err(io::Error::other)?;
        let content = fields.text("blob.sha256").and_then(|id| id.parse().ok());
        let content = content.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Box::new(blobs::open(&vault.layout, &vault.keys.name.name(&content), &vault.keys.vault)?))
    };
    let mut seen = |bytes| progress(Progress { bytes, files: 0 });
    let package = |error: sigu_bundle::WriteError| Fault::Package(error.to_string());
    let fault = |source| Fault::io("write", temporary, source);
    let out = BufWriter::with_capacity(1 << 20, file);
    let file: File = match recipient {
        None => into_file(layout.write(out, &mut open, &mut seen).map_err(package)?).map_err(fault)?,
        Some(recipient) => {
            let sealed =
                SealWriter::new(out, std::slice::from_ref(recipient), &mut os_entropy).map_err(fault)?;
            let sealed = layout.write(sealed, &mut open, &mut seen).map_err(package)?;
            into_file(sealed.finish().map_err(fault)?).map_err(fault)?
        }
    };
    vault.disk.sync_file(&file, temporary)?;
    Ok(file.metadata().map_err(fault)?.len())
}

fn into_file(mut out: BufWriter<File>) -> io::Result<File> {
    out.flush()?;
    out.into_inner().map_err(io::IntoInnerError::into_error)
}
