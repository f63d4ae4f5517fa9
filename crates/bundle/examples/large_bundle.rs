//! Writes a good bundle with large contents, to measure how fast a verifier reads it.
//!
//!     cargo run --release --package sigu-bundle --example large_bundle -- FILE [COUNT] [MIB]
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "the file needs no durability")]
#![allow(dead_code, reason = "the tools of the tests do more")]

#[path = "../tests/main/built.rs"]
mod built;

use std::io::{BufWriter, Cursor, Read};

use sigu_bundle::ItemId;

use crate::built::{Log, Plan, blob};

/// The first number in the second log that is still free.
const FIRST: u64 = 5;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().expect("the file to write");
    let mut number = |otherwise: u64| arguments.next().map_or(otherwise, |text| text.parse().unwrap());
    let (count, mib) = (number(8), number(128));
    let mut plan = Plan::default();
    for n in 0..count {
        plan.contents.insert(ItemId::new(2, FIRST + n), ("mp4", content(n, mib)));
    }
    let contents: Vec<Vec<u8>> = (0..count).map(|n| content(n, mib)).collect();
    let built = plan.build_with(&|second: &mut Log| {
        for bytes in &contents {
            second.push("evidence.fixed", &blob(bytes));
        }
    });
    let mut open = |at: ItemId| -> std::io::Result<Box<dyn Read>> {
        Ok(Box::new(Cursor::new(built.contents[&at].1.clone())))
    };
    let out = BufWriter::new(std::fs::File::create(&file).unwrap());
    built.layout.write(out, &mut open, &mut |_| {}).unwrap();
    println!("{file}: {} bytes", built.layout.total_bytes());
}

/// Bytes without a pattern a disk could shorten.
fn content(n: u64, mib: u64) -> Vec<u8> {
    let mut state = n.wrapping_mul(2).wrapping_add(1);
    let words = (0..mib << 17).flat_map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    words.collect()
}
