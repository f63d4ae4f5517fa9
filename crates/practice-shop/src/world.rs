//! All the shop remembers, in memory only.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::clock::Clock;
use crate::desk::{Desk, Outcome, Thread};
use crate::goods::{GOODS, Goods};
use crate::issuer::Entry;
use crate::knobs::Knobs;
use crate::number::{Card, Dice, order_number, ticket_number, transaction_id};
use crate::order::{Order, OrderView};
use crate::skin::Skin;

/// Orders and conversations are bounded, so that a run-away test does not fill the memory.
const MOST: usize = 10_000;
/// Cards of one order.
pub(crate) const MOST_PIECES: u32 = 50;

/// What changes while the shop runs.
pub(crate) struct Books {
    pub(crate) knobs: Knobs,
    pub(crate) orders: Vec<Order>,
    pub(crate) threads: Vec<Thread>,
    pub(crate) entries: Vec<Entry>,
    /// Messages to phones: number, time, text.
    pub(crate) messages: Vec<(String, Timestamp, String)>,
    pub(crate) dice: Dice,
}

/// One running shop.
pub(crate) struct World {
    pub(crate) skin: Skin,
    pub(crate) clock: Clock,
    pub(crate) address: SocketAddr,
    pub(crate) scheme: &'static str,
    books: Mutex<Books>,
}

/// What a buyer fills in.
#[derive(Debug, Default)]
pub(crate) struct Wish {
    pub(crate) goods: u32,
    pub(crate) quantity: u32,
    pub(crate) contact: String,
    pub(crate) password: String,
    pub(crate) account: String,
}

impl World {
    pub(crate) fn new(
        skin: Skin,
        clock: Clock,
        address: SocketAddr,
        scheme: &'static str,
        seed: u64,
    ) -> World {
        let books = Books {
            knobs: Knobs::default(),
            orders: Vec::new(),
            threads: Vec::new(),
            entries: Vec::new(),
            messages: Vec::new(),
            dice: Dice::new(seed),
        };
        World { skin, clock, address, scheme, books: Mutex::new(books) }
    }

    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn knobs(&self) -> Knobs {
        self.books().knobs.clone()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn place(&self, wish: Wish) -> Result<Order, &'static str> {
        self.books().place(self.skin, self.now(), wish)
    }

    /// Pays an order that waits for it; an order that is paid stays as it is.
    pub(crate) fn pay(&self, number: &str) -> Option<Order> {
        let now = self.now();
        let mut books = self.books();
        let transaction = transaction_id(now, &mut books.dice);
        let order = books.orders.iter_mut().find(|order| order.number == number)?;
        order.paid.get_or_insert((now, transaction));
        Some(order.clone())
    }

    /// The page's form of an order that still has a record.
    pub(crate) fn order(&self, number: &str) -> Option<OrderView> {
        self.orders(|order| order.number == number).into_iter().next()
    }

    /// Orders that still have a record, newest first.
    pub(crate) fn orders(&self, wanted: impl Fn(&Order) -> bool) -> Vec<OrderView> {
        let now = self.now();
        let books = self.books();
        let kept =
            books.orders.iter().rev().filter(|order| !order.is_gone(now, &books.knobs) && wanted(order));
        kept.map(|order| order.view(self.skin, now, &books.knobs)).collect()
    }

    /// Whether the password opens the order; one without a password is open.
    pub(crate) fn opens(&self, number: &str, password: &str) -> bool {
        let books = self.books();
        let order = books.orders.iter().find(|order| order.number == number);
        order.is_some_and(|order| order.password.is_empty() || order.password == password)
    }
}

impl Books {
    fn place(&mut self, skin: Skin, now: Timestamp, wish: Wish) -> Result<Order, &'static str> {
        let goods = Goods::find(wish.goods).ok_or("商品不存在或已下架")?;
        if wish.quantity == 0 || wish.quantity > MOST_PIECES {
            return Err("购买数量不正确");
        }
        if wish.contact.is_empty() {
            return Err("请填写联系方式");
        }
        if self.orders.len() >= MOST {
            return Err("系统繁忙，请稍后再试");
        }
        let mut number = order_number(skin, now, &mut self.dice);
        while self.orders.iter().any(|order| order.number == number) {
            number = order_number(skin, now, &mut self.dice);
        }
        let order = Order {
            id: 10_086 + u32::try_from(self.orders.len()).unwrap_or(u32::MAX / 2),
            number,
            skey: self.dice.hex(32),
            goods,
            quantity: wish.quantity,
            contact: wish.contact,
            password: wish.password,
            account: wish.account,
            created: now,
            paid: None,
            cards: (0..wish.quantity).map(|_| Card::draw(goods.kind, &mut self.dice)).collect(),
            deleted: false,
        };
        self.orders.push(order.clone());
        Ok(order)
    }

    /// Opens a conversation; its number is that of the desk.
    pub(crate) fn open(
        &mut self,
        desk: Desk,
        owner: &str,
        order: &str,
        now: Timestamp,
    ) -> Option<&mut Thread> {
        if self.threads.len() >= MOST {
            return None;
        }
        let number = match desk {
            Desk::Ticket => ticket_number(now, &mut self.dice),
            _ => (70_001 + self.threads.len()).to_string(),
        };
        self.threads.push(Thread {
            desk,
            number,
            order: order.to_owned(),
            topic: String::new(),
            title: String::new(),
            owner: owner.to_owned(),
            code: if desk == Desk::Complaint { self.dice.digits(6) } else { String::new() },
            opened: now,
            outcome: Outcome::Open,
            lines: Vec::new(),
            pictures: Vec::new(),
        });
        self.threads.last_mut()
    }
}

pub(crate) fn all_goods(knobs: &Knobs) -> Vec<crate::goods::GoodsView> {
    GOODS.iter().map(|goods| goods.view(knobs)).collect()
}
