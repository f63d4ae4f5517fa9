//! Sealed database rows: XChaCha20-Poly1305 with the row's place as associated data, and keyed codes.
//!
//! A row key holds no keys of blobs and a row is no age file. Each use has a key of its own, derived by
//! HKDF-SHA256 (RFC 5869) from the row key. Spec: `docs/formats/sealed-blob.md`.

use std::fmt;

use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::entropy::{Entropy, draw};

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
const SEAL_LABEL: &str = "sigu/v1/row";
const MAC_LABEL: &str = "sigu/v1/mac/";

/// The 32-byte key of a database's sealed rows; wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RowKey([u8; 32]);

/// Why a sealed row does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// Shorter than version, nonce and tag together.
    #[error("the sealed row is cut short")]
    Truncated,
    /// Sealed by a version this one does not know.
    #[error("the sealed row is of unknown version {version}")]
    UnknownVersion {
        /// The version byte that was found.
        version: u8,
    },
    /// Another key, another place (associated data), or altered bytes.
    #[error("the sealed row was altered, moved, or sealed under another key")]
    NotAuthentic,
}

impl RowKey {
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

    /// Seals `plaintext` for the place `aad` names (table, row, column); 41 bytes longer than it.
    ///
    /// The place is not stored: opening takes the same `aad` again, so that a row cannot be moved.
    #[must_use]
    pub fn seal(&self, aad: &[u8], plaintext: &[u8], entropy: &mut Entropy<'_>) -> Vec<u8> {
        self.sealer().seal(aad, plaintext, entropy)
    }

    /// Opens what [`seal`](Self::seal) returned for the same place.
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, RowError> {
        self.sealer().open(aad, sealed)
    }

    /// Returns the HMAC-SHA256 of `bytes` under the key of the use that `label` names.
    ///
    /// Codes of different labels say nothing about each other.
    #[must_use]
    pub fn mac(&self, label: &str, bytes: &[u8]) -> [u8; 32] {
        self.coder(label).code(bytes)
    }

    /// Returns the maker of the codes of one use, for many codes at once.
    #[must_use]
    pub fn coder(&self, label: &str) -> RowCoder {
        RowCoder(self.derive(&[MAC_LABEL, label]))
    }

    /// Returns what seals and opens many rows at once.
    #[must_use]
    pub fn sealer(&self) -> RowSealer {
        RowSealer(self.cipher())
    }

    /// Tells, in constant time, whether `code` is the [`mac`](Self::mac) of `bytes` under `label`.
    #[must_use]
    pub fn verify_mac(&self, label: &str, bytes: &[u8], code: &[u8]) -> bool {
        self.mac(label, bytes).ct_eq(code).into()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.derive(&[SEAL_LABEL])).into())
    }

    fn derive(&self, label: &[&str]) -> Zeroizing<[u8; 32]> {
        let label: Vec<&[u8]> = label.iter().map(|part| part.as_bytes()).collect();
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, &self.0)
            .expand_multi_info(&label, &mut key[..])
            .expect("invariant: 32 bytes are within what HKDF gives");
        key
    }
}

/// Seals and opens rows with a key that was derived once.
pub struct RowSealer(XChaCha20Poly1305);

impl RowSealer {
    /// As [`RowKey::seal`].
    #[must_use]
    pub fn seal(&self, aad: &[u8], plaintext: &[u8], entropy: &mut Entropy<'_>) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = draw(entropy);
        let mut out = Vec::with_capacity(1 + NONCE_BYTES + plaintext.len() + TAG_BYTES);
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        let start = out.len();
        out.extend_from_slice(plaintext);
        let tag = self
            .0
            .encrypt_inout_detached(&XNonce::from(nonce), aad, InOutBuf::from(&mut out[start..]))
            .expect("invariant: a row is shorter than the 256 GiB the cipher allows");
        out.extend_from_slice(&tag);
        out
    }

