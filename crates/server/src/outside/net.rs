//! The one way out: one question over HTTP, one answer, within limits of time and size.
//!
//! Plain HTTP is as good as HTTPS here: what comes back is judged by signatures, not by who carried it. Proxies are those
//! of the environment, as other programs take them (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`); this machine
//! itself is never asked through one. For HTTPS the roots of the machine count: where a house inspects traffic, its root
//! is there and nowhere else. A question that is posted is never led elsewhere; one that is fetched only on the same host.

mod look;

use std::error::Error as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, ClientBuilder, Response};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

pub use look::{Seen, Sight};

/// Who asks: the program and its version, and nothing of the machine or its owner.
const USER_AGENT: &str = concat!("sigu/", env!("CARGO_PKG_VERSION"));
/// How often a fetched answer may lead on, on the same host.
const MAX_HOPS: usize = 3;

/// Says how long is waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// For all of it, from the first packet to the last byte of the answer.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), whole: Duration::from_secs(20) }
    }
}

/// Says why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetFault {
    /// Not an address of HTTP or HTTPS; asking again does not help.
    #[error("not an address of http or https")]
    Address,
    /// No connection: no such name, no net, nobody listens, or the proxy refuses.
    #[error("cannot be reached")]
    Unreachable,
    /// The certificate of the server, or of somebody between, is not accepted on this machine.
    #[error("the certificate of the connection is not accepted")]
    Untrusted,
    /// The time was over before the last byte.
    #[error("no answer in time")]
    TimedOut,
    /// The connection ended in the middle, or what came is not HTTP.
    #[error("the connection ended before the answer did")]
    CutOff,
    /// The answer is larger than any good one.
    #[error("the answer is too large")]
    TooLarge,
    /// The server answered with this status and not with what was asked for.
    #[error("answered with status {0}")]
    Status(u16),
}

/// Holds one question.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// Whom to ask.
    pub url: &'a str,
    /// What is sent, with its media type; `None` to fetch.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// The media type wanted.
    pub accept: &'static str,
    /// The most bytes that are read of the answer.
    pub most: usize,
}

/// Holds an answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The media type as it was sent, cut at 200 characters; a stranger's words.
    pub content_type: Option<String>,
    /// The bytes.
    pub body: Vec<u8>,
    /// The local clock before the question went out.
    pub sent: Timestamp,
    /// The local clock when the last byte was there.
    pub received: Timestamp,
}

impl Reply {
    /// Returns the middle between question and answer by the local clock, which a clock in the answer is compared with.
    pub fn midpoint(&self) -> Timestamp {
        let half = self.received.duration_since(self.sent) / 2;
        self.sent.checked_add(half).unwrap_or(self.received)
    }

    /// Gives the bytes of an answer of status 200.
    ///
    /// # Errors
    /// [`NetFault::Status`] for any other.
    pub fn ok(self) -> Result<Self, NetFault> {
        if self.status == 200 { Ok(self) } else { Err(NetFault::Status(self.status)) }
    }
}

/// Asks over the net. Keeps no connection, no cookie and no trace of what was asked before; cheap to clone.
#[derive(Clone, Debug)]
pub struct Net {
    posting: Client,
    fetching: Client,
    /// For this machine: without proxy.
    near: Client,
    /// For pages that are watched, and for those on this machine.
    looking: [Client; 2],
    limits: Limits,
    now: fn() -> Timestamp,
}

impl Net {
    /// Makes it ready; nothing is sent. `now` is the device's clock.
    ///
    /// # Errors
    /// Fails where the TLS library cannot be set up: a fault of the build or of the machine, not of the net.
    pub fn new(limits: Limits, now: fn() -> Timestamp) -> Result<Self, NetSetupError> {
        let tls = tls()?;
        let client = |redirects: Policy| {
            ClientBuilder::new()
                .user_agent(USER_AGENT)
                .connect_timeout(limits.connect)
                .redirect(redirects)
                .referer(false)
                .pool_max_idle_per_host(0)
                .tls_backend_preconfigured(tls.clone())
        };
        let built = |builder: ClientBuilder| builder.build().map_err(|error| NetSetupError(told(&error)));
        Ok(Self {
            posting: built(client(Policy::none()))?,
            fetching: built(client(Policy::custom(same_host)))?,
            near: built(client(Policy::none()).no_proxy())?,
            looking: [
                built(client(Policy::custom(look::same_place)))?,
                built(client(Policy::custom(look::same_place)).no_proxy())?,
            ],
            limits,
            now,
        })
    }

    /// Makes a client for a store of objects, which asks in its own way; with the same TLS, and no longer than `whole` for
    /// one object.
    pub(crate) fn client_for_objects(whole: Duration) -> Result<Client, NetSetupError> {
        let limits = Limits::default();
        let builder = ClientBuilder::new()
            .user_agent(USER_AGENT)
            .connect_timeout(limits.connect)
            .timeout(whole)
            .redirect(Policy::none())
            .referer(false)
            .tls_backend_preconfigured(tls()?);
        builder.build().map_err(|error| NetSetupError(told(&error)))
    }

