//! Key files: an identity at rest, either under a passphrase (`sigu-key/v1`) or plain.
//!
//! The passphrase form is Argon2id (RFC 9106) and XChaCha20-Poly1305 over the key's age text, in three
//! lines. The plain form is what `age-keygen` reads, one line. Reading accepts exactly what writing
//! produces, byte for byte. Where the file lies is not decided here. Spec: `docs/formats/sealed-blob.md`.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::entropy::{Entropy, draw};
use crate::keys::Identity;

const VERSION_LINE: &str = "sigu-key/v1";
const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;
const SECRET_BYTES: usize = 74;
const TAG_BYTES: usize = 16;
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
const MAX_PASSES: u32 = 16;
const MAX_LANES: u32 = 4;

/// What one guess at the passphrase costs: the parameters of Argon2id.
///
/// Limits: `lanes` 1 to 4, `passes` 1 to 16, `memory_kib` from eight per lane to 1 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KdfCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes of the memory.
    pub lanes: u32,
}

impl Default for KdfCost {
    /// 64 MiB, three passes, one lane: about a quarter of a second.
    fn default() -> Self {
        Self { memory_kib: 65_536, passes: 3, lanes: 1 }
    }
}

impl KdfCost {
    const fn too_high(self) -> bool {
        self.memory_kib > MAX_MEMORY_KIB || self.passes > MAX_PASSES || self.lanes > MAX_LANES
    }

    const fn too_low(self) -> bool {
        self.lanes == 0 || self.passes == 0 || self.memory_kib < self.lanes.saturating_mul(8)
    }
}

/// Why a key file does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// The passphrase is wrong, or the file was altered: the two cannot be told apart.
    #[error("the passphrase is wrong, or the key file was altered")]
    WrongPassphrase,
    /// The text is not exactly what a writer of key files produces.
    #[error("not a key file of this version: {what}")]
    Malformed {
        /// The part that is wrong.
        what: &'static str,
    },
    /// The file asks for more memory or passes than a reader grants.
    #[error("the key file asks for more than 1 GiB of memory, 16 passes or 4 lanes")]
    CostTooHigh,
}

/// Seals `identity` under `passphrase`; returns the file's text.
///
/// Takes the time and memory of `cost`. An empty passphrase is the caller's to refuse.
///
/// # Panics
/// If `cost` is outside the limits of [`KdfCost`].
#[must_use]
pub fn seal_identity(
    identity: &Identity,
    passphrase: &[u8],
    cost: KdfCost,
    entropy: &mut Entropy<'_>,
) -> String {
    assert!(!cost.too_high() && !cost.too_low(), "invariant: the cost is within its limits");
    let salt: [u8; SALT_BYTES] = draw(entropy);
    let nonce: [u8; NONCE_BYTES] = draw(entropy);
    let head = head_of(cost, &salt);
    let mut sealed = Zeroizing::new(nonce.to_vec());
    sealed.reserve_exact(SECRET_BYTES + TAG_BYTES);
    sealed.extend_from_slice(identity.to_secret_string().as_bytes());
    let tag = cipher(passphrase, cost, &salt)
        .encrypt_inout_detached(
            &XNonce::from(nonce),
            head.as_bytes(),
            InOutBuf::from(&mut sealed[NONCE_BYTES..]),
        )
        .expect("invariant: a key is not too long to seal");
    sealed.extend_from_slice(&tag);
    format!("{head}sealed {}\n", STANDARD_NO_PAD.encode(&*sealed))
}

/// Opens what [`seal_identity`] wrote; refuses its cost before any work is done for it.
pub fn open_identity(text: &str, passphrase: &[u8]) -> Result<Identity, KeyFileError> {
    let (cost, salt, sealed) = parse(text)?;
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(malformed("sealed"))?;
    let (sealed, tag) = sealed.split_last_chunk::<TAG_BYTES>().ok_or(malformed("sealed"))?;
    let mut secret = Zeroizing::new(sealed.to_vec());
    cipher(passphrase, cost, &salt)
        .decrypt_inout_detached(
            &XNonce::from(*nonce),
            head_of(cost, &salt).as_bytes(),
            InOutBuf::from(&mut secret[..]),
            &Tag::from(*tag),
        )
        .map_err(|_| KeyFileError::WrongPassphrase)?;
    let secret = std::str::from_utf8(&secret).map_err(|_| malformed("the sealed key"))?;
    Identity::parse(secret).map_err(|_| malformed("the sealed key"))
}

/// Returns the plain key file: the secret key's text and a line end, nothing else.
#[must_use]
pub fn plain_key_file(identity: &Identity) -> Zeroizing<String> {
    let secret = identity.to_secret_string();
    let mut text = Zeroizing::new(String::with_capacity(secret.len() + 1));
    text.push_str(&secret);
    text.push('\n');
    text
}

/// Reads what [`plain_key_file`] wrote; comments and a missing line end are refused.
pub fn parse_plain_key_file(text: &str) -> Result<Identity, KeyFileError> {
    let secret = text.strip_suffix('\n').ok_or(malformed("no line end"))?;
    Identity::parse(secret).map_err(|_| malformed("the key"))
}

