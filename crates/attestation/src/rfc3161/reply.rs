//! The outer shell of a reply: status, reasons, and the token in it (RFC 3161 §2.4.2).
//!
//! The token is not opened here. Texts in a reply are a stranger's words.

use crate::claimed_text::claimed_text;

use super::error::TokenError;
use super::tlv::{BIT_STRING, INTEGER, Malformed, OCTET_STRING, Reader, SEQUENCE, UTF8_STRING};

/// The largest reply that is read, in bytes: 64 KiB. Real ones have 1 to 12 KiB.
pub const MAX_REPLY_BYTES: usize = 64 * 1024;

/// Holds why a service gave no token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// PKIStatus: 2 rejection, 3 waiting, 4 and 5 revocation; others are not defined.
    pub status: u32,
    /// The first reason that is set, if any.
    pub reason: Option<RejectionReason>,
    /// The service's own words, made fit to be shown; may be empty.
    pub text: String,
}

impl Rejection {
    /// Says whether the same question will be refused again, so that asking on is of no use.
    pub fn is_permanent(&self) -> bool {
        use RejectionReason as R;
        matches!(
            self.reason,
            Some(
                R::BadAlgorithm
                    | R::BadRequest
                    | R::BadDataFormat
                    | R::UnacceptedPolicy
                    | R::UnacceptedExtension
            )
        )
    }
}

/// Names a reason of PKIFailureInfo (RFC 3161 §2.4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectionReason {
    /// badAlg (0): the digest algorithm is not supported.
    BadAlgorithm,
    /// badRequest (2): this transaction is not supported.
    BadRequest,
    /// badDataFormat (5): the request could not be read.
    BadDataFormat,
    /// timeNotAvailable (14): the service's own clock is not to be had.
    TimeNotAvailable,
    /// unacceptedPolicy (15): the policy asked for is not offered.
    UnacceptedPolicy,
    /// unacceptedExtension (16): an extension asked for is not offered.
    UnacceptedExtension,
    /// addInfoNotAvailable (17): more was asked for than the service can say.
    AddInfoNotAvailable,
    /// systemFailure (25): the service failed.
    SystemFailure,
}

impl RejectionReason {
    const BITS: [(u8, Self); 8] = [
        (0, Self::BadAlgorithm),
        (2, Self::BadRequest),
        (5, Self::BadDataFormat),
        (14, Self::TimeNotAvailable),
        (15, Self::UnacceptedPolicy),
        (16, Self::UnacceptedExtension),
        (17, Self::AddInfoNotAvailable),
        (25, Self::SystemFailure),
    ];

    /// Reads a BIT STRING: a count of unused bits, then the bits, the first one highest.
    fn read(content: &[u8]) -> Option<Self> {
        let bits = content.get(1..)?;
        let set = |bit: u8| bits.get(usize::from(bit / 8)).is_some_and(|byte| byte << (bit % 8) & 0x80 != 0);
        Self::BITS.into_iter().find(|(bit, _)| set(*bit)).map(|(_, reason)| reason)
    }
}

/// Holds the token of a granted reply.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Granted<'a> {
    /// Whether the service changed what was asked (status 1).
    pub(crate) with_modifications: bool,
    /// The whole ContentInfo.
    pub(crate) token: &'a [u8],
}

/// Opens a TimeStampResp.
pub(crate) fn open(bytes: &[u8]) -> Result<Granted<'_>, TokenError> {
    if bytes.len() > MAX_REPLY_BYTES {
        return Err(TokenError::TooLarge);
    }
    let mut whole = Reader::new(bytes, "reply");
    let mut fields = whole.take(SEQUENCE)?.inside();
    whole.finish()?;
    let mut info = fields.take(SEQUENCE)?.inside();
    let status = info.take(INTEGER)?.small()?;
    if status > 1 {
        // What else is in the status of a refusal is often wrong; it is words, and read as far as it goes.
        let (text, reason) = words(&mut info);
        return Err(TokenError::Rejected(Rejection { status, reason, text }));
    }
    if fields.is_empty() {
        return Err(TokenError::NoToken);
    }
    let token = fields.take(SEQUENCE)?;
    fields.finish()?;
    Ok(Granted { with_modifications: status == 1, token: token.raw })
}

/// Reads texts and reasons; some services write a bare string where a list of them belongs.
fn words(info: &mut Reader<'_>) -> (String, Option<RejectionReason>) {
    let mut text: Vec<String> = Vec::new();
    let mut reason = None;
    while let Ok(element) = info.next() {
        match element.tag {
            SEQUENCE => {
                let mut lines = element.inside();
                while let Ok(line) = lines.next() {
                    text.push(claimed_text(line.content));
                }
            }
            UTF8_STRING | OCTET_STRING => text.push(claimed_text(element.content)),
            BIT_STRING => reason = RejectionReason::read(element.content),
            _ => {}
        }
    }
    (claimed_text(text.join(" ").as_bytes()), reason)
}

impl From<Malformed> for TokenError {
    fn from(Malformed(structure): Malformed) -> Self {
        Self::Malformed(structure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rfc3161::tlv::der;

    fn status(content: &[&[u8]]) -> Vec<u8> {
        der(SEQUENCE, &[&der(SEQUENCE, content)])
    }

    #[test]
    fn refusals() {
        let two = der(INTEGER, &[&[2]]);
        let words = der(SEQUENCE, &[&der(UTF8_STRING, &["坏\n".as_bytes()])]);
        let cases = [
            (status(&[&two, &der(BIT_STRING, &[&[5, 0x20]])]), Some(RejectionReason::BadRequest), ""),
            (
                status(&[&two, &words, &der(BIT_STRING, &[&[7, 0x80]])]),
                Some(RejectionReason::BadAlgorithm),
                "坏\u{fffd}",
            ),
            (status(&[&two, &der(UTF8_STRING, &[b"no"])]), None, "no"),
            (
                status(&[&two, &der(BIT_STRING, &[&[6, 0, 0, 0, 0x40]])]),
                Some(RejectionReason::SystemFailure),
                "",
            ),
            (status(&[&two]), None, ""),
        ];
        for (bytes, reason, text) in cases {
            let Err(TokenError::Rejected(rejection)) = open(&bytes) else { panic!("{bytes:02x?}") };
            assert_eq!((rejection.status, rejection.reason, rejection.text.as_str()), (2, reason, text));
        }
    }

    #[test]
    fn shells() {
        assert_eq!(open(&status(&[&der(INTEGER, &[&[0]])])).err(), Some(TokenError::NoToken));
        assert_eq!(open(&[0; 65_537]).err(), Some(TokenError::TooLarge));
        assert_eq!(open(b"<html>").err(), Some(TokenError::Malformed("reply")));
        let token = der(SEQUENCE, &[&[4, 0]]);
        let modified = der(SEQUENCE, &[&der(SEQUENCE, &[&der(INTEGER, &[&[1]])]), &token]);
        let granted = open(&modified).unwrap();
        assert!(granted.with_modifications);
        assert_eq!(granted.token, token);
    }
}
