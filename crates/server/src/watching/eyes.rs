//! By what pages are looked at: the net, and a browser for those that only a browser can read.

use std::sync::Arc;

use sigu_capture::browser::Launch;
use sigu_capture::page::Limits;
use sigu_capture::render::{RenderError, Rendered, render};
use sigu_case::report::{PageWatched, PageWay};
use tokio::sync::Mutex;

use crate::outside::net::Net;

/// By what pages are looked at.
#[derive(Debug, Clone)]
pub struct Eyes {
    pub(super) net: Net,
    browser: Option<Arc<Own>>,
    every_page: bool,
}

#[derive(Debug)]
struct Own {
    launch: Launch,
    /// Of one profile there is one browser at a time.
    turn: Mutex<()>,
}

impl Eyes {
    /// Over the net alone: pages that only a browser can read are not read.
    pub fn new(net: Net) -> Self {
        Self { net, browser: None, every_page: false }
    }

    /// With a browser, too, for the pages that need one.
    #[must_use]
    pub fn with_browser(self, launch: Launch) -> Self {
        let turn = Mutex::default();
        Self { browser: Some(Arc::new(Own { launch, turn })), ..self }
    }

    /// With that browser for every page.
    #[must_use]
    pub fn by_browser_alone(self) -> Self {
        Self { every_page: true, ..self }
    }

    /// Whether a page is looked at by a browser.
    pub(super) fn take_browser(&self, page: &PageWatched) -> bool {
        self.every_page || page.way == PageWay::Browser
    }

    /// What the browser shows of an address; `None` where there is no browser.
    pub(super) async fn render(&self, url: &str) -> Option<Result<Rendered, RenderError>> {
        let own = self.browser.as_ref()?;
        let _turn = own.turn.lock().await;
        Some(render(&own.launch, url, &Limits::default()).await)
    }
}
