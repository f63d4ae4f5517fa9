//! The integration tests of `attestation`, in one binary: the vector files, the tools of others, random
//! input.
//!
//! Rules with a table of cases are tested beside the rule, inside the crate.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails; its helpers too")]

mod brackets;
mod files;
mod proofs;
mod robustness;
mod rounds;
mod tokens;
mod tokens_elsewhere;
mod witnesses;
