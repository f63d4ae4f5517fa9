//! Between which instants a leaf came to be, and by whose word.
//!
//! Not before: the beacon in the leaf, if what it names is shown. Not after: what outsiders said over a
//! checkpoint that covers the leaf. Nothing is decided about whom to believe; every bound keeps its source,
//! and the reader's own roots, keys and nodes stand behind each. That the leaf is in the log is shown by its
//! inclusion proof, elsewhere.

use jiff::{SignedDuration, Timestamp};
use sigu_ledger::{Checkpoint, Hash, NotBefore, ProofError, SignedCheckpoint, verify_consistency};

use crate::beacon::{Beacon, BeaconError};
use crate::drand::VerifiedRound;
use crate::opentimestamps::{BlockHeader, HeaderError, Proof};
use crate::rfc3161::{Imprint, VerifiedToken};
use crate::witness::VerifiedCosignature;

/// Says on whose word an instant rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A timestamp service under a pinned root (RFC 3161).
    Service {
        /// The subject of the signer's certificate, fit to be shown.
        signer: String,
        /// SHA-256 of the pinned root: services under one root count once.
        root: Hash,
    },
    /// A block whose header was handed in. That it is Bitcoin's is the caller's finding.
    Block {
        /// The height the proof names.
        height: u64,
    },
    /// A witness, who saw the log as well.
    Witness {
        /// The name of its key.
        name: String,
        /// Its public key.
        key: [u8; 32],
    },
    /// The network of drand.
    Drand {
        /// The round.
        round: u64,
    },
}

/// Says what kind of word that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Of a witness: as good as the witness is independent of the log's owner.
    Witness,
    /// Of a timestamp service, which lives on being right.
    Service,
    /// Of the work in a chain of blocks: nobody's word, and hours coarse.
    Block,
}

/// One bound with its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The instant, with the error of its source on the careful side.
    pub at: Timestamp,
    /// On whose word.
    pub by: Source,
}

impl Source {
    /// Returns the grade of an upper bound; `None` for drand, which gives lower ones only.
    pub fn grade(&self) -> Option<Grade> {
        match self {
            Self::Service { .. } => Some(Grade::Service),
            Self::Block { .. } => Some(Grade::Block),
            Self::Witness { .. } => Some(Grade::Witness),
            Self::Drand { .. } => None,
        }
    }
}

/// Holds what one outsider said over one checkpoint; made only of what was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    checkpoint: Checkpoint,
    bound: Bound,
}

/// Says why a proof says nothing over a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StampError {
    /// It is about other bytes than this note.
    #[error("the proof is not about this checkpoint")]
    OtherBytes,
    /// It leads to no block with this header.
    #[error(transparent)]
    Header(#[from] HeaderError),
}

impl Stamp {
    /// A token over the exact bytes of a signed checkpoint: it existed by genTime and the accuracy.
    pub fn by_token(signed: &SignedCheckpoint, token: &VerifiedToken) -> Result<Self, StampError> {
        let imprint = Imprint::of(token.imprint().algorithm(), signed.note().as_bytes());
        if imprint != *token.imprint() {
            return Err(StampError::OtherBytes);
        }
        let by = Source::Service { signer: token.signer().to_owned(), root: token.root_fingerprint() };
        Ok(Self { checkpoint: signed.checkpoint().clone(), bound: Bound { at: token.latest(), by } })
    }

    /// A proof over the exact bytes of a signed checkpoint that leads into the block of `header`.
    ///
    /// The bound is the block's time and two hours. Whether the block is Bitcoin's at that height is the
    /// caller's to find out: with a node, or by comparing `header.hash()` with what others publish.
    pub fn by_block(
        signed: &SignedCheckpoint,
        proof: &Proof,
        header: &BlockHeader,
    ) -> Result<Self, StampError> {
        if !proof.is_about(signed.note().as_bytes()) {
            return Err(StampError::OtherBytes);
        }
        let mut outcome = Err(StampError::Header(HeaderError::OtherRoot));
        for (height, root) in proof.bitcoin_roots() {
            match header.confirms(&root) {
                Ok(()) => {
                    let bound = Bound { at: header.latest(), by: Source::Block { height } };
                    return Ok(Self { checkpoint: signed.checkpoint().clone(), bound });
                }
                Err(HeaderError::OtherRoot) => {}
                Err(error) => outcome = Err(error.into()),
            }
        }
        outcome
    }

