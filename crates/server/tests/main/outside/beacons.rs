//! Relays of drand: the first good round wins, and nobody is believed.

use std::time::Duration;

use jiff::SignedDuration;
use sigu_attestation::drand::DrandError;
use sigu_server::outside::ask::{AskError, FRESH, ask_beacon};
use sigu_server::outside::net::{Limits, Net, NetFault};

use crate::support::outside::{Beacons, hasty, net};

/// A way out whose clock stands just after the round of the vectors.
fn then() -> Net {
    Net::new(Limits { connect: Duration::from_secs(20), whole: Duration::from_secs(60) }, Beacons::clock)
        .unwrap()
}

#[tokio::test]
async fn the_first_good_round_wins() {
    let running = Beacons::new().await;
    let relays = ["500", "bad-changed-signature", "good-round-123", "slow"].map(|way| running.relay(way));
    // The slow one would never end: it is not waited for.
    let answer = ask_beacon(&then(), &relays).await.unwrap();
    assert_eq!((answer.round.round(), answer.relay.as_str()), (123, relays[2].url.as_str()));
    assert_eq!(answer.lag, SignedDuration::from_secs(10));
}

#[tokio::test]
async fn an_old_round_is_taken_only_where_there_is_no_newer() {
    let running = Beacons::new().await;
    let relays = ["good-round-123", "good-without-randomness"].map(|way| running.relay(way));
    let answer = ask_beacon(&net(), &relays).await.unwrap();
    assert!(answer.lag > FRESH && answer.round.round() >= 123, "{answer:?}");
}

#[tokio::test]
async fn every_way_to_fail_has_its_name() {
    let running = Beacons::new().await;
    let cases = [
        ("404", AskError::Net(NetFault::Status(404))),
        ("cut", AskError::Net(NetFault::CutOff)),
        ("large", AskError::Net(NetFault::TooLarge)),
        ("bad-not-json", AskError::Round(DrandError::Form)),
        ("bad-changed-signature", AskError::Round(DrandError::SignatureForm)),
        ("bad-another-round", AskError::Round(DrandError::Signature)),
        ("bad-other-randomness", AskError::Round(DrandError::Randomness)),
        ("bad-round-zero", AskError::Round(DrandError::Round)),
    ];
    for (way, expected) in cases {
        let failed = ask_beacon(&net(), &[running.relay(way)]).await.unwrap_err();
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].error, expected, "{way}");
    }
    let failed = ask_beacon(&hasty(), &[running.relay("slow")]).await.unwrap_err();
    assert_eq!(failed[0].error, AskError::Net(NetFault::TimedOut));
    running.release();
    let mut off = running.relay("good-round-123");
    off.enabled = false;
    assert!(ask_beacon(&net(), &[off]).await.unwrap_err().is_empty());
}
