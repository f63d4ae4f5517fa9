//! Saved pages, HAR and web archives.

use sigu_capture::import::Kind;
use sigu_capture::import::codes::{clock, fact, finding};

use super::{finds, look_at, said};

#[test]
fn single_file_tells_address_and_time() {
    let page = "<!DOCTYPE html> <html lang=zh><!--\n Page saved with SingleFile \n url: https://shop.test/order/1?pwd=1234 \n \
                saved date: Sun Nov 22 2026 14:03:11 GMT+0800 (中国标准时间)\n--><meta charset=utf-8>\n\
                <title>订单详情</title><img src=\"data:image/png;base64,iVBORw0KGgo=\">已发货</html>";
    let looked = look_at("订单.html", page);
    assert_eq!((looked.kind, looked.media_type.as_str()), (Kind::SingleFile, "text/html"));
    assert_eq!(looked.fact(fact::URL), Some("https://shop.test/order/1?…"));
    assert_eq!(said(&looked, clock::SINGLEFILE_SAVED), ["2026-11-22T06:03:11Z"]);
    assert_eq!(looked.fact(fact::TITLE), Some("订单详情"));
    assert_eq!(looked.findings, []);
    let text = looked.text.unwrap();
    assert!(text.contains("已发货") && text.contains("base64,\">") && !text.contains("iVBOR"), "{text}");
    let cut = look_at("a.html", &page[..page.len() - "货</html>".len()]);
    assert!(finds(&cut, finding::PAGE_CUT));
}

#[test]
fn a_page_saved_by_a_browser_tells_its_address() {
    let page = "<!DOCTYPE html>\n<!-- saved from url=(0030)https://shop.test/order/1#top -->\n<html><title>x</title></html>";
    let looked = look_at("a.htm", page);
    assert_eq!(looked.kind, Kind::Page);
    assert_eq!(looked.fact(fact::URL), Some("https://shop.test/order/1?…"));
}

fn entry(time: &str, text: &str) -> String {
    format!(
        r#"{{"startedDateTime":"{time}","request":{{"url":"https://u:p@shop.test/a?token=s3cret","cookies":[{{"value":"c00kie"}}]}},
            "response":{{"content":{{"size":10{text}}}}}}}"#
    )
}

fn har(entries: &[String]) -> String {
    let entries = entries.join(",");
    format!(
        r#"{{"log":{{"version":"1.2","creator":{{"name":"WebInspector","version":"537"}},"pages":[],"entries":[{entries}]}}}}"#
    )
}

#[test]
fn a_har_is_summed_up_without_its_secrets() {
    let entries = [
        entry("2026-11-22T06:03:11.123Z", r#","text":"hello""#),
        entry("2026-11-22T14:05:00.000+08:00", ""),
        entry("2026-11-22T06:04:00Z", r#","text":"""#),
    ];
    let whole = har(&entries);
    let looked = look_at("shop.har", &whole);
    assert_eq!((looked.kind, looked.media_type.as_str()), (Kind::Har, "application/har+json"));
    assert_eq!(said(&looked, clock::HAR_STARTED), ["2026-11-22T06:03:11Z", "2026-11-22T06:05:00Z"]);
    assert_eq!(looked.fact(fact::HAR_CREATOR), Some("WebInspector 537"));
    assert_eq!((looked.fact(fact::HAR_ENTRIES), looked.fact(fact::HAR_BODIES)), (Some("3"), Some("1")));
    assert_eq!(looked.fact(fact::HOST), Some("shop.test"));
    assert_eq!(looked.finding(finding::HAR_NO_BODIES).unwrap().detail, "2 of 3 responses");
    assert_eq!(looked.finding(finding::HAR_ORDER).unwrap().detail, "1 requests");
    assert!(!format!("{looked:?}").contains("s3cret") && looked.text.is_none());

    let cut = look_at("shop.har", &whole[..whole.len() - 100]);
    assert_eq!(cut.finding(finding::HAR_CUT).unwrap().detail, "line 3: the file ends early");
    assert_eq!(cut.fact(fact::HAR_ENTRIES), Some("2"), "what was whole is told");
}

#[test]
fn a_har_with_a_mark_of_order_and_odd_shapes_is_read() {
    let marked = format!("\u{feff}{}", har(&[entry("2026-11-22T06:03:11Z", r#","text":null"#)]));
    let looked = look_at("a.har", marked);
    assert_eq!(looked.fact(fact::HAR_ENTRIES), Some("1"));
    assert!(!finds(&looked, finding::HAR_CUT), "{looked:?}");
    let odd = look_at("a.har", r#"{"log":{"entries":7,"creator":{}}}"#);
    assert_eq!(odd.finding(finding::HAR_CUT).unwrap().detail, "line 1: not the shape of a HAR");
}

#[test]
fn web_archives_are_left_to_their_verifier() {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n").unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in ["archive/data.warc.gz", "datapackage.json"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    }
    let cases = [
        ("a.warc", b"WARC/1.0\r\n".to_vec(), Kind::Warc),
        ("a.warc.gz", packed.finish().unwrap(), Kind::Warc),
        ("a.wacz", zip.finish().unwrap().into_inner(), Kind::Wacz),
    ];
    for (name, bytes, kind) in cases {
        let looked = look_at(name, bytes);
        assert_eq!(looked.kind, kind, "{name}");
        assert!(finds(&looked, finding::TO_VERIFY) && !finds(&looked, finding::NAME_MISMATCH), "{name}");
    }
}
