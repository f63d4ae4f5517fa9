//! Sealed blobs: binary age v1 files (<https://age-encryption.org/v1>) with X25519 recipients.
//!
//! Any age tool opens what is written here, and whatever age writes to an X25519 key is opened here. Not
//! here: armor, passphrase (scrypt) and SSH or post-quantum recipients; where a file lies on disk. Reading
//! is strict: one writing per file, every defect an error of its own. Spec: `docs/formats/sealed-blob.md`.

mod header;
mod payload;
mod reader;
mod writer;

pub use header::{MAX_HEADER_BYTES, MAX_RECIPIENTS};
pub use payload::{CHUNK_BYTES, Opener, Sealer, TAG_BYTES};
pub use reader::OpenReader;
pub use writer::SealWriter;

use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::keys::{Identity, Recipient};

/// Why a sealed file, or a part of it, does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealedError {
    /// The file does not begin with `age-encryption.org/v1`.
    #[error("this is not an age v1 file")]
    UnknownVersion,
    /// The bytes end inside the header.
    #[error("the file ends inside its header")]
    HeaderTruncated,
    /// The header does not end within [`MAX_HEADER_BYTES`].
    #[error("the header is longer than {MAX_HEADER_BYTES} bytes")]
    HeaderTooLong,
    /// A header line is not of the grammar.
    #[error("the header is malformed: {what}")]
    HeaderMalformed {
        /// The part that is wrong.
        what: &'static str,
    },
    /// A part of the header is not base64 without padding.
    #[error("not base64: {what}")]
    Base64 {
        /// The part that is wrong.
        what: &'static str,
    },
    /// A part of the header is base64 with stray bits in its last character.
    #[error("base64 in a form no writer produces: {what}")]
    NonCanonicalBase64 {
        /// The part that is wrong.
        what: &'static str,
    },
    /// A part of the header is well encoded but has the wrong number of bytes.
    #[error("wrong length: {what}")]
    WrongLength {
        /// The part that is wrong.
        what: &'static str,
    },
    /// A stanza's share is a low-order point, so the shared secret would be zero.
    #[error("an ephemeral share is a weak point")]
    ZeroSharedSecret,
    /// None of the identities opens any of the stanzas.
    #[error("the file is not sealed to any of the given keys")]
    NoMatchingIdentity,
    /// The authentication code of the header is wrong: the header was altered.
    #[error("the header was altered: its authentication code is wrong")]
    WrongMac,
    /// The bytes end inside the 16-byte nonce after the header.
    #[error("the file ends inside its nonce")]
    NonceTruncated,
    /// The last chunk is shorter than its authentication tag.
    #[error("the file ends inside the tag of chunk {chunk}")]
    ChunkTruncated {
        /// Index of the chunk, from 0.
        chunk: u64,
    },
    /// A chunk is longer than a chunk may be, or shorter than a chunk before the last must be.
    #[error("chunk {chunk} has a length no chunk has at this place")]
    ChunkLength {
        /// Index of the chunk, from 0.
        chunk: u64,
    },
    /// A chunk does not authenticate: altered, cut short, lengthened, or out of its place.
    #[error("chunk {chunk} is damaged or out of place")]
    Damaged {
        /// Index of the chunk, from 0.
        chunk: u64,
    },
    /// The bytes end after a whole chunk that is not the last one.
    #[error("the last chunk is missing: the file was cut short")]
    MissingFinalChunk,
    /// The last chunk is empty although other chunks come before it.
    #[error("the last chunk is empty")]
    EmptyFinalChunk,
    /// Bytes follow the last chunk.
    #[error("bytes follow the last chunk")]
    TrailingData,
}

/// Seals bytes that are wholly in memory into one file.
///
/// # Panics
/// As [`Sealer::new`], if there are no recipients or more than [`MAX_RECIPIENTS`].
#[must_use]
pub fn seal_bytes(plaintext: &[u8], recipients: &[Recipient], entropy: &mut Entropy<'_>) -> Vec<u8> {
    let (sealer, mut out) = Sealer::new(recipients, entropy);
    let size = sealed_size(plaintext.len() as u64, recipients.len());
    out.reserve_exact(usize::try_from(size).unwrap_or(0).saturating_sub(out.len()));
    let last = last_chunk_index(plaintext.len());
    for index in 0..=last {
        let start = index * CHUNK_BYTES;
        let end = plaintext.len().min(start + CHUNK_BYTES);
        sealer.seal_chunk(index as u64, index == last, &plaintext[start..end], &mut out);
    }
    out
}

