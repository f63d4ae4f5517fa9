//! The 32-byte SHA-256 value of the log and the three ways to make one (RFC 6962 §2.1).
//!
//! It is not a general digest type: content ids of blobs live elsewhere. The domain bytes 0x00 and
//! 0x01 keep a leaf from ever passing as an inner node.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

/// Holds one SHA-256 value of the tree: a leaf hash, an inner node or a root.
///
/// Its text form is 64 lower-case hex digits; notes and proof files use standard base64 instead.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash([u8; 32]);

/// Says why a text is not a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashParseError {
    /// Not exactly 64 lower-case hex digits.
    #[error("a hash in hex is exactly 64 digits 0-9a-f")]
    Hex,
    /// Not the canonical, padded standard base64 of 32 bytes.
    #[error("a hash in base64 is exactly 44 characters, padded and canonical")]
    Base64,
}

impl Hash {
    /// Wraps 32 bytes that are already a hash; nothing is computed.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns standard, padded base64 (RFC 4648 §4), always 44 characters.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads standard base64 and refuses every spelling but the one `to_base64` writes.
    pub fn from_base64(text: &str) -> Result<Self, HashParseError> {
        let bytes = STANDARD.decode(text).map_err(|_| HashParseError::Base64)?;
        bytes.try_into().map(Self).map_err(|_| HashParseError::Base64)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = HashParseError;

    fn from_str(text: &str) -> Result<Self, HashParseError> {
        if text.len() != 64 {
            return Err(HashParseError::Hex);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn hex_digit(character: u8) -> Result<u8, HashParseError> {
    match character {
        b'0'..=b'9' => Ok(character - b'0'),
        b'a'..=b'f' => Ok(character - b'a' + 10),
        _ => Err(HashParseError::Hex),
    }
}

/// Hashes the stored bytes of one leaf: SHA-256(0x00 ‖ data), RFC 6962 §2.1.
pub fn leaf_hash(data: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0x00]).chain_update(data).finalize().into())
}

/// Hashes two children into their parent: SHA-256(0x01 ‖ left ‖ right), RFC 6962 §2.1.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut block = [0x01; 65];
    block[1..33].copy_from_slice(&left.0);
    block[33..].copy_from_slice(&right.0);
    Hash(Sha256::digest(block).into())
}

/// Returns the root of the tree without leaves: SHA-256 of nothing, RFC 6962 §2.1.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn published_values() {
        assert_eq!(empty_root().to_string(), EMPTY);
        let leaf = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
        assert_eq!(leaf_hash(b"").to_string(), leaf);
        let node = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
        assert_eq!(node_hash(&leaf_hash(b""), &leaf_hash(&[0])).to_string(), node);
    }

    #[test]
    fn hex_is_strict() {
        assert_eq!(EMPTY.parse(), Ok(empty_root()));
        for bad in [&EMPTY.to_uppercase(), &EMPTY[..63], &format!("{EMPTY}0"), &"g".repeat(64), ""] {
            assert_eq!(bad.parse::<Hash>(), Err(HashParseError::Hex), "{bad}");
        }
        assert_eq!("é".repeat(32).parse::<Hash>(), Err(HashParseError::Hex));
    }

    #[test]
    fn base64_is_canonical() {
        let good = empty_root().to_base64();
        assert_eq!(good, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(Hash::from_base64(&good), Ok(empty_root()));
        // No padding; url alphabet; unused bits set; 31 bytes; a line end.
        for bad in [
            &good[..43],
            "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==",
            &format!("{good}\n"),
        ] {
            assert_eq!(Hash::from_base64(bad), Err(HashParseError::Base64), "{bad}");
        }
    }

    #[test]
    fn json_is_hex() {
        assert_eq!(serde_json::to_string(&empty_root()).unwrap(), format!("\"{EMPTY}\""));
    }
}
