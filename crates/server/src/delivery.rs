//! A delivery becomes evidence: opened, taken in and fixed in one commit, acknowledged once it is durable.
//!
//! The same delivery again gets the same answer. What was answered is kept in the state folder; should we crash between
//! the commit and that note, the vault itself remembers: a capture is known again by the contents, slot and time.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sigu_case::report::{Form, ItemDescribed, Report};
use sigu_case::{Command, ItemId, Order, OrderId, Slot};
use sigu_evidence::{ItemManifest, find_secrets, mask, open_bytes};
use sigu_vault::{Error, Ingested, Source, StreamSource, Vault};
use zeroize::Zeroizing;

use crate::container::{self, Header, Role};
use crate::keep;
use crate::problem::Problem;
use crate::receiver::Receiver;

/// The name of a delivery or recording: a UUID in its usual lower-case form, so that it is safe as a file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeliveryId(String);

impl DeliveryId {
    pub(crate) fn of(text: Option<&str>) -> Result<Self, Problem> {
        let well = |text: &&str| {
            text.len() == 36
                && text.bytes().enumerate().all(|(place, byte)| match place {
                    8 | 13 | 18 | 23 => byte == b'-',
                    _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
                })
        };
        let text = text.filter(well);
        text.map(|text| Self(text.to_owned())).ok_or_else(|| Problem::bad("delivery", "a UUID is wanted"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What was answered to a delivery.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Answered {
    pairing: u32,
    items: Vec<String>,
    fixed_at: Timestamp,
}

impl Answered {
    fn as_json(&self) -> Value {
        json!({ "items": self.items, "fixed_at": self.fixed_at.to_string() })
    }
}

/// The answer given before; refuses a delivery of another browser under the same name.
pub(crate) fn answer_before(
    receiver: &Receiver,
    pairing: u32,
    id: &DeliveryId,
) -> Result<Option<Value>, Problem> {
    let path = receiver.state("deliveries").join(id.as_str()).with_extension("json");
    let Some(bytes) = keep::read(&path)? else { return Ok(None) };
    let answered: Answered = serde_json::from_slice(&bytes).map_err(Problem::fault)?;
    if answered.pairing != pairing {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "delivery",
            "another browser's delivery has this name",
        ));
    }
    Ok(Some(answered.as_json()))
}

/// Opens a capture and fixes every file of it.
pub(crate) fn fix(
    receiver: &Receiver,
    pairing: u32,
    id: &DeliveryId,
    sealed: Bytes,
) -> Result<Value, Problem> {
    if let Some(answer) = answer_before(receiver, pairing, id)? {
        return Ok(answer);
    }
    let plain = Arc::new(opened(receiver, &sealed)?);
    drop(sealed);
    let parts = parsed(&plain)?;
    let header = &parts.header;
    if header.files.is_empty() || header.files.iter().any(|file| file.role == Role::RecordingPiece) {
        return Err(Problem::bad("container", "no files, or pieces of a recording"));
    }
    let secrets = secrets_shown(header, &parts.files, &plain);
    let mut wanted = vec![own_header(&plain, &parts.header_bytes)];
    wanted.extend(header.files.iter().zip(&parts.files).map(|(file, range)| Wanted {
        source: stream(Slice { bytes: plain.clone(), at: range.clone() }),
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        form: form(file.role),
        continuous: None,
        secret: secrets.clone(),
    }));
    commit(receiver, pairing, id, header, wanted)
}

/// Opens a sealed body with the vault key.
pub(crate) fn opened(receiver: &Receiver, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Problem> {
    open_bytes(sealed, &[&receiver.app.identity.get()?])
        .map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "sealed", error.to_string()))
}

/// Takes an opened body apart.
pub(crate) fn parsed(plain: &[u8]) -> Result<container::Parts, Problem> {
    container::parse(plain)
        .map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "container", error.to_string()))
}

/// One thing to fix, and what is said of it.
pub(crate) struct Wanted {
    pub(crate) source: Source,
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) form: Option<Form>,
    pub(crate) continuous: Option<bool>,
    /// The masked form, where it shows a card secret.
    pub(crate) secret: Option<String>,
}

