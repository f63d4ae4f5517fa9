//! PDFs: dates, pages, signatures, and what was added later.

use std::io::Write;

use sigu_capture::import::Kind;
use sigu_capture::import::codes::{clock, fact, finding};

use super::{finds, look_at, said};

const BODY: &str = "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\n";
const INFO: &str = "5 0 obj<</Producer(iText\\256 \\(5\\))/Creator<FEFF4E0A6D77>/CreationDate(D:20261122140311+08'00')\
    /ModDate(D:20261122140311+08'00')>>endobj\n";
const END: &str = "trailer<</Root 1 0 R/Info 5 0 R>>\nstartxref\n9\n%%EOF\n";

#[test]
fn a_pdf_tells_maker_time_and_pages() {
    let looked = look_at("流水.pdf", format!("{BODY}{INFO}{END}"));
    assert_eq!((looked.kind, looked.media_type.as_str()), (Kind::Pdf, "application/pdf"));
    assert_eq!(said(&looked, clock::PDF_CREATED), ["2026-11-22T06:03:11Z"]);
    assert!(looked.formed_at[0].zone_known);
    for (code, value) in [
        (fact::PDF_VERSION, "1.7"),
        (fact::PDF_PRODUCER, "iText® (5)"),
        (fact::PDF_CREATOR, "上海"),
        (fact::PDF_PAGES, "2"),
        (fact::PDF_SAVES, "1"),
    ] {
        assert_eq!(looked.fact(code), Some(value), "{code}");
    }
    assert_eq!(looked.findings, []);
}

#[test]
fn changes_are_found() {
    let later = INFO.replace("ModDate(D:2026112214", "ModDate(D:2026112216");
    let cases = [
        (format!("{BODY}{later}{END}"), Some(finding::PDF_MODIFIED)),
        (format!("{BODY}{INFO}{END}{BODY}{END}"), Some(finding::PDF_SAVED_AGAIN)),
        (format!("{BODY}{INFO}"), Some(finding::PDF_CUT)),
        (
            format!("{BODY}{INFO}{}", END.replace("/Info", "/Encrypt 9 0 R/Info")),
            Some(finding::PDF_ENCRYPTED),
        ),
        (format!("%PDF-1.7\n1 0 obj<</Linearized 1>>endobj\n%%EOF\n{BODY}{INFO}{END}"), None),
    ];
    for (pdf, expected) in cases {
        let looked = look_at("a.pdf", pdf);
        assert_eq!(looked.findings.first().map(|one| one.code), expected, "{looked:?}");
    }
}

#[test]
fn what_follows_a_signature_is_found() {
    let plain = format!("{BODY}{INFO}7 0 obj<</Type/Sig/ByteRange [0 100 200 XXXX]>>endobj\n{END}");
    let covered = plain.replace("XXXX", &format!("{:4}", plain.len() - 200));
    let looked = look_at("a.pdf", &covered);
    assert_eq!(looked.fact(fact::PDF_SIGNED), Some("1"));
    assert_eq!(looked.findings, []);
    let looked = look_at("a.pdf", format!("{covered}{BODY}{END}"));
    assert!(finds(&looked, finding::PDF_AFTER_SIGNING), "{looked:?}");
}

#[test]
fn facts_inside_object_streams_are_read() {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packed
        .write_all(b"5 0 <</Producer(WPS)/CreationDate(D:20261122060311Z)>> <</Count 3/Type/Pages>>")
        .unwrap();
    let head = "%PDF-1.5\n1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>stream\n";
    let pdf = [head.as_bytes(), &packed.finish().unwrap(), b"\nendstream endobj\n", END.as_bytes()].concat();
    let looked = look_at("a.pdf", pdf);
    assert_eq!(looked.fact(fact::PDF_PRODUCER), Some("WPS"));
    assert_eq!(looked.fact(fact::PDF_PAGES), Some("3"));
    assert_eq!(said(&looked, clock::PDF_CREATED), ["2026-11-22T06:03:11Z"]);
}
