//! Any bytes behind the opening of a ZIP are judged within the limits, without panic.
#![no_main]

mod archive;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| archive::is_judged(bytes));
