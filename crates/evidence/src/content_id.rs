//! Content ids: the SHA-256 (FIPS 180-4) of an item's bytes, and the hasher that makes them.
//!
//! Not a statement about when, where or by whom the bytes were made. Spec: `docs/formats/content-id.md`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::hex;

/// The SHA-256 of some content; equal ids mean equal bytes.
///
/// Its only text form is 64 lower-case hex digits, in [`Display`](fmt::Display), [`FromStr`] and serde alike.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentId([u8; 32]);

/// Why a text is not a content id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentIdError {
    /// Not exactly 64 lower-case hexadecimal digits.
    #[error("a content id is 64 lower-case hexadecimal digits")]
    NotLowerHex64,
}

impl ContentId {
    /// Hashes `content` that is wholly in memory.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self(Sha256::digest(content).into())
    }

    /// Takes 32 bytes that already are a SHA-256.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the 32 bytes of the hash.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns the first 8 hex digits, for people to compare; 32 bits are no proof of equality.
    #[must_use]
    pub fn prefix8(&self) -> String {
        hex::encode(&self.0[..4])
    }
}

impl fmt::Display for ContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(&self.0, f)
    }
}

impl fmt::Debug for ContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentId({self})")
    }
}

impl FromStr for ContentId {
    type Err = ContentIdError;

    fn from_str(text: &str) -> Result<Self, ContentIdError> {
        hex::decode_32(text).map(Self).ok_or(ContentIdError::NotLowerHex64)
    }
}

impl Serialize for ContentId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContentId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Hashes content that arrives in pieces, and counts its bytes.
#[derive(Clone, Default)]
pub struct ContentHasher {
    hash: Sha256,
    size: u64,
}

impl ContentHasher {
    /// Starts with no content.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next bytes of the content; how it is cut into pieces does not change the id.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
    }

    /// Returns the id and the number of bytes seen.
    #[must_use]
    pub fn finish(self) -> (ContentId, u64) {
        (ContentId(self.hash.finalize().into()), self.size)
    }
}

impl fmt::Debug for ContentHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContentHasher").field("size", &self.size).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn the_standards_example_hashes_as_published() {
        assert_eq!(ContentId::of(b"abc").to_string(), ABC);
        assert_eq!(ContentId::of(b"abc").prefix8(), "ba7816bf");
    }

    #[test]
    fn pieces_hash_like_the_whole() {
        let mut hasher = ContentHasher::new();
        hasher.update(b"a");
        hasher.update(b"");
        hasher.update(b"bc");
        assert_eq!(hasher.finish(), (ContentId::of(b"abc"), 3));
    }

    #[test]
    fn only_64_lower_case_digits_parse() {
        assert_eq!(ABC.parse(), Ok(ContentId::of(b"abc")));
        for bad in ["", "ba78", &ABC.to_uppercase(), &ABC[1..], &format!("{ABC}0"), &ABC.replace('b', "g")] {
            assert_eq!(bad.parse::<ContentId>(), Err(ContentIdError::NotLowerHex64), "{bad}");
        }
        assert_eq!("é".repeat(32).parse::<ContentId>(), Err(ContentIdError::NotLowerHex64));
    }

    #[test]
    fn json_is_the_hex_text() {
        let id = ContentId::of(b"abc");
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{ABC}\""));
        assert_eq!(serde_json::from_str::<ContentId>(&format!("\"{ABC}\"")).unwrap(), id);
        assert!(serde_json::from_str::<ContentId>("\"00\"").is_err());
    }
}
