//! Keyed names of sealed blobs: HMAC-SHA256 (RFC 2104) of the content id under the store's name key.
//!
//! The key hides what is stored: whoever sees the file names (a backup service) cannot test for known
//! content. Not encryption, and not needed to open a blob. Spec: `docs/formats/sealed-blob.md`.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::content_id::ContentId;
use crate::entropy::{Entropy, draw};
use crate::hex;

/// The 32-byte key of a store's blob names; wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct NameKey([u8; 32]);

impl NameKey {
    /// Takes a key that was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Makes a new key from 32 random bytes.
    #[must_use]
    pub fn generate(entropy: &mut Entropy<'_>) -> Self {
        Self(draw(entropy))
    }

    /// Returns the key's bytes, to be stored sealed.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Names the blob of this content: one content has one name in one store.
    #[must_use]
    pub fn name(&self, content: &ContentId) -> BlobName {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("invariant: HMAC takes keys of any length");
        mac.update(content.as_bytes());
        BlobName(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for NameKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NameKey(redacted)")
    }
}

/// The name of a sealed blob: 32 bytes, shown as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName([u8; 32]);

/// Why a text is not a blob name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlobNameError {
    /// Not exactly 64 lower-case hexadecimal digits.
    #[error("a blob name is 64 lower-case hexadecimal digits")]
    NotLowerHex64,
}

impl BlobName {
    /// Returns the path below the blob folder, `ab/<64 hex>.age`, with `/` on every system.
    #[must_use]
    pub fn relative_path(&self) -> String {
        let hex = self.to_string();
        format!("{}/{hex}.age", &hex[..2])
    }

    /// Reads a bare file name, exactly `<64 lower hex>.age`; anything else (temporary files) is `None`.
    #[must_use]
    pub fn from_file_name(file_name: &str) -> Option<Self> {
        file_name.strip_suffix(".age")?.parse().ok()
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(&self.0, f)
    }
}

impl fmt::Debug for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobName({self})")
    }
}

impl FromStr for BlobName {
    type Err = BlobNameError;

    fn from_str(text: &str) -> Result<Self, BlobNameError> {
        hex::decode_32(text).map(Self).ok_or(BlobNameError::NotLowerHex64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_hmac_sha256_of_the_id() {
        // printf <32 bytes of id> | openssl dgst -sha256 -mac HMAC -macopt hexkey:0101…01
        let name = NameKey::from_bytes([1; 32]).name(&ContentId::of(b"abc"));
        assert_eq!(name.to_string(), "67a782af2dbd92253f592f996d654a6276a1ef081e28ab9df3cdadd5474b6a71");
        assert_eq!(name.relative_path(), format!("{}/{name}.age", &name.to_string()[..2]));
    }

    #[test]
    fn file_names_are_read_strictly() {
        let name = NameKey::from_bytes([1; 32]).name(&ContentId::of(b"abc"));
        assert_eq!(BlobName::from_file_name(&format!("{name}.age")), Some(name));
        let upper = name.to_string().to_uppercase();
        for bad in
            [format!("{name}"), format!("{name}.age.tmp"), format!(".{name}.age"), format!("{upper}.age")]
        {
            assert_eq!(BlobName::from_file_name(&bad), None, "{bad}");
        }
    }

    #[test]
    fn the_key_is_not_printed() {
        assert_eq!(format!("{:?}", NameKey::from_bytes([7; 32])), "NameKey(redacted)");
    }
}
