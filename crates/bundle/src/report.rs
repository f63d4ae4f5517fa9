//! What the verifier says: typed verdicts from which the edge makes text, in any language.

mod outside;

use std::collections::BTreeMap;

use serde::Serialize;
use sigu_evidence::{ContentId, FieldValue};
use sigu_ledger::NotBefore;

use crate::{Finding, ItemId};
pub use outside::{
    BeaconEnd, BlockEnd, BlockReport, BoundReport, BracketReport, HeaderReport, OtsReport, OutsideTime,
    RoundReport, SeenReport, ServiceEnd, ServiceReport, StampReport, TokenDefect, TokenReport, Voice,
    WitnessReport,
};

/// All that was found out about one package.
///
/// Only [`crate::verify`] makes one. A report says nothing about truth; see [`NotProved`].
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The verdict in one word.
    pub grade: Grade,
    /// What is wrong; the grade is [`Grade::Altered`] exactly if this is not empty.
    pub findings: Vec<Finding>,
    /// The logs that occur, by number.
    pub logs: Vec<LogReport>,
    /// The leaves that occur, by position.
    pub items: Vec<ItemReport>,
    /// The papers that occur, and whether what they rest on is there.
    pub papers: Vec<PaperReport>,
    /// The marked copies that occur, and what is known of their originals.
    pub copies: Vec<CopyReport>,
    /// Which checks ran and how they ended, in the order of [`Check::ALL`].
    pub checks: Vec<CheckResult>,
    /// What outsiders say about when.
    pub outside_time: OutsideTime,
    /// The rounds of drand in the package, by number.
    pub rounds: Vec<RoundReport>,
    /// What this package does not show.
    pub not_proved: Vec<NotProved>,
    /// The position of the leaf that logged this export, where it was found.
    pub export: Option<ItemId>,
    /// How many files the package has.
    pub files: u64,
    /// How many bytes they have together.
    pub bytes: u64,
}

/// The verdict in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// Something is not as it was logged.
    Altered,
    /// Everything agrees with a signature by the key inside the package, which is only a claim.
    Consistent,
    /// The same, and that key is the one the reader already knew.
    KeyConfirmed,
}

/// One log and its checkpoint.
#[derive(Clone, Debug, Serialize)]
pub struct LogReport {
    /// The number of the log inside the vault.
    pub number: u32,
    /// The origin its checkpoints carry; the name in its key.
    pub origin: String,
    /// SHA-256 of the 32 bytes of its public key, in hex, to compare with one received earlier.
    pub key_fingerprint: String,
    /// How many leaves the checkpoint covers.
    pub size: u64,
    /// Whether the checkpoint is signed by that key.
    pub signature_ok: bool,
    /// Whether that key is the expected one.
    pub key_confirmed: bool,
    /// What the log says it continues.
    pub continues: Option<LogLink>,
    /// The checkpoints outsiders have seen, by size.
    pub stamps: Vec<StampReport>,
}

/// What a log's genesis leaf says about the log before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogLink {
    /// The origin of the log before.
    pub origin: String,
    /// The size it had when it was left.
    pub size: u64,
    /// How far the package confirms this.
    pub state: LinkState,
}

/// How far the package confirms a link between logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkState {
    /// The log before is in the package and its checkpoint is the very one named.
    Joined,
    /// The log before is in the package with a later checkpoint: the link is not contradicted, and not shown.
    Later,
    /// The log before is not in the package: the link is a claim.
    Claimed,
    /// The package contradicts the link.
    Broken,
}

/// One leaf and what is disclosed of it.
#[derive(Clone, Debug, Serialize)]
pub struct ItemReport {
    /// Where the leaf is.
    pub position: ItemId,
    /// Its kind, as logged.
    pub kind: String,
    /// The time the device claimed.
    pub claimed_at: String,
    /// The disclosed fields.
    pub fields: BTreeMap<String, FieldValue>,
    /// The names of fields the exporter says were withheld; a logged claim.
    pub withheld: Vec<String>,
    /// How many digests of the leaf stay closed: withheld fields and decoys, which look alike.
    pub undisclosed_digests: usize,
    /// What is known of its content.
    pub content: ContentState,
    /// Whether the leaf was shown to be under the checkpoint.
    pub in_log: bool,
    /// Whether a later disclosure opened something of it.
    pub late: bool,
    /// What the leaf says it is younger than; what that is worth, the bracket says.
    pub not_before: Option<NotBefore>,
    /// Between which instants it came to be, and by whose word.
    pub bracket: BracketReport,
}

