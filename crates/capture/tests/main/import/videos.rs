//! Videos that ffmpeg makes here: whole, trimmed by an edit list, with a gap, cut.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use sigu_capture::import::codes::{clock, fact, finding};
use sigu_capture::import::{Kind, Severity, Tools};

use super::{finds, look_at_path, said, tools};

fn ffmpeg(folder: &Path, arguments: &[&str], output: &str) -> PathBuf {
    let path = folder.join(output);
    let done = Command::new("ffmpeg")
        .args(["-nostdin", "-hide_banner", "-v", "error", "-y"])
        .args(arguments)
        .arg(OsStr::new("file:").to_owned().into_string().unwrap() + path.to_str().unwrap())
        .status()
        .expect("ffmpeg is needed: apt-get install ffmpeg");
    assert!(done.success(), "{arguments:?}");
    path
}

/// Eight seconds, a key picture each second.
fn whole(folder: &Path, name: &str) -> PathBuf {
    let source = "testsrc=size=320x180:rate=10:duration=8";
    let time = "creation_time=2026-11-22T06:03:11Z";
    let coding = ["-c:v", "mpeg4", "-g", "10", "-metadata", time];
    ffmpeg(folder, &[&["-f", "lavfi", "-i", source], &coding[..]].concat(), name)
}

#[test]
fn a_whole_video_tells_its_time_and_size() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.mp4", "-i.mov"] {
        let looked = look_at_path(&whole(folder.path(), name), &tools());
        assert_eq!(looked.kind, Kind::Video);
        assert_eq!(said(&looked, clock::MP4_CREATED), ["2026-11-22T06:03:11Z"], "{name}");
        assert_eq!((looked.fact(fact::WIDTH), looked.fact(fact::HEIGHT)), (Some("320"), Some("180")));
        assert_eq!(looked.fact(fact::DURATION), Some("8.000"));
        assert_eq!(looked.fact(fact::CODEC), Some("video mpeg4"));
        let codes: Vec<_> = looked.findings.iter().map(|one| (one.code, one.severity)).collect();
        assert_eq!(codes, [(finding::VIDEO_EDITED, Severity::Note)], "{name}: {looked:?}");
    }
}

#[test]
fn an_edit_list_that_skips_the_start_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let source = whole(folder.path(), "whole.mp4");
    // Copied from between two key pictures: the container keeps the pictures before and skips them.
    let cut = ffmpeg(folder.path(), &["-ss", "2.7", "-i", source.to_str().unwrap(), "-c", "copy"], "cut.mp4");
    for tools in [tools(), Tools::default()] {
        let looked = look_at_path(&cut, &tools);
        let found = looked.finding(finding::VIDEO_EDIT_LIST).expect("an edit list");
        assert!(found.detail.contains("the first 0.70 s"), "{found:?}");
    }
}

#[test]
fn a_gap_is_found_with_and_without_ffprobe() {
    let folder = tempfile::tempdir().unwrap();
    let source = whole(folder.path(), "whole.mp4");
    let keep = "select='lt(t,2)+gt(t,6)'";
    let arguments =
        ["-i", source.to_str().unwrap(), "-vf", keep, "-vsync", "vfr", "-c:v", "mpeg4", "-bf", "0"];
    for (name, tools) in [("gap.mp4", tools()), ("gap.mp4", Tools::default()), ("gap.mkv", tools())] {
        let looked = look_at_path(&ffmpeg(folder.path(), &arguments, name), &tools);
        let found = looked.finding(finding::VIDEO_GAP).unwrap_or_else(|| panic!("{name}: {looked:?}"));
        assert_eq!(found.detail, "4.2 s without a new picture after 1.9 s", "{name}");
        assert_eq!(finds(&looked, finding::VIDEO_PARTLY), tools == Tools::default());
    }
}

#[test]
fn a_video_that_breaks_off_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = whole(folder.path(), "a.mp4");
    let bytes = std::fs::read(&path).unwrap();
    let half = super::look_at("a.mp4", &bytes[..bytes.len() / 2]);
    assert!(finds(&half, finding::VIDEO_CUT), "{half:?}");
    assert!(!finds(&super::look_at("a.mp4", &bytes), finding::VIDEO_CUT));
}

#[test]
fn other_containers_are_looked_at_by_ffprobe() {
    let folder = tempfile::tempdir().unwrap();
    let looked = look_at_path(&whole(folder.path(), "a.mkv"), &tools());
    assert_eq!(said(&looked, clock::CONTAINER_CREATED), ["2026-11-22T06:03:11Z"]);
    assert_eq!(looked.fact(fact::WIDTH), Some("320"));
    assert!(looked.fact(fact::DURATION).unwrap().starts_with("8.0"), "{looked:?}");
}

#[test]
fn a_playlist_that_poses_as_a_video_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    whole(folder.path(), "secret.mp4");
    for (name, text) in
        [("a.mp4", "ffconcat version 1.0\nfile secret.mp4\n"), ("b.mp4", "#EXTM3U\nsecret.mp4\n")]
    {
        let path = folder.path().join(name);
        #[allow(clippy::disallowed_methods, reason = "a fixture")]
        std::fs::write(&path, text).unwrap();
        let looked = look_at_path(&path, &tools());
        assert_eq!(looked.kind, Kind::Text, "{name}");
        assert_eq!(looked.fact(fact::DURATION), None, "{name}");
        assert!(finds(&looked, finding::NAME_MISMATCH));
    }
}

#[test]
fn a_tool_that_fails_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let tools = Tools { ffprobe: Some("/bin/false".into()), tesseract: None };
    let looked = look_at_path(&whole(folder.path(), "a.mp4"), &tools);
    let found = looked.finding(finding::VIDEO_PARTLY).expect("said");
    assert_eq!(found.detail, "streams: ffprobe cannot read the file");
    assert_eq!(said(&looked, clock::MP4_CREATED), ["2026-11-22T06:03:11Z"]);
}
