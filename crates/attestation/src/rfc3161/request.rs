//! The request to a timestamp service (RFC 3161 §2.4.1), `application/timestamp-query`.
//!
//! It sends nothing. Whoever sends it keeps its bytes: the nonce in them is what ties the reply to it.

use super::imprint::Imprint;
use super::oid::Oid;
use super::tlv::{BOOLEAN, INTEGER, Malformed, OID, Reader, SEQUENCE, der, der_unsigned};

/// The largest request that is read, in bytes.
pub const MAX_REQUEST_BYTES: usize = 1024;

/// Holds what a service is asked: an imprint, and what the reply must repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    imprint: Imprint,
    nonce: Option<Vec<u8>>,
    policy: Option<Oid>,
    cert_req: bool,
}

/// Says that bytes are not a timestamp request of version 1, or one with extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a timestamp request")]
pub struct RequestError;

impl From<Malformed> for RequestError {
    fn from(_: Malformed) -> Self {
        Self
    }
}

impl Request {
    /// Asks for a stamp on `imprint` with the certificates of the service (`certReq`).
    ///
    /// `entropy` is 64 fresh random bits for each attempt; they become a positive nonce.
    pub fn new(imprint: Imprint, entropy: [u8; 8]) -> Self {
        // All zeros, once in 2^64: the nonce must be positive.
        let number = u64::from_be_bytes(entropy).max(1).to_be_bytes();
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        Self { imprint, nonce: Some(number[zeros..].to_vec()), policy: None, cert_req: true }
    }

    /// Asks for a certain policy of the service; the reply must name it.
    #[must_use]
    pub fn with_policy(mut self, policy: Oid) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Stands in for a request that was not kept: only the imprint can be compared, a replay is not seen.
    pub fn without_nonce(imprint: Imprint) -> Self {
        Self { imprint, nonce: None, policy: None, cert_req: true }
    }

    /// Returns what is to be stamped.
    pub fn imprint(&self) -> &Imprint {
        &self.imprint
    }

    /// Returns the magnitude of the nonce, most significant byte first, without leading zeros.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// Returns the policy asked for.
    pub fn policy(&self) -> Option<&Oid> {
        self.policy.as_ref()
    }

    /// Says whether the service is to put its certificates into the reply.
    pub fn asks_for_certificates(&self) -> bool {
        self.cert_req
    }

    /// Writes TimeStampReq in DER.
    pub fn to_der(&self) -> Vec<u8> {
        let policy = self.policy.as_ref().map_or_else(Vec::new, |oid| der(OID, &[oid.content()]));
        let nonce = self.nonce.as_ref().map_or_else(Vec::new, |nonce| der_unsigned(nonce));
        // FALSE is the default and is not written.
        let cert_req = if self.cert_req { der(BOOLEAN, &[&[0xff]]) } else { Vec::new() };
        let imprint = self.imprint.to_der();
        der(SEQUENCE, &[&der(INTEGER, &[&[1]]), &imprint, &policy, &nonce, &cert_req])
    }

    /// Reads TimeStampReq, as kept beside a reply or made by another tool; extensions are refused.
    pub fn parse(bytes: &[u8]) -> Result<Self, RequestError> {
        if bytes.len() > MAX_REQUEST_BYTES {
            return Err(RequestError);
        }
        let mut whole = Reader::new(bytes, "request");
        let mut fields = whole.take(SEQUENCE)?.inside();
        whole.finish()?;
        if fields.take(INTEGER)?.small()? != 1 {
            return Err(RequestError);
        }
        let imprint = Imprint::read(&fields.take(SEQUENCE)?)?.ok_or(RequestError)?;
        let policy = fields.optional(OID)?.map(|oid| Oid::from_content(oid.content).ok_or(RequestError));
        let nonce = fields.optional(INTEGER)?.map(|nonce| nonce.unsigned().map(<[u8]>::to_vec));
        let cert_req = fields.optional(BOOLEAN)?.map(|flag| flag.boolean());
        fields.finish()?;
        Ok(Self {
            imprint,
            policy: policy.transpose()?,
            nonce: nonce.transpose()?,
            cert_req: cert_req.transpose()?.unwrap_or(false),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rfc3161::imprint::DigestAlgorithm;

    fn imprint() -> Imprint {
        Imprint::of(DigestAlgorithm::Sha256, b"abc")
    }

    #[test]
    fn the_bytes() {
        let bytes = Request::new(imprint(), [0xff, 1, 2, 3, 4, 5, 6, 7]).to_der();
        let head =
            [0x30, 0x44, 2, 1, 1, 0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5];
        assert_eq!(bytes[..21], head);
        // The nonce is positive: a zero byte stands before the sign bit.
        assert_eq!(bytes[bytes.len() - 14..], [2, 9, 0, 0xff, 1, 2, 3, 4, 5, 6, 7, 1, 1, 0xff]);
    }

    #[test]
    fn what_was_written_is_read() {
        let policy: Oid = "1.3.6.1.4.1.55555.1.1".parse().unwrap();
        for entropy in [[0; 8], [0xff; 8], [0, 0, 0, 0, 0, 0, 0x80, 1], [1; 8]] {
            let request = Request::new(imprint(), entropy).with_policy(policy.clone());
            assert_eq!(Request::parse(&request.to_der()), Ok(request.clone()));
            assert!(!request.nonce().unwrap().is_empty());
        }
        let bare = Request::without_nonce(Imprint::of(DigestAlgorithm::Sm3, b"abc"));
        assert_eq!(Request::parse(&bare.to_der()), Ok(bare));
    }

    #[test]
    fn refused() {
        let good = Request::new(imprint(), [1; 8]).to_der();
        let mut version = good.clone();
        version[4] = 2;
        let trailing = [&good[..], &[0]].concat();
        for bad in [&[][..], &good[..good.len() - 1], &version, &trailing, &[0; 2000]] {
            assert_eq!(Request::parse(bad), Err(RequestError));
        }
    }
}