/// A paper and what it rests on, as the log says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaperReport {
    /// The paper.
    pub paper: ItemId,
    /// The leaf that says what it rests on.
    pub made: ItemId,
    /// The items it rests on.
    pub rests_on: Vec<ItemId>,
    /// Those whose content was erased: the paper no longer holds.
    pub erased: Vec<ItemId>,
    /// Those that the package does not have, or not as logged: nothing can be said of them.
    pub absent: Vec<ItemId>,
}

impl PaperReport {
    /// Tells whether the paper holds as far as the package shows.
    pub fn holds(&self) -> bool {
        self.erased.is_empty() && self.absent.is_empty()
    }
}

/// A marked copy of a picture and its original, as the log says. That the one was made of the other is the sender's
/// word; who has both can compare them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CopyReport {
    /// The copy.
    pub copy: ItemId,
    /// The leaf that says what it was made of.
    pub made: ItemId,
    /// The original.
    pub of: ItemId,
    /// Whether something is covered on it.
    pub covers: bool,
    /// What is known of the original's content; `None` where the package does not have its leaf.
    pub original: Option<ContentState>,
}

/// What is known of the content of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContentState {
    /// The package holds the content the leaf commits to.
    Matches {
        /// Where it is in the package.
        path: String,
        /// How many bytes it has.
        size: u64,
        /// Its content id.
        sha256: ContentId,
    },
    /// The content the leaf commits to was handed over later.
    MatchesLate {
        /// How many bytes it has.
        size: u64,
        /// Its content id.
        sha256: ContentId,
    },
    /// The exporter says a content was withheld, or disclosed its digest only.
    Withheld,
    /// The leaf discloses no content, and none is said to be withheld.
    NotApplicable,
    /// A later leaf says that the content was erased.
    Erased {
        /// The leaf that says so.
        by: ItemId,
    },
    /// The leaf discloses a content that is not there.
    Missing,
    /// The content is not the one the leaf discloses.
    Differs,
}

/// How one check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CheckResult {
    /// The check.
    pub check: Check,
    /// How it ended.
    pub outcome: Outcome,
}

/// The end of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It ran over this many things and found nothing wrong.
    Passed {
        /// How many files, leaves, lines or logs it covered.
        count: u64,
    },
    /// At least one finding.
    Failed,
    /// It had nothing to run on, or an earlier check failed.
    NotRun,
}

/// Defines the checks and their list together.
macro_rules! listed {
    ($(#[$outer:meta])* $enum:ident { $($(#[$doc:meta])* $name:ident,)* }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $enum {
            $($(#[$doc])* $name,)*
        }

        impl $enum {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

listed! {
    /// The checks, in the order in which they run.
    Check {
        /// The ZIP or folder holds plain files only, each byte accounted for.
        Container,
        /// The files are those of a bundle.
        Structure,
        /// Both manifests list exactly the files that are there, with their SHA-256.
        Manifests,
        /// Each log has one key, in both its forms, and it is the expected one.
        LogKeys,
        /// Each log's checkpoint is signed by its key.
        Checkpoints,
        /// Each leaf is a leaf and stands in its place.
        Leaves,
        /// Each leaf is under the checkpoint.
        Inclusion,
        /// Each disclosure opens a digest of its leaf.
        Disclosures,
        /// Each log begins with its key and says what it continues.
        Logs,
        /// The logged leaf of this export names exactly these contents.
        Export,
        /// Each content is the one its leaf commits to.
        Items,
        /// Each checkpoint outsiders have seen is the beginning of its log's.
        OutsideProofs,
        /// What was disclosed later opens digests of leaves in the package.
        LateDisclosures,
    }
}

listed! {
    /// What a package does not show; most of it no package can.
    NotProved {
        /// That a content is true.
        Truth,
        /// That nothing was left out: leaves outside the package are not visible.
        Completeness,
        /// That something was captured when the device says.
        CaptureTime,
        /// By when any of it existed, as long as nobody the reader believes said so of every leaf.
        ExistenceTime,
        /// Which person holds the key.
        KeyOwner,
        /// That there is no second history signed with the same key, as long as not enough witnesses of the reader's saw
        /// this one.
        OneHistory,
    }
}
