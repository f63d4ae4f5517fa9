//! Sends a large file in pieces over a connection that keeps breaking, and says how long it took:
//! `large_upload 500`.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    dead_code,
    unreachable_pub,
    reason = "it shares the house and the station of the tests"
)]

#[path = "../tests/main/house.rs"]
mod house;
#[path = "../tests/main/station.rs"]
mod station;

use house::House;
use station::Station;

fn main() {
    let size = std::env::args().nth(1).map_or(500, |text| text.parse::<usize>().unwrap()) << 20;
    let (house, began) = (House::new(), std::time::Instant::now());
    let station = Station::of(&house);
    let broken = station.desk().send_breaking("film.mp4", size);
    let took = began.elapsed().as_secs_f64();
    println!("{} MiB, {broken} breaks: {took:.1} s, {:.0} MiB/s", size >> 20, (size >> 20) as f64 / took);
    house.assert_clean();
}
