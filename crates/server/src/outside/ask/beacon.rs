//! drand: the last round, from whichever relay gives a good one first. Relays are not believed, so any will do.

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use jiff::{SignedDuration, Timestamp};
use sigu_attestation::drand::{MAX_ANSWER_BYTES, QUICKNET_CHAIN, VerifiedRound, time_of, verify_answer};

use super::{AskError, Failed};
use crate::outside::net::{Net, Question};
use crate::outside::services::Relay;

/// How old the last round may be, by the local clock, to be taken without hearing the other relays.
pub const FRESH: SignedDuration = SignedDuration::from_secs(60);

/// Holds a round that was verified.
#[derive(Clone, Debug)]
pub struct BeaconAnswer {
    /// The round.
    pub round: VerifiedRound,
    /// Who gave it.
    pub relay: String,
    /// The local clock less the round's instant: negative if the local clock is behind, or large if it is ahead or the
    /// relay gave an old round. An old one is as true, and says less.
    pub lag: SignedDuration,
}

/// Asks all relays that are enabled at once. The first good round that is [`FRESH`] wins; where all are older, the newest.
///
/// # Errors
/// Says for each relay what is wrong, if none gave a round; an empty list means that none is enabled.
pub async fn ask_beacon(net: &Net, relays: &[Relay]) -> Result<BeaconAnswer, Vec<Failed>> {
    let mut asked: FuturesUnordered<_> =
        relays.iter().filter(|relay| relay.enabled).map(|relay| latest(net, relay)).collect();
    let mut newest: Option<BeaconAnswer> = None;
    let mut failed = Vec::new();
    while let Some((relay, answer)) = asked.next().await {
        match answer {
            Ok(answer) if answer.lag <= FRESH => return Ok(answer),
            Ok(answer) => {
                if newest.as_ref().is_none_or(|best| best.round.round() < answer.round.round()) {
                    newest = Some(answer);
                }
            }
            Err(error) => failed.push(Failed { who: relay.url.clone(), error }),
        }
    }
    newest.ok_or(failed)
}

async fn latest<'a>(net: &Net, relay: &'a Relay) -> (&'a Relay, Result<BeaconAnswer, AskError>) {
    let asking = async {
        let url = format!("{}/{QUICKNET_CHAIN}/public/latest", relay.url);
        let question = Question { url: &url, body: None, accept: "application/json", most: MAX_ANSWER_BYTES };
        let answer = net.ask(question).await?.ok()?;
        let round = verify_answer(&answer.body, None)?;
        // A round that was signed has an instant this program can say, or it lies after the year 9999.
        let at = time_of(round.round()).unwrap_or(Timestamp::MAX);
        let lag = answer.received.duration_since(at);
        Ok(BeaconAnswer { round, relay: relay.url.clone(), lag })
    };
    (relay, asking.await)
}
