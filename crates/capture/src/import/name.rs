//! What a file's name says: a time, a screenshot of some app, a kind.

use std::sync::LazyLock;

use regex::Regex;

use super::codes::{clock, fact, finding};
use super::looked::{Looked, Severity};
use super::times::{Said, civil, epoch, wall};

/// Longer names are not read; no system makes them.
const MAX_NAME: usize = 1024;

/// `Screenshot_20261122_140311`, `IMG_20261122_140311`, `微信图片_20261122140311`,
/// `屏幕截图 2026-11-22 140311`, `Screen Shot 2026-11-22 at 2.03.11 PM`, `QQ截图20261122140311`.
static WALL: LazyLock<Regex> = LazyLock::new(|| {
    let date = r"(?:^|\D)(20\d\d)[-_.年]?(\d\d)[-_.月]?(\d\d)日?";
    let clock = r"(?:[ _\-T]| at )?(上午|下午)?(\d{1,2})[-_.:：时]?(\d\d)[-_.:：分]?(\d\d)";
    Regex::new(&format!(r"{date}{clock}(?:[\u{{202f}} ]?([AP]M)|\D|\d{{3}}(?:\D|$)|$)"))
        .expect("a fixed pattern")
});

/// `mmexport1700000000000`, `wx_camera_1700000000000`, `Screenshot_1700000000000`: milliseconds since 1970.
static MILLIS: LazyLock<Regex> = LazyLock::new(|| {
    let heads =
        r"(?i)(?:mmexport(?:[0-9a-f]{32}_?)?|wx_camera_|microMsg\.|Screenshot_|IMG_|VID_|video_|image_)";
    Regex::new(&format!(r"{heads}(1\d{{12}})(?:\D|$)")).expect("a fixed pattern")
});

/// Names that systems and chat programs give to screenshots.
static SCREENSHOT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)screen[ _-]?shot|screen[ _-]?capture|截屏|截图|屏幕快照|snipaste")
        .expect("a fixed pattern")
});

/// Android phones append the package of the app that was in front.
static APP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[_-]((?:com|cn|tv|org|net)(?:\.[A-Za-z0-9_]+){1,5}?)(?:\.\w{3,4})?$")
        .expect("a fixed pattern")
});

pub(super) fn look(looked: &mut Looked, name: &str) {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    if name.is_empty() || name.len() > MAX_NAME {
        return;
    }
    looked.say_time(clock::NAME, time(name));
    if SCREENSHOT.is_match(name) {
        looked.say(fact::NAME_SCREENSHOT, "yes");
    }
    if let Some(app) = APP.captures(name) {
        looked.say(fact::NAME_APP, &app[1]);
    }
    compare_kind(looked, name);
}

fn time(name: &str) -> Said {
    if let Some(millis) = MILLIS.captures(name) {
        return epoch(millis[1].parse::<i64>().ok()? / 1000);
    }
    let found = WALL.captures(name)?;
    let number = |n: usize| found.get(n).and_then(|part| part.as_str().parse::<i16>().ok());
    let hour = match (found.get(4).or(found.get(8)).map(|half| half.as_str()), number(5)?) {
        (Some("PM" | "下午"), hour @ 1..=11) => hour + 12,
        (Some("AM" | "上午"), 12) => 0,
        (_, hour) => hour,
    };
    wall(civil(number(1)?, &[number(2)?, number(3)?, hour, number(6)?, number(7)?])?, None)
}

/// Families of formats: endings of names, and media types that may stand behind them.
const FAMILIES: &[(&[&str], &[&str])] = &[
    (&["jpg", "jpeg", "jpe", "jfif"], &["image/jpeg"]),
    (&["png"], &["image/png"]),
    (&["gif"], &["image/gif"]),
    (&["webp"], &["image/webp"]),
    (&["heic", "heif", "avif"], &["image/heif", "image/avif"]),
    (&["bmp"], &["image/bmp"]),
    (&["tif", "tiff"], &["image/tiff"]),
    (&["mp4", "m4v", "mov", "3gp", "m4a"], &["video/mp4", "video/x-m4v", "video/quicktime", "audio/m4a"]),
    (&["mkv", "webm"], &["video/x-matroska", "video/webm"]),
    (&["avi"], &["video/x-msvideo"]),
    (&["flv"], &["video/x-flv"]),
    (&["pdf"], &["application/pdf"]),
    (&["eml"], &["message/rfc822"]),
    (&["mht", "mhtml"], &["multipart/related"]),
    (&["htm", "html", "xhtml"], &["text/html"]),
    (&["har"], &["application/har+json"]),
    (&["json"], &["application/json", "application/har+json"]),
    (&["warc"], &["application/warc", "application/warc+gzip"]),
    (&["wacz"], &["application/wacz"]),
    (&["csv"], &["text/csv", "text/plain"]),
    (&["txt", "log", "md"], &["text/plain", "text/csv", "text/html", "application/json", "message/rfc822"]),
    (&["zip"], &["application/zip", "application/wacz"]),
];

fn compare_kind(looked: &mut Looked, name: &str) {
    let Some((_, ending)) = name.rsplit_once('.') else { return };
    let ending = ending.to_ascii_lowercase();
    let Some((_, allowed)) = FAMILIES.iter().find(|(endings, _)| endings.contains(&ending.as_str())) else {
        return;
    };
    if !allowed.contains(&looked.media_type.as_str()) {
        let detail = format!("the name ends in .{ending}, the content is {}", looked.media_type);
        looked.find(finding::NAME_MISMATCH, Severity::Doubt, detail);
    }
}
