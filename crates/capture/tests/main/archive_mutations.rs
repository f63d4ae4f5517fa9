//! Every change a stranger may make to a package, and the finding that names it.
//! The common tools pass many of these: see docs/formats/web-archive.md.

use std::io::{Cursor, Read as _, Write as _};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sigu_capture::archive::{Code, Grade, Limits, Report, check};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::archive_sample::{member, members, visit};

type Members = Vec<(String, Vec<u8>)>;
type RecordChange = Box<dyn Fn(usize, &mut Vec<u8>)>;

const WARC: &str = "archive/data.warc.gz";
const LIST: &str = "datapackage.json";
const DIGEST: &str = "datapackage-digest.json";
const PAGES: &str = "pages/pages.jsonl";
const INDEX: &str = "indexes/index.cdx";

fn packed_with(members: &Members, method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = SimpleFileOptions::default().compression_method(method);
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn packed(members: &Members) -> Vec<u8> {
    packed_with(members, CompressionMethod::Stored)
}

fn judge(bytes: &[u8]) -> Report {
    check(Cursor::new(bytes), &Limits::default())
}

fn get<'a>(members: &'a mut Members, name: &str) -> &'a mut Vec<u8> {
    &mut members.iter_mut().find(|(path, _)| path == name).expect("a member").1
}

fn without(members: &mut Members, name: &str) {
    members.retain(|(path, _)| path != name);
}

fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// Mends the lists, as one who changes a package would.
fn mend(members: &mut Members) {
    let resources: Vec<Value> = members
        .iter()
        .filter(|(path, _)| path != LIST && path != DIGEST)
        .map(|(path, bytes)| json!({"name": path, "path": path, "hash": sha256(bytes), "bytes": bytes.len()}))
        .collect();
    edit(members, |list| list["resources"] = json!(resources));
}

/// Changes `datapackage.json` and mends its digest.
fn edit(members: &mut Members, change: impl FnOnce(&mut Value)) {
    let mut list: Value = serde_json::from_slice(get(members, LIST)).unwrap();
    change(&mut list);
    *get(members, LIST) = list.to_string().into_bytes();
    let digest = json!({"path": LIST, "hash": sha256(get(members, LIST))});
    *get(members, DIGEST) = digest.to_string().into_bytes();
}

fn replace(bytes: &mut Vec<u8>, from: &str, to: &str) {
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(from), "{from}");
    *bytes = text.replacen(from, to, 1).into_bytes();
}

/// Replaces in a member and mends the lists.
fn replace_in(members: &mut Members, name: &str, from: &str, to: &str) {
    replace(get(members, name), from, to);
    mend(members);
}

fn drop_first_line(members: &mut Members, name: &str) {
    let text = get(members, name);
    let end = find(text, b"\n");
    text.drain(..=end);
    mend(members);
}

/// The records of a WARC, each inflated.
fn records(warc: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = warc;
    let mut records = Vec::new();
    while !rest.is_empty() {
        let mut decoder = GzDecoder::new(rest);
        let mut record = Vec::new();
        decoder.read_to_end(&mut record).unwrap();
        records.push(record);
        rest = decoder.into_inner();
    }
    records
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|window| window == what).expect("it is there")
}

/// The WARC of the visit, each record changed and compressed anew.
fn changed_warc(change: impl Fn(usize, &mut Vec<u8>)) -> Vec<u8> {
    let mut all = records(&member(&visit().bytes(), WARC));
    all.iter_mut().enumerate().for_each(|(index, record)| change(index, record));
    all.iter().flat_map(|record| gzip(record)).collect()
}

fn drop_lines(record: &mut Vec<u8>, name: &str) {
    let end = find(record, b"\r\n\r\n");
    let (head, rest) = record.split_at(end);
    let head = String::from_utf8(head.to_vec()).unwrap();
    let kept: Vec<&str> = head.split("\r\n").filter(|line| !line.starts_with(name)).collect();
    *record = [kept.join("\r\n").as_bytes(), rest].concat();
}

/// A change of every record that drops a field.
fn drop_field(name: &'static str) -> RecordChange {
    Box::new(move |_, record| drop_lines(record, name))
}

/// A change of every record that replaces what it finds first.
fn swap(from: &'static str, to: &'static str) -> RecordChange {
    Box::new(move |_, record| {
        let (from, to) = (from.as_bytes(), to.as_bytes());
        if let Some(at) = record.windows(from.len()).position(|window| window == from) {
            record.splice(at..at + from.len(), to.iter().copied());
        }
    })
}

/// A change of the third record only.
fn third(change: fn(&mut Vec<u8>)) -> RecordChange {
    Box::new(move |index, record| {
        if index == 2 {
            change(record);
        }
    })
}

type Change = fn(&mut Members);

