//! Judges the ZIP of a WACZ, its list of hashes, and that the two agree.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::MultiGzDecoder;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, ZipArchive};

use super::index::{Archive, check_index, check_pages};
use super::warc_file::WarcFile;
use super::{Code, Limits, Report};
use crate::archive::hex;

const LIST: &str = "datapackage.json";
const DIGEST: &str = "datapackage-digest.json";

/// Hash and length of a member.
struct Seen {
    hash: String,
    bytes: u64,
}

pub(super) fn check(mut reader: impl Read + Seek, limits: &Limits, report: &mut Report) {
    if !ends_with_directory(&mut reader) {
        report.find(Code::HiddenBytes, "");
    }
    let Ok(mut zip) = ZipArchive::new(reader) else { return report.find(Code::Unreadable, "") };
    if zip.len() > limits.members {
        return report.find(Code::TooLarge, "");
    }
    let names = check_names(&mut zip, report);
    check_layout(&mut zip, report);
    let mut archive = Archive::default();
    let mut budget = limits.inflated_bytes;
    let mut seen = BTreeMap::new();
    for (index, name) in &names {
        if let Some(member) = read_member(&mut zip, *index, name, limits, &mut budget, &mut archive, report) {
            seen.insert(name.clone(), member);
        }
    }
    check_list(&mut zip, &seen, limits, report);
    check_contents(&mut zip, &names, limits, &mut archive, report);
}

/// The end record of the directory stands at the very end, without comment.
fn ends_with_directory(reader: &mut (impl Read + Seek)) -> bool {
    let mut end = [0; 22];
    let read = reader.seek(SeekFrom::End(-22)).and_then(|_| reader.read_exact(&mut end));
    read.is_ok() && end[..4] == *b"PK\x05\x06" && end[20..] == [0, 0]
}

/// Files with their place in the directory; names that leave the package are left out.
fn check_names<R: Read + Seek>(zip: &mut ZipArchive<R>, report: &mut Report) -> Vec<(usize, String)> {
    if zip.has_duplicate_names() {
        report.find(Code::DuplicateName, "");
    }
    let mut names = Vec::new();
    let mut folded = HashSet::new();
    for index in 0..zip.len() {
        let Ok(file) = zip.by_index_raw(index) else {
            report.find(Code::Unreadable, format!("#{index}"));
            continue;
        };
        let name = String::from_utf8_lossy(file.name_raw()).into_owned();
        if !folded.insert(name.to_lowercase()) {
            report.find(Code::DuplicateName, name.clone());
        }
        if file.is_dir() && file.size() == 0 && is_safe(name.trim_end_matches('/')) {
            continue;
        }
        if file.is_symlink() || file.encrypted() || !is_safe(&name) {
            report.find(Code::UnsafePath, name);
            continue;
        }
        let is_warc = name.starts_with("archive/");
        if is_warc && file.compression() != CompressionMethod::Stored {
            report.find(Code::NotStored, name.clone());
        }
        names.push((index, name));
    }
    names
}

/// A relative path of plain segments.
fn is_safe(name: &str) -> bool {
    let plain = |segment: &str| !segment.is_empty() && segment != "." && segment != "..";
    name.len() <= 512
        && name.split('/').all(plain)
        && !name.contains(['\\', ':', '\u{fffd}'])
        && !name.contains(char::is_control)
}

/// Nothing before, between or after the members; local and central headers agree.
fn check_layout<R: Read + Seek>(zip: &mut ZipArchive<R>, report: &mut Report) {
    if zip.offset() != 0 || !zip.comment().is_empty() || zip.validate_header_consistency().is_err() {
        report.find(Code::HiddenBytes, "");
    }
    let mut ranges: Vec<(u64, u64)> = (0..zip.len())
        .filter_map(|index| {
            let file = zip.by_index_raw(index).ok()?;
            Some((file.header_start(), file.data_start()?.checked_add(file.compressed_size())?))
        })
        .collect();
    ranges.push((zip.central_directory_start(), u64::MAX));
    ranges.sort_unstable();
    let mut end = 0_u64;
    for (start, next) in ranges {
        // A data descriptor behind the content has at most 24 bytes.
        if start > end.saturating_add(24) || start < end || (end == 0 && start != 0) {
            report.find(Code::HiddenBytes, format!("@{end}"));
        }
        end = next;
    }
}

/// Hashes a member; a WARC is judged in the same pass. `None` if it cannot be read.
fn read_member<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    index: usize,
    name: &str,
    limits: &Limits,
    budget: &mut u64,
    archive: &mut Archive,
    report: &mut Report,
) -> Option<Seen> {
    let Ok(file) = zip.by_index(index) else {
        report.find(Code::Unreadable, name);
        return None;
    };
    let honest =
        file.size() <= limits.ratio_from || file.size() / file.compressed_size().max(1) <= limits.ratio;
    if !honest || file.size() > *budget {
        report.find(if honest { Code::TooLarge } else { Code::Bomb }, name);
        return None;
    }
    *budget -= file.size();
    let limit = file.size() + 1;
    let hashing = Hashing { inner: file.take(limit), hash: Sha256::new(), bytes: 0 };
    let mut input = BufReader::with_capacity(1 << 16, hashing);
    if let Some(file_name) = name.strip_prefix("archive/").filter(|name| is_warc(name)) {
        let mut warc = WarcFile::new(name, limits, budget);
        warc.scan(&mut input, report);
        archive.files.insert(file_name.to_owned(), warc.finish(report));
    }
    if io::copy(&mut input, &mut io::sink()).is_err() {
        report.find(Code::Unreadable, name);
        return None;
    }
    let done = input.into_inner();
    Some(Seen { hash: format!("sha256:{}", hex(&done.hash.finalize())), bytes: done.bytes })
}

