//! What the receiver answers when it does not do what it was asked: a status and a code, never a secret.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use sigu_vault::{Error, Refusal};

/// An answer that is a refusal, as `{"error": {"code", "message"}}`.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Problem {
    /// Builds an answer.
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// The request cannot be read.
    pub(crate) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// The state folder or a task failed; the delivery can be tried again.
    pub(crate) fn fault(error: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "fault", error.to_string())
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self::fault(error)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        let (status, code) = match error {
            Error::Refused(Refusal::Case(sigu_case::Refusal::UnknownOrder(_))) => {
                (StatusCode::NOT_FOUND, "unknown_order")
            }
            Error::Refused(Refusal::Locked) => (StatusCode::LOCKED, "locked"),
            Error::Refused(Refusal::Busy) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Error::Refused(Refusal::Case(_) | Refusal::Entry(_) | Refusal::EntryTooLarge) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "refused")
            }
            Error::Refused(_) | Error::Damaged(_) => (StatusCode::INTERNAL_SERVER_ERROR, "vault"),
            Error::Fault(_) => (StatusCode::SERVICE_UNAVAILABLE, "fault"),
        };
        Self { status, code, message }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({ "error": { "code": self.code, "message": self.message } });
        (self.status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
    }
}
