//! Tests of the whole crate.
#![allow(clippy::unwrap_used)]
