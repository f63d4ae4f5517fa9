//! What the browser received, as WARC 1.1 (ISO 28500:2017) inside WACZ 1.1.1: replayed, indexed and checked
//! by tools of others. The form is described in docs/formats/web-archive.md.
//!
//! [`write`] keeps what lets a stranger act as the buyer out before anything is hashed, and gives the same
//! bytes for the same input. [`check`] judges archives of anyone, ours or foreign, without trusting them.

mod check;
mod package;
mod read;
pub mod redact;
mod redact_body;
mod replay;
mod request_key;
mod secret_names;
mod surt;
mod warc;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Seek, Write};

use jiff::Timestamp;

use crate::exchange::{Exchange, Frames};

pub use check::{Code, Finding, Grade, Limits, Report, check};
pub use read::{Kept, ListedPage, ReadError, Reader};
pub use surt::surt;

/// A page the buyer looked at: an entry of the page list.
#[derive(Clone, PartialEq, Eq)]
pub struct PageRecord {
    /// Unique in this archive.
    pub id: String,
    /// Address of the page; treated like those of exchanges.
    pub url: String,
    /// Its title.
    pub title: String,
    /// When it was opened; the `started_at` of its exchange, so that replay finds it.
    pub at: Timestamp,
}

impl fmt::Debug for PageRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PageRecord({}, {}, {})", self.id, redact::url(&self.url).text, self.at)
    }
}

/// Something made on the spot: a screenshot, the text of the page as seen.
#[derive(Clone, PartialEq, Eq)]
pub struct Resource {
    /// `urn:screenshot:<address>` and the like; the address is treated like those of exchanges.
    pub target_uri: String,
    /// Its media type.
    pub media_type: String,
    /// When it was made.
    pub at: Timestamp,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Conditions under which it was made, as name and value; names are RFC 9110 tokens.
    pub about: Vec<(String, String)>,
}

impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Resource({}, {} bytes)", redact::url(&self.target_uri).text, self.bytes.len())
    }
}

/// All that goes into one archive.
#[derive(Clone, Copy)]
pub struct Contents<'a> {
    /// Pages in the order they were opened.
    pub pages: &'a [PageRecord],
    /// Requests in the order they were sent.
    pub exchanges: &'a [Exchange],
    /// WebSockets.
    pub sockets: &'a [Frames],
    /// Screenshots and the like.
    pub resources: &'a [Resource],
    /// Program and version that captured, and the browser's.
    pub software: &'a str,
    /// When the archive is made.
    pub created_at: Timestamp,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records in the WARC.
    pub records: u64,
    /// Exchanges with a response.
    pub responses: u64,
    /// Exchanges that failed or had no answer yet.
    pub unanswered: u64,
    /// Exchanges left out because their address is their content (`data:`).
    pub left_out: u64,
    /// How often each secret was taken out, by name.
    pub removed: BTreeMap<String, u64>,
    /// Bytes of `archive/data.warc.gz`.
    pub warc_bytes: u64,
    /// SHA-256 of `datapackage.json`, which lists the hashes of all else; lower-case hex.
    pub datapackage_sha256: String,
}

/// Why no archive could be written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The output could not be written.
    #[error("the archive could not be written: {0}")]
    Io(#[from] io::Error),
    /// The package refused a member.
    #[error("the package could not be written: {0}")]
    Zip(#[from] zip::result::ZipError),
}

/// Writes a WACZ. Fails only if `out` does.
///
/// The same contents give the same bytes with the same build: nothing is taken from clock or chance.
pub fn write(contents: &Contents<'_>, out: impl Write + Seek) -> Result<Summary, ArchiveError> {
    package::write(contents, out)
}

/// SHA-256 as lower-case hex.
fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An instant in the form WARC 1.1 and CDXJ can both hold: UTC, microseconds, from 1970 on.
fn warc_date(at: Timestamp) -> String {
    let micros = at.as_microsecond().max(0);
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}
