//! What the tests have in common: a site, a browser in front of it, and what a capture holds.

mod desk;
mod pixels;
mod site;
mod tools;

use std::time::Duration;

use sigu_capture::clock::Deadline;
use sigu_capture::exchange::{Answer, Exchange, Response};
use sigu_capture::page::Capture;

pub(crate) use desk::Desk;
pub(crate) use pixels::Pixels;
pub(crate) use site::{Request, Site, get, html, reply};
pub(crate) use tools::{Judged, Replay, run, tool};

/// Codes of the gaps, each once, in their order.
pub(crate) fn gaps(capture: &Capture) -> Vec<&'static str> {
    let mut codes: Vec<_> = capture.gaps.iter().map(|gap| gap.code).collect();
    codes.dedup();
    codes
}

/// The last exchange whose address ends so.
pub(crate) fn exchange<'a>(capture: &'a Capture, end: &str) -> &'a Exchange {
    let found = capture.exchanges.iter().rev().find(|exchange| exchange.url.ends_with(end));
    found.unwrap_or_else(|| panic!("nothing ends with {end} in {:?}", capture.exchanges))
}

/// The response of the exchange whose address ends so.
pub(crate) fn response<'a>(capture: &'a Capture, end: &str) -> &'a Response {
    match &exchange(capture, end).answer {
        Answer::Received(response) => response,
        other => panic!("{end}: {other:?}"),
    }
}

/// Waits until there is something, at most half a minute.
pub(crate) async fn wait<T>(what: &str, mut there: impl FnMut() -> Option<T>) -> T {
    let deadline = Deadline::after(Duration::from_secs(30));
    loop {
        if let Some(found) = there() {
            return found;
        }
        assert!(!deadline.passed(), "waited half a minute for {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
