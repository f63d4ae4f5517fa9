//! One request and what came back, as the browser received it.

use jiff::Timestamp;

/// Header lines as sent: the order is kept, and a name may repeat.
pub type Headers = Vec<(String, String)>;

/// One request with its answer.
#[derive(Clone)]
pub struct Exchange {
    /// The address asked for.
    pub url: String,
    /// The method, such as `GET`.
    pub method: String,
    /// When it was sent.
    pub started_at: Timestamp,
    /// What it was for: `Document`, `XHR`, `Image` and so on, as the browser names it.
    pub kind: String,
    /// The request's header lines.
    pub request_headers: Headers,
    /// The request's body.
    pub request_body: Option<Vec<u8>>,
    /// What came back.
    pub answer: Answer,
    /// Address and port of the other side, such as `203.0.113.7:443`.
    pub remote_address: Option<String>,
    /// `http/1.1`, `h2`, `h3`.
    pub protocol: Option<String>,
    /// The encrypted connection, where there was one.
    pub tls: Option<Tls>,
}

/// What came back.
#[derive(Clone)]
pub enum Answer {
    /// A response.
    Received(Response),
    /// None, for this reason: `net::ERR_…`.
    Failed(String),
    /// None yet.
    Pending,
}

/// A response.
#[derive(Clone)]
pub struct Response {
    /// Its status code.
    pub status: u16,
    /// Its reason phrase, often empty.
    pub reason: String,
    /// Its header lines.
    pub headers: Headers,
    /// When its head arrived.
    pub received_at: Timestamp,
    /// Its body.
    pub body: Body,
    /// Where it came from.
    pub from: Origin,
}

/// Where a response came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The other side.
    Network,
    /// The browser's cache on disk.
    DiskCache,
    /// The browser's cache in memory.
    MemoryCache,
    /// A service worker of the page.
    ServiceWorker,
}

/// A response's body.
#[derive(Clone)]
pub struct Body {
    /// The bytes, without content encoding.
    pub bytes: Vec<u8>,
    /// How complete and how original they are.
    pub state: BodyState,
}

/// How complete and how original a body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyState {
    /// Byte for byte, apart from the content encoding.
    AsReceived,
    /// Text that the browser had encoded anew as UTF-8.
    Transcoded,
    /// Only a part came, of so many bytes where that is known.
    Cut {
        /// How many it should have been.
        of: Option<u64>,
    },
    /// Nothing was kept.
    Absent {
        /// Why.
        why: String,
    },
}

/// An encrypted connection as the browser judged it.
#[derive(Clone)]
pub struct Tls {
    /// `TLS 1.3` and so on.
    pub protocol: String,
    /// The cipher.
    pub cipher: String,
    /// Whom the certificate names.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// From when it holds.
    pub valid_from: Timestamp,
    /// Until when it holds.
    pub valid_to: Timestamp,
    /// The chain, each certificate in DER.
    pub chain: Vec<Vec<u8>>,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// The text lines of one WebSocket.
#[derive(Clone)]
pub struct Frames {
    /// Its address.
    pub url: String,
    /// The lines in their order.
    pub lines: Vec<SocketLine>,
}

/// One text line over a WebSocket.
#[derive(Clone)]
pub struct SocketLine {
    /// When.
    pub at: Timestamp,
    /// Whether the page sent it.
    pub sent: bool,
    /// The text.
    pub text: String,
}
