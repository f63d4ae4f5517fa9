//! Outsiders on loopback, for tests: a timestamp service, calendars, relays of drand, witnesses, and a log they see.

mod beacon;
mod calendar;
mod clicks;
mod log;
mod pki;
mod tsa;
mod witness;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use sigu_server::outside::net::{Limits, Net};
use tokio::net::TcpListener;

pub(crate) use beacon::Beacons;
pub(crate) use calendar::Calendars;
pub(crate) use clicks::{Click, Clicks, median};
pub(crate) use log::Log;
pub(crate) use pki::{Party, pem};
pub(crate) use tsa::{Tsa, vector};
pub(crate) use witness::{TestWitness, at as witness_clock};

/// The device's clock, as the product has it.
#[allow(clippy::disallowed_methods, reason = "a real service signs the real time")]
pub(crate) fn clock() -> Timestamp {
    Timestamp::now()
}

/// The way out, patient enough for a machine that is busy.
pub(crate) fn net() -> Net {
    let limits = Limits { connect: Duration::from_secs(20), whole: Duration::from_secs(60) };
    Net::new(limits, clock).unwrap()
}

/// The way out for one who gives up soon.
pub(crate) fn hasty() -> Net {
    let limits = Limits { connect: Duration::from_secs(20), whole: Duration::from_millis(60) };
    Net::new(limits, clock).unwrap()
}

/// Runs an app on a free port of this machine for as long as the runtime of the test lives; gives its origin.
pub(crate) async fn run(app: Router) -> String {
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    format!("http://{address}")
}

/// An address of this machine where nobody listens.
pub(crate) async fn nobody() -> String {
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// An answer whose connection ends in its middle.
pub(crate) fn cut() -> Response {
    let pieces = [Ok("half of it"), Err(std::io::Error::other("cut"))];
    Body::from_stream(futures_util::stream::iter(pieces)).into_response()
}

/// Randomness that counts: different each time, the same in each run.
pub(crate) fn counting(from: u8) -> impl FnMut(&mut [u8]) {
    let mut next = from;
    move |bytes| {
        bytes.fill(next);
        next = next.wrapping_add(1);
    }
}
