//! What binds the package together: the leaf of the export and the contents it names.

use std::collections::BTreeMap;

use sigu_evidence::ContentId;

use super::package::Reader;
use super::tally::Tally;
use super::{LeafFacts, VerifyFault};
use crate::manifest::{Mismatch, compare};
use crate::name::BundleName;
use crate::path::{CONTENTS, MANIFEST, Role, Stamped, TAG_MANIFEST};
use crate::{Check, Finding, FindingCode, ItemId, path};

const CONTENTS_FIELD: &str = "export.contents_sha256";
const WITHHELD_FIELD: &str = "export.withheld";

/// Finds the one leaf of this export and compares the package with what it names.
pub(super) fn check(
    reader: &Reader<'_>,
    leaves: &BTreeMap<ItemId, LeafFacts>,
    bag_date: Option<&str>,
    tally: &mut Tally,
) -> Result<Option<ItemId>, VerifyFault> {
    let is_export = |leaf: &LeafFacts| leaf.kind == "export.made" && leaf.fields.contains(CONTENTS_FIELD);
    let mut exports = leaves.iter().filter(|(_, leaf)| is_export(leaf));
    let Some((at, leaf)) = exports.next() else {
        tally.add(Finding { code: FindingCode::ExportMissing, path: None, detail: None });
        return Ok(None);
    };
    for (other, _) in exports {
        tally.fail(FindingCode::ExportTwice, path::leaf(*other));
    }
    check_name(reader, bag_date, *at, tally);
    if leaf.fields.list(WITHHELD_FIELD).is_none() {
        tally.fail(FindingCode::ExportWithheld, path::disclosures(*at));
    }
    if let Some(index) = reader.package.find(CONTENTS) {
        check_digest(leaf, *at, reader.digests[index], tally);
        check_list(reader, index, *at, tally)?;
    }
    Ok(Some(*at))
}

/// The top folder of a ZIP says the day of the bag and the leaf of the export.
fn check_name(reader: &Reader<'_>, bag_date: Option<&str>, at: ItemId, tally: &mut Tally) {
    let (Some(name), Some(date)) = (reader.package.name.as_deref(), bag_date) else { return };
    if !BundleName::parse(name).is_some_and(|name| name.is_for(date, at)) {
        let detail = Some(name.to_owned());
        tally.add(Finding { code: FindingCode::TopFolder, path: None, detail });
    }
}

fn check_digest(leaf: &LeafFacts, at: ItemId, found: ContentId, tally: &mut Tally) {
    match leaf.fields.text(CONTENTS_FIELD).and_then(|text| text.parse::<ContentId>().ok()) {
        Some(logged) if logged == found => tally.cover(Check::Export, 1),
        Some(_) => tally.fail(FindingCode::ExportContents, CONTENTS),
        None => tally.fail_with(FindingCode::FieldMalformed, path::disclosures(at), CONTENTS_FIELD),
    }
}

fn check_list(
    reader: &Reader<'_>,
    index: usize,
    export: ItemId,
    tally: &mut Tally,
) -> Result<(), VerifyFault> {
    let Some(lines) = reader.lines(index)? else { return Ok(()) };
    let files = reader.hashed().filter(|(path, _)| is_bound(path, export));
    let agreed = compare(lines, files, &mut |mismatch| match mismatch {
        Mismatch::NotListed(path) => tally.fail(FindingCode::NotInContents, path),
        Mismatch::Missing(path) => tally.fail(FindingCode::ContentsFileMissing, path),
        Mismatch::Differs(path) => tally.fail(FindingCode::ContentsDiffer, path),
        Mismatch::Line(number) => tally.fail_with(FindingCode::ContentsLine, CONTENTS, number),
    })?;
    tally.cover(Check::Export, agreed);
    Ok(())
}

/// Whether the export leaf commits to a file: to all that existed before the leaf was logged.
fn is_bound(path: &str, export: ItemId) -> bool {
    match Role::of(path) {
        Some(Role::Single) => !matches!(path, CONTENTS | MANIFEST | TAG_MANIFEST),
        Some(Role::Note(_) | Role::Proof(_) | Role::Stamped(_, Stamped::Consistency)) => false,
        Some(Role::Leaf(at) | Role::Disclosures(at)) => at != export,
        Some(Role::Item(_) | Role::LogVkey(_) | Role::LogPem(_) | Role::CheckerPage) | None => true,
        Some(Role::Stamped(..) | Role::Round(_)) => true,
    }
}

/// The exporter's logged claim about what was withheld, by leaf; a line in another form is a finding.
pub(super) fn withheld(
    leaves: &BTreeMap<ItemId, LeafFacts>,
    export: Option<ItemId>,
    tally: &mut Tally,
) -> BTreeMap<ItemId, Vec<String>> {
    let mut by_leaf: BTreeMap<ItemId, Vec<String>> = BTreeMap::new();
    let Some((at, leaf)) = export.and_then(|at| leaves.get_key_value(&at)) else { return by_leaf };
    for line in leaf.fields.list(WITHHELD_FIELD).unwrap_or_default() {
        let parsed = line.split_once(' ').and_then(|(at, name)| Some((at.parse().ok()?, name)));
        match parsed {
            Some((of, name)) => by_leaf.entry(of).or_default().push(name.to_owned()),
            None => tally.fail_with(FindingCode::FieldMalformed, path::disclosures(*at), WITHHELD_FIELD),
        }
    }
    by_leaf
}
