//! CAPTURE: what the buyer sees, as bytes and with the conditions under which it was seen.
#![cfg_attr(test, allow(clippy::unwrap_used))]
