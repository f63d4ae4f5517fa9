//! Tests of the whole crate.
#![allow(clippy::unwrap_used)]

mod captures;
mod doors;
mod extension;
mod house;
mod recordings;
