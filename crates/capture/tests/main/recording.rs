//! 录制: what is filmed, in which pieces, with which marks, and what is left after a crash.

use std::process::Command;
use std::time::Duration;

use serde_json::json;
use sigu_capture::clock::Deadline;
use sigu_capture::page;
use sigu_capture::recording::{Ended, MarkKind, Part, Reason, Recording, Settings};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::support::{Desk, Site};

fn settings() -> Settings {
    Settings {
        label: "订单 dk01 · 日志 #12 9f3ac0de · 信标 无".to_owned(),
        paused: "已暂停".to_owned(),
        size: (1280, 900),
    }
}

const COUNTER: &str = "<!doctype html><meta charset=utf-8><title>卡密</title><h1 id=a>卡密未显示</h1>\
    <script>let n=0;setInterval(()=>{a.textContent='第 '+(n++)+' 次'},50)</script>";

async fn site() -> Site {
    let second = "<!doctype html><meta charset=utf-8><title>兑换</title><h1>已被使用</h1>";
    Site::of(vec![("/card", COUNTER), ("/redeem", second)]).await
}

/// Takes parts until the end.
async fn all(parts: &mut UnboundedReceiver<Part>) -> (Vec<Part>, Ended) {
    let mut taken = Vec::new();
    loop {
        let next = tokio::time::timeout(Duration::from_secs(30), parts.recv()).await;
        match next.expect("a part in half a minute").expect("the end comes before the channel closes") {
            Part::Ended(ended) => return (taken, ended),
            part => taken.push(part),
        }
    }
}

/// Takes parts until there are `pieces` of them.
async fn some(parts: &mut UnboundedReceiver<Part>, pieces: usize) -> Vec<Part> {
    let mut taken: Vec<Part> = Vec::new();
    let deadline = Deadline::after(Duration::from_secs(40));
    while taken.iter().filter(|part| matches!(part, Part::Piece(_))).count() < pieces {
        let next = tokio::time::timeout(deadline.left(), parts.recv()).await;
        taken.push(next.expect("pieces come while it runs").expect("it still runs"));
    }
    taken
}

fn video(parts: &[Part]) -> Vec<u8> {
    let pieces = parts.iter().filter_map(|part| match part {
        Part::Piece(piece) => Some(piece.bytes.clone()),
        _ => None,
    });
    pieces.flatten().collect()
}

/// What is on the time line, but for what a busy machine adds.
fn marks(parts: &[Part]) -> Vec<MarkKind> {
    let kinds =
        parts.iter().filter_map(|part| if let Part::Mark(mark) = part { Some(mark.kind) } else { None });
    kinds.filter(|kind| *kind != MarkKind::Stalled).collect()
}

