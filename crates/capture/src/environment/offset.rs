//! The device's clock against the times servers say (RFC 9110 §6.6.1, `Date`).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::address::host;
use crate::exchange::{Answer, Exchange, Origin, Response};

/// A deviation of more seconds makes the device's clock doubtful.
pub const DOUBTFUL: i64 = 60;
/// Most samples kept.
const MOST: usize = 100;

/// What a server said the time was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// The server.
    pub host: String,
    /// The time it said, to the second.
    pub said: Timestamp,
    /// When its answer arrived, by the device's clock.
    pub received_at: Timestamp,
}

/// The device's clock against the servers'.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// What the servers said.
    pub samples: Vec<Sample>,
    /// Device minus servers in seconds, the median over the servers; `None` when none said a time.
    pub offset_s: Option<i64>,
}

/// Compares the device's clock with the `Date` lines of answers that came from the servers themselves.
#[must_use]
pub fn clock(exchanges: &[Exchange]) -> Clock {
    let samples: Vec<Sample> = exchanges.iter().filter_map(sample).take(MOST).collect();
    let mut hosts: BTreeMap<&str, i64> = BTreeMap::new();
    for sample in &samples {
        let offset = sample.received_at.as_second().saturating_sub(sample.said.as_second());
        // A cache on the way can only make a time older, so the smallest of a host is the closest.
        hosts.entry(&sample.host).and_modify(|least| *least = offset.min(*least)).or_insert(offset);
    }
    let mut offsets: Vec<i64> = hosts.into_values().collect();
    offsets.sort_unstable();
    let offset_s = offsets.get(offsets.len() / 2).copied();
    Clock { samples, offset_s }
}

fn sample(exchange: &Exchange) -> Option<Sample> {
    let Answer::Received(response) = &exchange.answer else { return None };
    // An answer with an age, even of 0 s, was kept by a cache on the way (RFC 9111 §5.1).
    if response.from != Origin::Network || header(response, "age").is_some() {
        return None;
    }
    let said = header(response, "date")?;
    let said = jiff::fmt::rfc2822::parse(said.trim()).ok()?.timestamp();
    Some(Sample { host: host(&exchange.url)?, said, received_at: response.received_at })
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    let lines = response.headers.iter();
    lines.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}
