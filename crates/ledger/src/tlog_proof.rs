//! The file that proves one leaf to a stranger: index, hashes, checkpoint (C2SP tlog-proof@v1).
//!
//! It does not hold the leaf, nor the key: both come to the verifier on their own ways. The `extra`
//! bytes are covered by no signature and must not be believed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{CheckpointError, SignedCheckpoint};
use crate::hash::Hash;
use crate::key::VerifyingKey;
use crate::note::{MAX_NOTE_BYTES, Note, NoteError};
use crate::text::parse_decimal;
use crate::verify::{ProofError, verify_inclusion};

/// The most hashes an inclusion proof may have: enough for 2^63 leaves.
pub const MAX_PROOF_HASHES: usize = 63;

/// The largest proof file that is read: a checkpoint of 64 KiB, its hashes and as much `extra`.
const MAX_FILE_BYTES: usize = 3 * MAX_NOTE_BYTES;

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Holds the parts of a proof file; nothing is checked until `verify`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// The number of the leaf in the log, from 0.
    pub index: u64,
    /// The sibling hashes, from the leaf's up to the root's child; at most 63.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint, verbatim.
    pub checkpoint_note: String,
    /// Bytes of the application's own, not authenticated.
    pub extra: Option<Vec<u8>>,
}

/// Says why bytes are not a proof file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    /// Larger than any proof file this reader accepts (192 KiB).
    #[error("the proof file is larger than 192 KiB")]
    TooLarge,
    /// Not UTF-8.
    #[error("the proof file is not UTF-8")]
    NotUtf8,
    /// The first line is not `c2sp.org/tlog-proof@v1`.
    #[error("the first line is not {HEADER}")]
    Header,
    /// The `extra` line is not canonical base64.
    #[error("the extra line is not canonical base64")]
    Extra,
    /// The index line is absent or not a plain decimal number.
    #[error("the index line is absent or not a decimal number without leading zeros")]
    Index,
    /// A hash line is not the canonical base64 of 32 bytes.
    #[error("hash line {line} is not the canonical base64 of 32 bytes")]
    HashLine {
        /// The number of the line among the hash lines, from 1.
        line: usize,
    },
    /// More than 63 hashes.
    #[error("the proof has more than 63 hashes")]
    TooManyHashes,
    /// No blank line sets the checkpoint off from the hashes.
    #[error("no blank line before the checkpoint")]
    NoBlankLine,
    /// What follows the blank line is not a signed note.
    #[error(transparent)]
    Checkpoint(#[from] NoteError),
}

/// Says why a proof does not prove the leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofVerifyError {
    /// The checkpoint is not one of the expected log.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The hashes do not lead from the leaf to the signed root.
    #[error(transparent)]
    Inclusion(#[from] ProofError),
}

impl TlogProof {
    /// Returns the text of the file.
    pub fn to_text(&self) -> String {
        let extra = self.extra.iter().map(|bytes| format!("extra {}\n", STANDARD.encode(bytes)));
        let hashes = self.hashes.iter().map(|hash| hash.to_base64() + "\n");
        let (extra, hashes): (String, String) = (extra.collect(), hashes.collect());
        format!("{HEADER}\n{extra}index {}\n{hashes}\n{}", self.index, self.checkpoint_note)
    }

    /// Reads a proof file; only the form `to_text` writes is accepted, and the checkpoint must be a note.
    pub fn parse(bytes: &[u8]) -> Result<Self, TlogProofError> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(TlogProofError::TooLarge);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| TlogProofError::NotUtf8)?;
        let rest = text.strip_prefix(HEADER).and_then(|rest| rest.strip_prefix('\n'));
        let rest = rest.ok_or(TlogProofError::Header)?;
        let (extra, rest) = parse_extra(rest)?;
        let (line, rest) = rest.split_once('\n').ok_or(TlogProofError::Index)?;
        let index = line.strip_prefix("index ").and_then(parse_decimal).ok_or(TlogProofError::Index)?;
        let (hashes, note) = parse_hashes(rest)?;
        Note::parse(note)?;
        Ok(Self { index, hashes, checkpoint_note: note.to_owned(), extra })
    }

    /// Checks that the leaf with hash `leaf` is number `index` of the log of `key`, and returns by
    /// which checkpoint.
    ///
    /// The caller computes `leaf` from the stored bytes and compares the leaf's `seq` with `index`.
    pub fn verify(&self, leaf: &Hash, key: &VerifyingKey) -> Result<SignedCheckpoint, TlogProofVerifyError> {
        let signed = SignedCheckpoint::verify(self.checkpoint_note.as_bytes(), key)?;
        let checkpoint = signed.checkpoint();
        verify_inclusion(leaf, self.index, checkpoint.size, &self.hashes, &checkpoint.root)?;
        Ok(signed)
    }
}

