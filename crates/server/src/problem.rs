//! What the receiver and the API answer when they do not do what they were asked: a status and a code, never a secret.
//!
//! The extension reads `{"error": {"code", "message"}}`; the API answers with problem details (RFC 9457), in words.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use sigu_vault::{Error, Refusal};
use utoipa::ToSchema;

use crate::attesting::Unread;
use crate::refusing::{Kind, Said, of_unread, said};
use crate::words::Words;

/// What is not done, and why.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// How it is said in words, where it is.
    said: Option<Said>,
    /// The field or parameter it is about.
    field: Option<String>,
}

/// Problem details, RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemDetails {
    /// What kind of problem, for ever: `urn:sigu:problem:` and the code.
    r#type: String,
    /// What kind of problem, in short.
    title: String,
    /// The status of the answer.
    status: u16,
    /// What is wrong here.
    detail: String,
    /// What to do about it.
    advice: String,
    /// The same as `type`, without its prefix.
    code: &'static str,
    /// The field or parameter it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

impl Problem {
    /// Builds an answer of the receiver.
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), said: None, field: None }
    }

    /// The request cannot be read.
    pub(crate) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// The state folder or a task failed; the delivery can be tried again.
    pub(crate) fn fault(error: impl std::fmt::Display) -> Self {
        let why = vec![("why", error.to_string())];
        let said = Some(Said { kind: Kind::Fault, key: "api-fault", values: why });
        Self { said, ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "fault", error.to_string()) }
    }

    /// A refusal by the message that says it.
    pub(crate) fn refused(status: StatusCode, key: &'static str, values: &[(&'static str, String)]) -> Self {
        let said = Said { kind: Kind::Refused, key, values: values.to_vec() };
        Self { said: Some(said), ..Self::new(status, key, "") }
    }

    /// What was said no to, by the message that says it.
    pub(crate) fn said(status: StatusCode, said: Said) -> Self {
        let key = said.key;
        Self { said: Some(said), ..Self::new(status, key, "") }
    }

    /// The same, of a field.
    pub(crate) fn of(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The answer in words, as problem details.
    pub(crate) fn in_words(self, words: &Words) -> Response {
        let status = self.told_status();
        let said = self.said.unwrap_or(Said {
            kind: Kind::Fault,
            key: "api-fault",
            values: vec![("why", self.message)],
        });
        let title = words.word(match said.kind {
            Kind::Refused => "api-refused",
            Kind::Damaged => "api-damaged",
            Kind::Fault => "api-failed",
        });
        let details = ProblemDetails {
            r#type: format!("urn:sigu:problem:{}", said.key),
            title,
            status: status.as_u16(),
            detail: said.message(words),
            advice: said.advice(words),
            code: said.key,
            field: self.field,
        };
        let head = [(header::CACHE_CONTROL, "no-store")];
        let mut response = (status, head, Json(details)).into_response();
        // `Json` has put its own type there.
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            let scheme = header::HeaderValue::from_static("Bearer realm=\"sigu\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            let seconds = if status == StatusCode::TOO_MANY_REQUESTS { 60 } else { 1 };
            response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
        }
        response
    }

    /// The status of the API: a refusal is the asker's to mend, damage is nobody's fault of asking.
    fn told_status(&self) -> StatusCode {
        match self.said.as_ref().map(|said| said.kind) {
            Some(Kind::Damaged) => StatusCode::INTERNAL_SERVER_ERROR,
            Some(Kind::Refused) if self.status == StatusCode::INTERNAL_SERVER_ERROR => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            _ => self.status,
        }
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
        let (said, field) = (Some(said(&error)), field(&error));
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
        Self { status, code, message, said, field }
    }
}

impl From<Unread> for Problem {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Vault(error) => error.into(),
            unread @ Unread::Services(_) => Self::said(StatusCode::UNPROCESSABLE_ENTITY, of_unread(&unread)),
        }
    }
}

/// The field a refusal of the case is about, as leaves name it.
fn field(error: &Error) -> Option<String> {
    use sigu_case::Refusal as Case;
    let Error::Refused(Refusal::Case(refusal)) = error else { return None };
    Some(match refusal {
        Case::Empty { field } | Case::TooLong { field, .. } | Case::ImpossibleTime { field, .. } => {
            (*field).to_owned()
        }
        Case::FieldStays(field) => field.clone(),
        Case::OrderExists(_) => "order".to_owned(),
        Case::DeliveredBeforePaid { .. } => "delivered_at".to_owned(),
        Case::ImpossibleAmount(_) => "amount_fen".to_owned(),
        _ => return None,
    })
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({ "error": { "code": self.code, "message": self.message } });
        (self.status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
    }
}
