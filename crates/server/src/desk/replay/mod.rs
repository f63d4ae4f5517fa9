//! Captured pages, shown again: a listener of its own on loopback, so that what a page brings has another origin than
//! the desk, and hands out nothing but what lies in one archive.
//!
//! It starts when a page is first looked at, ends with the desk, and answers nothing while the desk is locked. A page
//! is found under a token of 256 bits that stands for one item while the desk runs. Decision 0021 says why.

mod address;
mod body;
mod css;
mod door;
mod html;

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sigu_capture::archive::{ReadError, Reader};
use sigu_case::ItemId;
use sigu_vault::{Error, Refusal as VaultRefusal};
use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use url::Url;
use zeroize::Zeroizing;

use super::{Desk, same, secret};
use crate::receiver::App;
use crate::words::Words;

/// Pages that can be looked at at a time; the oldest goes.
const SHOWN: usize = 32;

/// An archive of which pages are shown.
#[derive(Clone)]
struct Shown {
    token: Arc<Zeroizing<String>>,
    item: ItemId,
    /// The address of the page.
    page: String,
    words: Words,
}

#[derive(Default)]
struct State {
    shown: Vec<Shown>,
    /// The archive that was asked last: a page asks for many things at once.
    open: Option<(ItemId, Arc<Reader>)>,
}

/// What the desk holds of pages that are looked at.
#[derive(Default)]
pub(super) struct Replay {
    /// The port, once it listens.
    port: OnceCell<u16>,
    state: Mutex<State>,
}

/// Why no page can be shown.
#[derive(Debug)]
pub(super) enum NotShown {
    /// It is larger than is taken into memory.
    TooLarge,
    /// It is damaged, or no archive of pages.
    Unreadable,
    /// The vault does not give it out.
    Vault(Error),
}

impl From<Error> for NotShown {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(VaultRefusal::ContentTooLarge { .. }) => Self::TooLarge,
            other => Self::Vault(other),
        }
    }
}

impl From<ReadError> for NotShown {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::TooLarge => Self::TooLarge,
            ReadError::NotAnArchive | ReadError::Damaged => Self::Unreadable,
        }
    }
}

/// A page that can be looked at.
#[derive(Debug)]
pub(super) struct Page {
    /// Where a frame finds it.
    pub(super) src: String,
    /// Its address and title as the archive has them.
    pub(super) url: String,
    pub(super) title: String,
    /// When it was opened, as the archive says.
    pub(super) at: String,
}

impl Desk {
    /// The origin of captured pages; it listens from then on.
    pub(super) async fn replay_origin(self: &Arc<Self>) -> io::Result<String> {
        let port = self.replay.port.get_or_try_init(|| self.listen()).await?;
        Ok(origin(*port))
    }

    async fn listen(self: &Arc<Self>) -> io::Result<u16> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let (desk, mut ended) = (self.clone(), self.ended.subscribe());
        tokio::spawn(async move {
            let stop = async move { drop(ended.wait_for(|ended| *ended).await) };
            let serving = axum::serve(listener, door::router(desk, port)).with_graceful_shutdown(stop);
            // It ends with the desk; a socket that fails leaves a frame empty and nothing else.
            let _ = serving.await;
        });
        Ok(port)
    }
}

fn origin(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

impl Replay {
    /// Makes the page of an archive one that can be looked at. What it holds is read by `read` if need be.
    pub(super) fn show(
        &self,
        item: ItemId,
        words: &Words,
        read: impl FnOnce() -> Result<Vec<u8>, Error>,
    ) -> Result<Page, NotShown> {
        let archive = self.archive(item, read)?;
        let web = |url: &str| Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        let page = archive.pages().iter().find(|page| web(&page.url)).ok_or(NotShown::Unreadable)?;
        let whole = Url::parse(&page.url).map_err(|_| NotShown::Unreadable)?;
        let mut state = self.state();
        let known = state.shown.iter().find(|one| one.item == item).map(|one| one.token.clone());
        let token = known.unwrap_or_else(|| Arc::new(secret()));
        state.shown.retain(|one| one.item != item);
        if state.shown.len() == SHOWN {
            state.shown.remove(0);
        }
        let own = Shown { token: token.clone(), item, page: page.url.clone(), words: words.clone() };
        state.shown.push(own);
        let port = self.port.get().copied().unwrap_or_default();
        Ok(Page {
            src: format!("{}{}", origin(port), address::place(&token, whole.as_str())),
            url: page.url.clone(),
            title: page.title.clone(),
            at: page.at.clone(),
        })
    }

    /// Forgets what was read and what was shown.
    pub(super) fn put_away(&self) {
        *self.state() = State::default();
    }

    fn shown(&self, token: &str) -> Option<Shown> {
        self.state().shown.iter().find(|one| same(&one.token, token)).cloned()
    }

    /// The archive of an item, read once for all that a page asks of it.
    fn archive(
        &self,
        item: ItemId,
        read: impl FnOnce() -> Result<Vec<u8>, Error>,
    ) -> Result<Arc<Reader>, NotShown> {
        if let Some((_, reader)) = self.state().open.as_ref().filter(|(own, _)| *own == item) {
            return Ok(reader.clone());
        }
        let reader = Arc::new(Reader::open(read()?)?);
        self.state().open = Some((item, reader.clone()));
        Ok(reader)
    }

    /// The archive behind a token.
    fn archive_of(&self, shown: &Shown, app: &App) -> Result<Arc<Reader>, NotShown> {
        let reader = self.archive(shown.item, || app.with_vault(|vault| vault.content(shown.item)))?;
        if app.identity.is_locked() {
            // It was locked while this was being read.
            self.put_away();
            return Err(NotShown::Vault(Error::Refused(VaultRefusal::Locked)));
        }
        Ok(reader)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is a whole one: a thread that panicked left it as it was.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
