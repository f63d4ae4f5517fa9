//! One request and what came back, as the browser received it.
//!
//! `Debug` of these types shows sizes and names, never values: they hold cookies and tokens.

use std::fmt;

use jiff::Timestamp;

use crate::archive::redact;

/// Header fields as sent: in order, with repetitions, names as written.
pub type Headers = Vec<(String, String)>;

/// One request and its answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Address as requested, without change.
    pub url: String,
    /// `GET`, `POST` and so on.
    pub method: String,
    /// When the request was sent.
    pub started_at: Timestamp,
    /// What the page wanted it for, in the words of DevTools: `Document`, `XHR`, `Image`, `WebSocket`.
    pub kind: String,
    /// Fields of the request.
    pub request_headers: Headers,
    /// Body of the request; `None` if it had none or it could not be read.
    pub request_body: Option<Vec<u8>>,
    /// What came back.
    pub answer: Answer,
    /// `ip:port` of the other side.
    pub remote_address: Option<String>,
    /// `http/1.1`, `h2`, `h3`.
    pub protocol: Option<String>,
    /// The encrypted connection, if it was one.
    pub tls: Option<Tls>,
}

/// What came back for a request.
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    /// A response, perhaps without its whole body.
    Received(Response),
    /// None; the text is the browser's (`net::ERR_…`).
    Failed(String),
    /// None yet when the capture ended.
    Pending,
}

/// A response.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// Status code as received.
    pub status: u16,
    /// Reason phrase; empty with HTTP/2 and later.
    pub reason: String,
    /// Fields of the response.
    pub headers: Headers,
    /// When the head of the response came.
    pub received_at: Timestamp,
    /// Its body.
    pub body: Body,
    /// Where the browser took it from.
    pub from: Origin,
}

/// Where the browser took a response from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The other side, at this moment.
    Network,
    /// The browser's cache on disk: an earlier moment.
    DiskCache,
    /// The browser's cache in memory: an earlier moment of the same page visit.
    MemoryCache,
    /// A script of the site inside the browser, which can answer what it likes.
    ServiceWorker,
}

/// The body of a response.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// What there is of it.
    pub bytes: Vec<u8>,
    /// How these bytes relate to those sent.
    pub state: BodyState,
}

/// How the bytes of a body relate to those sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyState {
    /// Byte for byte, after the content coding (gzip, br) was undone.
    AsReceived,
    /// Text the browser had decoded and written again in UTF-8.
    Transcoded,
    /// Only the first bytes.
    Cut {
        /// The whole length in bytes, if known.
        of: Option<u64>,
    },
    /// There are none.
    Absent {
        /// The reason, for people.
        why: String,
    },
}

/// An encrypted connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// `TLS 1.3`.
    pub protocol: String,
    /// Cipher suite in the browser's words.
    pub cipher: String,
    /// Common name of the certificate.
    pub subject: String,
    /// Common name of the issuer.
    pub issuer: String,
    /// Certificate valid from.
    pub valid_from: Timestamp,
    /// Certificate valid to.
    pub valid_to: Timestamp,
    /// Certificates as DER (RFC 5280), the server's own first; may be empty.
    pub chain: Vec<Vec<u8>>,
    /// What the browser found wrong (`net::ERR_CERT_…`).
    pub error: Option<String>,
}

/// Text frames of one WebSocket (RFC 6455), both directions.
#[derive(Clone, PartialEq, Eq)]
pub struct Frames {
    /// Address of the socket.
    pub url: String,
    /// Frames in order of time.
    pub lines: Vec<SocketLine>,
}

/// One text frame.
#[derive(Clone, PartialEq, Eq)]
pub struct SocketLine {
    /// When the browser saw it.
    pub at: Timestamp,
    /// True if the page sent it.
    pub sent: bool,
    /// Its text.
    pub text: String,
}

fn names(headers: &Headers) -> Vec<&str> {
    headers.iter().map(|(name, _)| name.as_str()).collect()
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("url", &redact::url(&self.url).text)
            .field("method", &self.method)
            .field("started_at", &self.started_at)
            .field("kind", &self.kind)
            .field("request_headers", &names(&self.request_headers))
            .field("request_body_bytes", &self.request_body.as_ref().map(Vec::len))
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Received(response) => response.fmt(f),
            Self::Failed(error) => f.debug_tuple("Failed").field(error).finish(),
            Self::Pending => f.write_str("Pending"),
        }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &names(&self.headers))
            .field("body", &self.body)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes, {:?})", self.bytes.len(), self.state)
    }
}

impl fmt::Debug for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frames({}, {} lines)", redact::url(&self.url).text, self.lines.len())
    }
}

impl fmt::Debug for SocketLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SocketLine({}, sent {}, {} bytes)", self.at, self.sent, self.text.len())
    }
}
