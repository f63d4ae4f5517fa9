//! When a page cannot be shown or a change not be made: what is wrong and what to do, in words, as a page.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use sigu_vault::Error;

use super::page::Frame;
use crate::attesting::Unread;
use crate::problem::Problem;
use crate::refusing::{Said, of_unread, said};
use crate::words::Words;

/// A page that was not made, by the message that says why; its advice is the message `<key>-advice`.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    key: &'static str,
    /// What the vault or the case says of it.
    detail: Option<Detail>,
}

/// What is known of a problem beside its message.
#[derive(Debug)]
pub(super) enum Detail {
    /// What the vault or the case says.
    Said(Said),
    /// What a library or the system says, in its own words.
    Text(String),
}

impl Detail {
    pub(super) fn words(&self, words: &Words) -> String {
        match self {
            Self::Said(said) => said.message(words),
            Self::Text(text) => text.clone(),
        }
    }
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

    /// Says it in a frame: with the way on for someone who was let in.
    pub(super) fn show(&self, frame: Frame<'_>) -> Response {
        let words = frame.w;
        let page = RefusalPage {
            frame,
            what: words.word(self.key),
            advice: words.word(&format!("{}-advice", self.key)),
            detail: self.detail.as_ref().map(|detail| detail.words(words)),
        };
        match page.render() {
            Ok(html) => (self.status, Html(html)).into_response(),
            Err(_) => self.status.into_response(),
        }
    }
}

impl From<Refusal> for Problem {
    /// The same as problem details.
    fn from(refusal: Refusal) -> Self {
        match refusal.detail {
            Some(Detail::Said(said)) => Self::said(refusal.status, said),
            Some(Detail::Text(why)) => Self::fault(why),
            None => Self::refused(refusal.status, refusal.key, &[]),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        use sigu_vault::Refusal::Case;
        if matches!(error, Error::Refused(Case(sigu_case::Refusal::UnknownOrder(_)))) {
            return Self::not_found();
        }
        let (status, key) = kind(&error);
        Self { status, key, detail: Some(Detail::Said(said(&error))) }
    }
}

/// The status and the message of what the vault says no to, of what failed, and of what is damaged.
pub(super) const fn kind(error: &Error) -> (StatusCode, &'static str) {
    match error {
        Error::Refused(sigu_vault::Refusal::Locked) => (StatusCode::LOCKED, "page-locked"),
        Error::Refused(sigu_vault::Refusal::Busy) => (StatusCode::SERVICE_UNAVAILABLE, "page-busy"),
        Error::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "page-refused"),
        Error::Damaged(_) => (StatusCode::INTERNAL_SERVER_ERROR, "page-damaged"),
        Error::Fault(_) => (StatusCode::SERVICE_UNAVAILABLE, "page-fault"),
    }
}

impl From<Unread> for Refusal {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Vault(error) => error.into(),
            unread @ Unread::Services(_) => {
                let detail = Some(Detail::Said(of_unread(&unread)));
                Self { status: StatusCode::UNPROCESSABLE_ENTITY, key: "page-refused", detail }
            }
        }
    }
}

impl From<askama::Error> for Refusal {
    fn from(error: askama::Error) -> Self {
        Self::because("page-fault", error.to_string())
    }
}
