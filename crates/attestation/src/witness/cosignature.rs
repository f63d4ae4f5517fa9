//! Cosignatures: "at this second, the largest tree of this log that I saw had this size and root" (C2SP
//! tlog-cosignature, Ed25519).
//!
//! Whether the cosigner can be believed is the policy's matter. Other types of cosignature are passed over.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sigu_ledger::{Checkpoint, Note, NoteError, NoteSignature};

use super::key::{CosignerKey, CosigningKey};

/// Says why lines are not cosignatures of a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CosignatureError {
    /// Not signature lines of a signed note.
    #[error(transparent)]
    Lines(#[from] NoteError),
    /// A blank line stands among them.
    #[error("a blank line among cosignatures")]
    BlankLine,
    /// A line of a known witness does not hold; then none of them is believed.
    #[error("a cosignature of a known witness does not hold")]
    BadSignature,
    /// The second is 0, or beyond what this program can say.
    #[error("a cosignature of a known witness has no usable time")]
    Time,
}

/// Holds a cosignature that was checked; made only by `verify_cosignatures`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedCosignature {
    cosigner: CosignerKey,
    at: Timestamp,
    checkpoint: Checkpoint,
}

impl VerifiedCosignature {
    /// Returns whose it is.
    pub fn cosigner(&self) -> &CosignerKey {
        &self.cosigner
    }

    /// Returns when the witness says it saw the checkpoint; whole seconds.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Returns the checkpoint it is about.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

/// Signs a checkpoint as a witness and returns the signature line with its newline.
///
/// The caller has made sure that the checkpoint is consistent with all it cosigned before, and has stored it
/// durably: see `decide`. `at` must be after 1970; below a second it is cut off. `None` for an instant
/// before.
pub fn cosign(checkpoint: &Checkpoint, key: &CosigningKey, at: Timestamp) -> Option<String> {
    let seconds = u64::try_from(at.as_second()).ok().filter(|seconds| *seconds > 0)?;
    let signature = key.sign(&message(checkpoint, seconds));
    let public = key.cosigner_key();
    let blob = [&public.key_id().to_be_bytes()[..], &seconds.to_be_bytes(), &signature].concat();
    Some(format!("— {} {}\n", public.name(), STANDARD.encode(blob)))
}

/// Checks signature lines over a checkpoint against the keys of known witnesses.
///
/// Lines of others are passed over, whatever their type. Every line of a known key must hold (C2SP
/// signed-note); there may be none. At most 100 lines and 64 KiB.
pub fn verify_cosignatures(
    lines: &str,
    checkpoint: &Checkpoint,
    known: &[CosignerKey],
) -> Result<Vec<VerifiedCosignature>, CosignatureError> {
    if lines.starts_with('\n') || lines.contains("\n\n") {
        return Err(CosignatureError::BlankLine);
    }
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let text = checkpoint.to_text();
    let note = Note::parse(format!("{text}\n{lines}"))?;
    let mut verified = Vec::new();
    for line in note.signatures() {
        let of = |key: &&CosignerKey| key.key_id() == line.key_id && key.name() == line.name;
        if let Some(key) = known.iter().find(of) {
            verified.push(verify_line(line, checkpoint, key)?);
        }
    }
    Ok(verified)
}

fn verify_line(
    line: &NoteSignature,
    checkpoint: &Checkpoint,
    key: &CosignerKey,
) -> Result<VerifiedCosignature, CosignatureError> {
    let (time, signature) = line.signature.split_first_chunk::<8>().ok_or(CosignatureError::BadSignature)?;
    let seconds = u64::from_be_bytes(*time);
    if !key.accepts(&message(checkpoint, seconds), signature) {
        return Err(CosignatureError::BadSignature);
    }
    let at = i64::try_from(seconds).ok().filter(|seconds| *seconds > 0);
    let at = at.and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or(CosignatureError::Time)?;
    Ok(VerifiedCosignature { cosigner: key.clone(), at, checkpoint: checkpoint.clone() })
}

/// What is signed: a header line, a time line, and the text of the checkpoint.
fn message(checkpoint: &Checkpoint, seconds: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {seconds}\n{}", checkpoint.to_text()).into_bytes()
}