/// Changes of which files there are.
const FILES: &[(&str, Change, Code)] = &[
    ("pages removed, list kept", |m| without(m, PAGES), Code::ListedMissing),
    (
        "pages removed, list mended",
        |m| {
            without(m, PAGES);
            mend(m);
        },
        Code::PagesMissing,
    ),
    (
        "index removed, list mended",
        |m| {
            without(m, INDEX);
            mend(m);
        },
        Code::IndexMissing,
    ),
    (
        "WARC removed, list mended",
        |m| {
            without(m, WARC);
            mend(m);
        },
        Code::WarcMissing,
    ),
    ("file without extension", |m| m.push(("archive/extra".into(), vec![1])), Code::NotListed),
    ("deep file", |m| m.push(("a/b/c/extra.txt".into(), vec![1])), Code::NotListed),
    ("another list below", |m| m.push(("pages/datapackage.json".into(), vec![1])), Code::NotListed),
    ("list removed", |m| without(m, LIST), Code::DatapackageMissing),
    ("digest file removed", |m| without(m, DIGEST), Code::DigestFileMissing),
    ("climbs out", |m| m.push(("../x.txt".into(), vec![1])), Code::UnsafePath),
    ("absolute", |m| m.push(("/etc/x.txt".into(), vec![1])), Code::UnsafePath),
    ("differs in case", |m| m.push(("Pages/pages.jsonl".into(), vec![1])), Code::DuplicateName),
];

