//! Which files there are, and the two descriptive files of the bag.

use super::VerifyFault;
use super::package::Reader;
use super::tally::Tally;
use crate::path::{BAG_INFO, BAGIT, SINGLE, is_payload};
use crate::{Check, FindingCode, bag};

/// Checks names, sizes, `bagit.txt` and `bag-info.txt`; gives the day of the bag.
pub(super) fn check(reader: &Reader<'_>, tally: &mut Tally) -> Result<Option<String>, VerifyFault> {
    for (index, file) in reader.package.files.iter().enumerate() {
        if file.role.is_none() {
            tally.fail(FindingCode::UnknownFile, &file.path);
        }
        if reader.is_too_large(index) {
            tally.fail(FindingCode::FileTooLarge, &file.path);
        }
    }
    for path in SINGLE {
        if reader.package.find(path).is_none() {
            tally.fail(FindingCode::FileMissing, path);
        }
    }
    tally.cover(Check::Structure, reader.package.files.len() as u64);
    if let Some(index) = reader.package.find(BAGIT)
        && reader.bytes(index)?.is_some_and(|bytes| bytes != bag::DECLARATION.as_bytes())
    {
        tally.fail(FindingCode::BagDeclaration, BAGIT);
    }
    check_info(reader, tally)
}

fn check_info(reader: &Reader<'_>, tally: &mut Tally) -> Result<Option<String>, VerifyFault> {
    let Some(index) = reader.package.find(BAG_INFO) else { return Ok(None) };
    let Some(read) = reader.text(index)?.as_deref().and_then(bag::read) else {
        tally.fail(FindingCode::BagInfo, BAG_INFO);
        return Ok(None);
    };
    let payload = reader.package.files.iter().filter(|file| is_payload(&file.path));
    let (bytes, files) = payload.fold((0u64, 0u64), |(b, f), file| (b.saturating_add(file.size), f + 1));
    if (read.payload_bytes, read.payload_files) != (bytes, files) {
        tally.fail_with(FindingCode::PayloadOxum, BAG_INFO, format!("{bytes}.{files}"));
    }
    Ok(Some(read.info.date))
}
