//! Starting and stopping a shop, and turning its knobs from a test.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::desk::Outcome;
use crate::knobs::Knobs;
use crate::skin::Skin;
use crate::web;
use crate::world::{Wish, World};

/// How a shop begins.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What it looks like.
    pub skin: Skin,
    /// What is turned from the start.
    pub knobs: Knobs,
    /// TCP port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The shop's time, which then stands still but for [`Shop::advance`]; without it the machine's clock.
    pub now: Option<Timestamp>,
    /// The same seed and the same requests give the same numbers and cards.
    pub seed: u64,
    /// HTTPS with a certificate nobody signed but itself, made at the start for `localhost` and 127.0.0.1.
    pub tls: bool,
}

/// A shop that runs on a thread of its own until it is stopped or dropped; then every connection ends.
pub struct Shop {
    world: Arc<World>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// A paid order, made without a browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Purchase {
    /// The order number, in the shape of the skin's software.
    pub order_no: String,
    /// Absolute address of the order page.
    pub order_url: String,
    /// Absolute address of the product page.
    pub product_url: String,
    /// The query password (取卡密码).
    pub password: String,
    /// Absolute address of the payment voucher.
    pub voucher_url: String,
    /// 28 digits.
    pub transaction_id: String,
    /// The codes the issuer knows, one for each piece, whatever the knobs show of them.
    pub codes: Vec<String>,
    /// In 分.
    pub amount_fen: i64,
    /// When it was ordered and paid.
    pub at: Timestamp,
}

impl std::fmt::Debug for Purchase {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Purchase")
            .field("amount_fen", &self.amount_fen)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Shop {
    /// Starts a shop from asynchronous code; it answers when this returns.
    ///
    /// # Errors
    /// When the port is taken, or no thread or certificate can be made.
    pub async fn start(settings: Settings) -> io::Result<Shop> {
        let started = tokio::task::spawn_blocking(|| Shop::start_on_thread(settings)).await;
        started.map_err(io::Error::other)?
    }

    /// Starts a shop from ordinary code; it answers when this returns.
    ///
    /// # Errors
    /// As [`Shop::start`].
    pub fn start_on_thread(settings: Settings) -> io::Result<Shop> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let clock = Clock::new(settings.now);
        let scheme = if settings.tls { "https" } else { "http" };
        let world = Arc::new(World::new(settings.skin, clock, address, scheme, settings.seed));
        world.books().knobs = settings.knobs;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let acceptor = if settings.tls { Some(crate::tls::acceptor()?) } else { None };
        let (stop, stopped) = oneshot::channel::<()>();
        let served = Arc::clone(&world);
        let serve = move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = web::serve(listener, served, acceptor) => {}
                    _ = stopped => {}
                }
            });
            // Streams without end and sockets left open go with the runtime.
            runtime.shutdown_background();
        };
        let thread = std::thread::Builder::new().name("practice-shop".to_owned()).spawn(serve)?;
        Ok(Shop { world, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.world.address
    }

    /// The absolute address of a path that begins with `/`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.world.scheme, self.world.address)
    }

    /// The shop's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.world.now()
    }

    /// The knobs as they are.
    #[must_use]
    pub fn knobs(&self) -> Knobs {
        self.world.knobs()
    }

    /// Turns all knobs.
    pub fn set(&self, knobs: Knobs) {
        self.world.books().knobs = knobs;
    }

    /// Puts the shop's clock forward by seconds (back if negative).
    pub fn advance(&self, seconds: i64) {
        self.world.clock.advance(seconds);
    }

    /// Makes a paid order of `quantity` pieces (1 to 50) of goods 1 to 6.
    ///
    /// # Errors
    /// The sentence the shop would show, when there are no such goods or the quantity is out of range.
    pub fn buy(
        &self,
        goods: u32,
        quantity: u32,
        contact: &str,
        password: &str,
    ) -> Result<Purchase, &'static str> {
        buy(&self.world, goods, quantity, contact, password)
    }

    /// Takes the record of an order away now; whether there was one.
    pub fn delete_order(&self, order_no: &str) -> bool {
        let mut books = self.world.books();
        let found = books.orders.iter_mut().find(|order| order.number == order_no && !order.deleted);
        found.map(|order| order.deleted = true).is_some()
    }

    /// Decides the complaint about an order; whether there was one.
    pub fn decide(&self, order_no: &str, outcome: Outcome) -> bool {
        web::control::decide(&self.world, order_no, outcome)
    }

    /// The texts sent to a phone number, oldest first.
    #[must_use]
    pub fn phone_messages(&self, phone: &str) -> Vec<String> {
        let books = self.world.books();
        books.messages.iter().filter(|(number, ..)| number == phone).map(|(.., text)| text.clone()).collect()
    }

    /// Stops the shop; every connection is closed when this returns.
    pub async fn stop(self) {
        let stopping = tokio::task::spawn_blocking(move || drop(self));
        // A panic of the serving thread was reported by that thread.
        let _ = stopping.await;
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(crate) fn buy(
    world: &World,
    goods: u32,
    quantity: u32,
    contact: &str,
    password: &str,
) -> Result<Purchase, &'static str> {
    let wish = Wish {
        goods,
        quantity,
        contact: contact.to_owned(),
        password: password.to_owned(),
        account: contact.to_owned(),
    };
    let placed = world.place(wish)?;
    let order = world.pay(&placed.number).ok_or("订单不存在")?;
    let url = |path: String| format!("{}://{}{path}", world.scheme, world.address);
    let (at, transaction_id) = order.paid.clone().ok_or("订单未支付")?;
    Ok(Purchase {
        order_url: url(web::order_path(world.skin, &order)),
        product_url: url(web::product_path(world.skin, goods)),
        voucher_url: url(format!("/wxpay/{}/voucher", order.number)),
        amount_fen: order.fen(),
        codes: order.cards.iter().map(|card| card.code.clone()).collect(),
        order_no: order.number,
        password: password.to_owned(),
        transaction_id,
        at,
    })
}
