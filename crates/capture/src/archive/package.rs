//! Puts records, index, page list and the list of hashes into one WACZ 1.1.1.

use std::io::{self, Seek, Write};

use serde_json::json;
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::redact::{self, Removed, is_token, one_line};
use super::replay::Target;
use super::warc::{FILE_NAME, Kind, Listed, Record, WarcWriter};
use super::{ArchiveError, Contents, Resource, Summary, hex, sha256_hex, warc_date};
use crate::archive::redact_body;
use crate::exchange::{Answer, Frames, Tls};

/// A ZIP member of this size needs the 64-bit form; it is chosen before the size is known.
const LARGE: usize = 3 << 30;

/// A member that was written.
struct Member {
    path: String,
    hash: String,
    bytes: u64,
}

pub(super) fn write(contents: &Contents<'_>, out: impl Write + Seek) -> Result<Summary, ArchiveError> {
    let mut zip = ZipWriter::new(out);
    let mut summary = Summary::default();
    let mut members = Vec::new();
    let mut index = Vec::new();
    let large = size_of_bodies(contents) >= LARGE;
    members.push(member(&mut zip, &format!("archive/{FILE_NAME}"), large, |file| {
        let mut records =
            Records { warc: WarcWriter::new(file), summary: &mut summary, connections: Vec::new() };
        records.all(contents)?;
        let (count, lines) = records.warc.finish()?;
        summary.records = count;
        index = lines;
        Ok(())
    })?);
    summary.warc_bytes = members[0].bytes;
    members.push(member(&mut zip, "indexes/index.cdx", false, |file| {
        index.iter().try_for_each(|line| file.write_all(line.as_bytes()))
    })?);
    members.push(member(&mut zip, "pages/pages.jsonl", false, |file| pages(contents, file))?);
    let list = datapackage(contents, &members);
    summary.datapackage_sha256 = sha256_hex(list.as_bytes());
    member(&mut zip, "datapackage.json", false, |file| file.write_all(list.as_bytes()))?;
    let digest =
        json!({"path": "datapackage.json", "hash": format!("sha256:{}", summary.datapackage_sha256)});
    let digest = pretty(&digest);
    member(&mut zip, "datapackage-digest.json", false, |file| file.write_all(digest.as_bytes()))?;
    zip.finish()?;
    Ok(summary)
}

fn size_of_bodies(contents: &Contents<'_>) -> usize {
    let answers = contents.exchanges.iter().map(|exchange| {
        let request = exchange.request_body.as_ref().map_or(0, Vec::len);
        match &exchange.answer {
            Answer::Received(response) => request + response.body.bytes.len(),
            Answer::Failed(_) | Answer::Pending => request,
        }
    });
    answers.sum::<usize>() + contents.resources.iter().map(|resource| resource.bytes.len()).sum::<usize>()
}

/// Writes one stored member, hashing on the way. Its time is 1980-01-01, the least a ZIP can say.
fn member<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    path: &str,
    large: bool,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Member, ArchiveError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644)
        .large_file(large);
    zip.start_file(path, options)?;
    let mut file = Hashing { out: zip, hash: Sha256::new(), bytes: 0 };
    fill(&mut file)?;
    let hash = format!("sha256:{}", hex(&file.hash.finalize()));
    Ok(Member { path: path.to_owned(), hash, bytes: file.bytes })
}

