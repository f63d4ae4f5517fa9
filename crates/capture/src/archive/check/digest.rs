//! Digests as WARC fields write them: `sha256:…` or `sha1:…`, in hex, base32 or base64.

use base64::Engine as _;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use crate::archive::hex;

/// A digest that is being computed, and the text it shall equal.
pub(super) enum Expected {
    Sha1(Sha1, String),
    Sha256(Sha256, String),
}

impl Expected {
    /// `None` if the algorithm is not known here.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (algorithm, value) = text.split_once(':')?;
        match algorithm.to_ascii_lowercase().as_str() {
            "sha1" | "sha-1" => Some(Self::Sha1(Sha1::new(), value.to_owned())),
            "sha256" | "sha-256" => Some(Self::Sha256(Sha256::new(), value.to_owned())),
            _ => None,
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hash, _) => hash.update(bytes),
            Self::Sha256(hash, _) => hash.update(bytes),
        }
    }

    /// Whether the content is what the text says.
    pub(super) fn holds(self) -> bool {
        let (digest, text) = match self {
            Self::Sha1(hash, text) => (hash.finalize().to_vec(), text),
            Self::Sha256(hash, text) => (hash.finalize().to_vec(), text),
        };
        let bare = text.trim_end_matches('=');
        bare.eq_ignore_ascii_case(&hex(&digest))
            || bare.eq_ignore_ascii_case(&base32(&digest))
            || base64::engine::general_purpose::STANDARD_NO_PAD.encode(&digest) == bare
    }
}

/// RFC 4648 §6, without padding.
fn base32(bytes: &[u8]) -> String {
    let mut out = String::new();
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(letter(held >> bits & 31));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(letter(held << (5 - bits) & 31));
    }
    out
}

fn letter(value: u32) -> char {
    let value = u8::try_from(value).unwrap_or(0);
    char::from(if value < 26 { b'A' + value } else { b'2' + value - 26 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_the_rfc() {
        for (plain, coded) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(plain.as_bytes()), coded);
        }
    }
}
