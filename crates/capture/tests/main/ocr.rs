//! Text of pictures by tesseract: pages that ffmpeg paints here, light and dark.

use std::path::Path;
use std::process::Command;

use sigu_capture::import::Tools;
use sigu_capture::ocr::{Refusal, Suggestion, suggest};

use crate::import::tools;

/// Paints lines of text in one colour on another; the font is Noto Sans CJK.
fn paint(folder: &Path, lines: &str, ink: &str, paper: &str, name: &str) -> Vec<u8> {
    let words = folder.join("words.txt");
    #[allow(clippy::disallowed_methods, reason = "a fixture")]
    std::fs::write(&words, lines).unwrap();
    let words = words.to_str().unwrap();
    let text = format!(
        "drawtext=font=Noto Sans CJK SC:textfile={words}:fontsize=40:fontcolor={ink}:x=40:y=40:line_spacing=30"
    );
    let page = format!("color=c={paper}:s=900x420");
    draw(folder, &page, &text, name)
}

fn draw(folder: &Path, page: &str, filter: &str, name: &str) -> Vec<u8> {
    let output = folder.join(name);
    let done = Command::new("ffmpeg")
        .args(["-nostdin", "-hide_banner", "-v", "error", "-y", "-f", "lavfi", "-i", page])
        .args(["-vf", filter, "-frames:v", "1"])
        .arg(&output)
        .status();
    assert!(done.expect("ffmpeg is needed: apt-get install ffmpeg").success());
    std::fs::read(output).unwrap()
}

const LINES: &str = "订单号 202611221403\n卡密已经使用过\n申请退款三十元";

fn reads(suggestion: &Suggestion) {
    let text: String = suggestion.text.chars().filter(|c| !c.is_whitespace()).collect();
    for part in ["订单号202611221403", "卡密已经使用过", "申请退款三十元"] {
        assert!(text.contains(part), "{}: {}", part, suggestion.text);
    }
}

#[test]
fn light_and_dark_pages_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("black", "white", "a.png"),
        ("white", "0x111111", "b.png"),
        ("white", "0x2a6f3c", "c.png"),
        ("0x222222", "0xf4f4f4", "d.jpg"),
    ];
    for (ink, paper, name) in cases {
        let suggestion = suggest(&paint(folder.path(), LINES, ink, paper, name), &tools()).unwrap();
        reads(&suggestion);
        assert!((60..=100).contains(&suggestion.confidence), "{name}: {}", suggestion.confidence);
        let tops: Vec<u32> = suggestion.lines.iter().map(|line| line.place.top).collect();
        assert!(tops.len() == 3 && tops.is_sorted(), "{name}: {tops:?}");
        let place = suggestion.lines[0].place;
        assert!((30..=60).contains(&place.left) && place.height < 80 && place.width < 860, "{place:?}");
    }
}

#[test]
fn a_page_without_text_is_an_empty_suggestion() {
    let folder = tempfile::tempdir().unwrap();
    let suggestion = suggest(&paint(folder.path(), "", "black", "white", "a.png"), &tools()).unwrap();
    assert_eq!((suggestion.text.as_str(), suggestion.confidence, suggestion.lines.len()), ("", 0, 0));
}

#[test]
fn refusals_say_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let page = paint(folder.path(), "x", "black", "white", "a.png");
    let missing = suggest(&page, &Tools::default()).unwrap_err();
    assert_eq!(missing, Refusal::ToolMissing);
    assert!(missing.to_string().contains("tesseract-ocr tesseract-ocr-chi-sim"));
    assert_eq!(suggest(b"GIF89a", &tools()).unwrap_err(), Refusal::NotAPicture);
    assert!(matches!(suggest(&page[..page.len() / 2], &tools()).unwrap_err(), Refusal::Broken(_)));
    let mut bomb = page.clone();
    bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    assert!(matches!(suggest(&bomb, &tools()).unwrap_err(), Refusal::TooLarge | Refusal::Broken(_)));
    let failing = Tools { tesseract: Some("/bin/false".into()), ffprobe: None };
    assert!(matches!(suggest(&page, &failing).unwrap_err(), Refusal::Failed(_)));
}

#[test]
fn debug_shows_no_text() {
    let folder = tempfile::tempdir().unwrap();
    let suggestion = suggest(&paint(folder.path(), LINES, "black", "white", "a.png"), &tools()).unwrap();
    assert!(!format!("{suggestion:?}").contains("卡密"));
}

#[test]
fn broken_pictures_are_refused_without_panic() {
    let folder = tempfile::tempdir().unwrap();
    let none = Tools { tesseract: Some("/bin/false".into()), ffprobe: None };
    for name in ["a.png", "a.jpg"] {
        let page = paint(folder.path(), "卡密", "black", "white", name);
        for sixteenth in 0..16 {
            assert!(suggest(&page[..page.len() * sixteenth / 16], &none).is_err());
        }
        for at in (0..page.len().min(600)).step_by(7) {
            let mut changed = page.clone();
            changed[at] ^= 0xff;
            assert!(suggest(&changed, &none).is_err());
        }
    }
}

/// A chat as apps show it at night: dark text on a green and a white bubble, light text on a grey one.
#[test]
fn bubbles_of_both_kinds_on_one_page_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let bubbles = [
        ("已经付款三十元请发货", "0x95ec69", "black", 60),
        ("请稍等马上发货", "0x2c2c2c", "0xd5d5d5", 220),
        ("订单号 202611221403", "white", "0x333333", 380),
    ];
    let mut filter = Vec::new();
    for (n, (words, ground, ink, top)) in bubbles.iter().enumerate() {
        let path = folder.path().join(format!("{n}.txt"));
        #[allow(clippy::disallowed_methods, reason = "a fixture")]
        std::fs::write(&path, words).unwrap();
        filter.push(format!("drawbox=x=40:y={top}:w=560:h=90:color={ground}:t=fill"));
        let (path, below) = (path.display(), top + 25);
        filter.push(format!(
            "drawtext=font=Noto Sans CJK SC:fontsize=36:textfile={path}:fontcolor={ink}:x=80:y={below}"
        ));
    }
    let page = draw(folder.path(), "color=c=0x111111:s=900x600", &filter.join(","), "chat.png");
    let suggestion = suggest(&page, &tools()).unwrap();
    let lines: Vec<String> = suggestion.text.lines().map(|line| line.replace(' ', "")).collect();
    assert_eq!(lines, ["已经付款三十元请发货", "请稍等马上发货", "订单号202611221403"]);
}
