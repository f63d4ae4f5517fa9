//! Disclosures (RFC 9901, SD-JWT): salted digests of fields, and their opening one by one.
//!
//! Only object properties with SHA-256; no JWT, no signature, no nested or array-element disclosures. The
//! digest is over the disclosure's text, so nobody has to write JSON again to check one. Spec:
//! `docs/formats/item-manifest.md`.

use std::collections::BTreeSet;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::entropy::{Entropy, draw};
use crate::field::{FieldName, FieldValue, Fields, check_value};

/// Longest disclosure that is read, in characters of its encoded text.
pub const MAX_DISCLOSURE_BYTES: usize = 1024 * 1024;
/// Fewest bytes of salt: 128 bits (RFC 9901, section 9.3).
pub const MIN_SALT_BYTES: usize = 16;
/// Digests are padded with decoys to a multiple of this.
pub const DIGEST_GROUP: usize = 4;

/// Why a text is not a disclosure, or why disclosures do not match their digests.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureError {
    /// Longer than [`MAX_DISCLOSURE_BYTES`].
    #[error("the disclosure is longer than {MAX_DISCLOSURE_BYTES} characters")]
    TooLong,
    /// Not base64url without padding, in its one canonical writing.
    #[error("the disclosure is not canonical base64url without padding")]
    Base64,
    /// Not a JSON array.
    #[error("the disclosure is not a JSON array")]
    NotAnArray,
    /// Not exactly salt, name and value.
    #[error("the disclosure does not have exactly three elements")]
    ElementCount,
    /// The salt is not base64url text, or of fewer than 128 bits.
    #[error("the salt is not base64url of at least {MIN_SALT_BYTES} bytes")]
    Salt,
    /// The name is `_sd` or `...`, which RFC 9901 keeps for itself.
    #[error("the name is reserved")]
    ReservedName,
    /// The name is not a field name.
    #[error("the name is not a field name")]
    Name,
    /// The value is not one a field can have.
    #[error("the value is not text, a whole number within 2^53 - 1, a flag or a list of texts")]
    Value,
    /// A digest is listed twice, or opened twice.
    #[error("digest {digest} is used twice")]
    DigestRepeated {
        /// The digest.
        digest: String,
    },
    /// A disclosure's digest is not among those committed to.
    #[error("the disclosure of {name} matches no digest")]
    NotCommitted {
        /// The field the disclosure speaks of.
        name: FieldName,
    },
    /// Two disclosures speak of one field.
    #[error("field {name} is disclosed twice")]
    NameRepeated {
        /// The field.
        name: FieldName,
    },
}

/// One field with its salt: what is shown to open one digest. Its value is not printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Disclosure {
    encoded: String,
    name: FieldName,
    value: FieldValue,
}

impl Disclosure {
    /// Makes a disclosure with a fresh 128-bit salt; refuses a value outside the limits of a field.
    pub fn new(
        name: &FieldName,
        value: &FieldValue,
        entropy: &mut Entropy<'_>,
    ) -> Result<Self, DisclosureError> {
        check_value(name, value).map_err(|_| DisclosureError::Value)?;
        let salt = URL_SAFE_NO_PAD.encode(draw::<MIN_SALT_BYTES>(entropy));
        let json = serde_json::to_string(&(salt, name, value)).expect("invariant: a checked value is JSON");
        Ok(Self { encoded: URL_SAFE_NO_PAD.encode(json), name: name.clone(), value: value.clone() })
    }

