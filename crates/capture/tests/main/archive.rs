//! What is written: the records, their order, and the same bytes for the same visit.

use std::io::Cursor;

use sha2::{Digest as _, Sha256};
use sigu_capture::archive::{Limits, check};
use sigu_capture::exchange::Answer;

use crate::archive_sample::{PAGE, Visit, exchange, member, members, received, records, visit};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The record that holds `mark`, from its version line to the next.
fn record_with(all: &str, mark: &str) -> String {
    let found = all.split("WARC/1.1\r\n").find(|record| record.contains(mark));
    found.unwrap_or_else(|| panic!("no record with {mark}")).to_owned()
}

#[test]
fn our_own_check_finds_nothing() {
    let (bytes, summary) = visit().written();
    let report = check(Cursor::new(&bytes), &Limits::default());
    assert!(report.is_clean(), "{:#?}", report.findings);
    assert_eq!((report.records, report.responses, report.pages), (summary.records, summary.responses - 1, 1));
    let warc = member(&bytes, "archive/data.warc.gz");
    assert_eq!(summary.warc_bytes, warc.len() as u64);
    assert_eq!((summary.responses, summary.unanswered, summary.left_out), (9, 2, 1));
    let report = check(Cursor::new(&warc), &Limits::default());
    assert!(report.is_clean() && !report.is_package, "{:#?}", report.findings);
    let report = check(Cursor::new(records(&bytes)), &Limits::default());
    assert!(report.is_clean() && report.records == summary.records, "plain: {:#?}", report.findings);
}

#[test]
fn an_empty_visit_is_an_archive_too() {
    let nothing = Visit { pages: vec![], exchanges: vec![], sockets: vec![], resources: vec![] };
    let report = check(Cursor::new(nothing.bytes()), &Limits::default());
    assert!(report.is_clean(), "{:#?}", report.findings);
    assert_eq!((report.records, report.pages), (1, 0));
}

#[test]
fn the_same_visit_gives_the_same_bytes() {
    let bytes = visit().bytes();
    assert_eq!(bytes, visit().bytes());
    let digest: String = Sha256::digest(records(&bytes)).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, GOLDEN, "the form of records changed: see docs/formats/web-archive.md, Version");
    let names: Vec<String> = members(&bytes).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "archive/data.warc.gz",
            "indexes/index.cdx",
            "pages/pages.jsonl",
            "datapackage.json",
            "datapackage-digest.json"
        ]
    );
}

/// SHA-256 of the records of [`visit`], inflated.
const GOLDEN: &str = "6b245904fd5756cd65ed0dbe34feb2e6a9e9393c0e84ebbc749590d9d71c5c0b";

/// What a record must hold, by something that stands in it only.
const RECORDS: &[(&str, &[&str])] = &[
    (
        "<p>公告",
        &[
            "Sigu-Body: transcoded to utf-8\r\n",
            "Sigu-From: service-worker\r\n",
            "\r\nContent-Type: text/html; charset=utf-8\r\n",
            "x-orig-content-type: text/html; charset=gbk\r\n",
        ],
    ),
    (
        "first part",
        &["WARC-Truncated: length\r\n", "Sigu-Body: cut; 10 of 9000\r\n", "Sigu-From: disk-cache\r\n"],
    ),
    (
        "HTTP/1.1 204 OK",
        &[
            "WARC-Truncated: unspecified\r\n",
            "Sigu-Body: absent; 浏览器已丢弃\r\n",
            "Sigu-From: memory-cache\r\n",
        ],
    ),
    ("HTTP/1.1 301 OK", &["Location: https://shop.example.cn/goods/42?from=home\r\n"]),
    ("outcome: failed", &["WARC-Type: metadata\r\n", "error: net::ERR_ABORTED\r\n"]),
    ("outcome: pending", &["WARC-Type: metadata\r\n", "kind: Document\r\n"]),
    (
        "POST /api/order?token=&no=7 HTTP/1.1",
        &["WARC-Concurrent-To: <urn:uuid:", "x-orig-content-length: 31\r\n", "no=7&search_pwd=&x=卡"],
    ),
    (
        "issuer: Example CA",
        &[
            "WARC-Type: metadata\r\n",
            "WARC-Concurrent-To: <urn:uuid:",
            "certificate-chain: urn:certificate-chain:sha256:",
        ],
    ),
    ("Sigu-Scheme: wss", &["WARC-Target-URI: https://shop.example.cn/chat?token=\r\n"]),
    ("made by a script", &["WARC-Type: resource\r\n", "Sigu-Kind: Document\r\n"]),
    ("-----BEGIN CERTIFICATE-----", &["WARC-Type: resource\r\n"]),
    ("urn:websocket:", &["\"text\":\"在的\""]),
    ("device-pixel-ratio", &["WARC-Refers-To: <urn:uuid:"]),
];

#[test]
fn heads_are_fit_for_replay_and_say_what_was_changed() {
    let all = text(&records(&visit().bytes()));
    let page = record_with(&all, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nx-orig");
    for line in [
        "WARC-Type: response\r\n",
        "WARC-IP-Address: 203.0.113.7\r\n",
        "WARC-Protocol: h2\r\n",
        "WARC-Protocol: tls/1.3\r\n",
        "Sigu-From: network\r\n",
        "Sigu-Removed: set-cookie\r\n",
        "x-orig-content-encoding: br\r\n",
        "x-orig-transfer-encoding: chunked\r\n",
        "x-orig-content-length: 77\r\n",
    ] {
        assert!(page.contains(line), "{line}{page}");
    }
    for (mark, lines) in RECORDS {
        let record = record_with(&all, mark);
        for line in *lines {
            assert!(record.contains(line), "{line} in {record}");
        }
    }
}

#[test]
fn hostile_fields_cannot_begin_a_new_field_or_record() {
    let evil = "a\r\nWARC-Type: response\r\n\r\nWARC/1.1\r\n";
    let mut one = exchange(PAGE, 1, received(65_535, &[("X", evil), (evil, "v"), ("", "v")], b""));
    one.method = evil.to_owned();
    one.kind = evil.to_owned();
    one.protocol = Some(evil.to_owned());
    one.remote_address = Some(evil.to_owned());
    let mut two = exchange(&format!("https://a.cn/{evil}"), 2, Answer::Failed(evil.to_owned()));
    two.url.push('é');
    let visit = Visit { pages: vec![], exchanges: vec![one, two], sockets: vec![], resources: vec![] };
    let (bytes, summary) = visit.written();
    let report = check(Cursor::new(&bytes), &Limits::default());
    assert!(report.is_clean(), "{:#?}", report.findings);
    assert_eq!(report.records, summary.records);
}

#[test]
fn debug_output_shows_no_values() {
    let shown = format!("{:?}{:?}", visit().exchanges, visit().sockets);
    for hidden in ["hidden-", "not-for-strangers", "7QKD"] {
        assert!(!shown.contains(hidden), "{hidden}: {shown}");
    }
}
