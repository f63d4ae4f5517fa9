//! Tests of the whole crate.
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "tests write files of their own")]

mod import;
mod ocr;
mod recording;
mod support;
