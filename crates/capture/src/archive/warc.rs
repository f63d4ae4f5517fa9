//! Writes WARC 1.1 records, one gzip member each, and the index line of each that can be replayed.

use std::io::{self, Write};

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::redact::Removed;
use super::request_key::Asked;
use super::{hex, sha256_hex, surt, warc_date};

/// Name of the one WARC, as in the index.
pub(super) const FILE_NAME: &str = "data.warc.gz";

/// The record types we write (ISO 28500 §6).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Info,
    Request,
    Response,
    Metadata,
    Resource,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Info => "warcinfo",
            Self::Request => "request",
            Self::Response => "response",
            Self::Metadata => "metadata",
            Self::Resource => "resource",
        }
    }
}

/// One record before it has an id.
pub(super) struct Record<'a> {
    pub(super) kind: Kind,
    pub(super) target: Option<&'a str>,
    pub(super) at: Timestamp,
    pub(super) content_type: &'a str,
    /// Further WARC fields; values are single lines.
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) removed: Removed,
    /// Whether the digest of the payload is written.
    pub(super) payload_digest: bool,
    /// The HTTP head with its empty line; empty if the record holds no HTTP.
    pub(super) head: Vec<u8>,
    pub(super) payload: &'a [u8],
    /// Media type and status for the index; `None` keeps the record out of it.
    pub(super) listed: Option<Listed>,
}

/// What the index says beyond place and digest.
pub(super) struct Listed {
    pub(super) mime: Option<String>,
    pub(super) status: Option<String>,
    /// What the request brought, if the address alone does not find the answer.
    pub(super) asked: Option<Asked>,
}

/// Writes records one after the other.
pub(super) struct WarcWriter<W: Write> {
    out: W,
    offset: u64,
    position: u64,
    index: Vec<String>,
}

impl<W: Write> WarcWriter<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, offset: 0, position: 0, index: Vec::new() }
    }

    /// Writes a record and returns its id, `<urn:uuid:…>`.
    pub(super) fn record(&mut self, record: &Record<'_>) -> io::Result<String> {
        let block = hex(&Sha256::new().chain_update(&record.head).chain_update(record.payload).finalize());
        let payload = sha256_hex(record.payload);
        let id = self.id(record, &block);
        let head = warc_head(record, &id, &block, &payload);
        let length = self.member(&[head.as_bytes(), &record.head, record.payload, b"\r\n\r\n"])?;
        if let (Some(listed), Some(target)) = (&record.listed, record.target) {
            self.index.push(index_line(target, record.at, listed, &payload, self.offset, length));
        }
        self.offset += length;
        self.position += 1;
        Ok(id)
    }

    /// Number of records, and index lines in order of their bytes.
    pub(super) fn finish(mut self) -> io::Result<(u64, Vec<String>)> {
        self.out.flush()?;
        self.index.sort_unstable();
        Ok((self.position, self.index))
    }

    /// Id from position and content (RFC 9562 §5.8, version 8): the same record has the same id.
    fn id(&self, record: &Record<'_>, block: &str) -> String {
        let target = record.target.unwrap_or_default();
        let text = format!(
            "sigu warc 1\n{}\n{}\n{target}\n{}\n{block}\n",
            self.position,
            record.kind.name(),
            warc_date(record.at)
        );
        let mut digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        digest[6] = digest[6] & 0x0f | 0x80;
        digest[8] = digest[8] & 0x3f | 0x80;
        let hex = hex(&digest[..16]);
        format!("<urn:uuid:{}-{}-{}-{}-{}>", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    fn member(&mut self, parts: &[&[u8]]) -> io::Result<u64> {
        let counter = Counter { out: &mut self.out, written: 0 };
        // No time, no name, no operating system: the header is the same everywhere.
        let mut encoder: GzEncoder<_> =
            GzBuilder::new().mtime(0).operating_system(255).write(counter, Compression::new(6));
        for part in parts {
            encoder.write_all(part)?;
        }
        Ok(encoder.finish()?.written)
    }
}

struct Counter<W> {
    out: W,
    written: u64,
}

impl<W: Write> Write for Counter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn warc_head(record: &Record<'_>, id: &str, block: &str, payload: &str) -> String {
    let mut head = format!("WARC/1.1\r\nWARC-Type: {}\r\nWARC-Record-ID: {id}\r\n", record.kind.name());
    let mut field = |name: &str, value: &str| {
        head.push_str(&format!("{name}: {value}\r\n"));
    };
    field("WARC-Date", &warc_date(record.at));
    if let Some(target) = record.target {
        field("WARC-Target-URI", target);
    }
    for (name, value) in &record.fields {
        field(name, value);
    }
    if !record.removed.is_empty() {
        field("Sigu-Removed", &record.removed.line());
    }
    field("Content-Type", record.content_type);
    field("WARC-Block-Digest", &format!("sha256:{block}"));
    if record.payload_digest {
        field("WARC-Payload-Digest", &format!("sha256:{payload}"));
    }
    field("Content-Length", &(record.head.len() + record.payload.len()).to_string());
    head + "\r\n"
}

/// A CDXJ line, byte for byte as `cdxj-indexer --post-append` writes it.
fn index_line(
    target: &str,
    at: Timestamp,
    listed: &Listed,
    digest: &str,
    offset: u64,
    length: u64,
) -> String {
    let date: String = warc_date(at).chars().filter(char::is_ascii_digit).take(14).collect();
    let mut pairs = vec![("url", target.to_owned())];
    pairs.extend(listed.mime.clone().map(|mime| ("mime", mime)));
    pairs.extend(listed.status.clone().map(|status| ("status", status)));
    pairs.push(("digest", format!("sha256:{digest}")));
    pairs.push(("length", length.to_string()));
    pairs.push(("offset", offset.to_string()));
    pairs.push(("filename", FILE_NAME.to_owned()));
    let mut key = surt(target);
    if let Some(asked) = &listed.asked {
        key = surt(&asked.address(target));
        pairs.push(("requestBody", asked.query.clone()));
        pairs.push(("method", asked.method.to_owned()));
    }
    let pairs: Vec<String> =
        pairs.into_iter().map(|(name, value)| format!("\"{name}\": {}", ascii_json(value))).collect();
    format!("{key} {date} {{{}}}\n", pairs.join(", "))
}

/// A JSON string with everything outside ASCII as `\uXXXX`, the way Python writes it.
fn ascii_json(text: String) -> String {
    let mut out = String::new();
    for c in Value::String(text).to_string().chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}