fn is_warc(name: &str) -> bool {
    name.ends_with(".warc") || name.ends_with(".warc.gz")
}

struct Hashing<R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let size = self.inner.read(out)?;
        self.hash.update(&out[..size]);
        self.bytes += size as u64;
        Ok(size)
    }
}

fn json<R: Read + Seek>(zip: &mut ZipArchive<R>, name: &str, limits: &Limits) -> Option<Value> {
    let file = zip.by_name(name).ok()?;
    let mut text = Vec::new();
    file.take(limits.list_bytes as u64).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Compares the list of hashes with what was seen, in both directions.
fn check_list<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    seen: &BTreeMap<String, Seen>,
    limits: &Limits,
    report: &mut Report,
) {
    let Some(own) = seen.get(LIST) else { return report.find(Code::DatapackageMissing, LIST) };
    let list = json(zip, LIST, limits).unwrap_or_default();
    let version = list.get("wacz_version").and_then(Value::as_str).unwrap_or_default();
    let Some(resources) =
        list.get("resources").and_then(Value::as_array).filter(|_| version.starts_with("1."))
    else {
        return report.find(Code::DatapackageWrong, LIST);
    };
    check_digest_file(zip, own, seen, limits, report);
    let mut listed = HashSet::new();
    for resource in resources {
        let path = resource.get("path").and_then(Value::as_str).unwrap_or_default();
        if !listed.insert(path) {
            report.find(Code::ListedTwice, path);
        }
        match seen.get(path) {
            Some(member) => check_resource(path, resource, member, report),
            None => report.find(Code::ListedMissing, path),
        }
    }
    for path in seen.keys().filter(|path| *path != LIST && *path != DIGEST) {
        if !listed.contains(path.as_str()) {
            report.find(Code::NotListed, path.clone());
        }
    }
}

fn check_resource(path: &str, resource: &Value, member: &Seen, report: &mut Report) {
    let hash = resource.get("hash").and_then(Value::as_str).filter(|hash| hash.starts_with("sha256:"));
    match (hash, resource.get("bytes").and_then(Value::as_u64)) {
        (Some(hash), Some(bytes)) => {
            if hash != member.hash || bytes != member.bytes {
                report.find(Code::HashWrong, path);
            }
        }
        _ => report.find(Code::HashMissing, path),
    }
}

fn check_digest_file<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    own: &Seen,
    seen: &BTreeMap<String, Seen>,
    limits: &Limits,
    report: &mut Report,
) {
    if !seen.contains_key(DIGEST) {
        return report.find(Code::DigestFileMissing, DIGEST);
    }
    let digest = json(zip, DIGEST, limits).unwrap_or_default();
    let text = |name: &str| digest.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("path") != LIST || text("hash") != own.hash {
        report.find(Code::DigestFileWrong, DIGEST);
    }
    if digest.get("signedData").is_some() {
        report.find(Code::SignatureNotChecked, DIGEST);
    }
}

/// WARC, index and pages are there and speak of each other.
fn check_contents<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    names: &[(usize, String)],
    limits: &Limits,
    archive: &mut Archive,
    report: &mut Report,
) {
    if archive.files.is_empty() {
        report.find(Code::WarcMissing, "archive/");
    }
    let indexes: Vec<_> = names.iter().filter(|(_, name)| is_index(name)).collect();
    if indexes.is_empty() {
        report.find(Code::IndexMissing, "indexes/");
    }
    for (index, name) in indexes {
        with_lines(zip, *index, name, limits, report, |input, report| {
            check_index(name, input, limits, archive, report);
        });
    }
    check_indexed(archive, report);
    if !names.iter().any(|(_, name)| name == "pages/pages.jsonl") {
        report.find(Code::PagesMissing, "pages/pages.jsonl");
    }
    let is_page_list = |name: &str| name.starts_with("pages/") && name.ends_with(".jsonl");
    for (index, name) in names.iter().filter(|(_, name)| is_page_list(name)) {
        with_lines(zip, *index, name, limits, report, |input, report| {
            check_pages(name, input, limits, archive, report);
        });
    }
}

fn is_index(name: &str) -> bool {
    name.starts_with("indexes/")
        && [".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz"].iter().any(|end| name.ends_with(end))
}

/// Opens a member for reading line by line, inflated if its name says gzip. Its size was judged before.
fn with_lines<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    index: usize,
    name: &str,
    limits: &Limits,
    report: &mut Report,
    check: impl FnOnce(&mut dyn BufRead, &mut Report),
) {
    let Ok(file) = zip.by_index(index) else { return report.find(Code::Unreadable, name) };
    let size = file.size();
    let input = BufReader::with_capacity(1 << 16, file.take(size));
    if name.ends_with(".gz") {
        let most = size.saturating_mul(limits.ratio).min(limits.inflated_bytes);
        check(&mut BufReader::with_capacity(1 << 16, MultiGzDecoder::new(input).take(most)), report);
    } else {
        check(&mut { input }, report);
    }
}

fn check_indexed(archive: &Archive, report: &mut Report) {
    for (file, spots) in &archive.files {
        let mut lost: Vec<u64> = spots
            .iter()
            .filter(|(_, spot)| spot.replayable && !spot.indexed)
            .map(|(offset, _)| *offset)
            .collect();
        lost.sort_unstable();
        for offset in lost {
            report.find(Code::NotIndexed, format!("archive/{file}@{offset}"));
        }
    }
}
