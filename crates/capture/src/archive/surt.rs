//! The key under which an address stands in an index: SURT, the host reversed (`cn,example)/path?query`).
//!
//! The rules are those replay tools agree on: the Safe Browsing canonical form (repeated unescaping, dot
//! segments, numeric hosts), then what the Internet Archive adds (`www.` off, lower case, query in order,
//! session ids off, default port off). Checked against `cdxj-indexer` in the tests.

use std::net::Ipv4Addr;
use std::sync::LazyLock;

use regex::bytes::Regex;
use unicode_normalization::UnicodeNormalization;

/// An address taken apart the way RFC 3986 appendix B does, without judging it.
struct Parts {
    scheme: String,
    host: Option<Vec<u8>>,
    port: Option<u16>,
    path: Vec<u8>,
    query: Option<Vec<u8>>,
}

/// The key of an address. Addresses that cannot be understood (a port that is none) are their own key.
pub fn surt(address: &str) -> String {
    parse(address).map_or_else(|| address.to_owned(), key)
}

fn key(mut parts: Parts) -> String {
    let host = parts.host.take().map(|host| canonical_host(&host));
    let mut path = unescape_fully(parts.path);
    if host.is_some() {
        path = without_dots(&path);
    }
    let mut path = without_path_session(escape(&path).to_ascii_lowercase());
    if path.len() > 1 && path.ends_with(b"/") {
        path.pop();
    }
    let query = parts.query.map(|query| canonical_query(&escape(&unescape_fully(query))));
    let query = query.filter(|query| !query.is_empty());
    let mut out = match &host {
        Some(host) => key_of_host(host, port_of(&parts.scheme, parts.port)),
        None => format!("{}:", parts.scheme).into_bytes(),
    };
    if path.is_empty() && query.is_some() {
        out.push(b'/');
    }
    out.extend_from_slice(&path);
    if let Some(query) = query {
        out.push(b'?');
        out.extend_from_slice(&query);
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn key_of_host(host: &[u8], port: Option<u16>) -> Vec<u8> {
    let mut labels: Vec<&[u8]> = host.split(|byte| *byte == b'.').collect();
    labels.reverse();
    let mut out = labels.join(&[b','][..]);
    if let Some(port) = port {
        out.extend_from_slice(format!(":{port}").as_bytes());
    }
    out.push(b')');
    out
}

fn port_of(scheme: &str, port: Option<u16>) -> Option<u16> {
    let default = match scheme.to_ascii_lowercase().as_str() {
        "http" => 80,
        "https" => 443,
        _ => 0,
    };
    port.filter(|port| *port != default && *port != 0)
}

/// `None` where the port is not a number.
fn parse(address: &str) -> Option<Parts> {
    let trimmed = address.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b');
    let clean: String = trimmed.chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
    if clean.is_empty() {
        return None;
    }
    let clean = once_http(clean);
    let (scheme, rest) = split_scheme(&clean)?;
    let rest = rest.split('#').next().unwrap_or_default();
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query.as_bytes().to_vec())),
        None => (rest, None),
    };
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let (host, port) = split_authority(authority)?;
    let mut parts = Parts {
        scheme: scheme.to_owned(),
        host: Some(host).filter(|host| !host.is_empty()),
        port,
        path: path.as_bytes().to_vec(),
        query,
    };
    // `http:///host/path` and `http:host/path` mean a host all the same.
    if parts.host.is_none() && scheme.starts_with("http") && !path.is_empty() {
        let text = path.trim_start_matches('/');
        let (host, path) = text.split_once('/').unwrap_or((text, ""));
        parts.host = Some(host.as_bytes().to_vec()).filter(|host| !host.is_empty());
        parts.path = format!("/{path}").into_bytes();
    }
    Some(parts)
}

/// `http://https://x` means `https://x`; without a scheme, `http://` is meant.
fn once_http(text: String) -> String {
    let text = if split_scheme(&text).is_some() { text } else { format!("http://{text}") };
    let mut rest = text.as_str();
    loop {
        let inner = rest.strip_prefix("http://").or_else(|| rest.strip_prefix("https://"));
        match inner {
            Some(inner) if inner.starts_with("http://") || inner.starts_with("https://") => rest = inner,
            _ => return rest.to_owned(),
        }
    }
}

fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let rest_of_name = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    let good = scheme.bytes().next().is_some_and(|first| first.is_ascii_alphabetic());
    (good && scheme.bytes().all(rest_of_name)).then_some((scheme, rest))
}

fn split_authority(authority: &str) -> Option<(Vec<u8>, Option<u16>)> {
    let authority = authority.trim_end_matches(':');
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let (host, port) = match place.split_once('[') {
        Some((_, inner)) => {
            let (host, after) = inner.split_once(']').unwrap_or((inner, ""));
            (host, after.split_once(':').map_or("", |(_, port)| port))
        }
        None => place.split_once(':').unwrap_or((place, "")),
    };
    let port = match port {
        "" => None,
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => Some(digits.parse().ok()?),
        _ => return None,
    };
    Some((host.as_bytes().to_vec(), port))
}

fn canonical_host(host: &[u8]) -> Vec<u8> {
    let plain = unescape_fully(host.to_ascii_lowercase());
    let plain = if plain.is_ascii() { plain } else { ascii_host(&plain) };
    let text = String::from_utf8_lossy(&plain).replace("..", ".");
    let text = text.trim_matches('.');
    let host = match numeric_host(text) {
        Some(address) => address.to_string(),
        None => String::from_utf8_lossy(&escape(text.as_bytes())).to_ascii_lowercase(),
    };
    let digits_off =
        host.strip_prefix("www").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    match digits_off.and_then(|rest| rest.strip_prefix('.')) {
        Some(rest) => rest.as_bytes().to_vec(),
        None => host.into_bytes(),
    }
}

/// International names in their ASCII form (RFC 3490, RFC 3492). Browsers give them in that form already.
fn ascii_host(host: &[u8]) -> Vec<u8> {
    let text: String = String::from_utf8_lossy(host).to_lowercase().nfkc().collect();
    let labels = text
        .split(['.', '。', '．', '｡'])
        .map(|label| if label.is_ascii() { label.to_owned() } else { format!("xn--{}", punycode(label)) });
    labels.collect::<Vec<_>>().join(".").into_bytes()
}

