//! What holds of the judgement of any bytes at all, packed or plain.

use std::io::Cursor;

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

/// Judges the bytes twice: within the limits, the same both times, and sound where nothing is wrong.
pub fn is_judged(bytes: &[u8]) {
    let report = check(Cursor::new(bytes), &LIMITS);
    assert!(report.findings.len() <= LIMITS.findings);
    assert_eq!(report, check(Cursor::new(bytes), &LIMITS));
    assert!(!report.is_clean() || report.is_sound());
}
