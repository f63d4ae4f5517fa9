//! Archives before the tools of others: warcio, wacz, cdxj-indexer, and a replay with pywb.

use std::fs::File;
use std::io::Cursor;
use std::process::Command;

use sigu_capture::archive::{Code, Limits, check};

use crate::archive_sample::{PAGE, PAGE_BODY, Visit, exchange, headers, member, received, visit};
use crate::support::{Judged, Replay, get, run, tool};

#[test]
fn warcio_confirms_every_digest() {
    let (bytes, summary) = visit().written();
    Judged::new(bytes).digests_pass(summary.records);
}

#[test]
fn wacz_validates_the_package() {
    Judged::new(visit().bytes()).package_is_valid();
}

#[test]
fn the_indexer_makes_the_same_index() {
    assert!(Judged::new(visit().bytes()).index_is_the_same() >= 9);
}

/// Requests with bodies of every kind a page sends.
fn asking() -> Visit {
    let asks = [
        ("POST", "application/x-www-form-urlencoded; charset=UTF-8", "keywords=A%20B+C&页=1".as_bytes()),
        (
            "PUT",
            "application/json",
            r#"{"no":"7 9","deep":{"a":[1,true,null,2.5],"no":"卡~/"},"":0}"#.as_bytes(),
        ),
        ("POST", "application/json; charset=utf-8", b"not json"),
        ("POST", "text/plain;charset=UTF-8", br#"{"a":1}"#),
        ("POST", "text/plain", b"a line"),
        ("POST", "application/octet-stream", &[0, 1, 255]),
        ("POST", "", b""),
        ("DELETE", "", b""),
    ];
    let exchanges = asks.iter().zip(1..).map(|((method, kind, body), second)| {
        let answer = received(200, &[("content-type", "application/json")], b"{}");
        let mut asked = exchange(&format!("https://a.cn/{second}?z=1"), second, answer);
        asked.method = (*method).to_owned();
        let fields = [("content-type", *kind)];
        asked.request_headers = headers(if kind.is_empty() { &[] } else { &fields });
        asked.request_body = (!body.is_empty()).then(|| body.to_vec());
        asked
    });
    Visit { pages: Vec::new(), exchanges: exchanges.collect(), sockets: Vec::new(), resources: Vec::new() }
}

#[test]
fn the_indexer_finds_answers_by_the_same_bodies() {
    let bytes = asking().bytes();
    let index = String::from_utf8(member(&bytes, "indexes/index.cdx")).unwrap();
    assert_eq!(index.matches("__wb_method=").count(), 7, "{index}");
    assert_eq!(Judged::new(bytes).index_is_the_same(), 9, "{index}: with the certificates");
}

/// Written by warcio as most tools do: WARC 1.0, SHA-1 in base32.
const FOREIGN: &str = "
from io import BytesIO
from warcio.warcwriter import WARCWriter
from warcio.statusandheaders import StatusAndHeaders
for name, gz in (('foreign.warc.gz', True), ('foreign.warc', False)):
    with open(name, 'wb') as out:
        writer = WARCWriter(out, gzip=gz, warc_version='1.0')
        out_record = writer.create_warcinfo_record(name, {'software': 'x'})
        writer.write_record(out_record)
        for number in range(3):
            head = StatusAndHeaders('200 OK', [('Content-Type', 'text/plain')], protocol='HTTP/1.1')
            url = 'http://a.cn/%d' % number
            writer.write_record(writer.create_warc_record(url, 'response', payload=BytesIO(b'card'), http_headers=head))
";

#[test]
fn archives_of_warcio_are_sound_and_changes_in_them_are_seen() {
    let folder = tempfile::tempdir().unwrap();
    run(Command::new(tool("python3")).args(["-c", FOREIGN]).current_dir(folder.path()));
    for name in ["foreign.warc.gz", "foreign.warc"] {
        let report = check(File::open(folder.path().join(name)).unwrap(), &Limits::default());
        assert!(report.is_sound() && report.records == 4 && report.responses == 3, "{name}: {report:#?}");
    }
    let mut bytes = std::fs::read(folder.path().join("foreign.warc")).unwrap();
    let at = bytes.windows(4).position(|window| window == b"card").expect("the body");
    bytes[at] = b'b';
    assert!(check(Cursor::new(bytes), &Limits::default()).has(Code::DigestWrong));
}

/// The order, asked for as a replay tool asks for a POST; the password is empty as in the archive.
const ASKED: &str =
    "https://shop.example.cn/api/order?token=&no=7&__wb_method=POST&no=7&search_pwd=&x=%E5%8D%A1";

#[test]
fn pywb_replays_the_bytes() {
    let replay = Replay::of(&[&visit().bytes()]);
    for (address, wanted) in [
        (PAGE, PAGE_BODY),
        ("https://shop.example.cn/notice", "<p>公告"),
        (ASKED, r#"{"card":"7QKD-ZT4M-90XA"}"#),
    ] {
        let (head, body) = get(&replay.url("20260921", "id_", address));
        assert!(head.starts_with("HTTP/1.") && head.contains(" 200 "), "{address}\n{head}");
        assert_eq!(String::from_utf8_lossy(&body), wanted, "{address}\n{head}");
    }
}
