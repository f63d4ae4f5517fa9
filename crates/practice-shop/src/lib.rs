//! A loopback card shop with five skins and knobs, for practice, demos and tests. It is a program of its own.
//!
//! All names, addresses, licences and goods in it are made up. Prices are in 分, times are shown in China's
//! zone (+08:00), everything is in memory, and the server listens on 127.0.0.1 only.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod clock;
mod desk;
mod goods;
mod issuer;
mod knobs;
mod number;
mod order;
mod pages;
mod shop;
mod skin;
mod tls;
mod web;
mod world;

pub use desk::Outcome;
pub use knobs::{CardState, Knobs, Merchant};
pub use shop::{Purchase, Settings, Shop};
pub use skin::Skin;
