//! Foreign bytes: cut, random, changed, failing. Nothing panics, everything is bounded.

use std::io::{self, Read, Seek, SeekFrom};

use proptest::prelude::*;
use sigu_capture::import::codes::finding;
use sigu_capture::import::{MAX_TEXT, Tools, look};

use super::{look_at, now};

/// The start of one file of every kind, enough to be taken for it.
fn seeds() -> Vec<Vec<u8>> {
    let gap = |head: &[u8], body: &[u8]| [head, body].concat();
    vec![
        gap(b"\xff\xd8\xff\xe1\0\x40Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x32\0\x02\0\0\0\x14\0\0\0\x26\x87\x69\0\x04\0\0\0\x01\0\0\0\x08", b"2026:11:22 14:03:11\0\xff\xc0\0\x0b\x08\x01\x68\x02\x80\xff\xd9"),
        gap(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x80\0\0\x01\x68\x08\0\0\0\0\0\0\0\0", b"\0\0\0\x07tIME\x07\xea\x0b\x16\x06\x03\x0b\0\0\0\0\0\0\0\0IEND\0\0\0\0"),
        b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\x67\x01\0VP8 \0\0\0\0".to_vec(),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x14ispe\0\0\0\0\0\0\x02\x80\0\0\x01\x68".to_vec(),
        gap(b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x6cmoov\0\0\0\x20mvhd\0\0\0\0\xe6\0\0\0\xe6\0\0\0\0\0\x03\xe8\0\0\x1f\x40\0\0\0\0", b"\0\0\0\x44trak\0\0\0\x24edts\0\0\0\x1celst\0\0\0\0\0\0\0\x01\0\0\x10\0\0\0\x10\0\0\x01\0\0\0\0\0\x18mdia\0\0\0\x10hdlr\0\0\0\0\0\0\0\0mdat"),
        b"%PDF-1.7\n1 0 obj<</Type/ObjStm/N 1>>stream\nx\x9c\x03\0\0\0\0\x01\n/Producer(a\\(b\\)\\101)/CreationDate<FEFF>/ByteRange[0 1 2 3]%%EOF".to_vec(),
        b"Date: Sun, 22 Nov 2026 14:04:00 +0800\r\nFrom: a@b.c\r\nDKIM-Signature: d=b.c\r\nReceived: x; Sun, 22 Nov 2026 14:04:00 +0800\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@y\r\n\r\n--b--".to_vec(),
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.test/\r\nDate: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<img src=\"cid:x\">\r\n--b--".to_vec(),
        br#"{"log":{"creator":{"name":"x"},"entries":[{"startedDateTime":"2026-11-22T06:03:11Z","response":{"content":{"size":1}}}]}}"#.to_vec(),
        "<html><!--\n Page saved with SingleFile \n url: https://a.test/?q \n saved date: Sun Nov 22 2026 14:03:11 GMT+0800 (中)\n--><title>订单</title>".as_bytes().to_vec(),
        "消息记录（此消息记录为文本格式\n消息对象:飞鱼\n2026-11-22 14:03:11 飞鱼(12345)\n在\n2026-11-24 14:03:11 我(54321)\n好".as_bytes().to_vec(),
        "微信支付账单明细,,\n起始时间：[2026-11-01 00:00:00] 终止时间：[2026-11-22 23:59:59]\n共2笔记录\n交易时间,交易类型,收/支\n2026-11-22 12:00:00,\"a\",支出\n".as_bytes().to_vec(),
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03WARC".to_vec(),
        b"PK\x03\x04\x14\0\0\0datapackage.jsonarchive/PK\x05\x06".to_vec(),
    ]
}

#[test]
fn every_kind_may_break_off_anywhere() {
    for seed in seeds() {
        for sixteenth in 0..=16 {
            look_at("a.bin", &seed[..seed.len() * sixteenth / 16]);
        }
        for at in 0..seed.len().min(400) {
            look_at("a.bin", &seed[..at]);
        }
    }
}

#[test]
fn numbers_may_be_anything() {
    for seed in seeds() {
        for at in 0..seed.len().min(400) {
            for byte in [0, 0x7f, 0xff] {
                let mut changed = seed.clone();
                changed[at] = byte;
                look_at("a.bin", changed);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_looked_at(bytes in prop::collection::vec(any::<u8>(), 0..4096), name in ".{0,60}") {
        look_at(&name, bytes);
    }

    #[test]
    fn random_bytes_behind_a_true_start_are_looked_at(
        seed in prop::sample::select(seeds()),
        keep in 0.0..1.0f64,
        bytes in prop::collection::vec(any::<u8>(), 0..512),
    ) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let at = (seed.len() as f64 * keep) as usize;
        look_at("a", [&seed[..at], &bytes[..], &seed[at..]].concat());
    }

    #[test]
    fn random_words_are_looked_at(text in "(?s).{0,400}", head in "[a-zA-Z-]{1,12}: .{0,40}\n") {
        look_at("a.eml", head.repeat(4) + &text);
        look_at("a.txt", text);
    }
}

#[test]
fn text_is_bounded_and_cut_is_said() {
    let looked = look_at("a.txt", "订单".repeat(1 << 20));
    assert!(looked.text.as_ref().unwrap().len() <= MAX_TEXT);
    assert!(looked.finding(finding::READ_IN_PART).is_some());
}

#[test]
fn deep_nesting_ends() {
    for (open, times) in [("[", 1 << 20), ("{\"log\":", 1 << 18), ("<div>", 1 << 18)] {
        look_at("a.har", format!("{{\"log\":{{\"creator\":{}", open.repeat(times)));
        look_at("a.html", format!("<html>{}", open.repeat(times)));
    }
    let parts = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".repeat(1 << 14);
    look_at("a.eml", format!("From: a@b.c\r\nDate: x\r\nSubject: y\r\n{parts}"));
    look_at("a.pdf", format!("%PDF-1.4 /Producer{}", "(".repeat(1 << 20)));
}

#[test]
fn a_name_cannot_turn_its_writing() {
    let mail = "From: a@b.c\r\nDate: x\r\nSubject: \u{202e}gnp.exe\u{7}\r\n\r\n";
    let looked = look_at("a.eml", mail);
    assert!(!format!("{looked:?}").contains("202e"), "{looked:?}");
}

/// A disk that breaks after some bytes.
struct Breaking {
    at: u64,
}

impl Read for Breaking {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= 16 {
            return Err(io::Error::other("gone"));
        }
        buffer[0] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[usize::try_from(self.at).unwrap()];
        self.at += 1;
        Ok(1)
    }
}

impl Seek for Breaking {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(_) => 1 << 40,
            SeekFrom::Current(_) => self.at,
        };
        Ok(self.at)
    }
}

#[test]
fn a_disk_that_breaks_is_said() {
    let looked = look(Some("a.png"), &mut Breaking { at: 0 }, None, &Tools::default(), now());
    assert!(looked.finding(finding::UNREADABLE).is_some(), "{looked:?}");
}

/// A video of two tebibytes: a head, a hole, and an index at the end.
struct Huge {
    at: u64,
}

const HOLE: u64 = 1 << 41;
const INDEX: &[u8] =
    b"\0\0\0\x28moov\0\0\0\x20mvhd\0\0\0\0\xe7\x48\x59\x6f\0\0\0\0\0\0\x03\xe8\0\0\x1f\x40\0\0\0\0";

impl Read for Huge {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let head = b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x01mdat\0\0\x02\0\0\0\0\0";
        let at = usize::try_from(self.at).unwrap();
        let hole = usize::try_from(HOLE).unwrap() + 16;
        let byte = head.get(at).or_else(|| INDEX.get(at.checked_sub(hole)?)).copied().unwrap_or(0);
        if at >= hole + INDEX.len() {
            return Ok(0);
        }
        buffer[0] = byte;
        self.at += 1;
        Ok(1)
    }
}

impl Seek for Huge {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(_) => HOLE + 16 + INDEX.len() as u64,
            SeekFrom::Current(_) => self.at,
        };
        Ok(self.at)
    }
}

#[test]
fn a_large_video_is_read_by_seeking() {
    let looked = look(Some("a.mp4"), &mut Huge { at: 0 }, None, &Tools::default(), now());
    assert_eq!(looked.formed_at.len(), 1, "{looked:?}");
    assert!(looked.finding(finding::VIDEO_CUT).is_none(), "{looked:?}");
}
