//! A watched page becomes text, or a reason why it is none, without panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sigu_capture::readable::{Recipe, read};

fuzz_target!(|bytes: &[u8]| {
    let recipe = Recipe { select: vec!["main".to_owned()], remove: vec![".x".to_owned()], mask: Vec::new() };
    for recipe in [Recipe::default(), recipe] {
        drop(read(bytes, Some("text/html; charset=utf-8"), &recipe));
        drop(read(bytes, None, &recipe));
    }
});
