//! The small decodings an e-mail needs: header lines, encoded words, quoted-printable, base64, part bounds.

use std::borrow::Cow;

use super::super::Note;

/// More header lines than this are not kept.
const MAX_HEADERS: usize = 200;

/// Reads header lines, names in lower case, folded lines joined.
pub(super) fn headers(head: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(head);
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in text.lines().take(MAX_HEADERS * 4) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':').filter(|_| headers.len() < MAX_HEADERS) {
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    headers
}

pub(super) fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Reads a parameter of a structured header: `; charset="utf-8"`.
pub(super) fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|one| {
        let (known, value) = one.split_once('=')?;
        known.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Splits a multipart body; also tells whether its closing line is there.
pub(super) fn parts<'b>(body: &'b [u8], boundary: &str) -> (Vec<&'b [u8]>, bool) {
    let mark = format!("--{boundary}");
    let (mut parts, mut start, mut at) = (Vec::new(), None, 0);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let next = at + line.len();
        if let Some(rest) = line.strip_prefix(mark.as_bytes()) {
            if let Some(start) = start.replace(next) {
                parts.push(&body[start..at]);
            }
            if rest.starts_with(b"--") {
                return (parts, true);
            }
        }
        at = next;
    }
    parts.extend(start.map(|start| &body[start..]));
    (parts, false)
}

/// Undoes the transfer encoding; an unknown one is taken as none.
pub(super) fn transfer<'b>(body: &'b [u8], encoding: &str) -> Cow<'b, [u8]> {
    match encoding.trim().to_ascii_lowercase().as_str() {
        "base64" => Cow::Owned(base64(body)),
        "quoted-printable" => Cow::Owned(quoted_printable(body, false)),
        _ => Cow::Borrowed(body),
    }
}

/// Decodes base64 (RFC 4648), skipping what does not belong; stops at padding.
fn base64(body: &[u8]) -> Vec<u8> {
    let (mut out, mut held, mut bits) = (Vec::with_capacity(body.len() / 4 * 3), 0_u32, 0_u32);
    for byte in body {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        held = (held << 6 | u32::from(six)) & 0x00ff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
        }
    }
    out
}

/// Decodes quoted-printable (RFC 2045 §6.7); in encoded words `_` is a blank.
fn quoted_printable(body: &[u8], in_word: bool) -> Vec<u8> {
    let hex = |byte: Option<&u8>| byte.and_then(|byte| (*byte as char).to_digit(16));
    let (mut out, mut at) = (Vec::with_capacity(body.len()), 0);
    while let Some(&byte) = body.get(at) {
        at += 1;
        match (byte, hex(body.get(at)), hex(body.get(at + 1))) {
            (b'=', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'=', ..) if body[at..].starts_with(b"\r\n") => at += 2,
            (b'=', ..) if body[at..].starts_with(b"\n") => at += 1,
            (b'_', ..) if in_word => out.push(b' '),
            _ => out.push(byte),
        }
    }
    out
}

/// Decodes a text part; `None` if its encoding is not decoded here and it is not plain ASCII.
pub(super) fn text(bytes: &[u8], charset: Option<&str>, notes: &mut Vec<Note>) -> Option<String> {
    match charset.unwrap_or("utf-8") {
        _ if bytes.is_ascii() => Some(String::from_utf8_lossy(bytes).into_owned()),
        "utf-8" | "utf8" | "us-ascii" | "ascii" => {
            let text = String::from_utf8_lossy(bytes);
            if let Cow::Owned(lossy) = &text {
                notes.push(Note::BrokenText(lossy.matches('\u{fffd}').count()));
            }
            Some(text.into_owned())
        }
        "iso-8859-1" | "latin1" => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        _ => None,
    }
}

/// Decodes encoded words (RFC 2047): `=?UTF-8?B?…?=`; one in another encoding stays as written.
pub(super) fn words(value: &str) -> String {
    let (mut out, mut rest) = (String::new(), value);
    let mut after_word = false;
    while let Some(at) = rest.find("=?") {
        let between = &rest[..at];
        // Blanks between two encoded words belong to neither.
        if !(after_word && between.trim().is_empty()) {
            out.push_str(between);
        }
        match word(&rest[at..]) {
            Some((text, used)) => {
                out.push_str(&text);
                rest = &rest[at + used..];
                after_word = true;
            }
            None => {
                out.push_str("=?");
                rest = &rest[at + 2..];
                after_word = false;
            }
        }
    }
    out.push_str(rest);
    out
}

fn word(text: &str) -> Option<(String, usize)> {
    let mut fields = text.get(2..)?.splitn(3, '?');
    let (charset, encoding, rest) = (fields.next()?, fields.next()?, fields.next()?);
    let end = rest.find("?=")?;
    let bytes = match encoding {
        "B" | "b" => base64(&rest.as_bytes()[..end]),
        "Q" | "q" => quoted_printable(&rest.as_bytes()[..end], true),
        _ => return None,
    };
    let used = 2 + charset.len() + 1 + encoding.len() + 1 + end + 2;
    self::text(&bytes, Some(&charset.to_ascii_lowercase()), &mut Vec::new()).map(|text| (text, used))
}
