//! Videos: times and edit lists of the container by our own reading, streams and gaps by ffprobe.

mod boxes;
mod probe;

use std::io::{Read, Seek};

use super::codes::{clock, fact, finding};
use super::looked::{Looked, Severity};
use super::source::Source;
use super::times;
use super::tool::Tools;
use boxes::{Movie, Track};

/// Silence of the picture that is reported, in seconds.
const GAP_SECONDS: f64 = 2.0;
/// Gaps named one by one.
const MAX_GAPS: usize = 20;
/// Trimming shorter than this is what encoders do for their delay.
const TRIM_SECONDS: f64 = 0.5;

/// Programs that cut or convert, as they name themselves; the first group only repacks.
const REPACKERS: [&str; 4] = ["lavf", "handbrake", "mkvmerge", "gpac"];
const EDITORS: [&str; 14] = [
    "premiere",
    "final cut",
    "imovie",
    "davinci",
    "capcut",
    "剪映",
    "lemon.lv",
    "vegas",
    "camtasia",
    "filmora",
    "inshot",
    "kinemaster",
    "快影",
    "必剪",
];

/// A pause in the picture: where it begins and how long it is, in seconds.
struct Gap {
    at: f64,
    seconds: f64,
}

pub(super) fn look<R: Read + Seek>(looked: &mut Looked, source: &mut Source<'_, R>, tools: &Tools) {
    let iso = is_iso_media(&looked.media_type);
    let movie = if iso { boxes::read(looked, source) } else { None };
    if let Some(movie) = &movie {
        say_movie(looked, movie);
    }
    let probed = probe::look(looked, source.path, tools);
    if let (false, Some(movie)) = (probed, &movie) {
        let tracks = movie.tracks.iter().filter(|track| &track.handler == b"vide");
        say_gaps(looked, &tracks.flat_map(Track::gaps).take(MAX_GAPS * 50).collect::<Vec<_>>());
    }
}

fn is_iso_media(media_type: &str) -> bool {
    matches!(media_type, "video/mp4" | "video/x-m4v" | "video/quicktime" | "audio/m4a")
}

fn say_movie(looked: &mut Looked, movie: &Movie) {
    looked.say_time(clock::MP4_CREATED, times::since_1904(movie.created));
    looked.say_time(clock::MP4_CHANGED, times::since_1904(movie.changed));
    looked.say(fact::STREAMS, movie.tracks.len());
    if let Some(seconds) = movie.seconds() {
        looked.say(fact::DURATION, format!("{seconds:.3}"));
    }
    for track in &movie.tracks {
        if &track.handler == b"vide" {
            looked.say(fact::WIDTH, track.width);
            looked.say(fact::HEIGHT, track.height);
        }
        for detail in track.trims(movie.scale) {
            looked.find(finding::VIDEO_EDIT_LIST, Severity::Doubt, detail);
        }
    }
}

fn say_gaps(looked: &mut Looked, gaps: &[Gap]) {
    for gap in gaps.iter().take(MAX_GAPS) {
        let detail = format!("{:.1} s without a new picture after {:.1} s", gap.seconds, gap.at);
        looked.find(finding::VIDEO_GAP, Severity::Doubt, detail);
    }
    if gaps.len() > MAX_GAPS {
        looked.find(finding::VIDEO_GAP, Severity::Doubt, format!("{} gaps in all", gaps.len()));
    }
}

/// Says a program, and whether it repacks or cuts videos.
fn say_software(looked: &mut Looked, name: &str) {
    looked.quote(fact::SOFTWARE, name);
    let lower = name.to_lowercase();
    let among = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if among(&EDITORS) {
        looked.find(finding::VIDEO_EDITED, Severity::Doubt, name);
    } else if among(&REPACKERS) {
        looked.find(finding::VIDEO_EDITED, Severity::Note, format!("{name} (converts or repacks)"));
    }
}