/// RFC 3492 §6.3.
fn punycode(label: &str) -> String {
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let total = label.chars().count();
    let basic = out.len();
    let (mut code, mut delta, mut bias, mut done) = (128_u32, 0_u32, 72_u32, basic);
    if basic > 0 {
        out.push('-');
    }
    while done < total {
        let Some(next) = label.chars().map(u32::from).filter(|c| *c >= code).min() else { break };
        let step = (next - code).saturating_mul(u32::try_from(done + 1).unwrap_or(u32::MAX));
        delta = delta.saturating_add(step);
        code = next;
        for c in label.chars().map(u32::from) {
            if c < code {
                delta = delta.saturating_add(1);
            } else if c == code {
                write_delta(&mut out, delta, bias);
                bias = adapt(delta, u32::try_from(done + 1).unwrap_or(u32::MAX), done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta = delta.saturating_add(1);
        code = code.saturating_add(1);
    }
    out
}

fn write_delta(out: &mut String, mut rest: u32, bias: u32) {
    let mut k = 36;
    loop {
        let limit = k.max(bias + 1).min(bias + 26) - bias;
        if rest < limit {
            return out.push(digit(rest));
        }
        out.push(digit(limit + (rest - limit) % (36 - limit)));
        rest = (rest - limit) / (36 - limit);
        k += 36;
    }
}

fn digit(value: u32) -> char {
    let value = u8::try_from(value % 36).unwrap_or(0);
    char::from(if value < 26 { b'a' + value } else { b'0' + value - 26 })
}

fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

/// Hosts that are one to four numbers, decimal or octal (`2130706433`, `0177.1`), as inet_aton(3) reads them.
fn numeric_host(host: &str) -> Option<Ipv4Addr> {
    if host.is_empty() || !host.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    if !host.contains('.') {
        let number = host
            .bytes()
            .fold(0_u32, |number, digit| number.wrapping_mul(10).wrapping_add(u32::from(digit - b'0')));
        return Some(Ipv4Addr::from(number));
    }
    let parts: Vec<u64> = host.split('.').map(number).collect::<Option<_>>()?;
    let (last, first) = parts.split_last()?;
    if first.len() > 3 || first.iter().any(|part| *part > 255) || *last >= 1 << (8 * (4 - first.len())) {
        return None;
    }
    let high = first.iter().enumerate().fold(0_u64, |sum, (i, part)| sum | part << (24 - 8 * i));
    u32::try_from(high | last).ok().map(Ipv4Addr::from)
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix('0') {
        Some("") => Some(0),
        Some(octal) => u64::from_str_radix(octal, 8).ok(),
        None => text.parse().ok(),
    }
}

/// `.` and `..` and empty segments resolved; an empty path is `/`.
fn without_dots(path: &[u8]) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    for segment in path.split(|byte| *byte == b'/').skip(1) {
        match segment {
            b"." => {}
            b".." if !kept.is_empty() => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    let last = kept.pop().unwrap_or_default();
    let mut out = vec![b'/'];
    for segment in kept.into_iter().filter(|segment| !segment.is_empty()) {
        out.extend_from_slice(segment);
        out.push(b'/');
    }
    out.extend_from_slice(last);
    out
}

/// Percent-decodes once (RFC 3986 §2.1); what is not an escape stays.
pub(super) fn unescape(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = |i: usize| bytes.get(at + i).and_then(|b| char::from(*b).to_digit(16));
        match (byte, hex(1), hex(2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high << 4 | low).unwrap_or_default());
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

fn unescape_fully(mut bytes: Vec<u8>) -> Vec<u8> {
    // Each round that changes something shortens the text; nobody honest escapes 64 times.
    for _ in 0..64 {
        let plain = unescape(&bytes);
        if plain == bytes {
            break;
        }
        bytes = plain;
    }
    bytes
}

/// Escapes what is not printable ASCII, and `#` and `%`.
fn escape(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if byte.is_ascii_graphic() && !b"#%".contains(byte) {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    out
}

fn canonical_query(query: &[u8]) -> Vec<u8> {
    let query = without_query_session(query.to_vec()).to_ascii_lowercase();
    if query.len() <= 1 {
        return query;
    }
    let mut pairs: Vec<Vec<&[u8]>> = query
        .split(|byte| *byte == b'&')
        .map(|pair| pair.splitn(2, |byte| *byte == b'=').collect::<Vec<_>>())
        .collect();
    pairs.sort();
    pairs.iter().map(|pair| pair.join(&[b'='][..])).collect::<Vec<_>>().join(&[b'&'][..])
}

static PATH_SESSIONS: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [
        r"^(.*/)(?:\((?:[a-z]\([0-9a-z]{24}\))+\)/)([^?]+\.aspx.*)$",
        r"^(.*/)(?:\([0-9a-z]{24}\)/)([^?]+\.aspx.*)$",
    ]
    .map(pattern)
});

static QUERY_SESSIONS: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    [
        r"^(.*)(?:jsessionid=[0-9a-z]{32})(?:&(.*))?$",
        r"^(.*)(?:phpsessid=[0-9a-z]{32})(?:&(.*))?$",
        r"^(.*)(?:sid=[0-9a-z]{32})(?:&(.*))?$",
        r"^(.*)(?:aspsessionid[a-z]{8}=[a-z]{24})(?:&(.*))?$",
        r"^(.*)(?:cfid=[^&]+&cftoken=[^&]+)(?:&(.*))?$",
    ]
    .map(pattern)
});

fn pattern(text: &str) -> Regex {
    Regex::new(&format!("(?i-u){text}")).expect("invariant: the patterns above are regular expressions")
}

fn without_path_session(path: Vec<u8>) -> Vec<u8> {
    PATH_SESSIONS.iter().fold(path, |path, pattern| cut_session(pattern, path))
}

fn without_query_session(query: Vec<u8>) -> Vec<u8> {
    QUERY_SESSIONS.iter().fold(query, |query, pattern| cut_session(pattern, query))
}

fn cut_session(pattern: &Regex, text: Vec<u8>) -> Vec<u8> {
    match pattern.captures(&text) {
        Some(found) => {
            (1..=2).filter_map(|i| found.get(i)).flat_map(|part| part.as_bytes().to_vec()).collect()
        }
        None => text,
    }
}
