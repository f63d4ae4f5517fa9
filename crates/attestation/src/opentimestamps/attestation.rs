//! The ends of a proof: who is said to know of the message there.

use std::cmp::Ordering;
use std::fmt;

use super::wire::{Input, OtsError, write_number, write_string};

/// The longest payload of an attestation, in bytes.
const MAX_PAYLOAD_BYTES: usize = 8192;

/// The longest address of a calendar, in bytes.
const MAX_URI_BYTES: usize = 1000;

const BITCOIN: [u8; 8] = [0x05, 0x88, 0x96, 0x0d, 0x73, 0xd7, 0x19, 0x01];
const PENDING: [u8; 8] = [0x83, 0xdf, 0xe3, 0x0d, 0x2e, 0xf9, 0x0c, 0x8e];

/// Says who is to know of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attestation {
    /// The message is the Merkle root of the Bitcoin block at this height.
    Bitcoin {
        /// The height of the block.
        height: u64,
    },
    /// A calendar promised to bring the message into a block: proves nothing by itself.
    Pending {
        /// Where the calendar is asked again. A stranger's words: ask only calendars that are known.
        uri: String,
    },
    /// Something else (Litecoin, Ethereum, what comes later): kept and not judged.
    Unknown {
        /// The eight bytes that say what.
        tag: [u8; 8],
        /// What it says.
        payload: Vec<u8>,
    },
}

impl Attestation {
    pub(crate) fn read(input: &mut Input<'_>) -> Result<Self, OtsError> {
        let mut tag = [0; 8];
        tag.copy_from_slice(input.bytes(8)?);
        let payload = input.string(MAX_PAYLOAD_BYTES, OtsError::Attestation)?;
        let mut inside = Input::new(payload);
        let malformed = |_| OtsError::Attestation;
        let read = match tag {
            BITCOIN => Self::Bitcoin { height: inside.number().map_err(malformed)? },
            PENDING => {
                let uri = inside.string(MAX_URI_BYTES, OtsError::Attestation).map_err(malformed)?;
                Self::Pending { uri: check_uri(uri).ok_or(OtsError::Attestation)? }
            }
            _ => return Ok(Self::Unknown { tag, payload: payload.to_vec() }),
        };
        inside.finish().map_err(malformed)?;
        Ok(read)
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.tag());
        let mut payload = Vec::new();
        match self {
            Self::Bitcoin { height } => write_number(&mut payload, *height),
            Self::Pending { uri } => write_string(&mut payload, uri.as_bytes()),
            Self::Unknown { payload: kept, .. } => payload.extend_from_slice(kept),
        }
        write_string(out, &payload);
    }

    fn tag(&self) -> [u8; 8] {
        match self {
            Self::Bitcoin { .. } => BITCOIN,
            Self::Pending { .. } => PENDING,
            Self::Unknown { tag, .. } => *tag,
        }
    }
}

/// The order in which a writer puts attestations: by kind, then by what they say.
impl Ord for Attestation {
    fn cmp(&self, other: &Self) -> Ordering {
        let within = match (self, other) {
            (Self::Bitcoin { height: a }, Self::Bitcoin { height: b }) => a.cmp(b),
            (Self::Pending { uri: a }, Self::Pending { uri: b }) => a.cmp(b),
            (Self::Unknown { payload: a, .. }, Self::Unknown { payload: b, .. }) => a.cmp(b),
            _ => Ordering::Equal,
        };
        self.tag().cmp(&other.tag()).then(within)
    }
}

impl PartialOrd for Attestation {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Attestation {
    /// Writes the attestation as `ots info` does, unknown ones as hex.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bitcoin { height } => write!(f, "BitcoinBlockHeaderAttestation({height})"),
            Self::Pending { uri } => write!(f, "PendingAttestation('{uri}')"),
            Self::Unknown { tag, .. } => write!(f, "UnknownAttestation({})", crate::hex::hex(tag)),
        }
    }
}

fn check_uri(bytes: &[u8]) -> Option<String> {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._/:".contains(byte);
    if bytes.iter().all(allowed) { String::from_utf8(bytes.to_vec()).ok() } else { None }
}
