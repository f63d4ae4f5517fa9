//! Looks single answers up in a WACZ of anyone: the page list, the index, one record, its body as the page had it.
//!
//! Nothing here judges the archive ([`super::check`] does); it only never reads more than its bounds allow.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Cursor, Read};

use flate2::bufread::{DeflateDecoder, GzDecoder, MultiGzDecoder, ZlibDecoder};
use serde_json::Value;
use url::Url;
use zip::{CompressionMethod, ZipArchive};

use super::{redact, surt};

/// Members of the package.
const MEMBERS: usize = 10_000;
/// Bytes of index and page lists that are read, inflated.
const LISTS: u64 = 32 << 20;
/// Index lines.
const LINES: usize = 200_000;
/// Bytes of the heads of one record.
const HEAD: u64 = 1 << 20;
/// Bytes of one body, inflated.
const BODY: u64 = 64 << 20;
/// Redirects that are followed.
const HOPS: usize = 10;

/// Why an archive or an answer cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not a package, or one without an index that can be read.
    #[error("not an archive of web pages")]
    NotAnArchive,
    /// Larger than an honest archive has it.
    #[error("larger than is read")]
    TooLarge,
    /// The record is not where the index says, or is damaged.
    #[error("the record cannot be read")]
    Damaged,
}

type Result<T> = std::result::Result<T, ReadError>;

/// A page of the page list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPage {
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// When it was opened, as the list says it.
    pub at: String,
}

/// Something the archive holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// The address it was kept under.
    pub url: String,
    /// The whole `Content-Type`; empty if there was none.
    pub content_type: String,
    /// The body without content and transfer coding.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kept({}, {}, {} bytes)", redact::url(&self.url).text, self.content_type, self.body.len())
    }
}

/// A line of the index.
#[derive(Debug, Clone)]
struct Line {
    url: String,
    /// `YYYYMMDDhhmmss`.
    date: String,
    mime: String,
    status: u16,
    digest: String,
    file: String,
    offset: u64,
    length: u64,
}

/// A WACZ in memory, ready to be asked.
pub struct Reader {
    bytes: Vec<u8>,
    /// Where each WARC lies in the package; only those that are stored as they are.
    warcs: HashMap<String, (usize, usize)>,
    /// Lines by the key of their address.
    lines: HashMap<String, Vec<Line>>,
    pages: Vec<ListedPage>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reader({} bytes, {} addresses)", self.bytes.len(), self.lines.len())
    }
}

