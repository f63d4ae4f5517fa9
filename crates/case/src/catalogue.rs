//! The evidence catalogue 证据目录: numbering and columns (L-EVR-19, domain §3.9, R16).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use sigu_evidence::mask_text;

use crate::bilingual::Bilingual;
use crate::coded::coded;
use crate::letter::slots::wall;
use crate::report::{CaptureMade, CopyMade, Form, ItemDescribed, Part, RecordingEnded, RecordingPiece};
use crate::{Exhibit, ItemId, Slot, View};

coded! {
    /// What a row of the catalogue lacks (R16).
    CatalogueGap {
        /// 证明对象
        NoProves = "no_proves",
        /// 形成时间
        NoFormedAt = "no_formed_at",
        /// 是否原件
        OriginalUnknown = "original_unknown",
        /// 来源
        NoSource = "no_source",
    }
}

impl CatalogueGap {
    /// Returns what to tell the user.
    pub fn text(self) -> Bilingual {
        let row = WORDS.gap.iter().find(|row| row.code == self);
        row.map(|row| row.text.clone()).unwrap_or_default()
    }
}

/// One row of the catalogue; texts are Chinese, since a platform or a court reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CatalogueRow {
    /// 序号, from 1.
    pub no: u32,
    /// The exhibit; for the dialogue its first message.
    pub item: ItemId,
    /// All items the row stands for.
    pub covers: Vec<ItemId>,
    /// 证据名称
    pub name: String,
    /// 证据种类
    pub kind: String,
    /// 来源; empty when unknown.
    pub source: String,
    /// 形成时间
    #[serde(serialize_with = "maybe_text")]
    pub formed_at: Option<Timestamp>,
    /// 取得时间
    #[serde(serialize_with = "text")]
    pub obtained_at: Timestamp,
    /// 取得方式
    pub obtained_by: String,
    /// 原始载体/存放处
    pub carrier: String,
    /// 证明对象: what the user says, else what such a page shows.
    pub proves: String,
    /// 是否原件; below it a line for each marked copy that stands with it, with the item it was made of.
    pub original: String,
    /// 完整性校验值: the first 16 hex digits of the SHA-256, 8 for a secret; empty for recorded dialogue.
    pub digest: String,
    /// 备注, masked.
    pub note: String,
    /// What it lacks.
    pub gaps: Vec<CatalogueGap>,
}

fn text<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