/// The first two lines, which are also the associated data of the seal.
fn head_of(cost: KdfCost, salt: &[u8; SALT_BYTES]) -> String {
    let KdfCost { memory_kib, passes, lanes } = cost;
    let salt = STANDARD_NO_PAD.encode(salt);
    format!("{VERSION_LINE}\nkdf argon2id m={memory_kib} t={passes} p={lanes} salt={salt}\n")
}

fn parse(text: &str) -> Result<(KdfCost, [u8; SALT_BYTES], Vec<u8>), KeyFileError> {
    let lines: Vec<&str> = text.split('\n').collect();
    let [version, kdf, sealed, ""] = lines[..] else {
        return Err(malformed("three lines, each with its line end"));
    };
    if version != VERSION_LINE {
        return Err(malformed("the version line"));
    }
    let (cost, salt) = parse_kdf(kdf)?;
    let sealed = sealed.strip_prefix("sealed ").ok_or(malformed("sealed"))?;
    let sealed = STANDARD_NO_PAD.decode(sealed).map_err(|_| malformed("base64 of sealed"))?;
    if sealed.len() != NONCE_BYTES + SECRET_BYTES + TAG_BYTES {
        return Err(malformed("length of sealed"));
    }
    Ok((cost, salt, sealed))
}

fn parse_kdf(line: &str) -> Result<(KdfCost, [u8; SALT_BYTES]), KeyFileError> {
    let words: Vec<&str> = line.split(' ').collect();
    let ["kdf", "argon2id", memory, passes, lanes, salt] = words[..] else {
        return Err(malformed("the kdf line"));
    };
    let cost = KdfCost {
        memory_kib: number(memory, "m=")?,
        passes: number(passes, "t=")?,
        lanes: number(lanes, "p=")?,
    };
    if cost.too_high() {
        return Err(KeyFileError::CostTooHigh);
    }
    if cost.too_low() {
        return Err(malformed("cost below what Argon2 allows"));
    }
    let salt = salt.strip_prefix("salt=").ok_or(malformed("salt"))?;
    let salt = STANDARD_NO_PAD.decode(salt).map_err(|_| malformed("base64 of salt"))?;
    Ok((cost, salt.try_into().map_err(|_| malformed("length of salt"))?))
}

/// Reads a decimal in its one writing; one too big for 32 bits is too high whatever it counts.
fn number(word: &str, key: &str) -> Result<u32, KeyFileError> {
    let digits = word.strip_prefix(key).ok_or(malformed("a parameter of the kdf"))?;
    let canonical = digits == "0" || !digits.starts_with('0');
    if digits.is_empty() || !canonical || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(malformed("a number of the kdf"));
    }
    digits.parse().map_err(|_| KeyFileError::CostTooHigh)
}

fn cipher(passphrase: &[u8], cost: KdfCost, salt: &[u8]) -> XChaCha20Poly1305 {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32))
        .expect("invariant: the cost was checked against its limits");
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase, salt, &mut key[..])
        .expect("invariant: salt and output have lengths that Argon2 allows");
    XChaCha20Poly1305::new((&*key).into())
}

const fn malformed(what: &'static str) -> KeyFileError {
    KeyFileError::Malformed { what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::repeatable;

    const CHEAP: KdfCost = KdfCost { memory_kib: 8, passes: 1, lanes: 1 };

    #[test]
    fn the_passphrase_opens_and_another_does_not() {
        let identity = Identity::generate(&mut repeatable(1));
        let text = seal_identity(&identity, "口令 1".as_bytes(), CHEAP, &mut repeatable(2));
        let opened = open_identity(&text, "口令 1".as_bytes()).unwrap();
        assert_eq!(*opened.to_secret_string(), *identity.to_secret_string());
        assert_eq!(open_identity(&text, b"other").map(|_| ()), Err(KeyFileError::WrongPassphrase));
    }

    #[test]
    fn no_other_text_opens() {
        let identity = Identity::generate(&mut repeatable(1));
        let text = seal_identity(&identity, b"p", CHEAP, &mut repeatable(2));
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] ^= 1;
            let other = String::from_utf8(other).unwrap();
            assert!(open_identity(&other, b"p").is_err(), "byte {at}");
            assert!(open_identity(&text[..at], b"p").is_err(), "cut at {at}");
        }
        assert!(open_identity(&format!("{text}\n"), b"p").is_err());
        assert!(open_identity(&text.replace('\n', "\r\n"), b"p").is_err());
    }

    #[test]
    fn the_plain_form_is_one_line() {
        let identity = Identity::generate(&mut repeatable(1));
        let text = plain_key_file(&identity);
        assert_eq!(parse_plain_key_file(&text).unwrap().recipient(), identity.recipient());
        for bad in [text.trim_end().to_owned(), format!("# key\n{}", *text), format!("{}\n", *text)] {
            assert!(matches!(parse_plain_key_file(&bad), Err(KeyFileError::Malformed { .. })), "{bad:?}");
        }
    }

    #[test]
    #[should_panic(expected = "within its limits")]
    fn sealing_at_no_cost_is_a_bug() {
        let free = KdfCost { passes: 0, ..CHEAP };
        let _ = seal_identity(&Identity::generate(&mut repeatable(1)), b"p", free, &mut repeatable(2));
    }
}
