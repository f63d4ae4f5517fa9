//! A loopback card shop with five skins and knobs, for practice, demos and tests. It knows nothing of `sigu`.
#![cfg_attr(test, allow(clippy::unwrap_used))]
