//! Words before a value that say what it is: `卡密：`, `订单号：`, `CDK:`.
//!
//! Knows the words of Chinese card shops; not a language model. A word counts only with a value after it.

use std::ops::Range;

use super::glyphs::Glyphs;

/// What a label says of its value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The value is a secret.
    Secret,
    /// The value is a secret if a labelled secret comes soon after it: an account before its password.
    Account,
    /// The value is no secret.
    Public,
}

/// A label's value, as a span of glyphs.
pub(super) struct Labelled {
    pub(super) meaning: Meaning,
    pub(super) value: Range<usize>,
}

/// Longer words come before those they begin with.
const LABELS: &[(Meaning, &[&str])] = &[
    (
        Meaning::Secret,
        &[
            "兑换码",
            "激活码",
            "充值码",
            "提取码",
            "注册码",
            "授权码",
            "序列号",
            "礼品码",
            "卡密",
            "卡号",
            "密码",
            "密钥",
            "券码",
            "口令",
            "CD-KEY",
            "CDKEY",
            "CDK",
            "PASSWORD",
        ],
    ),
    (Meaning::Account, &["账号", "帐号", "账户", "用户名"]),
    (
        Meaning::Public,
        &[
            "订单编号",
            "商品编号",
            "订单号",
            "订单ID",
            "流水号",
            "交易号",
            "单号",
            "金额",
            "价格",
            "单价",
            "总价",
            "实付",
            "时间",
            "日期",
            "数量",
            "电话",
            "手机号",
            "手机",
            "客服",
            "微信",
            "QQ",
        ],
    ),
];

/// Most characters between a label and its colon, as in `卡密（第 1 张）：`.
const QUALIFIER_CHARS: usize = 12;
/// Fewest characters of a code that follows its label without a colon.
const BARE_CODE_CHARS: usize = 6;
/// Most characters of such a code; what is longer is found by its shape, if at all.
const MAX_BARE_CHARS: usize = 64;
/// Fewest characters of a code after 是 or 为, so that 密码为6位 is not one.
const SPOKEN_CODE_CHARS: usize = 3;

/// Finds the values of all labels, in the order of the text.
pub(super) fn find(glyphs: &Glyphs) -> Vec<Labelled> {
    let firsts = first_chars();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = glyphs.get(at) {
        let may_begin = firsts.binary_search(&c.to_ascii_uppercase()).is_ok();
        let Some((meaning, end)) = may_begin.then(|| label_at(glyphs, at)).flatten() else {
            at += 1;
            continue;
        };
        let value = value_after(glyphs, end, meaning);
        // A word without a value may hide one: 卡密 in 充值卡密码.
        at = value.as_ref().map_or(at + 1, |value| value.end);
        found.extend(value.map(|value| Labelled { meaning, value }));
    }
    found
}

/// The sorted first characters of all labels: nearly every character of a text is none of them.
fn first_chars() -> Vec<char> {
    let words = LABELS.iter().flat_map(|(_, words)| words.iter());
    let mut firsts: Vec<char> = words.filter_map(|word| word.chars().next()).collect();
    firsts.sort_unstable();
    firsts
}

fn label_at(glyphs: &Glyphs, at: usize) -> Option<(Meaning, usize)> {
    LABELS.iter().find_map(|&(meaning, words)| {
        words.iter().find_map(|word| word_at(glyphs, at, word)).map(|end| (meaning, end))
    })
}

fn word_at(glyphs: &Glyphs, at: usize, word: &str) -> Option<usize> {
    let length = word.chars().count();
    let same = |(n, c): (usize, char)| glyphs.get(at + n).is_some_and(|g| g.to_ascii_uppercase() == c);
    if !word.chars().enumerate().all(same) {
        return None;
    }
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let before = at.checked_sub(1).and_then(|before| glyphs.get(before));
    let starts_inside =
        word.starts_with(|c: char| c.is_ascii()) && before.is_some_and(|c| c.is_ascii_alphanumeric());
    let ends_inside = word.ends_with(|c: char| c.is_ascii()) && letter(glyphs.get(at + length));
    (!starts_inside && !ends_inside).then_some(at + length)
}

fn value_after(glyphs: &Glyphs, label_end: usize, meaning: Meaning) -> Option<Range<usize>> {
    let gap_end = glyphs.run_end(label_end, is_qualifier);
    let within = gap_end - label_end <= QUALIFIER_CHARS;
    let bracket = glyphs.get(label_end).is_some_and(|c| "】］]」』)）".contains(c));
    match glyphs.get(gap_end) {
        Some(':' | '=') if within => value_at(glyphs, gap_end + 1, meaning, 1),
        _ if bracket => value_at(glyphs, label_end + 1, meaning, 1),
        Some('是' | '为') if gap_end == label_end => {
            value_at(glyphs, gap_end + 1, meaning, SPOKEN_CODE_CHARS)
        }
        _ => bare_code_at(glyphs, label_end),
    }
}

/// A short code right after its label or after blanks, with a digit in it.
fn bare_code_at(glyphs: &Glyphs, label_end: usize) -> Option<Range<usize>> {
    let from = glyphs.run_end(label_end, |c| c == ' ');
    let graphic = |at: &usize| glyphs.get(*at).is_some_and(|c| c.is_ascii_graphic());
    let run = from..from + (from..=from + MAX_BARE_CHARS).take_while(graphic).count();
    if run.len() > MAX_BARE_CHARS || glyphs.touches_ellipsis(&run) {
        return None;
    }
    let value = trim(glyphs, run);
    let code = glyphs.slice(&value);
    let shaped = code.iter().all(|&c| c.is_ascii_alphanumeric() || c == '-');
    (shaped && value.len() >= BARE_CODE_CHARS && code.iter().any(char::is_ascii_digit)).then_some(value)
}

fn is_qualifier(c: char) -> bool {
    c.is_ascii_digit() || " ()[]#.（）】］」』第张个条一二三四五六七八九十内容信息列表".contains(c)
}

/// The ASCII run at or after `from`; a secret may stand on the next line, other values may not.
fn value_at(glyphs: &Glyphs, from: usize, meaning: Meaning, least: usize) -> Option<Range<usize>> {
    let next_line = meaning == Meaning::Secret;
    let from = glyphs.run_end(from, |c| c == ' ' || c == ':' || (next_line && (c == '\n' || c == '\r')));
    let run = from..glyphs.run_end(from, |c| c.is_ascii_graphic());
    if glyphs.touches_ellipsis(&run) {
        // Masked already: an empty value, so that the search goes on behind it.
        return Some(run.end..run.end);
    }
    let value = trim(glyphs, run);
    (value.len() >= least).then_some(value)
}

/// Takes quotes, brackets and closing punctuation off a value.
pub(super) fn trim(glyphs: &Glyphs, mut span: Range<usize>) -> Range<usize> {
    let edge = |at: usize, set: &str| glyphs.get(at).is_some_and(|c| set.contains(c));
    while span.start < span.end && edge(span.start, "\"'`([{<:=,;|") {
        span.start += 1;
    }
    while span.start < span.end && edge(span.end - 1, "\"'`)]}>,;|.") {
        span.end -= 1;
    }
    span
}
