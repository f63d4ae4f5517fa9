//! The keys that sign notes, and the text form of the public one (C2SP signed-note, type 0x01).
//!
//! It knows only Ed25519 (RFC 8032): no cosignature keys, no post-quantum keys, no key files. Where
//! a seed is kept, and how it is protected at rest, is the vault's matter.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use sha2::{Digest, Sha256};
use zeroize::Zeroize as _;

use crate::note::MAX_NOTE_BYTES;
use crate::text::has_control;

/// The signature type byte of Ed25519 note signatures.
const ED25519: u8 = 0x01;

/// The DER before the 32 key bytes in an Ed25519 SubjectPublicKeyInfo (RFC 8410 §4).
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Says that a key name is empty or holds a Unicode space, a control character or a plus sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key name must not be empty or hold spaces, control characters or '+'")]
pub struct NameError;

/// Says why a text cannot be signed as a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The text does not end in a newline.
    #[error("the text of a note must end in a newline")]
    MissingFinalNewline,
    /// The text holds a control character other than the newline.
    #[error("the text of a note must not hold control characters")]
    ControlCharacter,
    /// The note would be larger than `MAX_NOTE_BYTES`.
    #[error("the note would be larger than 64 KiB")]
    TooLarge,
}

/// Says why a text is not a verifier key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyParseError {
    /// Not three parts joined by plus signs.
    #[error("a verifier key has the form name+id+key")]
    Form,
    /// The name breaks the rules for names.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The key part is not canonical standard base64.
    #[error("the key part is not canonical base64")]
    Base64,
    /// The signature type is another one than Ed25519.
    #[error("the key type is not Ed25519 (1)")]
    Type,
    /// Not 32 key bytes, or not a safe point of the curve (RFC 8032 §5.1.3; small order refused).
    #[error("the key bytes are not an Ed25519 public key")]
    PublicKey,
    /// The id is not the one that follows from name and key.
    #[error("the key id does not belong to this name and key")]
    KeyId,
}

pub(crate) fn check_name(name: &str) -> Result<(), NameError> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(bad) { Err(NameError) } else { Ok(()) }
}

/// Holds the name and the secret seed of a log's key; wiped when dropped, never shown by `Debug`.
pub struct SigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// Makes a key from 32 random bytes, the seed of RFC 8032 §5.1.5; the argument is wiped.
    ///
    /// For a log, `name` is the origin of its checkpoints.
    pub fn from_seed(name: &str, mut seed: [u8; 32]) -> Result<Self, NameError> {
        let key = ed25519_dalek::SigningKey::from_bytes(&seed);
        seed.zeroize();
        check_name(name)?;
        Ok(Self { name: name.to_owned(), key })
    }

    /// Returns the seed, so that it can be sealed and stored.
    pub fn seed(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Returns the name the key signs under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the public half, under the same name.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// Signs `text`, which must end in a newline, and returns the whole note with one signature line.
    ///
    /// Ed25519 is deterministic: the same text and key give the same bytes.
    pub fn sign(&self, text: &str) -> Result<String, SignError> {
        if !text.ends_with('\n') {
            return Err(SignError::MissingFinalNewline);
        }
        if has_control(text) {
            return Err(SignError::ControlCharacter);
        }
        let mut blob = self.verifying_key().key_id().to_be_bytes().to_vec();
        blob.extend(self.key.sign(text.as_bytes()).to_bytes());
        let note = format!("{text}\n— {} {}\n", self.name, STANDARD.encode(blob));
        if note.len() > MAX_NOTE_BYTES { Err(SignError::TooLarge) } else { Ok(note) }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Holds the name and the public key by which signatures of a log are known.
///
/// Its text form (vkey) is `name+<8 hex digits of the key id>+<base64 of type ‖ key>`; `Display`
/// writes it and `FromStr` reads it.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifyingKey {
    /// Reads the text form; every spelling but the one `Display` writes is refused.
    ///
    /// Only the first two plus signs separate: the base64 part may hold more of them.
    pub fn parse(text: &str) -> Result<Self, KeyParseError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyParseError::Form);
        };
        check_name(name)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| KeyParseError::Base64)?;
        let (kind, public) = bytes.split_first().ok_or(KeyParseError::Type)?;
        if *kind != ED25519 {
            return Err(KeyParseError::Type);
        }
        let public = public.try_into().map_err(|_| KeyParseError::PublicKey)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(public).map_err(|_| KeyParseError::PublicKey)?;
        if key.is_weak() {
            return Err(KeyParseError::PublicKey);
        }
        let parsed = Self { name: name.to_owned(), key };
        if id == format!("{:08x}", parsed.key_id()) { Ok(parsed) } else { Err(KeyParseError::KeyId) }
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Computes the key id: SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), first four bytes, big endian.
    pub fn key_id(&self) -> u32 {
        let digest = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', ED25519])
            .chain_update(self.key.as_bytes())
            .finalize();
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
    }

    /// Returns the 32 bytes of the public key (RFC 8032 §5.1.5).
    pub fn public_key(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// Returns the key as PEM (RFC 8410), for `openssl pkeyutl -verify -rawin`; the name is not in it.
    pub fn to_pem(&self) -> String {
        let der = [&SPKI_PREFIX[..], self.key.as_bytes()].concat();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der))
    }

    /// Returns SHA-256 of the 32 public bytes in lower hex, for comparing keys by eye; without the name.
    pub fn fingerprint(&self) -> String {
        crate::hash::Hash::from_bytes(Sha256::digest(self.key.as_bytes()).into()).to_string()
    }

    /// Says whether `signature` over `text` is this key's (RFC 8032 §5.1.7, strict).
    pub(crate) fn accepts(&self, text: &str, signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blob = [&[ED25519][..], self.key.as_bytes()].concat();
        write!(f, "{}+{:08x}+{}", self.name, self.key_id(), STANDARD.encode(blob))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({self})")
    }
}

