//! X25519 keys (RFC 7748) in the text form of age: `AGE-SECRET-KEY-1…` and `age1…` (Bech32, BIP 173).
//!
//! Not key storage (see [`crate::key_file`]) and not the encryption itself (see [`crate::sealed`]). Each key
//! has exactly one text: reading accepts nothing that writing would not produce.

use std::fmt;
use std::str::FromStr;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use x25519_dalek::{PublicKey, StaticSecret, x25519};
use zeroize::{Zeroize, Zeroizing};

use crate::entropy::{Entropy, draw};

const SECRET_PREFIX: &str = "age-secret-key-";
const RECIPIENT_PREFIX: &str = "age";

/// Why a text is not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyTextError {
    /// Not Bech32, or a mistyped character: the checksum does not hold, or the case is mixed.
    #[error("the key is mistyped: it is not Bech32, or its checksum does not hold")]
    Checksum,
    /// Bech32 of something else than the expected kind of key.
    #[error("this is not the expected kind of age key")]
    OtherKind,
    /// The text does not hold 32 bytes.
    #[error("the key does not have 32 bytes")]
    Length,
    /// The key is readable, but not written the one way age writes it (case or padding).
    #[error("the key is not written in its one canonical form")]
    NotCanonical,
    /// The point is of low order: anybody could open what is sealed to it.
    #[error("the public key is a weak point that protects nothing")]
    LowOrder,
}

/// A secret key that opens sealed files; wiped when dropped, never printed.
#[derive(Clone)]
pub struct Identity {
    secret: StaticSecret,
    recipient: Recipient,
}

impl Identity {
    /// Makes a new key from 32 random bytes.
    #[must_use]
    pub fn generate(entropy: &mut Entropy<'_>) -> Self {
        Self::from_secret(Zeroizing::new(draw(entropy)))
    }

    /// Reads `AGE-SECRET-KEY-1…`, upper case only, with nothing before or after it.
    pub fn parse(text: &str) -> Result<Self, KeyTextError> {
        let bytes = decode(SECRET_PREFIX, text)?;
        let identity = Self::from_secret(bytes);
        if *identity.to_secret_string() != text {
            return Err(KeyTextError::NotCanonical);
        }
        Ok(identity)
    }

    /// Writes the 74 characters `AGE-SECRET-KEY-1…` that [`parse`](Self::parse) and every age tool read.
    #[must_use]
    pub fn to_secret_string(&self) -> Zeroizing<String> {
        let mut lower = encode(SECRET_PREFIX, self.secret.as_bytes());
        let upper = Zeroizing::new(lower.to_ascii_uppercase());
        lower.zeroize();
        upper
    }

    /// Returns the public key that files are sealed to.
    #[must_use]
    pub const fn recipient(&self) -> Recipient {
        self.recipient
    }

    /// Returns the X25519 shared secret with `share`, or `None` if it is all zero.
    pub(crate) fn shared_secret(&self, share: [u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
        let shared = self.secret.diffie_hellman(&PublicKey::from(share));
        shared.was_contributory().then(|| Zeroizing::new(shared.to_bytes()))
    }

    fn from_secret(bytes: Zeroizing<[u8; 32]>) -> Self {
        let secret = StaticSecret::from(*bytes);
        let recipient = Recipient(PublicKey::from(&secret).to_bytes());
        Self { secret, recipient }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity(redacted, of {})", self.recipient)
    }
}

/// A public key that files are sealed to; never a low-order point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recipient([u8; 32]);

impl Recipient {
    /// Reads `age1…`, lower case only, with nothing before or after it.
    pub fn parse(text: &str) -> Result<Self, KeyTextError> {
        let bytes = *decode(RECIPIENT_PREFIX, text)?;
        // Any clamped scalar is a multiple of eight, so every low-order point goes to zero under any of them.
        if x25519([1; 32], bytes) == [0; 32] {
            return Err(KeyTextError::LowOrder);
        }
        let recipient = Self(bytes);
        if recipient.to_string() != text {
            return Err(KeyTextError::NotCanonical);
        }
        Ok(recipient)
    }

    /// Returns the 32 bytes of the X25519 public key.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode(RECIPIENT_PREFIX, &self.0))
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({self})")
    }
}