/// The header as it came is evidence too: address, title, time, viewport, zoom, browser, and what could not be had.
pub(crate) fn own_header(plain: &Arc<Zeroizing<Vec<u8>>>, range: &Range<usize>) -> Wanted {
    Wanted {
        source: stream(Slice { bytes: plain.clone(), at: range.clone() }),
        name: "capture.json".to_owned(),
        media_type: "application/json".to_owned(),
        form: None,
        continuous: None,
        secret: None,
    }
}

/// A part of an opened delivery as a stream: nothing is copied, and all is wiped when the last part is done.
struct Slice {
    bytes: Arc<Zeroizing<Vec<u8>>>,
    at: Range<usize>,
}

impl Read for Slice {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = out.len().min(self.at.len());
        out[..count].copy_from_slice(&self.bytes[self.at.start..self.at.start + count]);
        self.at.start += count;
        Ok(count)
    }
}

/// A reader as a source of the vault.
pub(crate) fn stream(reader: impl Read + Send + 'static) -> Source {
    Source::Stream(StreamSource(Box::new(reader)))
}

const fn form(role: Role) -> Option<Form> {
    match role {
        Role::ScreenshotFull | Role::Mhtml | Role::Dom => Some(Form::FullPage),
        Role::ScreenshotVisible => Some(Form::Cropped),
        Role::RecordingPiece => Some(Form::Recording),
        Role::Text | Role::Resources => None,
    }
}

/// How much of a page's text is looked through for card secrets, in bytes.
const MAX_LOOK: usize = 256 << 10;
/// Longest masked form, in characters.
const MAX_MASKED_CHARS: usize = 120;

/// The masks of the card secrets a delivered page shows. Only in the slot of the delivery, as `sigu fix` does it.
fn secrets_shown(header: &Header, files: &[Range<usize>], plain: &[u8]) -> Option<String> {
    if header.slot != Slot::Delivery.code() {
        return None;
    }
    let place = header.files.iter().position(|file| file.role == Role::Text)?;
    let range = files[place].clone();
    let text = String::from_utf8_lossy(&plain[range.start..range.end.min(range.start + MAX_LOOK)]);
    let masks: Vec<String> =
        find_secrets(&text).into_iter().map(|found| mask(&text[found]).public()).collect();
    let joined: String = masks.join(" ").chars().take(MAX_MASKED_CHARS).collect();
    (!joined.is_empty()).then_some(joined)
}

/// Takes all in and fixes it in one commit, then notes the answer.
pub(crate) fn commit(
    receiver: &Receiver,
    pairing: u32,
    id: &DeliveryId,
    header: &Header,
    wanted: Vec<Wanted>,
) -> Result<Value, Problem> {
    let slot = Slot::from_code(&header.slot).ok_or_else(|| Problem::bad("slot", "no such slot"))?;
    let order: OrderId = header.order.parse().map_err(|_| Problem::bad("order", "no label of an order"))?;
    // As precise as a leaf, so that the answer is the same whether noted or read from the vault.
    let at = Timestamp::from_millisecond((receiver.app.now)().as_millisecond()).map_err(Problem::fault)?;
    let answered = receiver.with_vault(|vault| {
        let known = vault.order(&order)?;
        // Asked before megabytes are taken in for an order that is not there.
        let known = known
            .ok_or_else(|| Error::from(sigu_case::Refusal::UnknownOrder(order.clone())))
            .map_err(Problem::from)?;
        let things = take_in(vault, slot, header.taken_at, wanted)?;
        if let Some((items, fixed_at)) = fixed_before(&known, &things) {
            return Ok(Answered { pairing, items, fixed_at });
        }
        let items = vault.execute_from(|first| commands(&order, header, &things, first, at), at)?;
        let items = items.iter().take(things.len()).map(ToString::to_string).collect();
        Ok(Answered { pairing, items, fixed_at: at })
    })?;
    let folder = receiver.state("deliveries");
    keep::folder(&folder)?;
    let note = serde_json::to_vec(&answered).map_err(Problem::fault)?;
    keep::replace(&folder.join(id.as_str()).with_extension("json"), &note)?;
    Ok(answered.as_json())
}

/// Something durable in the vault, not yet named by a leaf.
struct Thing {
    slot: Slot,
    formed_at: Timestamp,
    manifest: ItemManifest,
    form: Option<Form>,
    continuous: Option<bool>,
}

