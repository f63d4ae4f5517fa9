//! What ffprobe says of a video. The format is fixed by our own look at the content, so that a playlist
//! cannot make it open other files; only local files are allowed, and time and output are bounded.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::super::codes::{clock, fact, finding};
use super::super::looked::{Looked, Severity};
use super::super::times;
use super::super::tool::{Allowance, Tools, Trouble, run};
use super::{GAP_SECONDS, Gap, is_iso_media, say_gaps, say_software};

const HEAD: Allowance = Allowance { output: 1 << 20, time: Duration::from_secs(20) };
/// Every packet is one line: three hours at 60 pictures a second are about 14 MB.
const PACKETS: Allowance = Allowance { output: 64 << 20, time: Duration::from_secs(60) };

/// Looks by ffprobe; tells whether the pictures were examined for gaps.
pub(super) fn look(looked: &mut Looked, path: Option<&Path>, tools: &Tools) -> bool {
    let Some(program) = &tools.ffprobe else {
        return partly(looked, "streams: ffprobe is not installed");
    };
    let Some(path) = path.and_then(|path| std::path::absolute(path).ok()) else {
        return partly(looked, "streams: ffprobe needs a file");
    };
    let Some(demuxer) = demuxer(&looked.media_type) else {
        return partly(looked, "streams: a container that is not handed to ffprobe");
    };
    let ask = |what: &[&str], allowance| run(program, &arguments(demuxer, &path, what), None, allowance);
    match ask(&["-show_format", "-show_streams", "-of", "json"], HEAD) {
        Ok(json) => say_head(looked, &json),
        Err(trouble) => return partly(looked, &format!("streams: {}", words(&trouble))),
    }
    match ask(&["-select_streams", "v:0", "-show_entries", "packet=pts_time", "-of", "csv=p=0"], PACKETS) {
        Ok(lines) => say_gaps(looked, &gaps(&lines)),
        Err(trouble) => return partly(looked, &format!("gaps: {}", words(&trouble))),
    }
    true
}

fn partly(looked: &mut Looked, detail: &str) -> bool {
    looked.find(finding::VIDEO_PARTLY, Severity::Note, detail);
    false
}

fn words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Start(error) => format!("ffprobe does not start ({})", error.kind()),
        Trouble::TimeLimit => "the time limit was reached".to_owned(),
        Trouble::OutputLimit => "the output limit was reached".to_owned(),
        Trouble::Failed(_) => "ffprobe cannot read the file".to_owned(),
    }
}

fn demuxer(media_type: &str) -> Option<&'static str> {
    match media_type {
        "video/x-matroska" | "video/webm" => Some("matroska"),
        "video/x-msvideo" => Some("avi"),
        "video/x-flv" => Some("flv"),
        "video/mpeg" => Some("mpeg"),
        other => is_iso_media(other).then_some("mov"),
    }
}

/// The path stands behind `file:`, so that a name that begins with a dash is no option.
fn arguments(demuxer: &str, path: &Path, what: &[&str]) -> Vec<OsString> {
    let fixed = ["-v", "error", "-hide_banner", "-protocol_whitelist", "file", "-f", demuxer];
    let mut file = OsString::from("file:");
    file.push(path);
    let all = fixed.iter().chain(what).map(OsString::from);
    all.chain(["-i".into(), file]).collect()
}

fn say_head(looked: &mut Looked, json: &[u8]) {
    let Ok(head) = serde_json::from_slice::<Value>(json) else { return };
    let mp4 = is_iso_media(&looked.media_type);
    if let (false, Some(seconds)) = (mp4, head["format"]["duration"].as_str()) {
        looked.say(fact::DURATION, seconds);
    }
    let streams = head["streams"].as_array().map_or(&[][..], Vec::as_slice);
    if !mp4 {
        looked.say(fact::STREAMS, streams.len());
    }
    for stream in streams.iter().take(20) {
        let text = |key: &str| stream[key].as_str().unwrap_or("?").to_owned();
        looked.say(fact::CODEC, format!("{} {}", text("codec_type"), text("codec_name")));
        if let (false, Some(width), Some(height)) = (mp4, stream["width"].as_u64(), stream["height"].as_u64())
        {
            looked.say(fact::WIDTH, width);
            looked.say(fact::HEIGHT, height);
        }
    }
    say_tags(looked, &head["format"]["tags"], mp4);
}

fn say_tags(looked: &mut Looked, tags: &Value, mp4: bool) {
    let Some(tags) = tags.as_object() else { return };
    let mut device = Vec::new();
    for (key, value) in tags.iter().take(50) {
        let Some(value) = value.as_str() else { continue };
        match key.to_ascii_lowercase().as_str() {
            "encoder" | "software" | "com.apple.quicktime.software" => say_software(looked, value),
            "com.android.version" => say_software(looked, &format!("Android {value}")),
            "comment" | "description" | "title" => looked.quote(fact::DESCRIPTION, value),
            "com.apple.quicktime.make" | "com.apple.quicktime.model" => device.push(value),
            "com.apple.quicktime.creationdate" => {
                looked.say_time(clock::CONTAINER_CREATED, times::iso(value));
            }
            "creation_time" if !mp4 => looked.say_time(clock::CONTAINER_CREATED, times::iso(value)),
            "com.apple.quicktime.location.iso6709" | "location" => looked.say(fact::PLACE, "yes"),
            _ => {}
        }
    }
    looked.quote(fact::DEVICE, &device.join(" "));
}

/// Pauses between pictures, in the order in which they are shown.
fn gaps(lines: &[u8]) -> Vec<Gap> {
    let lines = String::from_utf8_lossy(lines);
    let times = lines.lines().filter_map(|line| line.trim_end_matches(',').parse::<f64>().ok());
    let mut times: Vec<f64> = times.filter(|time| time.is_finite()).collect();
    times.sort_by(f64::total_cmp);
    let pairs = times.windows(2).map(|pair| Gap { at: pair[0], seconds: pair[1] - pair[0] });
    pairs.filter(|gap| gap.seconds > GAP_SECONDS).collect()
}