impl Reader {
    /// Reads index and page list.
    ///
    /// # Errors
    /// Fails if it is no package, has no index, or asks for more than is read.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        let mut zip = ZipArchive::new(Cursor::new(bytes.as_slice())).map_err(|_| ReadError::NotAnArchive)?;
        if zip.len() > MEMBERS {
            return Err(ReadError::TooLarge);
        }
        let (mut warcs, mut lines, mut pages) = (HashMap::new(), HashMap::new(), Vec::new());
        let (mut budget, mut count) = (LISTS, 0);
        for index in 0..zip.len() {
            let Ok(file) = zip.by_index(index) else { continue };
            let name = String::from_utf8_lossy(file.name_raw()).into_owned();
            if let Some(own) = name.strip_prefix("archive/") {
                let start = file.data_start().and_then(|at| usize::try_from(at).ok());
                let size = usize::try_from(file.size()).ok();
                if let (Some(start), Some(size), CompressionMethod::Stored) =
                    (start, size, file.compression())
                {
                    warcs.insert(own.to_owned(), (start, size));
                }
            } else if name.starts_with("indexes/") && is_index(&name) {
                each_line(file, &name, &mut budget, |text| {
                    if let Some((key, line)) = line(text) {
                        count += 1;
                        lines.entry(key).or_insert_with(Vec::new).push(line);
                    }
                    count < LINES
                })?;
            } else if name == "pages/pages.jsonl" {
                each_line(file, &name, &mut budget, |text| {
                    pages.extend(page(text));
                    pages.len() < LINES
                })?;
            }
        }
        if lines.is_empty() || warcs.is_empty() {
            return Err(ReadError::NotAnArchive);
        }
        drop(zip);
        Ok(Self { bytes, warcs, lines, pages })
    }

    /// The pages, in the order of the list.
    pub fn pages(&self) -> &[ListedPage] {
        &self.pages
    }

    /// The DOM of a page as it was rendered, where the archive holds it.
    ///
    /// # Errors
    /// Fails if its record cannot be read.
    pub fn rendered(&self, url: &str) -> Result<Option<Kept>> {
        let kept = self.find(&format!("urn:dom:{url}"))?;
        Ok(kept.map(|kept| Kept { url: redact::url(url).text, ..kept }))
    }

    /// What the browser was given for an address; redirects are followed inside the archive.
    ///
    /// # Errors
    /// Fails if the record cannot be read; an address that is not in the archive is `None`.
    pub fn find(&self, url: &str) -> Result<Option<Kept>> {
        let mut url = url.to_owned();
        for _ in 0..HOPS {
            let Some(line) = self.line(&url) else { return Ok(None) };
            match self.read(line)? {
                (_, Some(to)) => url = to,
                (kept, None) => return Ok(Some(kept)),
            }
        }
        Ok(None)
    }

    /// The best line for an address: the address itself before one that only has its key, an answer with content before
    /// one without, what came first before what came later.
    fn line(&self, url: &str) -> Option<&Line> {
        let url = url.split('#').next().unwrap_or_default();
        let plain = redact::url(url).text;
        let lines = self.lines.get(&surt(url)).or_else(|| self.lines.get(&surt(&plain)))?;
        let rank = |line: &&Line| {
            let good = match line.status {
                200..=299 => 0,
                300..=399 => 1,
                _ => 2,
            };
            (good, line.url != url && line.url != plain, line.date.clone())
        };
        let best = lines.iter().min_by_key(rank)?;
        if best.mime != "warc/revisit" {
            return Some(best);
        }
        let original = |line: &&Line| line.digest == best.digest && line.mime != best.mime;
        lines.iter().find(original).or_else(|| self.lines.values().flatten().find(original))
    }

    /// What a record holds, and where it redirects to.
    fn read(&self, line: &Line) -> Result<(Kept, Option<String>)> {
        let (start, size) = self.warcs.get(&line.file).copied().ok_or(ReadError::Damaged)?;
        let range = |from: u64, length: u64| {
            let (from, length) = (usize::try_from(from).ok()?, usize::try_from(length).ok()?);
            let end = from.checked_add(length)?;
            self.bytes.get(start..start.checked_add(size)?)?.get(from..end)
        };
        let bytes = range(line.offset, line.length).ok_or(ReadError::Damaged)?;
        if line.file.ends_with(".gz") {
            record(&mut BufReader::new(GzDecoder::new(bytes)), line)
        } else {
            record(&mut { bytes }, line)
        }
    }
}

fn is_index(name: &str) -> bool {
    [".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz"].iter().any(|end| name.ends_with(end))
}

