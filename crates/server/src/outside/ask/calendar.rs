//! Calendars of OpenTimestamps: a blinded digest is left with several of them, and asked for again until it is in a block.

use std::future::Future;

use futures_util::future::join_all;
use sha2::{Digest as _, Sha256};
use sigu_attestation::opentimestamps::{Attestation, MAX_CALENDAR_ANSWER_BYTES, Pending, Proof};

use super::{AskError, Failed};
use crate::outside::net::{Net, NetFault, Question};
use crate::outside::services::Calendar;
use crate::tokens::hex;

const KIND: &str = "application/vnd.opentimestamps.v1";
const BYTES: &str = "application/octet-stream";
/// Most promises of one proof that are asked for in one go; a proof of ours has a few.
const MOST_AT_ONCE: usize = 16;

/// Holds a proof that was begun.
#[derive(Clone, Debug)]
pub struct CalendarAnswer {
    /// The proof, which proves nothing yet.
    pub proof: Proof,
    /// The names of the calendars that promised.
    pub promised: Vec<String>,
    /// Those that did not.
    pub failed: Vec<Failed>,
}

/// Leaves the digest of a note with all calendars that are enabled, blinded, and begins a proof with their answers.
///
/// `random` is drawn from once, for what blinds the digest, before this returns. One calendar that answers is enough.
///
/// # Errors
/// Says for each calendar what is wrong, if none promised; an empty list means that none is enabled.
pub fn ask_calendars<'a>(
    net: &'a Net,
    calendars: &'a [Calendar],
    note: &[u8],
    random: &mut dyn FnMut(&mut [u8]),
) -> impl Future<Output = Result<CalendarAnswer, Vec<Failed>>> + Send + use<'a> {
    let mut nonce = [0; 16];
    random(&mut nonce);
    let digest: [u8; 32] = Sha256::digest(note).into();
    async move {
        let enabled: Vec<&Calendar> = calendars.iter().filter(|one| one.enabled).collect();
        let asked = enabled.iter().map(|calendar| leave(net, calendar, &enabled, digest, nonce));
        let (mut answers, mut promised, mut failed) = (Vec::new(), Vec::new(), Vec::new());
        for (calendar, answer) in enabled.iter().zip(join_all(asked).await) {
            match answer {
                Ok(bytes) => {
                    answers.push(bytes);
                    promised.push(calendar.name.clone());
                }
                Err(error) => failed.push(Failed { who: calendar.name.clone(), error }),
            }
        }
        let answers: Vec<&[u8]> = answers.iter().map(Vec::as_slice).collect();
        match Proof::begin(digest, nonce, &answers) {
            Ok(proof) => Ok(CalendarAnswer { proof, promised, failed }),
            // Each answer fits by itself; too many of them together would be the configuration's fault.
            Err(error) => {
                failed.extend(promised.into_iter().map(|who| Failed { who, error: error.into() }));
                Err(failed)
            }
        }
    }
}

/// Leaves the blinded digest with one calendar, and reads its answer alone, so that one that is broken spoils no other.
async fn leave(
    net: &Net,
    calendar: &Calendar,
    known: &[&Calendar],
    digest: [u8; 32],
    nonce: [u8; 16],
) -> Result<Vec<u8>, AskError> {
    let url = format!("{}/digest", calendar.url);
    let blinded = Proof::blinded(&digest, &nonce).to_vec();
    let question =
        Question { url: &url, body: Some((BYTES, blinded)), accept: KIND, most: MAX_CALENDAR_ANSWER_BYTES };
    let answer = net.ask(question).await?.ok()?;
    let alone = Proof::begin(digest, nonce, &[&answer.body])?;
    let leads_on = alone.attested().iter().any(|end| match &end.attestation {
        Attestation::Pending { uri } => known.iter().any(|one| one.knows(uri)),
        Attestation::Bitcoin { .. } => true,
        Attestation::Unknown { .. } => false,
    });
    if leads_on { Ok(answer.body) } else { Err(AskError::NoPromise) }
}

/// Says what came of asking for promises.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upgrade {
    /// Whether the proof is another now and is to be stored.
    pub changed: bool,
    /// Calendars that have not brought it into a block yet.
    pub waiting: Vec<String>,
    /// Addresses in the proof of calendars that are not known or not enabled; they were not asked.
    pub unknown: Vec<String>,
    /// Those that failed.
    pub failed: Vec<Failed>,
}

/// Asks for what was promised, and merges what came into the proof. Whether it leads into a block then, `bitcoin_roots`
/// of the proof says; once it does, there is no need to ask on.
///
/// Only calendars that are known and enabled are asked, never an address because it stands in a proof.
pub async fn upgrade(net: &Net, calendars: &[Calendar], proof: &mut Proof) -> Upgrade {
    let mut done = Upgrade::default();
    let knows = |uri: &str| calendars.iter().any(|calendar| calendar.enabled && calendar.knows(uri));
    let (known, unknown): (Vec<_>, Vec<_>) = proof.pending().into_iter().partition(|one| knows(&one.uri));
    done.unknown.extend(unknown.into_iter().map(|one| one.uri));
    let asked = known.iter().take(MOST_AT_ONCE).map(|pending| fetch(net, pending));
    for (pending, answer) in known.iter().zip(join_all(asked).await) {
        let who = pending.uri.clone();
        let merged = match answer {
            Ok(answer) => proof.upgrade(&pending.commitment, &answer).map_err(AskError::from),
            Err(error) => Err(error),
        };
        match merged {
            Ok(news) => done.changed |= news,
            Err(AskError::Net(NetFault::Status(404))) => done.waiting.push(who),
            Err(error) => done.failed.push(Failed { who, error }),
        }
    }
    done
}

async fn fetch(net: &Net, pending: &Pending) -> Result<Vec<u8>, AskError> {
    let url = format!("{}/timestamp/{}", pending.uri, hex(&pending.commitment));
    let question = Question { url: &url, body: None, accept: KIND, most: MAX_CALENDAR_ANSWER_BYTES };
    Ok(net.ask(question).await?.ok()?.body)
}
