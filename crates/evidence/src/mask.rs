//! Masking of card secrets: how much of one may be shown, and the same for whole texts.
//!
//! The rule: the first two and the last two characters and the length; inside the vault also eight digits of
//! the SHA-256, so that two copies can be compared. Finding secrets in text is in [`find`]; it is a help
//! against slips, not a guarantee.

pub mod find;
mod glyphs;
mod labels;

use std::fmt;
use std::ops::Range;

pub use find::find_secrets;

use crate::content_id::ContentId;

/// A secret shorter than this many characters shows nothing but its length.
pub const MIN_SHOWN_CHARS: usize = 8;
const EDGE_CHARS: usize = 2;

/// What may be shown of a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Masked {
    /// The first two characters; empty for a short secret.
    pub first: String,
    /// The last two characters; empty for a short secret.
    pub last: String,
    /// How many characters (Unicode scalar values) the secret has.
    pub chars: usize,
    /// The first eight hex digits of the secret's SHA-256; empty for a short secret.
    ///
    /// For inside the vault only: it lets a low-entropy code be guessed.
    pub digest8: String,
}

impl Masked {
    /// Writes `7Q…XA (14, 1a2b3c4d)`, to compare copies inside the vault; never to be sent.
    #[must_use]
    pub fn with_digest(&self) -> String {
        if self.digest8.is_empty() {
            return self.public();
        }
        format!("{}…{} ({}, {})", self.first, self.last, self.chars, self.digest8)
    }

    /// Writes `7Q…XA (14)`, the form for messages, complaints and tickets.
    #[must_use]
    pub fn public(&self) -> String {
        format!("{}…{} ({})", self.first, self.last, self.chars)
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Masked({})", self.public())
    }
}

/// Masks one secret, taken exactly as it is (spaces included).
#[must_use]
pub fn mask(secret: &str) -> Masked {
    let chars = secret.chars().count();
    if chars < MIN_SHOWN_CHARS {
        return Masked { first: String::new(), last: String::new(), chars, digest8: String::new() };
    }
    Masked {
        first: secret.chars().take(EDGE_CHARS).collect(),
        last: secret.chars().skip(chars - EDGE_CHARS).collect(),
        chars,
        digest8: ContentId::of(secret.as_bytes()).prefix8(),
    }
}

/// Replaces every secret that [`find_secrets`] finds by its public mask; all else stays as it is.
#[must_use]
pub fn mask_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Range { start, end } in find_secrets(text) {
        out.push_str(&text[at..start]);
        out.push_str(&mask(&text[start..end]).public());
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_length_and_digest_are_shown() {
        let masked = mask("7QKD-ZT4M-90XA");
        assert_eq!(masked.public(), "7Q…XA (14)");
        assert_eq!(
            masked.with_digest(),
            format!("7Q…XA (14, {})", ContentId::of(b"7QKD-ZT4M-90XA").prefix8())
        );
        assert_eq!(format!("{masked:?}"), "Masked(7Q…XA (14))");
        assert_eq!(mask("卡密一二三四五六").public(), "卡密…五六 (8)");
    }

    #[test]
    fn a_short_secret_shows_its_length_only() {
        for (secret, shown) in [("", "… (0)"), ("x8k2", "… (4)"), ("1234567", "… (7)")] {
            assert_eq!(mask(secret).public(), shown);
            assert_eq!(mask(secret).with_digest(), shown);
        }
        assert_eq!(mask("12345678").public(), "12…78 (8)");
    }
}
