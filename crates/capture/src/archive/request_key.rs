//! The key of an answer to a request with a body: replay tools look it up by the address with the body behind it.
//!
//! The rules are those of `cdxj-indexer --post-append` and pywb, which Webrecorder describes as request body
//! canonicalization: `__wb_method=POST`, then a form unescaped, or the leaves of JSON as name and value, or
//! the bytes in Base64. An upload in parts is found by its address alone. Checked against `cdxj-indexer` in the tests.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use super::surt::unescape;

/// What a replay tool takes of a body at most, in characters.
const LONGEST: usize = 4096;

/// How an answer is found beyond its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) method: &'static str,
    /// The body in the form of a query.
    pub(super) query: String,
}

impl Asked {
    /// What a request asked for; `None` if its address alone finds the answer.
    pub(super) fn of(method: &str, content_type: &str, body: &[u8]) -> Option<Self> {
        let method = ["POST", "PUT"].into_iter().find(|known| known.eq_ignore_ascii_case(method))?;
        let query: String = query(content_type, body)?.chars().take(LONGEST).collect();
        Some(Self { method, query })
    }

    /// The address with the method and the body behind it.
    pub(super) fn address(&self, address: &str) -> String {
        let mark = if address.contains('?') { '&' } else { '?' };
        let end = if self.query.is_empty() { String::new() } else { format!("&{}", self.query) };
        format!("{address}{mark}__wb_method={}{end}", self.method)
    }
}

fn query(content_type: &str, body: &[u8]) -> Option<String> {
    if content_type.starts_with("application/x-www-form-urlencoded") {
        return Some(std::str::from_utf8(body).map_or_else(|_| binary(body), form));
    }
    if content_type.starts_with("application/json") {
        return Some(leaves(body).unwrap_or_default());
    }
    if content_type.starts_with("text/plain") {
        return Some(leaves(body).unwrap_or_else(|| binary(body)));
    }
    let is_parts = content_type.starts_with("multipart/") || content_type.starts_with("application/x-amf");
    (!is_parts).then(|| binary(body))
}

fn form(text: &str) -> String {
    String::from_utf8_lossy(&unescape(text.replace('+', " ").as_bytes())).into_owned()
}

/// The bytes in Base64; of a large body only as many as are looked at.
fn binary(body: &[u8]) -> String {
    // Whole groups of three bytes, so that what is left out changes nothing before it.
    let looked_at = &body[..body.len().min(LONGEST / 4 * 3)];
    format!("__wb_post_data={}", STANDARD.encode(looked_at))
}

/// The leaves of a JSON document under the names next to them, escaped; `None` if it is none.
fn leaves(body: &[u8]) -> Option<String> {
    let mut leaves = Leaves::default();
    let mut json = serde_json::Deserializer::from_slice(body);
    json.deserialize_any(Branch { leaves: &mut leaves, name: "" }).ok()?;
    json.end().ok()?;
    let pairs = leaves.pairs.iter();
    let pairs = pairs.map(|(name, value)| format!("{}={}", url_escape(name), url_escape(value)));
    Some(pairs.collect::<Vec<_>>().join("&"))
}

#[derive(Default)]
struct Leaves {
    pairs: Vec<(String, String)>,
    /// How often a name came.
    seen: BTreeMap<String, u32>,
}

impl Leaves {
    /// A name that comes again gets its number: `a`, `a.2_`, `a.3_`.
    fn add(&mut self, name: &str, value: String) {
        if name.is_empty() {
            return;
        }
        let seen = self.seen.entry(name.to_owned()).or_default();
        *seen += 1;
        let name = if *seen == 1 { name.to_owned() } else { format!("{name}.{seen}_") };
        self.pairs.push((name, value));
    }
}

/// A place in a document under the nearest name above it; values are told as Python tells them.
struct Branch<'a> {
    leaves: &'a mut Leaves,
    name: &'a str,
}

impl<'de> serde::de::DeserializeSeed<'de> for Branch<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Branch<'_> {
    type Value = ();

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.leaves.add(self.name, if value { "True" } else { "False" }.to_owned());
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.leaves.add(self.name, value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.leaves.add(self.name, value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        let text = Number::from_f64(value).map(|number| number.to_string()).unwrap_or_default();
        self.leaves.add(self.name, text);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.leaves.add(self.name, value.to_owned());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.leaves.add(self.name, "None".to_owned());
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Branch { leaves: self.leaves, name: self.name })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            map.next_value_seed(Branch { leaves: self.leaves, name: &name })?;
        }
        Ok(())
    }
}

/// Escaped as in a form: letters, digits and `_.-~` stay, a blank is a plus.
fn url_escape(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'_' | b'.' | b'-' | b'~' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_large_body_the_beginning_is_looked_at_and_says_the_same() {
        let body: Vec<u8> = (0..10_000_u32).map(|n| (n % 251) as u8).collect();
        let whole: String =
            format!("__wb_post_data={}", STANDARD.encode(&body)).chars().take(LONGEST).collect();
        let asked = Asked::of("post", "application/octet-stream", &body).unwrap();
        assert_eq!((asked.method, asked.query), ("POST", whole));
    }
}