    /// Reads a disclosure's encoded text; any JSON writing is accepted and kept as it is.
    pub fn parse(encoded: &str) -> Result<Self, DisclosureError> {
        if encoded.len() > MAX_DISCLOSURE_BYTES {
            return Err(DisclosureError::TooLong);
        }
        let json = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| DisclosureError::Base64)?;
        let elements: Vec<serde_json::Value> =
            serde_json::from_slice(&json).map_err(|_| DisclosureError::NotAnArray)?;
        let [salt, name, value] = <[_; 3]>::try_from(elements).map_err(|_| DisclosureError::ElementCount)?;
        check_salt(&salt)?;
        let name = read_name(&name)?;
        let value = serde_json::from_value(value).map_err(|_| DisclosureError::Value)?;
        check_value(&name, &value).map_err(|_| DisclosureError::Value)?;
        Ok(Self { encoded: encoded.to_owned(), name, value })
    }

    /// Returns the encoded text, which is what the digest is over.
    #[must_use]
    pub fn encoded(&self) -> &str {
        &self.encoded
    }

    /// Returns the field's name.
    #[must_use]
    pub const fn name(&self) -> &FieldName {
        &self.name
    }

    /// Returns the field's value.
    #[must_use]
    pub const fn value(&self) -> &FieldValue {
        &self.value
    }

    /// Returns the digest: 43 characters, base64url of the SHA-256 of the encoded text (RFC 9901, 4.2.3).
    #[must_use]
    pub fn digest(&self) -> String {
        digest_of(self.encoded.as_bytes())
    }
}

impl fmt::Debug for Disclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Disclosure({}, {}, value redacted)", self.name, self.digest())
    }
}

/// Makes one disclosure per field, and the digests to commit to.
///
/// The digests are sorted and padded with decoys to a multiple of [`DIGEST_GROUP`], at least one group, so
/// that neither their order nor quite their number tells of the fields.
#[must_use]
pub fn commit(fields: &Fields, entropy: &mut Entropy<'_>) -> (Vec<Disclosure>, Vec<String>) {
    let disclosures: Vec<_> = fields
        .iter()
        .map(|(name, value)| {
            Disclosure::new(name, value, entropy)
                .expect("invariant: fields hold only values within the limits")
        })
        .collect();
    let mut digests: Vec<_> = disclosures.iter().map(Disclosure::digest).collect();
    let padded = digests.len().max(1).next_multiple_of(DIGEST_GROUP);
    digests.resize_with(padded, || digest_of(&draw::<32>(entropy)));
    digests.sort_unstable();
    (disclosures, digests)
}

/// Returns the fields that `disclosures` open among the committed digests `sd`.
///
/// Refuses a digest listed or opened twice, a disclosure matching no digest, and two of one name. Digests
/// that stay closed are no error: they are fields withheld, or decoys.
pub fn match_all(sd: &[String], disclosures: &[Disclosure]) -> Result<Fields, DisclosureError> {
    let mut closed = BTreeSet::new();
    for digest in sd {
        if !closed.insert(digest.as_str()) {
            return Err(DisclosureError::DigestRepeated { digest: digest.clone() });
        }
    }
    let mut opened = BTreeSet::new();
    let mut fields = Fields::new();
    for disclosure in disclosures {
        let (digest, name) = (disclosure.digest(), disclosure.name().clone());
        if !opened.insert(digest.clone()) {
            return Err(DisclosureError::DigestRepeated { digest });
        }
        if !closed.contains(digest.as_str()) {
            return Err(DisclosureError::NotCommitted { name });
        }
        let earlier = fields.insert(name.clone(), disclosure.value().clone());
        if earlier.map_err(|_| DisclosureError::Value)?.is_some() {
            return Err(DisclosureError::NameRepeated { name });
        }
    }
    Ok(fields)
}

fn digest_of(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))
}

fn check_salt(salt: &serde_json::Value) -> Result<(), DisclosureError> {
    let bytes = salt.as_str().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    match bytes {
        Some(bytes) if bytes.len() >= MIN_SALT_BYTES => Ok(()),
        _ => Err(DisclosureError::Salt),
    }
}

