//! The keys of witnesses and their text form (C2SP tlog-cosignature, type 0x04, as a signed-note vkey).
//!
//! A witness signs under a key of its own: the signed message does not hold its name, so one key under two
//! names would be two witnesses for one signature. The keys of logs are `sigu_ledger::VerifyingKey`.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};

/// The signature type byte of Ed25519 cosignatures.
const COSIGNATURE: u8 = 0x04;

/// Says why a text is not the verifier key of a witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CosignerKeyError {
    /// Not three parts joined by plus signs.
    #[error("a verifier key has the form name+id+key")]
    Form,
    /// The name is empty or holds a Unicode space, a control character or a plus sign.
    #[error("a key name must not be empty or hold spaces, control characters or '+'")]
    Name,
    /// The key part is not canonical standard base64.
    #[error("the key part is not canonical base64")]
    Base64,
    /// The signature type is another one than that of Ed25519 cosignatures.
    #[error("the key type is not that of Ed25519 cosignatures (4)")]
    Type,
    /// Not 32 key bytes, or not a safe point of the curve (RFC 8032 §5.1.3; small order refused).
    #[error("the key bytes are not an Ed25519 public key")]
    PublicKey,
    /// The id is not the one that follows from name and key.
    #[error("the key id does not belong to this name and key")]
    KeyId,
}

fn check_name(name: &str) -> Result<(), CosignerKeyError> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(bad) { Err(CosignerKeyError::Name) } else { Ok(()) }
}

/// Holds the name and the public key of a witness.
///
/// Its text form is `name+<8 hex digits of the key id>+<base64 of 0x04 ‖ key>`; `Display` writes it,
/// `FromStr` reads it and refuses every other spelling.
#[derive(Clone, PartialEq, Eq)]
pub struct CosignerKey {
    name: String,
    key: ed25519_dalek::VerifyingKey,
}

impl CosignerKey {
    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the 32 bytes of the public key.
    pub fn public_key(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// Computes the key id: SHA-256(name ‖ 0x0A ‖ 0x04 ‖ key), first four bytes, big endian.
    pub fn key_id(&self) -> u32 {
        let digest = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', COSIGNATURE])
            .chain_update(self.key.as_bytes())
            .finalize();
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
    }

    /// Says whether `signature` over `message` is this key's (RFC 8032 §5.1.7, strict).
    pub(crate) fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl FromStr for CosignerKey {
    type Err = CosignerKeyError;

    /// Only the first two plus signs separate: the base64 part may hold more of them.
    fn from_str(text: &str) -> Result<Self, CosignerKeyError> {
        use CosignerKeyError as E;
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(E::Form);
        };
        check_name(name)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| E::Base64)?;
        let (kind, public) = bytes.split_first().ok_or(E::Type)?;
        if *kind != COSIGNATURE {
            return Err(E::Type);
        }
        let public = public.try_into().map_err(|_| E::PublicKey)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(public).map_err(|_| E::PublicKey)?;
        if key.is_weak() {
            return Err(E::PublicKey);
        }
        let parsed = Self { name: name.to_owned(), key };
        if id == format!("{:08x}", parsed.key_id()) { Ok(parsed) } else { Err(E::KeyId) }
    }
}

impl fmt::Display for CosignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blob = [&[COSIGNATURE][..], self.key.as_bytes()].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.key_id(), STANDARD.encode(blob))
    }
}

impl fmt::Debug for CosignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CosignerKey({self})")
    }
}

/// Holds the secret key of a witness; wiped when dropped, never shown by `Debug`.
pub struct CosigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

impl CosigningKey {
    /// Makes a key from 32 random bytes, the seed of RFC 8032 §5.1.5. It must not be a key that signs
    /// anything else.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, CosignerKeyError> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), key: ed25519_dalek::SigningKey::from_bytes(seed) })
    }

    /// Returns the public half, under the same name.
    pub fn cosigner_key(&self) -> CosignerKey {
        CosignerKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for CosigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CosigningKey").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form() {
        let key = CosigningKey::from_seed("witness.example/w1", &[7; 32]).unwrap();
        let text = key.cosigner_key().to_string();
        assert_eq!(text.parse(), Ok(key.cosigner_key()));
        assert_eq!(format!("{key:?}"), "CosigningKey { name: \"witness.example/w1\", .. }");
        // The key of the example in C2SP signed-note is that of a log.
        let log = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        assert_eq!(log.parse::<CosignerKey>(), Err(CosignerKeyError::Type));
        let cases = [
            ("", CosignerKeyError::Form),
            ("a+b", CosignerKeyError::Form),
            ("a b+00000000+BA==", CosignerKeyError::Name),
            ("a+00000000+!", CosignerKeyError::Base64),
            ("a+00000000+BA==", CosignerKeyError::PublicKey),
            ("a+00000000+BAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", CosignerKeyError::PublicKey),
            (&text.replacen("w1", "w2", 1), CosignerKeyError::KeyId),
        ];
        for (text, error) in cases {
            assert_eq!(text.parse::<CosignerKey>(), Err(error), "{text}");
        }
        assert_eq!(CosigningKey::from_seed("a+b", &[7; 32]).unwrap_err(), CosignerKeyError::Name);
    }
}
