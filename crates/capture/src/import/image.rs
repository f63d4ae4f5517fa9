//! Pictures: size, EXIF, PNG texts, XMP, and signs of editing.

mod png;
mod size;
mod xmp;

use std::io::{Cursor, Read, Seek};

use exif::{Exif, In, Tag, Value};

use super::codes::{clock, fact, finding};
use super::looked::{Looked, Severity};
use super::source::Source;
use super::times;

/// Of a larger picture only this much is looked at.
const MAX_BYTES: u64 = 64 << 20;

/// Programs that change pictures, as they name themselves in metadata.
const EDITORS: [&str; 22] = [
    "photoshop",
    "gimp",
    "snapseed",
    "picsart",
    "lightroom",
    "affinity",
    "paint.net",
    "canva",
    "pixelmator",
    "photopea",
    "meitu",
    "美图",
    "醒图",
    "xingtu",
    "faceu",
    "黄油相机",
    "polarr",
    "vsco",
    "acdsee",
    "光影魔术手",
    "inkscape",
    "krita",
];

pub(super) fn look<R: Read + Seek>(looked: &mut Looked, source: &mut Source<'_, R>) {
    let bytes = source.read(0, MAX_BYTES);
    if source.len > MAX_BYTES {
        looked.find(finding::READ_IN_PART, Severity::Note, "only the first 64 MiB of the picture");
    }
    if let Some((width, height)) = size::of(&bytes, &looked.media_type) {
        looked.say(fact::WIDTH, width);
        looked.say(fact::HEIGHT, height);
    }
    match looked.media_type.as_str() {
        "image/png" => png::look(looked, &bytes),
        "image/jpeg" => jpeg_end(looked, &source.read(source.len.saturating_sub(64 << 10), 64 << 10), &bytes),
        "image/webp" => riff_end(looked, &bytes, source.len),
        _ => {}
    }
    if let Ok(exif) = exif::Reader::new().read_from_container(&mut Cursor::new(&bytes)) {
        say_exif(looked, &exif);
    }
    xmp::look(looked, &bytes);
}

/// Says a program, and whether it is one that changes pictures.
pub(super) fn say_software(looked: &mut Looked, name: &str) {
    let known = looked.facts.iter().any(|fact| fact.code == fact::SOFTWARE && fact.value == name.trim());
    if name.trim().is_empty() || known {
        return;
    }
    looked.quote(fact::SOFTWARE, name.trim());
    let lower = name.to_lowercase();
    if EDITORS.iter().any(|editor| lower.contains(editor)) {
        looked.find(finding::IMAGE_EDITED, Severity::Doubt, name.trim());
    }
}

fn say_exif(looked: &mut Looked, exif: &Exif) {
    let text = |tag| exif.get_field(tag, In::PRIMARY).and_then(|field| ascii(&field.value));
    let time = |tag, offset| times::exif(&text(tag)?, text(offset).as_deref());
    let original = time(Tag::DateTimeOriginal, Tag::OffsetTimeOriginal);
    let changed = time(Tag::DateTime, Tag::OffsetTime);
    looked.say_time(clock::EXIF_ORIGINAL, original);
    looked.say_time(clock::EXIF_DIGITIZED, time(Tag::DateTimeDigitized, Tag::OffsetTimeDigitized));
    looked.say_time(clock::EXIF_CHANGED, changed);
    if let (Some((original, _)), Some((changed, _))) = (original, changed)
        && changed.as_second() - original.as_second() > 60
    {
        looked.find(finding::IMAGE_CHANGED, Severity::Doubt, format!("taken {original}, changed {changed}"));
    }
    let device = [text(Tag::Make), text(Tag::Model)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    looked.quote(fact::DEVICE, &device);
    say_software(looked, &text(Tag::Software).unwrap_or_default());
    looked.quote(fact::DESCRIPTION, &text(Tag::ImageDescription).unwrap_or_default());
    looked.quote(fact::DESCRIPTION, &text(Tag::UserComment).unwrap_or_default());
    if exif.get_field(Tag::GPSLatitude, In::PRIMARY).is_some() {
        looked.say(fact::PLACE, "yes");
    }
}

/// ASCII of EXIF; of a comment (tag of undefined type) what follows its eight bytes of character code.
fn ascii(value: &Value) -> Option<String> {
    let bytes = match value {
        Value::Ascii(lines) => lines.first()?.as_slice(),
        Value::Undefined(bytes, _) => bytes.strip_prefix(b"ASCII\0\0\0")?,
        _ => return None,
    };
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_matches(['\0', ' ']);
    (!text.is_empty()).then(|| text.to_owned())
}

fn jpeg_end(looked: &mut Looked, tail: &[u8], bytes: &[u8]) {
    match tail.windows(2).rposition(|window| window == [0xff, 0xd9]) {
        None => looked.find(finding::IMAGE_CUT, Severity::Defect, "no end-of-image mark in the last 64 KiB"),
        Some(at) if tail[at + 2..].iter().any(|byte| *byte != 0) => {
            let detail = format!("{} bytes after the end of the JPEG", tail.len() - at - 2);
            looked.find(finding::IMAGE_TRAILING, Severity::Note, detail);
        }
        Some(_) => {}
    }
    let head = &bytes[..bytes.len().min(256 << 10)];
    if super::sniff::find(head, b"Photoshop 3.0\0") && super::sniff::find(head, b"8BIM\x04\x25") {
        looked.find(finding::IMAGE_EDITED, Severity::Note, "a Photoshop resource block is inside");
    }
}

fn riff_end(looked: &mut Looked, bytes: &[u8], len: u64) {
    let Some(stated) = bytes.get(4..8).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes) else {
        return;
    };
    let stated = u64::from(stated) + 8;
    if stated > len {
        looked.find(finding::IMAGE_CUT, Severity::Defect, format!("{stated} bytes stated, {len} there"));
    } else if len > stated + 1 {
        looked.find(finding::IMAGE_TRAILING, Severity::Note, format!("{} bytes more", len - stated));
    }
}
