//! Object identifiers: those that timestamps are made of, and their dotted form.
//!
//! It gives no names to identifiers it does not need.

use std::fmt;
use std::str::FromStr;

/// id-signedData, RFC 5652 §5.1.
pub(crate) const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
/// The same of GM/T 0010 and GB/T 35275, around SM2 signatures.
pub(crate) const SM2_SIGNED_DATA: &[u8] = &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 6, 1, 4, 2, 2];
/// id-ct-TSTInfo, RFC 3161 §2.4.2.
pub(crate) const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 4];
/// id-contentType, RFC 5652 §11.1.
pub(crate) const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 3];
/// id-messageDigest, RFC 5652 §11.2.
pub(crate) const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4];
/// id-aa-signingCertificate, RFC 2634 §5.4: ids of certificates by SHA-1.
pub(crate) const SIGNING_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 12];
/// id-aa-signingCertificateV2, RFC 5035 §3.
pub(crate) const SIGNING_CERTIFICATE_V2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 47];
/// id-ce-subjectKeyIdentifier, RFC 5280 §4.2.1.2.
pub(crate) const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 14];
/// id-ce-keyUsage, RFC 5280 §4.2.1.3.
pub(crate) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
/// id-ce-extKeyUsage, RFC 5280 §4.2.1.12.
pub(crate) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
/// id-kp-timeStamping, RFC 3161 §2.3.
pub(crate) const TIME_STAMPING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 8];

/// The longest identifier that is read, in bytes of its encoding.
const MAX_BYTES: usize = 64;

/// Holds an object identifier; its text form is dotted decimal (`1.3.6.1.4.1.55555.1`).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Oid(Vec<u8>);

/// Says that a text is not an object identifier in dotted decimal, or a longer one than is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an object identifier in dotted decimal")]
pub struct OidError;

impl Oid {
    /// Wraps the content bytes of an encoded identifier (X.690 §8.19); `None` if they are not one.
    pub(crate) fn from_content(content: &[u8]) -> Option<Self> {
        arcs(content).map(|_| Self(content.to_vec()))
    }

    /// Returns the content bytes.
    pub(crate) fn content(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for Oid {
    type Err = OidError;

    /// Reads dotted decimal with at least two numbers, each below 2^64 and without leading zero.
    fn from_str(text: &str) -> Result<Self, OidError> {
        let number = |part: &str| -> Option<u64> {
            let plain =
                part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
            if plain { part.parse().ok() } else { None }
        };
        if text.len() > 4 * MAX_BYTES {
            return Err(OidError);
        }
        let numbers = text.split('.').map(number).collect::<Option<Vec<u64>>>().ok_or(OidError)?;
        let [first, second, rest @ ..] = numbers.as_slice() else { return Err(OidError) };
        if *first > 2 || (*first < 2 && *second > 39) {
            return Err(OidError);
        }
        let head = (first * 40).checked_add(*second).ok_or(OidError)?;
        let mut content = Vec::new();
        for value in std::iter::once(&head).chain(rest) {
            push_base128(&mut content, *value);
        }
        if content.len() > MAX_BYTES { Err(OidError) } else { Ok(Self(content)) }
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = arcs(&self.0).unwrap_or_default();
        for (i, number) in numbers.iter().enumerate() {
            write!(f, "{}{number}", if i == 0 { "" } else { "." })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

fn push_base128(bytes: &mut Vec<u8>, value: u64) {
    let groups = (64 - value.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        // Seven bits: the cast is exact.
        let bits = (value >> (7 * group) & 0x7f) as u8;
        bytes.push(if group == 0 { bits } else { bits | 0x80 });
    }
}

/// Returns the numbers of an encoded identifier.
fn arcs(content: &[u8]) -> Option<Vec<u64>> {
    if content.is_empty() || content.len() > MAX_BYTES || content.last()? & 0x80 != 0 {
        return None;
    }
    let (mut numbers, mut value, mut first) = (Vec::new(), 0u64, true);
    for byte in content {
        if first && *byte == 0x80 {
            return None;
        }
        if value > u64::MAX >> 7 {
            return None;
        }
        value = value << 7 | u64::from(byte & 0x7f);
        first = byte & 0x80 == 0;
        if first {
            if numbers.is_empty() {
                let head = (value / 40).min(2);
                numbers.extend([head, value - head * 40]);
            } else {
                numbers.push(value);
            }
            value = 0;
        }
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        let cases: [(&str, &[u8]); 4] = [
            ("1.3.6.1.5.5.7.3.8", TIME_STAMPING),
            ("1.2.840.113549.1.9.16.1.4", TST_INFO),
            ("1.2.156.10197.6.1.4.2.2", SM2_SIGNED_DATA),
            ("2.999.0", &[0x88, 0x37, 0]),
        ];
        for (text, content) in cases {
            let oid: Oid = text.parse().unwrap();
            assert_eq!(oid.content(), content);
            assert_eq!(Oid::from_content(content).unwrap().to_string(), text);
        }
    }

    #[test]
    fn refused() {
        for bad in ["", "1", "1.", "3.1", "1.40", "1.02", "1.-2", "1.2.18446744073709551616", "1.+2"] {
            assert_eq!(bad.parse::<Oid>(), Err(OidError), "{bad}");
        }
        for bad in [&[][..], &[0x80, 1], &[0x2a, 0x81], &[0xff; 11], &[1; 65]] {
            assert_eq!(Oid::from_content(bad), None, "{bad:02x?}");
        }
    }
}
