//! What can be wrong with a token: one name for each rule, so that a reader learns which one it broke.
//!
//! None of them is retried here; whether asking again helps is for whoever keeps the queue.

use super::reply::Rejection;

/// Says which rule a reply or token breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Larger than `MAX_REPLY_BYTES`.
    #[error("the reply is larger than 64 KiB")]
    TooLarge,
    /// Not the structure that belongs there.
    #[error("the {0} is malformed")]
    Malformed(&'static str),
    /// The service gave no token (RFC 3161 §2.4.2).
    #[error("the service gave no token: status {}, {}", .0.status, .0.text)]
    Rejected(Rejection),
    /// Status 0 or 1, and yet no token.
    #[error("the reply says granted and holds no token")]
    NoToken,
    /// The token is not CMS SignedData (RFC 5652 §5.1).
    #[error("the token is not signed data")]
    NotSignedData,
    /// What was signed is not a TSTInfo (RFC 3161 §2.4.2).
    #[error("what was signed is no timestamp")]
    NotTimestamp,
    /// TSTInfo has another version than 1.
    #[error("the timestamp is of an unknown version")]
    Version,
    /// A critical extension of TSTInfo; none is known here.
    #[error("the timestamp has a critical extension")]
    CriticalExtension,
    /// The imprint is that of something else, or by another algorithm.
    #[error("the token is about something else: its imprint differs")]
    ImprintMismatch,
    /// The nonce is absent or another: the reply answers another request, maybe an older one.
    #[error("the nonce is not that of the request")]
    NonceMismatch,
    /// The policy is not the one asked for.
    #[error("the policy is not the one asked for")]
    PolicyMismatch,
    /// Not exactly one SignerInfo (RFC 3161 §2.4.2).
    #[error("the token has {0} signers, not one")]
    SignerCount(usize),
    /// A signed attribute that must be there once with one value is absent or repeated.
    #[error("the signed attribute {0} is not there exactly once")]
    Attribute(&'static str),
    /// content-type is not id-ct-TSTInfo (RFC 5652 §11.1).
    #[error("the signed content-type is not that of a timestamp")]
    ContentTypeMismatch,
    /// A digest algorithm that is unknown here or broken, such as SHA-1.
    #[error("a digest algorithm that proves nothing, or is not known here")]
    DigestAlgorithm,
    /// message-digest is not that of the timestamp (RFC 5652 §11.2).
    #[error("the signed digest is not that of the timestamp")]
    MessageDigestMismatch,
    /// No certificate, embedded or handed in, is the one that the SignerInfo names.
    #[error("the signer's certificate is not there")]
    SignerNotFound,
    /// Neither signing-certificate attribute is there (RFC 5816 §2.2.1).
    #[error("the token does not say which certificate signed it")]
    SigningCertificateMissing,
    /// The first ESSCertID is not that of the signer's certificate (RFC 5035 §5).
    #[error("the token was signed under another certificate than it says")]
    SigningCertificateMismatch,
    /// A signature algorithm that is not known here, or that does not fit the key.
    #[error("the signature algorithm is not known here or does not fit the key")]
    SignatureAlgorithm,
    /// The signature does not hold.
    #[error("the signature does not hold")]
    Signature,
    /// The signer's certificate is not for timestamps and nothing else (RFC 3161 §2.3).
    #[error("the signer's certificate is not for timestamps alone")]
    Purpose,
    /// That restriction is not critical (RFC 3161 §2.3).
    #[error("the restriction of the signer's certificate to timestamps is not critical")]
    PurposeNotCritical,
    /// keyUsage allows more or other than signing (RFC 5280 §4.2.1.3).
    #[error("the signer's certificate has a key usage that is not signing")]
    KeyUsage,
    /// The certificates do not lead to a pinned root at the time of the token.
    #[error("the certificates do not lead to a pinned root: {0}")]
    Chain(ChainFault),
}

/// Says why certificates do not lead to a pinned root at the time of the token (RFC 5280 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// None of the pinned roots issued it, nor anybody whose certificate is at hand.
    #[error("no pinned root issued it")]
    UnknownIssuer,
    /// A certificate had expired by then.
    #[error("a certificate had expired")]
    Expired,
    /// A certificate was not valid yet.
    #[error("a certificate was not valid yet")]
    NotYetValid,
    /// The pinned root itself was not valid then.
    #[error("the root was not valid then")]
    RootNotValid,
    /// A certificate on the way may not issue this one, or not for timestamps.
    #[error("a certificate on the way may not issue certificates for timestamps")]
    Purpose,
    /// A signature on the way does not hold, or is by an algorithm that is not known here.
    #[error("a signature on the way does not hold or is not known here")]
    Signature,
    /// Anything else: a certificate that cannot be read, a name constraint, a path too long.
    #[error("a certificate on the way breaks a rule")]
    Rule,
}
