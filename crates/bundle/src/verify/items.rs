//! The contents: each belongs to one leaf and is the one that leaf commits to.

use std::collections::BTreeMap;

use sigu_evidence::{ContentId, Fields};

use super::package::Reader;
use super::tally::Tally;
use super::{LeafFacts, export};
use crate::path::{self, Role};
use crate::{BracketReport, Check, ContentState, FindingCode, ItemId, ItemReport};

const SHA256: &str = "blob.sha256";
const SIZE: &str = "blob.size";
const ERASED: [&str; 3] = ["erased.log", "erased.seq", "erased.fields"];

/// Compares contents and leaves, and makes the report of every leaf.
pub(super) fn check(
    reader: &Reader<'_>,
    leaves: BTreeMap<ItemId, LeafFacts>,
    export: Option<ItemId>,
    tally: &mut Tally,
) -> Vec<ItemReport> {
    let contents = contents(reader, tally);
    let erased = erased(&leaves, tally);
    let mut withheld = export::withheld(&leaves, export, tally);
    for (at, index) in &contents {
        if !leaves.get(at).is_some_and(|leaf| leaf.fields.contains(SHA256)) {
            tally.fail(FindingCode::ContentUnclaimed, &reader.package.files[*index].path);
        }
    }
    let mut items = Vec::with_capacity(leaves.len());
    for (at, leaf) in leaves {
        let withheld = withheld.remove(&at).unwrap_or_default();
        let judge = Judge { reader, at, leaf: &leaf, content: contents.get(&at), by: erased.get(&at), tally };
        let content = judge.content(withheld.iter().any(|name| name == SHA256));
        items.push(item_report(at, leaf, withheld, content));
    }
    items
}

/// The files under `data/items/`, by leaf.
fn contents(reader: &Reader<'_>, tally: &mut Tally) -> BTreeMap<ItemId, usize> {
    let mut all = BTreeMap::new();
    for (index, file) in reader.package.files.iter().enumerate() {
        if let Some(Role::Item(at)) = file.role
            && all.insert(at, index).is_some()
        {
            tally.fail(FindingCode::ContentTwice, &file.path);
        }
    }
    all
}

/// Which contents a later leaf of the package says were erased: wholly, which an empty list of fields means.
fn erased(leaves: &BTreeMap<ItemId, LeafFacts>, tally: &mut Tally) -> BTreeMap<ItemId, ItemId> {
    let mut all = BTreeMap::new();
    for (by, leaf) in leaves.iter().filter(|(_, leaf)| leaf.kind == "content.erased") {
        match erased_by(&leaf.fields) {
            Some((of, true)) if of < *by => {
                all.insert(of, *by);
            }
            Some((of, false)) if of < *by => {}
            // Withheld, all or in part: then nothing is said.
            None if ERASED.iter().any(|name| !leaf.fields.contains(name)) => {}
            _ => tally.fail_with(FindingCode::FieldMalformed, path::disclosures(*by), ERASED[0]),
        }
    }
    all
}

/// The leaf an erasure is about, and whether its whole content is gone.
fn erased_by(fields: &Fields) -> Option<(ItemId, bool)> {
    let log = u32::try_from(fields.int(ERASED[0])?).ok()?;
    let seq = u64::try_from(fields.int(ERASED[1])?).ok()?;
    Some((ItemId::new(log, seq), fields.list(ERASED[2])?.is_empty()))
}

/// All that is needed to say what is known of one content.
struct Judge<'a, 'b> {
    reader: &'a Reader<'b>,
    at: ItemId,
    leaf: &'a LeafFacts,
    content: Option<&'a usize>,
    by: Option<&'a ItemId>,
    tally: &'a mut Tally,
}

impl Judge<'_, '_> {
    fn content(self, said_withheld: bool) -> ContentState {
        if self.leaf.fields.contains(SHA256) {
            self.disclosed()
        } else if self.leaf.late_content.is_some() || self.leaf.late_fields.contains(SHA256) {
            self.late()
        } else if let Some(by) = self.by {
            ContentState::Erased { by: *by }
        } else if said_withheld {
            ContentState::Withheld
        } else {
            ContentState::NotApplicable
        }
    }

    /// The package discloses a content, so it must hold it.
    fn disclosed(self) -> ContentState {
        let Some((sha256, size)) = committed(&self.leaf.fields, &self.leaf.fields) else {
            self.tally.fail_with(FindingCode::FieldMalformed, path::disclosures(self.at), SHA256);
            return ContentState::Differs;
        };
        let Some(index) = self.content else {
            self.tally.fail(FindingCode::ContentMissing, path::leaf(self.at));
            return ContentState::Missing;
        };
        let file = &self.reader.package.files[*index];
        if self.reader.digests[*index] != sha256 || size.is_some_and(|size| size != file.size) {
            self.tally.fail(FindingCode::ContentDiffers, &file.path);
            return ContentState::Differs;
        }
        self.tally.cover(Check::Items, 1);
        ContentState::Matches { path: file.path.clone(), size: file.size, sha256 }
    }

    /// The content, or the field that commits to it, came later.
    fn late(self) -> ContentState {
        let late = &self.leaf.late_fields;
        let Some(content) = &self.leaf.late_content else { return ContentState::Withheld };
        if !late.contains(SHA256) {
            self.tally.fail(FindingCode::LateContentUnclaimed, path::leaf(self.at));
            return ContentState::Withheld;
        }
        let (found, found_size) = (ContentId::of(content), content.len() as u64);
        match committed(late, &self.leaf.fields) {
            Some((sha256, size)) if sha256 == found && size.is_none_or(|size| size == found_size) => {
                ContentState::MatchesLate { size: found_size, sha256 }
            }
            _ => {
                self.tally.fail(FindingCode::LateContentDiffers, path::leaf(self.at));
                ContentState::Differs
            }
        }
    }
}

/// The SHA-256 a leaf commits to, and the size where that is open too; `None` where either is not in its form.
fn committed(fields: &Fields, more: &Fields) -> Option<(ContentId, Option<u64>)> {
    let sha256 = fields.text(SHA256)?.parse().ok()?;
    if !fields.contains(SIZE) && !more.contains(SIZE) {
        return Some((sha256, None));
    }
    let size = fields.int(SIZE).or_else(|| more.int(SIZE))?;
    Some((sha256, Some(u64::try_from(size).ok()?)))
}

fn item_report(at: ItemId, leaf: LeafFacts, withheld: Vec<String>, content: ContentState) -> ItemReport {
    let opened = leaf.fields.len() + leaf.late_fields.len();
    let late = !leaf.late_fields.is_empty() || leaf.late_content.is_some();
    let fields = leaf.fields.iter().chain(leaf.late_fields.iter());
    ItemReport {
        position: at,
        kind: leaf.kind.clone(),
        claimed_at: leaf.at.clone(),
        fields: fields.map(|(name, value)| (name.to_string(), value.clone())).collect(),
        withheld,
        undisclosed_digests: leaf.digests.saturating_sub(opened),
        content,
        in_log: leaf.in_log,
        late,
        not_before: leaf.not_before,
        bracket: BracketReport::default(),
    }
}
