//! Who is asked: timestamp services, calendars, relays of drand and witnesses, as a TOML file that users edit.
//!
//! The file is specified in `docs/formats/outsiders.md`. Reading is strict, so that a mistyped field is told and not
//! passed over; writing gives a file that reads as the same. Comments of a user are lost when the program writes.
//!
//! A root is one of ours by name, or PEM in the file itself: a service of one's own choice needs nothing else.

mod read;
mod roots;
mod write;

use sigu_attestation::rfc3161::{DigestAlgorithm, Trust};
use sigu_attestation::stored::ServiceName;
use sigu_attestation::witness::{CosignerKey, CosignerKeyError, Policy, PolicyError};

use super::net::NetFault;
use url::Url;

pub use roots::{BUILT_IN_ROOTS, BuiltInRoot};

/// The largest file that is read, in bytes.
pub const MAX_SERVICES_BYTES: usize = 256 * 1024;
/// Most entries of one kind.
pub const MAX_ENTRIES: usize = 16;
/// The longest pause between two requests, in seconds: a day.
pub const MAX_PAUSE_SECONDS: u32 = 86_400;

const BUILT_IN: &str = include_str!("../../data/services.toml");

/// Holds everybody who may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Services {
    /// Timestamp services.
    pub timestamps: Vec<TimestampService>,
    /// Calendars of OpenTimestamps.
    pub calendars: Vec<Calendar>,
    /// Relays of drand.
    pub beacons: Vec<Relay>,
    /// Witnesses.
    pub witnesses: Vec<KnownWitness>,
    /// Which cosignatures are enough (C2SP tlog-policy), as text; see [`Services::policy`].
    pub policy_text: String,
}

/// Holds a timestamp service (RFC 3161).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampService {
    /// Its name in packages, as `<service>` of `docs/formats/attestation.md`.
    pub name: ServiceName,
    /// Its name for people.
    pub label: String,
    /// Who runs it, and where.
    pub operator: String,
    /// Where it is asked.
    pub url: String,
    /// The roots its tokens must lead to; at least one.
    pub roots: Vec<Root>,
    /// The least seconds between two requests, 0 to [`MAX_PAUSE_SECONDS`].
    pub pause_s: u32,
    /// By which algorithm the note is digested: SHA-256 or SM3.
    pub imprint: DigestAlgorithm,
    /// Whether it costs nothing.
    pub free: bool,
    /// Whether a token of it was verified under these roots.
    pub tested: bool,
    /// Whether it is asked.
    pub enabled: bool,
    /// A remark of the user; may be empty.
    pub note: String,
}

impl TimestampService {
    /// Returns the roots it is believed under.
    ///
    /// # Errors
    /// Fails for a root that was put in without [`Services::check`] and is not PEM.
    pub fn trust(&self) -> Result<Trust, NotARoot> {
        let pem: String = self.roots.iter().map(|root| root.pem().trim_end().to_owned() + "\n").collect();
        if self.roots.is_empty() {
            return Err(NotARoot);
        }
        Trust::from_pem(pem.as_bytes()).map_err(|_| NotARoot)
    }
}

/// Says that a root is no certificate in PEM, or that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a root certificate in PEM")]
pub struct NotARoot;

/// Holds one root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// One that comes with the program.
    BuiltIn(&'static BuiltInRoot),
    /// One or more of the user's, in PEM (RFC 7468).
    Pem(String),
}

impl Root {
    /// Finds a built-in root by its name.
    pub fn named(name: &str) -> Option<Self> {
        BUILT_IN_ROOTS.iter().find(|root| root.name == name).map(Self::BuiltIn)
    }

    /// Returns it as PEM.
    pub fn pem(&self) -> &str {
        match self {
            Self::BuiltIn(root) => root.pem,
            Self::Pem(text) => text,
        }
    }
}

/// Holds a calendar of OpenTimestamps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Its name.
    pub name: String,
    /// Where digests are sent, without a slash at the end.
    pub url: String,
    /// Addresses its promises may name beside its own; `*.` stands for any part before.
    pub promises: Vec<String>,
    /// Whether it is asked.
    pub enabled: bool,
}

impl Calendar {
    /// Says whether a promise that names this address is one of this calendar.
    ///
    /// Scheme, host, port and path must be those of its own address or of an entry of `promises`.
    pub fn knows(&self, uri: &str) -> bool {
        self.url == uri || self.promises.iter().any(|pattern| fits(pattern, uri))
    }
}

fn fits(pattern: &str, uri: &str) -> bool {
    let Some((scheme, rest)) = pattern.split_once("://*.") else { return pattern == uri };
    let Some(asked) = uri.strip_prefix(scheme).and_then(|uri| uri.strip_prefix("://")) else { return false };
    let (tail, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let (authority, asked_path) = asked.find('/').map_or((asked, ""), |at| asked.split_at(at));
    let before = authority.strip_suffix(tail).and_then(|before| before.strip_suffix('.'));
    let label = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    asked_path == path && before.is_some_and(|before| !before.is_empty() && before.bytes().all(label))
}

/// Holds a relay of drand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// Where it is asked, without a slash at the end; the chain is put behind it.
    pub url: String,
    /// Whether it is asked.
    pub enabled: bool,
}

