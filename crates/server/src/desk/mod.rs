//! The desk: pages for someone who has never seen a terminal.

mod door;
mod form;
mod found;
mod page;
mod pages;
mod refusal;
mod show;
mod upload;

use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sigu_vault::os_entropy;
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use crate::pairing::hex;
use crate::receiver::{App, ReceiverError};
use crate::words::Words;

/// The pages of one vault, shared by the loop that serves and the command that opened them.
pub struct Desk {
    pub(crate) app: App,
    pub(crate) port: u16,
    /// The words of someone who has not chosen any.
    pub(crate) words: Words,
    session: Zeroizing<String>,
    start: Mutex<Option<Zeroizing<String>>>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("app", &self.app).field("port", &self.port).finish_non_exhaustive()
    }
}

/// 256 bits as hex.
fn secret() -> Zeroizing<String> {
    let mut random = Zeroizing::new([0; 32]);
    os_entropy(random.as_mut());
    Zeroizing::new(hex(random.as_ref()))
}

fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

impl Desk {
    /// A desk that will listen on this port of 127.0.0.1. Nothing is opened yet.
    pub fn new(app: App, port: u16, words: Words) -> Self {
        Self { app, port, words, session: secret(), start: Mutex::new(None) }
    }

    /// Makes a link that opens the pages in one browser, once; the link before is void.
    pub fn start_link(&self) -> Zeroizing<String> {
        let start = secret();
        let link = Zeroizing::new(format!("{}/start?once={}", self.origin(), start.as_str()));
        *self.start() = Some(start);
        link
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn start(&self) -> MutexGuard<'_, Option<Zeroizing<String>>> {
        // The link is replaced whole: a thread that panicked left it as it was.
        self.start.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the start link if it is the one, and returns what the cookie holds from then on.
    pub(crate) fn enter(&self, once: &str) -> Option<&str> {
        let mut start = self.start();
        let fits = start.as_ref().is_some_and(|own| same(own, once));
        fits.then(|| {
            *start = None;
            self.session.as_str()
        })
    }

    pub(crate) fn is_session(&self, cookie: &str) -> bool {
        same(&self.session, cookie)
    }
}

/// Serves the pages until `stop` is ready; requests under way are finished first.
///
/// # Errors
/// Refuses a listener that is not on loopback or not on the desk's port; fails with the socket.
pub async fn open(
    listener: TcpListener,
    desk: Arc<Desk>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ReceiverError> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(ReceiverError::NotLoopback(address));
    }
    if address.port() != desk.port {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "another port than the desk's").into());
    }
    Ok(axum::serve(listener, pages::router(desk)).with_graceful_shutdown(stop).await?)
}