struct Hashing<W> {
    out: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn pages(contents: &Contents<'_>, file: &mut dyn Write) -> io::Result<()> {
    writeln!(file, "{}", json!({"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}))?;
    for page in contents.pages {
        let url = redact::url(&page.url).text;
        let line = json!({"id": page.id, "url": url, "title": page.title, "ts": warc_date(page.at)});
        writeln!(file, "{line}")?;
    }
    Ok(())
}

fn datapackage(contents: &Contents<'_>, members: &[Member]) -> String {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let resources: Vec<_> = members
        .iter()
        .map(|m| json!({"name": name(&m.path), "path": m.path, "hash": m.hash, "bytes": m.bytes}))
        .collect();
    let mut list = json!({
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "software": contents.software,
        "created": warc_date(contents.created_at),
        "resources": resources,
    });
    if let Some(page) = contents.pages.first() {
        list["title"] = json!(page.title);
        list["mainPageUrl"] = json!(redact::url(&page.url).text);
        list["mainPageDate"] = json!(warc_date(page.at));
    }
    pretty(&list)
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

/// Writes the records of one archive in order.
struct Records<'a, W: Write> {
    warc: WarcWriter<W>,
    summary: &'a mut Summary,
    /// Each encrypted connection with the ids of the responses that came over it.
    connections: Vec<(&'a Tls, Vec<String>)>,
}

impl<'a, W: Write> Records<'a, W> {
    fn all(&mut self, contents: &Contents<'a>) -> io::Result<()> {
        self.info(contents)?;
        for exchange in contents.exchanges {
            if exchange.url.starts_with("data:") {
                self.summary.left_out += 1;
                continue;
            }
            self.exchange(&Target::new(exchange), exchange.tls.as_ref())?;
        }
        contents.sockets.iter().try_for_each(|frames| self.socket(frames))?;
        contents.resources.iter().try_for_each(|resource| self.resource(resource))?;
        let at = contents.exchanges.first().map_or(contents.created_at, |exchange| exchange.started_at);
        std::mem::take(&mut self.connections).iter().try_for_each(|(tls, ids)| self.connection(tls, ids, at))
    }

    fn put(&mut self, record: &Record<'_>) -> io::Result<String> {
        for name in record.removed.names() {
            *self.summary.removed.entry(name.to_owned()).or_default() += 1;
        }
        self.warc.record(record)
    }

    fn info(&mut self, contents: &Contents<'_>) -> io::Result<()> {
        let block = format!(
            "software: {}\r\nformat: WARC File Format 1.1\r\n\
             conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
            one_line(contents.software)
        );
        let fields = vec![("WARC-Filename", FILE_NAME.to_owned())];
        self.put(&plain(
            Kind::Info,
            None,
            contents.created_at,
            "application/warc-fields",
            block.as_bytes(),
            fields,
        ))?;
        Ok(())
    }

    fn exchange(&mut self, target: &Target<'_>, tls: Option<&'a Tls>) -> io::Result<()> {
        let mut removed = Removed::default();
        let body = target.request_body(&mut removed);
        let answer = match (&target.exchange.answer, target.outcome()) {
            (Answer::Received(response), _) => {
                self.summary.responses += 1;
                let media_type = Target::media_type(response);
                let mut record = target.response(response, &media_type);
                if let Some(listed) = &mut record.listed {
                    listed.asked = target.asked(&body);
                }
                let id = self.put(&record)?;
                self.remember(tls, &id);
                id
            }
            (_, outcome) => {
                self.summary.unanswered += 1;
                self.put(&target.unanswered(&outcome.unwrap_or_default()))?
            }
        };
        if !target.is_http() {
            return Ok(());
        }
        self.put(&target.request(&body, &removed, answer))?;
        Ok(())
    }

    fn remember(&mut self, tls: Option<&'a Tls>, id: &str) {
        let Some(tls) = tls else { return };
        match self.connections.iter_mut().find(|(known, _)| *known == tls) {
            Some((_, ids)) => ids.push(id.to_owned()),
            None => self.connections.push((tls, vec![id.to_owned()])),
        }
    }

    /// One line of JSON for each frame. What the page sent is treated like a request body.
    fn socket(&mut self, frames: &Frames) -> io::Result<()> {
        let Some(first) = frames.lines.first() else { return Ok(()) };
        let mut redacted = redact::url(&frames.url);
        let target = format!("urn:websocket:{}", redacted.text);
        let mut block = String::new();
        for line in &frames.lines {
            let text = if line.sent {
                let done = redact_body::body(line.text.as_bytes(), "", &mut redacted.removed);
                String::from_utf8_lossy(&done).into_owned()
            } else {
                line.text.clone()
            };
            let line = json!({"at": warc_date(line.at), "sent": line.sent, "text": text});
            block.push_str(&format!("{line}\n"));
        }
        let mut record = plain(
            Kind::Resource,
            Some(&target),
            first.at,
            "application/x-ndjson",
            block.as_bytes(),
            Vec::new(),
        );
        record.removed = redacted.removed;
        self.put(&record)?;
        Ok(())
    }

    fn resource(&mut self, resource: &Resource) -> io::Result<()> {
        let target = redact::target(&resource.target_uri);
        let media_type = one_line(&resource.media_type);
        let mut record =
            plain(Kind::Resource, Some(&target.text), resource.at, &media_type, &resource.bytes, Vec::new());
        record.removed = target.removed.clone();
        let id = self.put(&record)?;
        if resource.about.is_empty() {
            return Ok(());
        }
        let mut removed = Removed::default();
        let lines = resource.about.iter().filter(|(name, _)| is_token(name));
        let lines: String = lines
            .map(|(name, value)| format!("{name}: {}\r\n", redact::text(&one_line(value), &mut removed)))
            .collect();
        if lines.is_empty() {
            return Ok(());
        }
        let fields = vec![("WARC-Refers-To", id)];
        let kind = "application/warc-fields";
        let mut record =
            plain(Kind::Metadata, Some(&target.text), resource.at, kind, lines.as_bytes(), fields);
        record.removed = removed;
        self.put(&record)?;
        Ok(())
    }

    /// Facts of an encrypted connection, the responses that came over it, and its certificates as PEM.
    fn connection(&mut self, tls: &Tls, ids: &[String], at: jiff::Timestamp) -> io::Result<()> {
        let chain = format!("urn:certificate-chain:sha256:{}", sha256_hex(&tls.chain.concat()));
        let mut block = format!(
            "protocol: {}\r\ncipher: {}\r\nsubject: {}\r\nissuer: {}\r\nvalid-from: {}\r\nvalid-to: {}\r\n",
            one_line(&tls.protocol),
            one_line(&tls.cipher),
            one_line(&tls.subject),
            one_line(&tls.issuer),
            tls.valid_from,
            tls.valid_to
        );
        if let Some(error) = &tls.error {
            block.push_str(&format!("error: {}\r\n", one_line(error)));
        }
        if !tls.chain.is_empty() {
            block.push_str(&format!("certificate-chain: {chain}\r\n"));
        }
        let fields = ids.iter().map(|id| ("WARC-Concurrent-To", id.clone())).collect();
        let kind = "application/warc-fields";
        self.put(&plain(Kind::Metadata, None, at, kind, block.as_bytes(), fields))?;
        if tls.chain.is_empty() {
            return Ok(());
        }
        let pem: String = tls.chain.iter().map(|der| pem(der)).collect();
        let kind = "application/pem-certificate-chain";
        self.put(&plain(Kind::Resource, Some(&chain), at, kind, pem.as_bytes(), Vec::new()))?;
        Ok(())
    }
}

/// A record that holds no HTTP.
fn plain<'a>(
    kind: Kind,
    target: Option<&'a str>,
    at: jiff::Timestamp,
    content_type: &'a str,
    payload: &'a [u8],
    fields: Vec<(&'static str, String)>,
) -> Record<'a> {
    let mime = content_type.split([';', ' ']).next().unwrap_or_default().to_owned();
    let listed = (kind == Kind::Resource).then_some(Listed { mime: Some(mime), status: None, asked: None });
    Record {
        kind,
        target,
        at,
        content_type,
        fields,
        removed: Removed::default(),
        payload_digest: kind == Kind::Resource,
        head: Vec::new(),
        payload,
        listed,
    }
}

/// RFC 7468.
fn pem(der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap_or_default()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