/// Holds a witness (C2SP tlog-witness).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownWitness {
    /// Its name for people.
    pub name: String,
    /// Its key.
    pub key: CosignerKey,
    /// The submission prefix, without a slash at the end; `/add-checkpoint` is put behind it.
    pub url: String,
    /// Whether it is asked.
    pub enabled: bool,
}

/// Says which field of which entry breaks which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicesError {
    /// `timestamp`, `calendar`, `beacon`, `witness`, or empty for the file itself.
    pub table: &'static str,
    /// Which entry of that table, from 1; 0 for the file itself.
    pub entry: usize,
    /// The field; empty where the whole entry or file is meant.
    pub field: String,
    /// Which rule.
    pub why: ServicesRule,
}

impl std::fmt::Display for ServicesError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.table.is_empty() {
            write!(f, "{} {}, ", self.table, self.entry)?;
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        write!(f, "{}", self.why)
    }
}

impl std::error::Error for ServicesError {}

/// Says which rule a file of services breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServicesRule {
    /// Larger than [`MAX_SERVICES_BYTES`].
    #[error("larger than 256 KiB")]
    TooLarge,
    /// Not TOML.
    #[error("line {line}: {message}")]
    NotToml {
        /// The line, from 1.
        line: usize,
        /// What the reader says.
        message: String,
    },
    /// A version that is not known here.
    #[error("not version 1")]
    Version,
    /// A field that must be there.
    #[error("is missing")]
    Missing,
    /// A field or table that is not known here.
    #[error("is not known here")]
    Unknown,
    /// A value of another kind.
    #[error("is not {0}")]
    Kind(&'static str),
    /// Empty, too long, or with control characters.
    #[error("is not 1 to {0} characters on one line")]
    Text(usize),
    /// Not a name of a service.
    #[error("is not 1 to 32 of a-z, 0-9 and -, beginning with a letter")]
    Name,
    /// The same name or address stands in an entry before.
    #[error("stands in an entry before")]
    Twice,
    /// Not an address that can be asked.
    #[error("is not an address of http or https without user, query or slash at the end")]
    Address,
    /// Neither the name of a built-in root nor certificates in PEM.
    #[error("is neither a root that comes with the program nor certificates in PEM")]
    Root,
    /// Not a whole number in these bounds.
    #[error("is not a whole number from 0 to {0}")]
    Number(u32),
    /// Not an algorithm that may be asked for.
    #[error("is not sha256 or sm3")]
    Imprint,
    /// Not the key of a witness.
    #[error("{0}")]
    Key(#[from] CosignerKeyError),
    /// Not a policy.
    #[error("{0}")]
    Policy(#[from] PolicyError),
    /// More than [`MAX_ENTRIES`].
    #[error("more than 16 entries")]
    TooMany,
}

impl ServicesRule {
    /// The end of the message `services-rule-…`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::NotToml { .. } => "not-toml",
            Self::Version => "version",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
            Self::Kind(_) => "kind",
            Self::Text(_) => "text",
            Self::Name => "name",
            Self::Twice => "twice",
            Self::Address => "address",
            Self::Root => "root",
            Self::Number(_) => "number",
            Self::Imprint => "imprint",
            Self::Key(_) => "key",
            Self::Policy(_) => "policy",
            Self::TooMany => "too-many",
        }
    }
}

impl Services {
    /// Returns who comes with the program: well-known services that cost nothing, none of them tested from here.
    pub fn built_in() -> Self {
        Self::parse(BUILT_IN).expect("a test reads the file that comes with the program")
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Names the first field that breaks a rule.
    pub fn parse(text: &str) -> Result<Self, ServicesError> {
        read::services(text)
    }

    /// Writes the file; it reads as the same value.
    pub fn to_toml(&self) -> String {
        write::services(self)
    }

    /// Checks a value that was put together elsewhere, as from a form, by the rules of the file.
    ///
    /// # Errors
    /// As for [`Services::parse`].
    pub fn check(&self) -> Result<(), ServicesError> {
        Self::parse(&self.to_toml()).map(drop)
    }

    /// Returns which cosignatures are enough.
    ///
    /// # Errors
    /// Fails for a text that was put in without [`Services::check`].
    pub fn policy(&self) -> Result<Policy, PolicyError> {
        Policy::parse(self.policy_text.as_bytes())
    }
}

/// Reads an address of a service: what the net can ask. A query is allowed for timestamp services only.
fn service_address(text: &str, query: bool) -> Result<Url, NetFault> {
    let url = super::net::address(text)?;
    let plain = query || (url.query().is_none() && !text.ends_with('/'));
    if plain && text.len() <= 1000 && text.is_ascii() { Ok(url) } else { Err(NetFault::Address) }
}
