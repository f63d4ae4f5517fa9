//! Timestamps of services (RFC 3161 with RFC 5816): request bytes out, reply bytes in, a verified token or
//! the name of the rule that broke.
//!
//! It opens no connection and asks no clock. It is not a CMS library: it reads what a token needs and refuses
//! the rest. Read `verify.rs` first. What real services send beside the standard, and what is done about it:
//!
//! | seen | here |
//! |---|---|
//! | fractions of seconds in genTime | kept to the nanosecond |
//! | certificates or attributes not in the order of DER | accepted; the signature is tried over both orders |
//! | lengths left open, strings in parts, lengths not minimal (BER) | accepted in the envelope |
//! | several ESSCertIDs; ids by SHA-1 | the first must be the signer's; SHA-1 accepted there |
//! | further certificates put in, or none | the signer is found by name and digest; others may be handed in |
//! | a bare key type as signature algorithm | taken with the digest algorithm beside it |
//! | status texts of another form | read as far as they go |

mod certificate;
mod error;
mod imprint;
mod name;
mod oid;
mod reply;
mod request;
mod signature;
mod signed_data;
mod signer;
#[cfg(feature = "sm2")]
mod sm2;
mod time;
mod tlv;
mod trust;
mod tst_info;
mod verify;

pub use error::{ChainFault, TokenError};
pub use imprint::{DigestAlgorithm, Imprint};
pub use oid::{Oid, OidError};
pub use reply::{MAX_REPLY_BYTES, Rejection, RejectionReason};
pub use request::{MAX_REQUEST_BYTES, Request, RequestError};
pub use trust::{MAX_TRUSTED_CERTIFICATES, Trust, TrustError};
pub use verify::{VerifiedToken, verify_reply, verify_token};
