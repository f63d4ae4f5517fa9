//! What lies in the vault's folder, and what must not.

use std::path::Path;

use super::{CheckReport, FindingCode};
use crate::error::{Fault, Result};
use crate::layout::Layout;

pub(super) fn look(layout: &Layout, report: &mut CheckReport) -> Result<()> {
    for entry in list(layout.root())? {
        if entry.starts_with(".new-") {
            report.add(FindingCode::Leftover, &entry, None);
        } else if !Layout::NAMES.contains(&entry.as_str()) {
            report.add(FindingCode::UnexpectedFile, &entry, None);
        }
    }
    for wanted in
        [layout.settings(), layout.key(), layout.keys(), layout.database(), layout.seal(), layout.lock()]
    {
        if !wanted.is_file() {
            report.add(FindingCode::FileMissing, super::name(&wanted), None);
        }
    }
    if std::fs::metadata(layout.lock()).is_ok_and(|metadata| metadata.len() > 0) {
        report.add(FindingCode::FileDamaged, "lock", None);
    }
    for entry in list(&layout.incoming())?.into_iter().filter(|entry| entry != ".lock") {
        report.add(FindingCode::Leftover, format!("incoming/{entry}"), None);
    }
    Ok(())
}

/// Returns the names in a folder, sorted; a folder that is missing is empty.
pub(super) fn list(folder: &Path) -> Result<Vec<String>> {
    let fault = |source| Fault::io("list", folder, source);
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(fault(source).into()),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(fault)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
