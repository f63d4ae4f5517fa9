//! A timestamp service is sent the digest of a note; what comes back is judged against what was sent (RFC 3161 §3.4).

use std::future::Future;

use futures_util::future::join_all;
use sigu_attestation::rfc3161::{Imprint, MAX_REPLY_BYTES, Request, VerifiedToken, verify_reply};

use super::AskError;
use crate::outside::net::{Net, Question};
use crate::outside::services::TimestampService;

const QUERY: &str = "application/timestamp-query";
const REPLY: &str = "application/timestamp-reply";

/// Holds a token that was verified, with everything of it that is kept.
#[derive(Clone, Debug)]
pub struct TokenAnswer {
    /// The request as sent, for `.tsq`.
    pub request: Vec<u8>,
    /// The reply as received, for `.tsr`.
    pub reply: Vec<u8>,
    /// The path to the root, for `.chain.pem`.
    pub chain_pem: String,
    /// What the token says.
    pub token: VerifiedToken,
    /// genTime less the middle between question and answer by the local clock, in milliseconds: positive if the local
    /// clock is behind. Off by half the time it took, at most, and by the service's accuracy.
    pub skew_ms: i64,
    /// How long it took, in milliseconds by the local clock.
    pub took_ms: i64,
    /// The media type, where it was not the one of RFC 3161 §3.4. The token counts all the same.
    pub odd_content_type: Option<String>,
}

/// Asks a service to stamp the bytes of a signed checkpoint.
///
/// `random` is drawn from once, for the nonce, before this returns. Nothing but the digest and the nonce is sent.
///
/// # Errors
/// Says which rule of the reply broke, or what kept it from coming.
pub fn ask_service<'a>(
    net: &'a Net,
    service: &'a TimestampService,
    note: &[u8],
    random: &mut dyn FnMut(&mut [u8]),
) -> impl Future<Output = Result<TokenAnswer, AskError>> + Send + use<'a> {
    let mut nonce = [0; 8];
    random(&mut nonce);
    let request = Request::new(Imprint::of(service.imprint, note), nonce);
    async move { exchange(net, service, request).await }
}

/// Asks several services at once; the answers stand in the order of the services.
pub fn ask_services<'a, I>(
    net: &'a Net,
    services: I,
    note: &[u8],
    random: &mut dyn FnMut(&mut [u8]),
) -> impl Future<Output = Vec<(&'a TimestampService, Result<TokenAnswer, AskError>)>> + Send + use<'a, I>
where
    I: IntoIterator<Item = &'a TimestampService>,
{
    let mut asking = Vec::new();
    for service in services {
        let one = ask_service(net, service, note, random);
        asking.push(async move { (service, one.await) });
    }
    join_all(asking)
}

async fn exchange(net: &Net, service: &TimestampService, request: Request) -> Result<TokenAnswer, AskError> {
    let trust = service.trust()?;
    let sent = request.to_der();
    let question = Question {
        url: &service.url,
        body: Some((QUERY, sent.clone())),
        accept: REPLY,
        most: MAX_REPLY_BYTES,
    };
    let answer = net.ask(question).await?.ok()?;
    let token = verify_reply(&answer.body, &request, &trust)?;
    let skew = token.gen_time().duration_since(answer.midpoint());
    let took = answer.received.duration_since(answer.sent);
    let plain = |kind: &str| kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(REPLY);
    let kind = answer.content_type.unwrap_or_default();
    Ok(TokenAnswer {
        request: sent,
        chain_pem: token.chain_pem(),
        token,
        skew_ms: millis(skew),
        took_ms: millis(took),
        odd_content_type: if plain(&kind) { None } else { Some(kind) },
        reply: answer.body,
    })
}

fn millis(duration: jiff::SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
