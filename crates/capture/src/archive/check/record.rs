//! Reads one WARC record (ISO 28500:2017 §4) from a stream, judging its frame, fields and digests.

use std::io::{self, BufRead, Read as _};

use jiff::Timestamp;

use super::digest::Expected;
use super::{Code, Limits};

/// Fields that may occur once only.
const SINGLE: &[&str] = &[
    "warc-type",
    "warc-record-id",
    "warc-date",
    "content-length",
    "content-type",
    "warc-target-uri",
    "warc-block-digest",
    "warc-payload-digest",
    "warc-truncated",
];

/// Types whose records must name an address (§5.10).
const WITH_TARGET: &[&str] = &["response", "resource", "request", "revisit", "conversion", "continuation"];

/// What is kept of a record.
pub(super) struct Record {
    pub(super) kind: String,
    pub(super) id: String,
    /// `YYYYMMDDhhmmss`.
    pub(super) date: String,
    pub(super) target: String,
    pub(super) content_type: String,
    pub(super) payload_digest: Option<String>,
    /// Ids this record refers to inside the archive.
    pub(super) refers: Vec<String>,
    pub(super) findings: Vec<Code>,
}

/// Why a record could not be read to its end.
pub(super) enum Stop {
    /// Its frame is wrong; what follows cannot be found.
    Frame,
    /// The stream failed.
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Fields of a head, names in lower case.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a record up to and with the two line ends behind its block.
pub(super) fn read(input: &mut dyn BufRead, limits: &Limits) -> Result<Record, Stop> {
    let fields = head(input, limits)?;
    let length: u64 = fields.get("content-length").and_then(|text| text.parse().ok()).ok_or(Stop::Frame)?;
    let mut record = judge(&fields);
    block(input, &fields, length, limits, &mut record)?;
    let mut end = [0; 4];
    input.read_exact(&mut end).map_err(|_| Stop::Frame)?;
    if end != *b"\r\n\r\n" {
        return Err(Stop::Frame);
    }
    Ok(record)
}

fn head(input: &mut dyn BufRead, limits: &Limits) -> Result<Fields, Stop> {
    let mut left = limits.head_bytes as u64;
    let version = line(input, &mut left)?;
    if version != "WARC/1.1" && version != "WARC/1.0" {
        return Err(Stop::Frame);
    }
    let mut fields: Vec<(String, String)> = Vec::new();
    loop {
        let text = line(input, &mut left)?;
        if text.is_empty() {
            return Ok(Fields(fields));
        }
        if text.starts_with([' ', '\t']) {
            let (_, value) = fields.last_mut().ok_or(Stop::Frame)?;
            value.push(' ');
            value.push_str(text.trim());
            continue;
        }
        let (name, value) = text.split_once(':').ok_or(Stop::Frame)?;
        if !crate::archive::redact::is_token(name) {
            return Err(Stop::Frame);
        }
        fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

/// One line that ends in CR LF, without it.
fn line(input: &mut dyn BufRead, left: &mut u64) -> Result<String, Stop> {
    let mut bytes = Vec::new();
    let read = input.take(*left).read_until(b'\n', &mut bytes)?;
    *left -= read as u64;
    let line = bytes.strip_suffix(b"\r\n").ok_or(Stop::Frame)?;
    String::from_utf8(line.to_vec()).map_err(|_| Stop::Frame)
}

fn judge(fields: &Fields) -> Record {
    let text = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let kind = text("warc-type");
    let id = text("warc-record-id");
    let target = text("warc-target-uri");
    // WARC 1.0 writers put the address between angle brackets.
    let bare = target.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let target = bare.map(str::to_owned).unwrap_or(target);
    let date = text("warc-date");
    let mut findings = Vec::new();
    let good_date = date.ends_with('Z') && date.parse::<Timestamp>().is_ok();
    let good_id = id.starts_with('<') && id.ends_with('>') && id.len() > 2;
    let good_target = !target.is_empty() || !WITH_TARGET.contains(&kind.as_str());
    let single = SINGLE.iter().all(|name| fields.all(name).count() <= 1);
    if !good_date || !good_id || !good_target || !single || kind.is_empty() {
        findings.push(Code::BadField);
    }
    let refers = ["warc-concurrent-to", "warc-refers-to", "warc-warcinfo-id"];
    // A revisit refers to a record that may lie in another archive.
    let refers = refers.iter().filter(|name| kind != "revisit" || **name != "warc-refers-to");
    Record {
        id,
        date: date.chars().filter(char::is_ascii_digit).take(14).collect(),
        target,
        content_type: text("content-type").to_ascii_lowercase(),
        payload_digest: fields.get("warc-payload-digest").map(str::to_owned),
        refers: refers.flat_map(|name| fields.all(name)).map(str::to_owned).collect(),
        kind,
        findings,
    }
}

/// Reads the block through both digests.
fn block(
    input: &mut dyn BufRead,
    fields: &Fields,
    length: u64,
    limits: &Limits,
    record: &mut Record,
) -> Result<(), Stop> {
    let mut of_block = expected(fields, "warc-block-digest", record);
    let whole = record.kind != "revisit" && fields.get("warc-segment-number").is_none();
    let mut of_payload = expected(fields, "warc-payload-digest", record).filter(|_| whole);
    let holds_http = record.content_type.starts_with("application/http") && whole;
    let mut http = HttpHead { bytes: Vec::new(), ended: !holds_http, limit: limits.head_bytes };
    let mut left = length;
    while left > 0 {
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            return Err(Stop::Frame);
        }
        let size = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let chunk = &chunk[..size];
        if let Some(digest) = &mut of_block {
            digest.update(chunk);
        }
        let payload = http.feed(chunk)?;
        if let Some(digest) = &mut of_payload {
            digest.update(&payload);
        }
        input.consume(size);
        left -= size as u64;
    }
    if !http.ended || (holds_http && !http.is_right(&record.kind)) {
        record.findings.push(Code::BadFrame);
    }
    if [of_block, of_payload].into_iter().flatten().any(|digest| !digest.holds()) {
        record.findings.push(Code::DigestWrong);
    }
    Ok(())
}

fn expected(fields: &Fields, name: &str, record: &mut Record) -> Option<Expected> {
    let needed =
        name == "warc-block-digest" || matches!(record.kind.as_str(), "response" | "resource" | "revisit");
    match fields.get(name) {
        Some(text) => {
            let expected = Expected::parse(text);
            if expected.is_none() {
                record.findings.push(Code::DigestUnknown);
            }
            expected
        }
        None => {
            if needed {
                record.findings.push(Code::DigestMissing);
            }
            None
        }
    }
}

/// Finds where the head of an HTTP message ends.
struct HttpHead {
    bytes: Vec<u8>,
    ended: bool,
    limit: usize,
}

impl HttpHead {
    /// Takes the next bytes and gives back what of them is payload.
    fn feed<'a>(&mut self, chunk: &'a [u8]) -> Result<std::borrow::Cow<'a, [u8]>, Stop> {
        if self.ended {
            return Ok(chunk.into());
        }
        let searched = self.bytes.len().saturating_sub(3);
        self.bytes.extend_from_slice(chunk);
        let found = self.bytes[searched..].windows(4).position(|window| window == b"\r\n\r\n");
        match found {
            Some(at) => {
                self.ended = true;
                Ok(self.bytes.split_off(searched + at + 4).into())
            }
            None if self.bytes.len() > self.limit => Err(Stop::Frame),
            None => Ok([].as_slice().into()),
        }
    }

    fn is_right(&self, kind: &str) -> bool {
        let first = self.bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
        match kind {
            "response" => first.starts_with(b"HTTP/"),
            "request" => first.windows(6).any(|window| window == b" HTTP/"),
            _ => true,
        }
    }
}
