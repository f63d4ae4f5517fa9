//! The header of an age v1 file: version line, one stanza per recipient, authentication code.
//!
//! Writes X25519 stanzas only. Reading walks over stanzas of other kinds as the specification demands, but
//! holds them to the same grammar. Not the payload (see `payload.rs`).

use base64::engine::general_purpose::STANDARD_NO_PAD;
use base64::{DecodeError, Engine};
use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit, Nonce, Tag};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::SealedError;
use crate::entropy::{Entropy, draw};
use crate::keys::{Identity, Recipient};

/// Longest header that is read, in bytes, from the version line to the end of the code line.
pub const MAX_HEADER_BYTES: usize = 65_536;
/// Most recipients that one file is sealed to.
pub const MAX_RECIPIENTS: usize = 64;

const VERSION_LINE: &[u8] = b"age-encryption.org/v1\n";
const X25519_LABEL: &[u8] = b"age-encryption.org/v1/X25519";
const BODY_COLUMNS: usize = 64;
const STANZA_BYTES: u64 = 98;
const CODE_LINE_BYTES: u64 = 48;
pub(super) const FILE_NONCE_BYTES: usize = 16;

pub(super) type FileKey = Zeroizing<[u8; 16]>;

/// Bytes of a file that are neither content nor chunk tags.
pub(super) fn sealed_overhead(recipients: usize) -> u64 {
    let fixed = VERSION_LINE.len() as u64 + CODE_LINE_BYTES + FILE_NONCE_BYTES as u64;
    (recipients as u64).saturating_mul(STANZA_BYTES).saturating_add(fixed)
}

/// Writes the header that wraps `file_key` for each recipient.
pub(super) fn write(recipients: &[Recipient], file_key: &FileKey, entropy: &mut Entropy<'_>) -> Vec<u8> {
    assert!(!recipients.is_empty(), "invariant: a file is sealed to somebody");
    assert!(recipients.len() <= MAX_RECIPIENTS, "invariant: at most {MAX_RECIPIENTS} recipients");
    let mut header = VERSION_LINE.to_vec();
    for recipient in recipients {
        let ephemeral = Identity::generate(entropy);
        let share = *ephemeral.recipient().as_bytes();
        let body = wrap(&ephemeral, recipient, file_key);
        header.extend_from_slice(
            format!("-> X25519 {}\n{}\n", STANDARD_NO_PAD.encode(share), STANDARD_NO_PAD.encode(body))
                .as_bytes(),
        );
    }
    header.extend_from_slice(b"---");
    let code = code_of(file_key, &header).finalize().into_bytes();
    header.extend_from_slice(format!(" {}\n", STANDARD_NO_PAD.encode(code)).as_bytes());
    header
}

/// Draws a new file key.
pub(super) fn new_file_key(entropy: &mut Entropy<'_>) -> FileKey {
    Zeroizing::new(draw(entropy))
}

/// Reads the header at the start of `prefix`; returns the file key and the header's length in bytes.
pub(super) fn open(prefix: &[u8], identities: &[&Identity]) -> Result<(FileKey, usize), SealedError> {
    let header = parse(prefix)?;
    let file_key = unwrap_any(&header.shares, identities)?;
    code_of(&file_key, header.coded).verify_slice(&header.code).map_err(|_| SealedError::WrongMac)?;
    Ok((file_key, header.bytes))
}

struct Header<'a> {
    shares: Vec<Share>,
    coded: &'a [u8],
    code: [u8; 32],
    bytes: usize,
}

/// One X25519 stanza: the ephemeral share, and the file key sealed under the shared secret.
struct Share {
    share: [u8; 32],
    body: [u8; 32],
}

fn parse(prefix: &[u8]) -> Result<Header<'_>, SealedError> {
    let mut lines = Lines { prefix, at: 0 };
    lines.version()?;
    let mut stanzas = 0_usize;
    let mut shares = Vec::new();
    let mut passphrase = false;
    loop {
        let start = lines.at;
        let line = lines.next()?;
        if let Some(arguments) = line.strip_prefix(b"-> ") {
            stanzas += 1;
            let arguments = stanza_arguments(arguments)?;
            let body = lines.body()?;
            passphrase |= arguments[0] == b"scrypt";
            if arguments[0] == b"X25519" {
                shares.push(x25519_stanza(&arguments[1..], &body)?);
            }
        } else if line.starts_with(b"---") {
            require(stanzas > 0, "no recipient")?;
            require(!passphrase || stanzas == 1, "a passphrase beside other recipients")?;
            let code = line.strip_prefix(b"--- ").ok_or(malformed("code line"))?;
            let code = exactly(decode(code, "header code")?, "header code")?;
            return Ok(Header { shares, coded: &prefix[..start + 3], code, bytes: lines.at });
        } else {
            return Err(malformed("neither a stanza nor the code line"));
        }
    }
}

