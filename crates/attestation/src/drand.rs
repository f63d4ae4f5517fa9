//! Rounds of drand quicknet: a value that did not exist before its second, checked under the pinned key of
//! the chain.
//!
//! Everything about the chain is a constant here; what a relay says of it is never asked. The arithmetic is
//! blst's: half the time and half the crates of drand-verify, and maintained. A round proves that what holds
//! it is younger than the round, not that what it is about is.

use blst::BLST_ERROR;
use blst::min_sig::{PublicKey, Signature};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sigu_ledger::{Hash, MAX_SAFE_INTEGER};

use crate::hex::{hex, unhex};

/// The hash of the chain quicknet, in lower-case hex; addresses of relays and leaves name it.
pub const QUICKNET_CHAIN: &str = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";

/// The instant of round 1, in seconds since 1970.
pub const QUICKNET_GENESIS_SECONDS: i64 = 1_692_803_367;

/// The seconds from one round to the next.
pub const QUICKNET_PERIOD_SECONDS: i64 = 3;

/// The largest answer of a relay that is read, in bytes.
pub const MAX_ANSWER_BYTES: usize = 4096;

/// The group's public key, a compressed point of G2.
const PUBLIC_KEY: &str = "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c\
    8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb\
    5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a";

/// The domain of the scheme bls-unchained-g1-rfc9380 (RFC 9380 §3.1).
const DOMAIN: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/// Says why bytes are not a round of quicknet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrandError {
    /// Larger than `MAX_ANSWER_BYTES`, or not a JSON object with round and signature.
    #[error("not an answer of a drand relay")]
    Form,
    /// A round that is 0 or above 2^53-1.
    #[error("the round is not from 1 to 2^53-1")]
    Round,
    /// A round that was not asked for.
    #[error("the answer is about round {found}, not {asked}")]
    OtherRound {
        /// The round asked for.
        asked: u64,
        /// The round in the answer.
        found: u64,
    },
    /// Not 96 lower-case hex digits of a point of G1.
    #[error("the signature is not a point of the group")]
    SignatureForm,
    /// Not the signature of the group over this round.
    #[error("the signature does not hold")]
    Signature,
    /// The randomness is not SHA-256 of the signature.
    #[error("the randomness is not that of the signature")]
    Randomness,
}

/// Holds a round whose signature holds; made only by a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedRound {
    round: u64,
    signature: [u8; 48],
}

/// The answer of a relay, and the form in a package, which has no randomness.
#[derive(Serialize, Deserialize)]
struct Answer {
    round: u64,
    #[serde(default, skip_serializing)]
    randomness: Option<String>,
    signature: String,
}

/// Returns the last round that was out at an instant; `None` before round 1.
pub fn round_at(at: Timestamp) -> Option<u64> {
    let since = at.as_second().checked_sub(QUICKNET_GENESIS_SECONDS).filter(|seconds| *seconds >= 0)?;
    u64::try_from(since / QUICKNET_PERIOD_SECONDS + 1).ok()
}

/// Returns the instant of a round, to the second: nobody knew it before. `None` for round 0 and after the
/// year 9999.
pub fn time_of(round: u64) -> Option<Timestamp> {
    let after = i64::try_from(round.checked_sub(1)?).ok()?.checked_mul(QUICKNET_PERIOD_SECONDS)?;
    Timestamp::from_second(QUICKNET_GENESIS_SECONDS.checked_add(after)?).ok()
}

/// Checks the JSON answer of a relay (`/<chain>/public/<round>`), or a round kept in a package.
///
/// `asked` is the round asked for; `None` for the latest. Randomness may be absent and must fit if it is
/// there; other fields are passed over.
pub fn verify_answer(json: &[u8], asked: Option<u64>) -> Result<VerifiedRound, DrandError> {
    if json.len() > MAX_ANSWER_BYTES {
        return Err(DrandError::Form);
    }
    let answer: Answer = serde_json::from_slice(json).map_err(|_| DrandError::Form)?;
    if let Some(asked) = asked.filter(|asked| *asked != answer.round) {
        return Err(DrandError::OtherRound { asked, found: answer.round });
    }
    let signature = unhex(&answer.signature).ok_or(DrandError::SignatureForm)?;
    let verified = VerifiedRound::verify(answer.round, signature)?;
    match answer.randomness {
        Some(claimed) if claimed != verified.randomness().to_string() => Err(DrandError::Randomness),
        _ => Ok(verified),
    }
}

impl VerifiedRound {
    /// Checks the signature of a round: SHA-256 of its number (8 bytes, big endian), signed by the group.
    pub fn verify(round: u64, signature: [u8; 48]) -> Result<Self, DrandError> {
        if !(1..=MAX_SAFE_INTEGER).contains(&round) {
            return Err(DrandError::Round);
        }
        let point = Signature::sig_validate(&signature, true).map_err(|_| DrandError::SignatureForm)?;
        let key = unhex::<96>(PUBLIC_KEY).and_then(|bytes| PublicKey::uncompress(&bytes).ok());
        // The constant is a point of the group; a test reads it.
        let key = key.ok_or(DrandError::Signature)?;
        let message = Sha256::digest(round.to_be_bytes());
        // Both points were checked: the signature above, the key by who pinned it.
        match point.verify(false, &message, DOMAIN, &[], &key, false) {
            BLST_ERROR::BLST_SUCCESS => Ok(Self { round, signature }),
            _ => Err(DrandError::Signature),
        }
    }

    /// Returns the number of the round, from 1.
    pub fn round(&self) -> u64 {
        self.round
    }

    /// Returns the signature, a compressed point of G1.
    pub fn signature(&self) -> &[u8; 48] {
        &self.signature
    }

    /// Returns the randomness: SHA-256 of the signature.
    pub fn randomness(&self) -> Hash {
        Hash::from_bytes(Sha256::digest(self.signature).into())
    }

    /// Writes the form that is kept in packages: `{"round":n,"signature":"<96 hex>"}`, without newline.
    pub fn to_json(&self) -> String {
        format!("{{\"round\":{},\"signature\":\"{}\"}}", self.round, hex(&self.signature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_and_instants() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(time_of(27_946_612), Some(at("2026-04-20T00:00:00Z")));
        assert_eq!(round_at(at("2026-04-20T00:00:00Z")), Some(27_946_612));
        assert_eq!(round_at(at("2026-04-20T00:00:02.999Z")), Some(27_946_612));
        assert_eq!(round_at(at("2026-04-20T00:00:03Z")), Some(27_946_613));
        assert_eq!(time_of(1).map(|at| at.as_second()), Some(QUICKNET_GENESIS_SECONDS));
        assert_eq!(round_at(Timestamp::from_second(QUICKNET_GENESIS_SECONDS).unwrap()), Some(1));
        assert_eq!(round_at(Timestamp::from_second(QUICKNET_GENESIS_SECONDS - 1).unwrap()), None);
        assert_eq!(round_at(Timestamp::MIN), None);
        assert!(round_at(Timestamp::MAX).is_some());
        assert_eq!((time_of(0), time_of(u64::MAX), time_of(1 << 53)), (None, None, None));
    }

    #[test]
    fn the_pinned_key_is_a_point_of_the_group() {
        let bytes = unhex::<96>(PUBLIC_KEY).unwrap();
        assert!(PublicKey::key_validate(&bytes).is_ok());
    }
}
