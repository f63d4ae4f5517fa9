//! A recording on its way into the vault: every piece durable and in the log before the next one is due.

use serde_json::{Value, json};
use sigu_attestation::drand::VerifiedRound;
use sigu_capture::recording::{Ended, KeyFrame, Mark, Part, Piece};
use sigu_case::report::{Form, ItemDescribed, RecordingBegan, RecordingEnded, RecordingPiece};
use sigu_case::{Command, ItemId, OrderId, Slot};
use sigu_evidence::{ItemManifest, Source as Origin, mask_text};
use sigu_vault::{Source, Vault};

use super::interrupted::Filming;
use crate::clock;
use crate::problem::Problem;
use crate::session::Keys;

/// The largest recording that is also kept as one file, in bytes: 1 GiB.
const LARGEST: usize = 1 << 30;

/// How many hex digits of a round's randomness stand in the strip: 64 bits nobody guesses, and room for the rest.
const DIGITS: usize = 16;

/// What the strip says of log and time, in one line: how long the log is and its root; and a round of drand with the
/// beginning of its randomness, which nobody knew before, so that what shows it was filmed later.
pub(super) fn beacon(size: u64, root: &str, round: Option<&VerifiedRound>) -> String {
    let log = format!("#{size} {root}");
    let Some(round) = round else { return log };
    let randomness = round.randomness().to_string();
    format!("{log} · drand {} {}", round.round(), &randomness[..DIGITS])
}

/// A recording under way.
pub(super) struct Film {
    keys: Keys,
    /// While it is held, nobody takes this recording for one that broke off.
    _filming: Filming,
    order: OrderId,
    stem: String,
    began: ItemId,
    pieces: u32,
    /// Pieces that came and are not durable yet: the vault was busy, or the disk full.
    waiting: Vec<Piece>,
    whole: Vec<u8>,
    /// Whether all pieces so far are in `whole`.
    is_whole: bool,
    marks: Vec<Mark>,
    frames: Vec<KeyFrame>,
    fixed_frames: Vec<ItemId>,
    url: String,
    clock_off_s: Option<i64>,
}

/// How a recording ended up in the vault.
pub(super) struct Filmed {
    pub(super) order: OrderId,
    pub(super) recording: ItemId,
    pub(super) whole: Option<ItemId>,
    pub(super) size: usize,
    pub(super) ended: Ended,
    pub(super) key_frames: usize,
    pub(super) marks: Vec<Mark>,
}

impl Film {
    /// Writes the beginning into the log.
    pub(super) fn begin(
        keys: Keys,
        order: OrderId,
        url: &str,
        beacon: &str,
        before: Option<ItemId>,
        clock_off_s: Option<i64>,
    ) -> Result<Self, Problem> {
        let filming = Filming::begin(&keys)?;
        let at = clock::now();
        let url: String = url.chars().take(1_900).collect();
        let began = RecordingBegan {
            at,
            order: order.clone(),
            url: url.clone(),
            beacon: Some(beacon.to_owned()),
            before,
        };
        let items = keys.with(|vault| Ok(vault.execute(vec![Command::Report(began.into())], at)?))?;
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        let stem = format!("REC_{order}_{}", at.to_zoned(zone).strftime("%Y-%m-%d_%H.%M.%S"));
        Ok(Self {
            keys,
            _filming: filming,
            order,
            stem,
            began: items[0],
            pieces: 0,
            waiting: Vec::new(),
            whole: Vec::new(),
            is_whole: true,
            marks: Vec::new(),
            frames: Vec::new(),
            fixed_frames: Vec::new(),
            url,
            clock_off_s,
        })
    }

    /// Takes one part. What is returned as an error was not made durable; the recording goes on.
    pub(super) fn take(&mut self, part: Part) -> Result<Option<Filmed>, Problem> {
        match part {
            Part::Piece(piece) => {
                self.waiting.push(piece);
                self.catch_up()?;
            }
            Part::KeyFrame(frame) => self.frames.push(frame),
            Part::Mark(mark) => self.marks.push(Mark { detail: plain(&mark.detail), ..mark }),
            Part::Ended(ended) => {
                let filmed = self.end(ended);
                return filmed.map(Some).map_err(|why| self.lost(why));
            }
        }
        Ok(None)
    }

    /// What the user hears when a recording could not be written to its end.
    fn lost(&self, why: Problem) -> Problem {
        if self.waiting.is_empty() {
            return why;
        }
        let count = |count: usize| count.to_string();
        let values = [("kept", count(self.pieces as usize)), ("lost", count(self.waiting.len()))];
        Problem::fault("fault-recording-lost", &values)
    }

    /// Fixes the pieces that wait, in their order; the one that fails goes on waiting.
    fn catch_up(&mut self) -> Result<(), Problem> {
        while let Some(piece) = self.waiting.first().cloned() {
            self.piece(&piece)?;
            self.waiting.remove(0);
        }
        Ok(())
    }