impl FromStr for VerifyingKey {
    type Err = KeyParseError;

    fn from_str(text: &str) -> Result<Self, KeyParseError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of the example in C2SP signed-note.
    const EXAMPLE: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn the_published_key() {
        let key = VerifyingKey::parse(EXAMPLE).unwrap();
        assert_eq!((key.name(), key.key_id()), ("example.com/foo", 0x530d_903a));
        assert_eq!(key.to_string(), EXAMPLE);
    }

    #[test]
    fn refused_keys() {
        use KeyParseError as E;
        let cases = [
            ("", E::Form),
            ("example.com/foo+530d903a", E::Form),
            ("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", E::Name(NameError)),
            ("a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", E::Name(NameError)),
            ("a\u{3000}b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", E::Name(NameError)),
            ("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", E::KeyId),
            ("example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", E::KeyId),
            ("example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", E::Type),
            ("example.com/foo+530d903a+", E::Type),
            ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv", E::PublicKey),
            ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n", E::Base64),
            // The neutral element of the curve: its signatures are worthless.
            ("a+00000000+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", E::PublicKey),
        ];
        for (text, error) in cases {
            assert_eq!(VerifyingKey::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_plus_in_the_base64_part() {
        let with_plus = (0..=u8::MAX)
            .map(|i| SigningKey::from_seed("a", [i; 32]).unwrap().verifying_key())
            .find(|key| key.to_string().matches('+').count() > 2)
            .expect("256 keys hold many plus signs");
        assert_eq!(VerifyingKey::parse(&with_plus.to_string()), Ok(with_plus));
    }

    #[test]
    fn forms_of_a_published_key() {
        // RFC 8032 §7.1, test 1: the seed and its public key.
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let seed: crate::Hash = seed.parse().unwrap();
        let key = SigningKey::from_seed("a", *seed.as_bytes()).unwrap();
        assert_eq!(key.seed(), seed.as_bytes());
        let public = crate::Hash::from_bytes(key.verifying_key().public_key());
        assert_eq!(public.to_string(), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        let pem = key.verifying_key().to_pem();
        assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7h"));
        let print = key.verifying_key().fingerprint();
        assert_eq!(print, "21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9");
    }

    #[test]
    fn the_secret_is_not_shown_and_text_is_checked() {
        let key = SigningKey::from_seed("a", [7; 32]).unwrap();
        assert_eq!(format!("{key:?}"), "SigningKey { name: \"a\", .. }");
        assert_eq!(key.sign("text"), Err(SignError::MissingFinalNewline));
        assert_eq!(key.sign("a\r\n"), Err(SignError::ControlCharacter));
        assert_eq!(key.sign(&format!("{}\n", "a".repeat(MAX_NOTE_BYTES))), Err(SignError::TooLarge));
        assert_eq!(SigningKey::from_seed("a+b", [7; 32]).unwrap_err(), NameError);
    }
}
