//! What was delivered, and in which state it was seen when and where (S6).

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use sigu_evidence::mask::MIN_SHOWN_CHARS;
use sigu_evidence::{ItemManifest, mask_text};

use crate::report::{ObservationMade, Observed, Place};
use crate::{ItemId, Slot, View};

/// One look at what was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The report.
    pub item: ItemId,
    /// When it was seen.
    #[serde(serialize_with = "text")]
    pub at: Timestamp,
    /// Where.
    pub place: Place,
    /// The state.
    pub state: Observed,
    /// When the state came about, where the page says so.
    #[serde(serialize_with = "maybe")]
    pub since: Option<Timestamp>,
    /// How many pieces it concerns.
    pub count: Option<u32>,
    /// The words shown, secrets masked.
    pub words: Option<String>,
    /// What shows it.
    pub proof: Option<ItemId>,
}

/// One delivered item with its content fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// The piece of evidence.
    pub item: ItemId,
    /// When it was fixed.
    #[serde(serialize_with = "text")]
    pub fixed_at: Timestamp,
    /// The first eight hexadecimal digits of its SHA-256, enough to tell items apart; `None` for a
    /// secret so short that
    /// they would tell it.
    pub fingerprint: Option<String>,
    /// Its masked form, where it is a secret.
    pub masked: Option<String>,
}

/// Returns every look, by time.
pub fn observation_log(view: &View<'_>) -> Vec<Seen> {
    let told = view.told::<ObservationMade>().into_iter();
    told.map(|(item, made, at)| Seen {
        item,
        at,
        place: made.place,
        state: made.state,
        since: made.since,
        count: made.count,
        words: made.text.as_deref().map(mask_text),
        proof: made.proof,
    })
    .collect()
}

/// Returns what was delivered, in the order of the log; erased content has no fingerprint and is left out.
pub fn delivered_items(view: &View<'_>) -> Vec<Delivered> {
    let slots = view.order.exhibits.iter().filter(|exhibit| exhibit.slot == Slot::Delivery);
    slots
        .filter_map(|exhibit| {
            let manifest = exhibit.manifest()?;
            Some(Delivered {
                item: exhibit.item,
                fixed_at: exhibit.fixed_at,
                fingerprint: tellable(manifest).then(|| manifest.content.prefix8()),
                masked: manifest.masked.clone(),
            })
        })
        .collect()
}

fn tellable(manifest: &ItemManifest) -> bool {
    !manifest.secret || manifest.size >= MIN_SHOWN_CHARS as u64
}

fn text<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

fn maybe<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    at.map(|at| at.to_string()).serialize(serializer)
}
