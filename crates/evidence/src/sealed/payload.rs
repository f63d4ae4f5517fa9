//! The payload of an age v1 file: 64 KiB chunks, each sealed on its own (the STREAM construction).
//!
//! Chunks can be sealed and opened in any order and on several threads; order and completeness are in their
//! nonces. Not the header (see `header.rs`), and no reading or writing of files.

use std::fmt;

use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit, Nonce, Tag};

use super::SealedError;
use super::header::{self, FILE_NONCE_BYTES, FileKey};
use crate::entropy::{Entropy, draw};
use crate::keys::{Identity, Recipient};

/// Bytes of content in every chunk but the last.
pub const CHUNK_BYTES: usize = 65_536;
/// Bytes a sealed chunk is longer than its content.
pub const TAG_BYTES: usize = 16;

/// Seals the chunks of one file; may be shared between threads.
pub struct Sealer {
    cipher: ChaCha20Poly1305,
}

impl Sealer {
    /// Starts a file: returns its sealer, and the header and nonce that come before the first chunk.
    ///
    /// # Panics
    /// If there are no recipients, or more than [`MAX_RECIPIENTS`](super::MAX_RECIPIENTS).
    #[must_use]
    pub fn new(recipients: &[Recipient], entropy: &mut Entropy<'_>) -> (Self, Vec<u8>) {
        let file_key = header::new_file_key(entropy);
        let mut start = header::write(recipients, &file_key, entropy);
        let nonce: [u8; FILE_NONCE_BYTES] = draw(entropy);
        start.extend_from_slice(&nonce);
        (Self { cipher: payload_cipher(&file_key, &nonce) }, start)
    }

    /// Appends the sealed form of chunk `index` (from 0) to `out`, [`TAG_BYTES`] longer than `plaintext`.
    ///
    /// Allocates only if `out` has too little room. Each index is sealed once: two different chunks under
    /// one index would reveal both.
    ///
    /// # Panics
    /// If a chunk before the last is not [`CHUNK_BYTES`] long, the last one longer, or empty without being
    /// the first.
    pub fn seal_chunk(&self, index: u64, last: bool, plaintext: &[u8], out: &mut Vec<u8>) {
        let fits = if last { plaintext.len() <= CHUNK_BYTES } else { plaintext.len() == CHUNK_BYTES };
        assert!(fits, "invariant: every chunk but the last is {CHUNK_BYTES} bytes");
        assert!(
            index == 0 || !plaintext.is_empty(),
            "invariant: only a file without content has an empty chunk"
        );
        let start = out.len();
        out.reserve(plaintext.len() + TAG_BYTES);
        out.extend_from_slice(plaintext);
        let tag = self
            .cipher
            .encrypt_inout_detached(&chunk_nonce(index, last), &[], InOutBuf::from(&mut out[start..]))
            .expect("invariant: a chunk is not too long to seal");
        out.extend_from_slice(&tag);
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(redacted)")
    }
}

/// Opens the chunks of one file; may be shared between threads.
pub struct Opener {
    cipher: ChaCha20Poly1305,
}

impl Opener {
    /// Reads header and nonce at the start of `prefix`; returns the opener and how many bytes they take.
    ///
    /// `HeaderTruncated` and `NonceTruncated` mean that a longer prefix may open; no file needs more than
    /// [`MAX_HEADER_BYTES`](super::MAX_HEADER_BYTES) + 16 bytes here.
    pub fn open_header(prefix: &[u8], identities: &[&Identity]) -> Result<(Self, usize), SealedError> {
        let (file_key, bytes) = header::open(prefix, identities)?;
        let nonce = prefix.get(bytes..bytes + FILE_NONCE_BYTES).ok_or(SealedError::NonceTruncated)?;
        Ok((Self { cipher: payload_cipher(&file_key, nonce) }, bytes + FILE_NONCE_BYTES))
    }

