//! Randomness as an argument.
//!
//! This crate never asks the machine for random bytes; whoever calls it hands in a source. It is no
//! generator and makes no promise about quality: a weak source makes weak keys, salts and nonces.

/// A source of random bytes: fills the whole slice it is given, every time, with fresh unpredictable bytes.
///
/// Production code passes the operating system's generator; tests pass a fixed sequence. A source cannot
/// fail: one that can must stop the program's operation before calling in here.
pub type Entropy<'a> = dyn FnMut(&mut [u8]) + 'a;

/// Draws `N` fresh bytes.
pub(crate) fn draw<const N: usize>(entropy: &mut Entropy<'_>) -> [u8; N] {
    let mut bytes = [0; N];
    entropy(&mut bytes);
    bytes
}

/// A repeatable sequence for tests: SHA-256 over a seed and a counter.
#[cfg(test)]
pub(crate) fn repeatable(seed: u8) -> impl FnMut(&mut [u8]) {
    use sha2::{Digest, Sha256};
    let mut counter = 0_u64;
    move |out| {
        for part in out.chunks_mut(32) {
            let block = Sha256::new().chain_update([seed]).chain_update(counter.to_be_bytes()).finalize();
            part.copy_from_slice(&block[..part.len()]);
            counter += 1;
        }
    }
}
