//! Finds the shapes of card secrets in free text.
//!
//! Labelled values (`卡密：…`), `account----password` lines, dashed groups, long mixed codes, and long numbers
//! beside any of them. Values labelled as order numbers, amounts or times, ordinary links and addresses are
//! left alone. In doubt it masks; still it can miss a secret of an unusual shape (a password in Chinese
//! words), so whoever sends text should read it.

use std::ops::Range;

use super::glyphs::{Glyphs, Mark};
use super::labels::{self, Meaning, trim};

/// How far after an account its password may begin, in characters.
const ACCOUNT_REACH: usize = 24;
/// How far apart two neighbours may be, in characters.
const NEIGHBOUR_REACH: usize = 8;

/// Returns the byte ranges of what looks like card secrets: sorted, disjoint, on character boundaries.
#[must_use]
pub fn find_secrets(text: &str) -> Vec<Range<usize>> {
    let mut glyphs = Glyphs::new(text);
    let mut secrets = Vec::new();
    take_labelled(&mut glyphs, &mut secrets);
    take_pairs(&mut glyphs, &mut secrets);
    block_links(&mut glyphs);
    take_shapes(&mut glyphs, &mut secrets);
    secrets.sort_by_key(|span| span.start);
    secrets.iter().map(|span| glyphs.bytes(span)).collect()
}

fn take(glyphs: &mut Glyphs, secrets: &mut Vec<Range<usize>>, span: Range<usize>) {
    if !span.is_empty() && glyphs.is_free(&span) {
        glyphs.mark(&span, Mark::Secret);
        secrets.push(span);
    }
}

fn take_labelled(glyphs: &mut Glyphs, secrets: &mut Vec<Range<usize>>) {
    let found = labels::find(glyphs);
    for (n, label) in found.iter().enumerate() {
        let next = found.get(n + 1);
        let password = next.is_some_and(|next| {
            next.meaning == Meaning::Secret && next.value.start <= label.value.end + ACCOUNT_REACH
        });
        match label.meaning {
            Meaning::Public => glyphs.mark(&label.value, Mark::Public),
            Meaning::Account if !password => {}
            Meaning::Account | Meaning::Secret => {
                for part in split_at_dashes(glyphs, &label.value) {
                    take(glyphs, secrets, part);
                }
            }
        }
    }
}

/// Takes the parts of `a----b` words, in which every part is there and at least one has four characters.
fn take_pairs(glyphs: &mut Glyphs, secrets: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while at < glyphs.len() {
        let word = at..glyphs.run_end(at, |c| c.is_ascii_graphic());
        at = word.end + 1;
        if glyphs.touches_ellipsis(&word) {
            continue;
        }
        let parts: Vec<_> =
            split_at_dashes(glyphs, &word).into_iter().map(|part| trim(glyphs, part)).collect();
        let filled = parts.iter().filter(|part| !part.is_empty()).count();
        if filled >= 2 && parts.iter().any(|part| part.len() >= 4) {
            for part in parts {
                take(glyphs, secrets, part);
            }
        }
    }
}

/// Splits at runs of four or more dashes; a span without one is its own only part.
fn split_at_dashes(glyphs: &Glyphs, span: &Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (span.start, span.start);
    while at < span.end {
        let dashes = glyphs.run_end(at, |c| c == '-').min(span.end) - at;
        if dashes >= 4 {
            parts.push(start..at);
            start = at + dashes;
        }
        at += dashes.max(1);
    }
    parts.push(start..span.end);
    parts
}

/// Marks links from their scheme on, and mail addresses, as no secrets.
fn block_links(glyphs: &mut Glyphs) {
    let mut at = 0;
    while at < glyphs.len() {
        let span = link_around(glyphs, at);
        at = span.as_ref().map_or(at, |span| span.end).max(at + 1);
        if let Some(span) = span {
            glyphs.mark(&span, Mark::Public);
        }
    }
}

fn link_around(glyphs: &Glyphs, at: usize) -> Option<Range<usize>> {
    let back = |keep: fn(char) -> bool| {
        (0..at).rev().take_while(|&n| glyphs.get(n).is_some_and(keep)).last().unwrap_or(at)
    };
    match glyphs.get(at)? {
        ':' if glyphs.get(at + 1) == Some('/') && glyphs.get(at + 2) == Some('/') => {
            Some(back(|c| c.is_ascii_alphabetic())..glyphs.run_end(at, |c| c.is_ascii_graphic()))
        }
        '@' => Some(back(is_address)..glyphs.run_end(at + 1, is_address)),
        _ => None,
    }
}

fn is_address(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._+-".contains(c)
}

/// What an unlabelled token looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A code by its shape alone.
    Code,
    /// A code only beside a secret.
    Neighbour,
    /// Anything else.
    Other,
}