fn parse_extra(rest: &str) -> Result<(Option<Vec<u8>>, &str), TlogProofError> {
    let Some(after) = rest.strip_prefix("extra ") else { return Ok((None, rest)) };
    let (encoded, rest) = after.split_once('\n').ok_or(TlogProofError::Extra)?;
    let bytes = STANDARD.decode(encoded).map_err(|_| TlogProofError::Extra)?;
    Ok((Some(bytes), rest))
}

/// Reads hash lines up to the first blank line; returns them and what follows it.
fn parse_hashes(mut rest: &str) -> Result<(Vec<Hash>, &str), TlogProofError> {
    let mut hashes = Vec::new();
    loop {
        let (line, after) = rest.split_once('\n').ok_or(TlogProofError::NoBlankLine)?;
        rest = after;
        if line.is_empty() {
            return Ok((hashes, rest));
        }
        if hashes.len() == MAX_PROOF_HASHES {
            return Err(TlogProofError::TooManyHashes);
        }
        let number = hashes.len() + 1;
        hashes.push(Hash::from_base64(line).map_err(|_| TlogProofError::HashLine { line: number })?);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::Checkpoint;
    use crate::hash::{leaf_hash, node_hash};
    use crate::key::SigningKey;

    fn proof(extra: Option<Vec<u8>>) -> (TlogProof, VerifyingKey) {
        let key = SigningKey::from_seed("log", [1; 32]).unwrap();
        let root = node_hash(&leaf_hash(b"a"), &leaf_hash(b"b"));
        let signed = Checkpoint { origin: "log".to_owned(), size: 2, root }.sign(&key).unwrap();
        let hashes = vec![leaf_hash(b"a")];
        (
            TlogProof { index: 1, hashes, checkpoint_note: signed.note().to_owned(), extra },
            key.verifying_key(),
        )
    }

    #[test]
    fn there_and_back() {
        for extra in [None, Some(vec![]), Some(b"extra".to_vec())] {
            let (proof, key) = proof(extra);
            let read = TlogProof::parse(proof.to_text().as_bytes());
            assert_eq!(read.as_ref(), Ok(&proof));
            assert_eq!(proof.verify(&leaf_hash(b"b"), &key).unwrap().checkpoint().size, 2);
            let other = proof.verify(&leaf_hash(b"c"), &key);
            assert_eq!(other, Err(TlogProofVerifyError::Inclusion(ProofError::RootMismatch)));
        }
    }

    #[test]
    fn strict_lines() {
        use TlogProofError as E;
        let text = proof(Some(b"x".to_vec())).0.to_text();
        let swap = |from: &str, to: &str| text.replacen(from, to, 1);
        let line = proof(None).0.hashes[0].to_base64() + "\n";
        let cases = [
            (swap("@v1", "@v2"), E::Header),
            (swap("@v1\n", "@v1\r\n"), E::Header),
            (swap("extra eA==", "extra eA"), E::Extra),
            (swap("extra eA==", "Extra eA=="), E::Index),
            (swap("index 1", "index 01"), E::Index),
            (swap("index 1\n", ""), E::Index),
            (swap(&line, "AAAA\n"), E::HashLine { line: 1 }),
            (swap(&line, &line.repeat(64)), E::TooManyHashes),
            (swap(&format!("{line}\n"), &line), E::HashLine { line: 2 }),
            (text[..text.find("\nlog").unwrap()].to_owned(), E::NoBlankLine),
            (text[..text.len() - 1].to_owned(), E::Checkpoint(NoteError::MissingFinalNewline)),
            ("a".repeat(MAX_FILE_BYTES + 1), E::TooLarge),
        ];
        for (text, error) in cases {
            assert_eq!(TlogProof::parse(text.as_bytes()), Err(error), "{text}");
        }
        assert!(TlogProof::parse(swap(&line, &line.repeat(63)).as_bytes()).is_ok());
        assert_eq!(TlogProof::parse(b"\xff"), Err(E::NotUtf8));
    }
}
