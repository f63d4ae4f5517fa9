//! Takes secrets out of addresses, header fields and request bodies before anything is hashed.
//!
//! A value is replaced by nothing; its name stays, and is listed. The same input always gives the same
//! output, so that record, index, page list and screenshot of one page name the same address.

use std::collections::BTreeSet;

use super::secret_names::{is_secret_field, is_secret_header, mentions_secret};
use crate::exchange::Headers;

/// Addresses inside addresses (`?return_url=…`) are followed this deep.
const DEPTH: u8 = 3;

/// Text without secrets, and what was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// The text that remains.
    pub text: String,
    /// What was removed: `query:token`, `path:jsessionid`, `userinfo`. Never a value.
    pub removed: Removed,
}

/// What was removed, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed(BTreeSet<String>);

impl Removed {
    /// True if nothing was removed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names in order of their bytes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The names as one line: `cookie, query:token`.
    pub(super) fn line(&self) -> String {
        self.names().collect::<Vec<_>>().join(", ")
    }

    /// Notes that the value of `name` in `place` was removed. Foreign names become short ASCII.
    pub(super) fn note(&mut self, place: &str, name: &str) {
        let plain: String =
            name.chars()
                .take(48)
                .map(|c| {
                    if c.is_ascii_alphanumeric() || "-_.[]".contains(c) {
                        c.to_ascii_lowercase()
                    } else {
                        '_'
                    }
                })
                .collect();
        self.0.insert(match place {
            "" => plain,
            place => format!("{place}:{plain}"),
        });
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }
}

/// An address without user information, without the values of secret parameters in query, path parameters
/// and fragment, also in addresses inside it, and with everything that may not stand in a WARC field escaped.
pub fn url(address: &str) -> Redacted {
    let mut removed = Removed::default();
    let text = escape_unprintable(&scrub_url(address, DEPTH, &mut removed));
    Redacted { text, removed }
}

/// A target such as `urn:screenshot:https://…`: the address inside is treated by [`url`].
pub(super) fn target(uri: &str) -> Redacted {
    url(uri)
}

/// Header fields without secret ones, without HTTP/2 pseudo fields, and with addresses in values treated.
/// Values that hold line breaks (repeated fields joined by DevTools) are taken apart again.
pub(super) fn headers(headers: &Headers, removed: &mut Removed) -> Headers {
    let mut kept = Headers::new();
    for (name, value) in headers {
        if name.starts_with(':') {
            continue;
        }
        if is_secret_header(name) {
            removed.note("", name);
        } else if !is_token(name) {
            removed.note("malformed", name);
        } else {
            for line in value.split('\n') {
                kept.push((name.clone(), text(&one_line(line), removed)));
            }
        }
    }
    kept
}

/// Free text of one line in which addresses and `name=value` pairs may stand.
pub(super) fn text(value: &str, removed: &mut Removed) -> String {
    value
        .split_inclusive(is_edge)
        .map(|piece| without_edge(piece, is_edge))
        .map(|(piece, edge)| {
            let is_pair = piece.split_once('=').is_some_and(|(name, _)| !name.contains(['/', '?', '#', ':']));
            let mut out = if is_pair {
                scrub_pairs(piece, "header", DEPTH, removed)
            } else {
                scrub_url(piece, DEPTH, removed)
            };
            out.push_str(edge);
            out
        })
        .collect()
}

/// `name=value&name=value` (application/x-www-form-urlencoded) without secret values.
pub(super) fn form(body: &str, removed: &mut Removed) -> String {
    scrub_pairs(body, "form", DEPTH, removed)
}