/// What ffprobe counts: codec, width, height, frames.
fn probe(video: &[u8]) -> (String, u64, u64, u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording.webm");
    std::fs::write(&path, video).unwrap();
    let entries = "stream=codec_name,width,height,nb_read_frames";
    let mut ffprobe = Command::new("ffprobe");
    ffprobe.args(["-v", "error", "-count_frames", "-show_entries", entries, "-of", "json"]).arg(&path);
    let output = ffprobe.output().expect("ffprobe is installed by make test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let stream = &told["streams"][0];
    let frames = stream["nb_read_frames"].as_str().unwrap().parse().unwrap();
    let text = stream["codec_name"].as_str().unwrap().to_owned();
    (text, stream["width"].as_u64().unwrap(), stream["height"].as_u64().unwrap(), frames)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_take_goes_through_a_change_of_page_and_ffprobe_reads_it() {
    let (desk, site) = (Desk::new().await, site().await);
    desk.open(&site.url("/card")).await;
    let (recording, mut parts) = Recording::start(&desk.traffic, &desk.tab, &settings()).await.unwrap();
    let mut taken = some(&mut parts, 1).await;
    desk.open(&site.url("/redeem")).await;
    taken.extend(some(&mut parts, 1).await);
    recording.stop().await;
    let (rest, ended) = all(&mut parts).await;
    taken.extend(rest);

    assert!(ended.continuous, "{ended:?}");
    assert_eq!(ended.reason, Reason::Stopped);
    assert_eq!(marks(&taken), [MarkKind::Began, MarkKind::Navigated, MarkKind::Ended]);
    let (codec, width, height, frames) = probe(&video(&taken));
    assert_eq!((codec.as_str(), width, height), ("vp9", 1280, 956));
    assert!(frames >= 10, "{frames} frames in {} ms", ended.duration_ms);
    let keys: Vec<_> = taken
        .iter()
        .filter_map(|part| if let Part::KeyFrame(key) = part { Some(key) } else { None })
        .collect();
    assert!(keys.iter().any(|key| key.url.ends_with("/card")), "a key frame before");
    assert!(keys.iter().any(|key| key.url.ends_with("/redeem")), "a key frame after");
    assert!(keys.iter().all(|key| key.jpeg.starts_with(&[0xff, 0xd8])));
    assert_eq!(desk.traffic.tabs().len(), 1, "the camera is no tab of the user");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_that_stood_still_is_told_on_the_time_line() {
    let (desk, site) = (Desk::new().await, site().await);
    desk.open(&site.url("/card")).await;
    let (recording, mut parts) = Recording::start(&desk.traffic, &desk.tab, &settings()).await.unwrap();
    let mut taken = some(&mut parts, 1).await;
    let browser = desk.browser.session();
    let targets = browser.call("Target.getTargets", json!({})).await.unwrap();
    let mut targets = targets["targetInfos"].as_array().unwrap().iter();
    let camera = targets.find(|target| target["url"] == "https://camera.invalid/").expect("the camera");
    let ask = json!({ "targetId": camera["targetId"], "flatten": true });
    let attached = browser.call("Target.attachToTarget", ask).await.unwrap();
    let camera = browser.devtools().session(attached["sessionId"].as_str().unwrap());
    let busy = "const until = Date.now() + 5000; while (Date.now() < until) {}";
    drop(camera.post("Runtime.evaluate", json!({ "expression": busy })));
    taken.extend(some(&mut parts, 1).await);
    recording.stop().await;
    let (rest, ended) = all(&mut parts).await;
    taken.extend(rest);
    let stalled = taken.iter().find_map(|part| match part {
        Part::Mark(mark) if mark.kind == MarkKind::Stalled => Some(mark),
        _ => None,
    });
    let seconds: u64 = stalled.expect("a mark").detail.parse().unwrap();
    assert!(seconds >= 3, "{seconds}");
    assert!(ended.continuous, "nothing is missing, an older picture stood: {ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_stays_on_the_time_line_and_ends_the_one_take() {
    let (desk, site) = (Desk::new().await, site().await);
    desk.open(&site.url("/card")).await;
    let (recording, mut parts) = Recording::start(&desk.traffic, &desk.tab, &settings()).await.unwrap();
    let mut taken = some(&mut parts, 1).await;
    recording.pause();
    recording.resume();
    recording.note("现在点查看卡密");
    recording.stop().await;
    let (rest, ended) = all(&mut parts).await;
    taken.extend(rest);
    let expected = [MarkKind::Began, MarkKind::Paused, MarkKind::Resumed, MarkKind::Noted, MarkKind::Ended];
    assert_eq!(marks(&taken), expected);
    assert!(!ended.continuous);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_tab_is_followed_and_a_closed_one_is_marked() {
    let (desk, site) = (Desk::new().await, site().await);
    desk.open(&site.url("/card")).await;
    let (recording, mut parts) = Recording::start(&desk.traffic, &desk.tab, &settings()).await.unwrap();
    let mut taken = some(&mut parts, 1).await;
    let session = desk.traffic.session(&desk.tab).unwrap();
    let open =
        json!({ "expression": format!("void window.open('{}')", site.url("/redeem")), "userGesture": true });
    session.call("Runtime.evaluate", open).await.unwrap();
    taken.extend(some(&mut parts, 1).await);
    let second = desk.traffic.tabs().into_iter().find(|tab| tab.id != desk.tab).expect("a second tab");
    let close = json!({ "targetId": second.id.0 });
    desk.browser.session().call("Target.closeTarget", close).await.unwrap();
    taken.extend(some(&mut parts, 1).await);
    recording.stop().await;
    let (rest, ended) = all(&mut parts).await;
    taken.extend(rest);
    let kinds = marks(&taken);
    let at = |kind| kinds.iter().position(|found| *found == kind);
    assert!(at(MarkKind::TabSwitched).is_some() && at(MarkKind::TabClosed).is_some(), "{kinds:?}");
    assert!(at(MarkKind::TabSwitched) < at(MarkKind::TabClosed), "{kinds:?}");
    assert!(ended.continuous, "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_browser_leaves_the_pieces_made_so_far() {
    let (desk, site) = (Desk::new().await, site().await);
    desk.open(&site.url("/card")).await;
    let (_recording, mut parts) = Recording::start(&desk.traffic, &desk.tab, &settings()).await.unwrap();
    let mut taken = some(&mut parts, 2).await;
    let group = rustix::process::Pid::from_raw(desk.browser.process().unwrap().cast_signed()).unwrap();
    rustix::process::kill_process_group(group, rustix::process::Signal::KILL).unwrap();
    let (rest, ended) = all(&mut parts).await;
    taken.extend(rest);
    assert_eq!(ended.reason, Reason::BrowserGone);
    assert!(!ended.continuous);
    let (codec, _, _, frames) = probe(&video(&taken));
    assert_eq!(codec, "vp9");
    assert!(frames >= 5, "{frames}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_captures_during_a_recording_both_succeed() {
    let (desk, site) = (Desk::new().await, site().await);
    desk.open(&site.url("/card")).await;
    let (recording, mut parts) = Recording::start(&desk.traffic, &desk.tab, &settings()).await.unwrap();
    some(&mut parts, 1).await;
    let (one, other) = tokio::join!(
        page::fix(&desk.traffic, &desk.tab, &desk.limits),
        page::fix(&desk.traffic, &desk.tab, &desk.limits)
    );
    for capture in [one.unwrap(), other.unwrap()] {
        assert_eq!(capture.pictures.len(), 1, "{:?}", capture.gaps);
        assert!(capture.look.unwrap().text.contains('次'));
    }
    recording.stop().await;
    let (_, ended) = all(&mut parts).await;
    assert!(ended.continuous, "{ended:?}");
}