impl FromStr for Recipient {
    type Err = KeyTextError;

    fn from_str(text: &str) -> Result<Self, KeyTextError> {
        Self::parse(text)
    }
}

fn encode(prefix: &str, bytes: &[u8; 32]) -> String {
    let hrp = Hrp::parse(prefix).expect("invariant: the prefixes of age are valid");
    bech32::encode_lower::<Bech32>(hrp, bytes).expect("invariant: 32 bytes fit into Bech32")
}

fn decode(prefix: &str, text: &str) -> Result<Zeroizing<[u8; 32]>, KeyTextError> {
    let checked = CheckedHrpstring::new::<Bech32>(text).map_err(|_| KeyTextError::Checksum)?;
    if !checked.hrp().as_str().eq_ignore_ascii_case(prefix) {
        return Err(KeyTextError::OtherKind);
    }
    let mut bytes = Zeroizing::new([0; 32]);
    let mut source = checked.byte_iter();
    for byte in bytes.iter_mut() {
        *byte = source.next().ok_or(KeyTextError::Length)?;
    }
    match source.next() {
        None => Ok(bytes),
        Some(_) => Err(KeyTextError::Length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::repeatable;

    #[test]
    fn a_key_reads_back_as_written() {
        let identity = Identity::generate(&mut repeatable(1));
        let secret = identity.to_secret_string();
        assert_eq!(secret.len(), 74);
        assert!(secret.starts_with("AGE-SECRET-KEY-1"));
        let again = Identity::parse(&secret).unwrap();
        assert_eq!(again.recipient(), identity.recipient());
        let recipient = identity.recipient().to_string();
        assert_eq!(Recipient::parse(&recipient), Ok(identity.recipient()));
        assert_eq!(recipient.len(), 62);
    }

    #[test]
    fn any_other_writing_of_a_secret_is_refused() {
        let secret = Identity::generate(&mut repeatable(1)).to_secret_string();
        let refuse = |text: &str| Identity::parse(text).map(|_| ()).unwrap_err();
        assert_eq!(refuse(&secret.to_lowercase()), KeyTextError::NotCanonical);
        assert_eq!(refuse(&format!("{}\n", *secret)), KeyTextError::Checksum);
        assert_eq!(refuse(&format!(" {}", *secret)), KeyTextError::Checksum);
        assert_eq!(refuse(&secret.replacen("AGE", "age", 1)), KeyTextError::Checksum);
        assert_eq!(refuse(&secret[..73]), KeyTextError::Checksum);
        assert_eq!(refuse(""), KeyTextError::Checksum);
        assert_eq!(
            refuse(&Identity::generate(&mut repeatable(1)).recipient().to_string()),
            KeyTextError::OtherKind
        );
    }

    #[test]
    fn any_other_writing_of_a_recipient_is_refused() {
        let recipient = Identity::generate(&mut repeatable(1)).recipient();
        assert_eq!(Recipient::parse(&recipient.to_string().to_uppercase()), Err(KeyTextError::NotCanonical));
        let hrp = Hrp::parse("age").unwrap();
        let long = bech32::encode_lower::<Bech32>(hrp, &[7; 33]).unwrap();
        assert_eq!(Recipient::parse(&long), Err(KeyTextError::Length));
        let short = bech32::encode_lower::<Bech32>(hrp, &[7; 31]).unwrap();
        assert_eq!(Recipient::parse(&short), Err(KeyTextError::Length));
        let newer = bech32::encode_lower::<bech32::Bech32m>(hrp, recipient.as_bytes()).unwrap();
        assert_eq!(Recipient::parse(&newer), Err(KeyTextError::Checksum));
    }

    #[test]
    fn weak_points_are_no_recipients() {
        let mut one = [0; 32];
        one[0] = 1;
        for point in [[0; 32], one] {
            assert_eq!(Recipient::parse(&encode("age", &point)), Err(KeyTextError::LowOrder));
        }
    }

    #[test]
    fn the_secret_is_not_printed() {
        let identity = Identity::generate(&mut repeatable(1));
        assert!(!format!("{identity:?}").contains("SECRET"));
    }
}
