//! The local app. Today: the receiver of the browser extension, on loopback.
//!
//! The extension pairs once by a code the app shows and gets a token. With it, it asks for the open orders and
//! delivers what it captured, each delivery an age file for the vault's key. A delivery is acknowledged when it is
//! durable in the vault; the same delivery again gets the same answer.
//!
//! In reading order: [`pairing`] says who may speak, `guard` and `routes` let them, [`container`] is what a delivery
//! holds, `delivery` fixes it, `recording` puts pieces together, `orders` answers what is open.
//!
//! Not here: the clock (the caller's), passphrases, the vault's formats.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod container;
mod delivery;
mod guard;
mod keep;
mod orders;
pub mod pairing;
mod problem;
mod receiver;
mod recording;
mod routes;

pub use receiver::{App, Receiver, ReceiverError, serve};
