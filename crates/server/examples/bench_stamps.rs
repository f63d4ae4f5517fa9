//! Measures how soon after a click two timestamp services on this machine vouch, beside what they take themselves, and how
//! wide the brackets are: `bench_stamps 20`. Writes a page in Markdown.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    dead_code,
    unused_imports,
    reason = "it shares the room of the tests"
)]

#[path = "../tests/main/support/mod.rs"]
mod support;

use support::outside::{Click, Clicks, median};

#[tokio::main]
async fn main() {
    let count = std::env::args().nth(1).map_or(20, |text| text.parse::<usize>().unwrap());
    let mut clicks = Clicks::new("/").await;
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(clicks.click().await);
    }
    let spread = |of: &dyn Fn(&Click) -> u128| {
        let values: Vec<u128> = all.iter().map(of).collect();
        let (least, most) = (*values.iter().min().unwrap(), *values.iter().max().unwrap());
        format!("{} | {least} | {most}", median(values))
    };
    let width = |click: &Click| -> u128 {
        // A token of the piece before stands on one side, the nearest over this one on the other.
        clicks.between(click.item).width_ms.expect("both sides").unsigned_abs().into()
    };
    let profile = if cfg!(debug_assertions) { "unoptimised" } else { "release" };
    println!("# From a click to two tokens\n");
    println!(
        "Written by `bench/stamps.sh`; {count} pieces, one after the other; profile: {profile}. The desk looks once a second whether"
    );
    println!(
        "the log grew, so up to a second of it is waiting. The services are `openssl ts` on this machine, under different roots,"
    );
    println!("with an accuracy of 1.5 s: a bracket between two tokens is at least 3 s wide.\n");
    println!("| ms | median | least | most | aim |\n|---|---|---|---|---|");
    println!(
        "| from the return of fixing to two verified tokens in the log | {} | services + 2000 |",
        spread(&|one| one.took.as_millis())
    );
    println!(
        "| of it at the services, by their own watch | {} | – |",
        spread(&|one| one.services.as_millis())
    );
    println!("| of it beside them | {} | 2000 |", spread(&|one| one.beside().as_millis()));
    println!("| width of the bracket: last token before to first token after | {} | – |", spread(&width));
}