fn take_shapes(glyphs: &mut Glyphs, secrets: &mut Vec<Range<usize>>) {
    let mut tokens = tokens(glyphs);
    tokens.retain(|token| glyphs.is_free(token) && !glyphs.touches_ellipsis(token));
    for token in &tokens {
        if shape_of(glyphs.slice(token)) == Shape::Code {
            take(glyphs, secrets, token.clone());
        }
    }
    for pair in tokens.windows(2) {
        if is_card_row(glyphs, &pair[0], &pair[1]) {
            take(glyphs, secrets, pair[0].clone());
            take(glyphs, secrets, pair[1].clone());
        }
    }
    tokens.retain(|token| glyphs.is_free(token) && shape_of(glyphs.slice(token)) == Shape::Neighbour);
    take_neighbours(glyphs, secrets, &tokens);
}

/// Takes tokens beside a secret, forwards and then backwards, so that a whole list goes with its first line.
fn take_neighbours(glyphs: &mut Glyphs, secrets: &mut Vec<Range<usize>>, tokens: &[Range<usize>]) {
    let mut starts: std::collections::BTreeMap<usize, usize> =
        secrets.iter().map(|secret| (secret.start, secret.end)).collect();
    let backwards = tokens.iter().rev();
    for token in tokens.iter().chain(backwards) {
        let before = starts.range(..token.start).next_back().map(|(_, &end)| end..token.start);
        let after = starts.range(token.end..).next().map(|(&start, _)| token.end..start);
        let beside = |gap: Option<Range<usize>>| gap.is_some_and(|gap| is_gap(glyphs, &gap));
        if beside(before) || beside(after) {
            starts.insert(token.start, token.end);
            take(glyphs, secrets, token.clone());
        }
    }
}

fn is_gap(glyphs: &Glyphs, gap: &Range<usize>) -> bool {
    let between = |c: &char| c.is_whitespace() || ",|/;:-，；、".contains(*c);
    gap.len() <= NEIGHBOUR_REACH && glyphs.slice(gap).iter().all(between)
}

/// A line of exactly a long number and a second column, as card lists have.
fn is_card_row(glyphs: &Glyphs, number: &Range<usize>, second: &Range<usize>) -> bool {
    let (first, code) = (glyphs.slice(number), glyphs.slice(second));
    let gap = number.end..second.start;
    let blank_before = (0..number.start).rev().find(|&at| glyphs.get(at) != Some(' '));
    let line_starts = blank_before.is_none_or(|at| glyphs.get(at) == Some('\n'));
    let line_ends = matches!(glyphs.get(glyphs.run_end(second.end, |c| c == ' ')), None | Some('\n' | '\r'));
    is_long_number(first)
        && (6..=20).contains(&code.len())
        && code.iter().any(char::is_ascii_digit)
        && is_gap(glyphs, &gap)
        && !glyphs.slice(&gap).contains(&'\n')
        && line_starts
        && line_ends
}

/// Letters and digits with single dashes inside.
fn tokens(glyphs: &Glyphs) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < glyphs.len() {
        let start = at;
        let mut end = glyphs.run_end(at, |c| c.is_ascii_alphanumeric());
        while end > start && glyphs.get(end) == Some('-') {
            let next = glyphs.run_end(end + 1, |c| c.is_ascii_alphanumeric());
            if next == end + 1 {
                break;
            }
            end = next;
        }
        if end > start {
            tokens.push(start..end);
        }
        at = end.max(start + 1);
    }
    tokens
}

fn shape_of(token: &[char]) -> Shape {
    let groups: Vec<&[char]> = token.split(|&c| c == '-').collect();
    let digits = token.iter().any(char::is_ascii_digit);
    let mixed = digits && token.iter().any(char::is_ascii_alphabetic);
    if groups.len() > 1 {
        let sized = groups.iter().all(|group| (4..=12).contains(&group.len()));
        let capitals = !token.iter().any(char::is_ascii_lowercase);
        let length = token.len() - (groups.len() - 1);
        let code =
            sized && (12..=96).contains(&length) && (mixed || (groups.len() > 2 && (digits || capitals)));
        return if code { Shape::Code } else { Shape::Other };
    }
    match token.len() {
        12..=40 if mixed && !is_compact_instant(token) => Shape::Code,
        8..=11 if mixed => Shape::Neighbour,
        _ if is_long_number(token) => Shape::Neighbour,
        _ => Shape::Other,
    }
}

fn is_long_number(token: &[char]) -> bool {
    (10..=20).contains(&token.len()) && token.iter().all(char::is_ascii_digit)
}

