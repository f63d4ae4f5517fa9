//! Tests of the whole crate.
#![allow(clippy::unwrap_used)]

mod binary;
mod browser;
mod desks;
mod issuer;
mod knobs;
mod numbers;
mod pages;
mod purchase;
mod safety;
