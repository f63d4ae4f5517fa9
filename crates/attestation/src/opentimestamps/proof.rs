//! A proof file (`.ots`): which digest, and the tree above it; how it is begun, upgraded and followed.
//!
//! The calendars never see the digest: 16 random bytes are put before it and both are hashed, and that is
//! sent. The path in the file begins with that step.

use sha2::{Digest as _, Sha256};

use super::attestation::Attestation;
use super::op::{FileDigest, Op};
use super::timestamp::Timestamp;
use super::wire::{Input, OtsError, write_number};

/// The largest proof that is read or written, in bytes: 64 KiB. Real ones have 0.2 to 4 KiB.
pub const MAX_PROOF_BYTES: usize = 64 * 1024;

/// The largest answer of a calendar that is read, in bytes; the client of the project reads no more either.
pub const MAX_CALENDAR_ANSWER_BYTES: usize = 10_000;

/// The first bytes of every proof.
const MAGIC: &[u8; 31] = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94";

const VERSION: u64 = 1;

/// Holds a proof; what it says is worth what its ends are worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    file_digest: FileDigest,
    digest: Vec<u8>,
    tree: Timestamp,
}

/// Holds one end of a proof: a message that follows from the digest, and who is to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    /// The message there; for Bitcoin the Merkle root, in the byte order of a block header.
    pub message: Vec<u8>,
    /// Who is to know of it.
    pub attestation: Attestation,
}

/// Holds a promise of a calendar that may be asked again: `GET <uri>/timestamp/<commitment in hex>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The calendar. A stranger's words: ask only calendars that are known.
    pub uri: String,
    /// The message it promised to bring into a block.
    pub commitment: Vec<u8>,
}

impl Proof {
    /// Computes what is sent to calendars (`POST <calendar>/digest`, 32 raw bytes) instead of the digest.
    ///
    /// `nonce` is 16 fresh random bytes for each digest.
    pub fn blinded(digest: &[u8; 32], nonce: &[u8; 16]) -> [u8; 32] {
        Sha256::new().chain_update(nonce).chain_update(digest).finalize().into()
    }

    /// Begins a proof with the answers of calendars to `blinded(digest, nonce)`; at least one.
    pub fn begin(digest: [u8; 32], nonce: [u8; 16], answers: &[&[u8]]) -> Result<Self, OtsError> {
        let sent = Self::blinded(&digest, &nonce);
        let mut above = Timestamp::default();
        for answer in answers {
            above.merge(read_answer(answer, &sent)?);
        }
        if above == Timestamp::default() {
            return Err(OtsError::Truncated);
        }
        let tree = Timestamp::step(Op::Prepend(nonce.to_vec()), Timestamp::step(Op::Sha256, above));
        Self { file_digest: FileDigest::Sha256, digest: digest.to_vec(), tree }.fitting()
    }

    /// Reads a proof file.
    pub fn parse(bytes: &[u8]) -> Result<Self, OtsError> {
        if bytes.len() > MAX_PROOF_BYTES {
            return Err(OtsError::TooLarge);
        }
        let mut input = Input::new(bytes);
        if input.bytes(MAGIC.len()).map_err(|_| OtsError::Magic)? != MAGIC {
            return Err(OtsError::Magic);
        }
        match input.number()? {
            VERSION => {}
            other => return Err(OtsError::Version(other)),
        }
        let file_digest = FileDigest::read(input.byte()?)?;
        let digest = input.bytes(file_digest.bytes())?.to_vec();
        let tree = Timestamp::read(&mut input, &digest)?;
        input.finish()?;
        Ok(Self { file_digest, digest, tree })
    }

    /// Writes the proof file, in the order other writers use.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        write_number(&mut out, VERSION);
        out.push(self.file_digest.tag());
        out.extend_from_slice(&self.digest);
        self.tree.write(&mut out);
        out
    }

    /// Returns how the file was digested.
    pub fn file_digest(&self) -> FileDigest {
        self.file_digest
    }

    /// Returns the digest of the file: 32 bytes, or 20 in old proofs.
    pub fn digest(&self) -> &[u8] {
        &self.digest
    }

    /// Says whether the proof is about these bytes, by SHA-256; proofs by weaker digests are about nothing
    /// here.
    pub fn is_about(&self, data: &[u8]) -> bool {
        self.file_digest == FileDigest::Sha256 && self.digest == Sha256::digest(data).as_slice()
    }

    /// Adds what a calendar answered when it was asked again for `commitment`; says whether that is new.
    pub fn upgrade(&mut self, commitment: &[u8], answer: &[u8]) -> Result<bool, OtsError> {
        let above = read_answer(answer, commitment)?;
        let mut upgraded = self.clone();
        if upgraded.tree.merge_at(&self.digest, commitment, &above)? == 0 {
            return Err(OtsError::NotInProof);
        }
        let upgraded = upgraded.fitting()?;
        let news = upgraded != *self;
        *self = upgraded;
        Ok(news)
    }

    /// Returns all ends, in the order of the file.
    pub fn attested(&self) -> Vec<Attested> {
        let mut ends = Vec::new();
        let mut see = |message: &[u8], attestation: &Attestation| {
            ends.push(Attested { message: message.to_vec(), attestation: attestation.clone() });
        };
        // Every message was made once when the tree was read or merged: no step fails now.
        let followed = self.tree.follow(&self.digest, &mut see);
        debug_assert!(followed.is_ok());
        ends
    }

    /// Returns the calendars' promises, those that were kept included.
    pub fn pending(&self) -> Vec<Pending> {
        let promise = |end: Attested| match end.attestation {
            Attestation::Pending { uri } => Some(Pending { uri, commitment: end.message }),
            _ => None,
        };
        self.attested().into_iter().filter_map(promise).collect()
    }

    /// Returns height and Merkle root of the blocks it leads to, the lowest first; nothing of them is checked
    /// yet.
    pub fn bitcoin_roots(&self) -> Vec<(u64, [u8; 32])> {
        let root = |end: Attested| match end.attestation {
            Attestation::Bitcoin { height } => Some((height, end.message.try_into().ok()?)),
            _ => None,
        };
        let mut roots: Vec<_> = self.attested().into_iter().filter_map(root).collect();
        roots.sort_unstable();
        roots
    }

    /// Writes the tree as `ots info` does, without its remarks on transactions.
    pub fn describe(&self) -> String {
        let mut out = String::new();
        let described = self.tree.describe(&self.digest, 0, &mut out);
        debug_assert!(described.is_ok());
        out
    }

    /// Refuses what no reader would read.
    fn fitting(self) -> Result<Self, OtsError> {
        if !self.tree.fits() {
            return Err(OtsError::Depth);
        }
        if self.to_bytes().len() > MAX_PROOF_BYTES { Err(OtsError::TooLarge) } else { Ok(self) }
    }
}

fn read_answer(answer: &[u8], message: &[u8]) -> Result<Timestamp, OtsError> {
    if answer.len() > MAX_CALENDAR_ANSWER_BYTES {
        return Err(OtsError::TooLarge);
    }
    let mut input = Input::new(answer);
    let tree = Timestamp::read(&mut input, message)?;
    input.finish()?;
    Ok(tree)
}
