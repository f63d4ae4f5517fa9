//! The local app. Today: the receiver of the browser extension, on loopback.
#![cfg_attr(test, allow(clippy::unwrap_used))]