/// One line, without control characters: nothing in a value can begin a new field.
pub(super) fn one_line(value: &str) -> String {
    value.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// RFC 9110 §5.6.2 token.
pub(super) fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

fn is_edge(c: char) -> bool {
    c.is_whitespace() || "<>\"'`\\".contains(c)
}

/// Splits off the last character of a piece if it is one of the separators.
fn without_edge(piece: &str, is_edge: impl Fn(char) -> bool) -> (&str, &str) {
    match piece.chars().next_back() {
        Some(last) if is_edge(last) => piece.split_at(piece.len() - last.len_utf8()),
        _ => (piece, ""),
    }
}

fn scrub_url(address: &str, depth: u8, removed: &mut Removed) -> String {
    let (rest, fragment) = cut(address, '#');
    let (before, query) = cut(rest, '?');
    let mut out = scrub_path(&scrub_userinfo(before, removed), removed);
    if let Some(query) = query {
        out.push('?');
        out.push_str(&scrub_pairs(query, "query", depth, removed));
    }
    if let Some(fragment) = fragment {
        out.push('#');
        // Single-page shops keep a whole address behind the `#`.
        if fragment.starts_with(['/', '!']) && depth > 0 {
            out.push_str(&scrub_url(fragment, depth - 1, removed));
        } else {
            out.push_str(&scrub_pairs(fragment, "fragment", depth, removed));
        }
    }
    out
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(one, two)| (one, Some(two)))
}

/// `https://name:password@host/` becomes `https://host/`, wherever `://` stands, and after `//` at the start.
fn scrub_userinfo(text: &str, removed: &mut Removed) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut mark = if text.starts_with("//") { "//" } else { "://" };
    while let Some((before, after)) = rest.split_once(mark) {
        out.push_str(before);
        out.push_str(std::mem::replace(&mut mark, "://"));
        let end = after.find(['/', '\\']).unwrap_or(after.len());
        let authority = &after[..end];
        match authority.rfind('@') {
            Some(at) => {
                removed.note("", "userinfo");
                rest = &after[at + 1..];
            }
            None => rest = after,
        }
    }
    out + rest
}

