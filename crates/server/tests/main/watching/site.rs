//! A site on this machine whose pages answer as a test says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{Html, IntoResponse, Response};

use crate::support::outside::run;

/// Gives the answer to a question: how often the page was asked before, and with which headers.
type Answer = Box<dyn Fn(usize, &HeaderMap) -> Response + Send>;
type Pages = Arc<Mutex<BTreeMap<String, (usize, Answer)>>>;

/// Pages by their paths.
pub(crate) struct Site {
    pub(crate) origin: String,
    pages: Pages,
}

impl Site {
    pub(crate) async fn new() -> Self {
        let pages = Pages::default();
        let app = Router::new().fallback(answer).with_state(pages.clone());
        Self { origin: run(app).await, pages }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Says what a page answers from now on.
    pub(crate) fn set(&self, path: &str, answer: impl Fn(usize, &HeaderMap) -> Response + Send + 'static) {
        self.pages.lock().unwrap().insert(path.to_owned(), (0, Box::new(answer)));
    }

    /// A page of text that stays the same.
    pub(crate) fn text(&self, path: &str, text: &str) {
        let text = text.to_owned();
        self.set(path, move |_, _| plain(&text));
    }

    /// A page of HTML that stays the same.
    pub(crate) fn html(&self, path: &str, text: &str) {
        let text = text.to_owned();
        self.set(path, move |_, _| Html(text.clone()).into_response());
    }

    /// How often a page was asked since it was set.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.pages.lock().unwrap().get(path).map_or(0, |(count, _)| *count)
    }
}

pub(crate) fn plain(text: &str) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text.to_owned()).into_response()
}

async fn answer(State(pages): State<Pages>, uri: Uri, headers: HeaderMap) -> Response {
    let mut pages = pages.lock().unwrap();
    match pages.get_mut(uri.path()) {
        None => axum::http::StatusCode::NOT_FOUND.into_response(),
        Some((count, answer)) => {
            *count += 1;
            answer(*count - 1, &headers)
        }
    }
}
