//! Takes secrets out of request bodies: forms, JSON and multipart; what nobody can read is left out whole
//! if it mentions one. Bodies of responses are never touched.

use serde::de::IgnoredAny;

use super::redact::{self, Removed};
use super::secret_names::{is_secret_field, mentions_secret};

/// The body without secret values. `content_type` is the request's, in any case; the form is also guessed,
/// since scripts send JSON as text/plain.
pub(super) fn body(bytes: &[u8], content_type: &str, removed: &mut Removed) -> Vec<u8> {
    let kind = content_type.to_ascii_lowercase();
    let Ok(text) = std::str::from_utf8(bytes) else {
        return multipart_or_opaque(bytes, content_type, &kind, removed);
    };
    if let Some(done) = json(text, "json", removed) {
        return done.into_bytes();
    }
    if kind.starts_with("multipart/") {
        return multipart_or_opaque(bytes, content_type, &kind, removed);
    }
    if kind.starts_with("application/x-www-form-urlencoded") || is_form(text) {
        return redact::form(text, removed).into_bytes();
    }
    opaque(bytes, removed)
}

/// Looks like `name=value&…` on one line, without anything a form would have escaped.
fn is_form(text: &str) -> bool {
    let name_end = text.find('=').unwrap_or(0);
    name_end > 0 && !text.contains(|c: char| c.is_whitespace() || "{}<>\"".contains(c))
}

fn opaque(bytes: &[u8], removed: &mut Removed) -> Vec<u8> {
    if mentions_secret(bytes) {
        removed.note("", "body");
        return Vec::new();
    }
    bytes.to_vec()
}

fn multipart_or_opaque(bytes: &[u8], content_type: &str, kind: &str, removed: &mut Removed) -> Vec<u8> {
    let boundary = kind.starts_with("multipart/").then(|| boundary(content_type, kind)).flatten();
    match boundary {
        Some(boundary) => multipart(bytes, &boundary, removed),
        None => opaque(bytes, removed),
    }
}

fn boundary(content_type: &str, kind: &str) -> Option<Vec<u8>> {
    // Lower case keeps the length of ASCII, so the place is the same in both.
    let start = kind.find("boundary=")? + "boundary=".len();
    let value = content_type.get(start..)?.split(';').next()?.trim().trim_matches('"');
    (!value.is_empty()).then(|| [b"--", value.as_bytes()].concat())
}

/// RFC 7578: each part between the boundaries loses its content if its name is secret.
fn multipart(bytes: &[u8], boundary: &[u8], removed: &mut Removed) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (index, part) in split(bytes, boundary).into_iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(boundary);
        }
        match find(part, b"\r\n\r\n") {
            Some(end) => {
                let (head, content) = part.split_at(end + 4);
                out.extend_from_slice(head);
                out.extend_from_slice(&part_content(head, content, removed));
            }
            None => out.extend_from_slice(part),
        }
    }
    out
}

fn part_content(head: &[u8], content: &[u8], removed: &mut Removed) -> Vec<u8> {
    let head = String::from_utf8_lossy(head);
    let name = head.split("name=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    if is_secret_field(name) {
        removed.note("form", name);
        return b"\r\n".to_vec();
    }
    if head.contains("filename=") {
        return content.to_vec();
    }
    let text = std::str::from_utf8(content).ok();
    match text.and_then(|text| json(text, "json", removed)) {
        Some(done) => done.into_bytes(),
        None => content.to_vec(),
    }
}

