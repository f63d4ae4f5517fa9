//! The integration tests of `ledger`, in one binary: the vector files, and properties over random input.
//!
//! Rules with a table of cases are tested beside the rule, inside the crate.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails; its helpers too")]

mod proofs;
mod robustness;
mod store;
mod vectors;