fn maybe_text<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    at.map(|at| at.to_string()).serialize(serializer)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    slot: Vec<SlotRow>,
    part: Vec<PartRow>,
    original: BTreeMap<String, String>,
    carrier: BTreeMap<String, String>,
    obtained: BTreeMap<String, String>,
    dialogue: DialogueRow,
    who: BTreeMap<String, String>,
    what: BTreeMap<String, String>,
    gap: Vec<GapRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SlotRow {
    slot: String,
    name: String,
    kind: String,
    proves: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartRow {
    part: Part,
    name: String,
    proves: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DialogueRow {
    name: String,
    kind: String,
    source: String,
    proves: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GapRow {
    code: CatalogueGap,
    text: Bilingual,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/catalogue.toml"))
        .expect("data/catalogue.toml is checked by its tests")
});

fn word(of: &BTreeMap<String, String>, code: &str) -> String {
    of.get(code).cloned().unwrap_or_default()
}

/// Returns who speaks on a timeline, by code of `data/catalogue.toml`.
pub(crate) fn who(code: &str) -> String {
    word(&WORDS.who, code)
}

/// Returns what happened on a timeline, by code of `data/catalogue.toml`.
pub(crate) fn what(code: &str) -> String {
    word(&WORDS.what, code)
}

/// Numbers the evidence in the order of the four fixations, then by time; erased exhibits have no number.
///
/// What belongs to one capture or one recording stands in one row, under its picture or its whole file. A marked copy
/// stands in the row of its original and has no number of its own, so that marking a picture renumbers nothing; it has
/// a row only once its original is erased. Papers have none. Messages that were entered stand together in one row after
/// the chat exhibits.
pub fn catalogue(view: &View<'_>) -> Vec<CatalogueRow> {
    let mut rows = Vec::new();
    let (mut companions, mut derived) = (companions(view), crate::described::derived(view));
    let copies = copies(view);
    for copy in &copies {
        let under = companions.get(&copy.of).copied().unwrap_or(copy.of);
        if kept(view, under) {
            companions.insert(copy.copy, under);
        } else {
            derived.remove(&copy.copy);
        }
    }
    for slot in Slot::ALL {
        let kept = view.order.exhibits.iter().filter(|one| one.slot == slot && one.manifest().is_some());
        let own = kept.filter(|one| !companions.contains_key(&one.item) && !derived.contains(&one.item));
        let mut exhibits: Vec<&Exhibit> = own.collect();
        exhibits.sort_by_key(|one| (one.formed_at.unwrap_or(one.fixed_at), one.item));
        rows.extend(exhibits.into_iter().filter_map(|one| exhibit_row(view, one)));
        if slot == Slot::Chat {
            rows.extend(dialogue_row(view));
        }
    }
    for (no, row) in (1..).zip(&mut rows) {
        row.no = no;
        row.covers.extend(companions.iter().filter(|(_, main)| **main == row.item).map(|(item, _)| *item));
        say_copies(view, row, &copies);
    }
    rows
}

/// A marked copy whose content is kept, and the original at the end of the chain where a copy was made of a copy.
struct Copy {
    copy: ItemId,
    of: ItemId,
    covers: bool,
}

fn copies(view: &View<'_>) -> Vec<Copy> {
    let made: BTreeMap<ItemId, &CopyMade> =
        view.order.of_kind::<CopyMade>().map(|(_, one)| (one.copy, one)).collect();
    let original = |one: &CopyMade| {
        // A chain is never longer than there are copies, even where the log says nonsense.
        let chain = std::iter::successors(Some(one.of), |of| made.get(of).map(|one| one.of));
        chain.take(made.len()).last().unwrap_or(one.of)
    };
    let copies = made.values().filter(|one| kept(view, one.copy));
    copies.map(|one| Copy { copy: one.copy, of: original(one), covers: one.covers }).collect()
}

fn kept(view: &View<'_>, item: ItemId) -> bool {
    view.order.exhibits.iter().any(|one| one.item == item && one.manifest().is_some())
}

/// Says of each copy in a row that it is one, and of what.
fn say_copies(view: &View<'_>, row: &mut CatalogueRow, copies: &[Copy]) {
    for copy in copies.iter().filter(|one| row.covers.contains(&one.copy)) {
        let code = if row.item == copy.copy {
            "copy_alone"
        } else if copy.covers {
            "copy_covering"
        } else {
            "copy"
        };
        let said = word(&WORDS.original, code)
            .replace("{copy}", &copy.copy.to_string())
            .replace("{of}", &copy.of.to_string());
        let gone = if kept(view, copy.of) { String::new() } else { word(&WORDS.original, "gone") };
        if row.item == copy.copy {
            row.original.clear();
            row.gaps.retain(|gap| *gap != CatalogueGap::OriginalUnknown);
        } else {
            row.original.push('\n');
        }
        row.original.push_str(&format!("{said}{gone}"));
    }
}

/// What stands under another item: the files of a capture under its first picture, the pieces, key frames and marks of
/// a recording under its whole file.
fn companions(view: &View<'_>) -> BTreeMap<ItemId, ItemId> {
    let exhibit = |item: &ItemId| view.order.exhibits.iter().find(|one| one.item == *item);
    let kept = |item: &ItemId| kept(view, *item);
    let mut under = BTreeMap::new();
    for (_, made) in view.order.of_kind::<CaptureMade>() {
        let stands_for_the_page = |item: &&ItemId| exhibit(item).is_some_and(|one| one.slot != Slot::Other);
        if let Some(main) = made.items.iter().filter(|item| kept(item)).find(stands_for_the_page) {
            under.extend(made.items.iter().filter(|item| *item != main).map(|item| (*item, *main)));
        }
    }
    for (_, ended) in view.order.of_kind::<RecordingEnded>() {
        let Some(whole) = ended.whole.filter(kept) else { continue };
        let pieces = view.order.of_kind::<RecordingPiece>();
        let pieces = pieces.filter(|(_, one)| one.recording == ended.recording).map(|(_, one)| one.piece);
        let all = pieces.chain(ended.marks).chain(ended.key_frames.iter().copied());
        under.extend(all.filter(|item| *item != whole).map(|item| (item, whole)));
    }
    under
}

/// Returns the number under which an item stands, if it does.
pub fn number_of(rows: &[CatalogueRow], item: ItemId) -> Option<u32> {
    rows.iter().find(|row| row.covers.contains(&item)).map(|row| row.no)
}

fn exhibit_row(view: &View<'_>, exhibit: &Exhibit) -> Option<CatalogueRow> {
    let manifest = exhibit.manifest()?;
    let described = crate::letter::described(view, exhibit.item);
    let slot = WORDS.slot.iter().find(|row| row.slot == exhibit.slot.code())?;
    let parts = described.map(|one| one.parts.as_slice()).unwrap_or_default();
    let part = WORDS.part.iter().find(|row| parts.contains(&row.part));
    let proves = described.and_then(|one| one.proves.as_deref()).map(mask_text);
    let usual = part.map_or(&slot.proves, |part| &part.proves).clone();
    let digest = manifest.content.to_string();
    Some(CatalogueRow {
        no: 0,
        item: exhibit.item,
        covers: vec![exhibit.item],
        name: part.map_or(&slot.name, |part| &part.name).clone(),
        kind: slot.kind.clone(),
        source: described.and_then(|one| one.url.as_deref()).map(mask_text).unwrap_or_default(),
        formed_at: exhibit.formed_at,
        obtained_at: exhibit.fixed_at,
        obtained_by: obtained_by(described),
        carrier: kept_word(described, &WORDS.carrier, ["kept", "gone"]),
        gaps: gaps(exhibit, described, proves.as_deref().unwrap_or(&usual)),
        proves: proves.unwrap_or(usual),
        original: kept_word(described, &WORDS.original, ["yes", "no"]),
        digest: if manifest.secret { manifest.content.prefix8() } else { digest.chars().take(16).collect() },
        note: exhibit.note.as_deref().map(mask_text).unwrap_or_default(),
    })
}

fn obtained_by(described: Option<&ItemDescribed>) -> String {
    let code = match described.and_then(|one| one.form) {
        Some(Form::OfficialData) => "official",
        Some(Form::Notarised) => "notarised",
        Some(Form::Transcript | Form::Statement) => "transcript",
        _ => "own",
    };
    word(&WORDS.obtained, code)
}

fn kept_word(described: Option<&ItemDescribed>, of: &BTreeMap<String, String>, codes: [&str; 2]) -> String {
    let code = match described.and_then(|one| one.original_kept) {
        Some(true) => codes[0],
        Some(false) => codes[1],
        None => "unknown",
    };
    word(of, code)
}

fn gaps(exhibit: &Exhibit, described: Option<&ItemDescribed>, proves: &str) -> Vec<CatalogueGap> {
    let lacks = [
        (CatalogueGap::NoProves, proves.is_empty()),
        (CatalogueGap::NoFormedAt, exhibit.formed_at.is_none()),
        (CatalogueGap::OriginalUnknown, described.is_none_or(|one| one.original_kept.is_none())),
        (CatalogueGap::NoSource, described.is_none_or(|one| one.url.is_none())),
    ];
    lacks.into_iter().filter_map(|(gap, lacking)| lacking.then_some(gap)).collect()
}

fn dialogue_row(view: &View<'_>) -> Option<CatalogueRow> {
    let kept: Vec<_> = view.order.dialogue().into_iter().filter(|one| one.text.is_some()).collect();
    let (first, last) = (*kept.first()?, *kept.last()?);
    let words = &WORDS.dialogue;
    Some(CatalogueRow {
        no: 0,
        item: first.item,
        covers: kept.iter().map(|one| one.item).collect(),
        name: words.name.clone(),
        kind: words.kind.clone(),
        source: words.source.clone(),
        formed_at: Some(first.said_at),
        obtained_at: kept.iter().map(|one| one.recorded_at).max().unwrap_or(last.recorded_at),
        obtained_by: word(&WORDS.obtained, "transcript"),
        carrier: word(&WORDS.carrier, "unknown"),
        proves: words.proves.clone(),
        original: word(&WORDS.original, "unknown"),
        digest: String::new(),
        note: format!("{} 至 {}", wall(first.said_at), wall(last.said_at)),
        gaps: vec![CatalogueGap::OriginalUnknown],
    })
}
