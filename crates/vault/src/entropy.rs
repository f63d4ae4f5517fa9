//! The operating system's randomness: the one place that asks for it.

/// Fills the bytes with the operating system's randomness.
///
/// # Panics
/// If the operating system has none: no key or salt could be made, and nothing safe is left to do.
#[allow(clippy::disallowed_methods, reason = "the one module that asks the operating system for randomness")]
pub fn os_entropy(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives randomness");
}
