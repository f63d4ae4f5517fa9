//! The body of `add-checkpoint`: from which size, the proof, and the signed checkpoint (C2SP tlog-witness).
//!
//! Reading it checks its form only; who signed the checkpoint and whether the proof holds is `decide`'s
//! matter.

use sigu_ledger::{Hash, MAX_NOTE_BYTES};

/// The most proof lines a request may have.
pub const MAX_REQUEST_PROOF_HASHES: usize = 63;

/// `old ` and 20 digits, 63 lines of 45 bytes, a newline, a note.
const MAX_BYTES: usize = 25 + MAX_REQUEST_PROOF_HASHES * 45 + 1 + MAX_NOTE_BYTES;

/// Holds one submission of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size the proof starts from: what the witness is believed to have seen last, 0 if nothing.
    pub old: u64,
    /// The consistency proof from `old` to the checkpoint; empty if `old` is 0 or the checkpoint's size.
    pub proof: Vec<Hash>,
    /// The signed checkpoint, verbatim.
    pub note: String,
}

/// Says why bytes are not the body of `add-checkpoint`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddCheckpointError {
    /// Larger than any request that is well-formed.
    #[error("the request is larger than any that is well-formed")]
    TooLarge,
    /// Not UTF-8.
    #[error("the request is not UTF-8")]
    NotUtf8,
    /// The first line is not `old ` and a decimal without leading zeros.
    #[error("the first line is not old and a decimal number")]
    OldSize,
    /// No blank line sets the checkpoint off.
    #[error("no blank line before the checkpoint")]
    NoBlankLine,
    /// A proof line is not the canonical base64 of 32 bytes.
    #[error("proof line {line} is not the canonical base64 of 32 bytes")]
    ProofLine {
        /// Its number, from 1.
        line: usize,
    },
    /// More than `MAX_REQUEST_PROOF_HASHES`.
    #[error("more than 63 proof lines")]
    TooManyHashes,
}

impl AddCheckpoint {
    /// Writes the body.
    pub fn to_body(&self) -> String {
        let proof: String = self.proof.iter().map(|hash| hash.to_base64() + "\n").collect();
        format!("old {}\n{proof}\n{}", self.old, self.note)
    }

    /// Reads a body; only the form `to_body` writes is accepted. The note is not looked at.
    pub fn parse(body: &[u8]) -> Result<Self, AddCheckpointError> {
        use AddCheckpointError as E;
        if body.len() > MAX_BYTES {
            return Err(E::TooLarge);
        }
        let text = std::str::from_utf8(body).map_err(|_| E::NotUtf8)?;
        let (head, note) = text.split_once("\n\n").ok_or(E::NoBlankLine)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(decimal);
        let old = old.ok_or(E::OldSize)?;
        let mut proof = Vec::new();
        for (i, line) in lines.enumerate() {
            if i >= MAX_REQUEST_PROOF_HASHES {
                return Err(E::TooManyHashes);
            }
            proof.push(Hash::from_base64(line).map_err(|_| E::ProofLine { line: i + 1 })?);
        }
        Ok(Self { old, proof, note: note.to_owned() })
    }
}

/// Reads an ASCII decimal without sign or leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (text == "0" || !text.starts_with('0')) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        for hashes in [0, 1, 63] {
            let request = AddCheckpoint {
                old: u64::MAX,
                proof: vec![Hash::from_bytes([7; 32]); hashes],
                note: "origin\n1\n\n— a b\n".to_owned(),
            };
            assert_eq!(AddCheckpoint::parse(request.to_body().as_bytes()), Ok(request));
        }
    }

    #[test]
    fn refused() {
        use AddCheckpointError as E;
        let many = format!("old 1\n{}\nnote", (Hash::from_bytes([7; 32]).to_base64() + "\n").repeat(64));
        let cases: [(&[u8], E); 12] = [
            (b"", E::NoBlankLine),
            (b"old 1\nnote", E::NoBlankLine),
            (b"\n\nnote", E::OldSize),
            (b"old 01\n\nnote", E::OldSize),
            (b"old +1\n\nnote", E::OldSize),
            (b"old  1\n\nnote", E::OldSize),
            (b"old 18446744073709551616\n\nnote", E::OldSize),
            (b"old 1\r\n\r\n\n\nnote", E::OldSize),
            (b"old 1\nAAAA\n\nnote", E::ProofLine { line: 1 }),
            (many.as_bytes(), E::TooManyHashes),
            (b"old 1\n\n\xff", E::NotUtf8),
            (&[b'a'; 70_000], E::TooLarge),
        ];
        for (body, error) in cases {
            assert_eq!(AddCheckpoint::parse(body), Err(error));
        }
    }
}