fn take_in(
    vault: &Vault,
    slot: Slot,
    taken_at: Timestamp,
    wanted: Vec<Wanted>,
) -> Result<Vec<Thing>, Problem> {
    let (sources, rest): (Vec<Source>, Vec<_>) = wanted
        .into_iter()
        .map(|one| (one.source, (one.name, one.media_type, one.form, one.continuous, one.secret)))
        .unzip();
    let taken = vault.ingest(sources, &|_| {})?;
    let things = taken.into_iter().zip(rest).map(|(taken, (name, media_type, form, continuous, secret))| {
        let ingested: Ingested = taken
            .map_err(|fault| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "source", fault.to_string()))?;
        let manifest = ItemManifest {
            content: ingested.content,
            size: ingested.size,
            media_type,
            file_name: Some(name),
            source: sigu_evidence::Source::Capture,
            modified_at: None,
            secret: secret.is_some(),
            masked: secret,
        };
        Ok(Thing { slot, formed_at: taken_at, manifest, form, continuous })
    });
    things.collect()
}

/// The items of a capture that stands in the vault already, whole: same contents, slot and time.
fn fixed_before(order: &Order, things: &[Thing]) -> Option<(Vec<String>, Timestamp)> {
    let mut items: Vec<(ItemId, Timestamp)> = Vec::new();
    for thing in things {
        let found = order.exhibits.iter().find(|exhibit| {
            exhibit.slot == thing.slot
                && exhibit.formed_at == Some(thing.formed_at)
                && exhibit.manifest().is_some_and(|manifest| *manifest == thing.manifest)
        })?;
        items.push((found.item, found.fixed_at));
    }
    let fixed_at = items.first()?.1;
    Some((items.into_iter().map(|(item, _)| item.to_string()).collect(), fixed_at))
}

/// Fixes all, then says of each what it is; the leaves of the first half are named by the second.
fn commands(
    order: &OrderId,
    header: &Header,
    things: &[Thing],
    first: ItemId,
    at: Timestamp,
) -> Vec<Command> {
    let fixes = things.iter().map(|thing| Command::FixEvidence {
        order: order.clone(),
        slot: thing.slot,
        formed_at: Some(thing.formed_at),
        note: note(&header.title),
        manifest: thing.manifest.clone(),
    });
    let url = short_address(&header.url);
    let described = things.iter().zip(first.seq..).map(|(thing, seq)| {
        Command::Report(Report::from(ItemDescribed {
            at,
            order: order.clone(),
            item: ItemId { log: first.log, seq },
            form: thing.form,
            parts: Vec::new(),
            url: url.clone(),
            clock_off_s: None,
            continuous: thing.continuous,
            original_kept: None,
            own_account: None,
            lawful: None,
            caption: None,
            proves: None,
        }))
    });
    fixes.chain(described).collect()
}

/// The page's title as the note; blanks say nothing.
fn note(title: &str) -> Option<String> {
    let title: String = title.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect();
    (!title.is_empty()).then_some(title)
}

/// Longest address a leaf holds, in characters.
const MAX_ADDRESS_CHARS: usize = 300;

/// The address, without its query where it is too long for a leaf; the whole stands in `capture.json`.
fn short_address(url: &str) -> Option<String> {
    let whole = url.trim();
    let bare = whole.split(['?', '#']).next().unwrap_or_default();
    let fits = |text: &&str| {
        !text.is_empty() && text.chars().count() <= MAX_ADDRESS_CHARS && !text.chars().any(char::is_control)
    };
    [whole, bare].into_iter().find(fits).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_lower_case_uuid_names_a_delivery() {
        let good = "0f8fad5b-d9cb-469f-a165-70867728950e";
        assert_eq!(DeliveryId::of(Some(good)).unwrap().as_str(), good);
        let upper = good.to_uppercase();
        for bad in ["", "../../../../../../etc/passwd-aaaaaaaa", upper.as_str(), &good[1..]] {
            assert!(DeliveryId::of(Some(bad)).is_err(), "{bad}");
        }
        assert!(DeliveryId::of(None).is_err());
    }

    #[test]
    fn a_long_address_loses_its_query_first() {
        let long = format!("https://a.example/order?x={}", "1".repeat(400));
        assert_eq!(short_address(&long).as_deref(), Some("https://a.example/order"));
        assert_eq!(short_address("https://a.example/?x=1").as_deref(), Some("https://a.example/?x=1"));
        assert_eq!(short_address(&format!("https://a.example/{}", "p".repeat(400))), None);
    }
}
