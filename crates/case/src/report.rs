//! What a user reports of an order beyond its facts, exhibits and messages. Each report is one event.
//!
//! A report carries `at`: when the thing happened or was seen, as the user says; the log adds when it was recorded.

mod kinds;
mod words;

pub use kinds::{
    CaptureMade, ClaimChosen, CopyMade, CoverageBought, DecisionMade, DocumentMade, FollowUpDone,
    FollowUpSet, ItemDescribed, MerchantNoted, MessageJudged, NeedWaived, ObservationMade, OrderClosed,
    OrderReopened, PageWatched, PartyNamed, PaymentSeen, ProblemFound, ProfileAdded, PromiseJudged,
    PromiseMade, RecordingBegan, RecordingEnded, RecordingPiece, RefundSeen, RuleCaptured, SilenceNoted,
    StepMoved, StepTaken,
};
pub use words::{
    Body, Destination, FollowUpKind, Form, Observed, Outcome, PageKind, PageWay, Part, PayChannel, Place,
    PromiseKind, PromisePlace, RefundProof, RefundState, Role, Sense, Stage, Verdict, Waived,
};

use jiff::Timestamp;
use serde::ser::SerializeMap;
use sigu_evidence::{FieldValue, Fields, ItemId, mask_text};

use crate::OrderId;
use crate::wire::{FieldForm, WireError};

/// Declares [`Report`]: every kind of report, its way to fields and back, and a view of those of one kind.
macro_rules! reports {
    ($($(#[$doc:meta])* $kind:ident),+ $(,)?) => {
        /// One thing reported.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Report { $($(#[$doc])* $kind($kind),)+ }

        impl Report {
            /// The kinds, as leaves name them.
            pub const KINDS: &'static [&'static str] = &[$($kind::KIND,)+];

            /// Returns the fields a kind may have, as leaves name them; `None` for a kind that is none.
            pub fn form_of(kind: &str) -> Option<&'static [FieldForm]> {
                Some(match kind {
                    $($kind::KIND => $kind::FORM,)+
                    _ => return None,
                })
            }

            /// Returns the kind as leaves name it.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$kind(_) => $kind::KIND,)+ }
            }

            /// Returns when it happened, as the user says.
            pub const fn at(&self) -> Timestamp {
                match self { $(Self::$kind(report) => report.at,)+ }
            }

            /// Returns the order it is about; `None` for what is about a merchant, a rule or a platform.
            pub fn order(&self) -> Option<&OrderId> {
                match self { $(Self::$kind(report) => report.order(),)+ }
            }

            /// Returns the names of the fields it may have.
            pub const fn names(&self) -> &'static [&'static str] {
                match self { $(Self::$kind(_) => $kind::NAMES,)+ }
            }

            /// Adds its fields.
            ///
            /// # Errors
            /// Refuses a value no field can hold.
            pub fn put(&self, fields: &mut Fields) -> Result<(), WireError> {
                match self { $(Self::$kind(report) => report.put(fields),)+ }
            }

            /// Reads a report; `Ok(None)` for a kind that is none.
            ///
            /// # Errors
            /// A field that is missing or not what it must be.
            pub fn take(kind: &str, fields: &Fields) -> Result<Option<Self>, WireError> {
                Ok(Some(match kind {
                    $($kind::KIND => Self::$kind($kind::take(fields)?),)+
                    _ => return Ok(None),
                }))
            }
        }

        $(impl Kind for $kind {
            fn of(report: &Report) -> Option<&Self> {
                match report {
                    Report::$kind(report) => Some(report),
                    _ => None,
                }
            }
        }

        impl From<$kind> for Report {
            fn from(report: $kind) -> Self {
                Self::$kind(report)
            }
        })+
    };
}

/// A kind of report, to ask for those of one kind.
pub trait Kind: Sized {
    /// Returns the report if it is of this kind.
    fn of(report: &Report) -> Option<&Self>;
}

reports! {
    /// Who someone is.
    PartyNamed,
    /// A payment, as its voucher shows it.
    PaymentSeen,
    /// A promise.
    PromiseMade,
    /// Whether a promise was kept.
    PromiseJudged,
    /// A state something was seen in.
    ObservationMade,
    /// What a piece of evidence is and shows.
    ItemDescribed,
    /// A page was captured.
    CaptureMade,
    /// A recording began.
    RecordingBegan,
    /// A piece of a recording.
    RecordingPiece,
    /// A recording ended.
    RecordingEnded,
    /// A marked copy of a picture.
    CopyMade,
    /// A paper was made.
    DocumentMade,
    /// What a message does, put right.
    MessageJudged,
    /// Nothing came by the due time.
    SilenceNoted,
    /// Something is wrong.
    ProblemFound,
    /// What the buyer wants.
    ClaimChosen,
    /// A step of the ladder was taken.
    StepTaken,
    /// A step moved.
    StepMoved,
    /// A body decided.
    DecisionMade,
    /// Money came back, was announced, or failed to come.
    RefundSeen,
    /// A coverage or insurance.
    CoverageBought,
    /// A thing that cannot be had, with the reason.
    NeedWaived,
    /// A date to come back on.
    FollowUpSet,
    /// It was done.
    FollowUpDone,
    /// The end.
    OrderClosed,
    /// Not the end.
    OrderReopened,
    /// Something about a merchant.
    MerchantNoted,
    /// A version of a platform's rule.
    RuleCaptured,
    /// A page that is watched.
    PageWatched,
    /// A platform profile of the user's own.
    ProfileAdded,
}

/// Fields of reports that name a leaf.
const ITEM_FIELDS: [&str; 10] = [
    "proof",
    "item",
    "message.item",
    "promise.item",
    "follow_up.item",
    "capture.record",
    "copy.of",
    "recording.item",
    "recording.before",
    "recording.marks",
];
/// The field of reports that names several.
const ITEM_LIST: &str = "capture.items";

impl Report {
    /// Returns the leaves it names.
    pub fn items(&self) -> Vec<ItemId> {
        let mut fields = Fields::new();
        // What no field can hold is refused when it is decided, and names no leaf.
        let _ = self.put(&mut fields);
        let single = ITEM_FIELDS.iter().filter_map(|name| fields.text(name)?.parse().ok());
        let several = fields.list(ITEM_LIST).unwrap_or_default().iter().filter_map(|text| text.parse().ok());
        single.chain(several).collect()
    }
}

/// A report with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The leaf.
    pub item: ItemId,
    /// When it was recorded, by the device's clock.
    pub recorded_at: Timestamp,
    /// What was reported.
    pub report: Report,
}

impl serde::Serialize for Logged {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = Fields::new();
        // What cannot be a field was refused when it was decided.
        let _ = self.report.put(&mut fields);
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("item", &self.item)?;
        out.serialize_entry("kind", self.report.kind())?;
        out.serialize_entry("recorded_at", &self.recorded_at.to_string())?;
        for (name, value) in fields.iter().filter(|(name, _)| name.as_str() != "order") {
            match value {
                FieldValue::Text(text) => out.serialize_entry(name.as_str(), &mask_text(text))?,
                other => out.serialize_entry(name.as_str(), other)?,
            }
        }
        out.end()
    }
}
