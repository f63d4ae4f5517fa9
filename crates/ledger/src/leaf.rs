//! The leaf: the bytes the log commits to, one small JSON object per event (format version 1).
//!
//! The bytes are the RFC 8785 (JCS) form; everything sensitive is in RFC 9901 disclosures, of which
//! the leaf holds salted digests only. It is not the disclosures, and it proves nothing about when
//! `at` was or whether the content is true. Specified in `docs/formats/leaf.md`.

use serde::{Deserialize, Serialize};

use crate::leaf_rules::{
    check_at, check_integer, check_kind, check_not_before, check_sd, format_nonce, parse_nonce,
};

/// The largest leaf, in bytes; far below the 65,535 a tile entry can hold.
pub const MAX_LEAF_BYTES: usize = 8192;

/// The largest number in a leaf, 2^53-1: above it JSON readers silently round (RFC 8785 §3.2.2.3).
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

const VERSION: u64 = 1;
const SD_ALG: &str = "sha-256";

/// Holds the fields of one leaf; not valid until `encode` accepts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// What happened: `[a-z]+(\.[a-z_]+)*`, at most 64 characters.
    pub kind: String,
    /// The index of the leaf in its log, 0..=2^53-1.
    pub seq: u64,
    /// The device clock's claim, UTC, `YYYY-MM-DDTHH:MM:SS.mmmZ`.
    pub at: String,
    /// 128 random bits, so that no two leaves are equal and none can be guessed.
    pub nonce: [u8; 16],
    /// Digests of the disclosures and decoys: 43 characters of base64url each, strictly ascending.
    pub sd: Vec<String>,
    /// A public random value that did not exist earlier, if one was at hand.
    pub not_before: Option<NotBefore>,
}

/// Names one value of a public randomness beacon (drand); a verifier looks it up and compares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotBefore {
    /// The hash of the beacon's chain, 64 lower-case hex digits.
    pub chain: String,
    /// The randomness of the round, 64 lower-case hex digits.
    pub rand: String,
    /// The number of the round, 0..=2^53-1.
    pub round: u64,
}

/// Says why something is not a leaf.
#[derive(Debug, thiserror::Error)]
pub enum LeafError {
    /// Larger than `MAX_LEAF_BYTES`.
    #[error("the leaf has {bytes} bytes, more than 8192")]
    TooLarge {
        /// How many bytes it has.
        bytes: usize,
    },
    /// Not UTF-8.
    #[error("the leaf is not UTF-8")]
    NotUtf8,
    /// Not one JSON object with exactly the known keys, each once and of its type.
    #[error("the leaf is not the JSON object of version 1: {0}")]
    Json(serde_json::Error),
    /// A later version, or one that never was.
    #[error("the leaf has the unknown version {found}")]
    UnknownVersion {
        /// The version it names.
        found: u64,
    },
    /// `_sd_alg` names another algorithm than sha-256.
    #[error("_sd_alg is not sha-256")]
    SdAlg,
    /// A digest is not the canonical base64url of 32 bytes.
    #[error("digest {position} is not the base64url of 32 bytes")]
    Digest {
        /// Its place in `_sd`, from 0.
        position: usize,
    },
    /// A digest is smaller than the one before it.
    #[error("digest {position} is out of order")]
    UnsortedDigest {
        /// Its place in `_sd`, from 0.
        position: usize,
    },
    /// A digest is equal to the one before it.
    #[error("digest {position} is a duplicate")]
    DuplicateDigest {
        /// Its place in `_sd`, from 0.
        position: usize,
    },
    /// `kind` breaks its form.
    #[error("kind is not lower-case words joined by dots, at most 64 characters")]
    Kind,
    /// `at` breaks its form or is no instant of the calendar.
    #[error("at is not an instant YYYY-MM-DDTHH:MM:SS.mmmZ")]
    At,
    /// `nonce` is not the canonical base64url of 16 bytes.
    #[error("nonce is not the base64url of 16 bytes")]
    Nonce,
    /// `nb.chain` or `nb.rand` is not 64 lower-case hex digits.
    #[error("nb.chain and nb.rand must be 64 lower-case hex digits")]
    NotBefore,
    /// A number above 2^53-1.
    #[error("{field} is above 2^53-1")]
    IntegerTooLarge {
        /// The field it stands in.
        field: &'static str,
    },
    /// The same object, spelled otherwise than RFC 8785 demands.
    #[error("the bytes are not the canonical form (RFC 8785)")]
    NotCanonical,
}

/// The JSON object, field by field.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(rename = "_sd")]
    sd: Vec<String>,
    #[serde(rename = "_sd_alg")]
    sd_alg: String,
    at: String,
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nb: Option<NotBefore>,
    nonce: String,
    seq: u64,
    v: u64,
}

