//! The rules for the single fields of a leaf, shared by its writer and its reader.
//!
//! They look at text only; they neither parse JSON nor ask whether a claimed time is true.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::leaf::{LeafError, MAX_SAFE_INTEGER, NotBefore};

/// Checks a kind: lower-case words joined by dots, at most 64 characters.
pub(crate) fn check_kind(kind: &str) -> Result<(), LeafError> {
    let mut words = kind.split('.');
    let first = words.next().unwrap_or_default();
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let good = kind.len() <= 64 && word(first) && !first.contains('_') && words.all(word);
    if good { Ok(()) } else { Err(LeafError::Kind) }
}

/// Checks an instant: `YYYY-MM-DDTHH:MM:SS.mmmZ`, a day of the calendar, no leap second (RFC 3339).
pub(crate) fn check_at(at: &str) -> Result<(), LeafError> {
    const FORM: &[u8; 24] = b"0000-00-00T00:00:00.000Z";
    let fits = |(byte, form): (u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form };
    if at.len() != FORM.len() || !at.bytes().zip(FORM).all(fits) {
        return Err(LeafError::At);
    }
    let number = |from: usize, to: usize| at[from..to].bytes().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    let days = days_in_month(number(0, 4), number(5, 7));
    let day = (1..=days).contains(&number(8, 10));
    let time = number(11, 13) < 24 && number(14, 16) < 60 && number(17, 19) < 60;
    if day && time { Ok(()) } else { Err(LeafError::At) }
}

/// Returns 0 for what is not a month.
fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Checks the digests: each the canonical base64url of 32 bytes, all strictly ascending as ASCII.
pub(crate) fn check_sd(sd: &[String]) -> Result<(), LeafError> {
    for (position, digest) in sd.iter().enumerate() {
        if !URL_SAFE_NO_PAD.decode(digest).is_ok_and(|bytes| bytes.len() == 32) {
            return Err(LeafError::Digest { position });
        }
    }
    for (i, pair) in sd.windows(2).enumerate() {
        let position = i + 1;
        match pair[0].cmp(&pair[1]) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => return Err(LeafError::DuplicateDigest { position }),
            std::cmp::Ordering::Greater => return Err(LeafError::UnsortedDigest { position }),
        }
    }
    Ok(())
}

/// Checks a number that has to stay exact in every JSON reader.
pub(crate) fn check_integer(field: &'static str, value: u64) -> Result<(), LeafError> {
    if value <= MAX_SAFE_INTEGER { Ok(()) } else { Err(LeafError::IntegerTooLarge { field }) }
}

/// Checks a beacon value: two times 64 lower-case hex digits and an exact round number.
pub(crate) fn check_not_before(value: &NotBefore) -> Result<(), LeafError> {
    check_integer("nb.round", value.round)?;
    let hex = |text: &str| text.parse::<crate::hash::Hash>().is_ok();
    if hex(&value.chain) && hex(&value.rand) { Ok(()) } else { Err(LeafError::NotBefore) }
}

/// Reads a nonce: the canonical base64url of 16 bytes, 22 characters, no padding.
pub(crate) fn parse_nonce(text: &str) -> Result<[u8; 16], LeafError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| LeafError::Nonce)?;
    bytes.try_into().map_err(|_| LeafError::Nonce)
}

/// Writes a nonce as `parse_nonce` reads it.
pub(crate) fn format_nonce(nonce: &[u8; 16]) -> String {
    URL_SAFE_NO_PAD.encode(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(check: impl Fn(&str) -> Result<(), LeafError>, good: &[&str], bad: &[&str]) {
        good.iter().for_each(|text| assert!(check(text).is_ok(), "{text:?}"));
        bad.iter().for_each(|text| assert!(check(text).is_err(), "{text:?}"));
    }

    #[test]
    fn kinds() {
        let long = "a".repeat(65);
        let good = ["genesis", "evidence.fixed", "a.b_c.d", "a._", &long[..64]];
        let bad = ["", ".", "a.", ".a", "a..b", "A", "a1", "a-b", "a_b", "a b", "é", "a.é", &long];
        all(check_kind, &good, &bad);
    }

    #[test]
    fn instants() {
        let good = [
            "2026-11-22T08:00:00.123Z",
            "2024-02-29T23:59:59.999Z",
            "2000-02-29T00:00:00.000Z",
            "9999-12-31T00:00:00.000Z",
        ];
        let bad = [
            "",
            "2026-11-22T08:00:00Z",
            "2026-11-22T08:00:00.12Z",
            "2026-11-22T08:00:00.1234Z",
            "2026-11-22T08:00:00.123z",
            "2026-11-22t08:00:00.123Z",
            "2026-11-22 08:00:00.123Z",
            "2026-11-22T08:00:00,123Z",
            "2026-11-22T08:00:00.123+00:00",
            "2026-11-22T24:00:00.000Z",
            "2026-11-22T08:60:00.000Z",
            "2026-12-31T23:59:60.000Z",
            "2026-13-01T00:00:00.000Z",
            "2026-00-01T00:00:00.000Z",
            "2026-04-31T00:00:00.000Z",
            "2026-02-29T00:00:00.000Z",
            "2100-02-29T00:00:00.000Z",
            "2026-11-00T00:00:00.000Z",
            "+026-11-22T08:00:00.123Z",
            "é26-11-22T08:00:00.123Z",
        ];
        all(check_at, &good, &bad);
    }

    #[test]
    fn nonces() {
        assert_eq!(parse_nonce(&format_nonce(&[7; 16])).unwrap(), [7; 16]);
        for bad in ["", "AAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAAB", "AAAAAAAAAAAAAAAAAAAA"] {
            assert!(parse_nonce(bad).is_err(), "{bad}");
        }
    }
}
