//! The log's side of `add-checkpoint`: what an answer means (C2SP tlog-witness).
//!
//! Two answers are alarms. If the witness saw a larger tree than was ever signed here, this log was put back
//! to an older state; if it saw another tree, there are two histories. In both cases nothing more may be
//! signed.

use sigu_ledger::Checkpoint;

use super::cosignature::{CosignatureError, VerifiedCosignature, verify_cosignatures};
use super::key::CosignerKey;
use super::request::decimal;

/// Holds what was sent, as far as an answer is judged by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission<'a> {
    /// The checkpoint that was sent.
    pub checkpoint: &'a Checkpoint,
    /// The old size that was sent.
    pub old: u64,
    /// The largest size this log ever signed, at least that of the checkpoint.
    pub largest_signed: u64,
}

/// Says what an answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The witness cosigned; at least one cosignature of a known key.
    Cosigned(Vec<VerifiedCosignature>),
    /// The witness saw another size last: send again with a proof from there, and a checkpoint not below it.
    Retry {
        /// The size to prove from.
        from: u64,
    },
    /// **Alarm.** The witness saw more than was ever signed here: this log was rolled back.
    RolledBack {
        /// What it saw.
        size: u64,
    },
    /// **Alarm.** The witness saw another tree: two histories of this log exist.
    Fork(ForkSign),
    /// The witness will not serve this log.
    Refused(Refusal),
    /// Nothing was said; ask again later (429 and 5xx).
    Unavailable {
        /// The HTTP status.
        status: u16,
    },
    /// The answer is none of the protocol.
    Garbage,
    /// A cosignature that claims to be the witness's and is not.
    BadCosignature(CosignatureError),
}

/// Says by which answer a fork was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForkSign {
    /// 409 although the sizes agree: another root at the same size.
    OtherRoot,
    /// 422: the proof from the witness's tree does not hold. Check the proof before believing it.
    ProofRefused,
}

/// Says why a witness does not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 400: it takes the request for malformed.
    BadRequest,
    /// 403: it knows the log under another key.
    OtherKey,
    /// 404: it does not know the log.
    UnknownLog,
}

/// Judges an answer by its status and body; `known` are the keys of this witness.
///
/// Redirects are not followed by the protocol: a 3xx is garbage. The content type is not looked at.
pub fn judge_answer(sent: &Submission<'_>, known: &[CosignerKey], status: u16, body: &[u8]) -> Judgement {
    match status {
        200 => judge_lines(sent.checkpoint, known, body),
        400 => Judgement::Refused(Refusal::BadRequest),
        403 => Judgement::Refused(Refusal::OtherKey),
        404 => Judgement::Refused(Refusal::UnknownLog),
        409 => judge_size(sent, body),
        422 => Judgement::Fork(ForkSign::ProofRefused),
        429 | 500..=599 => Judgement::Unavailable { status },
        _ => Judgement::Garbage,
    }
}

fn judge_lines(checkpoint: &Checkpoint, known: &[CosignerKey], body: &[u8]) -> Judgement {
    let Ok(lines) = std::str::from_utf8(body) else { return Judgement::Garbage };
    match verify_cosignatures(lines, checkpoint, known) {
        Ok(verified) if verified.is_empty() => Judgement::Garbage,
        Ok(verified) => Judgement::Cosigned(verified),
        Err(error @ (CosignatureError::BadSignature | CosignatureError::Time)) => {
            Judgement::BadCosignature(error)
        }
        Err(CosignatureError::Lines(_) | CosignatureError::BlankLine) => Judgement::Garbage,
    }
}

fn judge_size(sent: &Submission<'_>, body: &[u8]) -> Judgement {
    let text = std::str::from_utf8(body).ok().and_then(|text| text.strip_suffix('\n'));
    let Some(size) = text.and_then(decimal) else { return Judgement::Garbage };
    if size > sent.largest_signed.max(sent.checkpoint.size) {
        Judgement::RolledBack { size }
    } else if size != sent.old {
        Judgement::Retry { from: size }
    } else if size == sent.checkpoint.size {
        Judgement::Fork(ForkSign::OtherRoot)
    } else {
        // It refuses the very size it names.
        Judgement::Garbage
    }
}