impl Leaf {
    /// Returns the bytes to be stored and hashed.
    ///
    /// Checks every rule and mends nothing: digests out of order are refused, not sorted.
    pub fn encode(&self) -> Result<Vec<u8>, LeafError> {
        check_kind(&self.kind)?;
        check_at(&self.at)?;
        check_integer("seq", self.seq)?;
        check_sd(&self.sd)?;
        self.not_before.as_ref().map_or(Ok(()), check_not_before)?;
        let bytes = serde_json_canonicalizer::to_vec(&self.to_wire()).map_err(LeafError::Json)?;
        if bytes.len() > MAX_LEAF_BYTES {
            return Err(LeafError::TooLarge { bytes: bytes.len() });
        }
        Ok(bytes)
    }

    /// Reads stored bytes; only what `encode` writes is accepted.
    ///
    /// The last check is that the bytes equal the re-encoding. It guards the parser, so that two
    /// readers cannot see two leaves in one byte string; the hash of a leaf is always taken over the
    /// stored bytes, never over a re-encoding.
    pub fn parse(bytes: &[u8]) -> Result<Self, LeafError> {
        if bytes.len() > MAX_LEAF_BYTES {
            return Err(LeafError::TooLarge { bytes: bytes.len() });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| LeafError::NotUtf8)?;
        let leaf = Self::from_wire(read_wire(text)?)?;
        if leaf.encode()? == bytes { Ok(leaf) } else { Err(LeafError::NotCanonical) }
    }

    fn to_wire(&self) -> Wire {
        Wire {
            sd: self.sd.clone(),
            sd_alg: SD_ALG.to_owned(),
            at: self.at.clone(),
            kind: self.kind.clone(),
            nb: self.not_before.clone(),
            nonce: format_nonce(&self.nonce),
            seq: self.seq,
            v: VERSION,
        }
    }

    fn from_wire(wire: Wire) -> Result<Self, LeafError> {
        if wire.sd_alg != SD_ALG {
            return Err(LeafError::SdAlg);
        }
        Ok(Self {
            kind: wire.kind,
            seq: wire.seq,
            at: wire.at,
            nonce: parse_nonce(&wire.nonce)?,
            sd: wire.sd,
            not_before: wire.nb,
        })
    }
}

/// Reads the JSON object; a leaf of another version is named as such even if its keys are unknown.
fn read_wire(text: &str) -> Result<Wire, LeafError> {
    #[derive(Deserialize)]
    struct Version {
        v: u64,
    }
    match serde_json::from_str::<Version>(text) {
        Ok(Version { v }) if v != VERSION => Err(LeafError::UnknownVersion { found: v }),
        _ => serde_json::from_str(text).map_err(LeafError::Json),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf() -> Leaf {
        Leaf {
            kind: "evidence.fixed".to_owned(),
            seq: 350,
            at: "2026-11-22T08:00:00.123Z".to_owned(),
            nonce: [0; 16],
            sd: vec!["A".repeat(43), "-".repeat(42) + "A"],
            not_before: None,
        }
    }

    #[test]
    fn the_bytes() {
        let mut leaf = leaf();
        leaf.sd.sort();
        leaf.not_before = Some(NotBefore { chain: "0".repeat(64), rand: "f".repeat(64), round: 123 });
        let bytes = leaf.encode().unwrap();
        let expected = format!(
            r#"{{"_sd":["{}A","{}"],"_sd_alg":"sha-256","at":"2026-11-22T08:00:00.123Z","kind":"evidence.fixed","nb":{{"chain":"{}","rand":"{}","round":123}},"nonce":"AAAAAAAAAAAAAAAAAAAAAA","seq":350,"v":1}}"#,
            "-".repeat(42),
            "A".repeat(43),
            "0".repeat(64),
            "f".repeat(64)
        );
        assert_eq!(std::str::from_utf8(&bytes), Ok(expected.as_str()));
        assert_eq!(Leaf::parse(&bytes).unwrap(), leaf);
    }

    #[test]
    fn the_writer_refuses_instead_of_mending() {
        let unsorted = leaf().encode();
        assert!(matches!(unsorted, Err(LeafError::UnsortedDigest { position: 1 })));
        let check = |change: fn(&mut Leaf), message: &str| {
            let mut leaf = Leaf { sd: vec![], ..leaf() };
            change(&mut leaf);
            assert_eq!(leaf.encode().unwrap_err().to_string(), message);
        };
        check(|l| l.seq = 1 << 53, "seq is above 2^53-1");
        check(|l| l.at.clear(), "at is not an instant YYYY-MM-DDTHH:MM:SS.mmmZ");
        check(|l| l.kind.push('.'), "kind is not lower-case words joined by dots, at most 64 characters");
        check(|l| l.sd = vec!["A".repeat(42)], "digest 0 is not the base64url of 32 bytes");
        check(|l| l.sd = vec!["A".repeat(42) + "B"], "digest 0 is not the base64url of 32 bytes");
        check(|l| l.sd = vec!["A".repeat(43); 2], "digest 1 is a duplicate");
    }

    #[test]
    fn the_largest_sequence_number_stays_exact() {
        let leaf = Leaf { seq: MAX_SAFE_INTEGER, sd: vec![], ..leaf() };
        assert_eq!(Leaf::parse(&leaf.encode().unwrap()).unwrap(), leaf);
    }
}