struct Lines<'a> {
    prefix: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    fn version(&mut self) -> Result<(), SealedError> {
        let shown = self.prefix.len().min(VERSION_LINE.len());
        if self.prefix[..shown] != VERSION_LINE[..shown] {
            return Err(SealedError::UnknownVersion);
        }
        self.next().map(|_| ())
    }

    fn next(&mut self) -> Result<&'a [u8], SealedError> {
        let window = &self.prefix[..self.prefix.len().min(MAX_HEADER_BYTES)];
        let rest = &window[self.at..];
        let Some(length) = rest.iter().position(|&byte| byte == b'\n') else {
            let full = window.len() == MAX_HEADER_BYTES;
            return Err(if full { SealedError::HeaderTooLong } else { SealedError::HeaderTruncated });
        };
        self.at += length + 1;
        Ok(&rest[..length])
    }

    /// Reads a stanza's body: full lines of 64 columns, ended by a shorter, possibly empty one.
    fn body(&mut self) -> Result<Vec<u8>, SealedError> {
        let mut body = Vec::new();
        loop {
            let line = self.next()?;
            require(line.len() <= BODY_COLUMNS, "body line longer than 64 columns")?;
            body.extend(decode(line, "stanza body")?);
            if line.len() < BODY_COLUMNS {
                return Ok(body);
            }
        }
    }
}

fn stanza_arguments(line: &[u8]) -> Result<Vec<&[u8]>, SealedError> {
    let arguments: Vec<_> = line.split(|&byte| byte == b' ').collect();
    let visible = |argument: &&[u8]| !argument.is_empty() && argument.iter().all(u8::is_ascii_graphic);
    require(arguments.iter().all(visible), "stanza arguments")?;
    Ok(arguments)
}

fn x25519_stanza(arguments: &[&[u8]], body: &[u8]) -> Result<Share, SealedError> {
    let [share] = arguments else {
        return Err(malformed("X25519 takes one argument"));
    };
    let share = exactly(decode(share, "X25519 share")?, "X25519 share")?;
    Ok(Share { share, body: exactly(body.to_vec(), "X25519 body")? })
}

fn unwrap_any(shares: &[Share], identities: &[&Identity]) -> Result<FileKey, SealedError> {
    let mut found = None;
    for stanza in shares {
        for identity in identities {
            let shared = identity.shared_secret(stanza.share).ok_or(SealedError::ZeroSharedSecret)?;
            let opened = unwrap(&shared, stanza, &identity.recipient());
            found = found.or(opened);
        }
    }
    found.ok_or(SealedError::NoMatchingIdentity)
}

fn wrap(ephemeral: &Identity, recipient: &Recipient, file_key: &FileKey) -> [u8; 32] {
    let shared =
        ephemeral.shared_secret(*recipient.as_bytes()).expect("invariant: no recipient is a low-order point");
    let cipher = wrapping_cipher(&shared, ephemeral.recipient().as_bytes(), recipient);
    let mut body = [0; 32];
    let (sealed, tag) = body.split_at_mut(16);
    sealed.copy_from_slice(&**file_key);
    let made = cipher
        .encrypt_inout_detached(&Nonce::default(), &[], InOutBuf::from(sealed))
        .expect("invariant: 16 bytes are not too long to seal");
    tag.copy_from_slice(&made);
    body
}

fn unwrap(shared: &[u8; 32], stanza: &Share, recipient: &Recipient) -> Option<FileKey> {
    let cipher = wrapping_cipher(shared, &stanza.share, recipient);
    let (sealed, tag) = stanza.body.split_at(16);
    let mut file_key = Zeroizing::new([0; 16]);
    file_key.copy_from_slice(sealed);
    let tag = Tag::try_from(tag).expect("invariant: the body is split in half");
    cipher
        .decrypt_inout_detached(&Nonce::default(), &[], InOutBuf::from(&mut file_key[..]), &tag)
        .ok()
        .map(|()| file_key)
}

/// The zero nonce is safe: the key is used for one message only, as the share in its salt is fresh.
fn wrapping_cipher(shared: &[u8; 32], share: &[u8; 32], recipient: &Recipient) -> ChaCha20Poly1305 {
    let mut salt = [0; 64];
    salt[..32].copy_from_slice(share);
    salt[32..].copy_from_slice(recipient.as_bytes());
    ChaCha20Poly1305::new((&*derive(&salt, shared, X25519_LABEL)).into())
}

fn code_of(file_key: &FileKey, header: &[u8]) -> Hmac<Sha256> {
    let key = derive(&[], &file_key[..], b"header");
    let mut code =
        Hmac::<Sha256>::new_from_slice(&key[..]).expect("invariant: HMAC takes keys of any length");
    code.update(header);
    code
}

/// Derives 32 bytes by HKDF-SHA256 (RFC 5869).
pub(super) fn derive(salt: &[u8], secret: &[u8], label: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), secret)
        .expand(label, &mut key[..])
        .expect("invariant: 32 bytes are within what HKDF gives");
    key
}

fn decode(text: &[u8], what: &'static str) -> Result<Vec<u8>, SealedError> {
    STANDARD_NO_PAD.decode(text).map_err(|error| match error {
        DecodeError::InvalidLastSymbol { .. } => SealedError::NonCanonicalBase64 { what },
        _ => SealedError::Base64 { what },
    })
}

fn exactly<const N: usize>(bytes: Vec<u8>, what: &'static str) -> Result<[u8; N], SealedError> {
    bytes.try_into().map_err(|_| SealedError::WrongLength { what })
}

fn require(holds: bool, what: &'static str) -> Result<(), SealedError> {
    if holds { Ok(()) } else { Err(malformed(what)) }
}

const fn malformed(what: &'static str) -> SealedError {
    SealedError::HeaderMalformed { what }
}
