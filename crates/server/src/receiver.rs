//! The receiver: what it needs from the app, what the app may ask of it, and the loop that serves.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use sigu_vault::{Disk, Places, Vault, os_entropy};
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use crate::held::Held;
use crate::pairing::{Offer, Pairings};
use crate::problem::Problem;
use crate::routes;

/// What the receiver needs from the app that runs it.
#[derive(Debug, Clone)]
pub struct App {
    /// Where the vault lies, and the state folder: pairings, answers and pieces of recordings are kept there.
    pub places: Places,
    /// The vault key, unless it is forgotten: it opens the vault for each request, and deliveries are sealed to it.
    pub identity: Held,
    /// The device's clock.
    pub now: fn() -> Timestamp,
    /// The app's version, as the extension shows it.
    pub version: &'static str,
}

impl App {
    /// Opens the vault, works on it and closes it, whatever the work answered.
    pub(crate) fn with_vault<T, P: From<sigu_vault::Error>>(
        &self,
        work: impl FnOnce(&Vault) -> Result<T, P>,
    ) -> Result<T, P> {
        let vault = Vault::open(&self.places, &self.identity.get()?, Disk::default())?;
        let done = work(&vault);
        let closed = vault.close();
        let done = done?;
        closed?;
        Ok(done)
    }
}

/// Why the receiver does not start or stops.
#[derive(Debug, thiserror::Error)]
pub enum ReceiverError {
    /// It would be reachable from elsewhere than this machine.
    #[error("the receiver listens on loopback only, not on {0}")]
    NotLoopback(std::net::SocketAddr),
    /// The socket failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The receiver of the browser extension. One is shared by the loop that serves and the app that shows codes.
pub struct Receiver {
    pub(crate) app: App,
    pub(crate) pairings: Pairings,
    pub(crate) port: u16,
    offer: Mutex<Option<Offer>>,
    /// One delivery is read and fixed at a time: at most one lies in memory.
    pub(crate) one_at_a_time: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receiver").field("app", &self.app).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Receiver {
    /// A receiver that will listen on this port of 127.0.0.1. Nothing is opened yet.
    pub fn new(app: App, port: u16) -> Self {
        let pairings = Pairings::in_folder(&app.places.state);
        Self { app, pairings, port, offer: Mutex::new(None), one_at_a_time: tokio::sync::Mutex::new(()) }
    }

    /// Makes a pairing code, such as `43817-K7QD-T2MX`, and voids the one before. It pairs one browser within
    /// [`CODE_LIVES`](crate::pairing::CODE_LIVES).
    pub fn offer_code(&self) -> Zeroizing<String> {
        let offer = Offer::new((self.app.now)(), &mut os_entropy);
        let text = offer.text(self.port);
        *self.offer() = Some(offer);
        text
    }

    /// The paired browsers, to list and to revoke them.
    pub fn pairings(&self) -> &Pairings {
        &self.pairings
    }

    /// The code that can be used now, if any.
    pub(crate) fn offer(&self) -> MutexGuard<'_, Option<Offer>> {
        // The offer is replaced whole: a thread that panicked left it as it was.
        self.offer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place in the state folder.
    pub(crate) fn state(&self, name: &str) -> PathBuf {
        self.app.places.state.join(name)
    }

    /// Opens the vault, works on it and closes it, whatever the work answered.
    pub(crate) fn with_vault<T>(
        &self,
        work: impl FnOnce(&Vault) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.app.with_vault(work)
    }
}

/// Serves until `stop` is ready; requests under way are finished first.
///
/// # Errors
/// Refuses a listener that is not on loopback or not on the receiver's port; fails with the socket.
pub async fn serve(
    listener: TcpListener,
    receiver: Arc<Receiver>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ReceiverError> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(ReceiverError::NotLoopback(address));
    }
    if address.port() != receiver.port {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "another port than the receiver's").into());
    }
    Ok(axum::serve(listener, routes::router(receiver)).with_graceful_shutdown(stop).await?)
}