    /// As [`RowKey::open`].
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, RowError> {
        let (&version, rest) = sealed.split_first().ok_or(RowError::Truncated)?;
        if version != VERSION {
            return Err(RowError::UnknownVersion { version });
        }
        let (nonce, rest) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(RowError::Truncated)?;
        let (body, tag) = rest.split_last_chunk::<TAG_BYTES>().ok_or(RowError::Truncated)?;
        let mut plaintext = Zeroizing::new(body.to_vec());
        self.0
            .decrypt_inout_detached(
                &XNonce::from(*nonce),
                aad,
                InOutBuf::from(&mut plaintext[..]),
                &Tag::from(*tag),
            )
            .map_err(|_| RowError::NotAuthentic)?;
        Ok(plaintext)
    }
}

impl fmt::Debug for RowSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RowSealer(redacted)")
    }
}

/// Makes the codes of one use with a key that was derived once.
pub struct RowCoder(Zeroizing<[u8; 32]>);

impl RowCoder {
    /// As [`RowKey::mac`] under the label this was made for.
    #[must_use]
    pub fn code(&self, bytes: &[u8]) -> [u8; 32] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0[..]).expect("invariant: HMAC takes keys of any length");
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for RowCoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RowCoder(redacted)")
    }
}

impl fmt::Debug for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RowKey(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::repeatable;

    #[test]
    fn a_row_opens_only_in_its_place_and_unaltered() {
        let key = RowKey::generate(&mut repeatable(1));
        let sealed = key.seal(b"disclosure/7", b"secret", &mut repeatable(2));
        assert_eq!(sealed.len(), 6 + 41);
        assert_eq!(**key.open(b"disclosure/7", &sealed).unwrap(), *b"secret");
        assert_eq!(key.open(b"disclosure/8", &sealed), Err(RowError::NotAuthentic));
        assert_eq!(RowKey::from_bytes([0; 32]).open(b"disclosure/7", &sealed), Err(RowError::NotAuthentic));
        for at in 0..sealed.len() {
            let mut other = sealed.clone();
            other[at] ^= 0x80;
            let expected =
                if at == 0 { RowError::UnknownVersion { version: 0x81 } } else { RowError::NotAuthentic };
            assert_eq!(key.open(b"disclosure/7", &other), Err(expected), "byte {at}");
            if at < 41 {
                assert_eq!(key.open(b"disclosure/7", &sealed[..at]), Err(RowError::Truncated), "cut at {at}");
            }
        }
    }

    #[test]
    fn codes_hold_for_their_label_and_bytes_only() {
        let key = RowKey::generate(&mut repeatable(1));
        let code = key.mac("cursor", b"bytes");
        assert!(key.verify_mac("cursor", b"bytes", &code));
        assert!(!key.verify_mac("other", b"bytes", &code));
        assert!(!key.verify_mac("cursor", b"byte", &code));
        assert!(!key.verify_mac("cursor", b"bytes", &code[..31]));
    }

    #[test]
    fn the_derivation_is_pinned() {
        // openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:01…01 -kdfopt info:sigu/v1/mac/x HKDF,
        // then openssl dgst -sha256 -mac HMAC over "abc" with the result.
        let code = RowKey::from_bytes([1; 32]).mac("x", b"abc");
        assert_eq!(
            crate::hex::encode(&code),
            "7080a99c8418e95111c5fabebdc83004db5e6a94604654e269e233a6ff681bfa"
        );
    }

    #[test]
    fn the_sealed_bytes_are_pinned() {
        let sealed = RowKey::from_bytes([1; 32]).seal(b"x", b"abc", &mut |bytes: &mut [u8]| bytes.fill(2));
        assert_eq!(sealed[..25], [&[1][..], &[2; 24]].concat());
        assert_eq!(crate::hex::encode(&sealed[25..]), "fc39058cc097ecb7b29ec03d7acb1deefc1ffe");
    }

    #[test]
    fn the_key_is_not_printed() {
        assert_eq!(format!("{:?}", RowKey::from_bytes([7; 32])), "RowKey(redacted)");
    }
}
