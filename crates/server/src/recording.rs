//! A recording comes in pieces: kept sealed as they come, put together and fixed when the end is told.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};
use sigu_case::report::Form;
use sigu_evidence::{Identity, open_bytes};
use zeroize::Zeroizing;

use crate::container::{self, Role};
use crate::delivery::{DeliveryId, Wanted, answer_before, commit, opened, own_header, parsed, stream};
use crate::keep;
use crate::problem::Problem;
use crate::receiver::Receiver;

/// Most pieces of one recording.
const MAX_PIECES: u32 = 4096;
/// Largest piece, sealed, in bytes: 32 MiB.
const MAX_PIECE: usize = 32 << 20;

fn folder(receiver: &Receiver, id: &DeliveryId) -> PathBuf {
    receiver.state("recordings").join(id.as_str())
}

fn piece_file(folder: &Path, n: u32) -> PathBuf {
    folder.join(format!("{n:05}.age"))
}

/// Keeps a piece as it came, sealed. The same piece again is acknowledged again.
pub(crate) fn keep_piece(
    receiver: &Receiver,
    id: &DeliveryId,
    n: u32,
    sealed: &[u8],
) -> Result<Value, Problem> {
    if n >= MAX_PIECES || sealed.len() > MAX_PIECE {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "piece", "too many pieces, or too large"));
    }
    let done = json!({ "kept": n });
    let ended = receiver.state("deliveries").join(id.as_str()).with_extension("json");
    let folder = folder(receiver, id);
    let file = piece_file(&folder, n);
    if file.exists() || ended.exists() {
        return Ok(done);
    }
    // Acknowledged only if it can be opened at the end.
    let plain = opened(receiver, sealed)?;
    piece_of(&plain).map_err(|error| Problem::bad("container", error.to_string()))?;
    keep::folder(&folder)?;
    keep::replace(&file, sealed)?;
    Ok(done)
}

/// The one file of a piece: its media type and where its bytes lie.
fn piece_of(plain: &[u8]) -> io::Result<(String, std::ops::Range<usize>)> {
    let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let parts = container::parse(plain).map_err(|error| invalid(&error.to_string()))?;
    match (parts.header.files.as_slice(), parts.files.as_slice()) {
        ([file], [range]) if file.role == Role::RecordingPiece => {
            Ok((file.media_type.clone(), range.clone()))
        }
        _ => Err(invalid("a piece has one file, and that is a piece")),
    }
}

/// Puts the pieces together and fixes the whole; answers 409 with their numbers while some are missing.
pub(crate) fn end(
    receiver: &Receiver,
    pairing: u32,
    id: &DeliveryId,
    sealed: &[u8],
) -> Result<Value, Problem> {
    if let Some(answer) = answer_before(receiver, pairing, id)? {
        return Ok(answer);
    }
    let plain = Arc::new(opened(receiver, sealed)?);
    let parts = parsed(&plain)?;
    let pieces = parts.header.pieces.filter(|pieces| (1..=MAX_PIECES).contains(pieces));
    let pieces = pieces.ok_or_else(|| Problem::bad("pieces", "the number of pieces is wanted"))?;
    let folder = folder(receiver, id);
    let missing: Vec<String> =
        (0..pieces).filter(|n| !piece_file(&folder, *n).exists()).map(|n| n.to_string()).collect();
    if !missing.is_empty() {
        return Err(Problem::new(StatusCode::CONFLICT, "pieces_missing", missing.join(" ")));
    }
    let mut whole = Whole {
        folder: folder.clone(),
        next: 0,
        pieces,
        identity: receiver.app.identity.get()?,
        now: None,
        at: 0..0,
    };
    let media_type = whole.open_next()?;
    let (name, media_type) = named(&media_type);
    let wanted = vec![
        own_header(&plain, &parts.header_bytes),
        Wanted {
            source: stream(whole),
            name,
            media_type,
            form: Some(Form::Recording),
            // One recorder, no pause, no piece missing.
            continuous: Some(true),
            // What was recorded may show a card at any moment.
            secret: Some(RECORDED.to_owned()),
        },
    ];
    let answer = commit(receiver, pairing, id, &parts.header, wanted)?;
    // It stands in the vault now; what cannot be removed is only in the way.
    let _ = std::fs::remove_dir_all(&folder);
    Ok(answer)
}

/// What stands for a recording where it is withheld.
const RECORDED: &str = "***";

fn named(media_type: &str) -> (String, String) {
    let kind = if media_type.ends_with("/mp4") { "mp4" } else { "webm" };
    (format!("recording.{kind}"), media_type.to_owned())
}

/// All pieces one after the other; one lies open in memory at a time.
struct Whole {
    folder: PathBuf,
    next: u32,
    pieces: u32,
    identity: Identity,
    now: Option<Zeroizing<Vec<u8>>>,
    at: std::ops::Range<usize>,
}

impl Whole {
    fn open_next(&mut self) -> io::Result<String> {
        let file = piece_file(&self.folder, self.next);
        let sealed = keep::read(&file)?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        let plain = open_bytes(&sealed, &[&self.identity])
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let (media_type, range) = piece_of(&plain)?;
        self.next += 1;
        self.at = range;
        self.now = Some(plain);
        Ok(media_type)
    }
}

impl Read for Whole {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(plain) = self.now.as_ref().filter(|_| !self.at.is_empty()) {
                let count = out.len().min(self.at.len());
                out[..count].copy_from_slice(&plain[self.at.start..self.at.start + count]);
                self.at.start += count;
                return Ok(count);
            }
            if self.next >= self.pieces {
                return Ok(0);
            }
            self.open_next()?;
        }
    }
}
