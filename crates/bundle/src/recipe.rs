//! How to check a bundle without sigu: the text and the script that go into every package.

/// `trust/VERIFY.md`; a test runs every command in it.
pub(crate) const VERIFY_MD: &str = include_str!("recipe/VERIFY.md");

/// `trust/check-inclusion.sh`.
pub(crate) const CHECK_INCLUSION: &str = include_str!("recipe/check-inclusion.sh");