    /// Fixes a piece together with the key frames that came before it.
    fn piece(&mut self, piece: &Piece) -> Result<(), Problem> {
        let number = self.pieces;
        let name = format!("{}.part{number:04}.webm", self.stem);
        let mut files = vec![(name, "video/webm", piece.bytes.clone())];
        files.extend(self.frames.iter().map(|frame| {
            (format!("{}-{:07}ms.jpg", self.stem, frame.offset_ms), "image/jpeg", frame.jpeg.clone())
        }));
        let (began, order) = (self.began, self.order.clone());
        let items = self.keys.with(|vault| {
            let at = clock::now();
            let manifests = ingest(vault, &files)?;
            let commands = |first: ItemId| {
                let mut commands = fixes(&order, &manifests, at);
                let report =
                    RecordingPiece { at, order: order.clone(), recording: began, number, piece: first };
                commands.push(Command::Report(report.into()));
                commands
            };
            Ok(vault.execute_from(commands, at)?)
        })?;
        self.frames.clear();
        self.fixed_frames.extend(items.iter().take(files.len()).skip(1));
        self.pieces += 1;
        self.is_whole &= self.whole.len() + piece.bytes.len() <= LARGEST;
        if self.is_whole {
            self.whole.extend_from_slice(&piece.bytes);
        }
        Ok(())
    }

    fn end(&mut self, ended: Ended) -> Result<Filmed, Problem> {
        self.catch_up()?;
        let whole = std::mem::take(&mut self.whole);
        let size = whole.len();
        let marks =
            serde_json::to_vec_pretty(&json!({ "marks": self.marks, "ended": ended })).unwrap_or_default();
        let mut files = vec![(format!("{}.marks.json", self.stem), "application/json", marks)];
        let has_whole = self.is_whole && size > 0 && self.pieces == ended.pieces;
        if has_whole {
            files.push((format!("{}.webm", self.stem), "video/webm", whole));
        }
        let items = self.keys.with(|vault| {
            let at = clock::now();
            let manifests = ingest(vault, &files)?;
            let commands = |first: ItemId| {
                let whole = has_whole.then(|| ItemId { log: first.log, seq: first.seq + 1 });
                let mut commands = fixes(&self.order, &manifests, at);
                commands.extend(whole.map(|item| Command::Report(self.describe(item, &ended).into())));
                commands.push(Command::Report(self.ended(&ended, first, whole).into()));
                commands
            };
            Ok(vault.execute_from(commands, at)?)
        })?;
        Ok(Filmed {
            order: self.order.clone(),
            recording: self.began,
            whole: has_whole.then(|| items[1]),
            size,
            ended,
            key_frames: self.fixed_frames.len(),
            marks: std::mem::take(&mut self.marks),
        })
    }

    fn describe(&self, item: ItemId, ended: &Ended) -> ItemDescribed {
        ItemDescribed {
            at: ended.at,
            order: self.order.clone(),
            item,
            form: Some(Form::Recording),
            parts: Vec::new(),
            url: Some(self.url.clone()),
            clock_off_s: self.clock_off_s,
            continuous: Some(ended.continuous),
            original_kept: None,
            own_account: None,
            lawful: None,
            caption: None,
            proves: None,
        }
    }

    fn ended(&self, ended: &Ended, marks: ItemId, whole: Option<ItemId>) -> RecordingEnded {
        RecordingEnded {
            at: ended.at,
            order: self.order.clone(),
            recording: self.began,
            pieces: self.pieces,
            duration_ms: i64::try_from(ended.duration_ms).unwrap_or(i64::MAX),
            continuous: ended.continuous,
            reason: code(&ended.reason),
            whole,
            marks: Some(marks),
            key_frames: self.fixed_frames.clone(),
        }
    }
}

/// A mark's words; where they are an address, without what lets a stranger act as the buyer.
fn plain(detail: &str) -> String {
    if detail.contains("://") { sigu_capture::archive::redact::url(detail).text } else { detail.to_owned() }
}

/// The word a value has in JSON.
pub(super) fn code(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A file of a recording: name, media type, bytes.
type File = (String, &'static str, Vec<u8>);

fn fixes(order: &OrderId, manifests: &[ItemManifest], at: jiff::Timestamp) -> Vec<Command> {
    let slot = |manifest: &ItemManifest| {
        if manifest.media_type == "video/webm" { Slot::Recording } else { Slot::Other }
    };
    let fix = |manifest: &ItemManifest| Command::FixEvidence {
        order: order.clone(),
        slot: slot(manifest),
        formed_at: Some(at),
        note: None,
        manifest: manifest.clone(),
    };
    manifests.iter().map(fix).collect()
}

/// Makes the files durable. A recording of a reveal shows the card: pictures and video count as secret.
fn ingest(vault: &Vault, files: &[File]) -> Result<Vec<ItemManifest>, Problem> {
    let sources = files.iter().map(|(_, _, bytes)| Source::Bytes(bytes.clone())).collect();
    let answers = vault.ingest(sources, &|_| {})?;
    let manifest = |(answer, (name, media_type, _)): (Result<sigu_vault::Ingested, _>, &File)| {
        let ingested = answer.map_err(|fault: sigu_vault::SourceFault| {
            Problem::fault("fault-capture-file", &[("why", fault.to_string())])
        })?;
        let secret = *media_type != "application/json";
        Ok(ItemManifest {
            content: ingested.content,
            size: ingested.size,
            media_type: (*media_type).to_owned(),
            file_name: Some(name.clone()),
            source: Origin::Capture,
            modified_at: None,
            secret,
            masked: secret.then(|| mask_text(name)),
        })
    };
    answers.into_iter().zip(files).map(manifest).collect()
}

impl Filmed {
    pub(super) fn to_json(&self) -> Value {
        json!({
            "order": self.order.to_string(),
            "recording": self.recording,
            "item": self.whole,
            "size": self.size,
            "pieces": self.ended.pieces,
            "key_frames": self.key_frames,
            "marks": self.marks,
            "ended": self.ended,
        })
    }
}

#[cfg(test)]
mod tests;
