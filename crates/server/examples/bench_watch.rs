//! Lives through a year of watched pages and prints what it came to, as `bench/WATCH.md` has it.
//! First argument: how many pages (200); second: hours between two looks at a page (24).
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    dead_code,
    unused_imports,
    unused_macros,
    reason = "it shares the site and the year of the tests"
)]

#[path = "../tests/main/watching/house.rs"]
mod house;
#[path = "../tests/main/watching/site.rs"]
mod site;
#[path = "../tests/main/support/mod.rs"]
mod support;
#[path = "../tests/main/watching/year.rs"]
mod year;

use std::time::Instant;

use house::{AT_ONCE, House, clock};

clock!(calendar);

fn main() {
    let number = |place: usize, otherwise: usize| {
        std::env::args().nth(place).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    };
    let (pages, hours) = (number(1, 200), number(2, 24));
    let house = House::new(&calendar::SECOND, calendar::now);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let began = Instant::now();
    let every = u32::try_from(hours).unwrap();
    let year = runtime.block_on(year::live(&house, calendar::now, pages, every, 12));
    let took = began.elapsed().as_secs_f64();
    let looks = year.looks as f64;
    let profile = if cfg!(debug_assertions) { "debug, its times say little" } else { "release" };
    println!("# A year of watched pages\n");
    println!(
        "Written by `bench/watch.sh`: {pages} pages of a site on this machine, each looked \
         at every {hours} hours for 365 days of a simulated clock. The site decorates nine of ten pages (clocks, counters, advertisements, A/B texts, countdowns, \
         recommendations, renamed classes, visit numbers), breaks six of seven for about ten days (500, captcha, login, blank, moved, 503) and edits terms on known days. Build: {profile}.\n"
    );
    println!("| what | measured | aim |\n|---|---|---|");
    println!("| edits of substance found | {} of {} | all |", year.found, year.planted);
    let alarms = year.false_alarms.len() as f64 / pages as f64;
    println!("| false alarms per page and year | {alarms:.3} | 1 at most |");
    println!("| versions fixed for wording only | {} | – |", year.wording);
    println!("| longest time from an edit to its version | {} h | – |", year.slowest_h);
    println!("| looks, and those without text to compare | {} / {} | – |", year.looks, year.failed);
    println!("| stored per page and year | {} bytes | – |", year.stored / pages as u64);
    println!("| time for one look, the site's own included | {:.2} ms | – |", took * 1_000.0 / looks);
    for missed in &year.missed {
        println!("\nNot found: {missed}.");
    }
}
