//! Upload from a phone: a second door, on an address of the own network, for one phone, for one order, for a
//! while.
//!
//! It is open only while the user wants it. Its link lets one browser in, once; nothing but sending files can
//! be done there.

mod door;
mod few;
mod routes;

pub(super) use routes::code;

use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sigu_case::{OrderId, Slot};
use tokio::net::TcpListener;
use tokio::sync::watch;
use zeroize::Zeroizing;

use super::live::Live;
use super::resumable::{Fixed, Taker};
use super::{Desk, same, secret};
use crate::receiver::App;
use crate::words::Words;

/// How long the door stays open while nothing comes.
const LIVES: SignedDuration = SignedDuration::from_mins(15);
/// How often it is looked whether that is over; requests look for themselves.
const LOOK: Duration = Duration::from_secs(5);
/// How many of the files that came are listed.
const LISTED: usize = 100;

/// What a link is for.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) address: Ipv4Addr,
    pub(super) order: OrderId,
    /// What people call the order, masked.
    pub(super) title: String,
    pub(super) slot: Option<Slot>,
}

/// A link for one phone.
pub(super) struct Link {
    app: App,
    words: Words,
    live: Arc<Live>,
    pub(super) order: OrderId,
    pub(super) title: String,
    place: SocketAddrV4,
    secret: Zeroizing<String>,
    cookie: Zeroizing<String>,
    state: Mutex<State>,
    ended: watch::Sender<bool>,
}

/// What changes while a link is open.
struct State {
    slot: Option<Slot>,
    taken: bool,
    touched: Timestamp,
    came: Vec<Fixed>,
    count: usize,
}

/// How a link stands.
pub(super) struct Standing {
    pub(super) slot: Option<Slot>,
    /// Whether a phone opened it.
    pub(super) taken: bool,
    /// When it closes if nothing more comes.
    pub(super) closes: Timestamp,
    /// The newest first.
    pub(super) came: Vec<Fixed>,
    pub(super) count: usize,
    pub(super) ended: bool,
}

impl Desk {
    /// Opens the door for a phone and closes the one before.
    pub(super) async fn open_phone(&self, words: &Words, wanted: Wanted) -> io::Result<()> {
        self.close_phone();
        let listener = TcpListener::bind((wanted.address, 0)).await?;
        let place = SocketAddrV4::new(wanted.address, listener.local_addr()?.port());
        let state =
            State { slot: wanted.slot, taken: false, touched: (self.app.now)(), came: Vec::new(), count: 0 };
        let link = Arc::new(Link {
            app: self.app.clone(),
            words: words.clone(),
            live: self.live.clone(),
            order: wanted.order,
            title: wanted.title,
            place,
            secret: secret(),
            cookie: secret(),
            state: Mutex::new(state),
            ended: watch::Sender::new(*self.ended.borrow()),
        });
        let (own, mut ended) = (link.clone(), link.ended.subscribe());
        // Ends by itself when the link does; a socket that fails ends it too.
        tokio::spawn(async move {
            let stop = async move { drop(ended.wait_for(|ended| *ended).await) };
            let serving =
                axum::serve(few::Few::of(listener), routes::router(own.clone())).with_graceful_shutdown(stop);
            let _ = serving.await;
            own.end();
        });
        tokio::spawn(watch_over(link.clone()));
        *self.phone() = Some(link);
        self.live.beat();
        Ok(())
    }

    /// Closes the door; what has come stays.
    pub(super) fn close_phone(&self) {
        if let Some(link) = self.phone().as_ref() {
            link.end();
        }
    }

    /// The newest link, open or ended.
    pub(super) fn phone_link(&self) -> Option<Arc<Link>> {
        self.phone().clone()
    }

    fn phone(&self) -> MutexGuard<'_, Option<Arc<Link>>> {
        // It is replaced whole: a thread that panicked left it as it was.
        self.phone.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends a link for which nothing comes.
async fn watch_over(link: Arc<Link>) {
    let mut ended = link.ended.subscribe();
    while !link.is_over() {
        // An error means that it ended.
        if let Ok(over) = tokio::time::timeout(LOOK, ended.wait_for(|ended| *ended)).await {
            drop(over);
            return;
        }
    }
}

impl Link {
    /// The address a phone opens.
    pub(super) fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}/u/{}", self.origin(), self.secret.as_str()))
    }

    pub(super) fn standing(&self) -> Standing {
        let ended = self.is_over();
        let state = self.state();
        Standing {
            slot: state.slot,
            taken: state.taken,
            closes: state.touched.checked_add(LIVES).unwrap_or(state.touched),
            came: state.came.iter().rev().cloned().collect(),
            count: state.count,
            ended,
        }
    }

    fn origin(&self) -> String {
        format!("http://{}", self.place)
    }

    /// Lets the first browser in that has the secret, and gives what its cookie holds from then on.
    fn enter(&self, secret: &str) -> Option<&str> {
        let mut state = self.state();
        let fits = !state.taken && same(&self.secret, secret);
        fits.then(|| {
            state.taken = true;
            state.touched = (self.app.now)();
            self.live.beat();
            self.cookie.as_str()
        })
    }

    fn is_guest(&self, cookie: &str) -> bool {
        self.state().taken && same(&self.cookie, cookie)
    }

    /// Whether it ended; ends it where nothing came for too long.
    fn is_over(&self) -> bool {
        let idle = (self.app.now)().duration_since(self.state().touched);
        if idle > LIVES {
            self.end();
        }
        *self.ended.borrow()
    }

    fn end(&self) {
        if !self.ended.send_replace(true) {
            self.live.beat();
        }
    }

    fn choose(&self, slot: Option<Slot>) {
        self.state().slot = slot;
        self.live.beat();
    }

    /// Something came: the door stays open for a while again.
    fn heard(&self, fixed: Option<&Fixed>) {
        let mut state = self.state();
        state.touched = (self.app.now)();
        if let Some(fixed) = fixed.filter(|fixed| !state.came.contains(fixed)) {
            state.count += 1;
            if state.came.len() == LISTED {
                state.came.remove(0);
            }
            state.came.push(fixed.clone());
            self.live.beat();
        }
    }

    /// What the phone may send, and who is told.
    fn taker(self: &Arc<Self>) -> Taker {
        let own = self.clone();
        Taker {
            app: self.app.clone(),
            words: self.words.clone(),
            door: "phone",
            only: Some((self.order.clone(), self.state().slot)),
            heard: Arc::new(move |fixed| own.heard(fixed)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is a whole one: a thread that panicked left it as it was.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
