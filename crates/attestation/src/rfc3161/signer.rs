//! The signer of a token: which certificate, what exactly was signed, and whether it holds (RFC 5652 §5.4,
//! RFC 5816).
//!
//! Anyone can put certificates into a token. So the signer's is not the first one, nor one with the right
//! name: it is the one that the SignerInfo names and whose digest the signed attributes hold.

use sha1::{Digest as _, Sha1};

use super::certificate::{Certificate, Purpose};
use super::error::TokenError;
use super::imprint::DigestAlgorithm;
use super::oid;
use super::signature;
use super::signed_data::{SignedData, SignerId, SignerInfo};
use super::tlv::{
    INTEGER, Malformed, OCTET_STRING, OID, Reader, SEQUENCE, SET, Tlv, constructed, der, octets,
};

/// Finds the signer's certificate among `candidates` and checks all that the token itself can show.
///
/// That its certificate leads to a pinned root is not checked here.
pub(crate) fn check<'c>(
    token: &SignedData<'_>,
    candidates: &[Certificate<'c>],
) -> Result<Certificate<'c>, TokenError> {
    let signer = &token.signer;
    let digest = DigestAlgorithm::read(&signer.digest_algorithm)?.ok_or(TokenError::DigestAlgorithm)?;
    check_content(signer, digest, &token.content)?;
    let certificate = find(signer, candidates)?;
    check_signature(signer, digest, &certificate)?;
    match certificate.purpose() {
        Purpose::TimeStamping if certificate.key_usage_is_signing() => Ok(certificate),
        Purpose::TimeStamping => Err(TokenError::KeyUsage),
        Purpose::NotCritical => Err(TokenError::PurposeNotCritical),
        Purpose::Other => Err(TokenError::Purpose),
    }
}

/// Compares content-type and message-digest with what is signed.
fn check_content(signer: &SignerInfo<'_>, digest: DigestAlgorithm, content: &[u8]) -> Result<(), TokenError> {
    let kind = only_value(signer, oid::CONTENT_TYPE, "content-type")?;
    if kind.tag != OID || kind.content != oid::TST_INFO {
        return Err(TokenError::ContentTypeMismatch);
    }
    let signed = only_value(signer, oid::MESSAGE_DIGEST, "message-digest")?;
    if *octets(&signed)? == *digest.digest(content) { Ok(()) } else { Err(TokenError::MessageDigestMismatch) }
}

/// Returns the only value of the only attribute of a type.
fn only_value<'a>(signer: &SignerInfo<'a>, kind: &[u8], name: &'static str) -> Result<Tlv<'a>, TokenError> {
    let mut found = signer.attributes.iter().filter(|(one, _)| *one == kind);
    let (Some((_, values)), None) = (found.next(), found.next()) else {
        return Err(TokenError::Attribute(name));
    };
    let mut values = Reader::new(values, "signer");
    let value = values.next().map_err(|_| TokenError::Attribute(name))?;
    if values.is_empty() { Ok(value) } else { Err(TokenError::Attribute(name)) }
}

fn optional_value<'a>(
    signer: &SignerInfo<'a>,
    kind: &[u8],
    name: &'static str,
) -> Result<Option<Tlv<'a>>, TokenError> {
    if signer.attributes.iter().any(|(one, _)| *one == kind) {
        only_value(signer, kind, name).map(Some)
    } else {
        Ok(None)
    }
}

/// Finds the certificate that the SignerInfo names and that the signed attributes hold the digest of.
fn find<'c>(signer: &SignerInfo<'_>, candidates: &[Certificate<'c>]) -> Result<Certificate<'c>, TokenError> {
    let old = optional_value(signer, oid::SIGNING_CERTIFICATE, "signing-certificate")?;
    let new = optional_value(signer, oid::SIGNING_CERTIFICATE_V2, "signing-certificate-v2")?;
    if old.is_none() && new.is_none() {
        return Err(TokenError::SigningCertificateMissing);
    }
    let named = |certificate: &&Certificate<'_>| match signer.id {
        SignerId::IssuerAndSerial { issuer, serial } => {
            certificate.issuer == issuer && certificate.serial == serial
        }
        SignerId::SubjectKeyId(id) => certificate.subject_key_id == Some(id),
    };
    let mut found = Err(TokenError::SignerNotFound);
    for certificate in candidates.iter().filter(named) {
        let by_old = old.map_or(Ok(true), |value| first_id_is(&value, certificate, false))?;
        let by_new = new.map_or(Ok(true), |value| first_id_is(&value, certificate, true))?;
        if by_old && by_new {
            return Ok(certificate.clone());
        }
        found = Err(TokenError::SigningCertificateMismatch);
    }
    found
}

/// Says whether the first ESSCertID (RFC 2634 §5.4.1) or ESSCertIDv2 (RFC 5035 §4) is this certificate's.
///
/// More ids may follow; they are the issuers', and the path is judged by the pinned roots.
fn first_id_is(
    value: &Tlv<'_>,
    certificate: &Certificate<'_>,
    second_version: bool,
) -> Result<bool, Malformed> {
    let mut ids = value.inside_as("signing-certificate").take(SEQUENCE)?.inside();
    let mut id = ids.take(SEQUENCE)?.inside();
    let digest = if second_version {
        let algorithm = id.optional(SEQUENCE)?.map(|element| DigestAlgorithm::read(&element)).transpose()?;
        match algorithm.unwrap_or(Some(DigestAlgorithm::Sha256)) {
            Some(algorithm) => algorithm.digest(certificate.der),
            None => return Ok(false),
        }
    } else {
        // SHA-1 only ties a certificate to a signature that a sound digest covers.
        Sha1::digest(certificate.der).to_vec()
    };
    let same = id.take(OCTET_STRING)?.content == digest.as_slice();
    let issuer =
        id.optional(SEQUENCE)?.map_or(Ok(true), |element| issuer_serial_is(&element, certificate))?;
    id.finish()?;
    Ok(same && issuer)
}

/// Compares IssuerSerial, which may stand beside the digest.
fn issuer_serial_is(element: &Tlv<'_>, certificate: &Certificate<'_>) -> Result<bool, Malformed> {
    let mut fields = element.inside();
    let name = fields.take(SEQUENCE)?.inside().next()?;
    let serial = fields.take(INTEGER)?.content;
    Ok(name.tag == constructed(4) && name.content == certificate.issuer && serial == certificate.serial)
}

/// Checks the signature over the attributes, which are signed as a SET (RFC 5652 §5.4).
///
/// The order of a SET in DER is fixed; services that send another order sign the one they send. Both are
/// tried: whichever holds, the signer signed these attributes and no others.
fn check_signature(
    signer: &SignerInfo<'_>,
    digest: DigestAlgorithm,
    certificate: &Certificate<'_>,
) -> Result<(), TokenError> {
    let as_sent = der(SET, &[signer.signed]);
    let sorted = der(SET, &[&sorted_set(signer.signed)?]);
    let check = |message: &[u8]| {
        let algorithm = &signer.signature_algorithm;
        signature::check(certificate.der, algorithm, digest, message, &signer.signature)
    };
    match check(&as_sent) {
        Err(TokenError::Signature) if sorted != as_sent => check(&sorted),
        outcome => outcome,
    }
}

fn sorted_set(content: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut set = Reader::new(content, "signer");
    let mut elements = Vec::new();
    while !set.is_empty() {
        elements.push(set.next()?.raw);
    }
    elements.sort_unstable();
    Ok(elements.concat())
}
