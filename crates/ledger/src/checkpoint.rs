//! Checkpoints: what a log signs to commit to all its leaves (C2SP tlog-checkpoint v1.0.0).
//!
//! It carries no extension lines: what deserves to be committed to goes into a leaf. It does not keep
//! a log from signing two histories; the writer's guard and other people's copies do.

use crate::hash::Hash;
use crate::key::{SignError, SigningKey, VerifyingKey};
use crate::note::{Note, NoteError, NoteVerifyError};
use crate::text::{has_control, parse_decimal};

/// States that the log `origin` has `size` leaves and the Merkle root `root`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log, `sigu/v1/<16 characters of lower base32>`; equal to its key's name.
    pub origin: String,
    /// The number of leaves.
    pub size: u64,
    /// The root over them, RFC 6962 §2.1.
    pub root: Hash,
}

/// Says why a text is not a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointTextError {
    /// Not three lines, each ended by a newline; extension lines are refused here.
    #[error("a checkpoint is exactly three lines")]
    Lines,
    /// The origin is empty or holds a control character.
    #[error("the origin is empty or holds a control character")]
    Origin,
    /// The size is not a plain decimal number below 2^64.
    #[error("the size is not a decimal number without leading zeros")]
    Size,
    /// The root is not the canonical base64 of 32 bytes.
    #[error("the root is not the canonical base64 of 32 bytes")]
    Root,
}

/// Says why a checkpoint cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointSignError {
    /// The key has another name than the origin of the checkpoint.
    #[error("the name of the key is not the origin of the checkpoint")]
    Origin,
    /// The text cannot be signed as a note.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// Says why bytes are not a checkpoint signed by the expected log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The bytes are not a note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The signature is absent or wrong.
    #[error(transparent)]
    Signature(#[from] NoteVerifyError),
    /// The signed text is not a checkpoint.
    #[error(transparent)]
    Text(#[from] CheckpointTextError),
    /// The signed checkpoint is that of another log.
    #[error("the origin of the checkpoint is not the name of the key")]
    Origin,
}

impl Checkpoint {
    /// Returns the three lines that are signed: origin, size in decimal, root in base64.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64())
    }

    /// Reads the text of a note as a checkpoint; only the form `to_text` writes is accepted.
    pub fn parse_text(text: &str) -> Result<Self, CheckpointTextError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointTextError::Lines)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointTextError::Lines);
        };
        if origin.is_empty() || has_control(origin) {
            return Err(CheckpointTextError::Origin);
        }
        Ok(Self {
            origin: origin.to_owned(),
            size: parse_decimal(size).ok_or(CheckpointTextError::Size)?,
            root: Hash::from_base64(root).map_err(|_| CheckpointTextError::Root)?,
        })
    }

    /// Signs the checkpoint with the key of its log.
    ///
    /// The caller has made sure that it is consistent with every checkpoint this key signed before:
    /// that cannot be seen from here, and a log must never sign two histories.
    pub fn sign(&self, key: &SigningKey) -> Result<SignedCheckpoint, CheckpointSignError> {
        if key.name() != self.origin {
            return Err(CheckpointSignError::Origin);
        }
        Ok(SignedCheckpoint { checkpoint: self.clone(), note: key.sign(&self.to_text())? })
    }
}

/// Holds a checkpoint whose signature holds, with the note that carries it; made only by a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: String,
}

impl SignedCheckpoint {
    /// Checks that `note` is signed by `key` and is a checkpoint of the log of that name.
    pub fn verify(note: &[u8], key: &VerifyingKey) -> Result<Self, CheckpointError> {
        let verified = Note::parse(note)?.verify(key)?;
        let checkpoint = Checkpoint::parse_text(verified.text())?;
        if checkpoint.origin != key.name() {
            return Err(CheckpointError::Origin);
        }
        let note = std::str::from_utf8(note).map_err(|_| NoteError::NotUtf8)?.to_owned();
        Ok(Self { checkpoint, note })
    }

    /// Returns the checkpoint.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Returns the whole note, byte for byte as it was signed or verified.
    pub fn note(&self) -> &str {
        &self.note
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::empty_root;

    const ORIGIN: &str = "sigu/v1/abcdefghijklmnop";
    const ROOT: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: ORIGIN.to_owned(), size: 0, root: empty_root() }
    }

    #[test]
    fn three_lines() {
        let text = format!("{ORIGIN}\n0\n{ROOT}\n");
        assert_eq!(checkpoint().to_text(), text);
        assert_eq!(Checkpoint::parse_text(&text), Ok(checkpoint()));
    }

    #[test]
    fn strict_text() {
        use CheckpointTextError as E;
        let cases = [
            (format!("{ORIGIN}\n0\n{ROOT}"), E::Lines),
            (format!("{ORIGIN}\n0\n"), E::Lines),
            (format!("{ORIGIN}\n0\n{ROOT}\n\n"), E::Lines),
            (format!("{ORIGIN}\n0\n{ROOT}\nextension\n"), E::Lines),
            (format!("\n0\n{ROOT}\n"), E::Origin),
            (format!("{ORIGIN}\n00\n{ROOT}\n"), E::Size),
            (format!("{ORIGIN}\n-1\n{ROOT}\n"), E::Size),
            (format!("{ORIGIN}\n18446744073709551616\n{ROOT}\n"), E::Size),
            (format!("{ORIGIN}\n0\n{}\n", &ROOT[..43]), E::Root),
            (format!("{ORIGIN}\r\n0\n{ROOT}\n"), E::Origin),
        ];
        for (text, error) in cases {
            assert_eq!(Checkpoint::parse_text(&text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn only_the_log_itself_signs() {
        let key = SigningKey::from_seed(ORIGIN, [1; 32]).unwrap();
        let signed = checkpoint().sign(&key).unwrap();
        let verified = SignedCheckpoint::verify(signed.note().as_bytes(), &key.verifying_key());
        assert_eq!(verified.as_ref(), Ok(&signed));
        assert_eq!(signed.checkpoint(), &checkpoint());

        let other = SigningKey::from_seed("other", [1; 32]).unwrap();
        assert_eq!(checkpoint().sign(&other), Err(CheckpointSignError::Origin));
        let foreign = other.sign(&checkpoint().to_text()).unwrap();
        let verified = SignedCheckpoint::verify(foreign.as_bytes(), &other.verifying_key());
        assert_eq!(verified, Err(CheckpointError::Origin));
    }
}
