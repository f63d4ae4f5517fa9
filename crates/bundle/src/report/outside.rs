//! What a report says of outsiders: each proof with its own end, and each leaf between two instants.
//!
//! *Shown* rests on what the reader brought: a root, a witness's key, a block. *Claimed* rests on what came with the
//! package and could be anybody's. *Refused* counts for nothing.

use jiff::Timestamp;
use serde::Serialize;
use sigu_ledger::Hash;

/// What outsiders say about when the checkpoints existed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutsideTime {
    /// Nothing: the package holds no time that does not come from the exporter.
    None,
    /// Some time, under roots and in blocks that only the package names.
    Claimed,
    /// Some time under roots or keys, or in blocks, that the reader brought.
    Shown {
        /// How many outsiders of different interest say so: roots, witnesses, and Bitcoin once.
        voices: usize,
    },
}

/// A checkpoint outsiders have seen, and what each of them said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StampReport {
    /// How many leaves it covers.
    pub size: u64,
    /// Whether it is a checkpoint of this log and the beginning of the one in the package. If not, that is a finding,
    /// and nothing beside it is looked at.
    pub tied: bool,
    /// Timestamp services, by name.
    pub services: Vec<ServiceReport>,
    /// OpenTimestamps.
    pub ots: Option<OtsReport>,
    /// Witnesses.
    pub witnesses: Option<WitnessReport>,
    /// Whether the witnesses are enough for the reader's policy; never for a policy that asks for none.
    pub quorum: bool,
}

/// What one timestamp service said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceReport {
    /// Its name in the package: the exporter's word.
    pub service: String,
    /// Whether the request was kept. Without it a replay of an older reply is not seen.
    pub request: bool,
    /// What its reply is worth.
    pub end: ServiceEnd,
}

/// What a reply is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceEnd {
    /// It leads to a root that the reader brought.
    Shown(TokenReport),
    /// It leads to a root that only the package names.
    Claimed(TokenReport),
    /// It breaks a rule.
    Refused(TokenDefect),
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenReport {
    /// Its time.
    pub gen_time: Timestamp,
    /// The time and the accuracy: the checkpoint existed by then.
    pub not_after: Timestamp,
    /// The subject of the signer's certificate.
    pub signer: String,
    /// SHA-256 of the root.
    pub root: Hash,
    /// SHA-256 of the token.
    pub token: Hash,
}

/// Which rule a reply breaks, as far as both verifiers tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenDefect {
    /// It is not a reply with a token of version 1.
    Malformed,
    /// The service gave none.
    Rejected,
    /// The request beside it is none.
    Request,
    /// It is about something else.
    Imprint,
    /// It answers another request.
    Nonce,
    /// It was issued under another policy than asked for.
    Policy,
    /// It has not exactly one signer.
    SignerCount,
    /// A signed attribute is missing, repeated or another.
    Attributes,
    /// Its digest is weak or unknown.
    DigestAlgorithm,
    /// What was signed is another time.
    MessageDigest,
    /// The signer's certificate is missing.
    SignerMissing,
    /// Another certificate signed than it says.
    SigningCertificate,
    /// Its signature algorithm is unknown or does not fit the key.
    SignatureAlgorithm,
    /// The signature does not hold.
    Signature,
    /// The certificate is not for timestamps alone.
    Purpose,
    /// The certificate must not be used for signing.
    KeyUsage,
    /// The certificates lead to no root, neither the reader's nor the package's, at that time.
    Path,
}

impl TokenDefect {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Malformed,
        Self::Rejected,
        Self::Request,
        Self::Imprint,
        Self::Nonce,
        Self::Policy,
        Self::SignerCount,
        Self::Attributes,
        Self::DigestAlgorithm,
        Self::MessageDigest,
        Self::SignerMissing,
        Self::SigningCertificate,
        Self::SignatureAlgorithm,
        Self::Signature,
        Self::Purpose,
        Self::KeyUsage,
        Self::Path,
    ];
}

/// What a proof of OpenTimestamps is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtsReport {
    /// It is not a proof about this checkpoint.
    Refused,
    /// It leads to blocks, or to promises.
    Leads {
        /// The blocks, the lowest first.
        blocks: Vec<BlockReport>,
        /// How many promises of calendars it holds, kept ones included. They show nothing.
        pending: usize,
        /// Whether a header lies beside it that is none, or of no such block.
        header_refused: bool,
    },
}

/// A block a proof leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlockReport {
    /// The height the proof names.
    pub height: u64,
    /// The Merkle root it must have, as it is usually written.
    pub merkle_root: String,
    /// What is known of it.
    pub end: BlockEnd,
}

/// What is known of a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockEnd {
    /// It is one the reader brought.
    Shown(HeaderReport),
    /// Its header came with the package.
    Claimed(HeaderReport),
    /// Nobody brought its header.
    NoHeader,
}

/// A block by its header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeaderReport {
    /// Its hash, as it is usually written.
    pub hash: String,
    /// Its time and two hours: the checkpoint existed by then.
    pub not_after: Timestamp,
}

/// What lines of witnesses are worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WitnessReport {
    /// They are no such lines, or one of a witness the reader knows does not hold: then none counts.
    Refused,
    /// Lines in their form.
    Lines {
        /// Those of witnesses in the reader's policy; they hold.
        shown: Vec<SeenReport>,
        /// The names on all other lines, each once: claims of nobody the reader knows.
        strangers: Vec<String>,
    },
}

/// One cosignature that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeenReport {
    /// The name of the key.
    pub name: String,
    /// When the witness says it saw the checkpoint.
    pub at: Timestamp,
}

/// A round of drand in the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RoundReport {
    /// Its number.
    pub round: u64,
    /// Whether its signature holds.
    pub holds: bool,
}

/// Between which instants a leaf came to be, and by whose word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BracketReport {
    /// What became of the beacon in the leaf; `None` if it has none.
    pub beacon: Option<BeaconEnd>,
    /// The leaf did not exist before.
    pub not_before: Option<BoundReport>,
    /// The leaf existed by then: all bounds, the earliest first.
    pub not_after: Vec<BoundReport>,
    /// Whole seconds between the two nearest bounds that are shown; between the nearest of all where not both are.
    pub width_seconds: Option<i64>,
    /// Whether the leaf would have existed before it could: somebody is wrong.
    pub contradiction: bool,
    /// Whether there are bounds and all of them are claims.
    pub claims_only: bool,
}

/// What became of the beacon in a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BeaconEnd {
    /// The round it names is there and holds, or the token, under a root of the reader's.
    Shown,
    /// The token it names is there, under a root that only the package names.
    Claimed,
    /// Nothing in the package shows it.
    Absent,
    /// The round or token is there and the leaf says something else of it.
    Differs,
    /// It is of a kind that is not known here.
    Unknown,
}

/// One bound with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoundReport {
    /// The instant, with the error of its source on the careful side.
    pub at: Timestamp,
    /// On whose word.
    pub by: Voice,
    /// Whether it rests on what came with the package alone.
    pub claim: bool,
}

/// On whose word an instant rests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Voice {
    /// A timestamp service.
    Service {
        /// The subject of the signer's certificate.
        signer: String,
        /// SHA-256 of the root.
        root: Hash,
    },
    /// A block of Bitcoin.
    Block {
        /// The height the proof names.
        height: u64,
    },
    /// A witness.
    Witness {
        /// The name of its key.
        name: String,
    },
    /// The network of drand.
    Drand {
        /// The round.
        round: u64,
    },
}
