//! Which signature algorithms are known, and the check of one signature (RFC 5652 §5.6, RFC 5754).
//!
//! The arithmetic is ring's, behind rustls-webpki. It knows RSA from 2048 to 8192 bits (PKCS#1 v1.5, and PSS
//! with salt as long as the digest), ECDSA on P-256 and P-384 with SHA-256 and SHA-384. Not P-521, not SHA-1;
//! SM2 with the feature `sm2`.

use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, alg_id};
use webpki::ring as known;
use webpki::{EndEntityCert, Error};

use super::error::TokenError;
use super::imprint::DigestAlgorithm;
use super::tlv::{OID, Tlv};

type Algorithm = &'static dyn SignatureVerificationAlgorithm;

const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const RSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
const RSA_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12];
const RSA_SHA512: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const ECDSA_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];

/// What may sign certificates and tokens.
pub(crate) static ALL: &[Algorithm] = &[
    known::ECDSA_P256_SHA256,
    known::ECDSA_P256_SHA384,
    known::ECDSA_P384_SHA256,
    known::ECDSA_P384_SHA384,
    known::RSA_PKCS1_2048_8192_SHA256,
    known::RSA_PKCS1_2048_8192_SHA384,
    known::RSA_PKCS1_2048_8192_SHA512,
    known::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    known::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    known::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    known::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    known::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    known::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
    #[cfg(feature = "sm2")]
    super::sm2::SM2_SM3,
    #[cfg(feature = "sm2")]
    super::sm2::SM2_SM3_NULL,
];

/// Checks one signature under the key of a certificate.
pub(crate) fn check(
    certificate: &[u8],
    algorithm: &Tlv<'_>,
    digest: DigestAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), TokenError> {
    let der = CertificateDer::from(certificate);
    let certificate = EndEntityCert::try_from(&der).map_err(|_| TokenError::Malformed("certificate"))?;
    for one in candidates(algorithm, digest) {
        match certificate.verify_signature(one, message, signature) {
            Ok(()) => return Ok(()),
            Err(Error::InvalidSignatureForPublicKey) => return Err(TokenError::Signature),
            // The key is of another kind: the next one may fit.
            Err(_) => {}
        }
    }
    Err(TokenError::SignatureAlgorithm)
}

/// Returns what an AlgorithmIdentifier may stand for; services write the bare key type there, too.
fn candidates(algorithm: &Tlv<'_>, digest: DigestAlgorithm) -> Vec<Algorithm> {
    let kind = algorithm.inside().take(OID).map_or(&[][..], |oid| oid.content);
    let pss = algorithm.content;
    match kind {
        RSA_ENCRYPTION => rsa(digest),
        RSA_SHA256 => rsa(DigestAlgorithm::Sha256),
        RSA_SHA384 => rsa(DigestAlgorithm::Sha384),
        RSA_SHA512 => rsa(DigestAlgorithm::Sha512),
        EC_PUBLIC_KEY => ecdsa(digest),
        ECDSA_SHA256 => ecdsa(DigestAlgorithm::Sha256),
        ECDSA_SHA384 => ecdsa(DigestAlgorithm::Sha384),
        _ if pss == alg_id::RSA_PSS_SHA256.as_ref() => vec![known::RSA_PSS_2048_8192_SHA256_LEGACY_KEY],
        _ if pss == alg_id::RSA_PSS_SHA384.as_ref() => vec![known::RSA_PSS_2048_8192_SHA384_LEGACY_KEY],
        _ if pss == alg_id::RSA_PSS_SHA512.as_ref() => vec![known::RSA_PSS_2048_8192_SHA512_LEGACY_KEY],
        #[cfg(feature = "sm2")]
        super::sm2::SM2_WITH_SM3 | super::sm2::SM2_SIGN => vec![super::sm2::SM2_SM3],
        _ => vec![],
    }
}

fn rsa(digest: DigestAlgorithm) -> Vec<Algorithm> {
    match digest {
        DigestAlgorithm::Sha256 => vec![known::RSA_PKCS1_2048_8192_SHA256],
        DigestAlgorithm::Sha384 => vec![known::RSA_PKCS1_2048_8192_SHA384],
        DigestAlgorithm::Sha512 => vec![known::RSA_PKCS1_2048_8192_SHA512],
        DigestAlgorithm::Sm3 => vec![],
    }
}

fn ecdsa(digest: DigestAlgorithm) -> Vec<Algorithm> {
    match digest {
        DigestAlgorithm::Sha256 => vec![known::ECDSA_P256_SHA256, known::ECDSA_P384_SHA256],
        DigestAlgorithm::Sha384 => vec![known::ECDSA_P256_SHA384, known::ECDSA_P384_SHA384],
        #[cfg(feature = "sm2")]
        DigestAlgorithm::Sm3 => vec![super::sm2::SM2_SM3],
        _ => vec![],
    }
}
