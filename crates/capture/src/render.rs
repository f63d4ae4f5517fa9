//! A page as the browser shows it, looked at without a window and let go: nothing of it is fixed here.

use crate::browser::{Browser, Launch, LaunchError};
use crate::devtools::CallError;
use crate::dialogs::Dialogs;
use crate::page::{self, Limits};
use crate::traffic::Traffic;

/// What a browser showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The address at which it ended.
    pub url: String,
    /// The document as it stood then, as HTML.
    pub html: String,
}

/// Why a browser showed nothing.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// It could not be started; often because its profile is in use.
    #[error(transparent)]
    Launch(#[from] LaunchError),
    /// It went away.
    #[error("the browser went away: {0}")]
    Gone(#[from] CallError),
    /// The address could not be opened, in the browser's words: `net::ERR_…`.
    #[error("the page could not be opened: {0}")]
    NotOpened(String),
}

/// Starts a browser, opens an address, waits until the page stands, and ends the browser.
///
/// # Errors
/// As [`RenderError`] says.
pub async fn render(launch: &Launch, url: &str, limits: &Limits) -> Result<Rendered, RenderError> {
    let browser = Browser::launch(launch).await?;
    let rendered = shown(&browser, url, limits).await;
    browser.close().await;
    rendered
}

async fn shown(browser: &Browser, url: &str, limits: &Limits) -> Result<Rendered, RenderError> {
    let traffic = Traffic::record(browser.devtools(), |_| {}).await?;
    let _dialogs = Dialogs::close_all(&traffic);
    let tab = traffic.first_tab().await?;
    if let Some(why) = page::open(&traffic, &tab, url, limits).await? {
        return Err(RenderError::NotOpened(why));
    }
    let look = page::fix(&traffic, &tab, limits).await?.look;
    let look = look.ok_or_else(|| RenderError::NotOpened(String::new()))?;
    Ok(Rendered { url: look.url, html: look.html })
}