/// Opens a whole file in memory; returns nothing at all unless every byte of it is right.
pub fn open_bytes(sealed: &[u8], identities: &[&Identity]) -> Result<Zeroizing<Vec<u8>>, SealedError> {
    let (opener, consumed) = Opener::open_header(sealed, identities)?;
    let payload = &sealed[consumed..];
    if payload.is_empty() {
        return Err(SealedError::MissingFinalChunk);
    }
    // Reserved at once: a growing vector would leave unwiped copies behind.
    let mut out = Zeroizing::new(Vec::with_capacity(payload.len()));
    let mut chunks = payload.chunks(CHUNK_BYTES + TAG_BYTES).enumerate().peekable();
    while let Some((index, chunk)) = chunks.next() {
        opener.open_chunk(index as u64, chunks.peek().is_none(), chunk, &mut out)?;
    }
    Ok(out)
}

/// Returns how many bytes a file of `plain_bytes` takes when sealed to this many recipients.
///
/// Exact for files of this writer; saturates at `u64::MAX`.
#[must_use]
pub fn sealed_size(plain_bytes: u64, recipients: usize) -> u64 {
    let chunks = plain_bytes.div_ceil(CHUNK_BYTES as u64).max(1);
    header::sealed_overhead(recipients)
        .saturating_add(plain_bytes)
        .saturating_add(chunks.saturating_mul(TAG_BYTES as u64))
}

/// Returns how many bytes are inside a sealed file of this size and this many recipients.
///
/// `None` if no file of this writer has that size. Says nothing about whether the file opens.
#[must_use]
pub fn plain_size(sealed_bytes: u64, recipients: usize) -> Option<u64> {
    let payload = sealed_bytes.checked_sub(header::sealed_overhead(recipients))?;
    let chunks = payload.div_ceil((CHUNK_BYTES + TAG_BYTES) as u64).max(1);
    let plain = payload.checked_sub(chunks * TAG_BYTES as u64)?;
    (sealed_size(plain, recipients) == sealed_bytes).then_some(plain)
}

fn last_chunk_index(plain_bytes: usize) -> usize {
    plain_bytes.div_ceil(CHUNK_BYTES).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::repeatable;

    #[test]
    fn sizes_are_exact_and_reversible() {
        let keys: Vec<_> = (0..2).map(|n| Identity::generate(&mut repeatable(n)).recipient()).collect();
        for plain in [0, 1, 15, 65535, 65536, 65537, 131_071, 131_072, 131_073] {
            for count in [1, 2] {
                let sealed = seal_bytes(&vec![0; plain], &keys[..count], &mut repeatable(9));
                assert_eq!(sealed.len() as u64, sealed_size(plain as u64, count), "{plain}");
                assert_eq!(plain_size(sealed.len() as u64, count), Some(plain as u64), "{plain}");
            }
        }
    }

    #[test]
    fn impossible_sizes_have_no_plain_size() {
        let empty = sealed_size(0, 1);
        assert_eq!(plain_size(0, 1), None);
        assert_eq!(plain_size(empty - 1, 1), None);
        let full = sealed_size(65536, 1);
        for extra in 1..=16 {
            assert_eq!(plain_size(full + extra, 1), None, "{extra}");
        }
        assert_eq!(plain_size(full + 17, 1), Some(65537));
        assert_eq!(sealed_size(u64::MAX, 1), u64::MAX);
        assert_eq!(sealed_size(0, usize::MAX), u64::MAX);
    }

    #[test]
    fn either_recipient_opens_and_a_stranger_does_not() {
        let [vault, recovery, stranger] = [1, 2, 3].map(|n| Identity::generate(&mut repeatable(n)));
        let sealed = seal_bytes(b"card", &[vault.recipient(), recovery.recipient()], &mut repeatable(4));
        assert_eq!(**open_bytes(&sealed, &[&vault]).unwrap(), *b"card");
        assert_eq!(**open_bytes(&sealed, &[&stranger, &recovery]).unwrap(), *b"card");
        assert_eq!(open_bytes(&sealed, &[&stranger]), Err(SealedError::NoMatchingIdentity));
        assert_eq!(open_bytes(&sealed, &[]), Err(SealedError::NoMatchingIdentity));
    }
}
