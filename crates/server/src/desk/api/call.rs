//! What every operation is asked with: who asks, in which words, what came along; and how it is answered.

use std::ops::Deref;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sigu_case::{ItemId, Order, OrderId};
use sigu_vault::Vault;

use super::super::Desk;
use super::door::{Grade, Let};
use crate::at_hand::AtHand;
use crate::problem::Problem;
use crate::words::Words;

/// Someone who asks.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) desk: Arc<Desk>,
    pub(super) words: Words,
    pub(super) now: Timestamp,
    pub(super) grade: Grade,
}

/// Someone who may read.
pub(super) struct Reads(Call);

/// Someone who may write.
pub(super) struct Writes(Call);

impl Deref for Reads {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.0
    }
}

impl Deref for Writes {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.0
    }
}

impl FromRequestParts<Arc<Desk>> for Reads {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Response> {
        // The door has let everyone in who comes here.
        let own = parts.extensions.get::<Let>().cloned();
        let own = own.ok_or_else(|| StatusCode::UNAUTHORIZED.into_response())?;
        let now = (desk.app.now)();
        Ok(Self(Call { desk: desk.clone(), words: own.words, now, grade: own.grade }))
    }
}

impl FromRequestParts<Arc<Desk>> for Writes {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Response> {
        let Reads(call) = Reads::from_request_parts(parts, desk).await?;
        call.must_write().map_err(|problem| problem.in_words(&call.words))?;
        Ok(Self(call))
    }
}

/// The words of someone who came by the API and may write; `None` for whoever came by the pages.
pub(in crate::desk) async fn writes(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Option<Words>, Response> {
    if parts.extensions.get::<Let>().is_none() {
        return Ok(None);
    }
    let Writes(call) = Writes::from_request_parts(parts, desk).await?;
    Ok(Some(call.words))
}

impl Call {
    /// Refuses whoever may not write.
    pub(super) fn must_write(&self) -> Result<(), Problem> {
        if self.grade >= Grade::Write {
            return Ok(());
        }
        Err(Problem::refused(StatusCode::FORBIDDEN, "api-needs-write", &[]))
    }

    /// What was read of all orders before, to be brought up to date.
    pub(super) fn at_hand(&self) -> Arc<AtHand> {
        self.desk.app.identity.at_hand()
    }

    /// Works on the vault beside other requests, and answers with what comes of it.
    pub(super) async fn answer<F>(&self, work: F) -> Response
    where
        F: FnOnce(&Self, &Vault) -> Result<Response, Problem> + Send + 'static,
    {
        self.beside(|call| call.desk.app.with_vault(|vault| work(call, vault))).await
    }

    /// Works beside other requests, with no vault open.
    pub(super) async fn beside<F>(&self, work: F) -> Response
    where
        F: FnOnce(&Self) -> Result<Response, Problem> + Send + 'static,
    {
        let own = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&own)).await;
        self.told(done.map_err(Problem::fault).and_then(|done| done))
    }

    /// The answer, in words where it is a problem.
    pub(super) fn told(&self, done: Result<Response, Problem>) -> Response {
        done.unwrap_or_else(|problem| problem.in_words(&self.words))
    }
}

/// Answers with JSON.
pub(super) fn found(answer: impl Serialize) -> Result<Response, Problem> {
    Ok(Json(answer).into_response())
}

/// Answers that something is there from now on.
pub(super) fn made(answer: impl Serialize) -> Result<Response, Problem> {
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// The order a path names.
pub(super) fn order(vault: &Vault, label: &str) -> Result<Order, Problem> {
    let unknown = || {
        let values = [("order", label.to_owned())];
        Problem::refused(StatusCode::NOT_FOUND, "refused-unknown-order", &values).of("order")
    };
    let id: OrderId = label.parse().map_err(|_| unknown())?;
    vault.order(&id)?.ok_or_else(unknown)
}

/// The place in the log a text names.
pub(super) fn item(text: &str) -> Result<ItemId, Problem> {
    text.parse().map_err(|_| no_item(text))
}

/// There is nothing at that place.
pub(super) fn no_item(text: impl ToString) -> Problem {
    Problem::refused(StatusCode::NOT_FOUND, "refused-unknown-item", &[("item", text.to_string())]).of("item")
}

/// A value that is not one of those that fit.
pub(super) fn unfit(field: &str) -> Problem {
    let values = [("field", field.to_owned())];
    Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, "api-field", &values).of(field)
}

