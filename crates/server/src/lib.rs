//! The local app, on loopback: the desk, which is its pages, and the receiver of the browser extension.
//!
//! The desk shows one vault to one person: a start link opens it once, a cookie keeps it open, and each page opens the
//! vault, reads, and closes it again, so that commands and several tabs see the same truth. Pages work without script.
//!
//! The extension pairs once by a code the app shows and gets a token. With it, it asks for the open orders and
//! delivers what it captured, each delivery an age file for the vault's key. A delivery is acknowledged when it is
//! durable in the vault; the same delivery again gets the same answer.
//!
//! In reading order: [`pairing`] says who may speak, `guard` and `routes` let them, [`container`] is what a delivery
//! holds, `delivery` fixes it, `recording` puts pieces together, `orders` answers what is open.
//!
//! Of the desk: `desk::door` lets in, `desk::pages` has one file for each page, [`Words`] and [`told`] are shared with the commands.
//!
//! What commands and pages do alike stands in [`fixing`], [`making`], [`marking`], [`talking`], [`shared`],
//! [`reading`], [`keys`] and [`refusing`].
//!
//! Not here: the clock (the caller's), the vault's formats.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod access;
pub mod agenda;
pub mod answers;
mod at_hand;
pub mod attesting;
pub mod background;
pub mod buying;
pub mod checker_page;
pub mod container;
mod delivery;
pub mod desk;
pub mod doorbell;
pub mod filing;
pub mod fixing;
pub mod following;
mod guard;
mod held;
pub mod index_page;
mod keep;
pub mod keys;
pub mod making;
pub mod marking;
pub mod noting;
mod orders;
pub mod outside;
pub mod pairing;
mod problem;
pub mod reading;
mod receiver;
mod recording;
pub mod refusing;
pub mod reminding;
pub mod reviewing;
mod routes;
pub mod shared;
pub mod talking;
mod tokens;
pub mod told;
pub mod watching;
mod words;

pub use desk::{Desk, open, openapi};
pub use held::Held;
pub use receiver::{App, Receiver, ReceiverError, serve};
pub use words::Words;