/// Changes of what the lists say.
const LISTS: &[(&str, Change, Code)] = &[
    ("list is no JSON", |m| *get(m, LIST) = b"{".to_vec(), Code::DatapackageWrong),
    ("version removed", |m| edit(m, |list| list["wacz_version"] = Value::Null), Code::DatapackageWrong),
    ("list changed", |m| get(m, LIST).push(b'\n'), Code::DigestFileWrong),
    ("signed", |m| replace(get(m, DIGEST), "{", r#"{"signedData":{"hash":"x"},"#), Code::SignatureNotChecked),
    ("hash removed", |m| edit(m, |list| list["resources"][0]["hash"] = Value::Null), Code::HashMissing),
    ("length wrong", |m| edit(m, |list| list["resources"][0]["bytes"] = json!(1)), Code::HashWrong),
    ("weak hash", |m| edit(m, |list| list["resources"][0]["hash"] = json!("md5:0")), Code::HashMissing),
    (
        "listed twice",
        |m| edit(m, |list| list["resources"][1] = list["resources"][0].clone()),
        Code::ListedTwice,
    ),
    ("page changed", |m| replace(get(m, PAGES), "点卡", "月卡"), Code::HashWrong),
    ("another page", |m| replace_in(m, PAGES, "goods/42", "goods/43"), Code::PageNotArchived),
    ("page list without head", |m| replace_in(m, PAGES, "json-pages", "pages"), Code::PagesWrong),
    ("page without time", |m| replace_in(m, PAGES, "\"ts\"", "\"tz\""), Code::PagesWrong),
    ("index elsewhere", |m| replace_in(m, INDEX, "\"offset\": \"", "\"offset\": \"9"), Code::IndexWrong),
    ("index, other address", |m| replace_in(m, INDEX, "/logo.png\"", "/l0go.png\""), Code::IndexWrong),
    ("index, other length", |m| replace_in(m, INDEX, "\"length\": \"", "\"length\": \"1"), Code::IndexWrong),
    ("index, other date", |m| replace_in(m, INDEX, " 2026092", " 2025092"), Code::IndexWrong),
    ("index, other key", |m| replace_in(m, INDEX, "shop)/big", "shop)/bigger"), Code::IndexKey),
    ("index line removed", |m| drop_first_line(m, INDEX), Code::NotIndexed),
];

#[test]
fn every_change_of_a_package_is_named() {
    let good = members(&visit().bytes());
    assert!(judge(&packed(&good)).is_clean(), "packed anew it is still good");
    for (name, change, code) in FILES.iter().chain(LISTS) {
        let mut changed = good.clone();
        change(&mut changed);
        let report = judge(&packed(&changed));
        assert!(report.has(*code), "{name}: {code:?} is not among {:#?}", report.findings);
        let weak = |finding: &sigu_capture::archive::Finding| finding.code.grade() == Grade::Weak;
        assert_eq!(report.is_sound(), report.findings.iter().all(weak), "{name}");
    }
}

#[test]
fn every_change_of_a_record_is_named() {
    let no_digest: RecordChange = Box::new(|_, record| {
        drop_lines(record, "WARC-Block");
        drop_lines(record, "WARC-Payload");
    });
    let changes = [
        ("card changed", swap("7QKD", "7QKX"), Code::DigestWrong),
        ("request changed", swap("POST ", "POSX "), Code::DigestWrong),
        ("all digests removed", no_digest, Code::DigestMissing),
        ("block digests removed", drop_field("WARC-Block"), Code::DigestMissing),
        ("payload digests removed", drop_field("WARC-Payload"), Code::DigestMissing),
        ("unknown digest", swap("Block-Digest: sha256", "Block-Digest: crc32"), Code::DigestUnknown),
        ("no id", third(|record| drop_lines(record, "WARC-Record-ID")), Code::BadField),
        ("date is none", swap("WARC-Date: 2", "WARC-Date: x"), Code::BadField),
        ("no address", drop_field("WARC-Target-URI"), Code::BadField),
        ("two dates", swap("WARC-Date:", "WARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Date:"), Code::BadField),
        ("other version", swap("WARC/1.1", "WARC/9.9"), Code::BadFrame),
        ("bare line end", swap("WARC/1.1\r\n", "WARC/1.1\n"), Code::BadFrame),
        ("no length", drop_field("Content-Length"), Code::BadFrame),
        ("cut short", third(|record| record.truncate(record.len() - 6)), Code::BadFrame),
        ("bytes behind", third(|record| record.extend_from_slice(b"\r\n")), Code::NotOneRecordPerMember),
        ("not HTTP", swap("HTTP/1.1 200", "HXXP/1.1 200"), Code::BadFrame),
        ("refers to nothing", swap("Concurrent-To: <urn:", "Concurrent-To: <urm:"), Code::DanglingReference),
    ];
    assert!(judge(&changed_warc(|_, _| {})).is_clean(), "compressed anew it is still good");
    for (name, change, code) in changes {
        let report = judge(&changed_warc(&change));
        assert!(report.has(code), "{name}: {code:?} is not among {:#?}", report.findings);
    }
}

#[test]
fn members_that_are_not_records_are_named() {
    let warc = member(&visit().bytes(), WARC);
    let all = records(&warc);
    let doubled = [warc.as_slice(), &warc].concat();
    let mut flipped = warc.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    for (name, bytes, code) in [
        ("one member for all", gzip(&all.concat()), Code::NotOneRecordPerMember),
        ("every record twice", doubled, Code::DuplicateId),
        ("cut off", warc[..warc.len() - 9].to_vec(), Code::BadGzip),
        ("zeros behind", [warc.as_slice(), &[0; 8]].concat(), Code::BadGzip),
        ("text", b"hello".to_vec(), Code::NotAnArchive),
        ("nothing", Vec::new(), Code::NotAnArchive),
    ] {
        let report = judge(&bytes);
        assert!(report.has(code), "{name}: {code:?} is not among {:#?}", report.findings);
    }
    assert!(!judge(&flipped).is_sound(), "a bit flipped");
}

#[test]
fn tricks_with_the_zip_are_named() {
    let good = members(&visit().bytes());
    let bytes = packed(&good);
    let mut twice = good.clone();
    twice.push(("pages/pagez.jsonl".into(), b"{}".to_vec()));
    let mut twice = packed(&twice);
    while let Some(at) = twice.windows(5).position(|window| window == b"pagez") {
        twice[at + 4] = b's';
    }
    let mut renamed = bytes.clone();
    let at = find(&renamed, b"pages/pages.jsonl");
    renamed[at] = b'q';
    for (name, bytes, code) in [
        ("two of one name", twice, Code::DuplicateName),
        ("local name differs", renamed, Code::HiddenBytes),
        ("bytes behind", [bytes.as_slice(), b"hidden"].concat(), Code::HiddenBytes),
        ("compressed once more", packed_with(&good, CompressionMethod::Deflated), Code::NotStored),
        ("cut off", bytes[..bytes.len() - 30].to_vec(), Code::Unreadable),
    ] {
        let report = judge(&bytes);
        assert!(report.has(code), "{name}: {code:?} is not among {:#?}", report.findings);
    }
}

#[test]
fn limits_hold() {
    let package = visit().bytes();
    let warc = member(&package, WARC);
    let mut head = b"WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: 9000000\r\n\r\n".to_vec();
    head.resize(head.len() + 9_000_000, 0);
    let bomb = gzip(&head);
    let tight = Limits { ratio_from: 1 << 20, ..Limits::default() };
    let zipped =
        packed_with(&vec![("pages/x.jsonl".into(), vec![0; 5_000_000])], CompressionMethod::Deflated);
    for (bytes, limits, code) in [
        (&bomb, tight, Code::Bomb),
        (&bomb, Limits { inflated_bytes: 1 << 20, ..Limits::default() }, Code::TooLarge),
        (&zipped, tight, Code::Bomb),
        (&package, Limits { file_bytes: 100, ..Limits::default() }, Code::TooLarge),
        (&package, Limits { members: 3, ..Limits::default() }, Code::TooLarge),
        (&package, Limits { inflated_bytes: 100, ..Limits::default() }, Code::TooLarge),
        (&warc, Limits { records: 3, ..Limits::default() }, Code::TooLarge),
        (&warc, Limits { head_bytes: 60, ..Limits::default() }, Code::BadFrame),
    ] {
        let report = check(Cursor::new(bytes), &limits);
        assert!(report.has(code), "{code:?} is not among {:#?}", report.findings);
    }
    let weak = changed_warc(|_, record| drop_lines(record, "WARC-Block"));
    let report = check(Cursor::new(weak), &Limits { findings: 2, ..tight });
    assert!(report.findings.len() == 2 && report.more > 5, "findings are counted beyond the limit");
}
