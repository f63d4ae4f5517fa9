//! Small strict rules that notes, checkpoints and proof files share.
//!
//! It is not a parser of any of them.

/// Reads an ASCII decimal without sign, spaces or leading zeros; `None` for anything else or above u64.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = text == "0" || !text.starts_with('0');
    if digits && plain { text.parse().ok() } else { None }
}

/// Says whether a text holds an ASCII control character other than the newline (C2SP signed-note).
pub(crate) fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| byte < 0x20 && byte != b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals() {
        assert_eq!(parse_decimal("0"), Some(0));
        assert_eq!(parse_decimal("18446744073709551615"), Some(u64::MAX));
        for bad in ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "1e3", "٣", "18446744073709551616"] {
            assert_eq!(parse_decimal(bad), None, "{bad}");
        }
    }

    #[test]
    fn controls() {
        assert!(!has_control("a\nb é\u{7f}"));
        for bad in ["\r\n", "\t", "\0", "\u{1f}"] {
            assert!(has_control(bad), "{bad:?}");
        }
    }
}