    /// A cosignature of a witness.
    pub fn by_cosignature(cosignature: &VerifiedCosignature) -> Self {
        let cosigner = cosignature.cosigner();
        let by = Source::Witness { name: cosigner.name().to_owned(), key: cosigner.public_key() };
        Self { checkpoint: cosignature.checkpoint().clone(), bound: Bound { at: cosignature.at(), by } }
    }

    /// Returns the checkpoint it is over.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Ties the stamp to the checkpoint that leaves are proven against, by a consistency proof (RFC 9162
    /// §2.1.4.2).
    ///
    /// The stamped checkpoint is not the larger one. Without this, a stamp over one history could serve
    /// another.
    pub fn tie(self, to: &Checkpoint, proof: &[Hash]) -> Result<TiedStamp, TieError> {
        if self.checkpoint.origin != to.origin {
            return Err(TieError::OtherLog);
        }
        verify_consistency(self.checkpoint.size, to.size, &self.checkpoint.root, &to.root, proof)?;
        Ok(TiedStamp { to: to.clone(), size: self.checkpoint.size, bound: self.bound })
    }
}

/// Says why a stamp does not belong to a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TieError {
    /// They are of different logs.
    #[error("the stamp is over another log")]
    OtherLog,
    /// The consistency proof does not hold.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// Holds a stamp over a tree that was shown to be the beginning of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TiedStamp {
    to: Checkpoint,
    size: u64,
    bound: Bound,
}

/// Makes the lower bound of a leaf from its beacon and the round it names.
pub fn not_before_by_round(nb: &NotBefore, shown: &VerifiedRound) -> Result<Bound, BeaconError> {
    let at = Beacon::from_not_before(nb)?.shown_by_round(shown)?;
    Ok(Bound { at, by: Source::Drand { round: shown.round() } })
}

/// Makes the lower bound of a leaf from its beacon and the token it names.
pub fn not_before_by_token(nb: &NotBefore, shown: &VerifiedToken) -> Result<Bound, BeaconError> {
    let at = Beacon::from_not_before(nb)?.shown_by_token(shown)?;
    let by = Source::Service { signer: shown.signer().to_owned(), root: shown.root_fingerprint() };
    Ok(Bound { at, by })
}

/// Says between which instants a leaf came to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bracket {
    /// The leaf did not exist before; `None` if its beacon is absent or was not shown.
    pub not_before: Option<Bound>,
    /// The leaf existed by then: all bounds, the earliest first.
    pub not_after: Vec<Bound>,
}

/// Brackets leaf `index`, whose inclusion was proven against the checkpoint `within`.
///
/// Stamps over trees that do not hold the leaf, or tied to another checkpoint, say nothing of it and are left
/// out.
pub fn bracket(within: &Checkpoint, index: u64, lower: Option<Bound>, stamps: &[TiedStamp]) -> Bracket {
    let about = |stamp: &&TiedStamp| stamp.to == *within && index < stamp.size;
    let mut not_after: Vec<Bound> = stamps.iter().filter(about).map(|stamp| stamp.bound.clone()).collect();
    not_after.sort_by_key(|bound| bound.at);
    Bracket { not_before: lower, not_after }
}

impl Bracket {
    /// Returns the earliest instant of a grade by which the leaf existed.
    pub fn not_after_by(&self, grade: Grade) -> Option<&Bound> {
        self.not_after.iter().find(|bound| bound.by.grade() == Some(grade))
    }

    /// Returns the time between the two nearest bounds; `None` if one is missing. Negative: see
    /// `is_contradictory`.
    pub fn width(&self) -> Option<SignedDuration> {
        let (from, to) = (self.not_before.as_ref()?.at, self.not_after.first()?.at);
        Some(to.duration_since(from))
    }

    /// Says whether somebody is wrong: the leaf would have existed before it could.
    pub fn is_contradictory(&self) -> bool {
        self.width().is_some_and(|width| width.is_negative())
    }

    /// Counts outsiders of different interest behind the upper bounds: roots, witnesses and blocks, each
    /// once.
    pub fn voices(&self) -> usize {
        let mut seen: Vec<&Source> = Vec::new();
        for bound in &self.not_after {
            let same = |known: &&Source| match (known, &bound.by) {
                (Source::Service { root: a, .. }, Source::Service { root: b, .. }) => a == b,
                (Source::Witness { key: a, .. }, Source::Witness { key: b, .. }) => a == b,
                (Source::Block { .. }, Source::Block { .. }) => true,
                _ => false,
            };
            if !seen.iter().any(same) {
                seen.push(&bound.by);
            }
        }
        seen.len()
    }
}
