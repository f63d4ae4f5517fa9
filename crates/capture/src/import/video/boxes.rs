//! ISO base media files (ISO/IEC 14496-12): head, tracks, edit lists and times of pictures, by seeking.

use std::io::{Read, Seek};

use super::super::codes::finding;
use super::super::looked::{Looked, Severity};
use super::super::source::Source;
use super::{GAP_SECONDS, Gap, TRIM_SECONDS};

/// More boxes than this at one level are not walked.
const MAX_BOXES: usize = 65_536;
/// A larger index is not read.
const MAX_INDEX: u64 = 32 << 20;
/// More tracks than this are not read.
const MAX_TRACKS: usize = 64;

/// What the head of a file says.
#[derive(Default)]
pub(super) struct Movie {
    pub(super) created: u64,
    pub(super) changed: u64,
    pub(super) scale: u32,
    duration: u64,
    pub(super) tracks: Vec<Track>,
}

impl Movie {
    pub(super) fn seconds(&self) -> Option<f64> {
        let known = self.scale > 0 && self.duration > 0 && self.duration != u64::from(u32::MAX);
        known.then(|| seconds(self.duration, self.scale))
    }
}

/// One stream.
#[derive(Default)]
pub(super) struct Track {
    pub(super) handler: [u8; 4],
    pub(super) width: u32,
    pub(super) height: u32,
    scale: u32,
    duration: u64,
    /// Length in the time of the movie, start in the time of the track (-1: nothing is shown).
    edits: Vec<(u64, i64)>,
    /// Number of pictures, and how long each stands.
    steps: Vec<(u32, u32)>,
}

impl Track {
    /// What the edit list leaves out or adds, in words.
    pub(super) fn trims(&self, movie_scale: u32) -> Vec<String> {
        let mut found = Vec::new();
        if self.scale == 0 || movie_scale == 0 || self.edits.is_empty() {
            return found;
        }
        let kind = String::from_utf8_lossy(&self.handler).into_owned();
        let played: Vec<&(u64, i64)> = self.edits.iter().filter(|edit| edit.1 >= 0).collect();
        if played.len() > 1 {
            found.push(format!("{kind}: put together of {} pieces", played.len()));
        }
        for (length, start) in self.edits.iter().take(20) {
            let skipped = seconds(u64::try_from(*start).unwrap_or(0), self.scale);
            if played.len() == 1 && skipped > TRIM_SECONDS {
                found.push(format!("{kind}: the first {skipped:.2} s are not played"));
            }
            let waited = seconds(*length, movie_scale);
            if *start < 0 && waited > TRIM_SECONDS {
                found.push(format!("{kind}: begins {waited:.2} s late"));
            }
        }
        let whole = seconds(self.duration, self.scale);
        let played = played.iter().map(|edit| seconds(edit.0, movie_scale)).sum::<f64>();
        // A length of 0 means: to the end (fragmented files).
        if played > 0.0 && whole - played > TRIM_SECONDS {
            found.push(format!("{kind}: {played:.2} s of {whole:.2} s are played"));
        }
        found
    }

    /// Pictures that stand for long.
    pub(super) fn gaps(&self) -> Vec<Gap> {
        let (mut at, mut gaps) = (0.0, Vec::new());
        for (count, step) in self.steps.iter().filter(|_| self.scale > 0) {
            let step = seconds(u64::from(*step), self.scale);
            if step > GAP_SECONDS {
                let each =
                    (0..(*count).min(100)).map(|n| Gap { at: at + f64::from(n) * step, seconds: step });
                gaps.extend(each);
            }
            at += step * f64::from(*count);
            if gaps.len() > 1000 {
                break;
            }
        }
        gaps
    }
}

#[allow(clippy::cast_precision_loss, reason = "durations are shown in hundredths of a second")]
fn seconds(units: u64, scale: u32) -> f64 {
    units as f64 / f64::from(scale)
}

/// Reads the index; says when the file ends early.
pub(super) fn read<R: Read + Seek>(looked: &mut Looked, source: &mut Source<'_, R>) -> Option<Movie> {
    let (mut at, mut index, mut data) = (0, None, false);
    for _ in 0..MAX_BOXES {
        let Some((kind, head, size)) = next_box(source, at) else { break };
        let end = at.checked_add(size)?;
        if end > source.len {
            let missing = end - source.len;
            let detail = format!("box {} lacks {missing} bytes", String::from_utf8_lossy(&kind));
            looked.find(finding::VIDEO_CUT, Severity::Defect, detail);
        }
        match &kind {
            b"moov" if size <= MAX_INDEX => index = Some(source.read(at + head, size - head)),
            b"moov" => looked.find(finding::VIDEO_PARTLY, Severity::Note, "the index is larger than 32 MiB"),
            b"mdat" => data = true,
            _ => {}
        }
        at = end;
        if at >= source.len {
            break;
        }
    }
    if index.is_none() || !data {
        let lacks = if index.is_none() { "no index (moov)" } else { "no data (mdat)" };
        looked.find(finding::VIDEO_CUT, Severity::Defect, lacks);
    }
    index.map(|index| movie(&index))
}

