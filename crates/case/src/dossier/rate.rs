//! A rate from a count, with the size of the sample and how far chance may be off (S55).

use serde::Serialize;

use super::Known;

/// A share in hundredths of a percent: 500 is 5 %.
pub type BasisPoints = u32;

const WHOLE: u128 = 10_000;
const MILLION: u128 = 1_000_000;
/// The square of 1.95996, in millionths: the quantile of 95 % in two sides.
const Z2: u128 = 3_841_459;

/// Where the true rate lies in 95 of 100 such samples (Wilson), rounded outwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low_bp: BasisPoints,
    /// The upper end.
    pub high_bp: BasisPoints,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// How many it is true of.
    pub hits: u32,
    /// The size of the sample.
    pub of: u32,
    /// The share, rounded to the nearest; unknown when the sample is empty.
    pub share_bp: Known<BasisPoints>,
    /// How far chance may be off.
    pub interval: Known<Interval>,
}

impl Rate {
    /// Counts; more hits than the sample has count as all of it.
    pub fn new(hits: u32, of: u32) -> Self {
        let hits = hits.min(of);
        let (n, h) = (u128::from(of), u128::from(hits));
        let share = (of > 0).then(|| bp((2 * h * WHOLE + n) / (2 * n)));
        Self { hits, of, share_bp: share.into(), interval: (of > 0).then(|| wilson(h, n)).into() }
    }

    /// Tells whether the share is strictly less than `limit_bp`, by the counts and not by rounded numbers (S55).
    ///
    /// `None` when the sample is empty.
    pub fn is_below(&self, limit_bp: BasisPoints) -> Option<bool> {
        let share = u64::from(self.hits) * 10_000;
        (self.of > 0).then(|| share < u64::from(limit_bp) * u64::from(self.of))
    }
}

/// The interval of Wilson in whole numbers: (2h + z² ± √(z⁴ + 4z²·h(n-h)/n)) / 2(n + z²).
fn wilson(hits: u128, of: u128) -> Interval {
    let under_root = Z2 * Z2 + (4 * Z2 * MILLION * hits * (of - hits)).div_ceil(of);
    let root = ceil_root(under_root);
    let middle = 2 * hits * MILLION + Z2;
    let whole = 2 * (of * MILLION + Z2);
    let low = middle.saturating_sub(root) * WHOLE / whole;
    let high = ((middle + root) * WHOLE).div_ceil(whole);
    Interval { low_bp: bp(low), high_bp: bp(high.min(WHOLE)) }
}

fn ceil_root(square: u128) -> u128 {
    let root = square.isqrt();
    root + u128::from(root * root < square)
}

/// A share is at most the whole.
fn bp(share: u128) -> BasisPoints {
    u32::try_from(share.min(WHOLE)).unwrap_or(u32::MAX)
}
