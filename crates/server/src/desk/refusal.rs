//! When a page cannot be shown or a change not be made: what is wrong and what to do, in words, as a page.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use sigu_vault::Error;

use super::page::Frame;
use crate::refusing::{Said, said};
use crate::words::Words;

/// A page that was not made, by the message that says why; its advice is the message `<key>-advice`.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    key: &'static str,
    /// What the vault or the case says of it.
    detail: Option<Detail>,
}

#[derive(Debug)]
enum Detail {
    Said(Said),
    Text(String),
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage<'a> {
    frame: Frame<'a>,
    what: String,
    advice: String,
    detail: Option<String>,
}

impl Refusal {
    pub(super) const fn new(status: StatusCode, key: &'static str) -> Self {
        Self { status, key, detail: None }
    }

    /// What is asked for is not there.
    pub(super) const fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "page-not-found")
    }

    /// Something failed, with what is known of it.
    pub(super) const fn because(key: &'static str, why: String) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, key, detail: Some(Detail::Text(why)) }
    }

    pub(super) fn show(&self, words: &Words) -> Response {
        let page = RefusalPage {
            frame: Frame::bare(words),
            what: words.word(self.key),
            advice: words.word(&format!("{}-advice", self.key)),
            detail: self.detail.as_ref().map(|detail| match detail {
                Detail::Said(said) => said.message(words),
                Detail::Text(text) => text.clone(),
            }),
        };
        match page.render() {
            Ok(html) => (self.status, Html(html)).into_response(),
            Err(_) => self.status.into_response(),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let detail = Some(Detail::Said(said(&error)));
        let (status, key) = match error {
            Error::Refused(sigu_vault::Refusal::Case(sigu_case::Refusal::UnknownOrder(_))) => {
                return Self::not_found();
            }
            Error::Refused(sigu_vault::Refusal::Locked) => (StatusCode::LOCKED, "page-locked"),
            Error::Refused(sigu_vault::Refusal::Busy) => (StatusCode::SERVICE_UNAVAILABLE, "page-busy"),
            Error::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "page-refused"),
            Error::Damaged(_) => (StatusCode::INTERNAL_SERVER_ERROR, "page-damaged"),
            Error::Fault(_) => (StatusCode::SERVICE_UNAVAILABLE, "page-fault"),
        };
        Self { status, key, detail }
    }
}

impl From<askama::Error> for Refusal {
    fn from(error: askama::Error) -> Self {
        Self::because("page-fault", error.to_string())
    }
}