/// Hands each line over until the list ends or is not wanted further.
fn each_line(
    file: impl Read,
    name: &str,
    budget: &mut u64,
    mut each: impl FnMut(&str) -> bool,
) -> Result<()> {
    let file = BufReader::new(file);
    let inflated: Box<dyn Read + '_> =
        if name.ends_with(".gz") { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut text = Vec::new();
    inflated.take(*budget + 1).read_to_end(&mut text).map_err(|_| ReadError::NotAnArchive)?;
    *budget = budget.checked_sub(text.len() as u64).ok_or(ReadError::TooLarge)?;
    for line in text.split(|byte| *byte == b'\n') {
        if let Ok(line) = std::str::from_utf8(line)
            && !each(line.trim())
        {
            return Err(ReadError::TooLarge);
        }
    }
    Ok(())
}

/// A line of a CDXJ with its key.
fn line(text: &str) -> Option<(String, Line)> {
    let mut parts = text.splitn(3, ' ');
    let (key, date, json) = (parts.next()?, parts.next()?, parts.next()?);
    let json: Value = serde_json::from_str(json).ok()?;
    let text = |name: &str| json.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = |name: &str| match json.get(name)? {
        Value::String(text) => text.parse::<u64>().ok(),
        value => value.as_u64(),
    };
    let line = Line {
        url: text("url"),
        date: date.to_owned(),
        mime: text("mime"),
        status: number("status").and_then(|status| u16::try_from(status).ok()).unwrap_or(200),
        digest: text("digest"),
        file: text("filename"),
        offset: number("offset")?,
        length: number("length")?,
    };
    Some((key.to_owned(), line))
}

fn page(text: &str) -> Option<ListedPage> {
    let json: Value = serde_json::from_str(text).ok()?;
    let text = |name: &str| json.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(ListedPage { url: text("url")?, title: text("title").unwrap_or_default(), at: text("ts")? })
}

/// Fields of a head, names in lower case.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Reads up to and with the empty line; the first line is no field.
    fn read(input: &mut dyn BufRead) -> Result<(String, Self)> {
        let mut input = input.take(HEAD);
        let mut next = || {
            let mut bytes = Vec::new();
            match input.read_until(b'\n', &mut bytes) {
                Ok(read) if read > 0 && bytes.ends_with(b"\n") => {
                    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
                }
                _ => Err(ReadError::Damaged),
            }
        };
        let first = next()?;
        let mut fields = Vec::new();
        loop {
            let text = next()?;
            if text.is_empty() {
                return Ok((first, Self(fields)));
            }
            if let Some((name, value)) = text.split_once(':') {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
    }
}

fn record(input: &mut dyn BufRead, line: &Line) -> Result<(Kept, Option<String>)> {
    let (version, fields) = Fields::read(input)?;
    let length: u64 = fields.get("content-length").parse().map_err(|_| ReadError::Damaged)?;
    if !version.starts_with("WARC/") {
        return Err(ReadError::Damaged);
    }
    if length > BODY + HEAD {
        return Err(ReadError::TooLarge);
    }
    let target = fields.get("warc-target-uri").trim_start_matches('<').trim_end_matches('>').to_owned();
    if target != line.url {
        return Err(ReadError::Damaged);
    }
    let mut block = BufReader::new(input.take(length));
    if !fields.get("content-type").starts_with("application/http") {
        let body = bounded(&mut block)?;
        return Ok((Kept { url: target, content_type: fields.get("content-type").to_owned(), body }, None));
    }
    let (first, head) = Fields::read(&mut block)?;
    let status: u16 = first.split(' ').nth(1).and_then(|text| text.parse().ok()).unwrap_or_default();
    let to = Some(head.get("location")).filter(|to| (300..400).contains(&status) && !to.is_empty());
    let to = to.map(|to| absolute(&target, to));
    let mut body = bounded(&mut block)?;
    if head.get("transfer-encoding").to_ascii_lowercase().contains("chunked") {
        // Some tools take the chunks apart and leave the field.
        body = unchunked(&body).unwrap_or(body);
    }
    let body = decoded(body, head.get("content-encoding"))?;
    Ok((Kept { url: target, content_type: head.get("content-type").to_owned(), body }, to))
}

/// Where a redirect leads.
fn absolute(from: &str, to: &str) -> String {
    let base = Url::parse(from).ok();
    base.and_then(|base| base.join(to).ok()).map_or_else(|| to.to_owned(), String::from)
}

fn bounded(input: &mut dyn Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(BODY + 1).read_to_end(&mut bytes).map_err(|_| ReadError::Damaged)?;
    if bytes.len() as u64 > BODY { Err(ReadError::TooLarge) } else { Ok(bytes) }
}

/// RFC 9112 §7.1.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(out);
        }
        rest = rest.get(end + 1..)?;
        out.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

/// Ours are plain; those of others may be as they were sent. Brotli and the like are not known here.
fn decoded(body: Vec<u8>, coding: &str) -> Result<Vec<u8>> {
    match coding.trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" if body.starts_with(&[0x1f, 0x8b]) => {
            bounded(&mut MultiGzDecoder::new(body.as_slice()))
        }
        "deflate" => bounded(&mut ZlibDecoder::new(body.as_slice()))
            .or_else(|_| bounded(&mut DeflateDecoder::new(body.as_slice()))),
        "br" | "zstd" => Err(ReadError::Damaged),
        _ => Ok(body),
    }
}