fn read_name(name: &serde_json::Value) -> Result<FieldName, DisclosureError> {
    match name.as_str() {
        Some("_sd" | "...") => Err(DisclosureError::ReservedName),
        Some(text) => FieldName::parse(text).map_err(|_| DisclosureError::Name),
        None => Err(DisclosureError::Name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::repeatable;

    fn fields(count: usize) -> Fields {
        let mut fields = Fields::new();
        for n in 0..count {
            fields.put(&format!("field.n{n}"), n as i64).unwrap();
        }
        fields
    }

    #[test]
    fn a_fresh_disclosure_is_three_elements_with_a_22_character_salt() {
        let name = FieldName::parse("order.no").unwrap();
        let made = Disclosure::new(&name, &"A\n卡".into(), &mut repeatable(1)).unwrap();
        let json = String::from_utf8(URL_SAFE_NO_PAD.decode(made.encoded()).unwrap()).unwrap();
        let (salt, rest) = json.strip_prefix("[\"").unwrap().split_once('"').unwrap();
        assert_eq!((salt.len(), rest), (22, ",\"order.no\",\"A\\n卡\"]"));
        assert_eq!(made.digest().len(), 43);
        assert_eq!(Disclosure::parse(made.encoded()), Ok(made));
    }

    #[test]
    fn digests_are_sorted_and_padded() {
        for (count, padded) in [(0, 4), (1, 4), (4, 4), (5, 8), (8, 8)] {
            let (disclosures, sd) = commit(&fields(count), &mut repeatable(1));
            assert_eq!((disclosures.len(), sd.len()), (count, padded));
            assert!(sd.is_sorted() && sd.iter().all(|digest| digest.len() == 43));
            assert_eq!(match_all(&sd, &disclosures), Ok(fields(count)));
            assert_eq!(match_all(&sd, &[]), Ok(Fields::new()));
        }
    }

    #[test]
    fn one_field_committed_twice_gives_unlike_digests() {
        let mut entropy = repeatable(1);
        let (first, second) = (commit(&fields(1), &mut entropy), commit(&fields(1), &mut entropy));
        assert_ne!(first.0[0].digest(), second.0[0].digest());
    }

    #[test]
    fn unsound_sets_are_refused() {
        let (disclosures, sd) = commit(&fields(2), &mut repeatable(1));
        let digest = disclosures[0].digest();
        let twice = [disclosures[0].clone(), disclosures[0].clone()];
        assert_eq!(match_all(&sd, &twice), Err(DisclosureError::DigestRepeated { digest: digest.clone() }));
        let doubled = [&sd[..], std::slice::from_ref(&digest)].concat();
        assert_eq!(match_all(&doubled, &disclosures), Err(DisclosureError::DigestRepeated { digest }));
        let (others, other_sd) = commit(&fields(2), &mut repeatable(2));
        let name = others[0].name().clone();
        assert_eq!(match_all(&sd, &others), Err(DisclosureError::NotCommitted { name: name.clone() }));
        let both = [&sd[..], &other_sd[..]].concat();
        let clash = [disclosures[0].clone(), others[0].clone()];
        assert_eq!(match_all(&both, &clash), Err(DisclosureError::NameRepeated { name }));
    }

    #[test]
    fn the_greatest_value_still_parses() {
        let name = FieldName::parse(&"a".repeat(64)).unwrap();
        let value = FieldValue::Text("\u{1}".repeat((crate::field::MAX_VALUE_BYTES - 2) / 6));
        let made = Disclosure::new(&name, &value, &mut repeatable(1)).unwrap();
        assert_eq!(Disclosure::parse(made.encoded()), Ok(made));
        assert_eq!(Disclosure::new(&name, &i64::MAX.into(), &mut repeatable(1)), Err(DisclosureError::Value));
        assert_eq!(Disclosure::parse(&"A".repeat(MAX_DISCLOSURE_BYTES + 1)), Err(DisclosureError::TooLong));
    }

    #[test]
    fn the_value_is_not_printed() {
        let name = FieldName::parse("card.code").unwrap();
        let made = Disclosure::new(&name, &"7QKD-ZT4M".into(), &mut repeatable(1)).unwrap();
        assert!(!format!("{made:?}").contains("7QKD"));
    }
}
