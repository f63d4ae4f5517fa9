//! Whether what a page shows stands in what it received. A hint, never a proof: scripts can compute words.

use crate::exchange::{Answer, Exchange};
use crate::page::Capture;

/// Larger bodies are not searched: 8 MiB.
const LARGEST: usize = 8 << 20;
/// Most bytes searched in all: 48 MiB.
const MOST_BYTES: usize = 48 << 20;
/// Most texts that are told.
const MOST_TOLD: usize = 20;
/// Longest text that is told, in characters.
const LONGEST: usize = 200;

/// Returns those of the recognised values (order number, amount, status) that stand in no received body.
///
/// Amounts count in all the ways they are written: `¥45.00` is found as `45`, `45.0`, `45.00` or, in 分,
/// `4500`.
#[must_use]
pub fn unexplained(values: &[String], capture: &Capture) -> Vec<String> {
    let received = Received::of(capture);
    values.iter().filter(|value| !value.trim().is_empty() && !received.has_value(value)).cloned().collect()
}

/// The texts a page received.
#[derive(Default)]
pub(super) struct Received(Vec<String>);

impl Received {
    pub(super) fn of(capture: &Capture) -> Self {
        let mut texts = Vec::new();
        let mut left = MOST_BYTES;
        let bodies = capture.exchanges.iter().filter_map(body);
        let lines = capture.sockets.iter().flat_map(|socket| &socket.lines);
        let lines = lines.filter(|line| !line.sent).map(|line| line.text.as_bytes());
        for bytes in bodies.chain(lines) {
            if bytes.len() > LARGEST || bytes.len() > left {
                continue;
            }
            left -= bytes.len();
            add(&mut texts, String::from_utf8_lossy(bytes).into_owned());
        }
        Self(texts)
    }

    /// Adds a text that counts as received.
    pub(super) fn with(mut self, text: &str) -> Self {
        if text.len() <= LARGEST {
            add(&mut self.0, text.to_owned());
        }
        self
    }

    /// Whether a text stands in it as it is.
    pub(super) fn has(&self, text: &str) -> bool {
        self.0.iter().any(|body| body.contains(text))
    }

    fn has_value(&self, value: &str) -> bool {
        match amount(value) {
            Some(fen) => forms(fen).iter().any(|form| self.has_number(form)),
            None => value.split_whitespace().all(|word| self.has(word)),
        }
    }

    fn has_number(&self, number: &str) -> bool {
        self.0.iter().any(|body| {
            let mut found = body.match_indices(number);
            found.any(|(at, _)| stands_alone(body.as_bytes(), at, at + number.len()))
        })
    }

    /// Returns the lines with words or numbers that were not received, masked by the caller.
    pub(super) fn unexplained<'a>(&self, lines: impl Iterator<Item = &'a str>) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        for line in lines.map(str::trim) {
            let line: String = line.chars().take(LONGEST).collect();
            if told.len() < MOST_TOLD && !told.contains(&line) && !self.explains(&line) {
                told.push(line);
            }
        }
        told
    }

    fn explains(&self, line: &str) -> bool {
        pieces(line).iter().all(|piece| match amount(piece) {
            Some(fen) => forms(fen).iter().any(|form| self.has_number(form)),
            None => self.has(piece),
        })
    }
}

fn body(exchange: &Exchange) -> Option<&[u8]> {
    let is_text = !matches!(exchange.kind.as_str(), "Image" | "Media" | "Font");
    match &exchange.answer {
        Answer::Received(response) if is_text && !response.body.bytes.is_empty() => {
            Some(&response.body.bytes)
        }
        _ => None,
    }
}

/// Adds a text, and where it has any the same with its escapes undone.
fn add(texts: &mut Vec<String>, text: String) {
    let plain = unescaped(&text);
    if plain != text {
        texts.push(plain);
    }
    texts.push(text);
}

/// Undoes the escapes of JSON and scripts (`\u8ba2`, `\/`), of HTML (`&#35746;`, `&#x8ba2;`, the five names)
/// and of addresses (`%E8%AE%A2`).
fn unescaped(text: &str) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '&', '%']) {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at..];
        let taken = escape(rest, &mut out);
        if taken == 0 {
            out.push(rest.as_bytes()[0]);
        }
        rest = &rest[taken.max(1)..];
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// Undoes the escape a text begins with; returns how many bytes it had, 0 when it is none.
fn escape(text: &str, out: &mut Vec<u8>) -> usize {
    let hex = |from: usize, to: usize| u32::from_str_radix(text.get(from..to)?, 16).ok();
    let mut push = |code: u32, len: usize| match char::from_u32(code) {
        Some(one) => {
            out.extend_from_slice(one.encode_utf8(&mut [0; 4]).as_bytes());
            len
        }
        None => 0,
    };
    if text.starts_with("\\u") {
        return hex(2, 6).map_or(0, |code| push(code, 6));
    }
    if text.starts_with("\\/") {
        return push(u32::from('/'), 2);
    }
    if text.starts_with('%') {
        let Some(byte) = hex(1, 3).and_then(|code| u8::try_from(code).ok()) else { return 0 };
        out.push(byte);
        return 3;
    }
    const NAMES: [(&str, char); 5] =
        [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&yen;", '¥')];
    if let Some((name, one)) = NAMES.iter().find(|(name, _)| text.starts_with(name)) {
        return push(u32::from(*one), name.len());
    }
    let Some(end) = text.find(';').filter(|end| *end <= 10 && text.starts_with("&#")) else { return 0 };
    let digits = &text[2..end];
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    };
    code.map_or(0, |code| push(code, end + 1))
}

