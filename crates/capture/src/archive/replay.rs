//! Turns an exchange into the HTTP messages of WARC records that a replay tool can serve.
//!
//! DevTools gives bodies after the content coding was undone. A head that still promised gzip, or another
//! length, would break replay: such fields keep their value under `x-orig-…`.

use std::net::{IpAddr, SocketAddr};

use super::redact::{self, Removed, is_token, one_line};
use super::redact_body;
use super::request_key::Asked;
use super::warc::{Kind, Listed, Record};
use super::warc_date;
use crate::exchange::{Answer, BodyState, Exchange, Headers, Origin, Response};

const HTTP_REQUEST: &str = "application/http; msgtype=request";
const HTTP_RESPONSE: &str = "application/http; msgtype=response";

/// RFC 9110 §9.3 and RFC 5789.
const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/// Fields that describe the transfer, not the content.
const TRANSFER: &[&str] = &["content-encoding", "transfer-encoding"];

/// What is common to the records of one exchange.
pub(super) struct Target<'a> {
    pub(super) exchange: &'a Exchange,
    pub(super) uri: String,
    pub(super) removed: Removed,
}

impl<'a> Target<'a> {
    pub(super) fn new(exchange: &'a Exchange) -> Self {
        let redacted = redact::url(&exchange.url);
        let uri = if redacted.text.is_empty() { "about:blank".to_owned() } else { redacted.text };
        // The opening handshake of a WebSocket is HTTP (RFC 6455 §4); replay tools know HTTP addresses only.
        let uri = match uri.strip_prefix("ws") {
            Some(rest) if rest.starts_with("://") || rest.starts_with("s://") => format!("http{rest}"),
            _ => uri,
        };
        Self { exchange, uri, removed: redacted.removed }
    }

    /// Whether the exchange can be told as HTTP; `blob:`, `file:` and the like cannot.
    pub(super) fn is_http(&self) -> bool {
        self.uri.starts_with("http:") || self.uri.starts_with("https:")
    }

    fn record<'b>(&'b self, kind: Kind, content_type: &'b str, payload: &'b [u8]) -> Record<'b> {
        Record {
            kind,
            target: Some(&self.uri),
            at: self.exchange.started_at,
            content_type,
            fields: self.connection(),
            removed: self.removed.clone(),
            payload_digest: kind != Kind::Metadata,
            head: Vec::new(),
            payload,
            listed: None,
        }
    }

    /// Address and protocols of the connection; WARC-Protocol and WARC-Cipher-Suite are proposals of the IIPC.
    fn connection(&self) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        let address = self.exchange.remote_address.as_deref();
        fields.extend(address.and_then(ip_of).map(|ip| ("WARC-IP-Address", ip.to_string())));
        let protocol = self.exchange.protocol.as_deref().map(one_line).filter(|text| !text.is_empty());
        fields.extend(protocol.map(|protocol| ("WARC-Protocol", protocol)));
        if let Some(tls) = &self.exchange.tls {
            fields.push(("WARC-Protocol", one_line(&tls.protocol).to_lowercase().replace(' ', "/")));
            fields.push(("WARC-Cipher-Suite", one_line(&tls.cipher)));
        }
        fields
    }

    /// The response as a record; without HTTP, its body as a resource of type `media_type`.
    pub(super) fn response<'b>(&'b self, response: &'b Response, media_type: &'b str) -> Record<'b> {
        let mut record = if self.is_http() {
            self.http_response(response)
        } else {
            let mut record = self.record(Kind::Resource, media_type, &response.body.bytes);
            record.listed = Some(Listed { mime: Some(media_type.to_owned()), status: None, asked: None });
            record
        };
        if self.exchange.url.starts_with("ws") {
            record
                .fields
                .push(("Sigu-Scheme", self.exchange.url.split(':').next().unwrap_or_default().to_owned()));
        }
        record.fields.push(("Sigu-Kind", one_line(&self.exchange.kind)));
        record.fields.push(("Sigu-Received", warc_date(response.received_at)));
        record.fields.push(("Sigu-From", from(response.from).to_owned()));
        record.fields.extend(body_fields(&response.body.state, response.body.bytes.len()));
        record
    }

    fn http_response<'b>(&'b self, response: &'b Response) -> Record<'b> {
        let mut record = self.record(Kind::Response, HTTP_RESPONSE, &response.body.bytes);
        let kept = redact::headers(&response.headers, &mut record.removed);
        let headers = for_replay(kept, &response.body.state, response.body.bytes.len());
        let status = format!("{:03}", response.status);
        let first = format!("HTTP/1.1 {status} {}", one_line(&response.reason));
        record.head = head_bytes(&first, &headers);
        record.listed = Some(Listed { mime: mime(&headers), status: Some(status), asked: None });
        record
    }

    /// Media type of the response, without parameters.
    pub(super) fn media_type(response: &Response) -> String {
        let kept = redact::headers(&response.headers, &mut Removed::default());
        let mime = mime(&kept).filter(|mime| !mime.is_empty() && mime.is_ascii());
        mime.unwrap_or_else(|| "application/octet-stream".to_owned())
    }

    /// What finds the answer beyond its address, from the body without secrets.
    pub(super) fn asked(&self, body: &[u8]) -> Option<Asked> {
        let content_type = header(&self.exchange.request_headers, "content-type").unwrap_or_default();
        Asked::of(&self.exchange.method, content_type, body).filter(|_| self.is_http())
    }

    /// The body of the request without secrets.
    pub(super) fn request_body(&self, removed: &mut Removed) -> Vec<u8> {
        let content_type = header(&self.exchange.request_headers, "content-type").unwrap_or_default();
        match &self.exchange.request_body {
            Some(bytes) => redact_body::body(bytes, content_type, removed),
            None => Vec::new(),
        }
    }

    /// The request as a record; `answer` is the id of the record of what came back.
    pub(super) fn request<'b>(&'b self, body: &'b [u8], removed: &Removed, answer: String) -> Record<'b> {
        let mut record = self.record(Kind::Request, HTTP_REQUEST, body);
        record.removed.merge(removed);
        let mut headers = redact::headers(&self.exchange.request_headers, &mut record.removed);
        let (host, path) = place(&self.uri);
        if header(&headers, "host").is_none() && !host.is_empty() {
            headers.insert(0, ("Host".to_owned(), host.to_owned()));
        }
        let announced = header(&headers, "content-length").is_some_and(|length| length != "0");
        if !body.is_empty() || announced {
            headers = with_length(headers, body.len());
        }
        let method = if is_token(&self.exchange.method) { &self.exchange.method } else { "UNKNOWN" };
        // Readers that do not know the method take the head for payload.
        record.payload_digest = METHODS.contains(&method);
        record.head = head_bytes(&format!("{method} {path} HTTP/1.1"), &headers);
        record.fields.insert(0, ("WARC-Concurrent-To", answer));
        if self.exchange.request_body.is_none() && announced {
            record.fields.push(("Sigu-Body", "absent; not readable".to_owned()));
        }
        record
    }

    /// What is known of an exchange without response, as lines of a metadata record; `None` if there was one.
    pub(super) fn outcome(&self) -> Option<String> {
        let method = one_line(&self.exchange.method);
        let kind = one_line(&self.exchange.kind);
        let outcome = match &self.exchange.answer {
            Answer::Received(_) => return None,
            Answer::Failed(error) => format!("outcome: failed\r\nerror: {}", one_line(error)),
            Answer::Pending => "outcome: pending".to_owned(),
        };
        Some(format!("{outcome}\r\nmethod: {method}\r\nkind: {kind}\r\n"))
    }

    /// The metadata record of an exchange without response.
    pub(super) fn unanswered<'b>(&'b self, outcome: &'b str) -> Record<'b> {
        self.record(Kind::Metadata, "application/warc-fields", outcome.as_bytes())
    }
}

