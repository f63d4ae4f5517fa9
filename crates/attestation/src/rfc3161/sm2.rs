//! SM2 signatures with SM3 (GB/T 32918.2), as an algorithm that rustls-webpki can build paths with.
//!
//! The user id is the default of GM/T 0009, `1234567812345678`; others are not known here. Signatures are DER
//! (GM/T 0009 §7.3). The arithmetic is the crate `sm2`'s: verification only, so no secret passes through it.

use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};
use sm2::dsa::signature::Verifier as _;
use sm2::dsa::{Signature, VerifyingKey};

use super::tlv::{INTEGER, Reader, SEQUENCE};

/// SM2 with SM3 (1.2.156.10197.1.501).
pub(crate) const SM2_WITH_SM3: &[u8] = &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x83, 0x75];
/// SM2 signature (1.2.156.10197.1.301.1), which stands there in GB/T 35275.
pub(crate) const SM2_SIGN: &[u8] = &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x82, 0x2d, 1];

const USER_ID: &str = "1234567812345678";

/// id-ecPublicKey with the curve SM2 (1.2.156.10197.1.301).
const KEY: &[u8] = &[
    0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01,
    0x82, 0x2d,
];
const PLAIN: &[u8] = &[0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75];
const WITH_NULL: &[u8] = &[0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75, 0x05, 0x00];

/// SM2 with SM3, parameters absent.
pub(crate) static SM2_SM3: &dyn SignatureVerificationAlgorithm = &Sm2 { signature: PLAIN };
/// SM2 with SM3, parameters NULL: some authorities write them.
pub(crate) static SM2_SM3_NULL: &dyn SignatureVerificationAlgorithm = &Sm2 { signature: WITH_NULL };

#[derive(Debug)]
struct Sm2 {
    signature: &'static [u8],
}

impl SignatureVerificationAlgorithm for Sm2 {
    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier::from_slice(KEY)
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier::from_slice(self.signature)
    }

    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let key = VerifyingKey::from_sec1_bytes(USER_ID, key).map_err(|_| InvalidSignature)?;
        let signature = scalars(signature).ok_or(InvalidSignature)?;
        key.verify(message, &signature).map_err(|_| InvalidSignature)
    }
}

/// Reads SEQUENCE { r, s } into the fixed form.
fn scalars(der: &[u8]) -> Option<Signature> {
    let mut whole = Reader::new(der, "signature");
    let mut fields = whole.take(SEQUENCE).ok()?.inside();
    whole.finish().ok()?;
    let mut fixed = [0; 64];
    for half in fixed.chunks_exact_mut(32) {
        let number = fields.take(INTEGER).ok()?.unsigned().ok()?;
        let place = half.len().checked_sub(number.len())?;
        half[place..].copy_from_slice(number);
    }
    fields.finish().ok()?;
    Signature::from_bytes(&fixed.into()).ok()
}
