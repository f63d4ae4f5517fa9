//! Text that strangers wrote, made fit to be shown: short, on one line, without signs that steer a screen.
//!
//! It does not make the text true, nor safe in HTML; pages escape it like all text.

/// The longest text that is kept, in characters.
const MAX_CHARACTERS: usize = 300;

/// Replaces control signs and marks of direction by U+FFFD and cuts after 300 characters.
pub(crate) fn claimed_text(bytes: &[u8]) -> String {
    let fit = |c: char| if steers(c) { '\u{fffd}' } else { c };
    String::from_utf8_lossy(bytes).chars().take(MAX_CHARACTERS).map(fit).collect()
}

fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown() {
        assert_eq!(claimed_text("时间戳 é".as_bytes()), "时间戳 é");
        assert_eq!(claimed_text(b"a\nb\x1b[2J"), "a\u{fffd}b\u{fffd}[2J");
        assert_eq!(claimed_text("a\u{202e}b".as_bytes()), "a\u{fffd}b");
        assert_eq!(claimed_text(&[0xff, b'a']), "\u{fffd}a");
        assert_eq!(claimed_text(&[b'a'; 999]).len(), 300);
    }
}