fn from(origin: Origin) -> &'static str {
    match origin {
        Origin::Network => "network",
        Origin::DiskCache => "disk-cache",
        Origin::MemoryCache => "memory-cache",
        Origin::ServiceWorker => "service-worker",
    }
}

fn body_fields(state: &BodyState, length: usize) -> Vec<(&'static str, String)> {
    match state {
        BodyState::AsReceived => Vec::new(),
        BodyState::Transcoded => vec![("Sigu-Body", "transcoded to utf-8".to_owned())],
        BodyState::Cut { of } => {
            let of = of.map(|of| format!(" of {of}")).unwrap_or_default();
            vec![("WARC-Truncated", "length".to_owned()), ("Sigu-Body", format!("cut; {length}{of}"))]
        }
        BodyState::Absent { why } => {
            vec![
                ("WARC-Truncated", "unspecified".to_owned()),
                ("Sigu-Body", format!("absent; {}", one_line(why))),
            ]
        }
    }
}

fn for_replay(headers: Headers, state: &BodyState, length: usize) -> Headers {
    let transcoded = *state == BodyState::Transcoded;
    let mut out = Headers::new();
    for (name, value) in headers {
        let lower = name.to_ascii_lowercase();
        if TRANSFER.contains(&lower.as_str()) {
            out.push((format!("x-orig-{lower}"), value));
        } else if transcoded && lower == "content-type" {
            let utf8 = format!("{}; charset=utf-8", value.split(';').next().unwrap_or_default().trim());
            out.push((name, utf8));
            out.push((format!("x-orig-{lower}"), value));
        } else {
            out.push((name, value));
        }
    }
    with_length(out, length)
}

/// Exactly one Content-Length, the right one; another value is kept beside it.
fn with_length(headers: Headers, length: usize) -> Headers {
    let length = length.to_string();
    let mut out = Headers::new();
    let mut found = false;
    for (name, value) in headers {
        if !name.eq_ignore_ascii_case("content-length") {
            out.push((name, value));
        } else if value == length && !found {
            found = true;
            out.push((name, value));
        } else {
            out.push(("x-orig-content-length".to_owned(), value));
        }
    }
    if !found {
        out.push(("Content-Length".to_owned(), length));
    }
    out
}

fn head_bytes(first: &str, headers: &Headers) -> Vec<u8> {
    let mut head = format!("{first}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    (head + "\r\n").into_bytes()
}

fn header<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn mime(headers: &Headers) -> Option<String> {
    let value = header(headers, "content-type")?;
    Some(value.split(|c: char| c == ';' || c.is_whitespace()).next().unwrap_or_default().to_owned())
}

/// Host with port, and path with query, of an address without fragment.
fn place(uri: &str) -> (&str, &str) {
    let uri = uri.split('#').next().unwrap_or_default();
    match uri.split_once("://") {
        Some((_, rest)) => {
            let at = rest.find(['/', '?']).unwrap_or(rest.len());
            let (host, path) = rest.split_at(at);
            (host, if path.is_empty() { "/" } else { path })
        }
        None => ("", uri),
    }
}

fn ip_of(address: &str) -> Option<IpAddr> {
    let address = address.trim();
    if let Ok(socket) = address.parse::<SocketAddr>() {
        return Some(socket.ip());
    }
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    let bare = |text: &str| text.trim_matches(['[', ']']).parse().ok();
    bare(address).or_else(|| bare(host))
}
