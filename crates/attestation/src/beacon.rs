//! Beacons: what a leaf holds so that it is provably younger than something (`nb` in `docs/formats/leaf.md`).
//!
//! Two kinds share the three fields of `sigu_ledger::NotBefore`: a round of drand, and, where drand cannot be
//! reached, the digest of the last verified timestamp token: its signature could not be foretold either. The
//! bytes are the ledger's matter; here they get a meaning.

use jiff::Timestamp;
use sigu_ledger::{Hash, MAX_SAFE_INTEGER, NotBefore};

use crate::drand::{QUICKNET_CHAIN, VerifiedRound, time_of};
use crate::rfc3161::VerifiedToken;

/// The chain of token beacons: SHA-256 of `sigu/v1/token-beacon`, in lower-case hex.
pub const TOKEN_CHAIN: &str = "40287bb94475d190e4e56355dfc5a59d93174410c52e4284e33a5e5b45080c66";

/// Says what a leaf is younger than, if what it names is shown and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beacon {
    /// A round of drand quicknet.
    Drand {
        /// The number of the round, from 1.
        round: u64,
        /// SHA-256 of its signature.
        randomness: Hash,
    },
    /// A timestamp token.
    Token {
        /// SHA-256 of the whole token (ContentInfo).
        digest: Hash,
        /// genTime in whole seconds since 1970, cut off.
        seconds: u64,
    },
}

/// Says why a beacon cannot be read or does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BeaconError {
    /// A chain that is not known here.
    #[error("the leaf names a beacon that is not known here")]
    UnknownChain,
    /// `rand` is not 64 lower-case hex digits, or `round` is out of range.
    #[error("the beacon in the leaf is malformed")]
    Form,
    /// What was shown is another round or token than the leaf names.
    #[error("the leaf names another round or token")]
    Mismatch,
}

impl Beacon {
    /// Makes the beacon of a round that was checked.
    pub fn of_round(round: &VerifiedRound) -> Self {
        Self::Drand { round: round.round(), randomness: round.randomness() }
    }

    /// Makes the beacon of a token that was checked; `None` for one from before 1970.
    pub fn of_token(token: &VerifiedToken) -> Option<Self> {
        let seconds = u64::try_from(token.gen_time().as_second()).ok()?;
        Some(Self::Token { digest: token.token_digest(), seconds })
    }

    /// Writes it as a leaf holds it.
    pub fn to_not_before(self) -> NotBefore {
        let (chain, rand, round) = match self {
            Self::Drand { round, randomness } => (QUICKNET_CHAIN, randomness, round),
            Self::Token { digest, seconds } => (TOKEN_CHAIN, digest, seconds),
        };
        NotBefore { chain: chain.to_owned(), rand: rand.to_string(), round }
    }

    /// Reads what a leaf holds. It is a claim until the round or the token is shown.
    pub fn from_not_before(value: &NotBefore) -> Result<Self, BeaconError> {
        let rand: Hash = value.rand.parse().map_err(|_| BeaconError::Form)?;
        if value.round > MAX_SAFE_INTEGER {
            return Err(BeaconError::Form);
        }
        match value.chain.as_str() {
            QUICKNET_CHAIN if value.round == 0 => Err(BeaconError::Form),
            QUICKNET_CHAIN => Ok(Self::Drand { round: value.round, randomness: rand }),
            TOKEN_CHAIN => Ok(Self::Token { digest: rand, seconds: value.round }),
            _ => Err(BeaconError::UnknownChain),
        }
    }

    /// Returns the instant before which a leaf with this beacon did not exist, given the round it names.
    pub fn shown_by_round(self, shown: &VerifiedRound) -> Result<Timestamp, BeaconError> {
        if self != Self::of_round(shown) {
            return Err(BeaconError::Mismatch);
        }
        time_of(shown.round()).ok_or(BeaconError::Form)
    }

    /// Returns the instant before which a leaf with this beacon did not exist, given the token it names.
    ///
    /// It is genTime less the accuracy: the token was not signed before.
    pub fn shown_by_token(self, shown: &VerifiedToken) -> Result<Timestamp, BeaconError> {
        if Some(self) == Self::of_token(shown) { Ok(shown.earliest()) } else { Err(BeaconError::Mismatch) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest as _, Sha256};

    #[test]
    fn the_chain_of_tokens() {
        let digest = Hash::from_bytes(Sha256::digest("sigu/v1/token-beacon").into());
        assert_eq!(digest.to_string(), TOKEN_CHAIN);
    }

    #[test]
    fn both_kinds_come_back() {
        let rand = Hash::from_bytes([7; 32]);
        for beacon in [
            Beacon::Drand { round: 123, randomness: rand },
            Beacon::Token { digest: rand, seconds: 1_795_334_400 },
        ] {
            assert_eq!(Beacon::from_not_before(&beacon.to_not_before()), Ok(beacon));
        }
        let other = |chain: &str, rand: &str, round: u64| {
            let value = NotBefore { chain: chain.to_owned(), rand: rand.to_owned(), round };
            Beacon::from_not_before(&value).unwrap_err()
        };
        let digits = rand.to_string();
        assert_eq!(other(&"0".repeat(64), &digits, 1), BeaconError::UnknownChain);
        assert_eq!(other(QUICKNET_CHAIN, "07", 1), BeaconError::Form);
        assert_eq!(other(QUICKNET_CHAIN, &digits, 0), BeaconError::Form);
        assert_eq!(other(TOKEN_CHAIN, &digits, 1 << 53), BeaconError::Form);
    }
}
