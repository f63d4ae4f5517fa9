//! The one test binary of `sigu-evidence`: committed vectors, the age command line, and properties.
//!
//! Unit tests of single rules stand beside them in `src`; here the crate is used as others use it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod age_cli;
mod disclosure_vectors;
mod key_file_vectors;
mod manifest_vectors;
mod properties;
mod sealed_vectors;
mod vectors;
