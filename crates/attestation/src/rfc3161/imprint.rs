//! What a service is asked to stamp: a digest, and by which algorithm it was made (RFC 3161 §2.4.1).
//!
//! It does not keep the content. SHA-1 and MD5 are unknown here: who uses them proves nothing.

use sha2::{Digest as _, Sha256, Sha384, Sha512};
use sm3::Sm3;

use super::tlv::{self, Malformed, NULL, OCTET_STRING, OID, SEQUENCE, Tlv, der};

/// Names a digest algorithm that a token may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// SHA-256, FIPS 180-4.
    Sha256,
    /// SHA-384, FIPS 180-4.
    Sha384,
    /// SHA-512, FIPS 180-4.
    Sha512,
    /// SM3, GB/T 32905.
    Sm3,
}

const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
const SHA384: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2];
const SHA512: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3];
const SM3: &[u8] = &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x83, 0x11];

impl DigestAlgorithm {
    const ALL: [Self; 4] = [Self::Sha256, Self::Sha384, Self::Sha512, Self::Sm3];

    /// Computes the digest of `data`.
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(data).to_vec(),
            Self::Sha384 => Sha384::digest(data).to_vec(),
            Self::Sha512 => Sha512::digest(data).to_vec(),
            Self::Sm3 => Sm3::digest(data).to_vec(),
        }
    }

    /// Returns how many bytes a digest has: 32, 48 or 64.
    pub fn digest_bytes(self) -> usize {
        match self {
            Self::Sha256 | Self::Sm3 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    fn oid(self) -> &'static [u8] {
        match self {
            Self::Sha256 => SHA256,
            Self::Sha384 => SHA384,
            Self::Sha512 => SHA512,
            Self::Sm3 => SM3,
        }
    }

    /// Reads an AlgorithmIdentifier (RFC 5280 §4.1.1.2); `Ok(None)` for an algorithm unknown here.
    ///
    /// Parameters are absent or NULL (RFC 5754 §2).
    pub(crate) fn read(element: &Tlv<'_>) -> Result<Option<Self>, Malformed> {
        let mut fields = element.inside();
        let oid = fields.take(OID)?.content;
        let plain = fields.optional(NULL)?.is_none_or(|null| null.content.is_empty()) && fields.is_empty();
        Ok(Self::ALL.into_iter().find(|one| plain && one.oid() == oid))
    }

    fn to_der(self) -> Vec<u8> {
        der(SEQUENCE, &[&der(OID, &[self.oid()]), &der(NULL, &[])])
    }
}

/// Holds the digest a token is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imprint {
    algorithm: DigestAlgorithm,
    digest: Vec<u8>,
}

impl Imprint {
    /// Digests `data` with `algorithm`; for checkpoints, the bytes of the note as it was signed.
    pub fn of(algorithm: DigestAlgorithm, data: &[u8]) -> Self {
        Self { algorithm, digest: algorithm.digest(data) }
    }

    /// Wraps a SHA-256 digest made elsewhere.
    pub fn from_sha256(digest: [u8; 32]) -> Self {
        Self { algorithm: DigestAlgorithm::Sha256, digest: digest.to_vec() }
    }

    /// Returns by which algorithm the digest was made.
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// Returns the digest; its length is that of the algorithm.
    pub fn digest(&self) -> &[u8] {
        &self.digest
    }

    /// Writes MessageImprint (RFC 3161 §2.4.1).
    pub(crate) fn to_der(&self) -> Vec<u8> {
        der(SEQUENCE, &[&self.algorithm.to_der(), &der(OCTET_STRING, &[&self.digest])])
    }

    /// Reads MessageImprint; `Ok(None)` if its algorithm is unknown or the digest has another length.
    pub(crate) fn read(element: &Tlv<'_>) -> Result<Option<Self>, Malformed> {
        let mut fields = element.inside();
        let algorithm = DigestAlgorithm::read(&fields.take(SEQUENCE)?)?;
        let digest = tlv::octets(&fields.next()?)?.into_owned();
        fields.finish()?;
        Ok(algorithm
            .filter(|algorithm| algorithm.digest_bytes() == digest.len())
            .map(|algorithm| Self { algorithm, digest }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn published_digests_of_abc() {
        let cases = [
            (DigestAlgorithm::Sha256, "ba7816bf8f01cfea"),
            (DigestAlgorithm::Sha384, "cb00753f45a35e8b"),
            (DigestAlgorithm::Sha512, "ddaf35a193617aba"),
            (DigestAlgorithm::Sm3, "66c7f0f462eeedd9"),
        ];
        for (algorithm, start) in cases {
            let imprint = Imprint::of(algorithm, b"abc");
            assert!(hex(imprint.digest()).starts_with(start), "{algorithm:?}");
            assert_eq!(imprint.digest().len(), algorithm.digest_bytes());
            let bytes = imprint.to_der();
            let element = tlv::Reader::new(&bytes, "test").next().unwrap();
            assert_eq!(Imprint::read(&element), Ok(Some(imprint)));
        }
    }

    #[test]
    fn an_unknown_algorithm_or_length_is_no_imprint() {
        let sha1 = der(SEQUENCE, &[&der(OID, &[&[0x2b, 14, 3, 2, 26]]), &der(NULL, &[])]);
        let of_sha1 = der(SEQUENCE, &[&sha1, &der(OCTET_STRING, &[&[0; 20]])]);
        let short = der(SEQUENCE, &[&DigestAlgorithm::Sha256.to_der(), &der(OCTET_STRING, &[&[0; 31]])]);
        for bytes in [of_sha1, short] {
            let element = tlv::Reader::new(&bytes, "test").next().unwrap();
            assert_eq!(Imprint::read(&element), Ok(None));
        }
    }
}
