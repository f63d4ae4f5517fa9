//! Marked copies through the binary: a secret picture is covered, shown, exported and proved.

use std::io::{Cursor, Read};

use image::{ImageFormat, Rgb, RgbImage};
use serde_json::Value;

use crate::process::Home;

const WIDTH: u32 = 180;
const HEIGHT: u32 = 120;

/// A card with a code in the upper half.
fn card() -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let code = (20..160).contains(&x) && (20..50).contains(&y) && (x * 7 + y * 3) % 11 < 4;
        if code { Rgb([10, 10, 10]) } else { Rgb([240, 240, (x % 16) as u8]) }
    })
}

fn png(picture: &RgbImage) -> Vec<u8> {
    let mut file = Vec::new();
    picture.write_to(&mut Cursor::new(&mut file), ImageFormat::Png).expect("a picture is written");
    file
}

fn home() -> Home {
    let home = Home::with_vault();
    home.good(&["order", "new", "A", "--title", "点卡", "--amount", "30", "--paid", "2026-11-20 20:32:58"]);
    home.file("card.png", png(&card()));
    home
}

fn fix(home: &Home, more: &[&str]) -> String {
    let args = [&["fix", "card.png", "--order", "A", "--as", "delivery"], more].concat();
    home.json(&args)["fixed"][0]["item"].as_str().expect("an item").to_owned()
}

/// The pictures of a PDF as their samples: what its image streams unpack to.
fn pictures(pdf: &[u8]) -> Vec<Vec<u8>> {
    let mark = b"stream\n";
    let begins = pdf.windows(mark.len()).enumerate().filter(|(_, bytes)| bytes == mark).map(|(at, _)| at);
    let image = |at: &usize| {
        let head = &pdf[at.saturating_sub(400)..*at];
        let object = head.windows(4).rposition(|bytes| bytes == b" obj").unwrap_or(0);
        String::from_utf8_lossy(&head[object..]).replace(' ', "").contains("/Subtype/Image")
    };
    let unpacked = begins.filter(image).map(|at| {
        let mut samples = Vec::new();
        // What follows the stream is not part of it.
        let _ = flate2::read::ZlibDecoder::new(&pdf[at + mark.len()..]).read_to_end(&mut samples);
        samples
    });
    unpacked.collect()
}

fn contains(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|bytes| bytes == part)
}

/// The bytes of every file in a package.
fn unpacked(package: &[u8]) -> Vec<Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(package)).expect("a package is a ZIP");
    let each = (0..zip.len()).map(|place| {
        let mut bytes = Vec::new();
        zip.by_index(place).expect("a member").read_to_end(&mut bytes).expect("its bytes");
        bytes
    });
    each.collect()
}

