//! Asking a page: each answer has a limit, all of a capture together have one, and a page that stayed silent
//! once is asked only briefly from then on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::clock::Deadline;
use crate::devtools::{CallError, Session};

/// How long a page may take to answer one question.
pub(super) const PATIENCE: Duration = Duration::from_secs(8);
/// The same for a page that left a question unanswered before.
const SHORT: Duration = Duration::from_millis(1_500);

/// One conversation of a capture.
pub(super) struct Asking {
    session: Session,
    whole: Deadline,
    silent: AtomicBool,
}

impl Asking {
    pub(super) fn new(session: Session, whole: Deadline) -> Self {
        Self { session, whole, silent: AtomicBool::new(false) }
    }

    /// The same limits for another session, as that of a frame in a process of its own.
    pub(super) fn of(&self, session: Session) -> Self {
        Self::new(session, self.whole)
    }

    pub(super) async fn call(&self, method: &str, params: Value) -> Result<Value, CallError> {
        self.call_within(method, params, PATIENCE).await
    }

    pub(super) async fn call_within(
        &self,
        method: &str,
        params: Value,
        limit: Duration,
    ) -> Result<Value, CallError> {
        let limit = if self.is_silent() { limit.min(SHORT) } else { limit };
        let answer = self.session.call_within(method, params, limit.min(self.whole.left())).await;
        if matches!(answer, Err(CallError::Late { .. } | CallError::Closed)) {
            self.silent.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// Whether a question was left unanswered.
    pub(super) fn is_silent(&self) -> bool {
        self.silent.load(Ordering::Relaxed)
    }

    /// Whether the time for the whole capture is over.
    pub(super) fn is_over(&self) -> bool {
        self.whole.passed()
    }
}
