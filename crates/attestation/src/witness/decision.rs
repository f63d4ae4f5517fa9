//! The witness's side of `add-checkpoint`: what it saw and what it is sent give an answer and what it saw now
//! (C2SP tlog-witness).
//!
//! It stores nothing. What it decides holds only if the caller replaces what was seen, durably and only if it
//! is still what was handed in, **before** the answer goes out; otherwise two requests at once could make it
//! sign two histories.

use jiff::Timestamp;
use sigu_ledger::{
    Checkpoint, CheckpointError, Hash, Note, SignedCheckpoint, VerifyingKey, empty_root, verify_consistency,
};

use super::cosignature::cosign;
use super::key::CosigningKey;
use super::request::AddCheckpoint;

/// Holds the latest checkpoint of a log that a witness cosigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The number of leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Seen {
    /// What is seen of a log before its first checkpoint: nothing, and the root of nothing.
    pub fn nothing() -> Self {
        Self { size: 0, root: empty_root() }
    }
}

/// Says what to answer to `add-checkpoint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// 200, once it is stored.
    Accept(Accepted),
    /// 400: the request is malformed, or its old size is above that of its checkpoint.
    BadRequest,
    /// 404: the log is not among those the witness knows.
    UnknownLog,
    /// 403: no signature of the log's key holds.
    Forbidden,
    /// 409: the witness saw another size last, or another root at this size.
    Conflict {
        /// The size it saw last, which is the body of the answer.
        size: u64,
    },
    /// 422: the proof does not hold.
    BadProof,
}

/// Holds a checkpoint that may be cosigned; the cosignature is handed out after it was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    origin: String,
    before: Seen,
    after: Seen,
    line: String,
}

impl Accepted {
    /// Returns the log it is about.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns what must still be stored as seen when it is replaced; otherwise decide anew.
    pub fn before(&self) -> Seen {
        self.before
    }

    /// Returns what is seen from now on.
    pub fn after(&self) -> Seen {
        self.after
    }

    /// Hands out the body of the answer. To be called when `after` has replaced `before` and is durable.
    pub fn into_answer(self) -> String {
        self.line
    }
}

impl Decision {
    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::Accept(_) => 200,
            Self::BadRequest => 400,
            Self::Forbidden => 403,
            Self::UnknownLog => 404,
            Self::Conflict { .. } => 409,
            Self::BadProof => 422,
        }
    }

    /// Returns content type and body of an answer other than 200.
    pub fn refusal(&self) -> Option<(&'static str, String)> {
        let words = |text: &str| Some(("text/plain; charset=utf-8", format!("{text}\n")));
        match self {
            Self::Accept(_) => None,
            Self::BadRequest => words("not a request of add-checkpoint"),
            Self::Forbidden => words("no signature of this log holds"),
            Self::UnknownLog => words("this log is not known here"),
            Self::Conflict { size } => Some(("text/x.tlog.size", format!("{size}\n"))),
            Self::BadProof => words("the proof does not hold"),
        }
    }
}

/// Decides about the body of a request.
///
/// `logs` are the keys of the logs the witness knows, each under its origin; `seen` tells what was cosigned
/// last for an origin, `None` if nothing ever was; `at` is the witness's clock. Checkpoints with extension
/// lines are refused.
pub fn decide(
    body: &[u8],
    logs: &[VerifyingKey],
    seen: impl FnOnce(&str) -> Option<Seen>,
    key: &CosigningKey,
    at: Timestamp,
) -> Decision {
    let Ok(request) = AddCheckpoint::parse(body) else { return Decision::BadRequest };
    if Note::parse(&request.note).is_err() {
        return Decision::BadRequest;
    }
    // The origin is read before anything is believed: it says which key must have signed.
    let origin = request.note.split('\n').next().unwrap_or_default();
    let Some(log) = logs.iter().find(|log| log.name() == origin) else { return Decision::UnknownLog };
    let signed = match SignedCheckpoint::verify(request.note.as_bytes(), log) {
        Ok(signed) => signed,
        Err(CheckpointError::Signature(_)) => return Decision::Forbidden,
        Err(_) => return Decision::BadRequest,
    };
    let before = seen(origin).unwrap_or_else(Seen::nothing);
    if let Some(refused) = compare(&request, signed.checkpoint(), before) {
        return refused;
    }
    match cosign(signed.checkpoint(), key, at) {
        Some(line) => {
            let Checkpoint { origin, size, root } = signed.checkpoint().clone();
            Decision::Accept(Accepted { origin, before, after: Seen { size, root }, line })
        }
        // A clock before 1970 signs nothing.
        None => Decision::BadRequest,
    }
}

/// Compares a signed checkpoint with what was seen; `None` if it goes on from there.
fn compare(request: &AddCheckpoint, new: &Checkpoint, seen: Seen) -> Option<Decision> {
    if request.old > new.size {
        return Some(Decision::BadRequest);
    }
    if request.old != seen.size {
        return Some(Decision::Conflict { size: seen.size });
    }
    if seen.size == new.size && seen.root != new.root {
        return Some(Decision::Conflict { size: seen.size });
    }
    // From nothing, everything follows: the proof is empty, and the general rule knows no such proof.
    let holds = if seen.size == 0 {
        request.proof.is_empty()
    } else {
        verify_consistency(seen.size, new.size, &seen.root, &new.root, &request.proof).is_ok()
    };
    if holds { None } else { Some(Decision::BadProof) }
}
