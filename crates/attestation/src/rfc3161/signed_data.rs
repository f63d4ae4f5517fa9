//! SignedData, the envelope of a token (RFC 5652 §5.1), and its one SignerInfo (§5.3).
//!
//! It is only taken apart here. Sets are read in the order they come: services send them unsorted, which DER
//! forbids and BER does not.

use std::borrow::Cow;

use super::error::TokenError;
use super::oid;
use super::tlv::{
    INTEGER, Malformed, OCTET_STRING, OID, Reader, SEQUENCE, SET, Tlv, constructed, octets, primitive,
};

/// The most certificates a token may carry.
const MAX_CERTIFICATES: usize = 32;

/// The most signed attributes a signer may have.
const MAX_ATTRIBUTES: usize = 64;

/// Holds a token taken apart.
#[derive(Debug)]
pub(crate) struct SignedData<'a> {
    /// What was signed: the bytes of TSTInfo.
    pub(crate) content: Cow<'a, [u8]>,
    /// The certificates in the token, in its order; anyone can put more of them in.
    pub(crate) certificates: Vec<&'a [u8]>,
    pub(crate) signer: SignerInfo<'a>,
}

/// A signed attribute: its type, and the content of the set of its values.
type Attribute<'a> = (&'a [u8], &'a [u8]);

/// Holds who signed and how.
#[derive(Debug)]
pub(crate) struct SignerInfo<'a> {
    pub(crate) id: SignerId<'a>,
    /// The AlgorithmIdentifier of the digest.
    pub(crate) digest_algorithm: Tlv<'a>,
    /// The content of the signed attributes, as it was sent.
    pub(crate) signed: &'a [u8],
    /// The signed attributes.
    pub(crate) attributes: Vec<Attribute<'a>>,
    /// The AlgorithmIdentifier of the signature.
    pub(crate) signature_algorithm: Tlv<'a>,
    pub(crate) signature: Cow<'a, [u8]>,
}

/// Says which certificate is the signer's.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SignerId<'a> {
    /// By issuer and serial number.
    IssuerAndSerial {
        /// The issuer's name, whole.
        issuer: &'a [u8],
        /// The content of the serial number.
        serial: &'a [u8],
    },
    /// By subject key identifier.
    SubjectKeyId(&'a [u8]),
}

impl<'a> SignedData<'a> {
    /// Takes a ContentInfo apart.
    pub(crate) fn read(token: &'a [u8]) -> Result<Self, TokenError> {
        let mut whole = Reader::new(token, "token");
        let mut info = whole.take(SEQUENCE)?.inside();
        whole.finish()?;
        let kind = info.take(OID)?.content;
        let known = kind == oid::SIGNED_DATA || (cfg!(feature = "sm2") && kind == oid::SM2_SIGNED_DATA);
        if !known {
            return Err(TokenError::NotSignedData);
        }
        let mut fields = info.take(constructed(0))?.inside().take(SEQUENCE)?.inside();
        info.finish()?;
        fields.take(INTEGER)?;
        fields.take(SET)?;
        let content = read_content(&fields.take(SEQUENCE)?)?;
        let certificates =
            fields.optional(constructed(0))?.map_or(Ok(Vec::new()), |set| read_certificates(&set))?;
        // Revocation lists in a token are passed over: they say nothing that we ask.
        fields.optional(constructed(1))?;
        let signers = fields.take(SET)?;
        fields.finish()?;
        Ok(Self { content, certificates, signer: read_only_signer(&signers)? })
    }
}

fn read_content<'a>(element: &Tlv<'a>) -> Result<Cow<'a, [u8]>, TokenError> {
    let mut fields = element.inside();
    if fields.take(OID)?.content != oid::TST_INFO {
        return Err(TokenError::NotTimestamp);
    }
    let mut wrapped = fields.take(constructed(0))?.inside();
    let content = octets(&wrapped.next()?)?;
    wrapped.finish()?;
    fields.finish()?;
    Ok(content)
}

/// Attribute certificates and other kinds, which carry tags of their own, are passed over.
fn read_certificates<'a>(element: &Tlv<'a>) -> Result<Vec<&'a [u8]>, Malformed> {
    let mut set = element.inside();
    let mut certificates = Vec::new();
    while !set.is_empty() {
        let one = set.next()?;
        if one.tag == SEQUENCE {
            certificates.push(one.raw);
        }
        if certificates.len() > MAX_CERTIFICATES {
            return Err(set.bad());
        }
    }
    Ok(certificates)
}

fn read_only_signer<'a>(signers: &Tlv<'a>) -> Result<SignerInfo<'a>, TokenError> {
    let mut set = signers.inside();
    let mut infos = Vec::new();
    while !set.is_empty() {
        infos.push(set.take(SEQUENCE)?);
    }
    match infos.as_slice() {
        [only] => Ok(read_signer(only)?),
        _ => Err(TokenError::SignerCount(infos.len())),
    }
}

fn read_signer<'a>(element: &Tlv<'a>) -> Result<SignerInfo<'a>, Malformed> {
    let mut fields = element.inside_as("signer");
    fields.take(INTEGER)?;
    let id = read_signer_id(&fields.next()?)?;
    let digest_algorithm = fields.take(SEQUENCE)?;
    let attributes = fields.take(constructed(0))?;
    let signature_algorithm = fields.take(SEQUENCE)?;
    let signature = octets(&fields.next()?)?;
    fields.optional(constructed(1))?;
    fields.finish()?;
    Ok(SignerInfo {
        id,
        digest_algorithm,
        signed: attributes.content,
        attributes: read_attributes(&attributes)?,
        signature_algorithm,
        signature,
    })
}

fn read_signer_id<'a>(element: &Tlv<'a>) -> Result<SignerId<'a>, Malformed> {
    let mut fields = element.inside_as("signer");
    if element.tag == primitive(0) {
        return Ok(SignerId::SubjectKeyId(element.content));
    }
    if element.tag == constructed(0) {
        // Some write the tag around an OCTET STRING instead of in its place.
        return Ok(SignerId::SubjectKeyId(fields.take(OCTET_STRING)?.content));
    }
    if element.tag != SEQUENCE {
        return Err(fields.bad());
    }
    let id = SignerId::IssuerAndSerial {
        issuer: fields.take(SEQUENCE)?.raw,
        serial: fields.take(INTEGER)?.content,
    };
    fields.finish()?;
    Ok(id)
}

fn read_attributes<'a>(element: &Tlv<'a>) -> Result<Vec<Attribute<'a>>, Malformed> {
    let mut set = element.inside_as("signer");
    let mut attributes = Vec::new();
    while !set.is_empty() {
        let mut attribute = set.take(SEQUENCE)?.inside();
        attributes.push((attribute.take(OID)?.content, attribute.take(SET)?.content));
        attribute.finish()?;
        if attributes.len() > MAX_ATTRIBUTES {
            return Err(set.bad());
        }
    }
    Ok(attributes)
}
