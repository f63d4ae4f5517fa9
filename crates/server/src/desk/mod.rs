//! The desk: pages for someone who has never seen a terminal.

mod api;
mod asking;
mod bell;
mod belongs;
mod brought;
mod clauses;
mod door;
mod draft;
mod form;
mod found;
mod live;
mod lock;
mod network;
mod page;
mod pages;
mod phone;
mod practice;
mod refusal;
mod reminding;
mod replay;
mod resumable;
mod show;
mod upload;
mod watching;
mod work;

use std::future::Future;
use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sigu_capture::import::Tools;
use sigu_vault::os_entropy;
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use tokio::sync::watch;
use zeroize::Zeroizing;

use crate::receiver::{App, ReceiverError};
use crate::tokens::hex;
use crate::words::Words;
pub use api::openapi;

/// How often the desk looks whether it was left.
const WATCH: Duration = Duration::from_secs(20);

/// The pages of one vault, shared by the loop that serves and the command that opened them.
pub struct Desk {
    pub(crate) app: App,
    pub(crate) port: u16,
    /// The words of someone who has not chosen any.
    pub(crate) words: Words,
    session: Zeroizing<String>,
    start: Mutex<Option<Zeroizing<String>>>,
    lock: lock::Lock,
    work: work::Works,
    practice: practice::Practice,
    /// Where the guide is, if this is the desk of a practice vault.
    guide: Option<String>,
    /// What open pages are told.
    live: Arc<live::Live>,
    /// The door for a phone, while it is wanted.
    phone: Mutex<Option<Arc<phone::Link>>>,
    /// The addresses of this machine that a phone can reach.
    addresses: fn() -> Vec<Ipv4Addr>,
    /// Captured pages that are looked at.
    replay: replay::Replay,
    /// Files that wait for an order to be opened.
    brought: brought::Waiting,
    /// Programs that read pictures, where they are installed.
    tools: Tools,
    /// Outsiders, and whether they are asked.
    asking: asking::Asking,
    /// Watched pages that are looked at.
    watching: watching::Watching,
    /// How other programs of the user find this desk; `None` for one that is not to be found.
    bell: bell::Bell,
    /// Reminders, and the plan that is gone by.
    reminding: reminding::Reminding,
    /// Wrong tokens of late.
    wrong_tokens: api::Wrong,
    /// Whether the desk ended: what waits for news does not wait on.
    ended: watch::Sender<bool>,
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
        let (lock, work) = (lock::Lock::new(&app.places), work::Works::new(&app.places));
        let practice = practice::Practice::default();
        Self {
            app,
            port,
            words,
            session: secret(),
            start: Mutex::new(None),
            lock,
            work,
            practice,
            guide: None,
            live: Arc::default(),
            phone: Mutex::new(None),
            addresses: network::addresses,
            replay: replay::Replay::default(),
            brought: brought::Waiting::default(),
            tools: Tools::default(),
            asking: asking::Asking::default(),
            watching: watching::Watching::default(),
            bell: bell::Bell::default(),
            reminding: reminding::Reminding::default(),
            wrong_tokens: api::Wrong::default(),
            ended: watch::Sender::new(false),
        }
    }

    /// The desk that starts this program as its practice shop.
    #[must_use]
    pub fn with_shop(mut self, program: PathBuf) -> Self {
        self.practice = practice::Practice::with(program);
        self
    }

    /// The desk that reads pictures with these programs.
    #[must_use]
    pub fn with_tools(self, tools: Tools) -> Self {
        Self { tools, ..self }
    }

    /// The same desk with another way to learn the addresses at which a phone can reach this machine.
    #[must_use]
    pub fn with_addresses(self, addresses: fn() -> Vec<Ipv4Addr>) -> Self {
        Self { addresses, ..self }
    }

    /// Ends what goes on beside requests: long work, the phone's door, and pages that wait for news.
    fn end(&self) {
        self.work.close();
        self.replay.put_away();
        self.ended.send_replace(true);
        self.close_phone();
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

    /// Locks the desk where nobody was at it for as long as was set; what long work left goes with it.
    fn lapse(&self) {
        let was = self.app.identity.is_locked();
        self.lock.lapse(&self.app.places, &self.app.identity, (self.app.now)());
        if !was && self.app.identity.is_locked() {
            self.work.put_away();
            self.replay.put_away();
            self.brought.put_away();
        }
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
    let app = desk.app.clone();
    // Beside what is served: what is old goes, and nobody waits for that.
    drop(tokio::task::spawn_blocking(move || resumable::sweep(&app)));
    let watched = [
        tokio::spawn(lapsing(desk.clone())),
        tokio::spawn(asking::go_on(desk.clone())),
        tokio::spawn(watching::go_on(desk.clone())),
        tokio::spawn(reminding::go_on(desk.clone())),
    ]
    .map(Watched);
    let ending = Ending(desk.clone());
    let stop = async move {
        stop.await;
        drop(ending);
    };
    let ending = Ending(desk.clone());
    let routes =
        pages::router(desk.clone()).merge(api::router(desk.clone())).merge(bell::router(desk.clone()));
    let served = axum::serve(listener, routes).with_graceful_shutdown(stop).await;
    desk.practice.stop().await;
    drop((watched, ending));
    Ok(served?)
}

/// What goes on beside the pages and ends with the desk.
struct Watched(tokio::task::JoinHandle<()>);

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Forgets the key in time even if nobody asks for a page any more.
async fn lapsing(desk: Arc<Desk>) {
    let mut every = tokio::time::interval(WATCH);
    loop {
        every.tick().await;
        let own = desk.clone();
        let look = move || {
            own.lapse();
            own.hang_bell();
        };
        if tokio::task::spawn_blocking(look).await.is_err() {
            return;
        }
    }
}

/// Ends what goes on beside requests when the desk is asked to end, and when whoever served it is gone.
struct Ending(Arc<Desk>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.end();
    }
}