/// Kind, size of the head and whole size of the box at an offset.
fn next_box<R: Read + Seek>(source: &mut Source<'_, R>, at: u64) -> Option<([u8; 4], u64, u64)> {
    let head = source.read(at, 16);
    let kind: [u8; 4] = head.get(4..8)?.try_into().ok()?;
    let (head_size, size) = match be32(&head, 0)? {
        0 => (8, source.len.saturating_sub(at)),
        1 => (16, be64(&head, 8)?),
        size => (8, u64::from(size)),
    };
    (size >= head_size).then_some((kind, head_size, size))
}

/// The boxes inside a box, as far as they are whole.
fn children(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let size = match usize::try_from(be32(bytes, 0)?).ok()? {
            0 => bytes.len(),
            size => size.min(bytes.len()),
        };
        let (this, rest) = (bytes.get(8..size)?, bytes.get(size..)?);
        let kind = bytes.get(4..8)?;
        bytes = rest;
        Some((kind, this))
    })
    .take(MAX_BOXES)
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn be64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

fn movie(index: &[u8]) -> Movie {
    let mut movie = Movie::default();
    for (kind, body) in children(index) {
        match kind {
            b"mvhd" => {
                let head = times_of(body).unwrap_or_default();
                (movie.created, movie.changed, movie.scale, movie.duration) = head;
            }
            b"trak" if movie.tracks.len() < MAX_TRACKS => movie.tracks.push(track(body)),
            _ => {}
        }
    }
    movie
}

/// Creation, change, scale and duration: `mvhd` and `mdhd` begin alike (§8.2.2, §8.4.2).
fn times_of(body: &[u8]) -> Option<(u64, u64, u32, u64)> {
    if body.first() == Some(&1) {
        return Some((be64(body, 4)?, be64(body, 12)?, be32(body, 20)?, be64(body, 24)?));
    }
    let four = |at| be32(body, at).map(u64::from);
    Some((four(4)?, four(8)?, be32(body, 12)?, four(16)?))
}

fn track(body: &[u8]) -> Track {
    let mut track = Track::default();
    for (kind, body) in children(body) {
        match kind {
            b"tkhd" if body.len() >= 8 => {
                track.width = be32(body, body.len() - 8).unwrap_or(0) >> 16;
                track.height = be32(body, body.len() - 4).unwrap_or(0) >> 16;
            }
            b"edts" => {
                track.edits =
                    children(body).find(|(kind, _)| *kind == b"elst").map_or(vec![], |one| edits(one.1));
            }
            b"mdia" => media(&mut track, body),
            _ => {}
        }
    }
    track
}

/// The edit list (§8.6.6).
fn edits(body: &[u8]) -> Vec<(u64, i64)> {
    let wide = body.first() == Some(&1);
    let count = be32(body, 4).unwrap_or(0) as usize;
    let rows = body.get(8..).unwrap_or_default().chunks_exact(if wide { 20 } else { 12 });
    let row = |row: &[u8]| {
        if wide {
            Some((be64(row, 0)?, be64(row, 8)?.cast_signed()))
        } else {
            Some((u64::from(be32(row, 0)?), i64::from(be32(row, 4)?.cast_signed())))
        }
    };
    rows.take(count.min(10_000)).filter_map(row).collect()
}

fn media(track: &mut Track, body: &[u8]) {
    for (kind, body) in children(body) {
        match kind {
            b"mdhd" => (_, _, track.scale, track.duration) = times_of(body).unwrap_or_default(),
            b"hdlr" => {
                track.handler = body.get(8..12).and_then(|four| four.try_into().ok()).unwrap_or_default();
            }
            b"minf" => {
                let table = children(body).find(|(kind, _)| *kind == b"stbl").map_or(&[][..], |one| one.1);
                track.steps =
                    children(table).find(|(kind, _)| *kind == b"stts").map_or(vec![], |one| steps(one.1));
            }
            _ => {}
        }
    }
}

/// How long each picture stands (§8.6.1.2).
fn steps(body: &[u8]) -> Vec<(u32, u32)> {
    let count = be32(body, 4).unwrap_or(0) as usize;
    let rows = body.get(8..).unwrap_or_default().chunks_exact(8).take(count);
    rows.filter_map(|row| Some((be32(row, 0)?, be32(row, 4)?))).collect()
}
