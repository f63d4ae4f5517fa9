//! A leaf that can be read is written back as the same bytes: no two byte strings are one leaf.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sigu_ledger::Leaf;

fuzz_target!(|bytes: &[u8]| {
    let Ok(leaf) = Leaf::parse(bytes) else { return };
    let encoded = leaf.encode().expect("what was read can be written");
    assert_eq!(encoded, bytes);
});
