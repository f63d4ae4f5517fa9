//! Pictures made here byte by byte.

use exif::experimental::Writer;
use exif::{Field, In, Tag, Value};
use sigu_capture::import::Kind;
use sigu_capture::import::codes::{clock, fact, finding};

use super::{finds, look_at, said};

/// A JPEG of 640×360 with segments before its frame, without real pixels.
fn jpeg(segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8];
    let frame = (0xc0, vec![8, 0x01, 0x68, 0x02, 0x80, 1, 1, 0x11, 0]);
    for (marker, body) in segments.iter().chain([&frame]) {
        bytes.extend([0xff, *marker]);
        bytes.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        bytes.extend(body);
    }
    bytes.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3, 0xff, 0xd9]);
    bytes
}

fn exif(fields: &[(Tag, &str)]) -> (u8, Vec<u8>) {
    let field = |(tag, text): &(Tag, &str)| Field {
        tag: *tag,
        ifd_num: In::PRIMARY,
        value: Value::Ascii(vec![text.as_bytes().to_vec()]),
    };
    let fields: Vec<Field> = fields.iter().map(field).collect();
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut out = std::io::Cursor::new(Vec::new());
    writer.write(&mut out, false).unwrap();
    (0xe1, [b"Exif\0\0".to_vec(), out.into_inner()].concat())
}

fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let head = (b"IHDR", [0, 0, 2, 0x80, 0, 0, 1, 0x68, 8, 0, 0, 0, 0].to_vec());
    for (kind, body) in [&head].into_iter().chain(chunks).chain([&(b"IEND", vec![])]) {
        bytes.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        bytes.extend(*kind);
        bytes.extend(body);
        bytes.extend([0; 4]);
    }
    bytes
}

#[test]
fn exif_tells_times_with_and_without_zone() {
    let photo = jpeg(&[exif(&[
        (Tag::Make, "HUAWEI"),
        (Tag::Model, "P60"),
        (Tag::DateTimeOriginal, "2026:11:22 14:03:11"),
        (Tag::OffsetTimeOriginal, "+09:00"),
        (Tag::DateTime, "2026:11:22 14:03:30"),
    ])]);
    let looked = look_at("IMG_20261122_140311.jpg", photo);
    assert_eq!((looked.kind, looked.media_type.as_str()), (Kind::Image, "image/jpeg"));
    assert_eq!(said(&looked, clock::EXIF_ORIGINAL), ["2026-11-22T05:03:11Z"]);
    assert_eq!(said(&looked, clock::EXIF_CHANGED), ["2026-11-22T06:03:30Z"]);
    assert_eq!(
        looked.formed_at.iter().map(|claim| claim.zone_known).collect::<Vec<_>>(),
        [true, false, false]
    );
    assert_eq!(looked.fact(fact::DEVICE), Some("HUAWEI P60"));
    assert_eq!((looked.fact(fact::WIDTH), looked.fact(fact::HEIGHT)), (Some("640"), Some("360")));
    assert!(!finds(&looked, finding::TIME_NONE) && !finds(&looked, finding::IMAGE_CUT));
}

#[test]
fn editing_is_found() {
    let photo = jpeg(&[exif(&[
        (Tag::Software, "Adobe Photoshop 27.0"),
        (Tag::DateTimeOriginal, "2026:11:22 14:03:11"),
        (Tag::DateTime, "2026:11:22 15:03:11"),
    ])]);
    let looked = look_at("a.jpg", photo);
    assert_eq!(looked.finding(finding::IMAGE_EDITED).unwrap().detail, "Adobe Photoshop 27.0");
    assert!(finds(&looked, finding::IMAGE_CHANGED));
    assert!(!finds(
        &look_at("a.jpg", jpeg(&[exif(&[(Tag::Software, "HarmonyOS 5")])])),
        finding::IMAGE_EDITED
    ));
}

#[test]
fn xmp_is_read() {
    let xmp = br#"http://ns.adobe.com/xap/1.0/ <x xmp:CreatorTool="Snapseed 3" xmp:CreateDate="2026-11-22T14:03:11+08:00"
        xmp:ModifyDate="2026-11-22T15:00:00+08:00"><stEvt:action>saved</stEvt:action></x>"#;
    let looked = look_at("a.jpg", jpeg(&[(0xe1, xmp.to_vec())]));
    assert_eq!(said(&looked, clock::XMP_CREATED), ["2026-11-22T06:03:11Z"]);
    assert_eq!(said(&looked, clock::XMP_CHANGED), ["2026-11-22T07:00:00Z"]);
    assert_eq!(looked.findings.iter().filter(|one| one.code == finding::IMAGE_EDITED).count(), 2);
}

#[test]
fn a_jpeg_that_ends_early_or_late_is_found() {
    let whole = jpeg(&[]);
    assert!(finds(&look_at("a.jpg", &whole[..whole.len() - 2]), finding::IMAGE_CUT));
    assert!(finds(&look_at("a.jpg", [&whole[..], b"more"].concat()), finding::IMAGE_TRAILING));
    assert!(!finds(&look_at("a.jpg", &whole), finding::IMAGE_TRAILING));
}

#[test]
fn png_texts_and_times_are_read() {
    let looked = look_at(
        "a.png",
        png(&[
            (b"tIME", vec![0x07, 0xea, 11, 22, 6, 3, 11]),
            (b"tEXt", b"Software\0GIMP 3.0".to_vec()),
            (b"tEXt", b"Creation Time\0Sun, 22 Nov 2026 14:03:11 +0800".to_vec()),
            (b"iTXt", [b"Comment\0\0\0zh\0\0".as_slice(), "闲鱼订单".as_bytes()].concat()),
        ]),
    );
    assert_eq!(said(&looked, clock::PNG_TIME), ["2026-11-22T06:03:11Z"]);
    assert_eq!(said(&looked, clock::PNG_CREATION), ["2026-11-22T06:03:11Z"]);
    assert_eq!(looked.fact(fact::DESCRIPTION), Some("闲鱼订单"));
    assert!(finds(&looked, finding::IMAGE_EDITED));
    assert_eq!((looked.fact(fact::WIDTH), looked.fact(fact::HEIGHT)), (Some("640"), Some("360")));
}

#[test]
fn a_png_that_ends_early_or_late_is_found() {
    let whole = png(&[]);
    assert!(finds(&look_at("a.png", &whole[..whole.len() - 3]), finding::IMAGE_CUT));
    assert!(finds(&look_at("a.png", [&whole[..], &whole[..]].concat()), finding::IMAGE_TRAILING));
    assert!(!finds(&look_at("a.png", &whole), finding::IMAGE_CUT));
}

#[test]
fn other_formats_tell_their_size() {
    let webp = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\x67\x01\0VP8 \0\0\0\0".to_vec();
    let gif = b"GIF89a\x80\x02\x68\x01\0\0\0".to_vec();
    let heic = [
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".as_slice(),
        b"\0\0\0\x14ispe\0\0\0\0\0\0\0\x40\0\0\0\x40\0\0\0\x14ispe\0\0\0\0\0\0\x02\x80\0\0\x01\x68",
    ]
    .concat();
    for (name, bytes) in [("a.webp", webp), ("a.gif", gif), ("a.heic", heic)] {
        let looked = look_at(name, bytes);
        assert_eq!(looked.kind, Kind::Image, "{name}");
        assert_eq!(
            (looked.fact(fact::WIDTH), looked.fact(fact::HEIGHT)),
            (Some("640"), Some("360")),
            "{name}"
        );
        assert!(!finds(&looked, finding::NAME_MISMATCH), "{name}");
    }
}
