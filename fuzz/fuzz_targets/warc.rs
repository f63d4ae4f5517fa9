//! A plain WARC is judged within the limits, without panic.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use sigu_capture::archive::{Limits, check};

/// Much less than usual, so that limits are met.
const LIMITS: Limits = Limits {
    file_bytes: 1 << 18,
    inflated_bytes: 1 << 20,
    ratio: 100,
    ratio_from: 1 << 14,
    members: 16,
    records: 64,
    head_bytes: 1 << 12,
    list_bytes: 1 << 14,
    findings: 16,
};

fuzz_target!(|bytes: &[u8]| {
    // The version line is given, so that the fuzzer spends its time behind it.
    let warc = [b"WARC/1.1\r\n", bytes].concat();
    let report = check(Cursor::new(&warc), &LIMITS);
    assert!(report.findings.len() <= LIMITS.findings);
    assert_eq!(report, check(Cursor::new(&warc), &LIMITS));
    assert!(!report.is_clean() || report.is_sound());
});