/// `/a;jsessionid=1/b` becomes `/a;jsessionid=/b`.
fn scrub_path(path: &str, removed: &mut Removed) -> String {
    path.split('/')
        .map(|segment| match segment.split_once(';') {
            Some((name, parameters)) => format!("{name};{}", scrub_pairs(parameters, "path", 0, removed)),
            None => segment.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// Pairs between `&`. Names are compared after decoding, values with addresses are followed.
fn scrub_pairs(pairs: &str, place: &str, depth: u8, removed: &mut Removed) -> String {
    pairs.split('&').map(|pair| scrub_pair(pair, place, depth, removed)).collect::<Vec<_>>().join("&")
}

/// One pair, in which `;` and `,` may stand before further names. A secret value ends with the pair only:
/// these characters may be part of it.
fn scrub_pair(pair: &str, place: &str, depth: u8, removed: &mut Removed) -> String {
    let is_edge = |c| c == ';' || c == ',';
    let mut out = String::with_capacity(pair.len());
    for part in pair.split_inclusive(is_edge) {
        let (part, edge) = without_edge(part, is_edge);
        let Some((name, value)) = part.split_once('=') else {
            out.push_str(part);
            out.push_str(edge);
            continue;
        };
        let plain_name = decode_fully(name);
        out.push_str(name);
        out.push('=');
        if is_secret_field(&plain_name) {
            if !(value.is_empty() && edge.is_empty()) {
                removed.note(place, &plain_name);
            }
            return out;
        }
        out.push_str(&scrub_value(value, depth, removed));
        out.push_str(edge);
    }
    out
}

/// A value that holds JSON or an address itself, escaped or not. One level of escapes is taken off at a time:
/// taken off all at once, what ends a value would be lost.
fn scrub_value(value: &str, depth: u8, removed: &mut Removed) -> String {
    let plain = decode_once(value);
    if depth == 0 {
        return without_depth(value, removed);
    }
    let mut inside = Removed::default();
    let done = if let Some(done) = super::redact_body::json(&plain, "query", &mut inside) {
        done
    } else if plain.contains(['=', '?', '#', '/', '@']) {
        scrub_url(&plain, depth - 1, &mut inside)
    } else if plain != value {
        scrub_value(&plain, depth - 1, &mut inside)
    } else {
        return value.to_owned();
    };
    if inside.is_empty() {
        return value.to_owned();
    }
    removed.merge(&inside);
    if plain == value { done } else { escape_component(&done) }
}

/// Deeper than anybody nests: what mentions a secret there is not passed on.
fn without_depth(value: &str, removed: &mut Removed) -> String {
    let plain = decode_fully(value);
    if plain.contains(['=', ':']) && mentions_secret(plain.as_bytes()) {
        removed.note("", "nested");
        return String::new();
    }
    value.to_owned()
}

fn decode_once(text: &str) -> String {
    String::from_utf8_lossy(&super::surt::unescape(text.as_bytes())).into_owned()
}

/// Percent-decoding until nothing changes, `+` left alone; invalid UTF-8 is replaced (only used for comparing
/// and for values that are rewritten anyway).
fn decode_fully(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..8 {
        let decoded = super::surt::unescape(&bytes);
        if decoded == bytes {
            break;
        }
        bytes = decoded;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What `encodeURIComponent` of ECMA-262 does.
fn escape_component(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Spaces, control characters, `<`, `>`, `"` and everything outside ASCII, escaped as in a URI (RFC 3986).
fn escape_unprintable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.trim().bytes() {
        if byte.is_ascii_graphic() && !b"<>\"".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_the_values_of_secrets() {
        for (address, wanted, names) in [
            ("https://a.cn/p?id=3&token=abc&x=1", "https://a.cn/p?id=3&token=&x=1", "query:token"),
            ("https://a.cn/p?%74oken=abc", "https://a.cn/p?%74oken=", "query:token"),
            ("https://u:pw@a.cn/p", "https://a.cn/p", "userinfo"),
            ("https://a.cn/x;jsessionid=9A/y?z=1", "https://a.cn/x;jsessionid=/y?z=1", "path:jsessionid"),
            ("https://a.cn/#/order?sid=77&no=1", "https://a.cn/#/order?sid=&no=1", "query:sid"),
            ("https://a.cn/#access_token=77", "https://a.cn/#access_token=", "fragment:access_token"),
            (
                "https://a.cn/go?to=https%3A%2F%2Fb.cn%2F%3Fskey%3D5%26a%3D1",
                "https://a.cn/go?to=https%3A%2F%2Fb.cn%2F%3Fskey%3D%26a%3D1",
                "query:skey",
            ),
            ("urn:screenshot:https://a.cn/?pwd=1", "urn:screenshot:https://a.cn/?pwd=", "query:pwd"),
            ("https://a.cn/?sign=abc&code=7", "https://a.cn/?sign=abc&code=7", ""),
            ("https://a.cn/查?q= 1", "https://a.cn/%E6%9F%A5?q=%201", ""),
        ] {
            let done = url(address);
            assert_eq!((done.text.as_str(), done.removed.line().as_str()), (wanted, names), "{address}");
            assert_eq!(url(&done.text).text, done.text, "{address} is done once");
        }
    }

    #[test]
    fn header_fields_lose_secrets_and_line_breaks() {
        let sent = [
            (":path", "/p?token=1"),
            ("Cookie", "a=1"),
            ("Referer", "https://a.cn/?token=abc"),
            ("Link", "</a?sid=1>; rel=preload"),
            ("X-Many", "one\ntwo\r"),
            ("X bad", "1"),
            ("ETag", "W/\"abc=\""),
        ];
        let sent = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let mut removed = Removed::default();
        let kept: Vec<String> = headers(&sent, &mut removed)
            .into_iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        assert_eq!(
            kept,
            [
                "Referer: https://a.cn/?token=",
                "Link: </a?sid=>; rel=preload",
                "X-Many: one",
                "X-Many: two",
                "ETag: W/\"abc=\"",
            ]
        );
        assert_eq!(removed.line(), "cookie, malformed:x_bad, query:sid, query:token");
    }
}