#[test]
fn a_secret_picture_is_shown_as_its_covered_copy_and_nowhere_else() {
    let home = home();
    let item = fix(&home, &["--secret"]);
    let made = home.json(&[
        "mark",
        &item,
        "--order",
        "A",
        "--cover",
        "18,18,144,34",
        "--number",
        "1,90,90",
        "--arrow",
        "90,80,90,54",
    ]);
    assert_eq!((made["covers"].as_bool(), made["of"].as_str()), (Some(true), Some(&*item)), "{made}");
    assert_eq!(made["marks"][0], "cover 18,18,144,34");
    let copy = made["item"].as_str().unwrap().to_owned();
    let drawn = std::fs::read(home.path().join("card-marked.png")).unwrap();
    let seen = image::load_from_memory(&drawn).unwrap().into_rgb8();
    let covered: std::collections::BTreeSet<[u8; 3]> =
        (20..160).flat_map(|x| (20..50).map(move |y| (x, y))).map(|(x, y)| seen.get_pixel(x, y).0).collect();
    assert_eq!(covered.len(), 1, "the covered pixels are one colour");

    let pdf = home.json(&["doc", "catalogue", "--order", "A"]);
    let paper = std::fs::read(home.path().join("catalogue-A.pdf")).unwrap();
    let shown = pictures(&paper);
    assert!(shown.contains(&seen.clone().into_raw()), "the copy is in the paper");
    assert!(!shown.contains(&card().into_raw()), "and the original is not");
    let rests_on: Vec<&str> = pdf["rests_on"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(rests_on.contains(&&*copy), "{pdf}");

    home.good(&["export", "--order", "A", "--out", "a.zip"]);
    let files = unpacked(&std::fs::read(home.path().join("a.zip")).unwrap());
    let original = png(&card());
    assert!(files.contains(&drawn), "the copy is in the package");
    assert!(!files.iter().any(|file| contains(file, &original)), "the original is not");
    let verified = home.json(&["verify", "a.zip"]);
    assert_eq!(verified["grade"], "consistent", "{verified}");
    let told = &verified["copies"][0];
    assert_eq!((told["copy"].as_str(), told["of"].as_str()), (Some(&*copy), Some(&*item)), "{told}");
    assert_eq!(told["original"], "withheld", "{told}");
    let text = home.good(&["verify", "a.zip"]);
    assert!(text.contains(&format!("{copy} is a covered copy of {item}")), "{text}");

    home.good(&["disclose", &item, "--field", "blob", "--out", "card.json"]);
    let proved = home.json(&["verify", "a.zip", "--with", "card.json"]);
    assert_eq!(proved["grade"], "consistent", "{proved}");
    assert!(proved["copies"][0]["original"]["matches-late"].is_object(), "{proved}");
}

#[test]
fn a_copy_of_a_secret_with_nothing_covered_is_refused() {
    let home = home();
    let item = fix(&home, &["--secret"]);
    let told = home.exits(1, &["mark", &item, "--order", "A", "--box", "1,1,20,20"]);
    assert!(told.contains("--cover") && told.contains("leak"), "{told}");
    assert!(!home.path().join("card-marked.png").exists());
    assert!(!home.good(&["order", "show", "A"]).contains("card-marked"));
    home.good(&["mark", &item, "--order", "A", "--mosaic", "18,18,144,34"]);
}

#[test]
fn the_same_marks_are_one_copy_and_the_original_stays() {
    let home = home();
    let item = fix(&home, &[]);
    let first = home.json(&["mark", &item, "--order", "A", "--box", "10,10,50,30", "--out", "1.png"]);
    let again = home.json(&["mark", &item, "--order", "A", "--box", "10,10,50,30", "--out", "2.png"]);
    assert_eq!(first["item"], again["item"]);
    let files = ["1.png", "2.png"].map(|name| std::fs::read(home.path().join(name)).unwrap());
    assert_eq!(files[0], files[1]);
    let other = home.json(&["mark", &item, "--order", "A", "--box", "10,10,50,31", "--out", "3.png"]);
    assert_ne!(first["item"], other["item"]);
    home.exits(1, &["mark", &item, "--order", "A", "--box", "10,10,50,30", "--out", "1.png"]);
    home.good(&["check", "--read-data"]);
}

#[test]
fn what_cannot_be_marked_is_named() {
    let home = home();
    let item = fix(&home, &[]);
    let copy = home.json(&["mark", &item, "--order", "A", "--cover", "1,1,9,9"]);
    let copy = copy["item"].as_str().unwrap();
    home.file("note.txt", "words");
    let note = home.json(&["fix", "note.txt", "--order", "A", "--as", "other"]);
    let note = note["fixed"][0]["item"].as_str().unwrap();
    home.good(&["order", "new", "B", "--title", "会员"]);
    let mark = ["--cover", "1,1,9,9", "--out", "never.png"];
    let refused = |args: &[&str], words: &str| {
        let told = home.exits(1, &[&["mark"], args].concat());
        assert!(told.contains(words), "{args:?}: {told}");
    };
    refused(&[&[copy, "--order", "A"], &mark[..]].concat(), "is a copy itself");
    refused(&[&[note, "--order", "A"], &mark[..]].concat(), "no picture");
    refused(&[&[&*item, "--order", "B"], &mark[..]].concat(), "no evidence");
    refused(&[&*item, "--order", "A"], "Nothing to mark");
    refused(&[&*item, "--order", "A", "--cover", "170,1,20,9"], "cover 170,1,20,9");
    refused(&[&*item, "--order", "A", "--number", "100,9,9"], "1 to 99");
    let told = home.exits(2, &["mark", &item, "--order", "A", "--box", "1,2,3"]);
    assert!(told.contains("X,Y,W,H"), "{told}");
    home.good(&["erase", &item, "--yes"]);
    refused(&[&[&*item, "--order", "A"], &mark[..]].concat(), "erased");
    assert!(!home.path().join("never.png").exists());
}
