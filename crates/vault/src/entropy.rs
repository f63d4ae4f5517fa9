//! The operating system's randomness: the one place that asks for it.

/// Fills the bytes with the operating system's randomness.
///
/// # Panics
/// If the operating system has none: no key or salt could be made, and nothing safe is left to do.
pub fn os_entropy(bytes: &mut [u8]) {
    POOL.with_borrow_mut(|pool| pool.draw(bytes));
}

thread_local! {
    static POOL: std::cell::RefCell<Pool> = const { std::cell::RefCell::new(Pool { bytes: [0; POOLED], left: 0 }) };
}

/// Bytes asked for at once: a leaf takes a dozen small draws, each of which would be a call into the system.
const POOLED: usize = 4096;

/// Randomness of the system that was not handed out yet; what was is wiped.
struct Pool {
    bytes: [u8; POOLED],
    left: usize,
}

impl Pool {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one module that asks the operating system for randomness"
    )]
    fn draw(&mut self, out: &mut [u8]) {
        if out.len() > POOLED / 4 {
            return getrandom::fill(out).expect("the operating system gives randomness");
        }
        if self.left < out.len() {
            getrandom::fill(&mut self.bytes).expect("the operating system gives randomness");
            self.left = POOLED;
        }
        let from = self.left - out.len();
        out.copy_from_slice(&self.bytes[from..self.left]);
        self.bytes[from..self.left].fill(0);
        self.left = from;
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.bytes);
    }
}
