//! Distinguished names as text to be shown (RFC 4514, as far as people need it).
//!
//! Names are never compared in this form; certificates are found and tied by bytes and digests.

use crate::claimed_text::claimed_text;

use super::oid::Oid;
use super::tlv::{Malformed, OID, Reader, SEQUENCE, SET};

const BMP_STRING: u8 = 0x1e;

/// Short names of attribute types below 2.5.4 (X.520).
const TYPES: [(u8, &str); 7] =
    [(3, "CN"), (5, "serialNumber"), (6, "C"), (7, "L"), (8, "ST"), (10, "O"), (11, "OU")];

/// Writes a Name, the most particular part first, as RFC 4514 does; a stranger's words, fit to be shown.
pub(crate) fn show_name(name: &[u8]) -> String {
    let mut parts = read_parts(name).unwrap_or_default();
    parts.reverse();
    claimed_text(parts.join(", ").as_bytes())
}

fn read_parts(name: &[u8]) -> Result<Vec<String>, Malformed> {
    let mut parts = Vec::new();
    let mut sets = Reader::new(name, "name").take(SEQUENCE)?.inside();
    while !sets.is_empty() {
        let mut pairs = sets.take(SET)?.inside();
        while !pairs.is_empty() {
            let mut pair = pairs.take(SEQUENCE)?.inside();
            let kind = pair.take(OID)?.content;
            let value = pair.next()?;
            let text =
                if value.tag == BMP_STRING { utf16(value.content) } else { claimed_text(value.content) };
            parts.push(format!("{}={text}", short(kind)));
        }
    }
    Ok(parts)
}

fn short(kind: &[u8]) -> String {
    let known =
        |last: u8| TYPES.iter().find(|(number, _)| *number == last).map(|(_, name)| (*name).to_owned());
    match kind {
        [0x55, 4, last] => known(*last),
        _ => None,
    }
    .unwrap_or_else(|| Oid::from_content(kind).map_or_else(|| "?".to_owned(), |oid| oid.to_string()))
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    claimed_text(String::from_utf16_lossy(&units).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rfc3161::tlv::{UTF8_STRING, der};

    #[test]
    fn shown() {
        let pair = |kind: &[u8], tag: u8, value: &[u8]| {
            der(SET, &[&der(SEQUENCE, &[&der(OID, &[kind]), &der(tag, &[value])])])
        };
        let name = der(
            SEQUENCE,
            &[
                &pair(&[0x55, 4, 6], 0x13, b"CN"),
                &pair(&[0x55, 4, 10], UTF8_STRING, "时间".as_bytes()),
                &pair(&[0x55, 4, 3], BMP_STRING, &[0x65, 0xf6, 0, 0x0a]),
                &pair(&[0x2a, 3], UTF8_STRING, b"x"),
            ],
        );
        assert_eq!(show_name(&name), "1.2.3=x, CN=时\u{fffd}, O=时间, C=CN");
        assert_eq!(show_name(b"junk"), "");
    }
}