fn split<'a>(bytes: &'a [u8], by: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while let Some(at) = find(rest, by) {
        parts.push(&rest[..at]);
        rest = &rest[at + by.len()..];
    }
    parts.push(rest);
    parts
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// JSON (RFC 8259) whose secret members have the value `""`; all else stays byte for byte. `None` if the
/// text is not a JSON object or list.
pub(super) fn json(text: &str, place: &str, removed: &mut Removed) -> Option<String> {
    if !text.trim_start().starts_with(['{', '[']) || serde_json::from_str::<IgnoredAny>(text).is_err() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if text.as_bytes()[at] != b'"' {
            let next = text[at..].find('"').map_or(text.len(), |found| at + found);
            out.push_str(&text[at..next]);
            at = next;
            continue;
        }
        let end = string_end(text, at);
        let value: String = serde_json::from_str(&text[at..end]).unwrap_or_default();
        let colon = end + text[end..].len() - text[end..].trim_start().len();
        if text[colon..].starts_with(':') {
            out.push_str(&text[at..=colon]);
            at = colon + 1;
            if is_secret_field(&value) {
                removed.note(place, &value);
                at = value_end(text, at);
                out.push_str("\"\"");
            }
        } else {
            out.push_str(&string_value(&text[at..end], &value, place, removed));
            at = end;
        }
    }
    Some(out)
}

/// A string in JSON may be JSON or an address again.
fn string_value(quoted: &str, value: &str, place: &str, removed: &mut Removed) -> String {
    let mut inside = Removed::default();
    let done = if value.starts_with(['{', '[']) {
        json(value, place, &mut inside)
    } else if value.contains("://") || value.contains('?') || value.contains('&') {
        Some(redact::text(value, &mut inside))
    } else {
        None
    };
    match done {
        Some(done) if !inside.is_empty() => {
            removed.merge(&inside);
            serde_json::Value::String(done).to_string()
        }
        _ => quoted.to_owned(),
    }
}

/// The place after the string that begins at `start`. The text is valid JSON.
fn string_end(text: &str, start: usize) -> usize {
    let mut escaped = false;
    for (offset, byte) in text.as_bytes()[start + 1..].iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return start + offset + 2,
            _ => {}
        }
    }
    text.len()
}

/// The place after the value that begins at or after `start`. The text is valid JSON.
fn value_end(text: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => {
                at = string_end(text, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 0 => depth -= 1,
            b'}' | b']' | b',' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_lose_secret_values_and_nothing_else() {
        let multipart = "multipart/form-data; boundary=XX";
        for (kind, before, after, names) in [
            (
                "application/x-www-form-urlencoded",
                "a=1&password=p%26w&b=2",
                "a=1&password=&b=2",
                "form:password",
            ),
            ("", "no=1&search_pwd=9", "no=1&search_pwd=", "form:search_pwd"),
            (
                "application/json",
                r#"{ "token" : {"a":[1,"}"]} , "n":1.50,"u":"https://a.cn/?sid=1"}"#,
                r#"{ "token" :"", "n":1.50,"u":"https://a.cn/?sid="}"#,
                "json:token, query:sid",
            ),
            ("text/plain", r#"[{"p\u0061ssword":null}]"#, r#"[{"p\u0061ssword":""}]"#, "json:password"),
            ("", r#"{"inner":"{\"pwd\":\"x\"}"}"#, r#"{"inner":"{\"pwd\":\"\"}"}"#, "json:pwd"),
            ("", "plain words", "plain words", ""),
            ("application/json", r#"{"token":"cut of"#, "", "body"),
            (
                multipart,
                "--XX\r\nContent-Disposition: form-data; name=\"pwd\"\r\n\r\nsecret\r\n--XX\r\n\
                 Content-Disposition: form-data; name=\"no\"\r\n\r\n7\r\n--XX--\r\n",
                "--XX\r\nContent-Disposition: form-data; name=\"pwd\"\r\n\r\n\r\n--XX\r\n\
                 Content-Disposition: form-data; name=\"no\"\r\n\r\n7\r\n--XX--\r\n",
                "form:pwd",
            ),
        ] {
            let mut removed = Removed::default();
            let done = body(before.as_bytes(), kind, &mut removed);
            assert_eq!((String::from_utf8_lossy(&done).as_ref(), removed.line().as_str()), (after, names));
        }
    }
}
