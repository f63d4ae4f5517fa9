//! Bytes as text: UTF-8, UTF-16 and GB18030 (with GBK and GB2312 inside), in this order of belief.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// A decoded text.
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: &'static str,
    /// Whether every byte was text.
    pub(crate) clean: bool,
}

/// Decodes bytes; `None` when they are no text in any of the encodings. A character that is cut at the end
/// does not count against the text.
pub(crate) fn decode(bytes: &[u8]) -> Option<Decoded> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if is_utf8(bytes) => UTF_8,
        None => wide(bytes).unwrap_or(GB18030),
    };
    let (text, bad) = encoding.decode_with_bom_removal(bytes);
    let broken = if bad { text.chars().filter(|c| *c == '\u{fffd}').count() } else { 0 };
    let odd = text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')).count();
    let most = text.chars().count() / 50;
    if odd > most || broken > most + 1 {
        return None;
    }
    Some(Decoded { clean: broken == 0, encoding: encoding.name(), text: text.into_owned() })
}

fn is_utf8(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && error.valid_up_to() > 0,
    }
}

/// UTF-16 without a mark shows itself by the zero bytes of its line breaks, digits and spaces.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(4096)];
    let zeros = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let least = start.len() / 40;
    if odd > least && odd > even * 8 {
        Some(UTF_16LE)
    } else if even > least && even > odd * 8 {
        Some(UTF_16BE)
    } else {
        None
    }
}
