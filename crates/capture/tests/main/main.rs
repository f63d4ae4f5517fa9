//! Tests of the whole crate.
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "tests write files of their own")]

mod archive;
mod archive_mutations;
mod archive_read;
mod archive_sample;
mod archive_secrets;
mod archive_surt;
mod archive_tools;
mod environment;
mod faults;
mod import;
mod ocr;
mod page;
mod pages_of_shops;
mod panel;
mod readable;
mod recording;
mod replay;
mod support;
mod traffic;
