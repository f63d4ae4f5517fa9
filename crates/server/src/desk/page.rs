//! What every page is made with: its frame, the words of whoever looks, the vault behind it.

use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use sigu_vault::Vault;

use super::Desk;
use super::api;
use super::door;
use super::live::but_for_proofs;
use super::lock;
use super::refusal::Refusal;
use super::resumable::{API, Taker};
use crate::at_hand::AtHand;
use crate::words::Words;

/// What stands around a page.
#[derive(Debug, Clone)]
pub(super) struct Frame<'a> {
    pub(super) w: &'a Words,
    /// The place in the navigation, by its key; empty for none.
    pub(super) place: &'static str,
    /// The path of the page, to come back to.
    pub(super) path: &'a str,
    /// Whether the desk can be locked.
    pub(super) locks: bool,
    /// Where the guide is, on the desk of a practice vault.
    pub(super) guide: Option<&'a str>,
    /// What the page stands for, to be told of what is new; empty where it is not to be loaded again.
    pub(super) live: &'a str,
    /// What stands in the field to search with.
    pub(super) asked: String,
}

impl<'a> Frame<'a> {
    /// A frame without navigation, for pages that are shown before anyone is let in.
    pub(super) const fn bare(w: &'a Words) -> Self {
        Self { w, place: "", path: "/", locks: false, guide: None, live: "", asked: String::new() }
    }

    /// The frame with words in the field to search with.
    pub(super) fn asking(self, asked: &str) -> Self {
        Self { asked: asked.to_owned(), ..self }
    }

    /// Returns whether the navigation is shown.
    pub(super) fn is_inside(&self) -> bool {
        !self.place.is_empty()
    }

    /// Returns the language for the page's `lang`.
    pub(super) fn lang(&self) -> &'static str {
        if self.w.english() { "en" } else { "zh-CN" }
    }

    /// Returns the places of the navigation: key and path.
    pub(super) const fn places(&self) -> [(&'static str, &'static str); 5] {
        [
            ("today", "/"),
            ("orders", "/orders"),
            ("merchants", "/merchants"),
            ("rules", "/rules"),
            ("vault", "/vault"),
        ]
    }
}

/// Someone who looks at a page: what every handler asks for.
#[derive(Clone)]
pub(super) struct Visit {
    pub(super) desk: Arc<Desk>,
    pub(super) words: Words,
    pub(super) path: String,
    pub(super) now: Timestamp,
    /// Whether the desk can be locked.
    locks: bool,
    /// What the vault stood at before the page read it; empty for what is not simply looked at.
    live: String,
    looks: bool,
}

impl FromRequestParts<Arc<Desk>> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Self::Rejection> {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let (words, now) = (door::words(desk, &parts.headers), (desk.app.now)());
        let locks = lock::asks(&desk.app.places);
        let looks = parts.method == Method::GET;
        Ok(Self { desk: desk.clone(), words, path, now, locks, live: String::new(), looks })
    }
}

impl Visit {
    /// The frame of a page at a place of the navigation.
    pub(super) fn frame(&self, place: &'static str) -> Frame<'_> {
        let guide = self.desk.guide.as_deref();
        let (locks, live) = (self.locks, but_for_proofs(&self.live));
        Frame { w: &self.words, place, path: &self.path, locks, guide, live, asked: String::new() }
    }

    /// The frame of a page that shows what outsiders said: it renews itself by that too.
    pub(super) fn frame_with_proofs(&self, place: &'static str) -> Frame<'_> {
        Frame { live: &self.live, ..self.frame(place) }
    }

    /// Says why a page is not shown or a change not made, with the way on.
    pub(super) fn refuse(&self, refusal: &Refusal) -> Response {
        // What was sent has no page to come back to.
        let path = if self.looks { self.path.as_str() } else { "/" };
        refusal.show(Frame { path, ..self.frame("none") })
    }

    /// What was read of all orders before, to be brought up to date.
    pub(super) fn at_hand(&self) -> Arc<AtHand> {
        self.desk.app.identity.at_hand()
    }

    /// Works on the vault beside the pages that are being served, and answers with what comes of it.
    pub(super) async fn answer<F>(self, work: F) -> Response
    where
        F: FnOnce(&Self, &Vault) -> Result<Response, Refusal> + Send + 'static,
    {
        self.beside(|visit| visit.desk.app.with_vault(|vault| work(visit, vault))).await
    }

    /// Works beside the pages that are being served, with no vault open: one that is damaged may not open.
    pub(super) async fn beside<F>(self, work: F) -> Response
    where
        F: FnOnce(&Self) -> Result<Response, Refusal> + Send + 'static,
    {
        let asked = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let mut visit = self;
            if visit.looks {
                visit.live = visit.desk.live.stamp(&visit.desk.app);
            }
            work(&visit)
        })
        .await;
        let fault = |_| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "page-fault");
        match done.map_err(fault).and_then(|done| done) {
            Ok(response) => response,
            Err(refusal) => asked.refuse(&refusal),
        }
    }
}

/// Renders a page.
pub(super) fn html(page: &impl Template) -> Result<Response, Refusal> {
    Ok(Html(page.render()?).into_response())
}

/// Renders a page whose form was not taken: what is wrong stands beside what was typed.
pub(super) fn again(page: &impl Template) -> Result<Response, Refusal> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(page)?).into_response())
}

/// Which part of a long list a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// The number of the page, from 1.
    pub(super) at: usize,
    /// How many there are, at least 1.
    pub(super) pages: usize,
    each: usize,
}

impl Part {
    /// The page asked for of a list of `count` with `each` on a page; the nearest there is.
    pub(super) fn of(asked: usize, count: usize, each: usize) -> Self {
        let pages = count.div_ceil(each).max(1);
        Self { at: asked.clamp(1, pages), pages, each }
    }

    /// How many stand on the pages before.
    pub(super) const fn before(self) -> usize {
        (self.at - 1) * self.each
    }

    /// How many stand on the pages before and on this one, if it is full.
    pub(super) const fn through(self) -> usize {
        self.at.saturating_mul(self.each)
    }
}

impl FromRequestParts<Arc<Desk>> for Taker {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Response> {
        let (door, words) = match api::writes(parts, desk).await? {
            Some(words) => (API, words),
            None => ("desk", door::words(desk, &parts.headers)),
        };
        Ok(Self { app: desk.app.clone(), words, door, only: None, heard: Arc::new(|_| {}) })
    }
}