/// `20261122T080000Z`, a time that would look like a code.
fn is_compact_instant(token: &[char]) -> bool {
    let shape = "ddddddddTdddddd".chars();
    let shaped =
        shape.zip(token).all(|(want, got)| if want == 'd' { got.is_ascii_digit() } else { want == *got });
    shaped && (token.len() == 15 || (token.len() == 16 && token[15] == 'Z'))
}

#[cfg(test)]
mod tests {
    use super::super::mask_text;
    use super::*;

    /// Each line: a text, and the secrets in it.
    const CASES: &[(&str, &[&str])] = &[
        ("卡号：YST0093821    卡密：7QKD-ZT4M-90XA", &["YST0093821", "7QKD-ZT4M-90XA"]),
        ("卡号:123 密码:456", &["123", "456"]),
        ("账号----密码", &[]),
        ("账号----密码\nuser01----p@ss:w0rd----a@b.cn----xyz", &["user01", "p@ss:w0rd", "a@b.cn", "xyz"]),
        ("账号密码：user01----pass", &["user01", "pass"]),
        ("user01————pass88", &["user01", "pass88"]),
        ("----------", &[]),
        ("商品----说明", &[]),
        ("卡密：ＡＢＣＤ－１２３４", &["ＡＢＣＤ－１２３４"]),
        ("ＡＢ１２ＣＤ３４ＥＦ５６", &["ＡＢ１２ＣＤ３４ＥＦ５６"]),
        ("【卡密】AB12CD34，请尽快使用", &["AB12CD34"]),
        ("卡密（第1张）：AB12", &["AB12"]),
        ("卡密1：AB12\n卡密2：CD34", &["AB12", "CD34"]),
        ("卡密内容：\nAB12CD34\nEF56GH78", &["AB12CD34", "EF56GH78"]),
        ("充值卡密码：8372", &["8372"]),
        ("激活码 AB12-CD34 有效期一年", &["AB12-CD34"]),
        ("cdk: zz11 ", &["zz11"]),
        ("您的CDKEY=ABCDE-FGHIJ-KLMNO", &["ABCDE-FGHIJ-KLMNO"]),
        ("兑换码是AB12CD。", &["AB12CD"]),
        ("密码为6位数字", &[]),
        ("密码错误，请重试", &[]),
        ("卡密：已售罄", &[]),
        ("链接：https://pan.example.com/s/1AbCdEfGhIjKlMn2 提取码：x8k2", &["x8k2"]),
        ("卡密：https://pan.example.com/s/1AbC", &["https://pan.example.com/s/1AbC"]),
        ("账号：zhang 密码：abc", &["zhang", "abc"]),
        ("充值账号：13800138000", &[]),
        ("A1B2C3D4E5F6", &["A1B2C3D4E5F6"]),
        ("ABCD-1234-EF56-GH78", &["ABCD-1234-EF56-GH78"]),
        ("1234567890123456", &[]),
        ("1234567890123456 987654321098", &["1234567890123456", "987654321098"]),
        ("1234567890123456,ab12cd34\r\n", &["1234567890123456", "ab12cd34"]),
        ("A1B2C3D4E5F6 1234567890", &["A1B2C3D4E5F6", "1234567890"]),
        ("1234567890\nA1B2C3D4E5F6", &["1234567890", "A1B2C3D4E5F6"]),
        ("卡密：1234567890\n2234567890\n3234567890", &["1234567890", "2234567890", "3234567890"]),
        ("订单号：A1B2C3D4E5F6G7H8", &[]),
        ("订单编号:DJ20261122ABCDEF01，卡密:Q1", &["Q1"]),
        ("商户单号 4200AB0404201909069117582536", &[]),
        ("金额：19.90元 下单时间：2026-11-22 08:00:00", &[]),
        ("时间：20261122T080000Z 20261122T080001Z", &[]),
        ("订单号：20261122080000123\n卡密：ABCD-1234-EFGH", &["ABCD-1234-EFGH"]),
        ("客服QQ1234567890", &[]),
        ("见 https://shop.example.com/order/A1B2C3D4E5F6G7 或 a1b2c3d4e5f6g7@example.com", &[]),
        ("2026-11-22 some-long-name hello", &[]),
        ("已打码 7Q…XA (14) 卡密：7Q…XA (14) 密码：… (5)", &[]),
        ("", &[]),
    ];

    #[test]
    fn secrets_are_found_and_the_rest_is_left() {
        for (text, expected) in CASES {
            let found: Vec<_> = find_secrets(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(&found, expected, "{text}");
        }
    }

    #[test]
    fn masking_twice_is_masking_once() {
        for (text, _) in CASES {
            let once = mask_text(text);
            assert_eq!(mask_text(&once), once);
        }
        let masked = mask_text("卡号：YST0093821    卡密：7QKD-ZT4M-90XA");
        assert_eq!(masked, "卡号：YS…21 (10)    卡密：7Q…XA (14)");
    }
}