/// One of some words, by its code.
pub(super) fn one_of<T: sigu_case::Coded>(field: &str, text: &str) -> Result<T, Problem> {
    T::all().iter().copied().find(|one| one.word() == text).ok_or_else(|| unfit(field))
}

/// The parameters of an address.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Desk>> for Asked<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Response> {
        let why = match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => return Ok(Self(asked)),
            Err(rejection) => rejection.body_text(),
        };
        let call = Reads::from_request_parts(parts, desk).await?;
        Err(unread(&why, "api-parameters").in_words(&call.words))
    }
}

/// JSON that came along.
pub(super) struct Sent<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<Desk>> for Sent<T> {
    type Rejection = Response;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let call = Reads::from_request_parts(&mut parts, desk).await?;
        let request = Request::from_parts(parts, body);
        match Json::<T>::from_request(request, desk).await {
            Ok(Json(sent)) => Ok(Self(sent)),
            Err(rejection) => Err(not_json(&rejection).in_words(&call.words)),
        }
    }
}

fn not_json(rejection: &JsonRejection) -> Problem {
    match rejection {
        JsonRejection::JsonDataError(error) => unread(&error.body_text(), "api-json-field"),
        JsonRejection::JsonSyntaxError(error) => {
            let why = [("why", because(&error.body_text()))];
            Problem::refused(StatusCode::BAD_REQUEST, "api-json", &why)
        }
        JsonRejection::MissingJsonContentType(_) => {
            Problem::refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "api-json-type", &[])
        }
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let max = [("max", (super::MAX_JSON >> 20).to_string())];
            Problem::refused(StatusCode::PAYLOAD_TOO_LARGE, "api-large", &max)
        }
        other => Problem::refused(StatusCode::BAD_REQUEST, "api-json", &[("why", other.body_text())]),
    }
}

/// What the reader says after what it was doing.
fn because(text: &str) -> String {
    text.split_once(": ").map_or(text, |(_, why)| why).to_owned()
}

/// Something of another form than it must have, with the field it names: `a.b: invalid type …` or ``… field `a` …``.
fn unread(text: &str, key: &'static str) -> Problem {
    let why = because(text);
    let quoted = why.contains("field `").then(|| why.split('`').nth(1)).flatten();
    let path = why.split_once(": ").map(|(path, _)| path).filter(|path| *path != "." && !path.contains(' '));
    let field = quoted.or(path).map(str::to_owned);
    let problem = Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, key, &[("why", why.clone())]);
    match field {
        Some(field) => problem.of(field),
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_found_in_what_the_reader_says() {
        for (text, field) in [
            (
                "Failed to deserialize the JSON body into the target type: amount_fen: invalid type: string",
                Some("amount_fen"),
            ),
            (
                "Failed to deserialize the JSON body into the target type: unknown field `x`, expected `y`",
                Some("x"),
            ),
            (
                "Failed to deserialize the JSON body into the target type: missing field `text` at line 1",
                Some("text"),
            ),
            ("Failed to deserialize query string: page: invalid digit found in string", Some("page")),
            ("Failed to deserialize the JSON body: something", None),
        ] {
            let response = format!("{:?}", unread(text, "api-json-field"));
            let wanted = format!("field: {:?}", field.map(str::to_owned));
            assert!(response.contains(&wanted), "{response} without {wanted}");
        }
    }
}
