//! Prints how well the recogniser reads the pages of `fixtures/`; with `misses` every miss as well.
//!
//! With `speed` only how long a large page takes. The misses of the unseen set are never printed: rules written after them would measure nothing.

use std::path::Path;
use std::time::Instant;

use sigu_case::recognise::{Hints, recognise};

#[path = "../tests/main/page_score.rs"]
mod page_score;

use page_score::Report;

fn main() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    if std::env::args().any(|argument| argument == "speed") {
        return speed();
    }
    let with_misses = std::env::args().any(|argument| argument == "misses");
    println!("# The recogniser on saved pages\n");
    println!(
        "Made by `make bench-recognise`: what `recognise` gives first for a field, against what the page"
    );
    println!(
        "shows. A value that is not on the page and is claimed counts as wrong. \"Sure\" is a reading that"
    );
    println!("stands beside its label and is contradicted by no other one.\n");
    for (folder, title) in [
        ("shops", "Shop families"),
        ("layouts", "Other layouts (development)"),
        ("unseen", "Layouts not seen before"),
    ] {
        let report = Report::of(&fixtures.join(folder));
        if report.pages == 0 {
            println!("## {title}: no pages\n");
            continue;
        }
        println!("{}", report.table(title));
        println!("Wrong amounts presented as sure: {}.\n", report.sure_wrong_amounts());
        if with_misses && folder != "unseen" {
            report.misses.iter().for_each(|miss| println!("- {miss}"));
        }
    }
    speed();
}

fn speed() {
    let build = if cfg!(debug_assertions) { "unoptimised" } else { "release" };
    println!("A page of 5 MB, {build} build: {} ms.", time_of_a_large_page());
}

/// How long a page of five megabytes takes, in milliseconds.
#[allow(clippy::disallowed_methods, reason = "what is measured here is the machine's time")]
fn time_of_a_large_page() -> u128 {
    let goods =
        "<div class=\"card goods\"><h6>蓝鲸邮箱 靓号</h6><span>￥9.90</span><p>单价：9.90元</p></div>\n";
    let order = "<div><p>订单号：417260918203145862</p><p>实付款：￥30.00</p></div>";
    let page = format!("<html><body>{}{order}</body></html>", goods.repeat(5_000_000 / goods.len()));
    let begun = Instant::now();
    let found = recognise(&page, &Hints::default());
    let taken = begun.elapsed().as_millis();
    assert!(!found.fields.is_empty());
    taken
}