/// Reads an amount in 分: `45`, `45.00`, `¥1,234.5`, `45元`. Anything else is none.
fn amount(text: &str) -> Option<u64> {
    let plain = text.trim().trim_start_matches(['¥', '￥']).trim_end_matches('元').trim();
    let (yuan, part) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let yuan = yuan.replace(',', "");
    if yuan.is_empty() || yuan.len() > 12 || part.len() > 2 || !digits(&yuan) || !digits(part) {
        return None;
    }
    // A number with a leading zero is a name, such as an order number.
    if yuan.len() > 1 && yuan.starts_with('0') {
        return None;
    }
    let part: u64 = format!("{part:0<2}").parse().ok()?;
    yuan.parse::<u64>().ok()?.checked_mul(100)?.checked_add(part)
}

/// Writes an amount of 分 in all the usual ways.
fn forms(fen: u64) -> Vec<String> {
    let (yuan, part) = (fen / 100, fen % 100);
    let mut forms = vec![format!("{yuan}.{part:02}"), fen.to_string()];
    if part.is_multiple_of(10) {
        forms.push(format!("{yuan}.{}", part / 10));
    }
    if part == 0 {
        forms.push(yuan.to_string());
    }
    if yuan >= 1_000 {
        let grouped = format!("{},{:03}", yuan / 1_000, yuan % 1_000);
        forms.push(format!("{grouped}.{part:02}"));
        forms.extend((part == 0).then_some(grouped));
    }
    forms
}

/// Whether a number at these bytes is not a part of a longer one.
fn stands_alone(bytes: &[u8], start: usize, end: usize) -> bool {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(b' ');
    let before = start.checked_sub(1).map_or(b' ', at);
    let two_before = start.checked_sub(2).map_or(b' ', at);
    let longer_left = before.is_ascii_digit() || (before == b'.' && two_before.is_ascii_digit());
    let longer_right = at(end).is_ascii_digit() || (at(end) == b'.' && at(end + 1).is_ascii_digit());
    !longer_left && !longer_right
}

/// Returns the parts of a text worth looking for: two Han characters and more, amounts and long numbers, but
/// no times and counters.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut run = String::new();
    let mut kind = Kind::Other;
    let mut before = ' ';
    let mut last = ' ';
    for one in text.chars().chain([' ']) {
        let now = Kind::of(one);
        if now != kind {
            let timed = before == ':' || one == ':';
            if kind.counts(run.trim_end_matches(['.', ',']), timed) {
                pieces.push(run.trim_matches(['.', ',']).to_owned());
            }
            run.clear();
            before = last;
            kind = now;
        }
        run.push(one);
        last = one;
    }
    pieces
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Han,
    Number,
    Other,
}

impl Kind {
    fn of(one: char) -> Self {
        match one {
            '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => Self::Han,
            '0'..='9' | '.' | ',' => Self::Number,
            _ => Self::Other,
        }
    }

    fn counts(self, run: &str, timed: bool) -> bool {
        let is_amount = || run.rsplit_once('.').is_some_and(|(_, part)| part.len() == 2);
        match self {
            Self::Han => run.chars().nth(1).is_some(),
            Self::Number => !timed && (is_amount() || run.len() >= 8),
            Self::Other => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_broken_ones_stay() {
        let table = [
            (r#"{"a":"\u8ba2\u5355"}"#, r#"{"a":"订单"}"#),
            ("&#35746;&#x5355;&amp;&yen;45", "订单&¥45"),
            ("%E8%AE%A2 100% %zz", "订 100% %zz"),
            (r"\u12 \ud800 &#; &#xffffffff; \", r"\u12 \ud800 &#; &#xffffffff; \"),
            ("%é 订&订\\订", "%é 订&订\\订"),
        ];
        for (from, to) in table {
            assert_eq!(unescaped(from), to);
        }
    }

    #[test]
    fn an_amount_is_found_however_it_is_written_and_never_inside_another_number() {
        let found = |body: &str, value: &str| Received(vec![body.to_owned()]).has_value(value);
        for body in ["45", "price:45.0,", "¥45.00", "{\"fen\":4500}"] {
            assert!(found(body, "¥45.00"), "{body}");
        }
        for body in ["145", "45.01", "450", "3.45", "0.4500", ""] {
            assert!(!found(body, "45元"), "{body}");
        }
        assert!(found("1,234.50 元", "1234.5"));
        assert!(found("no 0012345678", "0012345678"));
        assert!(found("交易 已完成", "已完成 交易"));
        assert!(!found("交易 已完成", "已退款"));
    }

    #[test]
    fn words_amounts_and_long_numbers_count_and_times_do_not() {
        let table: [(&str, &[&str]); 5] = [
            ("订单金额 ¥45.00", &["订单金额", "45.00"]),
            ("12:30:45.12", &[]),
            ("剩 3 件, 99%", &[]),
            ("No. 2026112300017.", &["2026112300017"]),
            ("hello world", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }
}
