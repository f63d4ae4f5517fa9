//! The two manifests of the bag against the files that are there.

use super::VerifyFault;
use super::package::Reader;
use super::tally::Tally;
use crate::manifest::{Mismatch, compare};
use crate::path::{MANIFEST, TAG_MANIFEST, is_payload};
use crate::{Check, FindingCode};

/// Checks that every file is in exactly one manifest, with its digest, and that nothing else is listed.
pub(super) fn check(reader: &Reader<'_>, tally: &mut Tally) -> Result<(), VerifyFault> {
    check_one(reader, MANIFEST, is_payload, tally)?;
    check_one(reader, TAG_MANIFEST, |path| !is_payload(path) && path != TAG_MANIFEST, tally)
}

fn check_one(
    reader: &Reader<'_>,
    list: &'static str,
    belongs: fn(&str) -> bool,
    tally: &mut Tally,
) -> Result<(), VerifyFault> {
    // A list that is missing or too large has its finding from the structure.
    let Some(index) = reader.package.find(list) else { return Ok(()) };
    let Some(lines) = reader.lines(index)? else { return Ok(()) };
    let files = reader.hashed().filter(|(path, _)| belongs(path));
    let agreed = compare(lines, files, &mut |mismatch| match mismatch {
        Mismatch::NotListed(path) => tally.fail_with(FindingCode::NotInManifest, path, list),
        Mismatch::Missing(path) => tally.fail_with(FindingCode::ListedFileMissing, path, list),
        Mismatch::Differs(path) => tally.fail_with(FindingCode::DigestDiffers, path, list),
        Mismatch::Line(number) => tally.fail_with(FindingCode::ManifestLine, list, number),
    })?;
    tally.cover(Check::Manifests, agreed);
    Ok(())
}