    /// Makes what begins TLS on a connection that is no HTTP, under the same roots.
    pub(crate) fn tls(&self) -> Result<TlsConnector, NetSetupError> {
        Ok(Arc::new(tls()?).into())
    }

    /// Returns the local clock.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// Asks once and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// All of [`NetFault`] but `Status`.
    pub async fn ask(&self, question: Question<'_>) -> Result<Reply, NetFault> {
        self.ask_as(question, None).await
    }

    /// As [`Net::ask`], with a token of the user's for whom is asked.
    pub(crate) async fn ask_as(
        &self,
        question: Question<'_>,
        bearer: Option<&str>,
    ) -> Result<Reply, NetFault> {
        let url = address(question.url)?;
        let client = match &question.body {
            _ if is_near(&url) => &self.near,
            Some(_) => &self.posting,
            None => &self.fetching,
        };
        let request = match question.body {
            Some((kind, body)) => client.post(url).header(CONTENT_TYPE, kind).body(body),
            None => client.get(url),
        };
        let request = request.header(ACCEPT, question.accept);
        let request = match bearer {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let sent = self.now();
        let asking = async {
            let response = request.send().await.map_err(|error| fault(&error))?;
            read(response, question.most).await
        };
        let done = tokio::time::timeout(self.limits.whole, asking).await;
        let (status, content_type, body) = done.map_err(|_| NetFault::TimedOut)??;
        Ok(Reply { status, content_type, body, sent, received: self.now() })
    }
}

/// Says why questions cannot be asked at all.
#[derive(Debug, thiserror::Error)]
#[error("the net cannot be used: {0}")]
pub struct NetSetupError(String);

/// TLS by ring, under the roots of the machine. Where it has none, HTTPS reaches nobody and plain HTTP still works.
fn tls() -> Result<ClientConfig, NetSetupError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let begun = || {
        ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| NetSetupError(told(&error)))
    };
    Ok(match begun()?.with_platform_verifier() {
        Ok(config) => config.with_no_client_auth(),
        Err(_) => begun()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth(),
    })
}

/// Reads an address that can be asked: HTTP or HTTPS, a host, no name and password in it.
pub(crate) fn address(text: &str) -> Result<Url, NetFault> {
    let url = Url::parse(text).map_err(|_| NetFault::Address)?;
    let web = matches!(url.scheme(), "http" | "https");
    let named = !url.username().is_empty() || url.password().is_some();
    if web && url.has_host() && !named && url.fragment().is_none() { Ok(url) } else { Err(NetFault::Address) }
}

/// Whether an address is this machine's own, which no proxy can reach.
pub(crate) fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => IpAddr::from(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::from(ip).is_loopback(),
        None => false,
    }
}

fn same_host(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let Some(first) = attempt.previous().first() else { return attempt.stop() };
    let weaker = first.scheme() == "https" && attempt.url().scheme() != "https";
    let elsewhere = attempt.url().host() != first.host();
    if weaker || elsewhere || attempt.previous().len() > MAX_HOPS { attempt.stop() } else { attempt.follow() }
}

async fn read(mut response: Response, most: usize) -> Result<(u16, Option<String>, Vec<u8>), NetFault> {
    let status = response.status().as_u16();
    let headers = response.headers();
    let kind = headers.get(CONTENT_TYPE).map(|kind| String::from_utf8_lossy(kind.as_bytes()));
    let kind = kind.map(|kind| kind.chars().filter(|c| !c.is_control()).take(200).collect());
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    // A refusal may come with a page of any size: its status says enough.
    let refused = status != 200;
    if announced.is_some_and(|length| length > most as u64) && !refused {
        return Err(NetFault::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| fault(&error))? {
        if body.len() + piece.len() > most {
            return if refused { Ok((status, kind, body)) } else { Err(NetFault::TooLarge) };
        }
        body.extend_from_slice(&piece);
    }
    Ok((status, kind, body))
}

/// What went wrong, by what lies below it; the text of the library is not kept, since it may hold addresses.
fn fault(error: &reqwest::Error) -> NetFault {
    if error.is_builder() {
        NetFault::Address
    } else if error.is_timeout() {
        NetFault::TimedOut
    } else if is_about_certificates(error) {
        NetFault::Untrusted
    } else if error.is_connect() {
        NetFault::Unreachable
    } else {
        NetFault::CutOff
    }
}

fn is_about_certificates(error: &reqwest::Error) -> bool {
    let mut below = error.source();
    while let Some(cause) = below {
        if let Some(rustls::Error::InvalidCertificate(_)) = cause.downcast_ref() {
            return true;
        }
        // What an I/O error wraps is not its source but what it says itself.
        let wrapped = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        below = match wrapped {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    false
}

fn told(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
