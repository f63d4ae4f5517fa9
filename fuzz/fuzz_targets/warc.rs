//! A plain WARC is judged within the limits, without panic.
#![no_main]

mod archive;

use libfuzzer_sys::fuzz_target;

// The version line is given, so that the fuzzer spends its time behind it.
fuzz_target!(|bytes: &[u8]| archive::is_judged(&[b"WARC/1.1\r\n", bytes].concat()));