    /// Appends the content of chunk `index` (from 0) to `out`; on failure `out` is as it was.
    ///
    /// `last` is true if and only if `ciphertext` reaches the end of the file. Nothing is appended before
    /// the chunk's tag has been checked.
    pub fn open_chunk(
        &self,
        index: u64,
        last: bool,
        ciphertext: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SealedError> {
        let (sealed, tag) = split_chunk(index, last, ciphertext)?;
        let start = out.len();
        out.extend_from_slice(sealed);
        let mut authentic = |last| {
            let part = InOutBuf::from(&mut out[start..]);
            self.cipher.decrypt_inout_detached(&chunk_nonce(index, last), &[], part, &tag).is_ok()
        };
        if authentic(last) {
            return if index > 0 && sealed.is_empty() { Err(SealedError::EmptyFinalChunk) } else { Ok(()) };
        }
        // Tells a file cut at a chunk's end, or one with something appended there, from a damaged one.
        let misplaced = authentic(!last);
        zeroize::Zeroize::zeroize(&mut out[start..]);
        out.truncate(start);
        Err(match (misplaced, last) {
            (true, true) => SealedError::MissingFinalChunk,
            (true, false) => SealedError::TrailingData,
            (false, _) => SealedError::Damaged { chunk: index },
        })
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opener(redacted)")
    }
}

fn split_chunk(index: u64, last: bool, ciphertext: &[u8]) -> Result<(&[u8], Tag), SealedError> {
    let whole = CHUNK_BYTES + TAG_BYTES;
    let Some((sealed, tag)) = ciphertext.split_last_chunk::<TAG_BYTES>() else {
        return Err(SealedError::ChunkTruncated { chunk: index });
    };
    if ciphertext.len() > whole || (!last && ciphertext.len() < whole) {
        return Err(SealedError::ChunkLength { chunk: index });
    }
    Ok((sealed, Tag::from(*tag)))
}

fn payload_cipher(file_key: &FileKey, nonce: &[u8]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new((&*header::derive(nonce, &file_key[..], b"payload")).into())
}

/// Eleven bytes of big-endian counter, then 1 for the last chunk and 0 for all others.
fn chunk_nonce(index: u64, last: bool) -> Nonce {
    let mut nonce = [0; 12];
    nonce[3..11].copy_from_slice(&index.to_be_bytes());
    nonce[11] = u8::from(last);
    Nonce::from(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::repeatable;

    fn pair() -> (Sealer, Opener) {
        let identity = Identity::generate(&mut repeatable(1));
        let (sealer, start) = Sealer::new(&[identity.recipient()], &mut repeatable(2));
        let (opener, used) = Opener::open_header(&start, &[&identity]).unwrap();
        assert_eq!(used, start.len());
        (sealer, opener)
    }

    #[test]
    fn both_may_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Sealer>();
        shared::<Opener>();
    }

    #[test]
    fn chunks_are_appended_and_a_failure_appends_nothing() {
        let (sealer, opener) = pair();
        let mut sealed = b"before".to_vec();
        sealer.seal_chunk(0, true, b"content", &mut sealed);
        assert_eq!(sealed.len(), 6 + 7 + TAG_BYTES);
        let mut out = b"kept".to_vec();
        opener.open_chunk(0, true, &sealed[6..], &mut out).unwrap();
        assert_eq!(out, b"keptcontent");
        let wrong = opener.open_chunk(1, true, &sealed[6..], &mut out);
        assert_eq!((wrong, &out[..]), (Err(SealedError::Damaged { chunk: 1 }), &b"keptcontent"[..]));
    }

    #[test]
    fn lengths_and_places_are_checked() {
        let (sealer, opener) = pair();
        let mut sealed = Vec::new();
        sealer.seal_chunk(0, false, &[7; CHUNK_BYTES], &mut sealed);
        let open = |last, bytes: &[u8]| opener.open_chunk(0, last, bytes, &mut Vec::new());
        assert_eq!(open(false, &sealed), Ok(()));
        assert_eq!(open(true, &sealed), Err(SealedError::MissingFinalChunk));
        assert_eq!(open(false, &sealed[..99]), Err(SealedError::ChunkLength { chunk: 0 }));
        assert_eq!(open(true, &sealed[..15]), Err(SealedError::ChunkTruncated { chunk: 0 }));
        assert_eq!(open(true, &[&sealed[..], b"x"].concat()), Err(SealedError::ChunkLength { chunk: 0 }));
    }

    #[test]
    #[should_panic(expected = "every chunk but the last")]
    fn a_short_chunk_before_the_last_is_a_bug() {
        pair().0.seal_chunk(0, false, b"short", &mut Vec::new());
    }
}
